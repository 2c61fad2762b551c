#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a household waits: every clip of a home's recordings at its real pace, each before a
watch and a browser of its own, three at a time.

usage: test_series.py MODULES SHOTS [RECORDING...]
PORCHLIGHT is the program, a release build; PORCHLIGHT_SOURCE the source folder.  Of the recordings
of the lab's home "six" where none is named: they were chosen by that name, before their figures.
A camera of a make that no rule describes is known by what it does, which takes an upload or two:
these clips are told apart, since no page can say what nobody knows.
"""
import concurrent.futures
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading
import time

import test_watched as watched
from test_watched import RECORDINGS, check, skip

AT_A_TIME = 3
LEAST = 30  # clips
TO_LEARN = 2  # that pass until a camera is known by what it does


def listed(values):
    return ", ".join(f"{value:.2f}" for value in values)


def percentile(values, share):
    """The smallest value that so many of all are not above."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


class Known(threading.Thread):
    """Reads what a watch tells, and keeps when its first camera was told."""

    def __init__(self, lines):
        super().__init__(daemon=True)
        self.lines, self.since = lines, math.inf
        self.start()

    def run(self):
        for line in self.lines:
            record = json.loads(line)
            if record["type"] == "device" and record["watched"]:
                self.since = min(self.since, time.time())


def watch_whole(place, modules, shots, recording):
    """What became of the clips of one recording: those of a camera that was known, and others."""
    truth = json.loads((RECORDINGS / f"{recording}.truth.json").read_text())
    with watched.Net(place) as net:
        watch = watched.Watch(net, out=subprocess.PIPE)
        known = Known(watch.process.stdout)
        watch.wait()
        seat = watched.Seat(net, modules, shots)
        time.sleep(5)
        if seat.end_words:
            return seat.end_words["skipped"]
        player, begun, first = watched.played(net, recording, math.inf)
        player.wait()
        time.sleep(10)
        counters = watch.state()["counters"]
        words = seat.leave()
        watch.end()
    began, ended = watched.judge_clips(seat, truth, begun, first, math.inf)
    said = words["said"]
    early = [seconds for start, seconds in began if start < known.since]
    began = [seconds for start, seconds in began if start >= known.since]
    print(f"  {recording}: {listed(began)} s; before it was known {listed(early) or '-'} s; may have "
          f"ended after {listed(ended)} s; {counters['received']} frames, {counters['dropped']} lost; "
          f"console {said}; foreign {words['foreign']}", flush=True)
    return {"began": began, "early": early, "ended": ended, "lost": counters["dropped"],
            "odd": said + words["foreign"]}


def judge(results):
    began, early, ended = ([s for result in results for s in result[part]]
                           for part in ("began", "early", "ended"))
    check(len(began) >= LEAST, f"{len(began)} clips were played of cameras that were known")
    for what, at, most in (("median", statistics.median(began), 1.5),
                           ("95th percentile", percentile(began, 0.95), 4.0)):
        check(at <= most, f"from a clip's first packet to its sentence, {what}: {at:.2f} s (at most {most})")
    whole = began + early
    print(f"     with the {len(early)} clips before a camera was known: median {statistics.median(whole):.2f} "
          f"s, 95th percentile {percentile(whole, 0.95):.2f} s")
    check(max(len(result["early"]) for result in results) <= TO_LEARN,
          f"a camera is known after {TO_LEARN} clips at most")
    at = statistics.median(ended)
    check(3.0 <= min(ended) and max(ended) <= 4.0, f"\"may have ended\" {min(ended):.2f} to "
          f"{max(ended):.2f} s after the last burst, median {at:.2f} s, of {len(ended)} clips that "
          f"nothing followed within 8 s")
    check(sum(result["lost"] for result in results) == 0, "no frame was lost")
    check(not any(result["odd"] for result in results), "0 console messages, 0 foreign requests")


def main():
    modules, shots = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    if watched.namespaces.missing():
        skip(watched.namespaces.missing())
    program = pathlib.Path(watched.PROGRAM)
    if not shutil.which("zstd") or not shutil.which("node") or not os.access(program, os.X_OK):
        skip(f"no zstd, no node, or no {program}")
    if b"__asan_init" in program.read_bytes():
        skip(f"{program} is no release build")
    names = sys.argv[3:] or sorted(path.name.split(".")[0]
                                   for path in RECORDINGS.glob("*-simulated-six.truth.json"))
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        results = list(pool.map(lambda at: watch_whole(at, modules, shots, names[at]), range(len(names))))
    for result in results:
        if isinstance(result, str):
            skip(result)
    judge(results)
    print(f"{watched.failures} failed" if watched.failures else "all as it should be")
    sys.exit(1 if watched.failures else 0)


if __name__ == "__main__":
    main()
