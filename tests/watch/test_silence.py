#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What watches a network sends nothing into it: every packet of a namespace is looked at."""
import pathlib
import subprocess
import sys
import time
import unittest

import ground
from ground import porch

CAMERA = ground.RECORDINGS / "arlo-camera-simulated-first.pcapng.zst"


class Silence(porch.Test):
    def test_it_opens_no_connection(self):
        field = ground.Ground(self)
        field.ip("addr", "add", "192.168.7.1/24", "dev", "near")
        field.ip("route", "add", "default", "dev", "near")
        sent = self.folder / "sent.pcap"
        tcpdump = subprocess.Popen(
            ["ip", "netns", "exec", field.name, "tcpdump", "-i", "any", "-Q", "out", "-U",
             "-w", str(sent)], stderr=subprocess.PIPE)
        self.addCleanup(tcpdump.stderr.close)
        while b"listening" not in tcpdump.stderr.readline():
            self.assertIsNone(tcpdump.poll())
        watch = field.watch("near", "--ndjson", "--all-devices", page="127.0.0.1:8642").begun()
        trace = self.sockets(watch)
        played, _ = field.play(CAMERA, 60, 300)
        time.sleep(2)
        trace |= self.sockets(watch)
        self.assertEqual(0, watch.stop())
        tcpdump.terminate()
        tcpdump.wait(10)
        # What the player sends into the far end goes out there; nothing else does anywhere.
        out = field.inside("tcpdump", "-nr", str(sent)).stdout.decode().splitlines()
        other = [line for line in out if " far " not in line]
        self.assertEqual([], other[:5], f"{len(other)} of {len(out)} packets")
        self.assertGreaterEqual(len(out), played)
        self.assertEqual(set(), trace, "connections and listeners, but for the page's own")

    def sockets(self, watch):
        """Internet sockets of its processes, but for the listener that was asked for."""
        found = set()
        for pid in watch.children():
            inodes = set()
            for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
                try:
                    link = str(fd.readlink())
                except OSError:
                    continue
                if link.startswith("socket:["):
                    inodes.add(link[8:-1])
            for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
                path = pathlib.Path(f"/proc/{pid}/net/{table}")
                lines = path.read_text().splitlines()[1:] if path.exists() else []
                for words in (line.split() for line in lines):
                    page = words[1] == "0100007F:21C2" and words[3] == "0A"
                    if words[9] in inodes and not page:
                        found.add((table, words[1], words[2]))
        return found


if __name__ == "__main__":
    ground.need_root("tcpdump")
    sys.exit(0 if unittest.main(verbosity=1, exit=False).result.wasSuccessful() else 1)
