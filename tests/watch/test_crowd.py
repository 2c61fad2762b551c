#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A crowd before the page of a watch that captures: nothing is answered that should not be, no
frame is lost, and memory does not grow.

usage: test_crowd.py [long]
1,000 clients beside 3,000 frames a second; with "long" 10,000 beside 500 Mbit/s, of a release
build (build/release, or what PORCHLIGHT_RELEASE names).
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import unittest

import ground
from ground import porch

sys.path.insert(0, str(porch.SOURCE / "tests/watch"))
import capture_file  # noqa: E402
import player  # noqa: E402

RELEASE = os.environ.get("PORCHLIGHT_RELEASE", str(porch.SOURCE / "build/release/porchlight"))
LONG = "long" in sys.argv[1:]
PORT = 8642
NAME = "Front door"
DEVICE = "02:00:00:00:07:00"  # the first that player.py makes frames of
PAGE_MIB, WATCH_MIB = 6.0, 2.0  # that each may grow by: 96 answers at a time, and nothing
FLAT_MIB = 1.0  # that the last third of a crowd may take beyond the first


def private(pid):
    """MiB that only this process has in memory."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_")) / 1024


class Memory(threading.Thread):
    """What a process has in memory, four times a second while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.sizes = [private(pid)]
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.25):
            self.sizes.append(private(self.pid))

    def end(self):
        self.over.set()
        self.join()
        return self

    def grown(self):
        return max(self.sizes) - self.sizes[0]

    def crept(self):
        third = len(self.sizes) // 3
        return max(self.sizes[-third:]) - max(self.sizes[:third])

    def __str__(self):
        return f"{max(self.sizes):.1f} MiB ({self.grown():+.2f}, {self.crept():+.2f} in the end)"


class Crowd(porch.Test):
    def setUp(self):
        super().setUp()
        self.ground = ground.Ground(self)

    def page_of(self, watch):
        for pid in watch.children():
            if "porchlight-page" in os.readlink(f"/proc/{pid}/exe"):
                return pid
        self.fail("no page is served")

    def sent(self):
        """Frames and bytes, by the kernel's own counters of the end that sends."""
        link = json.loads(self.ground.ip("-s", "-j", "link", "show", "far").stdout)[0]
        return link["stats64"]["tx"]["packets"], link["stats64"]["tx"]["bytes"]

    def send(self):
        """Frames until it is ended."""
        if LONG:
            frames = self.file("1514.pcap", capture_file.pcap_bytes(
                [capture_file.Record(i * 1000, player.made_frame(1514, i % 4), 1514)
                 for i in range(1000)]))
            command = ["tcpreplay", "-q", "-i", "far", "--pps=41300", "--loop=0",
                       "--preload-pcap", str(frames)]
        else:
            command = [sys.executable, ground.HERE / "player.py", "far", "--made", "1514", "3000",
                       "600"]
        sending = subprocess.Popen(["ip", "netns", "exec", self.ground.name, *command],
                                   stdout=subprocess.DEVNULL)
        self.addCleanup(sending.wait)
        self.addCleanup(sending.kill)
        return sending

    def crowd(self, clients):
        done = self.ground.inside(sys.executable, ground.HERE / "crowd.py", str(PORT),
                                  str(clients), NAME)
        return json.loads(done.stdout)

    def meet(self, clients, *options):
        watch = self.ground.watch("near", "--ndjson", "--all-devices", "--label",
                                  f"{DEVICE}={NAME}", *options, page=f"127.0.0.1:{PORT}").begun()
        time.sleep(1)
        before = self.sent()
        sending = self.send()
        time.sleep(3)
        memory = [Memory(self.page_of(watch)), Memory(watch.counting())]
        begun = time.monotonic()
        said = self.crowd(clients)
        took = time.monotonic() - begun
        memory = [each.end() for each in memory]
        sending.terminate()
        sending.wait()
        time.sleep(1)
        frames, octets = (after - was for after, was in zip(self.sent(), before))
        self.assertEqual(0, watch.stop())
        counters = watch.told("run")[-1][1]["counters"]
        self.show(clients, said, took, frames, octets, counters, memory)
        return said, frames, counters, memory

    def show(self, clients, said, took, frames, octets, counters, memory):
        for kind, statuses in said["tally"].items():
            print(f"  {kind}: " + ", ".join(f"{n} x {s}" for s, n in sorted(statuses.items())))
        page, counting = memory
        print(f"  {clients} clients in {took:.1f} s; {frames} frames sent, {octets * 8 / 1e6:.0f} "
              f"Mbit, {counters['received']} received, {counters['dropped']} dropped; page {page}, "
              f"counting {counting}", flush=True)

    def test_a_crowd_before_the_page_costs_no_frame(self):
        clients = 10000 if LONG else 1000
        said, frames, counters, memory = self.meet(clients, *([] if LONG else ["--no-dpi"]))
        self.assertEqual([], said["wrong"])
        self.assertEqual(clients, sum(sum(s.values()) for s in said["tally"].values()))
        self.assertGreater(said["told"], clients // 200, "who may ask is answered")
        self.assertEqual(0, counters["dropped"])
        self.assertEqual(frames, counters["received"])
        self.assertEqual(frames, counters["processed"])
        if porch.under_asan(porch.PROGRAM):
            return
        for each, most in zip(memory, (PAGE_MIB, WATCH_MIB)):
            self.assertLess(each.grown(), most)
            self.assertLess(each.crept(), FLAT_MIB)


if __name__ == "__main__":
    ground.need_root()
    if LONG:
        if not os.access(RELEASE, os.X_OK) or porch.under_asan(RELEASE):
            porch.skip(f"no release build at {RELEASE}")
        if not shutil.which("tcpreplay"):
            porch.skip("tcpreplay is not installed")
        porch.PROGRAM = RELEASE
    if not (pathlib.Path(porch.PROGRAM).parent / "porchlight-page").exists():
        porch.skip("it was built without the page")
    sys.exit(0 if unittest.main(verbosity=1, exit=False, argv=sys.argv[:1])
             .result.wasSuccessful() else 1)
