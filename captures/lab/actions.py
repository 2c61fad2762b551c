# SPDX-License-Identifier: Apache-2.0
"""What a device does: each function plays one action of a style (styles/README.md).

p is the Player, row the action's row in the style.  Everything that carries content is marked.
"""
import asyncio
import os
import struct
import time

import pylibsrtp

import rtp
from lines import Datagrams, binding_request, order
from webrtc import call  # noqa: F401  (an action too)

VIDEO, SERIES = ("video", "stream"), ("video", "series")


async def taken(p, row):
    """The line of an action: one of its own, or the one that is open anyway."""
    return await (p.hold(row["host"]) if row.get("held") else p.line(row["host"]))


async def left(p, row, line):
    """A line of its own is closed, at once or after it lingered."""
    if not row.get("held"):
        await asyncio.sleep(p.pick(row.get("linger", 0.2)))
        await line.close()


def mixed(p, row, seconds):
    """Pictures, and the sounds between them: [(seconds, bytes)]"""
    pieces = p.library.video(row["media"]).pictures(seconds, p.dice)
    if "sound" in row:
        pieces = sorted(pieces + p.library.sound(row["sound"]).sounds(seconds, p.dice),
                        key=lambda piece: piece[0])
    return pieces


async def clip(p, row):
    """A clip sent as it is recorded: its first seconds, from before the event, at once."""
    line = await taken(p, row)
    async with p.guard(row["host"]):
        early = p.pick(row.get("preroll", 0))
        pieces = [(max(0.0, when - early), data)
                  for when, data in mixed(p, row, p.pick(row["seconds"]) + early)]
        await line.paced(pieces, VIDEO, row.get("record", 16384))
        await left(p, row, line)


async def burst(p, row):
    """A clip or still that was stored first, in one transfer at the line's rate."""
    line = await taken(p, row)
    async with p.guard(row["host"]):
        content = row.get("content", "video")
        body = (p.library.still(*row["bytes"], p.dice) if content == "picture" else
                p.library.video(row["media"]).clip(p.pick(row["seconds"]), p.dice)
                if "media" in row else os.urandom(p.pick(row["bytes"])))
        await line.say(body, row.get("down", 180), (content, "burst"))
        await left(p, row, line)


async def segments(p, row):
    """A segment every few seconds while something moves."""
    line = await taken(p, row)
    async with p.guard(row["host"]):
        every = p.pick(row["every"])
        start = time.monotonic()
        for number in range(p.pick(row["times"])):
            await asyncio.sleep(max(0, start + number * every - time.monotonic()))
            if row.get("fresh") and number:
                await line.close()
                line = await p.line(row["host"])
            if row.get("content") == "picture":
                body = p.library.still(*row["bytes"], p.dice)
            else:
                body = p.library.video(row["media"]).clip(every, p.dice)
            await line.say(body, row.get("down", 160), (row.get("content", "video"), "series"))
        await left(p, row, line)


async def pauses(p, row):
    """Live, with pauses shorter than a silence: motion comes and goes."""
    line = await taken(p, row)
    async with p.guard(row["host"]):
        for _ in range(p.pick(row["times"])):
            await line.paced(mixed(p, row, p.pick(row["seconds"])), VIDEO)
            await asyncio.sleep(p.pick(row["pause"]))
        await left(p, row, line)


async def sound(p, row):
    """Sound alone over TCP or TLS."""
    line = await taken(p, row)
    async with p.guard(row["host"]):
        packets = p.library.sound(row["sound"]).sounds(p.pick(row["seconds"]), p.dice)
        await line.paced(packets, (row.get("content", "audio"), "stream"))
        await left(p, row, line)


async def messages(p, row):
    """Words about an event: a few messages, one after the other."""
    line = await taken(p, row)
    async with p.guard(row["host"]):
        for _ in range(p.pick(row["times"])):
            await line.say(p.pick(row["up"]), p.pick(row["down"]), ("metadata", "trickle"))
            await asyncio.sleep(p.pick(row["gap"]))
        await left(p, row, line)


async def logs(p, row):
    """An archive of logs: one upload at the rate the device reads it."""
    line = await taken(p, row)
    await line.say(p.pick(row["bytes"]), 160, ("files", "burst"))
    await left(p, row, line)


