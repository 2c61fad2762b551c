#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing that a file holds makes the program crash, hang or fall silent.

test_robustness.py [FLIPS]     how many mutants of each seed capture; without: 500 in all
"""
import os
import re
import sys

import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import odd_captures  # noqa: E402
from capture_file import pcap_bytes, pcapng_bytes  # noqa: E402
from scene import Dice  # noqa: E402

FLIPS = 500
BATCH = 125
MOST_SECONDS = 10  # of processor time for one capture


class Robust(porch.Test):
    def accept(self, result, what):
        self.assertIn(result.code, (0, 1, 3), f"{what}: status {result.code}\n{result.err[:2000]}")
        if result.code != 0:
            self.assertTrue(result.err.strip(), f"{what}: status {result.code} without a word")

    def alone(self, path, *arguments):
        result = porch.run("replay", "--json", "--all-devices", *arguments, path, seconds=60)
        self.accept(result, path)
        self.assertLess(result.cpu, MOST_SECONDS, f"{path}: took {result.cpu:.1f} s")
        return result

    def batch(self, variants, suffix):
        """Replays many small files in one process; returns (records, standard error)."""
        names = []
        for number, data in enumerate(variants):
            names.append(f"v{number:05d}{suffix}")
            (self.folder / names[-1]).write_bytes(data)
        result = porch.run("replay", "--ndjson", "--all-devices", "-j", "2",
                           *[self.folder / name for name in names], seconds=300)
        self.accept(result, f"{len(names)} variants")
        for name in names:
            os.unlink(self.folder / name)
        return (porch.Records(result) if result.out else None), result.err

    def test_recorded_captures(self):
        for path in (porch.public() if (porch.CAPTURES / "public").is_dir() else []):
            with self.subTest(capture=path.name):
                self.alone(path)

    def test_hostile_captures(self):
        for path in porch.hostile():
            with self.subTest(capture=path.name):
                self.alone(path)
                self.alone(path, "--mirror", "--dedup")

    def test_a_refused_file_is_told_with_its_offset(self):
        whole = pcap_bytes(odd_captures.short_talk(), snap=600)
        cases = {"empty": b"", "no-capture": b"hello, world\n" * 9, "cut-header": whole[:20],
                 "cut-record": whole[:-7], "other-link": pcap_bytes(odd_captures.short_talk(), link=147)}
        for name, data in cases.items():
            with self.subTest(case=name):
                path = self.file(f"{name}.pcap", data)
                result = self.alone(path)
                self.expect(3 if name == "cut-record" else 1, result.code, f"status of {name}")
                self.assertIn(f"{name}.pcap", result.err)
                if name == "other-link":
                    self.assertIn("147", result.err, "the link type is not told")
                if name.startswith("cut"):
                    self.assertRegex(result.err, r"\b\d+\b", f"{name}: no offset told")

    def check_truncations(self, whole, borders, suffix):
        """borders: lengths at which a cut cannot be told from an end."""
        lengths = list(range(1, len(whole)))
        for at in range(0, len(lengths), 400):
            part = lengths[at:at + 400]
            records, err = self.batch([whole[:length] for length in part], suffix)
            told = set(re.findall(r"v(\d{5})", err))
            for number, length in enumerate(part):
                if length not in borders:
                    self.assertIn(f"{number:05d}", told,
                                  f"nothing told of {suffix} cut at {length} of {len(whole)}")
            if records:
                c = records.counters
                self.expect(c["received"], c["processed"] + c["undecoded"] + c["filtered"] +
                            c["deduplicated"] + c["dropped"], f"sum of {c}")

    def test_every_truncation_of_a_pcap(self):
        records = odd_captures.short_talk()
        borders = {24}
        for record in records:
            borders.add(max(borders) + 16 + len(record.data))
        self.check_truncations(pcap_bytes(records, snap=600), borders, ".pcap")

    def test_every_truncation_of_a_pcapng(self):
        records = odd_captures.short_talk()
        borders = {len(pcapng_bytes(records[:count], snap=600))
                   for count in range(len(records) + 1)} | {28}
        self.check_truncations(pcapng_bytes(records, snap=600), borders, ".pcapng")

    def seeds(self):
        records = odd_captures.short_talk()
        yield ".pcap", pcap_bytes(records, snap=600)
        yield ".pcapng", pcapng_bytes(records, snap=600)
        yield ".pcap", odd_captures.mirrored(odd_captures.by_erspan)[:4000]
        yield ".pcap", odd_captures.fragments()[:5000]
        yield ".pcap", odd_captures.ipv6_home()[:1500]

    def flipped(self, whole, dice):
        data = bytearray(whole)
        for _ in range(dice.roll(1, 8)):
            bit = dice.roll(0, 8 * len(data) - 1)
            data[bit // 8] ^= 1 << bit % 8
        return bytes(data)

    def test_flipped_bits(self):
        seeds = list(self.seeds())
        each = FLIPS // len(seeds)
        for number, (suffix, whole) in enumerate(seeds):
            dice = Dice(number + 1)
            for at in range(0, each, BATCH):
                self.batch([self.flipped(whole, dice) for _ in range(min(BATCH, each - at))],
                           suffix)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        FLIPS = int(sys.argv.pop(1))
    porch.main()
