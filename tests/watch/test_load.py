#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Much traffic, and for long: nothing is lost, and memory does not grow.

usage: test_load.py [long | home [SECONDS]]
With "long": the rates that a router has to bear; with "home": a busy home for ten minutes, and
what memory that takes; of a release build (build/release, or what PORCHLIGHT_RELEASE names).
How much of a processor it takes is for scripts/bench.sh.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
import unittest

import ground
from ground import porch

sys.path.insert(0, str(porch.SOURCE / "tests/watch"))
import busy_home  # noqa: E402
import player  # noqa: E402
import capture_file  # noqa: E402

RELEASE = os.environ.get("PORCHLIGHT_RELEASE", str(porch.SOURCE / "build/release/porchlight"))
WANTED = {"long": "LongLoad", "home": "LongHome"}.get((sys.argv + [""])[1], "Load")
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


class Release(Ground):
    """What a router runs."""

    def setUp(self):
        if not os.access(RELEASE, os.X_OK) or porch.under_asan(RELEASE):
            self.skipTest(f"no release build at {RELEASE}")
        super().setUp()
        porch.PROGRAM = RELEASE


class LongLoad(Release):
    """With tcpreplay, which sends as fast as a router receives."""

    def setUp(self):
        if not shutil.which("tcpreplay"):
            self.skipTest("tcpreplay is not installed")
        super().setUp()

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


class LongHome(Release):
    """A busy home, and a history of it: what the processes of watch need of memory."""

    DEVICES, FLOWS = 50, 5000
    COUNTING, WORKER = 24 * 1024, 20 * 1024  # KiB at most, ever

    def resident(self, pid, what="VmRSS:"):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1])
        raise AssertionError(f"process {pid} says no {what}")

    def worker(self, watch):
        for pid in watch.children():
            if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "porchlight-dpi":
                return pid
        raise AssertionError("nothing inspects")

    def played(self, watch):
        """The home's frames, and every five seconds what the two processes had resident."""
        sizes = []
        home = subprocess.Popen(
            ["ip", "netns", "exec", self.ground.name, sys.executable,
             ground.HERE / "busy_home.py", "far", str(self.DEVICES), str(self.FLOWS), str(SOAK)],
            stdout=subprocess.PIPE)
        while home.poll() is None:
            time.sleep(5)
            if watch.process.poll() is not None:
                home.kill()
                raise AssertionError(f"watch ended\n{watch.err}")
            sizes.append((self.resident(watch.counting()), self.resident(self.worker(watch))))
        with home:
            return int(home.stdout.read().split()[0]), sizes

    def peak(self, watch, pid):
        """The most it ever had resident, its last work included."""
        most = self.resident(pid, "VmHWM:")
        watch.process.send_signal(ground.signal.SIGTERM)
        while watch.process.poll() is None:
            try:
                most = max(most, self.resident(pid, "VmHWM:"))
            except (AssertionError, OSError):
                pass  # it has just ended
            time.sleep(0.005)
        return most

    def flat(self, sizes, what):
        quarter = len(sizes) // 4
        early = statistics.median(sizes[quarter:2 * quarter])
        late = statistics.median(sizes[-quarter:])
        print(f"{what}: {early:.0f} KiB in the second quarter, {late:.0f} in the last",
              flush=True)
        self.assertLessEqual(late, early * 1.01, f"{what}: {sizes}")

    def soak(self, *options):
        folder = self.folder / "history"
        folder.mkdir()
        self.folder.chmod(0o755)
        folder.chmod(0o777)  # for who counts, which is nobody
        watch = self.ground.watch("near", "--ndjson", "--history", folder / "history.db",
                                  "--device", busy_home.CAMERA, *options).begun()
        time.sleep(1)
        sent, sizes = self.played(watch)
        time.sleep(1)
        worker = self.resident(self.worker(watch), "VmHWM:")
        counting = self.peak(watch, watch.counting())
        print(f"{sent} frames; at most {counting} KiB to count, {worker} to inspect", flush=True)
        counters = self.counters(watch)
        self.assertEqual(sent, counters["received"])
        self.assertEqual(0, counters["dropped"])
        self.assertGreaterEqual(counters["flows"], self.FLOWS)
        self.assertTrue([r for _, r in watch.told("episode") if r["footage"] == "yes"])
        self.assertLessEqual(counting, self.COUNTING)
        self.assertLessEqual(worker, self.WORKER)
        self.flat([size[0] for size in sizes], "counting")
        self.flat([size[1] for size in sizes], "inspecting")

    def test_a_busy_home(self):
        self.soak()

    def test_a_busy_home_of_which_all_is_told(self):
        self.soak("--all-devices")


if __name__ == "__main__":
    ground.need_root()
    sys.exit(0 if unittest.main(verbosity=1, exit=False, argv=[sys.argv[0], WANTED])
             .result.wasSuccessful() else 1)
