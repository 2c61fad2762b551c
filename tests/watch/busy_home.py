#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends into an interface what a busy home does: a camera that streams for half of each minute,
and other devices with flows that live all the time, half of them TLS, half UDP.

usage: busy_home.py INTERFACE DEVICES FLOWS SECONDS

Each flow says something every five seconds: the packets of a flow that are inspected at most
have passed long before a soak is half over.  Prints how many frames and bytes were sent.
"""
import struct
import sys
import time

import player

CAMERA = "02:00:00:00:07:00"
SERVERS = 200  # addresses of documentation's (RFC 5737)
TURN = 5.0  # seconds in which each flow says something
STEP = 0.02
ROUTER = bytes([2, 0, 0, 0, 1, 1])


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


class Flow:
    """Between a device of the home and a server outside."""

    def __init__(self, device, server, ports, protocol):
        self.mac = bytes([2, 0, 0, 0, 7, device])
        self.inside = bytes([192, 168, 7, 10 + device])
        self.outside = bytes([203, 0, 113, 1 + server])
        self.ports, self.protocol = ports, protocol
        self.sent = [1, 1]  # sequence numbers, up and down

    def frame(self, up, rest):
        ends = (self.inside, self.outside) if up else (self.outside, self.inside)
        macs = ROUTER + self.mac if up else self.mac + ROUTER
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(rest), 0, 0x4000, 64, self.protocol, 0)
        whole = ip + ends[0] + ends[1]
        whole = whole[:10] + struct.pack(">H", checksum(whole)) + whole[12:]
        return macs + b"\x08\x00" + whole + rest

    def datagram(self, payload, up=True):
        ports = self.ports if up else self.ports[::-1]
        return self.frame(up, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload)

    def segment(self, payload, flags, up=True):
        ports = self.ports if up else self.ports[::-1]
        mine, theirs = (0, 1) if up else (1, 0)
        head = struct.pack(">HHIIBBHHH", *ports, self.sent[mine] & 0xFFFFFFFF,
                           self.sent[theirs] & 0xFFFFFFFF, 0x50, flags, 65535, 0, 0)
        self.sent[mine] += len(payload) + (1 if flags & 2 else 0)
        return self.frame(up, head + payload)


def hello(name):
    """RFC 8446, 4.1.2: what a TLS client says first."""
    host = name.encode()
    sni = struct.pack(">HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    versions = struct.pack(">HHBH", 43, 3, 2, 0x0304)
    body = b"\x03\x03" + bytes(32) + b"\x00" + struct.pack(">HHH", 4, 0x1301, 0x1302) + b"\x01\x00"
    body += struct.pack(">H", len(sni + versions)) + sni + versions
    return struct.pack(">BHHBBH", 22, 0x0301, len(body) + 4, 1, 0, len(body)) + body


def made_flow(number, devices):
    device, server = 1 + number % (devices - 1), number % SERVERS
    tls = number % 2 == 0
    return Flow(device, server, (20000 + number, 443 if tls else 9000 + number // SERVERS),
                6 if tls else 17)


def begin(flow, number):
    if flow.protocol == 17:
        return [flow.datagram(bytes([number & 0xFF]) * 200)]
    return [flow.segment(b"", 0x02), flow.segment(b"", 0x12, up=False),
            flow.segment(hello(f"n{number % SERVERS}.example.net"), 0x18),
            flow.segment(b"\x16\x03\x03\x00\x7a" + bytes(122), 0x18, up=False)]


def go_on(flow, number):
    if flow.protocol == 17:
        return [flow.datagram(bytes([number & 0xFF]) * 200)]
    return [flow.segment(b"\x17\x03\x03\x00\xc3" + bytes([number & 0xFF]) * 195, 0x18)]


class Home:
    def __init__(self, out, devices, flows):
        self.out, self.sent = out, [0, 0]
        self.camera = Flow(0, 0, (40000, 9999), 17)
        self.flows = [made_flow(number, devices) for number in range(flows)]
        self.pictures = self.turns = 0

    def send(self, frames):
        for frame in frames:
            self.out.send(frame)
            self.sent = [self.sent[0] + 1, self.sent[1] + len(frame)]

    def stream(self, until):
        """15 pictures a second, of six packets each."""
        while self.pictures < until * 90:
            if self.pictures // 90 // 30 % 2 == 0:
                length = 300 if self.pictures % 6 == 5 else 1200
                self.send([self.camera.datagram(bytes([self.pictures & 0xFF]) * length)])
            self.pictures += 1

    def talk(self, until):
        while self.turns < until * len(self.flows) / TURN:
            nth, number = divmod(self.turns, len(self.flows))
            self.send((begin if nth == 0 else go_on)(self.flows[number], number))
            self.turns += 1


def main():
    home = Home(player.open_interface(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    begun, seconds = time.monotonic(), float(sys.argv[4])
    while time.monotonic() - begun < seconds:
        now = time.monotonic() - begun
        home.stream(now)
        home.talk(now)
        time.sleep(STEP)
    print(*home.sent)


if __name__ == "__main__":
    main()
