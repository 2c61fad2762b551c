#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What watches a network sends nothing into it: every packet that leaves is counted."""
import json
import pathlib
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
        before = self.sent(field)
        watch = field.watch("near", "--ndjson", "--all-devices", page="127.0.0.1:8642").begun()
        trace = self.sockets(watch)
        played, _ = field.play(CAMERA, 60, 300)
        time.sleep(2)
        trace |= self.sockets(watch)
        self.assertEqual(0, watch.stop())
        # What the player sends goes out of the far end; nothing else goes out anywhere.
        after = self.sent(field)
        self.assertEqual({"near": 0, "lo": 0, "far": played},
                         {name: after[name] - before[name] for name in before})
        self.assertEqual(set(), trace, "connections and listeners, but for the page's own")

    def sent(self, field):
        """Packets that each interface of the namespace sent: the kernel's counters miss none."""
        shown = json.loads(field.inside("ip", "-json", "-stats", "link", "show").stdout)
        return {link["ifname"]: link["stats64"]["tx"]["packets"] for link in shown
                if link["ifname"] in ("near", "lo", "far")}

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
    ground.need_root()
    sys.exit(0 if unittest.main(verbosity=1, exit=False).result.wasSuccessful() else 1)
