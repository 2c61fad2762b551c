# SPDX-License-Identifier: Apache-2.0
"""Writes and reads capture files: pcap (www.tcpdump.org/manpages/pcap-savefile.5.html) and
pcapng (draft-ietf-opsawg-pcapng), either of them gzipped."""
import gzip
import io
import struct
from collections import namedtuple

# time: nanoseconds since 1970; wire: bytes on the wire
Record = namedtuple("Record", "time data wire")

ETHERNET = 1
RAW = 101


def pcap_bytes(records, link=ETHERNET, snap=262144, nanosecond=False, order="<"):
    unit = 1 if nanosecond else 1000
    magic = 0xA1B23C4D if nanosecond else 0xA1B2C3D4
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for record in records:
        second, rest = divmod(record.time, 10**9)
        out.append(struct.pack(order + "IIII", second & 0xFFFFFFFF, rest // unit,
                               len(record.data), record.wire))
        out.append(record.data)
    return b"".join(out)


def padded(data):
    return data + bytes(-len(data) % 4)


def option(code, data):
    return struct.pack("<HH", code, len(data)) + padded(data)


def block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def pcapng_bytes(records, link=ETHERNET, snap=262144, name="", comment="", nanosecond=False):
    """One section, one interface; microseconds unless nanosecond."""
    notes = option(1, comment.encode()) if comment else b""
    notes += option(0, b"") if notes else b""
    out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + notes)]
    notes = option(2, name.encode()) if name else b""
    notes += option(9, b"\x09") if nanosecond else b""
    notes += option(0, b"") if notes else b""
    out.append(block(1, struct.pack("<HHI", link, 0, snap) + notes))
    for record in records:
        ticks = record.time // (1 if nanosecond else 1000)
        out.append(block(6, struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF,
                                        len(record.data), record.wire) + padded(record.data)))
    return b"".join(out)


def gzipped(data):
    out = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(data)
    return out.getvalue()


def read_pcap(data):
    """Returns (link, records); raises ValueError for what is no classic pcap."""
    for order in "<>":
        magic = struct.unpack_from(order + "I", data)[0]
        if magic in (0xA1B2C3D4, 0xA1B23C4D):
            break
    else:
        raise ValueError("no pcap")
    unit = 1 if magic == 0xA1B23C4D else 1000
    link = struct.unpack_from(order + "I", data, 20)[0]
    at, records = 24, []
    while at + 16 <= len(data):
        second, rest, kept, wire = struct.unpack_from(order + "IIII", data, at)
        records.append(Record(second * 10**9 + rest * unit, data[at + 16:at + 16 + kept], wire))
        at += 16 + kept
    return link, records


def read_pcapng(data):
    """Returns (link, records) of a little-endian file with one link type."""
    at, link, records, tick = 0, None, [], 1000
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        body = data[at + 8:at + length - 4]
        if kind == 0x0A0D0D0A and body[:4] != b"\x4d\x3c\x2b\x1a":
            raise ValueError("big-endian pcapng")
        if kind == 1:
            if link not in (None, struct.unpack_from("<H", body)[0]):
                raise ValueError("several link types")
            link = struct.unpack_from("<H", body)[0]
            tick = 1 if b"\x09\x00\x01\x00\x09" in body else 1000
        if kind == 6:
            _, high, low, kept, wire = struct.unpack_from("<IIIII", body)
            records.append(Record((high << 32 | low) * tick, body[20:20 + kept], wire))
        at += length
    return link, records


def read(path):
    with open(path, "rb") as stream:
        data = stream.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return read_pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap(data)
