# SPDX-License-Identifier: Apache-2.0
"""Network namespaces for the tests of watch: made for one test, and gone after it."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "program"))
import porch  # noqa: E402

RECORDINGS = porch.SOURCE / "captures/lab/recordings"


def need_root(*tools):
    if os.geteuid() != 0:
        porch.skip("network namespaces need root")
    for tool in ("ip", "zstd", *tools):
        if not shutil.which(tool):
            porch.skip(f"{tool} is not installed")
    name = f"pl-{os.getpid()}-probe"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        porch.skip("no network namespace can be made here")
    subprocess.run(["ip", "netns", "del", name], check=False)


class Watch:
    """A watch that runs; every line it tells, with the time at which it came."""

    def __init__(self, ground, arguments, env, out, within=()):
        self.ground = ground
        self.lines, self.err = [], ""
        surroundings = dict(os.environ, **(env or {}))
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", ground.name, *within, porch.PROGRAM, "watch",
             *arguments],
            stdout=out or subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings)
        self.threads = [threading.Thread(target=self.hear_errors, daemon=True)]
        if not out:
            self.threads.append(threading.Thread(target=self.hear, daemon=True))
        for thread in self.threads:
            thread.start()

    def hear(self):
        for line in self.process.stdout:
            self.lines.append((time.time(), line.decode()))

    def hear_errors(self):
        for line in self.process.stderr:
            self.err += line.decode(errors="replace")

    @property
    def text(self):
        return "".join(line for _, line in self.lines)

    def told(self, kind):
        """The records of a kind so far, each with the time at which it came."""
        return [(when, record) for when, record in
                ((when, json.loads(line)) for when, line in list(self.lines))
                if record["type"] == kind]

    def children(self):
        """The processes of this watch: the one that captures, and those it made."""
        found, look = [], [self.process.pid]
        while look:
            pid = look.pop()
            found.append(pid)
            listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
            look += [int(c) for c in listed.read_text().split()] if listed.exists() else []
        return found

    def counting(self):
        """The process that counts: the last the first one made itself."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(path.read_text().split()[-1])

    def expect(self, test, seconds, what):
        until = time.monotonic() + seconds
        while not test():
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"{what} did not happen in {seconds} s\n{self.err}\n"
                                     f"{self.text[-2000:]}")
            time.sleep(0.05)

    def begun(self):
        self.expect(lambda: "watching " in self.err, 30, "the start")
        return self

    def stop(self, number=signal.SIGTERM, seconds=60):
        self.process.send_signal(number)
        return self.end(seconds)

    def end(self, seconds=60):
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end in {seconds} s\n{self.err}") from None
        finally:
            self.kill()
        for thread in self.threads:
            thread.join(10)
        self.process.stderr.close()
        if self.process.stdout:
            self.process.stdout.close()
        told = [word for word in porch.SANITIZER if word in self.err]
        if told:
            raise AssertionError(self.err[:6000])
        return code

    def kill(self):
        for pid in self.children() if self.process.poll() is None else []:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


class Ground:
    """A namespace with a pair of interfaces: what is sent into `far` is seen on `near`."""

    count = 0

    def __init__(self, test):
        Ground.count += 1
        self.name = f"pl-{os.getpid()}-{Ground.count}"
        self.watches = []
        self.system("ip", "netns", "add", self.name)
        test.addCleanup(self.remove)
        self.inside("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                    "net.ipv6.conf.default.disable_ipv6=1")
        self.ip("link", "set", "lo", "up")
        self.add_pair()

    @staticmethod
    def system(*command, **options):
        return subprocess.run(command, check=True, capture_output=True, timeout=120, **options)

    def inside(self, *command, **options):
        return self.system("ip", "netns", "exec", self.name, *command, **options)

    def ip(self, *words):
        return self.system("ip", "-n", self.name, *words)

    def add_pair(self, near="near", far="far"):
        self.ip("link", "add", near, "type", "veth", "peer", "name", far)
        for name in (near, far):
            self.ip("link", "set", name, "mtu", "9000", "up")

    def watch(self, *arguments, env=None, out=None, page="none"):
        asked = [str(a) for a in arguments] + ["--page", page]
        watch = Watch(self, asked, env, out)
        self.watches.append(watch)
        return watch

    def play(self, *arguments, interface="far"):
        done = self.inside(sys.executable, HERE / "player.py", interface,
                           *[str(a) for a in arguments])
        return [int(word) for word in done.stdout.split()]

    def remove(self):
        for watch in self.watches:
            watch.kill()
            watch.process.wait(10)
        self.system("ip", "netns", "del", self.name)
