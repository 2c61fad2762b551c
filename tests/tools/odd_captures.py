# SPDX-License-Identifier: Apache-2.0
"""Small captures that each show one odd thing.  tests/program/ says what porchlight makes of
them; sizes are round, so that the sums can be checked by hand."""
import struct

import wire
from capture_file import Record, pcap_bytes, pcapng_bytes
from scene import MILLISECOND, SECOND, Host, Scene, Stream
from wire import ACK, PSH, Piece

START = 1_790_000_000 * SECOND  # a day of 2026
ROUTER = Host("02:00:5e:10:00:01", "192.168.1.1")
CAMERA = Host("02:00:5e:00:53:10", "192.168.1.10")
PHONE = Host("02:00:5e:20:00:31", "192.168.1.31")
SERVER = Host(ROUTER.mac, "203.0.113.5")


def exchange(scene, start, device=CAMERA, server=SERVER, up=100, down=50, **options):
    """up datagrams of 1000 bytes out (1028 each as IP), down of 100 bytes back (128 each)."""
    for number in range(up):
        scene.udp(start + number * 10 * MILLISECOND, device, 5000, server, 6000,
                  Piece(b"", 1000), **options.get("out", {}))
        if number < down:
            scene.udp(start + number * 10 * MILLISECOND + MILLISECOND, server, 6000, device,
                      5000, Piece(b"", 100), **options.get("back", {}))


def vlan_one_way():
    """Only what comes down has a VLAN tag, as some mirroring switches do."""
    scene = Scene()
    exchange(scene, START, back={"vlan": 100})
    return pcap_bytes(scene.sorted())


def one_direction():
    """Only what goes up was caught, from the middle of a connection: 200 packets of 1500."""
    scene = Scene()
    for number in range(200):
        segment = wire.tcp(CAMERA.address, SERVER.address, 50000, 443, 7000 + number * 1448, 9,
                           ACK | PSH, Piece(b"", 1448), Stream.STAMPS)
        scene.ip(START + number * 20 * MILLISECOND, CAMERA, SERVER, wire.TCP, segment)
    return pcap_bytes(scene.sorted())


def mid_flow():
    """Starts with the server's acknowledgement of data sent before: no handshake to see."""
    scene = Scene()
    stream = Stream(scene, CAMERA, 50000, SERVER, 443)
    stream.segment(START, False, ACK)
    stream.up_bulk(START + 5 * MILLISECOND, 144_800, 10 * MILLISECOND)
    return pcap_bytes(scene.sorted())


def clock(start, step=0):
    """A capture that begins at start, and whose clock jumps by step half-way."""
    scene = Scene()
    exchange(scene, start)
    exchange(scene, start + SECOND + step)
    return pcap_bytes(scene.frames)


def clock_subsecond():
    """The microseconds of each third record are a thousand million and more."""
    scene = Scene()
    exchange(scene, START)
    data = bytearray(pcap_bytes(scene.sorted()))
    at, number = 24, 0
    while at < len(data):
        kept = struct.unpack_from("<I", data, at + 8)[0]
        if number % 3 == 0:
            struct.pack_into("<I", data, at + 4, 1_000_000_005)
        at, number = at + 16 + kept, number + 1
    return bytes(data)


# The home of the IPv6 captures: a benchmarking prefix (RFC 5180), because documentation
# prefixes are outside whatever a router says.
HOME6 = "2001:2:0:1::"
ROUTER6 = Host(ROUTER.mac, "fe80::1")
CAMERA6 = Host(CAMERA.mac, HOME6 + "20")
PHONE6 = Host(PHONE.mac, HOME6 + "31")
SERVER6 = Host(ROUTER.mac, "2001:db8:5::5")
FORGED6 = Host(ROUTER.mac, "2001:2:0:99::5")


def advertise(scene, time, mac, source, prefix):
    frame = wire.router_advertisement(source, mac, prefix)
    scene.frame(time, wire.ethernet(mac, "33:33:00:00:00:01", 0x86DD, frame))


