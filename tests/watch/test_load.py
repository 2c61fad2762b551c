#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Much traffic, and for long: nothing is lost, and memory does not grow.

usage: test_load.py [long [SECONDS]]
With "long": the rates that a router has to bear, and a soak, of a release build (build/release,
or what PORCHLIGHT_RELEASE names).  How much of a processor that takes is for scripts/bench.sh.
"""
import os
import pathlib
import shutil
import sys
import time
import unittest

import ground
from ground import porch

sys.path.insert(0, str(porch.SOURCE / "tests/watch"))
import player  # noqa: E402
import capture_file  # noqa: E402

RELEASE = os.environ.get("PORCHLIGHT_RELEASE", str(porch.SOURCE / "build/release/porchlight"))
LONG = "long" in sys.argv[1:]
SOAK = float(sys.argv[2]) if len(sys.argv) > 2 else 600.0


class Ground(porch.Test):
    def setUp(self):
        super().setUp()
        self.ground = ground.Ground(self)

    def counters(self, watch):
        self.assertEqual(0, watch.stop())
        counters = watch.told("run")[-1][1]["counters"]
        self.assertEqual(counters["received"],
                         sum(counters[k] for k in ("processed", "undecoded", "filtered",
                                                   "deduplicated", "dropped")))
        return counters


class Load(Ground):
    def test_every_frame_is_received_or_counted_as_dropped(self):
        watch = self.ground.watch("near", "--ndjson", "--no-dpi").begun()
        sent = self.ground.play("--made", 1514, 3000, 5)[0]
        sent += self.ground.play("--made", 60, 3000, 5)[0]
        time.sleep(1)
        self.assertEqual(sent, self.counters(watch)["received"])

    def test_a_counting_process_that_rests_loses_no_frame_uncounted(self):
        """While it is stopped, frames wait on the belt, then in the kernel, then are dropped."""
        watch = self.ground.watch("near", "--ndjson", "--no-dpi").begun()
        counting = watch.counting()
        os.kill(counting, ground.signal.SIGSTOP)
        sent = self.ground.play("--made", 1514, 8000, 5)[0]
        os.kill(counting, ground.signal.SIGCONT)
        time.sleep(2)
        counters = self.counters(watch)
        self.assertEqual(sent, counters["received"])
        self.assertGreater(counters["dropped"], 0)
        self.assertGreater(counters["processed"], 2000)

    def test_one_that_hangs_is_ended(self):
        watch = self.ground.watch("near", "--ndjson").begun()
        os.kill(watch.counting(), ground.signal.SIGSTOP)
        self.assertEqual(1, watch.end(60))
        self.assertIn("the counting process hangs", watch.err)


class LongLoad(Ground):
    """With tcpreplay, which sends as fast as a router receives."""

    def setUp(self):
        if not LONG:
            self.skipTest("only when asked for")
        if not os.access(RELEASE, os.X_OK) or porch.under_asan(RELEASE):
            self.skipTest(f"no release build at {RELEASE}")
        if not shutil.which("tcpreplay"):
            self.skipTest("tcpreplay is not installed")
        super().setUp()
        porch.PROGRAM = RELEASE

    def flood(self, length, rate, seconds):
        frames = self.file(f"{length}.pcap", capture_file.pcap_bytes(
            [capture_file.Record(i * 1000, player.made_frame(length, i % 4), length)
             for i in range(1000)]))
        watch = self.ground.watch("near", "--ndjson").begun()
        loops = int(rate * seconds / 1000)
        done = self.ground.inside("tcpreplay", "-q", "-i", "far", f"--pps={rate}",
                                  f"--loop={loops}", "--preload-pcap", str(frames))
        self.assertIn(b"Failed packets:            0", done.stdout)
        time.sleep(1)
        counters = self.counters(watch)
        self.assertEqual(loops * 1000, counters["received"])
        self.assertEqual(0, counters["dropped"])

    def test_500_mbit_of_long_frames(self):
        self.flood(1514, 41300, 30)

    def test_60000_short_frames_a_second(self):
        self.flood(60, 60000, 30)

    def memory(self, pids):
        total = 0
        for pid in pids:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total

    def test_memory_is_flat_over_a_soak(self):
        watch = self.ground.watch("near", "--ndjson", "--all-devices").begun()
        self.ground.play(ground.RECORDINGS / "arlo-camera-simulated-first.pcapng.zst", 12)
        sizes, until = [], time.monotonic() + SOAK
        while time.monotonic() < until:
            self.ground.play(ground.RECORDINGS / "arlo-camera-simulated-first.pcapng.zst", 24)
            sizes.append(self.memory(watch.children()))
        self.assertLessEqual(sizes[-1], sizes[len(sizes) // 4] * 1.01, sizes)
        self.counters(watch)


if __name__ == "__main__":
    ground.need_root()
    wanted = "LongLoad" if LONG else "Load"
    sys.exit(0 if unittest.main(verbosity=1, exit=False, argv=[sys.argv[0], wanted])
             .result.wasSuccessful() else 1)
