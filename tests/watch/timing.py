#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon a watch knows of an upload: recordings played at their own pace into networks of their
own, and the time from a clip's first frame to the first line that tells of it.

usage: timing.py [SECONDS]     of each recording, 240 by default
PORCHLIGHT is the program.  1 when a limit is passed or fewer than 40 clips were told; 77 without
root.  A clip that follows another of its device to the same receiver within the silence that
joins them is one upload with it, and no start.
"""
import bisect
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import unittest
from datetime import datetime

import ground
from ground import porch

import player

HOMES = ("arlo-camera-simulated-first", "blink-camera-simulated-second",
         "ezviz-doorbell-simulated-first", "nest-camera-simulated-first",
         "reolink-doorbell-simulated-first", "ring-camera-simulated-first",
         "simplisafe-doorbell-simulated-first", "wyze-camera-simulated-second")
CLIPS = 40
KNOWN, KNOWN_95 = 1.5, 4.0  # seconds at most: the median, and of 95 in 100
MAYBE, EARLY, LATE = 3.0, 0.3, 1.3  # when an upload may be over, and what a state each second adds
SILENCE = 9.0
LEAST = 16 * 1024  # bytes: less is no clip

HEAR = '''#!/bin/sh
# In place of the messenger: each line with the time at which it came.
exec python3 -c '
import sys, time
with open("{heard}", "a") as out:
    for line in sys.stdin:
        out.write(f"{{time.time():.6f}} {{line}}")
        out.flush()
'
'''


def seconds_of(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Clip:
    def __init__(self, truth, times):
        self.mac, self.to, self.bytes = truth["device"], truth["address"], truth["bytes"]
        start, end = seconds_of(truth["start"]), seconds_of(truth["end"])
        self.first = bisect.bisect_left(times, round(start * 1e6))
        self.last = bisect.bisect_right(times, round(end * 1e6)) - 1
        self.began, self.ended = start - times[0] / 1e6, end - times[0] / 1e6
        self.sent = None  # when its first and last frame were
        self.known = self.footage = self.maybe = None  # seconds after these; None: not told
        self.alone = False


def clips_of(name, seconds):
    """The clips of a recording that begin an upload and end within the time."""
    truth = json.loads((ground.RECORDINGS / f"{name}.truth.json").read_text())
    records = player.records_of(ground.RECORDINGS / f"{name}.pcapng.zst")
    times = [record.time // 1000 for record in records]
    everything = [Clip(e, times) for e in truth["episodes"]]
    footage = [Clip(e, times) for e in truth["episodes"]
               if e["content"] in ("video", "picture", "media") and e["bytes"] >= LEAST]
    chosen = [clip for clip in footage if clip.ended < seconds - SILENCE and
              not any(o.mac == clip.mac and o.to == clip.to and o.began < clip.began and
                      clip.began - o.ended < SILENCE for o in everything)]
    for clip in chosen:
        clip.alone = not any(o.mac == clip.mac and o.ended > clip.ended and
                             o.began < clip.ended + 6 for o in everything)
    return chosen


def play(interface, name, seconds, marked):
    """In the namespace: sends the frames, and prints when those were sent that are marked."""
    out = player.open_interface(interface)
    records = player.records_of(ground.RECORDINGS / f"{name}.pcapng.zst")
    first, begun, sent = records[0].time, time.monotonic() + 0.5, {}
    for number, record in enumerate(records):
        since = (record.time - first) / 1e9
        if since > seconds:
            break
        wait = begun + since - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        if number in marked:
            sent[number] = time.time()
        out.send(record.data + bytes(record.wire - len(record.data)))
    print(json.dumps(sent))


class Home:
    def __init__(self, case, name, seconds):
        self.name, self.clips = name, clips_of(name, seconds)
        self.heard = case.folder / f"{name}.heard"
        self.heard.touch(0o666)
        self.heard.chmod(0o666)
        hearer = case.folder / f"{name}.sh"
        hearer.write_text(HEAR.format(heard=self.heard))
        hearer.chmod(0o755)
        self.ground = ground.Ground(case)
        self.watch = self.ground.watch("near", "--ndjson", "--syslog",
                                       env={"PORCHLIGHT_MESSENGER": str(hearer)}).begun()
        marked = sorted({n for clip in self.clips for n in (clip.first, clip.last)})
        self.player = subprocess.Popen(
            ["ip", "netns", "exec", self.ground.name, sys.executable, __file__, "--play", "far",
             name, str(seconds), json.dumps(marked)], stdout=subprocess.PIPE)

    def finish(self):
        sent = json.loads(self.player.stdout.read())
        for clip in self.clips:
            clip.sent = sent[str(clip.first)], sent[str(clip.last)]
        self.player.stdout.close()
        self.watch.stop()
        self.devices = {r["mac"]: r["id"] for _, r in self.watch.told("device")}
        self.states = []
        for line in self.heard.read_text().splitlines():
            when, record = line.split(" ", 1)
            record = json.loads(record)
            if record["type"] == "state":
                self.states.append((float(when), {d["id"]: d["state"]
                                                  for d in record["devices"]}))
        for clip in self.clips:
            self.look(clip)

    def look(self, clip):
        """Finds its upload: seconds from its first frame to the first line of that."""
        first, called, last = {}, {}, {}
        for when, e in self.watch.told("episode"):
            first.setdefault(e["id"], when)
            if e["footage"] == "yes":
                called.setdefault(e["id"], when)
            last[e["id"]] = e
        fitting = [e for e in last.values() if e["device"] == self.devices.get(clip.mac) and
                   abs(seconds_of(e["start"]) - clip.sent[0]) < 2.5 and
                   2 * e["bytes_up"] > clip.bytes]
        if fitting:
            nearest = min(fitting, key=lambda e: abs(e["bytes_up"] - clip.bytes))
            clip.known = first[nearest["id"]] - clip.sent[0]
            if nearest["footage"] == "yes":
                clip.footage = called[nearest["id"]] - clip.sent[0]
        for when, state in self.states:
            if when > clip.sent[1] and state.get(self.devices.get(clip.mac)) == "ended-maybe":
                clip.maybe = when - clip.sent[1]
                break


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(what, values):
    print(f"| {what} | {len(values)} | {min(values):.2f} | {statistics.median(values):.2f} | "
          f"{at(values, 0.9):.2f} | {at(values, 0.95):.2f} | {max(values):.2f} |", flush=True)


class Timing(porch.Test):
    def test_uploads_are_known_soon(self):
        seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 240.0
        self.folder.chmod(0o755)
        homes = [Home(self, name, seconds) for name in HOMES]
        for home in homes:
            home.player.wait()
        time.sleep(SILENCE + 2)
        for home in homes:
            home.finish()
        clips = [clip for home in homes for clip in home.clips]
        missed = [(home.name, round(clip.began, 1), clip.bytes) for home in homes
                  for clip in home.clips if clip.known is None]
        print(f"{len(clips)} clips of {len(homes)} recordings; not told: {missed or 'none'}")
        print("| seconds | clips | least | median | 90 % | 95 % | most |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        known = [clip.known for clip in clips if clip.known is not None]
        row("first frame to the first line of its upload", known)
        row("first frame to the first line that calls it footage",
            [clip.footage for clip in clips if clip.footage is not None])
        maybe = [clip.maybe for clip in clips if clip.alone and clip.footage is not None]
        row('last frame to "may have ended"', [after for after in maybe if after is not None])
        self.assertGreaterEqual(len(known), CLIPS)
        known += [float("inf")] * len(missed)
        self.assertLessEqual(statistics.median(known), KNOWN)
        self.assertLessEqual(at(known, 0.95), KNOWN_95)
        self.assertNotIn(None, maybe)
        self.assertGreaterEqual(min(maybe), MAYBE - EARLY)
        self.assertLessEqual(statistics.median(maybe), MAYBE + LATE)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--play"]:
        play(sys.argv[2], sys.argv[3], float(sys.argv[4]), set(json.loads(sys.argv[5])))
        sys.exit(0)
    ground.need_root("python3")
    sys.exit(0 if unittest.main(verbosity=0, exit=False, argv=sys.argv[:1])
             .result.wasSuccessful() else 1)
