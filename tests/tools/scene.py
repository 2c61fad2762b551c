# SPDX-License-Identifier: Apache-2.0
"""A made-up home on a wire: hosts, what they say to each other, and a capture of it.

Nothing is random and nothing asks the time: the same scene gives the same bytes.
"""
from collections import namedtuple

import wire
from capture_file import Record
from wire import ACK, FIN, PSH, SYN, Piece

Host = namedtuple("Host", "mac address")

SECOND = 10**9
MILLISECOND = 10**6


class Dice:
    """SplitMix64: a spread of numbers that every version of Python agrees on."""

    def __init__(self, seed):
        self.state = seed

    def roll(self, low, high):
        """A whole number from low to high, both included."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & (2**64 - 1)
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & (2**64 - 1)
        z = (z ^ z >> 27) * 0x94D049BB133111EB & (2**64 - 1)
        return low + (z ^ z >> 31) % (high - low + 1)

    def bytes(self, count):
        return bytes(self.roll(0, 255) for _ in range(count))


class Scene:
    """Collects frames; snap is how many bytes of a frame the capture keeps."""

    def __init__(self, seed=1, snap=262144):
        self.dice = Dice(seed)
        self.snap = snap
        self.frames = []
        self.datagrams = 0

    def frame(self, time, frame):
        kept = (frame.kept + bytes(min(frame.more, max(0, self.snap - len(frame.kept)))))
        self.frames.append(Record(time, kept[:self.snap], len(frame)))

    def packet(self, time, source, target, content, vlan=None):
        """source and target: the hosts of the link, content: an IP packet."""
        ethertype = 0x86DD if content.kept[0] >> 4 == 6 else 0x0800
        self.frame(time, wire.ethernet(source.mac, target.mac, ethertype, content, vlan))

    def ip(self, time, source, target, protocol, content, vlan=None):
        """One IP packet between two hosts, numbered as a sender would."""
        options = {}
        if ":" not in source.address:
            self.datagrams += 1
            options["ident"] = self.datagrams & 0xFFFF
        self.packet(time, source, target,
                    wire.ip(source.address, target.address, protocol, content, **options), vlan)

    def udp(self, time, source, sport, target, dport, content, vlan=None):
        self.ip(time, source, target, wire.UDP,
                wire.udp(source.address, target.address, sport, dport, content), vlan)

    def arp(self, time, sender, target, answer=True):
        nobody = "00:00:00:00:00:00"
        ask = wire.arp(1, sender.mac, sender.address, nobody, target.address)
        self.frame(time, wire.ethernet(sender.mac, "ff:ff:ff:ff:ff:ff", 0x0806, ask))
        if answer:
            reply = wire.arp(2, target.mac, target.address, sender.mac, sender.address)
            self.frame(time + 400_000, wire.ethernet(target.mac, sender.mac, 0x0806, reply))

    def dhcp(self, time, client, router, name, transaction, vendor=b""):
        """The four messages of a lease, RFC 2131, 3.1; the client says its name."""
        nothing = Host(client.mac, "0.0.0.0")
        everyone = Host("ff:ff:ff:ff:ff:ff", "255.255.255.255")
        asked = [(12, name.encode()), (55, bytes([1, 3, 6, 15]))]
        if vendor:
            asked.append((60, vendor))
        lease = [(54, wire.address_bytes(router.address)), (51, b"\0\1\x51\x80"),
                 (1, b"\xff\xff\xff\0"), (3, wire.address_bytes(router.address)),
                 (6, wire.address_bytes(router.address))]
        wanted = [(50, wire.address_bytes(client.address))]
        steps = ((1, nothing, everyone, asked), (2, router, client, lease),
                 (3, nothing, everyone, wanted + asked), (5, router, client, lease))
        for number, (message, source, target, options) in enumerate(steps):
            reply = source is router
            body = wire.dhcp(message, transaction, client.mac,
                             client.address if reply else "0.0.0.0", options, reply)
            self.udp(time + number * 9 * MILLISECOND, source, 67 if reply else 68, target,
                     68 if reply else 67, body)

    def look_up(self, time, client, server, name, chain, address):
        ident = self.dice.roll(1, 65535)
        port = self.dice.roll(32768, 60999)
        self.udp(time, client, port, server, 53, wire.dns_query(ident, name))
        self.udp(time + 11 * MILLISECOND, server, 53, client, port,
                 wire.dns_answer(ident, name, chain, address))

    def sorted(self):
        return sorted(self.frames, key=lambda record: record.time)


class Stream:
    """A TCP conversation of a host with a remote behind a router."""

    MSS = 1448
    STAMPS = b"\x01" * 12  # no-operations in the room of timestamps, RFC 7323

    def __init__(self, scene, host, port, remote, remote_port, trip=20 * MILLISECOND):
        self.scene, self.host, self.port = scene, host, port
        self.remote, self.remote_port, self.trip = remote, remote_port, trip
        self.seq = scene.dice.roll(1, 2**31)
        self.ack = scene.dice.roll(1, 2**31)
        self.unacknowledged = 0

    def segment(self, time, up, flags, content=b"", options=STAMPS):
        ends = (self.host, self.remote) if up else (self.remote, self.host)
        ports = (self.port, self.remote_port) if up else (self.remote_port, self.port)
        numbers = (self.seq, self.ack) if up else (self.ack, self.seq)
        if not flags & ACK:
            numbers = (numbers[0], 0)
        segment = wire.tcp(ends[0].address, ends[1].address, *ports, *numbers, flags, content,
                           options)
        self.scene.ip(time, *ends, wire.TCP, segment)

    def open(self, time):
        """Returns when the handshake is done."""
        self.segment(time, True, SYN, options=b"\x02\x04\x05\xb4")
        self.seq += 1
        self.segment(time + self.trip, False, SYN | ACK, options=b"\x02\x04\x05\xb4")
        self.ack += 1
        self.segment(time + self.trip + 300_000, True, ACK)
        return time + self.trip + MILLISECOND

    def up(self, time, content):
        """One segment; the remote acknowledges every second one."""
        content = wire.piece(content)
        self.segment(time, True, ACK | PSH, content)
        self.seq += len(content)
        self.unacknowledged += 1
        if self.unacknowledged == 2:
            self.unacknowledged = 0
            self.segment(time + self.trip, False, ACK)

    def down(self, time, content):
        content = wire.piece(content)
        self.segment(time, False, ACK | PSH, content)
        self.ack += len(content)
        self.segment(time + 400_000, True, ACK)

    def up_bulk(self, time, total, gap):
        """total bytes in full segments, gap apart; returns the time of the last."""
        while total > 0:
            length = min(total, self.MSS)
            self.up(time, wire.tls_data(length) if length > 5 else Piece(b"", length))
            total -= length
            time += gap
        return time - gap

    def hello(self, time, host):
        """A TLS 1.3 handshake; returns when it is done."""
        time = self.open(time)
        name = host if isinstance(host, bytes) else host.encode()
        self.up(time, wire.client_hello(name, self.scene.dice.bytes(64)))
        self.down(time + self.trip, wire.tls_data(1448))
        self.down(time + self.trip + 200_000, wire.tls_data(1120))
        self.up(time + self.trip + 3 * MILLISECOND, wire.tls_data(80))
        return time + self.trip + 5 * MILLISECOND

    def close(self, time):
        self.segment(time, True, FIN | ACK)
        self.seq += 1
        self.segment(time + self.trip, False, FIN | ACK)
        self.ack += 1
        self.segment(time + self.trip + 300_000, True, ACK)