def come_up(scene, time, host):
    probe = wire.neighbour_solicitation("::", host.address)
    scene.frame(time, wire.ethernet(host.mac, "33:33:ff:00:00:20", 0x86DD, probe))


def ipv6_home():
    """Global addresses inside: an upload leaves, a stream between two of them does not."""
    scene = Scene()
    advertise(scene, START, ROUTER.mac, ROUTER6.address, HOME6)
    come_up(scene, START + MILLISECOND, CAMERA6)
    come_up(scene, START + 2 * MILLISECOND, PHONE6)
    exchange(scene, START + SECOND, CAMERA6, SERVER6)
    for number in range(10):
        scene.udp(START + 3 * SECOND + number * MILLISECOND, CAMERA6, 7000, PHONE6, 7001,
                  Piece(b"", 1000))
    return pcap_bytes(scene.sorted())


def forged_advertisement():
    """Someone inside advertises the prefix of the server: the upload leaves all the same."""
    scene = Scene()
    advertise(scene, START, ROUTER.mac, ROUTER6.address, HOME6)
    come_up(scene, START + MILLISECOND, CAMERA6)
    advertise(scene, START + 2 * MILLISECOND, PHONE.mac, "fe80::bad", "2001:2:0:99::")
    exchange(scene, START + SECOND, CAMERA6, FORGED6)
    return pcap_bytes(scene.sorted())


def many_behind_one_mac():
    """An extender answers for three devices: their packets alternate under its MAC."""
    scene = Scene()
    for number in range(30):
        device = Host("02:00:5e:10:00:77", f"192.168.1.{41 + number % 3}")
        scene.udp(START + number * 100 * MILLISECOND, device, 5000, SERVER, 6000,
                  Piece(b"", 500 + 100 * (number % 3)))
    return pcap_bytes(scene.sorted())


def outside_the_home():
    """Taken beyond the router: two public ends."""
    scene = Scene()
    exchange(scene, START, Host(CAMERA.mac, "198.51.100.20"), SERVER)
    return pcap_bytes(scene.sorted())


def carrier_nat():
    """To an address of a carrier's NAT (RFC 6598) and to one of documentation."""
    scene = Scene()
    exchange(scene, START, server=Host(ROUTER.mac, "100.64.0.9"))
    exchange(scene, START + 2 * SECOND, up=10, down=0)
    return pcap_bytes(scene.sorted())


def fragments():
    """Ten datagrams of 4000 bytes, each in three fragments: 1500, 1500 and 1068 bytes."""
    scene = Scene()
    for number in range(10):
        datagram = wire.udp(CAMERA.address, SERVER.address, 5000, 6000, bytes(4000)).kept
        for offset in (0, 1480, 2960):
            part = datagram[offset:offset + 1480]
            scene.packet(START + number * 50 * MILLISECOND + offset * 1000, CAMERA, SERVER,
                         wire.ipv4(CAMERA.address, SERVER.address, wire.UDP, part,
                                   ident=number + 1, offset=offset, more_fragments=offset < 2960))
    return pcap_bytes(scene.sorted())


SWITCH = Host("02:00:5e:30:00:02", "192.168.9.2")
SNIFFER = Host("02:00:5e:30:00:03", "192.168.9.3")


def mirrored(wrap):
    """What exchange() sends, as a switch sends it on to a sniffer."""
    inside, scene = Scene(), Scene()
    exchange(inside, START)
    for number, record in enumerate(inside.sorted()):
        frame = Piece(record.data, record.wire - len(record.data))
        protocol, content = wrap(frame, number)
        scene.ip(record.time, SWITCH, SNIFFER, protocol, content)
    return pcap_bytes(scene.sorted())


def by_udp(port, wrap):
    def wrapped(frame, _):
        return wire.UDP, wire.udp(SWITCH.address, SNIFFER.address, 40000, port, wrap(frame))
    return wrapped


def by_erspan(frame, number):
    return wire.GRE, wire.erspan(frame, number)


def duplicates():
    """Each frame of exchange() twice, 20 microseconds apart: a mirror of both sides."""
    scene = Scene()
    exchange(scene, START)
    twice = scene.frames + [r._replace(time=r.time + 20_000) for r in scene.frames]
    return pcap_bytes(sorted(twice, key=lambda record: record.time))


