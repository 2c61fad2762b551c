#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What watching costs at the rates that a router has to bear; a row of a table for each.

usage: measure.py [SECONDS]     of each rate, 30 by default
PORCHLIGHT is the program.  1 when frames were dropped, or a limit is passed; 77 without root.
"""
import os
import pathlib
import sys
import time
import unittest

import ground
from ground import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import capture_file  # noqa: E402
import player  # noqa: E402

SHARE = 35.0  # percent of a core, of all processes together
MEMORY = 24.0  # MiB of the one that counts
RATES = (("500 Mbit/s of long frames", 1514, 41300), ("short frames", 60, 60000))
TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICK


def peak(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(case, what, length, rate, seconds):
    field = ground.Ground(case)
    frames = case.folder / f"{length}.pcap"
    frames.write_bytes(capture_file.pcap_bytes(
        [capture_file.Record(i * 1000, player.made_frame(length, i % 4), length)
         for i in range(1000)]))
    watch = field.watch("near", "--ndjson", "--all-devices").begun()
    time.sleep(1)
    pids, counting = watch.children(), watch.counting()
    before, begun = [cpu(pid) for pid in pids], time.monotonic()
    loops = int(rate * seconds / 1000)
    field.inside("tcpreplay", "-q", "-i", "far", f"--pps={rate}", f"--loop={loops}",
                 "--preload-pcap", str(frames))
    took = time.monotonic() - begun
    share = [100 * (cpu(pid) - was) / took for pid, was in zip(pids, before)]
    memory = peak(counting)
    time.sleep(1)
    watch.stop()
    counters = watch.told("run")[-1][1]["counters"]
    counted = share[pids.index(counting)]
    print(f"| {what} | {loops * 1000 / took:.0f} | {counters['received']} | "
          f"{counters['dropped']} | {share[0]:.1f} | {counted:.1f} | "
          f"{max(0.0, sum(share) - share[0] - counted):.1f} | {memory:.1f} |", flush=True)
    case.assertEqual(loops * 1000, counters["received"])
    case.assertEqual(0, counters["dropped"])
    case.assertLessEqual(sum(share), SHARE)
    case.assertLessEqual(memory, MEMORY)


class Rates(porch.Test):
    def test_rates(self):
        seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
        print("| what | frames/s | received | dropped | capturing % | counting % | others % | "
              "counting, MiB at most |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
        for what, length, rate in RATES:
            measure(self, what, length, rate, seconds)


if __name__ == "__main__":
    ground.need_root("tcpreplay")
    sys.exit(0 if unittest.main(verbosity=0, exit=False, argv=sys.argv[:1])
             .result.wasSuccessful() else 1)
