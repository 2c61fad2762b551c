#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The live page of a real watch: a recording of the lab is played over a veth in a namespace of its
own, and a browser there is asked when the sentence changed.

usage: test_watched.py MODULES SHOTS [RECORDING [SECONDS]]
PORCHLIGHT is the program, PORCHLIGHT_SOURCE the source folder.
"""
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE", ".")).resolve()
sys.path.insert(0, str(SOURCE / "tests/tools"))
import capture_file  # noqa: E402
import namespaces  # noqa: E402

PROGRAM = os.environ.get("PORCHLIGHT", "build/dev/porchlight")
RECORDINGS = SOURCE / "captures/lab/recordings"
PORT = 8642
SENDING, ENDED = "is sending what looks like", "may have ended"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def play(path, last, interface):
    """Sends frames as they were taken, and says when it began: in the namespace."""
    _, records = capture_file.read(path)
    start = records[0].time
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    out.bind((interface, 0))
    begun = time.time()
    print(json.dumps({"begun": begun, "first": start / 1e9}), flush=True)
    for record in records:
        after = (record.time - start) / 1e9
        if after > last:
            break
        time.sleep(max(0, begun + after - time.time()))
        out.send(record.data.ljust(record.wire, b"\0"))


class Net:
    """One namespace with a cable from itself to itself."""

    def __init__(self, number=0):
        self.name = f"porch-page-{os.getpid()}-{number}"

    def command(self, *words):
        return ["ip", "netns", "exec", self.name, *[str(word) for word in words]]

    def __enter__(self):
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        for words in (["link", "set", "lo", "up"],
                      ["link", "add", "home0", "type", "veth", "peer", "name", "out0"],
                      ["link", "set", "home0", "up"], ["link", "set", "out0", "up"]):
            subprocess.run(["ip", "-n", self.name, *words], check=True)
        subprocess.run(self.command("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"),
                       check=False, capture_output=True)
        return self

    def __exit__(self, *_):
        for pid in subprocess.run(["ip", "netns", "pids", self.name], capture_output=True,
                                  check=False).stdout.split():
            with contextlib.suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)
        subprocess.run(["ip", "netns", "del", self.name], check=False)


class Watch:
    def __init__(self, net, *options, out=subprocess.DEVNULL):
        self.net = net
        self.process = subprocess.Popen(
            net.command(PROGRAM, "watch", "--page", f"127.0.0.1:{PORT}", "--quiet",
                        "--ndjson", *options, "home0"), stdout=out)

    def ask(self, path):
        """From outside the namespace nobody can, so a program within does."""
        asked = subprocess.run(
            self.net.command(sys.executable, "-c", "import sys, urllib.request as r;"
                             "sys.stdout.buffer.write(r.urlopen(sys.argv[1], timeout=5).read())",
                             f"http://127.0.0.1:{PORT}{path}"), capture_output=True, check=False)
        return asked.stdout.decode() if asked.returncode == 0 else None

    def wait(self):
        for _ in range(150):
            if self.ask("/healthz") == "ok\n":
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError(f"the page does not answer: {self.process.poll()}")

    def state(self):
        for _ in range(10):  # those who are slow may be in the way, for ten seconds
            answer = self.ask("/api/v1/state")
            if answer:
                return json.loads(answer)["state"]
            time.sleep(2)
        raise AssertionError("the page does not answer")

    def page_memory(self):
        """KiB that only porchlight-page has in memory; None where it cannot be found."""
        for pid in subprocess.run(["ip", "netns", "pids", self.net.name], capture_output=True,
                                  check=False).stdout.split():
            with contextlib.suppress(OSError):
                if "porchlight-page" in os.readlink(f"/proc/{int(pid)}/exe"):
                    with open(f"/proc/{int(pid)}/smaps_rollup") as file:
                        return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))
        return None

    def end(self):
        self.process.terminate()
        return self.process.wait(30)


class Seat:
    """Somebody before the page."""

    def __init__(self, net, modules, shots):
        node = shutil.which("node")
        self.process = subprocess.Popen(
            net.command(node, SOURCE / "tests/web/watched.mjs", modules, f"http://127.0.0.1:{PORT}/", shots),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.changes, self.end_words = [], None
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            if "now" in said:
                self.changes.append((said["at"] / 1000, said["now"]))
            else:
                self.end_words = said

    def first(self, words, after, before):
        return next((at for at, now in self.changes if after <= at <= before and words in now), None)

    def shoot(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()

    def leave(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.reader.join(5)
        return self.end_words


# Runs in the namespace: streams that are read, and heads that never end.
CROWD = """
import socket, sys, threading, time
def stream():
    s = socket.create_connection(("127.0.0.1", 8642)); s.sendall(b"GET /events HTTP/1.1\\r\\nHost: 127.0.0.1:8642\\r\\n\\r\\n")
    while s.recv(65536): pass
for _ in range(7): threading.Thread(target=stream, daemon=True).start()
slow = []
while True:
    for s in slow:
        try: s.send(b"G")
        except OSError: pass
    if sys.argv[1] == "slow":
        slow = slow[-200:]
        for _ in range(20):
            try:
                s = socket.socket(); s.settimeout(0.2); s.connect(("127.0.0.1", 8642)); slow.append(s)
            except OSError: pass
    time.sleep(1)