def one_liar(total, on_wire):
    """88 bytes: one frame, whose IP header says total and whose record says on_wire."""
    content = wire.ipv4(CAMERA.address, SERVER.address, wire.UDP,
                        wire.udp(CAMERA.address, SERVER.address, 5000, 6000, bytes(6)),
                        total=total)
    frame = wire.ethernet(CAMERA.mac, SERVER.mac, 0x0800, content)
    return pcap_bytes([Record(START, frame.kept, on_wire)])


HOSTILE_NAMES = (b"bad\xff\xfeutf8.example", b"esc\x1b[31mred.example", b"</script><b>.example",
                 b"=cmd|' /C calc'!A0", b"@sum.example", b"nul\0inside.example",
                 b"a" * 63 + b"." + b"b" * 63 + b".example", b"line\nfeed\r.example",
                 b"\xe2\x80\xaeltr.example")


def hostile_names():
    """Uploads to hosts whose names are traps for terminals, spreadsheets and browsers."""
    scene = Scene()
    for number, name in enumerate(HOSTILE_NAMES):
        server = Host(ROUTER.mac, f"203.0.113.{100 + number}")
        stream = Stream(scene, CAMERA, 50000 + number, server, 443)
        now = stream.hello(START + number * 10 * SECOND, name)
        stream.up_bulk(now, 14_480, 10 * MILLISECOND)
    scene.dhcp(START - SECOND, CAMERA, ROUTER, "=bell\x1b]0;title\x07", 5)
    return pcap_bytes(scene.sorted())


def short_talk():
    """A little of everything, for cutting and flipping."""
    scene = Scene(snap=600)
    scene.arp(START, CAMERA, ROUTER)
    scene.look_up(START + MILLISECOND, CAMERA, ROUTER, "media.doorvue.example",
                  ["edge.skyfold.example"], SERVER.address)
    stream = Stream(scene, CAMERA, 50000, SERVER, 443)
    stream.open(START + 40 * MILLISECOND)
    stream.up(START + 65 * MILLISECOND,
              wire.client_hello(b"media.doorvue.example", scene.dice.bytes(64)))
    scene.udp(START + 70 * MILLISECOND, CAMERA, 5000, SERVER, 3478,
              wire.stun(1, scene.dice.bytes(12)))
    return scene.sorted()


def all_of_them():
    """Yields (name, bytes)."""
    yield "vlan-one-way.pcap", vlan_one_way()
    yield "one-direction.pcap", one_direction()
    yield "mid-flow.pcap", mid_flow()
    yield "clock-1970.pcap", clock(0)
    yield "clock-2040.pcap", clock(2_208_988_800 * SECOND)
    yield "clock-back.pcap", clock(START, -3600 * SECOND)
    yield "clock-forward.pcap", clock(START, 56 * 365 * 86400 * SECOND)
    yield "clock-subsecond.pcap", clock_subsecond()
    yield "ipv6-home.pcap", ipv6_home()
    yield "forged-advertisement.pcap", forged_advertisement()
    yield "many-behind-one-mac.pcap", many_behind_one_mac()
    yield "outside-the-home.pcap", outside_the_home()
    yield "carrier-nat.pcap", carrier_nat()
    yield "fragments.pcap", fragments()
    yield "mirror-vxlan.pcap", mirrored(by_udp(4789, wire.vxlan))
    yield "mirror-tzsp.pcap", mirrored(by_udp(37008, wire.tzsp))
    yield "mirror-erspan.pcap", mirrored(by_erspan)
    yield "duplicates.pcap", duplicates()
    # A length of 0 leaves it to the network card (segmentation offload).
    yield "four-gigabytes.pcap", one_liar(0, 0xFFFFFFFF)
    yield "claims-too-much.pcap", one_liar(60000, 48)
    yield "hostile-names.pcap", hostile_names()
    yield "short-talk.pcap", pcap_bytes(short_talk(), snap=600)
    yield "short-talk.pcapng", pcapng_bytes(short_talk(), snap=600)
