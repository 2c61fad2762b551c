# SPDX-License-Identifier: Apache-2.0
"""A day of a made-up doorbell: what captures/doorbell-day.pcapng.gz shows.

The maker is Doorvue, which does not exist.  All names end in .example (RFC 2606), remotes
have documentation addresses (RFC 5737), the doorbell a documentation MAC (RFC 9542).
"""
import calendar
import json
import time

import wire
from scene import MILLISECOND, SECOND, Host, Scene, Stream
from wire import Piece

MIDNIGHT = calendar.timegm((2026, 11, 14, 0, 0, 0)) * SECOND
SNAP = 400  # enough for every hello, of bulk little but headers

ROUTER = Host("02:00:5e:10:00:01", "192.168.7.1")
BELL = Host("00:00:5e:00:53:0d", "192.168.7.20")
PHONE = Host("02:00:5e:20:00:31", "192.168.7.31")

# Behind the router every remote has the router's MAC.
MEDIA = Host(ROUTER.mac, "203.0.113.40")
EVENTS = Host(ROUTER.mac, "203.0.113.10")
RENDEZVOUS = Host(ROUTER.mac, "203.0.113.90")
TRACKER = Host(ROUTER.mac, "203.0.113.77")
TIME = Host(ROUTER.mac, "198.51.100.123")
PHONE_OUTSIDE = Host(ROUTER.mac, "198.51.100.231")
NEWS = Host(ROUTER.mac, "198.51.100.50")
BACKUP = Host(ROUTER.mac, "198.51.100.60")

MEDIA_CHAIN = ["media-eu.doorvue.example", "edge-7.skyfold.example"]

CLIPS = ((8, 12, 30, 25, 4_100_000), (12, 41, 5, 21, 3_300_000), (16, 40, 1, 25, 4_000_000),
         (19, 20, 44, 28, 4_600_000))


def at(hour, minute, second=0):
    return MIDNIGHT + (hour * 3600 + minute * 60 + second) * SECOND


