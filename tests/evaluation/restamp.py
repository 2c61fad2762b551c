#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Device-days without footage, from recordings of hours: each is played again and again, every
flow of every turn moved by a seeded jitter, so that bursts meet in other ways each time.
Look-ups stay where they are, before what they are for.

usage: restamp.py TURNS CAPTURE OUT.pcap [MAC...]

Only frames from or to these MACs are kept, or all of them.  It makes chance meetings, not new
behaviour: a bound from it is one of many days of these hours, and is told as such."""
import random
import sys
import zlib
from collections import defaultdict

import wire
from wire import capture_file

JITTER = 20_000_000_000  # ns a flow is moved by at most
DNS = (b"\x00\x35", b"\x14\xe9")  # ports 53 and 5353
SEED = 20261126


def flow_of(record):
    """What moves together: the five-tuple both ways, or the two MACs."""
    data = record.data
    if data[12:14] == b"\x08\x00" and len(data) >= 38 and data[23] in (6, 17):
        at = 14 + 4 * (data[14] & 15)
        ends = sorted([data[26:30] + data[at:at + 2], data[30:34] + data[at + 2:at + 4]])
        return data[23:24] + b"".join(ends)
    if data[12:14] == b"\x86\xdd" and len(data) >= 58 and data[20] in (6, 17):
        ends = sorted([data[22:38] + data[54:56], data[38:54] + data[56:58]])
        return data[20:21] + b"".join(ends)
    return b"".join(sorted([data[:6], data[6:12]]))


def keeps(record, macs):
    return not macs or wire.text(record.data[:6]) in macs or wire.text(record.data[6:12]) in macs


def length_of(records):
    """Nanoseconds from the first to a second after the last."""
    return max(r.time for r in records) - min(r.time for r in records) + 1_000_000_000


def restamped(records, turns, length, seed=SEED):
    """The records of all turns, each of that length, in order of their new times."""
    flows = defaultdict(list)
    for record in records:
        flows[flow_of(record)].append(record)
    out = []
    for turn in range(turns):
        for flow, mine in flows.items():
            dice = random.Random(zlib.crc32(flow) << 32 | turn << 8 | seed & 255)
            still = turn == 0 or any(port in flow for port in DNS)
            shift = turn * length + (0 if still else dice.randint(0, JITTER))
            out += [r._replace(time=r.time + shift) for r in mine]
    return sorted(out, key=lambda r: r.time)


def write(path, records, link):
    with open(path, "wb") as out:
        out.write(capture_file.pcap_bytes([], link))
        for at in range(0, len(records), 50000):
            out.write(capture_file.pcap_bytes(records[at:at + 50000], link)[24:])


def main(turns, capture, out, *macs):
    link, records = capture_file.read(capture)
    length = length_of(records)
    again = restamped([r for r in records if keeps(r, set(macs))], int(turns), length)
    write(out, again, link)
    print(f"{len(again)} frames over {int(turns) * length / 3.6e12:.2f} h")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
