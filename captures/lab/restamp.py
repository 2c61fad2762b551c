#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes long days of recorded hours: pcapng on standard output.

usage: restamp.py [--hours N] [--seed S] RECORDING

Each round is the recording again, later, from other ports and with other gaps: what a device
says in one breath stays together and in order, the silences between (over 1.5 s) last half to
one and a half times as long, the gaps within 0.8 to 1.25 times.  Two devices drift apart.  The
same seed gives the same bytes.
"""
import argparse
import heapq
import random
import struct
import sys

from shipped import capture_file, comment_of, unpacked

BREATH = 1_500_000_000  # nanoseconds
PORTS = range(32768, 61000)  # what Linux gives to those who ask for no port


def ported(data, up, turn):
    """The frame with the device's ephemeral port moved; checksums follow (RFC 1624)."""
    if data[12:14] == b"\x08\x00":
        at, protocol = 14 + (data[14] & 15) * 4, data[23]
    elif data[12:14] == b"\x86\xdd":
        at, protocol = 54, data[20]
    else:
        return data
    sum_at = at + {6: 16, 17: 6}.get(protocol, 0)
    at += 0 if up else 2
    if sum_at - at < 4 or len(data) < sum_at + 2:
        return data
    port = struct.unpack_from("!H", data, at)[0]
    if port not in PORTS:
        return data
    new = PORTS[(port - PORTS[0] + turn * 7919) % len(PORTS)]
    total = (~struct.unpack_from("!H", data, sum_at)[0] & 0xFFFF) + (~port & 0xFFFF) + new
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    data = bytearray(data)
    struct.pack_into("!H", data, at, new)
    struct.pack_into("!H", data, sum_at, ~total & 0xFFFF)
    return bytes(data)


def days_of(records, mac, begin, hours, dice):
    """One device's frames, round after round, until the hours are full."""
    end, now, turn = begin + int(hours * 3600 * 10**9), begin, 0
    while now < end and records:
        last = records[0].time
        for record in records:
            gap = record.time - last
            last = record.time
            now += int(gap * (dice.uniform(0.5, 1.5) if gap > BREATH else
                              dice.uniform(0.8, 1.25)))
            if now >= end:
                return
            yield now, record._replace(time=now,
                                       data=ported(record.data, record.data[6:12] == mac, turn))
        turn += 1
        now += int(dice.uniform(5, 60) * 10**9)


def devices_in(records):
    """The records of each device: by the MAC that is not the router's, groups aside."""
    router = max({r.data[0:6] for r in records} | {r.data[6:12] for r in records},
                 key=lambda mac: sum(mac in (r.data[0:6], r.data[6:12]) for r in records))
    mine = {}
    for record in records:
        for mac in {record.data[0:6], record.data[6:12]} - {router}:
            if not mac[0] & 1:
                mine.setdefault(mac, []).append(record)
                break
    return mine


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--seed", default="1")
    parser.add_argument("recording")
    arguments = parser.parse_args()
    data = unpacked(arguments.recording)
    records = capture_file.read_pcapng(data)[1]
    streams = [days_of(mine, mac, records[0].time, arguments.hours,
                       random.Random(f"{arguments.seed} {mac.hex()}"))
               for mac, mine in sorted(devices_in(records).items())]
    merged = [record for _, record in heapq.merge(*streams, key=lambda pair: pair[0])]
    sys.stdout.buffer.write(capture_file.pcapng_bytes(
        merged, name="br-lan", snap=800,
        comment=f"re-stamped {arguments.hours} h, seed {arguments.seed}; {comment_of(data)}"))


if __name__ == "__main__":
    main()
