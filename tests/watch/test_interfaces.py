#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Interfaces come and go, and watch goes on: each gap is on record, with its reason."""
import json
import socket
import sys
import time
import unittest

import ground
from ground import porch

import busy_home
import capture_file

TIMES = 20
AGAIN = 5.0  # seconds until it captures again


class Interfaces(porch.Test):
    def setUp(self):
        super().setUp()
        self.ground = ground.Ground(self)

    def gaps(self, watch, reason):
        return [g for _, g in watch.told("gap") if reason in g["reason"]]

    def await_gap(self, watch, reason, count):
        watch.expect(lambda: len(self.gaps(watch, reason)) >= count, AGAIN,
                     f"gap {count}, {reason}")

    def end(self, watch, sent):
        self.assertEqual(0, watch.stop())
        run = watch.told("run")[-1][1]
        counters = run["counters"]
        self.assertEqual(counters["received"],
                         sum(counters[k] for k in ("processed", "undecoded", "filtered",
                                                   "deduplicated", "dropped")))
        self.assertEqual(sent, counters["received"])

    def mirror(self, device, to):
        """Packets of that device, as a router's sniffer streams them (TZSP) to that address."""
        inner = busy_home.Flow(device, 3, (5000 + device, 9000), 17)
        outer = busy_home.Flow(1, 1, (37008, 37008), 17)
        outer.outside = socket.inet_aton(to)
        frame = outer.datagram(bytes([1, 0, 0, 1, 1]) + inner.datagram(b"seen"))
        path = self.file("mirrored.pcap", capture_file.pcap_bytes(
            [capture_file.Record(i * 10**7, frame, len(frame)) for i in range(20)]))
        self.ground.inside("tcpreplay", "-q", "-i", "far", str(path))

    def test_an_address_that_this_machine_gets_later_is_its_own(self):
        """What is mirrored to it is opened, as if it had been there at the start."""
        watch = self.ground.watch("near", "--json", "--all-devices", "--no-dpi").begun()
        self.mirror(31, "192.168.9.1")
        time.sleep(2)
        self.ground.ip("addr", "add", "192.168.9.1/24", "dev", "near")
        time.sleep(2)
        self.mirror(32, "192.168.9.1")
        time.sleep(2)
        self.ground.ip("addr", "del", "192.168.9.1/24", "dev", "near")
        self.ground.ip("addr", "add", "192.168.9.2/24", "dev", "near")
        time.sleep(2)
        self.mirror(33, "192.168.9.1")
        time.sleep(2)
        self.assertEqual(0, watch.stop())
        mirrored = [f"02:00:00:00:07:{device:02x}" for device in (31, 32, 33)]
        macs = {d["mac"] for d in json.loads(watch.text)["devices"]}
        self.assertEqual({mirrored[1]}, macs & set(mirrored), macs)

    def test_one_that_goes_down_is_watched_again_when_it_is_up(self):
        watch = self.ground.watch("near", "--ndjson").begun()
        sent = 0
        for i in range(1, TIMES + 1):
            self.ground.ip("link", "set", "near", "down")
            time.sleep(0.1)
            self.ground.ip("link", "set", "near", "up")
            self.await_gap(watch, "near was down", i)
            sent += self.ground.play("--made", 200, 500, 0.1)[0]
        time.sleep(1)
        self.end(watch, sent)
        self.assertEqual(TIMES, len(self.gaps(watch, "near was down")))

    def test_one_that_comes_again_under_its_name_is_watched_again(self):
        watch = self.ground.watch("near", "--ndjson").begun()
        sent = 0
        for i in range(1, TIMES + 1):
            self.ground.ip("link", "del", "near")
            time.sleep(0.1)
            self.ground.add_pair()
            self.await_gap(watch, "near was gone", i)
            sent += self.ground.play("--made", 200, 500, 0.1)[0]
        time.sleep(1)
        self.end(watch, sent)
        self.assertEqual(TIMES, len(self.gaps(watch, "near was gone")))

    def test_one_that_is_not_there_yet_is_waited_for(self):
        watch = self.ground.watch("near", "late", "--ndjson").begun()
        self.assertIn("waiting for 1 of 2 interfaces", watch.err)
        self.ground.add_pair("late", "later")
        self.await_gap(watch, "late was not there", 1)
        sent = self.ground.play("--made", 200, 500, 0.1, interface="later")[0]
        time.sleep(1)
        self.end(watch, sent)

    def test_one_that_is_still_gone_at_the_end_is_told(self):
        watch = self.ground.watch("near", "--ndjson").begun()
        self.ground.ip("link", "set", "far", "down")
        time.sleep(1)
        self.end(watch, 0)
        self.assertEqual(1, len(self.gaps(watch, "near had no carrier")))

    def test_a_bridge_and_its_port_count_once(self):
        probe = self.ground.system("ip", "-n", self.ground.name, "link", "add", "probe", "type",
                                   "bridge") if self.can_bridge() else None
        if not probe:
            self.skipTest("this kernel has no bridge")
        self.ground.ip("link", "set", "probe", "mtu", "9000", "up")
        self.ground.ip("link", "set", "near", "master", "probe")
        # A bridge says a word of its own now and then, hence the filter.
        watch = self.ground.watch("near", "probe", "--ndjson", "-f", "udp port 9999").begun()
        time.sleep(1)
        sent = self.ground.play("--made", 200, 500, 2)[0]
        time.sleep(1)
        self.assertEqual(0, watch.stop())
        counters = watch.told("run")[-1][1]["counters"]
        self.assertEqual(sent, counters["processed"] + counters["undecoded"])

    def can_bridge(self):
        try:
            self.ground.ip("link", "add", "maybe", "type", "bridge")
        except ground.subprocess.CalledProcessError:
            return False
        self.ground.ip("link", "del", "maybe")
        return True


if __name__ == "__main__":
    ground.need_root()
    sys.exit(0 if unittest.main(verbosity=1, exit=False).result.wasSuccessful() else 1)
