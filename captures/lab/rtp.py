# SPDX-License-Identifier: Apache-2.0
"""RTP (RFC 3550) of H.264 (RFC 6184), H.265 (RFC 7798) and sound, and the RTSP server
(RFC 2326) that cameras have for the home."""
import asyncio
import re
import struct
import time


def nal_units(picture):
    """The NAL units of an access unit in Annex B."""
    at = [m.end() for m in re.finditer(b"\0\0\1", picture)]
    ends = [m.start() for m in re.finditer(b"\0\0\0?\1", picture)][1:] + [len(picture)]
    return [picture[begin:end] for begin, end in zip(at, ends)]


def fragments(unit, size, codec):
    """Payloads of at most size bytes: the unit whole, or in fragmentation units."""
    if len(unit) <= size:
        return [unit]
    if codec == "h264":
        skip, head = 1, bytes([unit[0] & 0xE0 | 28])
        kind = unit[0] & 31
    else:
        skip, head = 2, bytes([unit[0] & 0x81 | 49 << 1, unit[1]])
        kind = unit[0] >> 1 & 63
    step = size - len(head) - 1
    parts = [unit[at:at + step] for at in range(skip, len(unit), step)]
    return [head + bytes([(0x80 if n == 0 else 0x40 if n == len(parts) - 1 else 0) | kind]) + part
            for n, part in enumerate(parts)]


class Packets:
    """One RTP source: numbers its packets on and on, whoever gets them."""

    def __init__(self, kind, clock, dice, codec="h264"):
        self.kind, self.clock, self.codec = kind, clock, codec
        self.ssrc, self.number = dice.getrandbits(32), dice.getrandbits(15)
        self.base = dice.getrandbits(31)

    def header(self, when, last):
        self.number = self.number + 1 & 0xFFFF
        return struct.pack("!BBHII", 0x80, self.kind | (0x80 if last else 0), self.number,
                           self.base + int(when * self.clock) & 0xFFFFFFFF, self.ssrc)

    def video(self, when, picture, size):
        parts = [p for unit in nal_units(picture) for p in fragments(unit, size - 12, self.codec)]
        return [self.header(when, n == len(parts) - 1) + part for n, part in enumerate(parts)]

    def sound(self, when, packet):
        return self.header(when, False) + packet


class RtspServer:
    """One view at a time, video over UDP; what it sends stays inside."""

    def __init__(self, player, media, port=554):
        self.player, self.media, self.port = player, media, port
        self.sending = None

    async def serve(self):
        await asyncio.start_server(self.talk, "0.0.0.0", self.port)

    async def talk(self, reader, writer):
        client = writer.get_extra_info("peername")[0]
        ports = None
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
                method = request.split()[0]
                number = re.search(r"CSeq: *(\d+)", request, re.I).group(1)
                head, body = f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nSession: 4711\r\n", ""
                if method == "OPTIONS":
                    head += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
                elif method == "DESCRIBE":
                    body = ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=live\r\nt=0 0\r\n"
                            "m=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\n"
                            "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\n"
                            "a=control:track1\r\n")
                    head += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
                elif method == "SETUP":
                    ports = re.search(r"client_port=(\d+)", request)
                    port = int(ports.group(1))
                    head += (f"Transport: RTP/AVP;unicast;client_port={port}-{port + 1}\r\n")
                writer.write((head + "\r\n" + body).encode())
                if method == "PLAY":
                    self.sending = asyncio.create_task(self.send(client, port))
                elif method == "TEARDOWN":
                    break
        except (asyncio.IncompleteReadError, ConnectionError, AttributeError):
            pass
        if self.sending:
            self.sending.cancel()
        writer.close()

    async def send(self, client, port):
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("0.0.0.0", 0))
        packets = Packets(96, 90000, self.player.dice)
        start = time.monotonic()
        try:
            for when, picture in self.player.library.video(self.media).pictures(
                    600, self.player.dice):
                await asyncio.sleep(max(0, start + when - time.monotonic()))
                for packet in packets.video(when, picture, 1400):
                    transport.sendto(packet, (client, port))
        finally:
            transport.close()