async def firmware(p, row):
    line = await p.line(row["host"])
    await line.fetch(row["size"], p.pick(row["rate_kbps"]), ("firmware", "burst"))
    await line.close()


async def inside(p, row):
    """Somebody at home looks: RTSP from a phone (ffmpeg) that never leaves the home."""
    phone = p.plan["inside"]["phone"]
    source = f"rtsp://{p.plan['address']}:554/live"
    await watch(phone, source, p.pick(row["seconds"]))


async def watch(space, source, seconds):
    viewer = await asyncio.create_subprocess_exec(
        "ip", "netns", "exec", space, "ffmpeg", "-loglevel", "error", "-rtsp_transport", "udp",
        "-i", source, "-t", str(round(seconds)), "-c", "copy", "-f", "null", "-",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL)
    try:
        await asyncio.wait_for(viewer.wait(), seconds + 12)
    except asyncio.TimeoutError:
        viewer.terminate()


async def recorder(p, row):
    """A recorder pulls from a camera at home, then saves what it got outside."""
    cameras = p.plan["inside"]["cameras"]
    source = f"rtsp://{p.dice.choice(cameras)}:554/live" if cameras else ""
    if source:
        await watch(p.plan["space"], source, p.pick(row["seconds"]))
    await burst(p, row)


# --- datagrams ---

class Stream:
    """Where media datagrams go, and how they look."""

    def __init__(self, p, row, sock):
        self.p, self.row, self.sock = p, row, sock
        self.head, self.size = row.get("head", "p2p"), row["size"]
        codec = "h265" if row.get("media", "").startswith("w") else "h264"
        self.pictures = rtp.Packets(96, 90000, p.dice, codec)
        self.sounds = rtp.Packets(row.get("sound_type", 111), 48000, p.dice)
        self.number, self.session = 0, None
        if self.head == "srtp":
            self.session = pylibsrtp.Session(pylibsrtp.Policy(
                key=os.urandom(30), ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND))

    def dress(self, packet):
        return self.session.protect(packet) if self.session else packet

    def wrap(self, data):
        """Datagrams of a protocol of the maker's own: a small header, then a part."""
        step = self.size - 8
        for at in range(0, len(data), step):
            self.number += 1
            yield struct.pack("!HHI", 0xF1D0, min(step, len(data) - at), self.number) + \
                data[at:at + step]

    def of(self, when, data, kind):
        if self.head == "p2p":
            return list(self.wrap(data))
        if kind == "sound":
            return [self.dress(self.sounds.sound(when, data))]
        return [self.dress(packet) for packet in self.pictures.video(when, data, self.size)]

    async def play(self, seconds, target):
        """Sends for so long; target(seconds, kind) says from which socket to which remote."""
        p, row = self.p, self.row
        pieces = []
        if "media" in row:
            pieces += [(when, data, "video") for when, data in
                       p.library.video(row["media"]).pictures(seconds, p.dice)]
        if "sound" in row:
            pieces += [(when, data, "sound") for when, data in
                       p.library.sound(row["sound"]).sounds(seconds, p.dice)]
        pieces.sort(key=lambda piece: piece[0])
        start = time.monotonic()
        for when, data, kind in pieces:
            await asyncio.sleep(max(0, start + when - time.monotonic()))
            sock, remote = target(when, kind)
            mark = VIDEO if "media" in row else ("audio", "stream")
            for number, packet in enumerate(self.of(when, data, kind)):
                if number % 4 == 3:
                    await asyncio.sleep(row.get("gap_ms", 1) / 1000)
                sock.send(packet, remote, mark)


async def introduced(p, row, sock, peer):
    """Rendezvous and hole punching, from the one socket the media will use."""
    for host in row.get("rendezvous", []):
        receiver = p.receivers[host]
        address = await p.resolve(receiver)
        await sock.meet(address, receiver["port"])
        for _ in range(row.get("asks", 2)):
            request = (binding_request(p.dice) if receiver["port"] in (3478, 443) else
                       b"?\0\x28" + p.dice.randbytes(41))
            await sock.ask(request, (address, receiver["port"]))
    if peer:
        await sock.meet(*peer)
        for _ in range(row.get("probes", 3)):
            request = (binding_request(p.dice) if row.get("ice") else
                       b"?\0\x18" + p.dice.randbytes(p.pick(row.get("probe", 25)) - 3))
            sock.send(request, peer)
            await asyncio.sleep(0.05)


