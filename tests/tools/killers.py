#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Captures of what has crashed, hung or misled a packet inspection library, seeded.

killers.py SEED FOLDER      writes them
"""
import pathlib
import struct
import sys

import wire
from capture_file import pcap_bytes
from scene import Dice, Record

HOME, AWAY = "192.168.1.2", "203.0.113.9"
HOME_MAC, AWAY_MAC = "02:00:5e:00:00:02", "02:00:5e:00:00:01"
CERTIFICATE, HELLO = 11, 1
START, MILLISECOND = 1_700_000_000 * 10**9, 10**6


def frame(up, protocol, content):
    source, target = (HOME, AWAY) if up else (AWAY, HOME)
    macs = (HOME_MAC, AWAY_MAC) if up else (AWAY_MAC, HOME_MAC)
    return wire.ethernet(*macs, 0x0800, wire.ip(source, target, protocol, content)).kept


def datagrams(payloads, port):
    frames = []
    for number, payload in enumerate(payloads):
        up = number % 2 == 0
        source, target = (HOME, AWAY) if up else (AWAY, HOME)
        sport, dport = (50123, port) if up else (port, 50123)
        frames.append(frame(up, 17, wire.udp(source, target, sport, dport, payload)))
    return frames


def segments(payloads, port):
    frames = [frame(True, 6, wire.tcp(HOME, AWAY, 50124, port, 1, 0, 2)),
              frame(False, 6, wire.tcp(AWAY, HOME, port, 50124, 9, 2, 18)),
              frame(True, 6, wire.tcp(HOME, AWAY, 50124, port, 2, 10, 16))]
    seq = 2
    for payload in payloads:
        frames.append(frame(True, 6, wire.tcp(HOME, AWAY, 50124, port, seq, 10, 24, payload)))
        seq += len(payload)
    return frames


def endless_name(dice, size):
    """A name whose labels lead round a 16-bit index for ever."""
    head = struct.pack(">HHHHHH", dice.roll(0, 0xffff), 0x0100, 1, 0, 0, 0)
    return (head + bytes([0xbf]) * size)[:size]


def dtls_record(sequence, kind, body):
    message = struct.pack(">BBHHBHBH", kind, 0, len(body), sequence, 0, 0, 0, len(body)) + body
    return b"\x16\xfe\xff" + struct.pack(">HIHH", 0, 0, sequence, len(message)) + message


def dtls_certificate(dice):
    hello = b"\xfe\xff" + dice.bytes(32) + b"\x00\x00\x00\x02\x00\x35\x01\x00"
    certificate = b"\x30\x82\x03\xc6" + dice.bytes(dice.roll(200, 1300))
    length = len(certificate)
    chain = struct.pack(">BH", 0, length + 3) + struct.pack(">BH", 0, length) + certificate
    server = b"\xfe\xff" + dice.bytes(32) + b"\x00\x00\x35\x00"
    return [dtls_record(0, HELLO, hello), dtls_record(0, 2, server),
            dtls_record(1, HELLO, hello), dtls_record(1, CERTIFICATE, chain),
            dtls_record(2, CERTIFICATE, chain), dice.bytes(dice.roll(1, 1300))]


def quic_then_nothing(dice):
    initial = b"\xc3\xff\x00\x00\x1d\x08" + dice.bytes(8) + b"\x00\x00\x44\x90" + dice.bytes(1170)
    return [initial, initial, b"", b"", initial[:dice.roll(1, 40)], b""]


def tinc(dice):
    digits = b"0 node 17.7 " + b"1" * dice.roll(20, 400)
    return [digits, digits + b"\n1 94 64 0 0 " + b"A" * dice.roll(10, 300), b"0" * dice.roll(1, 9)]


def captures(seed):
    """Yields (name, bytes of a pcap) of each kind."""
    dice = Dice(seed)
    kinds = {
        "dns-udp": datagrams([endless_name(dice, 65507)] * 3, 53),
        "dns-tcp": segments([struct.pack(">H", 65493) + endless_name(dice, 65493)] * 2, 53),
        "dns-elsewhere": datagrams([endless_name(dice, dice.roll(2000, 65507))] * 4, 5300),
        "dtls-certificate": datagrams(dtls_certificate(dice), 443),
        "dtls-elsewhere": datagrams(dtls_certificate(dice), dice.roll(1024, 65535)),
        "quic-empty": datagrams(quic_then_nothing(dice), 443),
        "tinc": segments(tinc(dice), 655),
        "noise-udp": datagrams([dice.bytes(dice.roll(1, 1400)) for _ in range(12)], 3478),
        "noise-tcp": segments([dice.bytes(dice.roll(1, 1400)) for _ in range(12)], 443),
    }
    for kind, frames in kinds.items():
        yield f"{kind}-{seed}", pcap_bytes(
            [Record(START + n * MILLISECOND, data, len(data)) for n, data in enumerate(frames)])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for name, data in captures(int(sys.argv[1])):
        (pathlib.Path(sys.argv[2]) / f"{name}.pcap").write_bytes(data)


if __name__ == "__main__":
    main()
