# SPDX-License-Identifier: Apache-2.0
"""Starts porchlight-messenger alone, feeds it event lines, and listens where it tells."""
import collections
import datetime
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

import porch

PROGRAM = os.environ.get("PORCHLIGHT_MESSENGER",
                         str(pathlib.Path(porch.PROGRAM).with_name("porchlight-messenger")))
BOOT = "00c0ffee00c0ffee"
DOOR, YARD = "d1100000000000001", "d1100000000000002"
CLOUD = "r2200000000000001"
DAY = datetime.datetime(2026, 11, 15, 22, 43, tzinfo=datetime.timezone.utc)


def moment(seconds):
    at = DAY + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Lines:
    """Event lines as the counting process writes them (sink/event.h), numbered as it does."""

    def __init__(self, boot=BOOT):
        self.boot, self.number, self.seconds = boot, 0, 0
        self.opened = {}

    def line(self, record, **members):
        head = {"schema": "porchlight/1", "type": record, "boot": self.boot}
        if record != "state":
            self.number += 1
            head["event"] = self.number
        return json.dumps({**head, **members}).encode() + b"\n"

    def device(self, ident=DOOR, label="Front door", watched=True, kind="doorbell", **more):
        return self.line("device", id=ident, mac="02:00:5e:10:00:01", addresses=["192.168.7.20"],
                         hostname="doorbell-1", label=label, vendor="doorvue", vendor_name="Doorvue",
                         product="Doorvue One", kind=kind, watched=watched, named_by_user=False, **more)

    def destination(self, ident=CLOUD, device=DOOR, party="cloud"):
        return self.line("destination", id=ident, device=device, name="clips.skyfold.example",
                         addresses=["198.51.100.7"], party=party, organisation="Skyfold Cloud")

    def episode(self, ident, is_open, device=DOOR, destination=CLOUD, footage="yes", size=1000000):
        self.seconds += 1
        return self.line("episode", id=ident, device=device, destination=destination, input=0,
                         content="video", footage=footage,
                         likelihood={"word": "very likely", "range": [90, 99], "calibrated": True},
                         start=moment(self.seconds), end=moment(self.seconds + 25),
                         duration_s=25.05, bytes_up=size, open=is_open)

    def notice(self, kind, device=DOOR, sentence="Front door did something new."):
        return self.line("notice", time=moment(self.seconds), kind=kind, device=device,
                         destination=CLOUD, episode=None, sentence=sentence)

    def state(self, state="quiet", device_state="quiet", upload=None, devices=None, **more):
        self.seconds += 1
        shown = [{"id": ident, "name": name, "kind": "doorbell", "vendor_name": "Doorvue",
                  "state": device_state, "sentence": "x", "bytes_up_today": 9000000,
                  "footage_bytes_today": 7400000, "footage_episodes_today": 1,
                  "rate_kbps": [0, 0, 0, 0], "open": upload,
                  "last": {"id": "e1", "start": moment(0), "end": moment(25), "bytes_up": 1,
                           "content": "video", "footage": "yes", "likelihood": None,
                           "organisation": "Skyfold Cloud", "party": "cloud", "destination": CLOUD}}
                 for ident, name in (devices or [(DOOR, "Front door")])]
        return self.line("state", time=moment(self.seconds), state=state, sentence="Now.",
                         watched_since=moment(0), bytes_up_today=0, footage_bytes_today=0,
                         footage_episodes_today=0, counters={"received": 100, "dropped": 3},
                         gaps=1, rules_rev=4, rules_seen="2026-11-01", interfaces=[], limits=[], devices=shown, **more)

    def upload(self, n, device=DOOR):
        """Both ends of the n-th upload."""
        ident = f"e{0x33 + n:016x}"
        return self.episode(ident, True, device), self.episode(ident, False, device)


def open_upload(ident, party="cloud", footage="yes"):
    return {"id": ident, "start": moment(1), "bytes_up": 500000, "content": "video",
            "footage": footage, "likelihood": {"word": "very likely", "range": [90, 99],
                                               "calibrated": True},
            "organisation": "Skyfold Cloud", "party": party, "destination": None}


class Messenger:
    """The process, with a pipe to write lines to."""

    def __init__(self, test, setup):
        path = test.folder / f"setup-{time.monotonic_ns()}.json"
        path.write_text(json.dumps(setup))
        self.log = test.folder / f"messenger-{time.monotonic_ns()}.log"
        surroundings = dict(os.environ)
        surroundings.setdefault("ASAN_OPTIONS", "detect_stack_use_after_return=1")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", 'exec "$0" 3<"$1"', PROGRAM, str(path)], stdin=subprocess.PIPE,
                stderr=log, stdout=log, env=surroundings)
        test.addCleanup(self.kill)

    def say(self, *lines):
        self.process.stdin.write(b"".join(lines))
        self.process.stdin.flush()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass

    def said(self):
        return self.log.read_text(errors="replace")

    def end(self, seconds=30):
        """Ends its lines; returns its exit status.  A sanitizer's report fails the test."""
        self.process.stdin.close()
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end within {seconds} s:\n{self.said()}") from None
        if status < 0 or any(word in self.said() for word in porch.SANITIZER):
            raise AssertionError(f"ended with {status}:\n{self.said()}")
        return status


