# SPDX-License-Identifier: Apache-2.0
"""WebRTC by aiortc: ICE, DTLS and SRTP as browsers and cameras have them, with media that was
encoded before.  Both ends use this: the device in its namespace, the viewer in the cloud's."""
import asyncio
import contextvars
import fractions
import json
import time

import marks
from lines import order

HOSTS = contextvars.ContextVar("hosts")  # the addresses that ICE may offer in this task
MARK = [None]  # what RTP of this process carries


def library():
    """aiortc, with what the lab needs of it: chosen addresses, marks, no decoding."""
    import aioice.ice
    import aiortc
    import aiortc.rtcrtpreceiver

    class Blind:
        def decode(self, frame):
            return []

    def send(self, data, address):
        rtp = data[:1] and data[0] >> 6 == 2 and not 200 <= data[1] <= 207
        wanted = MARK[0] if rtp else None
        if getattr(self, "marked", None) != wanted:
            marks.put(self.transport.get_extra_info("socket"), *(wanted or ()))
            self.marked = wanted
        self.transport.sendto(data, address)

    async def send_data(self, data, address):
        send(self, data, address)

    def send_stun(self, message, address):
        send(self, bytes(message), address)

    if not getattr(aioice.ice, "for_the_lab", False):
        aioice.ice.for_the_lab = True
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: HOSTS.get()
        aioice.ice.StunProtocol.send_data = send_data
        aioice.ice.StunProtocol.send_stun = send_stun
        aiortc.rtcrtpreceiver.get_decoder = lambda codec: Blind()
    return aiortc


def track(kind, pieces):
    """A track that gives pieces, [(seconds, bytes)], when they are due."""
    import aiortc
    import av

    class Track(aiortc.MediaStreamTrack):
        def __init__(self):
            super().__init__()
            self.kind, self.start, self.number = kind, None, 0

        async def recv(self):
            if self.number >= len(pieces):
                await asyncio.sleep(3600)
            self.start = self.start or time.monotonic()
            when, data = pieces[self.number]
            self.number += 1
            await asyncio.sleep(max(0, self.start + when - time.monotonic()))
            packet = av.Packet(data)
            packet.time_base = fractions.Fraction(1, 90000)
            packet.pts = int(when * 90000)
            return packet

    return Track()


def prefer_h264(aiortc, connection):
    codecs = [c for c in aiortc.RTCRtpSender.getCapabilities("video").codecs
              if c.mimeType.lower() == "video/h264"]
    for transceiver in connection.getTransceivers():
        if transceiver.kind == "video":
            transceiver.setCodecPreferences(codecs)


async def call(p, row):
    """A view or a call over WebRTC; the signalling goes over the maker's own line first."""
    aiortc = library()
    HOSTS.set([p.plan["address"]])
    MARK[0] = (row.get("content", "video"), "stream")
    seconds = p.pick(row["seconds"])
    servers = []
    if "stun" in row:
        receiver = p.receivers[row["stun"]]
        await p.resolve(receiver)
        address = receiver["address"]  # STUN and TURN have IPv4 alone, at many makers
        await order(p.control, do="udp", address=address, port=receiver["port"])
        servers = [aiortc.RTCIceServer(f"stun:{address}:{receiver['port']}")]
    connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(servers))
    try:
        if "sound" in row:
            connection.addTrack(track("audio", p.library.sound(row["sound"]).sounds(
                seconds, p.dice)))
        if "media" in row:
            connection.addTrack(track("video", p.library.video(row["media"]).pictures(
                seconds, p.dice)))
            prefer_h264(aiortc, connection)
        await connection.setLocalDescription(await connection.createOffer())
        offer = connection.localDescription.sdp
        if "signal" in row:
            async with p.guard(row["signal"]):
                line = await p.hold(row["signal"])
                await line.say(len(offer), p.dice.randint(1800, 2600))
        answer = await order(
            p.control, do="view", sdp=offer, address=p.receivers["phone"]["address"],
            seconds=seconds, media=row.get("back_media"), sound=row.get("talk"),
            folder=p.plan["media"])
        await connection.setRemoteDescription(aiortc.RTCSessionDescription(
            json.loads(answer)["sdp"], "answer"))
        await asyncio.sleep(seconds + 1)
    finally:
        await connection.close()


async def answer(offer, libraries):
    """The viewer: returns (its description, a function that waits for the end)."""
    aiortc = library()
    HOSTS.set([offer["address"]])
    connection = aiortc.RTCPeerConnection()
    await connection.setRemoteDescription(aiortc.RTCSessionDescription(offer["sdp"], "offer"))
    dice = libraries["dice"]
    if offer.get("sound"):
        connection.addTrack(track("audio", libraries["media"].sound(offer["sound"]).sounds(
            offer["seconds"], dice)))
    if offer.get("media"):
        connection.addTrack(track("video", libraries["media"].video(offer["media"]).pictures(
            offer["seconds"], dice)))
    prefer_h264(aiortc, connection)
    await connection.setLocalDescription(await connection.createAnswer())

    async def end():
        await asyncio.sleep(offer["seconds"] + 4)
        await connection.close()

    return connection.localDescription.sdp, end
