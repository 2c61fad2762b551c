#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Same packets, same rules: same bytes out, whatever the machine and however they are packed."""
import json
import pathlib
import struct
import subprocess
import sys

import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import capture_file  # noqa: E402
import odd_captures  # noqa: E402


def stored_zstd(data):
    """A zstd frame of raw blocks (RFC 8878, 3.1): no library needed to write it."""
    out = [b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data))]
    for at in range(0, len(data), 100_000):
        part = data[at:at + 100_000]
        last = at + 100_000 >= len(data)
        out.append(struct.pack("<I", len(part) << 3 | last)[:3] + part)
    return b"".join(out)


def without_input(document):
    """All but what the file as stored shows, and the sum that covers it."""
    document["run"].pop("inputs")
    document.pop("sha256")
    return document


def locales():
    try:
        said = subprocess.run(["locale", "-a"], capture_output=True, check=False).stdout
    except FileNotFoundError:
        return ["C", "POSIX"]
    installed = said.decode(errors="replace").split()
    wanted = [name for name in installed if name.startswith(("tr_", "de_", "C.", "en_"))]
    return ["C", "POSIX"] + wanted[:3]


class SameBytes(porch.Test):
    def captures(self):
        folder = porch.CAPTURES / "public"
        recorded = [folder / "shfw/dlink-cam__no-firewall__wan.pcap",
                    folder / "ndpi/telegram_videocall.pcapng",
                    folder / "iot_sentinel/HueBridge__Setup-A-1-STA.pcap"]
        return [porch.DAY] + [path for path in recorded if path.exists()]

    def outputs(self, *arguments, env=None):
        """What replay prints in every spelling of its records."""
        spellings = (["--json"], ["--ndjson", "--flows"], ["--csv", "episodes"],
                     ["--csv", "destinations"], ["--csv", "devices"])
        return [porch.run("replay", *spelling, "--all-devices", *arguments, env=env).out
                for spelling in spellings]

    def same(self, expected, came, what):
        for one, other in zip(expected, came):
            if one != other:
                rows = zip(one.splitlines(), other.splitlines())
                pair = next((r for r in rows if r[0] != r[1]), (one[-400:], other[-400:]))
                self.fail(f"{what}: expected\n{pair[0][:1500]}\ncame\n{pair[1][:1500]}")

    def test_hash_seeds_do_not_show(self):
        for path in self.captures():
            first = self.outputs(path, env={"PORCHLIGHT_SEED": "1"})
            self.assertTrue(all(first), f"{path}: empty output")
            for seed in ("2", "18446744073709551615"):
                self.same(first, self.outputs(path, env={"PORCHLIGHT_SEED": seed}),
                          f"{path.name} with seed {seed}")

    def test_hashes_left_out_change_nothing_else(self):
        for path in self.captures():
            documents = []
            for options in ([], ["--no-hashes"]):
                document = json.loads(porch.run("replay", "--json", *options, path).out)
                documents.append(document)
                for name in ("sha256", "content_sha256"):
                    hashed = document["run"]["inputs"][0].pop(name)
                    self.expect(not options, hashed is not None, f"{name} with {options}")
                document.pop("sha256")  # covers them
            self.assertEqual(documents[0], documents[1])

    def test_time_zones_do_not_show(self):
        first = self.outputs(porch.DAY, env={"TZ": "UTC"})
        text = porch.run("replay", porch.DAY, env={"TZ": "UTC"}).out
        for zone in ("Pacific/Kiritimati", "America/St_Johns"):
            self.same(first, self.outputs(porch.DAY, env={"TZ": zone}), f"in zone {zone}")
            self.same([text], [porch.run("replay", porch.DAY, env={"TZ": zone}).out],
                      f"the summary in zone {zone}")

    def test_locales_do_not_show(self):
        first = self.outputs(porch.DAY, env={"LC_ALL": "C"})
        for name in locales():
            self.same(first, self.outputs(porch.DAY, env={"LC_ALL": name}), f"locale {name}")

    def test_jobs_do_not_show(self):
        paths = self.captures()
        self.same(self.outputs("-j", "1", *paths), self.outputs("-j", "4", *paths), "-j 4")

    def test_the_order_of_captures_does_not_show(self):
        paths = self.captures()
        self.same(self.outputs(*paths), self.outputs(*reversed(paths)), "reversed order")

    def test_containers_do_not_show(self):
        for path in self.captures():
            link, records = capture_file.read(path)
            pcap = capture_file.pcap_bytes(records, link)
            pcapng = capture_file.pcapng_bytes(records, link)
            packed = {"a.pcap": pcap, "b.pcapng": pcapng, "c.pcap.gz": capture_file.gzipped(pcap),
                      "d.pcapng.gz": capture_file.gzipped(pcapng),
                      "e.pcap.zst": stored_zstd(pcap), "f.pcapng.zst": stored_zstd(pcapng)}
            expected = None
            for name, data in packed.items():
                for arguments, stdin in (([self.file(name, data)], b""), (["-"], data)):
                    result = porch.run("replay", "--json", "--all-devices", *arguments,
                                       stdin=stdin)
                    self.expect(0, result.code, f"status of {name}: {result.err}")
                    came = without_input(json.loads(result.out))
                    expected = expected or came
                    self.assertEqual(expected, came, f"{path.name} as {name} {arguments}")

    def test_nanoseconds_and_byte_order_do_not_show(self):
        _, records = capture_file.read_pcap(odd_captures.mid_flow())
        spellings = [capture_file.pcap_bytes(records, nanosecond=nanosecond, order=order)
                     for nanosecond in (False, True) for order in "<>"]
        spellings.append(capture_file.pcapng_bytes(records, nanosecond=True))
        expected = None
        for number, data in enumerate(spellings):
            result = porch.run("replay", "--json", "--all-devices", "-", stdin=data)
            came = without_input(json.loads(result.out))
            expected = expected or came
            self.assertEqual(expected, came, f"spelling {number}")

    def test_the_report_folder_holds_what_standard_output_says(self):
        out = self.folder / "report"
        porch.run("replay", "--quiet", "--out", out, porch.DAY)
        for name, spelling in (("report.json", ["--json"]), ("episodes.csv", ["--csv", "episodes"]),
                               ("destinations.csv", ["--csv", "destinations"]),
                               ("devices.csv", ["--csv", "devices"]),
                               ("records.ndjson", ["--ndjson"])):
            said = porch.run("replay", *spelling, porch.DAY).out
            self.same([said], [pathlib.Path(out / name).read_bytes()], name)


if __name__ == "__main__":
    porch.main()
