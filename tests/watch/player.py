#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends the frames of a capture into an interface, at their pace or a multiple of it.

usage: player.py INTERFACE CAPTURE SPEED [SECONDS]   SPEED 0: as fast as it goes
       player.py INTERFACE --made LENGTH RATE SECONDS  frames of one length, so many a second

Frames that were cut when they were recorded get zeros for what is missing.  Prints how many
frames and bytes were sent.
"""
import pathlib
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import capture_file  # noqa: E402


def records_of(path):
    data = subprocess.run(["zstd", "-qdc", path], capture_output=True, check=True).stdout \
        if str(path).endswith(".zst") else pathlib.Path(path).read_bytes()
    return capture_file.read_pcapng(data)[1]


def open_interface(name):
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
    out.bind((name, 0))
    return out


def play(out, records, speed, seconds):
    first, begun, sent = records[0].time, time.monotonic(), [0, 0]
    for record in records:
        since = (record.time - first) / 1e9
        if seconds and since > seconds:
            break
        if speed:
            wait = begun + since / speed - time.monotonic()
            if wait > 0:
                time.sleep(wait)
        out.send(record.data + bytes(record.wire - len(record.data)))
        sent = [sent[0] + 1, sent[1] + record.wire]
    return sent


def made_frame(length, source):
    """UDP from a device to an outside address (documentation's, RFC 5737)."""
    udp = struct.pack(">HHHH", 40000 + source, 9999, length - 34, 0) + bytes(length - 42)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, length - 14, 0, 0, 64, 17, 0,
                     bytes([192, 168, 7, 10 + source]), bytes([203, 0, 113, 7]))
    total = sum(struct.unpack(">10H", ip))
    total = (total & 0xFFFF) + (total >> 16)
    ip = ip[:10] + struct.pack(">H", ~(total + (total >> 16)) & 0xFFFF) + ip[12:]
    return bytes([2, 0, 0, 0, 1, 1, 2, 0, 0, 0, 7, source, 8, 0]) + ip + udp


def make(out, length, rate, seconds):
    """In bursts of a hundredth of a second, as many as are due."""
    frames = [made_frame(length, source) for source in range(4)]
    begun, sent = time.monotonic(), 0
    while True:
        now = time.monotonic() - begun
        if now >= seconds:
            return [sent, sent * length]
        while sent < now * rate:
            out.send(frames[sent % 4])
            sent += 1
        time.sleep(0.002)


def main():
    out = open_interface(sys.argv[1])
    if sys.argv[2] == "--made":
        sent = make(out, int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]))
    else:
        seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 0
        sent = play(out, records_of(sys.argv[2]), float(sys.argv[3]), seconds)
    print(*sent)


if __name__ == "__main__":
    main()
