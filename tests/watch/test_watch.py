#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A lab home played into a network that is watched: what watch says is what replay says."""
import json
import os
import statistics
import subprocess
import sys
import time
import unittest

import ground
from ground import porch

CAMERA = ground.RECORDINGS / "arlo-camera-simulated-first.pcapng.zst"
TELLS = ("devices", "destinations", "episodes", "findings", "gaps", "summary")
SILENCE = 8.0  # after it an upload has ended (rules/thresholds.json)


def seconds_of(time):
    from datetime import datetime
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


class Watched(porch.Test):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o777)
        self.ground = ground.Ground(self)
        self.recorded = self.folder / "recorded.pcapng"

    def watch_json(self, *more):
        out = open(self.folder / "watched.json", "wb")
        self.addCleanup(out.close)
        return self.ground.watch("near", "--json", *more, out=out,
                                 env={"PORCHLIGHT_RECORD": str(self.recorded)}).begun()

    def same_as_replay(self, *more):
        told = json.loads((self.folder / "watched.json").read_text())
        replayed = json.loads(porch.run("replay", "--json", *more, self.recorded).out)
        for part in TELLS:
            self.assertEqual(replayed[part], told[part], part)
        self.assertEqual(replayed["run"]["counters"], told["run"]["counters"])
        return told

    def test_watch_says_what_a_replay_of_its_frames_says(self):
        watch = self.watch_json()
        sent, _ = self.ground.play(CAMERA, 60, 400)
        self.assertEqual(0, watch.stop())
        told = self.same_as_replay()
        self.assertEqual(sent, told["run"]["counters"]["received"])
        self.assertEqual(0, told["run"]["counters"]["dropped"])
        self.assertEqual("live", told["run"]["inputs"][0]["format"])
        self.assertEqual("near", told["run"]["inputs"][0]["path"])

    def test_it_says_so_without_advice_and_with_names_too(self):
        options = ["--no-dpi", "--all-devices", "--home", "198.51.100.0/24"]
        watch = self.watch_json(*options)
        self.ground.play(CAMERA, 60, 400)
        self.assertEqual(0, watch.stop())
        self.same_as_replay(*options)

    def test_it_says_what_the_capture_beside_it_says(self):
        beside = self.folder / "beside.pcap"
        tcpdump = subprocess.Popen(
            ["ip", "netns", "exec", self.ground.name, "tcpdump", "-i", "near", "-s", "2048",
             "-B", "32768", "-U", "-w", str(beside)], stderr=subprocess.PIPE)
        self.addCleanup(tcpdump.stderr.close)
        while b"listening" not in tcpdump.stderr.readline():
            self.assertIsNone(tcpdump.poll())
        watch = self.watch_json()
        sent, _ = self.ground.play(CAMERA, 60, 400)
        self.assertEqual(0, watch.stop())
        size = -1
        while size != beside.stat().st_size:  # it writes what the kernel has for it
            size = beside.stat().st_size
            time.sleep(1)
        tcpdump.terminate()
        counted = tcpdump.stderr.read().decode()
        tcpdump.wait(10)
        if "\n0 packets dropped by kernel" not in counted:
            self.skipTest(f"tcpdump itself lost packets: {counted}")
        told = json.loads((self.folder / "watched.json").read_text())
        other = json.loads(porch.run("replay", "--json", beside).out)
        self.assertEqual(sent, other["run"]["counters"]["received"], counted)
        self.assertEqual(len(other["episodes"]), len(told["episodes"]))
        for one, two in zip(told["episodes"], other["episodes"]):
            self.assertEqual((two["content"], two["bytes_up"], two["footage"]),
                             (one["content"], one["bytes_up"], one["footage"]), one["id"])
            for edge in ("start", "end"):
                self.assertAlmostEqual(seconds_of(two[edge]), seconds_of(one[edge]), delta=0.02)

    def test_uploads_are_told_while_they_happen(self):
        watch = self.ground.watch("near", "--ndjson", "--all-devices").begun()
        self.ground.play(CAMERA, 1, 62)
        watch.expect(lambda: sum(not e["open"] for _, e in watch.told("episode")) >= 3, 25,
                     "the end of three uploads")
        self.assertEqual(0, watch.stop())
        first, last = {}, {}
        for when, episode in watch.told("episode"):
            first.setdefault(episode["id"], (when, episode))
            if not episode["open"]:
                last.setdefault(episode["id"], (when, episode))
        late = [when - seconds_of(e["start"]) for when, e in first.values()]
        self.assertLess(statistics.median(late), 1.5 if not porch.under_asan() else 2.5, late)
        self.assertLess(max(late), 4.0, late)
        for when, episode in last.values():
            if episode["start"] == episode["end"]:
                continue
            self.assertGreater(when - seconds_of(episode["end"]), SILENCE - 0.5, episode)
        self.assertEqual(set(first), set(last))

    def test_every_event_has_its_number(self):
        watch = self.ground.watch("near", "--ndjson").begun()
        self.ground.play(CAMERA, 60, 300)
        self.assertEqual(0, watch.stop())
        records = [json.loads(line) for _, line in watch.lines]
        self.assertEqual(list(range(1, len(records) + 1)), [r["event"] for r in records])
        self.assertEqual(1, len({r["boot"] for r in records}))
        self.assertEqual("summary", records[-1]["type"])


