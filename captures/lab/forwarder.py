#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Joins two interfaces and lets every frame wait as long as the way to its remote is.

usage: forwarder.py SEED HOME_SIDE CLOUD_SIDE

For kernels without netem.  A remote's one-way delay (4 to 45 ms) follows from its address and
the seed, each packet has up to 2 ms more; packets of one remote and direction never overtake.
"""
import heapq
import select
import socket
import sys
import time
import zlib

OUTGOING = 4  # PACKET_OUTGOING: what we sent ourselves
ETH_P_ALL = 3


def listen(interface):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    sock.bind((interface, 0))
    sock.setblocking(False)
    return sock


def remote_of(frame, up):
    """The address on the cloud's side, or nothing for what is not IP."""
    if frame[12:14] == b"\x08\x00":
        return frame[30:34] if up else frame[26:30]
    if frame[12:14] == b"\x86\xdd":
        return frame[38:54] if up else frame[22:38]
    return b""


class Way:
    """Frames on their way in one direction."""

    def __init__(self, source, target, up, seed):
        self.source, self.target, self.up, self.seed = source, target, up, seed
        self.waiting, self.number, self.last = [], 0, {}

    def delay(self, remote):
        if not remote:
            return 0.0005
        spread = zlib.crc32(remote + self.seed)
        jitter = (zlib.crc32(b"%d" % self.number) % 2000) / 1e6
        return 0.004 + spread % 41000 / 1e6 + jitter

    def take(self):
        now = time.monotonic()
        while True:
            try:
                frame, address = self.source.recvfrom(65535)
            except BlockingIOError:
                return
            if address[2] == OUTGOING:
                continue
            remote = remote_of(frame, self.up)
            self.number += 1
            due = max(now + self.delay(remote), self.last.get(remote, 0))
            self.last[remote] = due
            heapq.heappush(self.waiting, (due, self.number, frame))

    def give(self, now):
        while self.waiting and self.waiting[0][0] <= now:
            frame = heapq.heappop(self.waiting)[2]
            try:
                self.target.send(frame)
            except OSError:
                pass  # a full queue loses packets, as on a real line

    def next(self):
        return self.waiting[0][0] if self.waiting else None


def main():
    seed = sys.argv[1].encode()
    home, cloud = listen(sys.argv[2]), listen(sys.argv[3])
    ways = (Way(home, cloud, True, seed), Way(cloud, home, False, seed))
    while True:
        due = [way.next() for way in ways if way.next() is not None]
        timeout = max(0.0, min(due) - time.monotonic()) if due else 1.0
        select.select([home, cloud], [], [], timeout)
        for way in ways:
            way.take()
        now = time.monotonic()
        for way in ways:
            way.give(now)


main()
