# SPDX-License-Identifier: Apache-2.0
"""Writes address databases in the MaxMind DB format 2.0, for tests.

mmdb_bytes({"192.0.2.0/24": {"country": {"iso_code": "SE"}}}) is a whole file.  A record may be
bytes, which are then taken as they are: that is how damaged ones are made.
"""
import ipaddress
import struct

MARK = b"\xab\xcd\xefMaxMind.com"
BUILT = 1_793_491_200  # 2026-11-01


def control(kind, size):
    """The bytes before a value: its type and size."""
    if size < 29:
        low, more = size, b""
    elif size < 285:
        low, more = 29, bytes([size - 29])
    elif size < 65821:
        low, more = 30, struct.pack("!H", size - 285)
    else:
        low, more = 31, (size - 65821).to_bytes(3, "big")
    if kind <= 7:
        return bytes([kind << 5 | low]) + more
    return bytes([low, kind - 7]) + more


def pointer(offset):
    """A value that stands elsewhere in the data section, in the form with four bytes."""
    return bytes([1 << 5 | 3 << 3]) + struct.pack("!I", offset)


def number(it, kind):
    """An unsigned number of 16 (kind 5), 32 (6) or 64 bits (9)."""
    shortest = it.to_bytes((it.bit_length() + 7) // 8, "big")
    return control(kind, len(shortest)) + shortest


def value(it):
    if isinstance(it, bytes):
        return it
    if isinstance(it, bool):
        return control(14, int(it))
    if isinstance(it, int):
        return number(it, 6 if it < 1 << 32 else 9)
    if isinstance(it, str):
        text = it.encode()
        return control(2, len(text)) + text
    if isinstance(it, float):
        return control(3, 8) + struct.pack("!d", it)
    if isinstance(it, dict):
        return control(7, len(it)) + b"".join(value(k) + value(v) for k, v in it.items())
    return control(11, len(it)) + b"".join(map(value, it))


class Tree:
    """Nodes of two sides each; a side is a node's number, None, or ("data", offset)."""

    def __init__(self, version):
        self.version = version
        self.nodes = [[None, None]]

    def add(self, network, leaf):
        net = ipaddress.ip_network(network)
        bits, length = int(net.network_address), net.prefixlen
        width = 32 if self.version == 4 else 128
        if net.version == 4 and self.version == 6:
            length += 96
        at = 0
        for i in range(length):
            side = bits >> (width - 1 - i) & 1
            if i == length - 1:
                self.nodes[at][side] = leaf
                return
            if not isinstance(self.nodes[at][side], int):
                self.nodes.append([self.nodes[at][side]] * 2)
                self.nodes[at][side] = len(self.nodes) - 1
            at = self.nodes[at][side]

    def bytes(self, size):
        count, out = len(self.nodes), bytearray()
        for node in self.nodes:
            left, right = (count if side is None else
                           count + 16 + side[1] if isinstance(side, tuple) else side
                           for side in node)
            if size == 28:
                high = left >> 24 << 4 | right >> 24
                out += (left & 0xFFFFFF).to_bytes(3, "big") + bytes([high])
                out += (right & 0xFFFFFF).to_bytes(3, "big")
            else:
                out += left.to_bytes(size // 8, "big") + right.to_bytes(size // 8, "big")
        return bytes(out)


def mmdb_bytes(records, version=6, size=24, built=BUILT, before=b""):
    """A file; before: bytes at the start of the data section, for records to point to."""
    tree, data, known = Tree(version), bytearray(before), {}
    ordered = sorted(records.items(), key=lambda item: ipaddress.ip_network(item[0]).prefixlen)
    for network, record in ordered:
        encoded = value(record)
        if encoded not in known:
            known[encoded] = len(data)
            data += encoded
        tree.add(network, ("data", known[encoded]))
    told = {"binary_format_major_version": number(2, 5),
            "binary_format_minor_version": number(0, 5), "build_epoch": number(built, 9),
            "database_type": "Made-Up", "description": {"en": "made up"},
            "ip_version": number(version, 5), "languages": ["en"],
            "node_count": number(len(tree.nodes), 6), "record_size": number(size, 5)}
    return tree.bytes(size) + bytes(16) + bytes(data) + MARK + value(told)
