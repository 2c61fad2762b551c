#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules and options that are read anew while a network is watched: all of them, or none."""
import json
import os
import shutil
import signal
import sys
import unittest

import ground
from ground import porch

STAY = "the rules and options that were in force stay so"
HOLD = "rules and options were read anew"


class Reload(porch.Test):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.ground = ground.Ground(self)
        self.rules = self.folder / "rules"
        shutil.copytree(porch.SOURCE / "rules", self.rules)
        self.extra = self.folder / "extra"
        (self.extra / "vendors").mkdir(parents=True)
        self.config = self.folder / "porchlight.conf"
        self.good = {"interfaces": ["near"], "rules": [str(self.rules), str(self.extra)],
                     "page": "none", "ndjson": True, "label": ["192.168.7.10=one"]}
        self.write(self.good)

    def write(self, config):
        self.config.write_text(json.dumps(config))

    def begin(self, *before):
        self.watch = ground.Watch(self.ground, [*before, "--config", str(self.config)], None, None)
        self.ground.watches.append(self.watch)
        return self.watch.begun()

    def reload(self):
        """Sends USR2; returns what standard error said, and whether the new ones hold."""
        before = len(self.watch.err)
        self.watch.process.send_signal(signal.SIGUSR2)
        self.watch.expect(lambda: STAY in self.watch.err[before:] or
                          HOLD in self.watch.err[before:], 30, "an answer to USR2")
        said = self.watch.err[before:]
        return said, HOLD in said

    def refused(self, wanted, what):
        said, holds = self.reload()
        self.assertFalse(holds, what)
        self.assertGreater(len(said.splitlines()), 1, what)
        self.assertIn(wanted, said.splitlines()[0], what)

    def test_a_hundred_broken_ones_change_nothing(self):
        self.begin()
        whole = json.dumps(self.good).encode()
        for cut in range(1, 41):
            self.config.write_bytes(whole[:len(whole) * cut // 41])
            self.refused("porchlight.conf", f"cut after {cut}/41")
        for i in range(20):
            at = whole.index(b"one") if i == 0 else 2 + i
            self.config.write_bytes(whole[:at] + b"\xff" + whole[at + 1:])
            self.refused("porchlight.conf", f"bad UTF-8 at {at}")
        self.write(self.good)
        vendor = sorted((self.rules / "vendors").glob("*.json"))[0].read_bytes()
        broken = self.extra / "vendors" / "broken.json"
        for cut in range(1, 31):
            broken.write_bytes(vendor[:(len(vendor) - 2) * cut // 30])
            self.refused("broken.json", f"rules cut after {cut}/30")
        broken.unlink()
        for change, said in [({"rules": [str(self.folder / "absent")]}, "absent"),
                             ({"home": ["everywhere"]}, "home"),
                             ({"geo": ["/dev/null"]}, "null"),
                             ({"interfaces": ["far"]}, "interfaces"),
                             ({"user": "root"}, "user"),
                             ({"ndjson": False}, "ndjson"),
                             ({"unknown": 1}, "unknown")]:
            self.write(dict(self.good, **change))
            self.refused(said, str(change))
        self.config.unlink()
        self.refused("porchlight.conf", "no file")
        self.config.mkdir()
        self.refused("porchlight.conf", "a folder")
        self.config.rmdir()
        self.write(self.good)
        os.chmod(self.config, 0)
        self.refused("porchlight.conf", "unreadable")
        os.chmod(self.config, 0o644)
        self.assertTrue(self.reload()[1])
        self.assertEqual(0, self.watch.stop())

    def begun_with(self, descriptors):
        """Whether it begins with no more than so many."""
        self.watch = ground.Watch(
            self.ground, ["--config", str(self.config)], None, None,
            ["prlimit", f"--nofile={descriptors}:{descriptors}"])
        self.ground.watches.append(self.watch)
        try:
            self.watch.begun()
        except AssertionError:
            self.watch.kill()
            return False
        return True

    def test_without_file_descriptors_the_old_ones_stay(self):
        # What is just enough to begin is too little to load rules beside those in force.
        self.assertTrue(any(self.begun_with(descriptors) for descriptors in range(8, 40)))
        said, holds = self.reload()
        self.assertFalse(holds, said)
        self.assertIn("Too many open files", said)
        self.assertEqual(0, self.watch.stop())

    def test_new_options_hold_from_then_on(self):
        self.begin()
        self.ground.play("--made", 600, 200, 1)
        self.write(dict(self.good, **{"all-devices": True, "label": ["192.168.7.10=two"]}))
        self.assertTrue(self.reload()[1], self.watch.err)
        self.ground.play("--made", 600, 200, 1)
        self.watch.expect(lambda: any(d["label"] == "two" for _, d in self.watch.told("device")),
                          10, "the new name")
        self.assertEqual(0, self.watch.stop())

    def test_counters_are_told_when_asked_for(self):
        self.begin()
        sent = self.ground.play("--made", 600, 200, 1)[0]
        self.watch.expect(lambda: self.asked_for(sent), 20, f"{sent} received")
        self.assertEqual(0, self.watch.stop())

    def asked_for(self, sent):
        self.watch.process.send_signal(signal.SIGUSR1)
        return f"frames: {sent} received = " in self.watch.err


if __name__ == "__main__":
    ground.need_root("prlimit")
    sys.exit(0 if unittest.main(verbosity=1, exit=False).result.wasSuccessful() else 1)
