# SPDX-License-Identifier: Apache-2.0
"""Real media, encoded once by ffmpeg and then only read: video as access units, sound as
packets, stills as JPEG files.

A moving fractal under noise stands for a street: it keeps an encoder busy, and is the same
on every machine.
"""
import pathlib
import re
import subprocess

VIDEO = {  # name: (codec, size, kbit/s, frames a second, frames from key to key)
    "v155": ("h264", "480x270", 155, 15, 60), "v300": ("h264", "480x270", 300, 15, 30),
    "v500": ("h264", "640x360", 500, 15, 30), "v900": ("h264", "640x360", 900, 15, 30),
    "v1200": ("h264", "640x360", 1200, 20, 40), "v2000": ("h264", "640x360", 2000, 20, 40),
    "w400": ("h265", "640x360", 400, 15, 60), "w800": ("h265", "640x360", 800, 15, 60),
}
AUDIO = {  # name: (codec, arguments, seconds a packet)
    "pcmu": ("mulaw", ["-c:a", "pcm_mulaw", "-ar", "8000"], 0.02),
    "pcma": ("alaw", ["-c:a", "pcm_alaw", "-ar", "8000"], 0.04),
    "opus24": ("ogg", ["-c:a", "libopus", "-b:a", "24k", "-ar", "48000"], 0.02),
    "opus48": ("ogg", ["-c:a", "libopus", "-b:a", "48k", "-ar", "48000"], 0.02),
    "aac32": ("adts", ["-c:a", "aac", "-b:a", "32k", "-ar", "16000"], 0.064),
    "aac64": ("adts", ["-c:a", "aac", "-b:a", "64k", "-ar", "16000"], 0.064),
}
STILLS = [(width, quality) for width in (320, 480, 640, 960, 1280) for quality in (3, 6, 12, 24)]
SECONDS = 60


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-threads", "1", *words],
                   check=True, stdin=subprocess.DEVNULL)


def encode_video(path, codec, size, rate, fps, gop):
    scene = f"mandelbrot=size={size}:rate={fps},noise=c0s=10:c0f=t"
    keys = f"keyint={gop}:min-keyint={gop}:scenecut=0"
    coder = (["-c:v", "libx264", "-profile:v", "baseline", "-x264-params", keys]
             if codec == "h264" else
             ["-c:v", "libx265", "-x265-params", keys + ":log-level=error"])
    ffmpeg("-f", "lavfi", "-i", scene, "-t", str(SECONDS), *coder, "-preset", "veryfast",
           "-b:v", f"{rate}k", "-maxrate", f"{rate}k", "-bufsize", f"{2 * rate}k", "-pix_fmt",
           "yuv420p", "-f", "hevc" if codec == "h265" else codec, str(path))