def stamp(nanoseconds):
    second, rest = divmod(nanoseconds // 1000, 10**6)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)) + f".{rest:06d}Z"


class Day(Scene):
    """Adds to a scene what the doorbell does, and the truth about it."""

    def __init__(self):
        super().__init__(seed=20261114, snap=SNAP)
        self.truth = []
        self.port = 40000

    def next_port(self):
        self.port += 1
        return self.port

    def frame(self, time, frame):
        # Of bulk only the headers stay; of what parsers read, all.
        self.snap = min(SNAP, max(len(frame.kept), 66)) if frame.more else SNAP
        super().frame(time, frame)

    def tell(self, device, remote, content, shape, start, end, to):
        """Notes an episode: IP bytes of the device to the remote from start to end."""
        source, target = (wire.address_bytes(a) for a in (device.address, remote.address))
        total = sum(r.wire - 14 for r in self.frames if start <= r.time <= end and
                    r.data[12:14] == b"\x08\x00" and r.data[26:30] == source and
                    r.data[30:34] == target)
        self.truth.append({"device": device.mac, "content": content, "shape": shape,
                           "start": stamp(start), "end": stamp(end), "bytes": total, "to": to})

    def clip(self, begin, seconds, total):
        """A motion clip, sent as it is recorded: 15 frames a second, a large one every 2 s."""
        self.look_up(begin - 90 * MILLISECOND, BELL, ROUTER, "media.doorvue.example",
                     MEDIA_CHAIN, MEDIA.address)
        stream = Stream(self, BELL, self.next_port(), MEDIA, 443)
        now = start = stream.hello(begin, "media.doorvue.example")
        frames = seconds * 15
        small = total // (frames + 5 * (frames // 30))
        for number in range(frames):
            now = start + number * SECOND // 15 + self.dice.roll(0, 4) * MILLISECOND
            size = small * self.dice.roll(85, 115) // 100 * (6 if number % 30 == 0 else 1)
            now = stream.up_bulk(now, size, self.dice.roll(300, 700) * 1000)
        self.tell(BELL, MEDIA, "video", "stream", start, now, "media.doorvue.example")
        stream.down(now + 60 * MILLISECOND, wire.tls_data(280))
        stream.close(now + 900 * MILLISECOND)

    def snapshot(self, begin):
        """A picture for a notice on the phone, at the line's rate."""
        self.look_up(begin - 90 * MILLISECOND, BELL, ROUTER, "media.doorvue.example",
                     MEDIA_CHAIN, MEDIA.address)
        stream = Stream(self, BELL, self.next_port(), MEDIA, 443)
        start = stream.hello(begin, "media.doorvue.example")
        end = stream.up_bulk(start, 68_400, 600_000)
        self.tell(BELL, MEDIA, "picture", "burst", start, end, "media.doorvue.example")
        stream.down(end + 70 * MILLISECOND, wire.tls_data(180))
        stream.close(end + 300 * MILLISECOND)

    def media_packets(self, start, seconds, port, remote, remote_port):
        """Video of 12 frames a second in 1,046-byte datagrams, sound every 40 ms."""
        end = start
        for number in range(seconds * 12):
            now = start + number * SECOND // 12
            for _ in range(self.dice.roll(8, 12) * (3 if number % 24 == 0 else 1)):
                self.udp(now, BELL, port, remote, remote_port, Piece(bytes(16), 1030))
                end = max(end, now)
                now += self.dice.roll(500, 900) * 1000
        for number in range(seconds * 25):
            now = start + number * 40 * MILLISECOND + 7 * MILLISECOND
            self.udp(now, BELL, port, remote, remote_port, Piece(bytes(16), 156))
            self.udp(now + 3 * MILLISECOND, remote, remote_port, BELL, port, bytes(24))
            end = max(end, now)
        return end

    def bind(self, time, port):
        """Asks the maker's server how the socket looks from outside."""
        transaction = self.dice.bytes(12)
        self.udp(time, BELL, port, RENDEZVOUS, 3478, wire.stun(0x0001, transaction))
        self.udp(time + 24 * MILLISECOND, RENDEZVOUS, 3478, BELL, port,
                 wire.stun(0x0101, transaction, wire.stun_mapped("198.51.100.9", port)))

    def live_view(self, begin, seconds, port):
        """The phone, away from home, looks through the doorbell: straight to its address."""
        self.look_up(begin - 400 * MILLISECOND, BELL, ROUTER, "p2p.doorvue.example", [],
                     RENDEZVOUS.address)
        for number in range(3):
            self.bind(begin - (300 - 100 * number) * MILLISECOND, port)
        for number in range(4):
            transaction = self.dice.bytes(12)
            now = begin + number * 50 * MILLISECOND
            self.udp(now, BELL, port, PHONE_OUTSIDE, 41873, wire.stun(0x0001, transaction))
            self.udp(now + 40 * MILLISECOND, PHONE_OUTSIDE, 41873, BELL, port,
                     wire.stun(0x0101, transaction, wire.stun_mapped("198.51.100.9", port)))
        start = begin + 300 * MILLISECOND
        end = self.media_packets(start, seconds, port, PHONE_OUTSIDE, 41873)
        self.tell(BELL, PHONE_OUTSIDE, "video", "stream", start, end, PHONE_OUTSIDE.address)

    def live_view_at_home(self, begin, seconds, port):
        start = begin + 100 * MILLISECOND
        self.udp(begin, PHONE, 50123, BELL, port, bytes(48))
        self.udp(begin + 20 * MILLISECOND, BELL, port, PHONE, 50123, bytes(48))
        self.media_packets(start, seconds, port, PHONE, 50123)

    def heartbeats(self):
        """A connection that stays open all day: a little every minute."""
        name = "events.doorvue.example"
        self.look_up(at(0, 0, 4), BELL, ROUTER, name, ["events-eu.doorvue.example"],
                     EVENTS.address)
        stream = Stream(self, BELL, self.next_port(), EVENTS, 8883)
        now = stream.hello(at(0, 0, 5), name)
        for minute in range(24 * 60 - 1):
            beat = now + minute * 60 * SECOND + self.dice.roll(0, 400) * MILLISECOND
            stream.up(beat, wire.tls_data(98))
            stream.down(beat + 25 * MILLISECOND, wire.tls_data(71))

    def tracked(self, begin):
        name = "in.metricly.example"
        self.look_up(begin - 60 * MILLISECOND, BELL, ROUTER, name, [], TRACKER.address)
        stream = Stream(self, BELL, self.next_port(), TRACKER, 443)
        now = stream.hello(begin, name)
        stream.up(now, wire.tls_data(1180))
        stream.up(now + 2 * MILLISECOND, wire.tls_data(760))
        stream.down(now + 60 * MILLISECOND, wire.tls_data(310))
        stream.close(now + 200 * MILLISECOND)

    def browsing(self, begin, pages):
        """The phone reads the news: much more comes down than goes up."""
        self.look_up(begin - 50 * MILLISECOND, PHONE, ROUTER, "www.newsly.example", [],
                     NEWS.address)
        stream = Stream(self, PHONE, self.next_port(), NEWS, 443)
        now = stream.hello(begin, "www.newsly.example")
        for _ in range(pages):
            stream.up(now, wire.tls_data(420))
            for number in range(self.dice.roll(20, 60)):
                stream.down(now + 40 * MILLISECOND + number * MILLISECOND, wire.tls_data(1448))
            now += self.dice.roll(8, 30) * SECOND
        stream.close(now)

    def photo_backup(self, begin):
        """The phone saves its photos: a large upload that is no camera's footage."""
        self.look_up(begin - 50 * MILLISECOND, PHONE, ROUTER, "backup.cloudbox.example", [],
                     BACKUP.address)
        stream = Stream(self, PHONE, self.next_port(), BACKUP, 443)
        now = stream.hello(begin, "backup.cloudbox.example")
        now = stream.up_bulk(now, 1_900_000, 5 * MILLISECOND)
        stream.close(now + 100 * MILLISECOND)


def morning(day):
    """The doorbell and the phone come up."""
    day.dhcp(at(0, 0, 1), BELL, ROUTER, "Doorvue-Bell-00530D", 0x5300000D, b"doorvue-bell-2")
    day.arp(at(0, 0, 2), BELL, ROUTER)
    day.dhcp(at(6, 50, 12), PHONE, ROUTER, "Sams-phone", 0x20000031)
    day.arp(at(6, 50, 13), PHONE, ROUTER)


def small_talk(day):
    """What goes on all day: time, presence, neighbours, measurements."""
    day.look_up(at(0, 0, 3), BELL, ROUTER, "ntp.nettime.example", [], TIME.address)
    for hour in range(24):
        day.udp(at(hour, 7, 3), BELL, 123, TIME, 123, wire.ntp(3))
        day.udp(at(hour, 7, 3) + 30 * MILLISECOND, TIME, 123, BELL, 123, wire.ntp(4))
        day.arp(at(hour, 31, 40), ROUTER, BELL)
        if hour % 2 == 0:
            day.tracked(at(hour, 45, 9))


def motion(records):
    """Of the day's records: the doorbell comes up, and its first clip."""
    return [r for r in records
            if r.time < at(0, 1, 30) or at(8, 12, 25) <= r.time < at(8, 13, 30)]


def make_day():
    """Returns (records, truth)."""
    day = Day()
    morning(day)
    day.heartbeats()
    small_talk(day)
    for hour, minute, second, seconds, total in CLIPS:
        day.clip(at(hour, minute, second), seconds, total)
    day.snapshot(at(14, 3, 10))
    day.live_view(at(17, 30, 12), 62, 50820)
    day.live_view_at_home(at(21, 5, 30), 12, 50830)
    for hour in (7, 13, 18, 22):
        day.browsing(at(hour, 20, 2), 4)
    day.photo_backup(at(22, 40, 0))
    truth = {"schema": "porchlight.truth/1",
             "devices": [{"mac": BELL.mac, "kind": "doorbell", "vendor": "doorvue"}],
             "episodes": sorted(day.truth, key=lambda episode: episode["start"])}
    return day.sorted(), json.dumps(truth, indent=1) + "\n"
