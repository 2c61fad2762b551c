#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A million flows of one packet stay within 64 MiB, and what was turned away is counted."""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading

import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import capture_file  # noqa: E402
import odd_captures  # noqa: E402
import wire  # noqa: E402

MANY = 1_000_000
MOST_KIB = 64 * 1024
IP_BYTES = 40  # a SYN without options
START = odd_captures.START // 10**9


def syn():
    segment = wire.tcp(odd_captures.CAMERA.address, "203.0.113.5", 1, 443, 1, 0, wire.SYN)
    packet = wire.ipv4(odd_captures.CAMERA.address, "203.0.113.5", wire.TCP, segment)
    return bytearray(wire.ethernet(odd_captures.CAMERA.mac, odd_captures.ROUTER.mac, 0x0800,
                                   packet).kept)


def flood(change, count):
    """Yields a capture in parts; change(frame, number) makes each frame another's."""
    yield capture_file.pcap_bytes([])
    frame, parts = syn(), []
    for number in range(count):
        change(frame, number)
        parts.append(struct.pack("<IIII", START + number // 10_000, number % 10_000 * 100,
                                 len(frame), len(frame)))
        parts.append(bytes(frame))
        if len(parts) >= 20_000:
            yield b"".join(parts)
            parts.clear()
    yield b"".join(parts)


def other_flow(frame, number):
    struct.pack_into("!H", frame, 34, 1024 + number % 60_000)
    struct.pack_into("!BB", frame, 32, number // 60_000 % 250, 1 + number // 60_000 // 250)


def other_device(frame, number):
    struct.pack_into("!I", frame, 8, number)
    struct.pack_into("!I", frame, 26, 0x0A000000 | number & 0xFFFFFF)


def measured():
    """A program without ASan: the one under test, else the release beside it."""
    beside = pathlib.Path(porch.PROGRAM).parent.parent / "release/porchlight"
    for program in (porch.PROGRAM, str(beside)):
        if os.access(program, os.X_OK) and not porch.under_asan(program):
            return program
    porch.skip("only a program under ASan is built: its memory says nothing")


class Flood(porch.Test):
    def replay_parts(self, parts, *arguments):
        """Pipes a capture into the program; returns (document, peak KiB)."""
        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen([measured(), "replay", "--json", "--quiet", *arguments, "-"],
                                     stdin=subprocess.PIPE, stdout=out)
            writer = threading.Thread(target=self.write, args=(child.stdin, parts))
            writer.start()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            writer.join()
            self.expect(0, child.returncode, "status")
            out.seek(0)
            return json.load(out), usage.ru_maxrss

    def write(self, pipe, parts):
        try:
            for part in parts:
                pipe.write(part)
            pipe.close()
        except BrokenPipeError:
            pass

    def check(self, change, count, *arguments):
        document, peak = self.replay_parts(flood(change, count), *arguments)
        counters = document["run"]["counters"]
        self.expect(count, counters["received"], "frames received")
        self.assertLess(peak, MOST_KIB, f"peak memory in KiB; counters {counters}")
        self.assertGreater(counters["evicted"], 0, f"nothing evicted? {counters}")
        self.expect(count * IP_BYTES, sum(d["bytes_up"] for d in document["devices"]),
                    "bytes up of all devices")
        for device in document["devices"]:
            folded = [d for d in document["destinations"] if d["device"] == device["id"]]
            if device["watched"]:
                self.expect(device["bytes_up"], sum(d["bytes_up"] for d in folded),
                            "destinations' sum")
        return counters

    def test_a_million_flows_of_one_device(self):
        self.check(other_flow, MANY)

    def test_a_million_flows_of_one_watched_device(self):
        self.check(other_flow, MANY, "--all-devices")

    def test_hundreds_of_thousands_of_devices(self):
        self.check(other_device, 300_000)


if __name__ == "__main__":
    measured()
    porch.main()