async def view(p, row):
    """A live view in datagrams: to a phone, to a relay, or to a relay and then to the phone."""
    wire = "address6" if p.plan.get("ipv6") else "address"
    held = p.held.get(("udp", row["host"])) if row.get("held") else None
    sock = held or await Datagrams(p.control).open(row.get("from", 0), p.family())
    phone = p.receivers["phone"]
    peer = (phone[wire], p.dice.randint(20000, 60000)) if row.get("peer") else None
    relay = None
    if row.get("host"):
        receiver = p.receivers[row["host"]]
        relay = (await p.resolve(receiver), receiver["port"])
        await sock.meet(*relay)
    await introduced(p, row, sock, peer)
    seconds, until = p.pick(row["seconds"]), p.pick(row.get("relayed", 0))
    other = await sound_line(p, row)

    def target(when, kind):
        if kind == "sound" and other:
            return other
        return sock, (relay if relay and (not peer or when < until) else peer)

    talking = await talked(p, row, sock, peer or relay, other, seconds)
    stream = Stream(p, row, sock)
    await stream.play(seconds, target)
    await tail(p, row, sock, peer or relay)
    if talking:
        await talking
    for one in (sock if not held else None, other and other[0]):
        if one:
            one.transport.close()


async def sound_line(p, row):
    """Sound on a socket and port of its own, where the maker does so."""
    if "sound_host" not in row:
        return None
    receiver = p.receivers[row["sound_host"]]
    sock = await Datagrams(p.control).open(0, p.family())
    remote = (await p.resolve(receiver), receiver["port"])
    await sock.meet(*remote)
    return sock, remote


async def talked(p, row, sock, remote, other, seconds):
    """The viewer talks back: sound comes down while the view goes on."""
    if "talk" not in row:
        return None
    sock, remote = other or (sock, remote)
    local = (p.plan["address6" if ":" in remote[0] else "address"],
             sock.sock.getsockname()[1])
    size, every = row["talk"]
    return asyncio.create_task(order(
        p.control, do="talk", to=local, size=size, every=every, seconds=seconds * 0.8, pt=111,
        ssrc=p.dice.getrandbits(32) if row.get("head") != "p2p" else 0, **{"from": remote}))


async def tail(p, row, sock, remote):
    """Small packets that go on after the media: they stretch the flow."""
    for _ in range(p.pick(row.get("tail", 0))):
        sock.send(b"?\0\x18" + p.dice.randbytes(25), remote)
        await asyncio.sleep(1)


async def tunnel(p, row):
    """Everything through one VPN port: an upload in datagrams of full size."""
    receiver = p.receivers[row["host"]]
    sock = p.held.get(("udp", row["host"])) or await Datagrams(p.control).open(0, p.family())
    remote = (await p.resolve(receiver), receiver["port"])
    await sock.meet(*remote)
    pieces = mixed(p, row, p.pick(row["seconds"])) if "media" in row else [
        (at / 50, os.urandom(p.pick(row["bytes"]) // 50)) for at in range(50)]
    start = time.monotonic()
    for when, data in pieces:
        await asyncio.sleep(max(0, start + when - time.monotonic()))
        for at in range(0, len(data), row["size"]):
            part = data[at:at + row["size"]]
            sock.send(struct.pack("!II", 4, at) + os.urandom(len(part) // 16 * 16 + 24), remote,
                      (row.get("content", "video"), row.get("shape", "stream")))
            if at // row["size"] % 4 == 3:
                await asyncio.sleep(0.001)
    await tail(p, row, sock, remote)


async def game(p, row):
    """A game: little in both directions, many times a second."""
    receiver = p.receivers[row["host"]]
    sock = await Datagrams(p.control).open(0, p.family())
    remote = (await p.resolve(receiver), receiver["port"])
    await sock.meet(*remote)
    seconds = p.pick(row["seconds"])
    talking = await talked(p, {"talk": [row["down"], 0.033], "head": "p2p"}, sock, remote, None,
                           seconds)
    for _ in range(int(seconds * 1000 / row["every_ms"])):
        sock.send(b"?\0\2" + os.urandom(row["up"] - 3), remote, (row["content"], "stream"))
        await asyncio.sleep(row["every_ms"] / 1000)
    await talking
    sock.transport.close()
