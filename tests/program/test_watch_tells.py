#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A lab's camera on the wire, a real watch, a real broker: what home automation is told, and when."""
import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import messenger
import porch
from messenger import wait_until

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import namespaces  # noqa: E402

RECORDING = porch.SOURCE / "captures/lab/recordings/blink-camera-simulated-first.pcapng.zst"
CLIP = ("12", "22")  # seconds of the recording that hold its first clip, of 5 s
PORT = 18830


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Tells(porch.Test):
    def setUp(self):
        super().setUp()
        self.space = f"porch-{os.getpid()}-tells"
        self.folder.chmod(0o755)
        subprocess.run(["ip", "netns", "add", self.space], check=True)
        self.addCleanup(subprocess.run, ["ip", "netns", "del", self.space], check=False)
        for words in (["link", "set", "lo", "up"], ["link", "add", "v0", "type", "veth", "peer", "name", "v1"],
                      ["link", "set", "v0", "up"], ["link", "set", "v1", "up"]):
            subprocess.run(["ip", "-n", self.space, *words], check=True)
        # The watch gives up root: what it writes belongs to nobody.
        self.state = self.folder / "state"
        self.state.mkdir()
        os.chown(self.state, 65534, 65534)

    def start(self, name, *words):
        out = open(self.folder / name, "wb")
        process = subprocess.Popen(["ip", "netns", "exec", self.space, *words], stdout=out,
                                   stderr=subprocess.STDOUT)
        out.close()
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def heard(self, end):
        """(when, payload) of each message on a topic that ends so."""
        found = []
        for line in (self.folder / "heard").read_bytes().splitlines():
            when, topic, payload = line.split(b" ", 2)
            if topic.decode().endswith(end):
                found.append((float(when), payload))
        return found

    def states(self):
        return [(when, json.loads(payload)["footage"]) for when, payload in self.heard("/state")
                if b'"footage"' in payload]

    def test_the_footage_sensor_follows_a_clip_on_the_wire(self):
        clip = self.folder / "clip.pcapng"
        subprocess.run(["zstd", "-dqf", str(RECORDING), "-o", str(clip)], check=True)
        conf = self.file("conf", f"listener {PORT} 127.0.0.1\nallow_anonymous true\nuser root\n".encode())
        self.start("broker", "mosquitto", "-c", str(conf))
        time.sleep(0.5)
        self.start("heard", "mosquitto_sub", "-p", str(PORT), "-t", "#", "-F", "%U %t %p")
        out, hook = self.state / "out.ndjson", self.state / "hook"
        watch = self.start("watch", porch.PROGRAM, "watch", "v0", "--page", "none", "--history",
                           str(self.state / "history.db"), "--output", str(out), "--exec",
                           f"cat >> {hook}", "--mqtt", f"mqtt://127.0.0.1:{PORT}")
        said = self.folder / "watch"
        self.assertTrue(wait_until(lambda: self.heard("/available")), said.read_text(errors="replace"))
        subprocess.run(["ip", "netns", "exec", self.space, sys.executable,
                        str(porch.SOURCE / "tests/tools/play.py"), str(clip), *CLIP, "v1"],
                       check=True, timeout=60, capture_output=True)
        self.assertTrue(wait_until(lambda: any(b"upload_ended" in p for _, p in self.heard("/event")), 20),
                        said.read_text(errors="replace"))
        self.assertTrue(wait_until(lambda: self.states()[-1][1] == "OFF", 10))
        watch.send_signal(signal.SIGTERM)
        self.expect(0, watch.wait(20), f"status; it said {said.read_text(errors='replace')}")
        self.look_at(out, hook)

    def look_at(self, out, hook):
        started, ended = [(when, json.loads(payload)) for when, payload in self.heard("/event")
                          if b"upload_" in payload]
        self.assertEqual(["upload_started", "upload_ended"],
                         [e["event_type"] for _, e in (started, ended)])
        on = next(when for when, word in self.states() if word == "ON")
        off = next(when for when, word in self.states() if when > on and word == "OFF")
        start, end = seconds(started[1]["time"]), seconds(ended[1]["time"])
        told = f"told {on - start:.2f} s after the start and {off - end:.2f} s after the end"
        self.assertLess(on - start, 4, told)
        self.assertLess(off - end, 8 + 4, told)
        self.assertGreater(off - end, 7, told)
        print(told, file=sys.stderr)
        records = [json.loads(line) for line in out.read_text().splitlines()]
        closed = [r for r in records if r["type"] == "episode" and not r["open"] and
                  r["id"] == ended[1]["episode"]]
        self.assertEqual([ended[1]["bytes_up"]], [r["bytes_up"] for r in closed])
        hooked = [json.loads(line)["id"] for line in hook.read_text().splitlines()]
        self.assertLessEqual({started[1]["id"], ended[1]["id"]}, set(hooked))
        self.assertEqual(b"offline", self.heard("/available")[-1][1])
        self.assertEqual(b"", b"".join(p.read_bytes() for p in (self.state / "spool").glob("*.spool")))


if __name__ == "__main__":
    why = namespaces.missing()
    if why:
        porch.skip(why)
    for tool in ("mosquitto", "mosquitto_sub", "zstd"):
        if not shutil.which(tool):
            porch.skip(f"no {tool} here")
    if not pathlib.Path(messenger.PROGRAM).exists():
        porch.skip(f"no program at {messenger.PROGRAM}")
    porch.main()
