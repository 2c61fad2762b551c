# SPDX-License-Identifier: Apache-2.0
"""A home of network namespaces: a router with a bridge, a camera at one of its ports, and an
internet behind it.  Nothing of it reaches the machine's own network.

with namespaces.Home() as home:
    home.run("router", "ip", "link")
"""
import os
import shutil
import subprocess


def missing():
    """Why there can be none here, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "no ip (iproute2)"
    probe = f"porch-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", probe], capture_output=True, check=False)
    return None if made.returncode == 0 else "network namespaces cannot be made"


class Home:
    """camera 192.168.77.20 - lan1, br-lan 192.168.77.1 - wan 203.0.113.2 - server 203.0.113.9"""

    PARTS = ("camera", "router", "internet")
    CAMERA, ROUTER, SERVER = "192.168.77.20", "192.168.77.1", "203.0.113.9"

    def __init__(self):
        self.name = f"porch-{os.getpid()}"

    def space(self, part):
        return f"{self.name}-{part}"

    def ip(self, part, *words):
        done = subprocess.run(["ip", "-n", self.space(part), *words], capture_output=True,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.decode()}")

    def command(self, part, *words):
        return ["ip", "netns", "exec", self.space(part), *[str(word) for word in words]]

    def run(self, part, *words, **how):
        how = {"capture_output": True, "timeout": 60, "check": False} | how
        return subprocess.run(self.command(part, *words), **how)

    def start(self, part, *words, **how):
        return subprocess.Popen(self.command(part, *words), **how)

    def cable(self, part, name, other, peer):
        self.ip(part, "link", "add", name, "type", "veth", "peer", "name", peer, "netns",
                self.space(other))
        for where, end in ((part, name), (other, peer)):
            self.ip(where, "link", "set", end, "up")

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        for part in self.PARTS:
            subprocess.run(["ip", "netns", "add", self.space(part)], check=True)
            self.ip(part, "link", "set", "lo", "up")
        self.ip("router", "link", "add", "br-lan", "type", "bridge")
        self.ip("router", "link", "set", "br-lan", "up")
        self.cable("router", "lan1", "camera", "eth0")
        self.cable("router", "wan", "internet", "eth0")
        self.ip("router", "link", "set", "lan1", "master", "br-lan")
        self.ip("router", "addr", "add", f"{self.ROUTER}/24", "dev", "br-lan")
        self.ip("router", "addr", "add", "203.0.113.2/24", "dev", "wan")
        self.ip("router", "route", "add", "default", "via", self.SERVER)
        self.ip("camera", "addr", "add", f"{self.CAMERA}/24", "dev", "eth0")
        self.ip("camera", "route", "add", "default", "via", self.ROUTER)
        self.ip("internet", "addr", "add", f"{self.SERVER}/24", "dev", "eth0")
        self.ip("internet", "route", "add", "default", "via", "203.0.113.2")
        self.run("router", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward", check=True)

    def __exit__(self, *_):
        for part in self.PARTS:
            pids = subprocess.run(["ip", "netns", "pids", self.space(part)],
                                  capture_output=True, check=False).stdout.split()
            for pid in pids:
                subprocess.run(["kill", pid], capture_output=True, check=False)
            subprocess.run(["ip", "netns", "del", self.space(part)], capture_output=True,
                           check=False)
