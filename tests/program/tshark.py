# SPDX-License-Identifier: Apache-2.0
"""Sums a capture with tshark, the way the contract counts: a second opinion on every byte."""
import collections
import ipaddress
import shutil
import subprocess

import porch

FIELDS = ("frame.protocols frame.len ip.src ip.dst ip.proto ip.len ip.id ip.frag_offset ip.flags.mf "
          "ipv6.src ipv6.dst ipv6.plen ipv6.fraghdr.ident ipv6.fraghdr.offset "
          "ipv6.fraghdr.more tcp.srcport "
          "tcp.dstport udp.srcport udp.dstport tls.handshake.extensions_server_name").split()

# Bytes before the IP header, by what tshark calls the layers.
LINK = {"first ppp": 4, "eth": 14, "ethertype": 0, "vlan": 4, "sll": 16, "raw": 0, "null": 4, "pppoes": 6,
        "ppp": 2, "data": 0}
MOST = 262144
TRANSPORT = {6: "tcp", 17: "udp"}
EXTENSIONS = ("ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts", "ipv6.shim6")
NUMBERS = {"tcp": 6, "udp": 17, "icmpv6": 58}

Row = collections.namedtuple("Row", [f.replace(".", "_") for f in FIELDS])
Packet = collections.namedtuple("Packet", "key back bytes sni")


def needed():
    if not shutil.which("tshark"):
        porch.skip("tshark is not installed")


def rows(path):
    command = ["tshark", "-n", "-r", str(path), "-o", "ip.defragment:FALSE", "-o",
               "ipv6.defragment:FALSE", "-o", "tcp.reassemble_out_of_order:TRUE", "-T", "fields", "-E", "occurrence=f", "-E",
               "separator=/t"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    for line in done.stdout.decode(errors="replace").split("\n"):
        if line:
            cells = line.split("\t")
            yield Row(*(cells + [""] * (len(FIELDS) - len(cells))))


def layers(row):
    """(link layers, "ip" or "ipv6", layers behind), of the outermost IP header."""
    names = row.frame_protocols.split(":")
    for at, name in enumerate(names):
        if name in ("ip", "ipv6"):
            # Behind the wrong type, tshark's IPv4 hands a packet on to its IPv6.
            if name == "ip" and not row.ip_src and names[at + 1:at + 2] == ["ipv6"]:
                return names[:at], "ipv6", names[at + 2:]
            return names[:at], name, names[at + 1:]
    return names, None, []


def number(text):
    return int(text, 0) if text else None


def counted(row, link, total):
    """Promise 2: the header's length, unless the record had less or the header says none."""
    if link and link[0] == "ppp":
        link = ["first ppp"]  # as on a serial line, with address and control (RFC 1662, 3.1)
    if any(name not in LINK for name in link):
        return total
    room = number(row.frame_len) - sum(LINK[name] for name in link)
    return min(room, MOST) if total > room or total == 0 else total


def ports(row, protocol):
    kind = TRANSPORT.get(protocol)
    if not kind:
        return 0, 0
    return (number(getattr(row, f"{kind}_srcport")) or 0,
            number(getattr(row, f"{kind}_dstport")) or 0)


def protocol6(row, behind):
    for name in behind:
        if name not in EXTENSIONS:
            return NUMBERS.get(name)
    return None


def packets(path):
    """Yields a Packet for each IP packet; a later fragment has its first one's ports."""
    first = {}
    for row in rows(path):
        link, version, behind = layers(row)
        if version == "ip" and row.ip_len and row.ip_dst:
            ends, protocol = (row.ip_src, row.ip_dst), number(row.ip_proto)
            total = counted(row, link, number(row.ip_len))
            ident, offset = row.ip_id, number(row.ip_frag_offset) or 0
        elif version == "ipv6" and row.ipv6_plen and row.ipv6_dst:
            ends, protocol = (row.ipv6_src, row.ipv6_dst), protocol6(row, behind)
            total = counted(row, link, 40 + number(row.ipv6_plen))
            ident, offset = row.ipv6_fraghdr_ident, number(row.ipv6_fraghdr_offset) or 0
        else:
            continue
        ends = tuple(str(ipaddress.ip_address(end)) for end in ends)
        datagram = (ends, protocol, ident)
        if offset == 0:
            pair = ports(row, protocol)
            if row.ip_flags_mf in ("1", "True") or row.ipv6_fraghdr_more in ("1", "True"):
                first[datagram] = pair
        else:
            pair = first.get(datagram, (0, 0))
        key = (protocol, ends[0], pair[0], ends[1], pair[1])
        back = (protocol, ends[1], pair[1], ends[0], pair[0])
        yield Packet(key, back, total, row.tls_handshake_extensions_server_name)


def totals(path):
    """{(protocol, source, port, target, port): [bytes, packets]}; one key a direction."""
    sums = collections.defaultdict(lambda: [0, 0])
    for packet in packets(path):
        sums[packet.key][0] += packet.bytes
        sums[packet.key][1] += 1
    return dict(sums)


def names(path):
    """{five-tuple in the direction of the hello: set of server names}."""
    found = collections.defaultdict(set)
    for packet in packets(path):
        if packet.sni:
            found[packet.key].add(packet.sni.lower().rstrip("."))
    return dict(found)
