# SPDX-License-Identifier: Apache-2.0
"""Builds frames, from the transport outwards.

A builder returns a Piece: the bytes that a capture keeps, and how many more the frame had on
the wire.  What is not kept is zeros, so lengths and checksums are right all the same.
"""
import ipaddress
import struct

ICMP, TCP, UDP, GRE, ICMPV6 = 1, 6, 17, 47, 58
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Piece:
    """Kept bytes, and the number of zeros that follow them on the wire."""

    def __init__(self, kept=b"", more=0):
        self.kept = kept
        self.more = more

    def __len__(self):
        return len(self.kept) + self.more

    def behind(self, header):
        return Piece(header + self.kept, self.more)


def piece(content):
    return content if isinstance(content, Piece) else Piece(content)


def mac_bytes(text):
    return bytes.fromhex(text.replace(":", ""))


def address_bytes(text):
    return ipaddress.ip_address(text).packed


def checksum(data, carry=0):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = carry + sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(source, target, protocol, length):
    """RFC 9293, 3.1; RFC 8200, 8.1."""
    source, target = address_bytes(source), address_bytes(target)
    if len(source) == 4:
        return source + target + struct.pack("!BBH", 0, protocol, length)
    return source + target + struct.pack("!IHBB", length, 0, 0, protocol)


# --- link ---

def ethernet(source, target, ethertype, content, vlan=None):
    tag = b"" if vlan is None else struct.pack("!HH", 0x8100, vlan)
    return piece(content).behind(
        mac_bytes(target) + mac_bytes(source) + tag + struct.pack("!H", ethertype))


def arp(operation, sender_mac, sender, target_mac, target):
    return Piece(struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + mac_bytes(sender_mac) +
                 address_bytes(sender) + mac_bytes(target_mac) + address_bytes(target))


# --- network ---

def ipv4(source, target, protocol, content, ident=0, offset=0, more_fragments=False, ttl=64,
         total=None):
    """offset counts bytes; total replaces the header's own length where a lie is wanted."""
    content = piece(content)
    total = 20 + len(content) if total is None else total
    flags = (0x2000 if more_fragments else 0) | offset // 8
    header = struct.pack("!BBHHHBBH", 0x45, 0, total, ident, flags, ttl, protocol, 0)
    header += address_bytes(source) + address_bytes(target)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return content.behind(header)


def ipv6(source, target, protocol, content, hops=64):
    content = piece(content)
    header = struct.pack("!IHBB", 0x60000000, len(content), protocol, hops)
    return content.behind(header + address_bytes(source) + address_bytes(target))


def ip(source, target, protocol, content, **options):
    build = ipv6 if ":" in source else ipv4
    return build(source, target, protocol, content, **options)


# --- transport ---

def udp(source, target, sport, dport, content):
    content = piece(content)
    header = struct.pack("!HHHH", sport, dport, 8 + len(content), 0)
    pseudo = pseudo_header(source, target, UDP, 8 + len(content))
    total = checksum(pseudo + header + content.kept) or 0xFFFF
    return content.behind(header[:6] + struct.pack("!H", total))


def tcp(source, target, sport, dport, seq, ack, flags, content=b"", options=b""):
    content = piece(content)
    header = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                         (5 + len(options) // 4) << 4, flags, 64240, 0, 0) + options
    pseudo = pseudo_header(source, target, TCP, len(header) + len(content))
    total = checksum(pseudo + header + content.kept)
    return content.behind(header[:16] + struct.pack("!H", total) + header[18:])


def icmp(kind, code, rest):
    body = struct.pack("!BBH", kind, code, 0) + rest
    return Piece(body[:2] + struct.pack("!H", checksum(body)) + body[4:])


def icmpv6(source, target, kind, code, rest):
    body = struct.pack("!BBH", kind, code, 0) + rest
    total = checksum(pseudo_header(source, target, ICMPV6, len(body)) + body)
    return Piece(body[:2] + struct.pack("!H", total) + body[4:])


# --- neighbour discovery, RFC 4861 ---

def router_advertisement(source, source_mac, prefix, length=64):
    rest = struct.pack("!BBHII", 64, 0, 1800, 0, 0)
    rest += b"\x01\x01" + mac_bytes(source_mac)
    rest += struct.pack("!BBBBIII", 3, 4, length, 0xC0, 86400, 14400, 0) + address_bytes(prefix)
    return ipv6(source, "ff02::1", ICMPV6, icmpv6(source, "ff02::1", 134, 0, rest), hops=255)


def neighbour_solicitation(source, target, source_mac=None):
    """From ::, a duplicate-address probe (RFC 4862, 5.4.2)."""
    group = "ff02::1:ff" + ipaddress.ip_address(target).exploded[-7:]
    rest = bytes(4) + address_bytes(target)
    if source_mac:
        rest += b"\x01\x01" + mac_bytes(source_mac)
    return ipv6(source, group, ICMPV6, icmpv6(source, group, 135, 0, rest), hops=255)


# --- names ---

def dns_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def dns_query(ident, name, kind=1):
    return (struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 0) + dns_name(name) +
            struct.pack("!HH", kind, 1))


