# SPDX-License-Identifier: Apache-2.0
"""What baselines and re-stamping need of a packet: who sent how much to whom."""
import ipaddress
import pathlib
import subprocess
import sys
from collections import namedtuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import capture_file  # noqa: E402

# time: microseconds; source, target: MACs; ends: addresses as text; size: IP bytes
Packet = namedtuple("Packet", "time source target ends size")

ETHERTYPES = {0x0800: 4, 0x86DD: 6}


def text(mac):
    return ":".join("%02x" % byte for byte in mac)


def packet_of(record):
    """None for what is no IP over Ethernet."""
    data, at = record.data, 12
    if len(data) < 34:
        return None
    kind = int.from_bytes(data[at:at + 2], "big")
    while kind in (0x8100, 0x88A8):
        at += 4
        kind = int.from_bytes(data[at:at + 2], "big")
    at += 2
    if kind not in ETHERTYPES or len(data) < at + (20 if kind == 0x0800 else 40):
        return None
    if kind == 0x0800:
        size = int.from_bytes(data[at + 2:at + 4], "big")
        ends = data[at + 12:at + 16], data[at + 16:at + 20]
    else:
        size = 40 + int.from_bytes(data[at + 4:at + 6], "big")
        ends = data[at + 8:at + 24], data[at + 24:at + 40]
    return Packet(record.time // 1000, text(data[6:12]), text(data[:6]), ends,
                  size or record.wire - at)


def address(raw):
    return str(ipaddress.ip_address(raw))


def records(path):
    """(link, records) of a capture, packed or not."""
    if path.suffix != ".zst":
        return capture_file.read(path)
    data = subprocess.run(["zstd", "-q", "-d", "-c", "--long=24", str(path)], check=True,
                          stdout=subprocess.PIPE).stdout
    reader = capture_file.read_pcapng if data[:4] == b"\x0a\x0d\x0d\x0a" else capture_file.read_pcap
    return reader(data)


def packets(path):
    link, found = records(path)
    if link != capture_file.ETHERNET:
        return []
    return [p for p in map(packet_of, found) if p]