def wait_until(what, seconds=15, every=0.05):
    """What the function answers, as soon as it is true."""
    until = time.monotonic() + seconds
    while True:
        answer = what()
        if answer or time.monotonic() > until:
            return answer
        time.sleep(every)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Broker:
    """mosquitto on the loopback, with someone who listens to all of it."""

    def __init__(self, test, password=None, tls=None, killed=False):
        for program in ("mosquitto", "mosquitto_sub", "mosquitto_pub"):
            if not shutil.which(program):
                porch.skip(f"no {program} here")
        self.test, self.port, self.process, self.listener = test, free_port(), None, None
        self.folder = test.folder / "broker"
        self.folder.mkdir(mode=0o777)
        self.heard_at = self.folder / "heard"
        lines = [f"listener {self.port} 127.0.0.1", "persistence true",
                 f"persistence_location {self.folder}/", "max_queued_messages 0", "user root",
                 "max_inflight_messages 0"]
        if killed:  # it cannot save what it knows when it ends
            lines += ["autosave_on_changes true", "autosave_interval 1"]
        self.secret = []
        if password:
            subprocess.run(["mosquitto_passwd", "-b", "-c", str(self.folder / "passwords"),
                            "porch", password], check=True, capture_output=True)
            lines += [f"password_file {self.folder}/passwords", "allow_anonymous false"]
            self.secret = ["-u", "porch", "-P", password]
        else:
            lines.append("allow_anonymous true")
        if tls:
            lines += [f"certfile {tls}/server.crt", f"keyfile {tls}/server.key"]
        self.tls = ["--cafile", str(tls / "ca.crt"), "--insecure"] if tls else []
        (self.folder / "conf").write_text("\n".join(lines) + "\n")
        self.start()
        self.listen()
        test.addCleanup(self.stop, signal.SIGKILL)

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["mosquitto", "-c", str(self.folder / "conf")], stdout=log, stderr=log)
        if not wait_until(self.answers):
            raise AssertionError((self.folder / "log").read_text())

    def answers(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def listen(self):
        out = open(self.heard_at, "ab")
        self.listener = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-c", "-i",
             "listener", "-t", "#", "-F", '{"topic":"%t","retained":%r,"payload":"%x"}',
             *self.secret, *self.tls], stdout=out, stderr=subprocess.DEVNULL)
        out.close()
        self.test.addCleanup(self.listener.wait)
        self.test.addCleanup(self.listener.kill)
        time.sleep(0.5)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait()

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-t", topic, "-m",
                        payload, "-q", "1", *self.secret, *self.tls], check=True, timeout=20)

    def heard(self, end=""):
        """(topic, payload) of each message so far whose topic ends so."""
        found = []
        for line in self.heard_at.read_bytes().splitlines():
            try:
                message = json.loads(line)
            except ValueError:
                continue  # being written
            if message["topic"].endswith(end):
                found.append((message["topic"], bytes.fromhex(message["payload"])))
        return found

    def events(self):
        return [json.loads(payload) for _, payload in self.heard("/event")]

    def last(self, topic):
        found = [payload for at, payload in self.heard(topic) if at == topic]
        return found[-1] if found else None

    def retained(self):
        """What a newcomer is given, by topic."""
        done = subprocess.run(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-t", "#", "--retained-only",
             "-W", "2", "-F", "%t %x", *self.secret, *self.tls], capture_output=True, check=False,
            timeout=20)
        return {line.split()[0].decode(): bytes.fromhex(line.split()[1].decode())
                for line in done.stdout.splitlines() if len(line.split()) == 2}


class Receiver:
    """A web server that answers as it is told: a status, or a function of the request's number."""

    def __init__(self, test, answer=200):
        self.answer, self.requests, self.lock = answer, [], threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with receiver.lock:
                    receiver.requests.append((self.path, dict(self.headers), body))
                    number = len(receiver.requests)
                status = receiver.answer(number) if callable(receiver.answer) else receiver.answer
                self.send_response(status)
                if status in (301, 302, 307, 308):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)

    def bodies(self):
        with self.lock:
            return [json.loads(body) for _, _, body in self.requests]


def first_times(events):
    """Without repeats, in the order they first came."""
    return list(collections.OrderedDict((e["id"], e) for e in events).values())