"""

failures = 0


def check(good, what):
    global failures  # pylint: disable=global-statement
    print(("ok   " if good else "FAIL ") + what, flush=True)
    failures += not good


def judge_clips(seat, truth, begun, first, last):
    """When each clip began, and how long after that the sentence changed; and after its last packet."""
    began, ended = [], []
    clips = [e for e in truth["episodes"] if e["content"] == "video" and e["shape"] == "stream"]
    previous = 0
    for clip in clips:
        start = begun + seconds_of(clip["start"]) - first
        end = begun + seconds_of(clip["end"]) - first
        if seconds_of(clip["start"]) - first < 5 or seconds_of(clip["end"]) - first > last - 6:
            continue
        if start < previous + 8:  # joined to what went before
            previous = end
            continue
        previous = end
        at = seat.first(SENDING, start, end + 1)
        began.append((start, at - start if at else float("inf")))
        at = seat.first(ENDED, end, end + 8)
        if at:
            ended.append(at - end)
    return began, ended


def played(net, recording, last):
    plain = pathlib.Path(tempfile.gettempdir()) / f"{net.name}.pcapng"
    subprocess.run(["zstd", "-dqf", RECORDINGS / f"{recording}.pcapng.zst", "-o", plain], check=True)
    player = subprocess.Popen(
        net.command(sys.executable, pathlib.Path(__file__).resolve(), "--play", plain, last, "out0"),
        stdout=subprocess.PIPE, text=True)
    told = json.loads(player.stdout.readline())
    plain.unlink()
    return player, told["begun"], told["first"]


def watch_a_recording(net, modules, shots, recording, last):
    truth = json.loads((RECORDINGS / f"{recording}.truth.json").read_text())
    watch = Watch(net).wait()
    seat = Seat(net, modules, shots)
    time.sleep(4)
    if seat.end_words:
        skip(seat.end_words["skipped"])
    crowd = [subprocess.Popen(net.command(sys.executable, "-c", CROWD, "streams"))]
    player, begun, first = played(net, recording, last)
    threading.Timer(60, lambda: crowd.append(
        subprocess.Popen(net.command(sys.executable, "-c", CROWD, "slow")))).start()
    player.wait(last + 60)
    time.sleep(10)
    seat.shoot("after-a-day")
    began, ended = judge_clips(seat, truth, begun, first, last)
    began = [seconds for _, seconds in began]
    print("     began: " + ", ".join(f"{s:.2f}" for s in began) + " s after the first packet")
    print("     ended: " + ", ".join(f"{s:.2f}" for s in ended) + " s after the last")
    ordered = sorted(began)
    wanted = 4 if last >= 300 else 2  # that begin and end while it is played
    check(len(began) >= wanted, f"{len(began)} clips were played")
    check(statistics.median(began) <= 1.5, f"the sentence changes {statistics.median(began):.2f} s after, by the median")
    check(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] <= 4, f"at most {ordered[-1]:.2f} s after")
    check(bool(ended) and 2.5 <= statistics.median(ended) <= 5, "and says that it may have ended 3 s after the last burst")
    memory = watch.page_memory()
    for process in crowd:
        process.kill()
        process.wait()
    state = watch.state()
    check(state["counters"]["dropped"] == 0, f"{state['counters']['received']} frames, "
          f"{state['counters']['dropped']} lost, with 8 streams open and slow heads")
    check(memory is not None and (memory <= 6 * 1024 or b"__asan_init" in pathlib.Path(PROGRAM).read_bytes()),
          f"the page has {memory} KiB of its own")
    return watch, seat


def restart(net, watch, seat, recording):
    status = watch.end()
    check(status == 0, f"the watch ends with {status}")
    time.sleep(6)
    gone = time.time()
    watch = Watch(net).wait()
    player, begun, _ = played(net, recording, 45)
    player.wait(120)
    time.sleep(5)
    check(seat.first("lost", gone - 7, gone + 1) is not None, "a page without a watch says so")
    check(seat.first("No sign", gone, begun + 10) is not None, "and goes on when it is there again")
    check(seat.first(SENDING, begun, begun + 60) is not None, "telling what happens then")
    words = seat.leave()
    check(words["kept"], "without a reload")
    told = [text for text in words["said"] if "ERR_" not in text]
    check(not told, f"0 console messages but the browser's own of a refused connection {told}")
    check(not words["foreign"], f"0 foreign requests {words['foreign']}")
    watch.end()


def main():
    if sys.argv[1] == "--play":
        play(sys.argv[2], float(sys.argv[3]), sys.argv[4])
        return
    modules, shots = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    recording = sys.argv[3] if len(sys.argv) > 3 else "ring-camera-simulated-six"
    last = float(sys.argv[4]) if len(sys.argv) > 4 else 300.0
    if namespaces.missing():
        skip(namespaces.missing())
    if not shutil.which("zstd") or not shutil.which("node") or not os.access(PROGRAM, os.X_OK):
        skip(f"no zstd, no node, or no {PROGRAM}")
    with Net() as net:
        watch, seat = watch_a_recording(net, modules, shots, recording, last)
        restart(net, watch, seat, recording)
    print(f"{failures} failed" if failures else "all as it should be")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
