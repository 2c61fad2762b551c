#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Everything outside of the home that is no nginx and no mosquitto.

usage: cloud.py CERTIFICATE KEY CONTROL_SOCKET

* TCP and TLS: messages of a 10-byte header (body length, length and delay of the answer), as
  binary protocols of cameras have them.  Inside TLS nobody sees that they are ours.
* UDP: STUN (RFC 8489), NTP (RFC 5905), and a peer that acknowledges media.
* The control socket, which is no part of the wire: a player says which address it is about to
  speak to, that the other side shall talk, or that somebody answers a WebRTC offer.
"""
import asyncio
import json
import os
import random
import socket
import ssl
import struct
import sys
import time

import webrtc
from media import Library

HEADER = struct.Struct("!IIH")
COOKIE = b"\x21\x12\xa4\x42"


async def serve_messages(reader, writer):
    """Reads messages until the end; answers those that ask for it."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while True:
            length, answer, delay = HEADER.unpack(await reader.readexactly(HEADER.size))
            while length:
                length -= len(await reader.readexactly(min(length, 65536)))
            if delay:
                await asyncio.sleep(delay / 1000)
            if answer:
                writer.write(os.urandom(answer))
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, OSError):
        pass
    finally:
        writer.close()


def stun_success(request, address):
    """A binding response with XOR-MAPPED-ADDRESS."""
    transaction = request[8:20]
    packed = socket.inet_pton(socket.AF_INET6 if ":" in address[0] else socket.AF_INET,
                              address[0])
    mask = COOKIE + transaction
    mapped = bytes(a ^ b for a, b in zip(packed, mask))
    value = struct.pack("!BBH", 0, 1 if len(packed) == 4 else 2, address[1] ^ 0x2112) + mapped
    attribute = struct.pack("!HH", 0x0020, len(value)) + value
    return struct.pack("!HH", 0x0101, len(attribute)) + COOKIE + transaction + attribute


class Peer(asyncio.DatagramProtocol):
    """Answers as a STUN or time server, a relay or a phone would."""

    def __init__(self):
        self.transport, self.seen = None, {}

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        if len(data) >= 20 and data[4:8] == COOKIE and data[0] < 2:
            if data[:2] == b"\x00\x01":
                self.transport.sendto(stun_success(data, address), address)
        elif len(data) == 48 and data[0] & 7 == 3:
            self.transport.sendto(bytes([0x24, 2, 6, 0xEC]) + os.urandom(44), address)
        elif data[:1] == b"?":  # asks for an answer of its own length, at least 2 bytes
            length = struct.unpack("!H", data[1:3])[0] if len(data) > 2 else 8
            self.transport.sendto(b"!" + os.urandom(max(2, length) - 1), address)
        else:
            self.media(data, address)

    def media(self, data, address):
        """A receiver's report twice a second: RTCP for RTP, else short acknowledgements."""
        now = time.monotonic()
        rtp = data and data[0] >> 6 == 2
        if now - self.seen.get(address, 0) < (0.9 if rtp else 0.25):
            return
        self.seen[address] = now
        if rtp:
            report = struct.pack("!BBHI", 0x81, 201, 7, 0x5EED) + data[8:12] + bytes(20)
            self.transport.sendto(report, address)
        else:
            self.transport.sendto(b"\xf1\xd1" + os.urandom(22), address)


class Cloud:
    """Opens what players are about to speak to: any address is local here, see house.py."""

    def __init__(self, context):
        self.context, self.open, self.library = context, {}, None

    async def listen(self, address, port, tls):
        if ("tcp", address, port) not in self.open:
            self.open["tcp", address, port] = await asyncio.start_server(
                serve_messages, address, port, ssl=self.context if tls else None, backlog=64,
                reuse_port=True)

    async def bind(self, address, port):
        """Returns the transport of a UDP socket at address and port."""
        key = ("udp", address, port)
        if key not in self.open:
            self.open[key] = (await asyncio.get_running_loop().create_datagram_endpoint(
                Peer, local_addr=(address, port)))[0]
        return self.open[key]

    async def talk(self, order):
        """Sound from the other side: RTP in 20 ms packets, or datagrams of some protocol."""
        transport = await self.bind(*order["from"])
        start = time.monotonic()
        number = 0
        while number * order["every"] < order["seconds"]:
            head = b"\xf1\xd0"
            if order["ssrc"]:
                head = struct.pack("!BBHII", 0x80, order["pt"], number & 0xFFFF, number * 160,
                                   order["ssrc"])
            transport.sendto(head + os.urandom(order["size"] - len(head)), tuple(order["to"]))
            number += 1
            await asyncio.sleep(max(0, start + number * order["every"] - time.monotonic()))

    async def obey(self, reader, writer):
        line = await reader.readline()
        order = json.loads(line) if line else {"do": ""}
        if order["do"] == "tcp":
            await self.listen(order["address"], order["port"], order["tls"])
        elif order["do"] == "udp":
            await self.bind(order["address"], order["port"])
        end = None
        if order["do"] == "view":
            sdp, end = await self.view(order)
            writer.write(json.dumps({"sdp": sdp}).encode() + b"\n")
        else:
            writer.write(b"ok\n")
        await writer.drain()
        writer.close()
        if order["do"] == "talk":
            await self.talk(order)
        elif end:
            await end()

    async def view(self, order):
        """Answers a WebRTC offer as the phone at order's address would."""
        self.library = self.library or Library(order["folder"])
        return await webrtc.answer(order, {"media": self.library, "dice": random.Random(7)})


async def main():
    certificate, key, control = sys.argv[1:4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    await asyncio.start_unix_server(Cloud(context).obey, control, limit=1 << 20)
    await asyncio.Event().wait()


asyncio.run(main())
