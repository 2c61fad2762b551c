# SPDX-License-Identifier: Apache-2.0
"""What a device speaks: TCP and TLS lines, MQTT, datagrams.  All of it marks content."""
import asyncio
import json
import os
import socket
import ssl
import struct
import time

import marks

HEADER = struct.Struct("!IIH")  # cloud.py's messages
AGENT = b"User-Agent: porchlight-lab/1 (simulated device)\r\n"


def context():
    """TLS without looking at the certificate: the lab's is nobody's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def order(control, **words):
    """Tells the cloud what is about to come; this is not on the wire.  Returns its answer."""
    reader, writer = await asyncio.open_unix_connection(control, limit=1 << 20)
    writer.write(json.dumps(words).encode() + b"\n")
    answer = await reader.readline()
    writer.close()
    return answer


class Line:
    """One TCP or TLS connection to a receiver.

    A receiver is {name, address, port, serve}: serve is `http` (nginx inside TLS), `web` (nginx
    in the clear), `tls` or `tcp` (cloud.py).
    """

    def __init__(self, receiver, control, family=socket.AF_INET):
        self.receiver, self.control, self.family = receiver, control, family
        self.http = receiver["serve"] in ("http", "web")
        self.reader = self.writer = self.sock = None

    async def open(self):
        r = self.receiver
        tls = r["serve"] in ("http", "tls")
        if not self.http:
            await order(self.control, do="tcp", port=r["port"], tls=tls,
                        address=r["address6"] if self.family == socket.AF_INET6 else r["address"])
        host = r["address"] if r.get("bare") else r["name"]
        name = r["name"] if tls and not r.get("bare") else None
        self.reader, self.writer = await asyncio.wait_for(asyncio.open_connection(
            host, r["port"], ssl=context() if tls else None, family=self.family,
            server_hostname=(name or "") if tls else None), 20)
        self.sock = self.writer.get_extra_info("socket")
        self.writer.transport.set_write_buffer_limits(65536)
        return self

    async def settle(self):
        """Waits until the other side acknowledged all; then nothing is marked any more."""
        give_up = time.monotonic() + 240
        while (self.writer.transport.get_write_buffer_size() or marks.unacknowledged(self.sock)):
            if self.writer.transport.is_closing() or time.monotonic() > give_up:
                raise ConnectionError("line is dead")
            await asyncio.sleep(0.005)
        marks.put(self.sock)

    async def write(self, data, mark=None):
        if mark:
            marks.put(self.sock, *mark)
        self.writer.write(data)
        await self.writer.drain()

    def head(self, length, down):
        """What precedes a message of length bytes; chunked when nobody knows the length."""
        if not self.http:
            return HEADER.pack(length, down, 30)
        if not length:
            size = next((k for k in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096)
                         if k * 1024 >= down), 16384)
            start = b"GET /%d HTTP/1.1\r\n" % size
        else:
            start = b"PUT /put/%s HTTP/1.1\r\n" % self.receiver["id"].encode()
        body = (b"Content-Length: %d\r\n" % length if length and length > 0 else
                b"Transfer-Encoding: chunked\r\n" if length else b"")
        return (start + b"Host: " + self.receiver["name"].encode() + b"\r\n" + AGENT +
                b"Content-Type: application/octet-stream\r\n" + body + b"\r\n")

    async def answer(self, down):
        if not self.http:
            await self.reader.readexactly(down)
            return
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = 0
        if b"content-length:" in head:
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        while length:
            length -= len(await self.reader.read(min(length, 65536)) or b"")
            if self.reader.at_eof() and length:
                raise ConnectionError("cut short")

    async def say(self, up, down, mark=None):
        """One message and its answer; up: bytes, or how many of them."""
        body = os.urandom(up) if isinstance(up, int) else up
        await self.write(self.head(len(body), down) + body, mark)
        await self.settle()
        await asyncio.wait_for(self.answer(down), 60)

    async def fetch(self, size, rate_kbps, mark):
        """A download; only its request is marked, truth.py follows what comes down."""
        request = b"GET /%d?rate=%d HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (
            size, rate_kbps * 125, self.receiver["name"].encode(), AGENT)
        await self.write(request, mark)
        await self.settle()
        await asyncio.wait_for(self.answer(0), 600)

    async def paced(self, pieces, mark, record=16384):
        """Writes [(seconds, bytes)] as they fall due, a picture at a time; what an encoder
        cannot get rid of it drops, as cameras do."""
        start = time.monotonic()
        if self.http:
            await self.write(self.head(-1, 0), mark)
        for due, data in pieces:
            await asyncio.sleep(max(0, start + due - time.monotonic()))
            if self.writer.transport.get_write_buffer_size() > 131072:
                continue
            marks.put(self.sock, *mark)
            for at in range(0, len(data), record):
                part = data[at:at + record]
                self.writer.write(b"%x\r\n%s\r\n" % (len(part), part) if self.http else
                                  HEADER.pack(len(part), 0, 0) + part)
        if self.http:
            self.writer.write(b"0\r\n\r\n")
        await self.settle()
        if self.http:
            await asyncio.wait_for(self.answer(0), 60)

    async def close(self):
        self.writer.close()
        try:
            await asyncio.wait_for(self.writer.wait_closed(), 5)
        except (OSError, ssl.SSLError, asyncio.TimeoutError):
            pass


class Mqtt:
    """MQTT 3.1.1 (OASIS, 2014) in TLS to mosquitto: connect, publish, ping."""

    def __init__(self, receiver, name):
        self.receiver, self.name = receiver, name
        self.writer = None

    @staticmethod
    def packet(kind, body):
        length, size = b"", len(body)
        while True:
            length += bytes([size % 128 | (128 if size > 127 else 0)])
            size //= 128
            if not size:
                return bytes([kind]) + length + body

    @staticmethod
    def text(word):
        return struct.pack("!H", len(word)) + word.encode()

    async def open(self, keep_alive):
        r = self.receiver
        self.reader, self.writer = await asyncio.wait_for(asyncio.open_connection(
            r["name"], r["port"], ssl=context(), server_hostname=r["name"],
            family=socket.AF_INET), 20)
        self.sock = self.writer.get_extra_info("socket")
        self.writer.write(self.packet(0x10, self.text("MQTT") + b"\x04\x02" + struct.pack(
            "!H", min(65535, keep_alive * 2)) + self.text(self.name)))
        await self.reader.readexactly(4)
        self.writer.write(self.packet(0x82, b"\0\1" + self.text(f"lab/{self.name}/set") + b"\0"))
        await self.reader.readexactly(5)
        return self

    async def publish(self, size, mark=None):
        topic = self.text(f"lab/{self.name}/state")
        if mark:
            marks.put(self.sock, *mark)
        self.writer.write(self.packet(0x30, topic + os.urandom(size)))
        await self.writer.drain()
        if mark:
            while marks.unacknowledged(self.sock):
                await asyncio.sleep(0.005)
            marks.put(self.sock)

    async def ping(self):
        self.writer.write(b"\xc0\0")
        await self.writer.drain()
        await asyncio.wait_for(self.reader.readexactly(2), 30)


class Datagrams(asyncio.DatagramProtocol):
    """One UDP socket of the device, whoever it speaks to."""

    def __init__(self, control):
        self.control, self.transport, self.sock = control, None, None
        self.heard, self.last_mark = asyncio.Event(), None

    async def open(self, port=0, family=socket.AF_INET):
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(
            lambda: self, local_addr=("::" if family == socket.AF_INET6 else "0.0.0.0", port),
            family=family)
        self.sock = self.transport.get_extra_info("socket")
        return self

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.heard.set()

    def error_received(self, error):
        pass

    async def meet(self, address, port):
        """The cloud opens that socket."""
        await order(self.control, do="udp", address=address, port=port)

    def send(self, data, remote, mark=None):
        if mark != self.last_mark:
            marks.put(self.sock, *(mark or ()))
            self.last_mark = mark
        self.transport.sendto(data, remote)

    async def ask(self, data, remote):
        """Sends, and waits a little for whatever comes."""
        self.heard.clear()
        self.send(data, remote)
        try:
            await asyncio.wait_for(self.heard.wait(), 2)
        except asyncio.TimeoutError:
            pass


def binding_request(dice):
    return b"\x00\x01\x00\x00\x21\x12\xa4\x42" + dice.randbytes(12)