class Processes(porch.Test):
    def setUp(self):
        super().setUp()
        self.ground = ground.Ground(self)

    def status(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as stream:
            return dict(line.rstrip("\n").split(":\t", 1) for line in stream if ":\t" in line)

    def is_alive(self, pid):
        try:
            return self.status(pid)["State"][0] != "Z"
        except OSError:
            return False

    def test_no_process_keeps_a_right_it_does_not_need(self):
        watch = self.ground.watch("near").begun()
        watch.expect(lambda: len(watch.children()) >= 3, 10, "all processes")
        counting = watch.counting()
        for pid in watch.children():
            status = self.status(pid)
            net_raw = 1 << 13 if pid == watch.process.pid else 0
            self.assertEqual(net_raw, int(status["CapPrm"], 16), status["Name"])
            self.assertEqual(net_raw, int(status["CapEff"], 16), status["Name"])
            self.assertEqual(0, int(status["CapInh"], 16))
            self.assertEqual(0, int(status["CapAmb"], 16))
            self.assertEqual("1", status["NoNewPrivs"], status["Name"])
            self.assertNotIn("0", status["Uid"].split(), status["Name"])
            self.assertNotIn("0", status["Gid"].split(), status["Name"])
            self.assertEqual("", status["Groups"].strip(), status["Name"])
        for pid in (watch.process.pid, counting):
            self.assertEqual("2", self.status(pid)["Seccomp"])
        links = [os.readlink(f"/proc/{counting}/fd/{fd}") for fd in
                 os.listdir(f"/proc/{counting}/fd")]
        self.assertFalse([link for link in links if "packet" in link.lower()], links)
        self.assertEqual(0, watch.stop())

    def test_when_the_one_that_counts_dies_all_end_and_say_so(self):
        watch = self.ground.watch("near").begun()
        os.kill(watch.counting(), 9)
        self.assertEqual(1, watch.end())
        self.assertIn("the counting process was ended by signal 9", watch.err)

    def hearer(self):
        """In place of the messenger: writes who it is, and every line; ends when told to."""
        self.folder.chmod(0o755)
        heard = self.folder / "heard"
        heard.touch()
        heard.chmod(0o666)
        program = self.folder / "hearer"
        program.write_text(f"#!/bin/sh\necho begun $$ >> {heard}\nexec cat >> {heard}\n")
        program.chmod(0o755)
        return heard, {"PORCHLIGHT_MESSENGER": str(program)}

    def test_one_that_tells_others_and_dies_is_started_again(self):
        heard, env = self.hearer()
        watch = self.ground.watch("near", "--syslog", env=env).begun()

        def begun():
            return [int(line.split()[1]) for line in heard.read_text().splitlines()
                    if line.startswith("begun ")]

        for times in (1, 2, 3):
            watch.expect(lambda n=times: len(begun()) == n, 20, f"start number {times}")
            told = heard.read_text().count('"state"')
            watch.expect(lambda n=told: heard.read_text().count('"state"') > n, 20,
                         f"a state after start number {times}")
            if times < 3:
                os.kill(begun()[-1], 9)
        self.assertEqual(0, watch.stop())
        self.assertEqual(1, watch.err.count("is started again"), watch.err)
        self.assertIn("what tells others was ended by signal 9: it is started again", watch.err)
        self.assertIn('"summary"', heard.read_text(), "the last one heard the end")
        self.assertFalse([pid for pid in begun() if self.is_alive(pid)])

    def test_when_the_one_that_captures_dies_what_was_counted_is_told(self):
        watch = self.ground.watch("near", "--ndjson").begun()
        counting = watch.counting()
        self.ground.play(CAMERA, 0, 60)
        os.kill(watch.process.pid, 9)
        watch.end()
        until = time.monotonic() + 20  # it has no parent any more that would wait for it
        while self.is_alive(counting) and time.monotonic() < until:
            time.sleep(0.1)
        self.assertFalse(self.is_alive(counting))
        self.assertEqual(1, len(watch.told("summary")), watch.text[-2000:])

    def test_a_reader_that_had_enough_ends_it(self):
        ours, theirs = os.pipe()
        watch = self.ground.watch("near", "--ndjson", out=theirs).begun()
        os.close(theirs)
        os.close(ours)
        self.ground.play(CAMERA, 60, 200)
        self.assertEqual(0, watch.end())

    def test_without_the_right_to_capture_it_says_so(self):
        done = subprocess.run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", porch.PROGRAM,
             "watch", "lo"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("no right to capture", done.stderr)

    def test_it_does_not_run_as_root(self):
        for user in ("root", "nobody-of-that-name"):
            watch = self.ground.watch("near", "--user", user)
            self.assertEqual(2, watch.end())
            self.assertIn(f"--user {user}", watch.err)


if __name__ == "__main__":
    ground.need_root("tcpdump", "setpriv")
    sys.exit(0 if unittest.main(verbosity=1, exit=False).result.wasSuccessful() else 1)