def dns_answer(ident, name, chain, address, ttl=60):
    """RFC 1034: the question, a CNAME for each of chain, then the address."""
    kind = 28 if ":" in address else 1
    answers = b""
    owner = name
    for alias in chain:
        data = dns_name(alias)
        answers += dns_name(owner) + struct.pack("!HHIH", 5, 1, ttl, len(data)) + data
        owner = alias
    data = address_bytes(address)
    answers += dns_name(owner) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data
    return (struct.pack("!HHHHHH", ident, 0x8180, 1, len(chain) + 1, 0, 0) + dns_name(name) +
            struct.pack("!HH", kind, 1) + answers)


# --- DHCP, RFC 2131 and 2132 ---

def dhcp(message, transaction, mac, client, options, reply=False):
    body = struct.pack("!BBBBIHH", 2 if reply else 1, 1, 6, 0, transaction, 0, 0)
    body += bytes(4) + address_bytes(client) + bytes(8) + mac_bytes(mac) + bytes(10 + 192)
    body += b"\x63\x82\x53\x63" + bytes([53, 1, message])
    for code, data in options:
        body += bytes([code, len(data)]) + data
    return (body + b"\xff").ljust(300, b"\0")


# --- TLS 1.3, RFC 8446 ---

def extension(kind, data):
    return struct.pack("!HH", kind, len(data)) + data


def client_hello(host, random, alpn=b"h2", more=b""):
    """A ClientHello in one record.  host: bytes, whatever they are; random: 64 bytes; more:
    extensions that follow."""
    name = struct.pack("!BH", 0, len(host)) + host
    extensions = extension(0, struct.pack("!H", len(name)) + name)
    extensions += extension(10, struct.pack("!HH", 2, 0x001D))
    extensions += extension(13, struct.pack("!HHH", 4, 0x0403, 0x0804))
    extensions += extension(16, struct.pack("!HB", len(alpn) + 1, len(alpn)) + alpn)
    extensions += extension(43, struct.pack("!BH", 2, 0x0304))
    extensions += extension(45, b"\x01\x01")
    extensions += extension(51, struct.pack("!HHH", 36, 0x001D, 32) + random[32:64]) + more
    hello = struct.pack("!H", 0x0303) + random[:32] + b"\x20" + random[:32]
    hello += struct.pack("!HHHH", 6, 0x1301, 0x1302, 0x1303) + b"\x01\x00"
    hello += struct.pack("!H", len(extensions)) + extensions
    handshake = b"\x01" + struct.pack("!I", len(hello))[1:] + hello
    return struct.pack("!BHH", 22, 0x0301, len(handshake)) + handshake


def tls_data(length):
    """An application record of length bytes, whose content was not kept."""
    return Piece(struct.pack("!BHH", 23, 0x0303, length - 5), length - 5)


# --- STUN, RFC 8489; NTP, RFC 5905; RTP, RFC 3550 ---

def stun(kind, transaction, attributes=b""):
    return struct.pack("!HHI", kind, len(attributes), 0x2112A442) + transaction + attributes


def stun_mapped(address, port):
    port ^= 0x2112
    packed = bytes(a ^ b for a, b in zip(address_bytes(address), b"\x21\x12\xa4\x42"))
    return struct.pack("!HHBBH", 0x0020, 8, 0, 1, port) + packed


def ntp(mode):
    return struct.pack("!BBbb", 4 << 3 | mode, 2 if mode == 4 else 0, 6, -20) + bytes(44)


# --- mirrors: what switches and access points send to a sniffer ---

def vxlan(frame, network=77):
    """RFC 7348."""
    return frame.behind(struct.pack("!BxxxI", 8, network << 8))


def tzsp(frame):
    """Version 1, received packet, Ethernet, then the end tag."""
    return frame.behind(struct.pack("!BBHB", 1, 0, 1, 1))


def erspan(frame, sequence):
    """GRE with a sequence number, ERSPAN type II (draft-foschiano-erspan, 4.2)."""
    gre = struct.pack("!HHI", 0x1000, 0x88BE, sequence)
    return frame.behind(gre + struct.pack("!HHI", 0x1000, 0x0001, 0))
