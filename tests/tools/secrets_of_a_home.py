#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A capture of a made-up home full of things that must not be given away, and what they are.

usage: secrets_of_a_home.py > FILE.pcap
"""
import struct
import sys

import capture_file
import wire
from scene import SECOND, Host, Scene, Stream

MAC = "54:e0:19:4a:7c:e3"
CAMERA = Host(MAC, "192.168.77.23")
PHONE = Host("da:a1:19:6b:5f:91", "192.168.77.41")
ROUTER = Host("02:9c:31:d5:0e:77", "192.168.77.1")
EVERYONE = Host("ff:ff:ff:ff:ff:ff", "255.255.255.255")
SERVER = Host(ROUTER.mac, "203.0.113.99")   # looked up, so it stays
NOBODY = Host(ROUTER.mac, "203.0.113.177")  # never named
WAN = "198.51.100.143"
LAN6 = "2001:db8:4a7c:e301:56e0:19ff:fe4a:7ce3"  # the MAC in it (RFC 4291, appendix A)
LOCAL6 = "fe80::56e0:19ff:fe4a:7ce3"

SERIAL = "SN48213377"
NAMES = ["annas-hallway", "annas-phone", "kellerkind", "hunter2hunter2", "Villa Kunterbunt"]


class Secrets:
    """What a search must not find, in every form it may take."""

    addresses4 = [CAMERA.address, PHONE.address, ROUTER.address, WAN, NOBODY.address]
    addresses6 = [LAN6, LOCAL6]
    macs = [CAMERA.mac, PHONE.mac, ROUTER.mac]
    texts = NAMES + [SERIAL]

    @classmethod
    def forms(cls):
        for text in cls.texts:
            yield text, text.encode()
            yield text + " in capitals", text.upper().encode()
            yield text + " in small letters", text.lower().encode()
            yield text + " as UTF-16", text.encode("utf-16-le")
        for address in cls.addresses4:
            packed = wire.address_bytes(address)
            yield address, address.encode()
            yield address + " packed", packed
            yield address + " under the cookie", bytes(
                a ^ b for a, b in zip(packed, b"\x21\x12\xa4\x42"))
            yield address + " backwards", ".".join(reversed(address.split("."))).encode()
            yield address + " with dashes", address.replace(".", "-").encode()
        for address in cls.addresses6:
            packed = wire.address_bytes(address)
            yield address + " packed", packed
            yield address + " its host", packed[8:]
            yield address + " its group", b"\xff" + packed[13:]
        yield "the network of " + LAN6, wire.address_bytes(LAN6)[:8]
        for mac in cls.macs:
            packed = wire.mac_bytes(mac)
            yield mac, mac.encode()
            yield mac + " packed", packed
            yield mac + " its own half", packed[3:]
            yield mac + " as digits", packed.hex().encode()


def local_words(scene, time):
    """What devices say of themselves on their own network."""
    scene.arp(time, CAMERA, ROUTER)
    scene.arp(time + SECOND, PHONE, ROUTER)
    scene.dhcp(time + 2 * SECOND, CAMERA, ROUTER, "doorvue-bell-" + NAMES[0], 0x5EC4E7,
               vendor=b"doorvue-bell " + SERIAL.encode())
    owner = b"\x0d" + NAMES[0].encode() + b"\x05local\0"
    answer = struct.pack("!HHHHHH", 0, 0x8400, 0, 1, 0, 0) + owner + struct.pack(
        "!HHIH", 1, 0x8001, 120, 4) + wire.address_bytes(CAMERA.address)
    group = Host("01:00:5e:00:00:fb", "224.0.0.251")
    scene.udp(time + 3 * SECOND, CAMERA, 5353, group, 5353, answer)
    notify = ("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n"
              f"LOCATION: http://{CAMERA.address}/{SERIAL}.xml\r\nSERVER: {NAMES[4]}\r\n"
              f"USN: uuid:{SERIAL}-{MAC.replace(':', '')}\r\n\r\n")
    scene.udp(time + 4 * SECOND, CAMERA, 1900, Host("01:00:5e:7f:ff:fa", "239.255.255.250"), 1900,
              notify.encode())
    scene.udp(time + 4 * SECOND, PHONE, 137, EVERYONE, 137, NAMES[1].encode() + bytes(30))


def six(scene, time):
    """IPv6, where addresses hold MACs."""
    camera, router = Host(MAC, LAN6), Host(ROUTER.mac, "fe80::1")
    scene.frame(time, wire.ethernet(ROUTER.mac, "33:33:00:00:00:01", 0x86DD,
                                    wire.router_advertisement(router.address, ROUTER.mac,
                                                              "2001:db8:4a7c:e301::")))
    scene.frame(time + SECOND, wire.ethernet(MAC, "33:33:ff:4a:7c:e3", 0x86DD,
                                             wire.neighbour_solicitation("::", LAN6)))
    scene.frame(time + 2 * SECOND,
                wire.ethernet(MAC, "33:33:ff:00:00:01", 0x86DD,
                              wire.neighbour_solicitation(LOCAL6, "fe80::1", MAC)))
    data = wire.udp(camera.address, "2001:db8:ffff::9", 4000, 4000, SERIAL.encode())
    scene.packet(time + 3 * SECOND, camera, router,
                 wire.ipv6(camera.address, "2001:db8:ffff::9", wire.UDP, data))


def names(scene, time):
    """Look-ups, of the world and of the home."""
    scene.look_up(time, CAMERA, ROUTER, "media.doorvue.example", [], SERVER.address)
    scene.look_up(time + SECOND, PHONE, ROUTER, f"{SERIAL.lower()}.p2p.doorvue.example", [],
                  SERVER.address)
    scene.look_up(time + 2 * SECOND, PHONE, ROUTER, f"{NAMES[2]}.lan", [], "192.168.77.9")
    backwards = ".".join(reversed(CAMERA.address.split("."))) + ".in-addr.arpa"
    scene.udp(time + 3 * SECOND, PHONE, 40001, ROUTER, 53, wire.dns_query(7, backwards, 12))
    scene.udp(time + 4 * SECOND, PHONE, 40002, ROUTER, 53,
              wire.dns_query(8, f"{NAMES[1]}.fritz.box"))


def talk(scene, time):
    """An upload with the serial number in its name, a page in the clear, a datagram."""
    stream = Stream(scene, CAMERA, 40100, SERVER, 443)
    stream.open(time)
    stream.hello(time + SECOND // 10, f"{SERIAL.lower()}.p2p.doorvue.example".encode())
    for step in range(40):
        stream.up_bulk(time + SECOND + step * SECOND // 4, 30_000, 1_000_000)
    stream.close(time + 13 * SECOND)
    page = Stream(scene, CAMERA, 40101, SERVER, 80)
    page.open(time + 14 * SECOND)
    page.up(time + 15 * SECOND, wire.Piece(
        f"POST /register?sn={SERIAL} HTTP/1.1\r\nHost: media.doorvue.example\r\n"
        f"X-Device: {NAMES[0]}\r\nAuthorization: {NAMES[3]}\r\nContent-Length: 30\r\n\r\n"
        f"name={NAMES[4]}&mac={MAC}".encode()))
    page.close(time + 16 * SECOND)
    scene.udp(time + 17 * SECOND, CAMERA, 40102, NOBODY, 32100, b"\xf1" + SERIAL.encode() * 4)
    mapped = wire.stun_mapped(WAN, 40103) + struct.pack("!HH", 6, 12) + NAMES[3][:12].encode()
    scene.udp(time + 18 * SECOND, CAMERA, 40103, SERVER, 3478, wire.stun(1, b"t" * 12))
    scene.udp(time + 19 * SECOND, SERVER, 3478, CAMERA, 40103, wire.stun(0x101, b"t" * 12, mapped))
    cut = wire.ipv4(CAMERA.address, NOBODY.address, wire.UDP,
                    wire.udp(CAMERA.address, NOBODY.address, 1, 2, b"12345678")).kept
    scene.ip(time + 20 * SECOND, ROUTER, CAMERA, wire.ICMP, wire.icmp(3, 3, bytes(4) + cut))


def mirrored(scene, time):
    """A frame within a frame, which says as much."""
    inner = wire.ethernet(MAC, ROUTER.mac, 0x0800, wire.ipv4(
        CAMERA.address, NOBODY.address, wire.UDP,
        wire.udp(CAMERA.address, NOBODY.address, 5000, 5001, SERIAL.encode())))
    scene.udp(time, ROUTER, 50000, PHONE, 4789, wire.vxlan(inner).kept)


def records():
    scene = Scene()
    start = 1_795_000_000 * SECOND
    for number, part in enumerate((local_words, six, names, talk, mirrored)):
        part(scene, start + number * 30 * SECOND)
    trailer = scene.frames[0]
    scene.frames.append(trailer._replace(time=trailer.time + 1, data=trailer.data +
                                         SERIAL.encode(), wire=trailer.wire + len(SERIAL)))
    return scene.sorted()


if __name__ == "__main__":
    sys.stdout.buffer.write(capture_file.pcap_bytes(records()))
