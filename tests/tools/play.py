#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends the frames of a capture out of an interface at the pace they were taken.

usage: play.py CAPTURE FIRST LAST INTERFACE        seconds since the capture's first frame
"""
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import capture_file

ETH_P_ALL = 3


def main():
    path, first, last, interface = sys.argv[1:]
    _, records = capture_file.read(path)
    start = records[0].time
    window = [r for r in records if float(first) <= (r.time - start) / 1e9 <= float(last)]
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    out.bind((interface, 0))
    begun = time.monotonic()
    for record in window:
        due = begun + (record.time - window[0].time) / 1e9
        time.sleep(max(0, due - time.monotonic()))
        out.send(record.data.ljust(record.wire, b"\0"))  # what a snap length cut off
    print(f"{len(window)} frames")


if __name__ == "__main__":
    main()
