#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes of a recorded home what is shipped: a capture and a truth file for each style.

usage: rewrite.py RECORDED_FOLDER OUT_FOLDER [NAME]

* addresses of receivers become public ones, in headers, DNS and STUN; checksums are right again
* payload is gone but for what parsers read: DNS, DHCP, ARP, neighbour discovery, STUN, NTP,
  hellos of TLS and DTLS, RTP headers, RTSP; wire lengths stay
* the marks are read (truth.py) and cleared
"""
import ipaddress
import json
import pathlib
import struct
import sys

from shipped import capture_file, ship
from truth import Truth

# A benchmarking prefix (RFC 5180): documentation prefixes are outside whatever a router says.
ETHERNET, COOKIE = 14, b"\x21\x12\xa4\x42"
HOME6, SHIPPED6 = (ipaddress.ip_address(a).packed[:8] for a in ("fd07:7:7:7::", "2001:2:0:7::"))
OUTSIDE = ipaddress.ip_address("192.0.2.33").packed  # how the home looks from outside


def checksum(data, carry=0):
    """RFC 1071."""
    if len(data) & 1:
        data += b"\0"
    total = carry + sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Addresses:
    """Private address -> public one, as packed bytes."""

    def __init__(self, plan):
        self.table = {}
        for device in plan["devices"]:
            for receiver in device["receivers"].values():
                for kind in ("", "6"):
                    self.table[ipaddress.ip_address(receiver["address" + kind]).packed] = \
                        ipaddress.ip_address(receiver["public" + kind]).packed

    def of(self, packed):
        if packed[:8] == HOME6:
            return SHIPPED6 + packed[8:]
        return self.table.get(packed, packed)


def dns_name_end(data, at):
    while at < len(data):
        if data[at] >= 0xC0:
            return at + 2
        if data[at] == 0:
            return at + 1
        at += 1 + data[at]
    return at


def rewrite_dns(data, addresses):
    """The addresses of answers; RFC 1035, 4.1."""
    data = bytearray(data)
    if len(data) < 12:
        return bytes(data)
    questions, *records = struct.unpack_from("!4H", data, 4)
    at = 12
    for _ in range(questions):
        at = dns_name_end(data, at) + 4
    for _ in range(sum(records)):
        at = dns_name_end(data, at)
        if at + 10 > len(data):
            break
        kind, _, _, length = struct.unpack_from("!HHIH", data, at)
        at += 10
        if (kind, length) in ((1, 4), (28, 16)):
            data[at:at + length] = addresses.of(bytes(data[at:at + length]))
        at += length
    return bytes(data)


def rewrite_stun(data, addresses):
    """XOR-MAPPED-ADDRESS of the home becomes its outside address; RFC 8489, 14.2."""
    data, at = bytearray(data), 20
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("!HH", data, at)
        if kind in (0x0020, 0x0012, 0x0016) and length == 8:
            packed = bytes(a ^ b for a, b in zip(data[at + 8:at + 12], COOKIE))
            packed = OUTSIDE if packed[:2] == b"\xc0\xa8" else addresses.of(packed)
            data[at + 8:at + 12] = bytes(a ^ b for a, b in zip(packed, COOKIE))
        at += 4 + length + (-length & 3)
    return bytes(data)


def kept_of_tcp(payload, ports):
    """What stays of a segment's payload."""
    if 554 in ports:
        return payload
    if payload[:2] == b"\x16\x03" and len(payload) > 5 and payload[5] in (1, 2):
        length = struct.unpack_from("!H", payload, 3)[0]
        return payload[:5 + length]
    return b""


def kept_of_udp(payload, ports, addresses):
    if 53 in ports:
        return rewrite_dns(payload, addresses)
    if ports & {67, 68, 123, 546, 547}:
        return payload
    if len(payload) >= 20 and payload[0] < 2 and payload[4:8] == COOKIE:
        return rewrite_stun(payload, addresses)
    if payload[:1] == b"\x16" and payload[1:2] == b"\xfe":
        return payload[:400] if payload[13:14] in (b"\1", b"\2") else payload[:14]
    if payload[:1] and payload[0] >> 6 == 2 and len(payload) >= 12 and (
            payload[1] & 0x7F in (0, 8, 96, 97, 98, 99, 100, 101, 111) or
            200 <= payload[1] <= 207):
        return payload[:12]
    return b""


