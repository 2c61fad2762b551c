#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes of a recording what another place in the home would have seen.

usage: derive.py KIND RECORDING OUT_FOLDER [OTHER]

vlan     downlink frames carry VLAN 100, uplink frames none (as on a mirror port)
snap60   frames are cut at 60 bytes
up-only  only what devices send was captured
hourly   stills that were recorded seconds apart lie an hour apart; all else stays beside them
both     two devices of one home in one capture: up to five minutes of RECORDING and OTHER
"""
import calendar
import json
import pathlib
import struct
import sys
import time

from shipped import capture_file, comment_of, ship, unpacked
from truth import stamp

HOUR = 3600 * 10**9
BOTH = 300 * 10**9
VLAN = struct.pack("!HH", 0x8100, 100)


def devices(truth):
    return {bytes.fromhex(d["mac"].replace(":", "")) for d in truth["devices"]}


def vlan(records, truth):
    macs = devices(truth)
    return [r if r.data[6:12] in macs else
            r._replace(data=r.data[:12] + VLAN + r.data[12:], wire=r.wire + 4)
            for r in records], truth


def snap60(records, truth):
    """No name can be read any more."""
    return [r._replace(data=r.data[:60]) for r in records], {
        **truth, "episodes": [{**e, "to": e["address"]} for e in truth["episodes"]]}


def up_only(records, truth):
    """Without what comes down there is no firmware to see."""
    macs = devices(truth)
    kept = [e for e in truth["episodes"] if e["content"] != "firmware"]
    return [r for r in records if r.data[6:12] in macs], {**truth, "episodes": kept}


def moment(text):
    """Nanoseconds of a time in a truth file."""
    whole, rest = text[:-1].split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int(rest) * 1000


def hourly(records, truth):
    """From 3 s before each still to the next one's, time moves with that still."""
    starts = [moment(e["start"]) for e in truth["episodes"] if e["scenario"] == "still-hourly"]
    edges = [start - 3 * 10**9 for start in starts]

    def shifted(when):
        passed = sum(edge <= when for edge in edges)
        return when if not passed else (
            when - starts[passed - 1] + starts[0] + (passed - 1) * HOUR)

    moved = [r._replace(time=shifted(r.time)) for r in records]
    episodes = [{**e, "start": stamp(shifted(moment(e["start"]))),
                 "end": stamp(shifted(moment(e["end"])))} for e in truth["episodes"]]
    hours = round((moved[-1].time - moved[0].time) / HOUR, 3)
    return moved, {**truth, "episodes": episodes, "hours": hours, "device_hours": hours}


def quiet_before(end, episodes):
    """The latest moment up to end, a second before an episode, that lies in none."""
    for start, stop in sorted(((moment(e["start"]), moment(e["end"])) for e in episodes),
                              reverse=True):
        if start - 10**9 < end <= stop + 10**9:
            end = start - 10**9
    return end


def both(records, truth, other, other_truth):
    every = truth["episodes"] + other_truth["episodes"]
    end = quiet_before(records[0].time + BOTH, every)
    merged = sorted((r for r in records + other if r.time < end), key=lambda r: r.time)
    episodes = [e for e in every if moment(e["end"]) < end]
    hours = round((end - records[0].time) / HOUR, 3)
    return merged, {**truth, "style": f"{truth['style']} and {other_truth['style']}",
                    "hours": hours, "device_hours": 2 * hours,
                    "devices": truth["devices"] + other_truth["devices"],
                    "episodes": sorted(episodes, key=lambda e: e["start"]), "other_uploads": []}


def read(path):
    """(pcapng bytes, truth) of a recording."""
    truth = path.with_name(path.name.replace(".pcapng.zst", ".truth.json"))
    return unpacked(path), json.loads(truth.read_text())


KINDS = {"vlan": vlan, "snap60": snap60, "up-only": up_only, "hourly": hourly, "both": both}


def main():
    kind, path, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    name = path.name.removesuffix(".pcapng.zst")
    data, truth = read(path)
    more = []
    if len(sys.argv) > 4:
        other, other_truth = read(pathlib.Path(sys.argv[4]))
        more = [capture_file.read_pcapng(other)[1], other_truth]
    records, truth = KINDS[kind](capture_file.read_pcapng(data)[1], truth, *more)
    truth["derived"] = kind
    ship(records, out / f"{name}-{kind}.pcapng.zst", f"derived, {kind}. {comment_of(data)}")
    (out / f"{name}-{kind}.truth.json").write_text(json.dumps(truth, indent=1) + "\n")


if __name__ == "__main__":
    main()