def prepare(folder, wanted):
    """Encodes what is wanted and not there yet; half a minute for all of it."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, how in VIDEO.items():
        if name in wanted and not (folder / f"{name}.{how[0]}").exists():
            encode_video(folder / f"{name}.{how[0]}", *how)
    for name, (container, words, _) in AUDIO.items():
        if name in wanted and not (folder / f"{name}.{container}").exists():
            ffmpeg("-f", "lavfi", "-i", "anoisesrc=color=pink:amplitude=0.3,tremolo=f=3:d=0.8",
                   "-t", str(SECONDS), "-ac", "1", *words, "-f", container,
                   str(folder / f"{name}.{container}"))
    for number, (width, quality) in enumerate(STILLS):
        path = folder / f"still{number:02}.jpg"
        if "picture" in wanted and not path.exists():
            ffmpeg("-f", "lavfi", "-i",
                   f"mandelbrot=size={width}x{width * 9 // 16}:rate=1,noise=c0s=6:c0f=t",
                   "-frames:v", "1", "-q:v", str(quality), str(path))


def access_units(data, codec):
    """Splits an Annex B stream at its pictures: [(bytes, is a key picture)]."""
    units, current, key, has_slice = [], [], False, False
    starts = [m.start() for m in re.finditer(b"\0\0\0?\1", data)] + [len(data)]
    for begin, end in zip(starts, starts[1:]):
        unit = data[begin:end]
        head = unit[unit.index(1) + 1]
        kind = head & 31 if codec == "h264" else head >> 1 & 63
        picture = kind in (1, 5) if codec == "h264" else kind < 32
        if has_slice and (not picture or unit[unit.index(1) + (2 if codec == "h264" else 3)]
                          & 0x80):
            units.append((b"".join(current), key))
            current, key, has_slice = [], False, False
        current.append(unit)
        if picture:
            has_slice = True
            key = key or (kind == 5 if codec == "h264" else 16 <= kind <= 21)
    return units + [(b"".join(current), key)]


class Video:
    """Pictures of a file, from anywhere in it and round and round."""

    def __init__(self, folder, name):
        codec, _, _, self.fps, _ = VIDEO[name]
        data = (pathlib.Path(folder) / f"{name}.{codec}").read_bytes()
        self.units = access_units(data, codec)

    def pictures(self, seconds, dice):
        """[(seconds from the start, bytes)], from a key picture on."""
        keys = [number for number, (_, key) in enumerate(self.units) if key]
        first = dice.choice(keys)
        return [(number / self.fps, self.units[(first + number) % len(self.units)][0])
                for number in range(int(seconds * self.fps))]

    def clip(self, seconds, dice):
        return b"".join(picture for _, picture in self.pictures(seconds, dice))


class Sound:
    """Packets of a codec: for all of these their length and pace is what counts."""

    def __init__(self, folder, name):
        container, _, self.every = AUDIO[name]
        data = (pathlib.Path(folder) / f"{name}.{container}").read_bytes()
        self.packets = self.ogg(data) if container == "ogg" else (
            self.adts(data) if container == "adts" else self.blocks(data))

    def blocks(self, data):
        size = int(8000 * self.every)
        return [data[at:at + size] for at in range(0, len(data) - size, size)]

    @staticmethod
    def adts(data):
        packets, at = [], 0
        while at + 7 <= len(data):
            size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
            packets.append(data[at:at + size])
            at += size
        return packets

    @staticmethod
    def ogg(data):
        """Packets of the pages behind the two of the header (RFC 3533, RFC 7845)."""
        packets, at, rest = [], 0, b""
        while at + 27 <= len(data):
            lacing = data[at + 27:at + 27 + data[at + 26]]
            at += 27 + len(lacing)
            for size in lacing:
                rest += data[at:at + size]
                at += size
                if size < 255:
                    packets.append(rest)
                    rest = b""
        return packets[2:]

    def sounds(self, seconds, dice):
        """[(seconds from the start, bytes)]"""
        first = dice.randrange(len(self.packets))
        return [(number * self.every, self.packets[(first + number) % len(self.packets)])
                for number in range(int(seconds / self.every))]


class Library:
    """Reads each file when it is first asked for."""

    def __init__(self, folder):
        self.folder, self.known = folder, {}

    def video(self, name):
        return self.known.setdefault(name, None) or self.keep(name, Video(self.folder, name))

    def sound(self, name):
        return self.known.setdefault(name, None) or self.keep(name, Sound(self.folder, name))

    def keep(self, name, what):
        self.known[name] = what
        return what

    def still(self, low, high, dice):
        """A JPEG of low to high bytes, the nearest there is."""
        paths = sorted(pathlib.Path(self.folder).glob("still*.jpg"))
        fitting = [p for p in paths if low <= p.stat().st_size <= high]
        wanted = dice.randint(low, high)
        best = dice.choice(fitting) if fitting else min(
            paths, key=lambda p: abs(p.stat().st_size - wanted))
        data = best.read_bytes()
        return (data * (wanted // len(data) + 1))[:wanted]