class Rewriter:
    """One packet after the other; frame() returns (kept bytes, what truth needs)."""

    def __init__(self, addresses):
        self.addresses = addresses

    def frame(self, data, wire):
        kind = data[12:14]
        if kind == b"\x08\x00":
            return self.ipv4(data, wire)
        if kind == b"\x86\xdd":
            return self.ipv6(data, wire)
        return data, None

    def ipv4(self, data, wire):
        packet = bytearray(data[ETHERNET:])
        length = min(struct.unpack_from("!H", packet, 2)[0] or wire - ETHERNET, wire - ETHERNET)
        tos, head = packet[1], (packet[0] & 15) * 4
        packet[1] = 0
        source, target = (self.addresses.of(bytes(packet[at:at + 4])) for at in (12, 16))
        packet[12:20] = source + target
        packet[10:12] = b"\0\0"
        packet[10:12] = struct.pack("!H", checksum(bytes(packet[:head])))
        body, payload, ports, flags = self.transport(packet[9], bytes(packet[head:]),
                                                     length - head, source + target)
        return data[:ETHERNET] + bytes(packet[:head]) + body, (
            source, target, packet[9], ports, length, payload, tos, flags)

    def ipv6(self, data, wire):
        packet = bytearray(data[ETHERNET:])
        length = 40 + struct.unpack_from("!H", packet, 4)[0] or wire - ETHERNET
        tos = (packet[0] & 15) << 4 | packet[1] >> 4
        packet[0], packet[1] = 0x60, packet[1] & 15
        source, target = (self.addresses.of(bytes(packet[at:at + 16])) for at in (8, 24))
        packet[8:40] = source + target
        body, payload, ports, flags = self.transport(packet[6], bytes(packet[40:]), length - 40,
                                                     source + target)
        return data[:ETHERNET] + bytes(packet[:40]) + body, (
            source, target, packet[6], ports, length, payload, tos, flags)

    def transport(self, protocol, body, length, ends):
        """Returns (kept bytes, payload length on the wire, ports, TCP flags)."""
        if protocol == 6 and len(body) >= 20:
            head = (body[12] >> 4) * 4
            ports = struct.unpack_from("!HH", body)
            kept = kept_of_tcp(body[head:], set(ports))
            return (self.summed(body[:head] + kept, 16, protocol, length, ends), length - head,
                    ports, body[13])
        if protocol == 17 and len(body) >= 8:
            ports = struct.unpack_from("!HH", body)
            kept = kept_of_udp(body[8:], set(ports), self.addresses)
            return self.summed(body[:8] + kept, 6, protocol, length, ends), length - 8, ports, 0
        if protocol == 58:
            home = body.replace(HOME6, SHIPPED6)
            return self.summed(home, 2, protocol, length, ends), 0, (0, 0), 0
        if protocol == 1 and len(body) > 28:
            inner = bytearray(body[8:28])
            inner[12:16], inner[16:20] = (self.addresses.of(bytes(inner[at:at + 4]))
                                          for at in (12, 16))
            inner[1], inner[10:12] = 0, b"\0\0"
            inner[10:12] = struct.pack("!H", checksum(bytes(inner)))
            body = body[:2] + b"\0\0" + body[4:8] + bytes(inner)
            return body[:2] + struct.pack("!H", checksum(body)) + body[4:], 0, (0, 0), 0
        return body, 0, (0, 0), 0

    @staticmethod
    def summed(body, at, protocol, length, ends):
        """The packet with its checksum; zero where payload is gone, nobody could verify it."""
        body = body[:at] + b"\0\0" + body[at + 2:]
        if len(body) < length:
            return body
        total = checksum(ends + struct.pack("!II", length, protocol) + body)
        return body[:at] + struct.pack("!H", total or 0xFFFF) + body[at + 2:]


def frames_of(path):
    """Streams a classic pcap: (nanoseconds, bytes, wire length)."""
    with open(path, "rb") as stream:
        stream.read(24)
        while True:
            head = stream.read(16)
            if len(head) < 16:
                return
            second, micro, kept, wire = struct.unpack("<IIII", head)
            data = stream.read(kept)
            if len(data) < kept:
                return
            yield second * 10**9 + micro * 1000, data, wire


def split(plan, folder):
    """{style: ([records], Truth)} of a recorded folder."""
    rewriter = Rewriter(Addresses(plan))
    styles = {}
    for device in plan["devices"]:
        name = device["style"]["style"]
        styles.setdefault(name, ([], Truth(plan, name)))
    of_mac = {bytes.fromhex(d["mac"].replace(":", "")): d["style"]["style"]
              for d in plan["devices"]}
    by_address = {ipaddress.ip_address(d["address"]).packed: d["style"]["style"]
                  for d in plan["devices"]}
    # A kernel with several CPUs writes neighbours out of order.
    for when, data, wire in sorted(frames_of(folder / "capture.pcap"), key=lambda f: f[0]):
        owners = {of_mac.get(data[0:6]), of_mac.get(data[6:12])} - {None}
        if not owners and data[0] & 1:
            owners = ({by_address.get(data[38:42])} - {None} if data[12:14] == b"\x08\x06" else
                      {d["style"]["style"] for d in plan["devices"] if d.get("ipv6")})
        if not owners:
            continue
        kept, facts = rewriter.frame(data, wire)
        for style in owners:
            records, truth = styles[style]
            records.append(capture_file.Record(when, kept, wire))
            if facts:
                truth.see(when, data[6:12], data[0:6], facts)
    return styles


def comment_of(device, recipe):
    style = device["style"]
    return (f"porchlight lab, simulated: no device of any maker was recorded. Style "
            f"{style['style']}, recipe {recipe}. After: {style['source']}")


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    plan = json.loads((folder / "plan.json").read_text())
    recipe = sys.argv[3] if len(sys.argv) > 3 else folder.name
    for name, (records, truth) in sorted(split(plan, folder).items()):
        device = next(d for d in plan["devices"] if d["style"]["style"] == name)
        base = out / f"{name}-simulated-{recipe}"
        ship(records, base.with_suffix(".pcapng.zst"), comment_of(device, recipe))
        document = truth.document(folder, recipe, records)
        base.with_suffix(".truth.json").write_text(json.dumps(document, indent=1) + "\n")
        print(f"{base.name}: {len(records)} packets, {len(document['episodes'])} episodes, "
              f"{base.with_suffix('.pcapng.zst').stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
