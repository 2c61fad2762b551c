#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How a run ends, where it writes, and in what colours: the promises that scripts rely on."""
import json
import os
import subprocess
import sys

import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import odd_captures  # noqa: E402
from capture_file import pcap_bytes  # noqa: E402


class Statuses(porch.Test):
    def setUp(self):
        super().setUp()
        self.small = self.file("small.pcap", odd_captures.mid_flow())
        self.cut = self.file("cut.pcap", odd_captures.mid_flow()[:-9])

    def check(self, expected, *arguments, **options):
        result = porch.run(*arguments, **options)
        self.assertEqual(expected, result.code, f"\n{' '.join(map(str, arguments))}: expected "
                         f"status {expected}, came {result.code}\n{result.err[:1500]}")
        return result

    def test_wrong_usage_is_2(self):
        for arguments in ([], ["reply"], ["replay"], ["replay", "--no-such", self.small],
                          ["replay", "--color", "blue", self.small],
                          ["replay", "--home", "192.168.0.0/99", self.small],
                          ["replay", "--since", "yesterday", self.small],
                          ["replay", "-f", "no such filter (", self.small],
                          ["replay", "--fail-on", "everything", self.small],
                          ["replay", "--json", "--csv", "devices", self.small],
                          ["replay", "-j", "0x", self.small]):
            result = self.check(2, *arguments)
            self.assertEqual(b"", result.out, f"{arguments}: standard output is for results")
            self.assertTrue(result.err.strip(), f"{arguments}: says nothing")

    def test_invalid_rules_are_4(self):
        rules = self.folder / "rules"
        (rules / "vendors").mkdir(parents=True)
        (rules / "vendors/broken.json").write_text('{"vendor": "broken", "device": [')
        result = self.check(4, "replay", "--rules", rules, self.small)
        self.assertIn("broken.json", result.err)
        self.check(4, "replay", "--rules", self.folder / "absent", self.small)

    def test_unreadable_input_is_1(self):
        for path in (self.folder / "absent.pcap", self.file("text.pcap", b"not a capture\n" * 9),
                     self.file("empty.pcap", b"")):
            result = self.check(1, "replay", path)
            self.assertIn(path.name, result.err)

    def test_a_cut_input_is_3_and_gives_what_was_read(self):
        result = self.check(3, "replay", "--json", self.cut)
        document = json.loads(result.out)
        entry = document["run"]["inputs"][0]
        self.assertFalse(entry["complete"], entry)
        self.assertTrue(entry["error"]["message"], entry)
        self.assertGreater(entry["error"]["offset"], 24, entry)
        self.assertEqual(150, entry["packets"], entry)
        self.assertIn("cut.pcap", result.err)
        self.assertIn(str(entry["error"]["offset"]), result.err)

    def test_one_bad_input_beside_a_good_one_is_3(self):
        self.check(3, "replay", self.small, self.folder / "absent.pcap")

    def test_the_same_content_twice_is_read_once(self):
        again = self.file("again.pcap", self.small.read_bytes())
        once = porch.replay("--all-devices", self.small)
        twice = porch.replay("--all-devices", self.small, again)
        self.expect(once.counters["received"], twice.counters["received"], "frames")
        self.assertIn("again.pcap", twice.err)

    def test_done_is_0_whatever_was_found(self):
        empty = self.file("no-packets.pcap", pcap_bytes([]))
        for path in (self.small, empty, porch.DAY):
            self.check(0, "replay", path)

    def test_fail_on_is_10(self):
        rules = porch.DOORVUE
        for what, expected in (("footage", 10), ("tracker", 10), ("evidence", 0),
                               ("footage,evidence", 10)):
            self.check(expected, "replay", "--quiet", *rules, "--fail-on", what, porch.DAY)
        self.check(0, "replay", "--quiet", "--fail-on", "footage", self.small)

    def test_help_and_version_are_results(self):
        for arguments in (["--help"], ["--version"], ["replay", "--help"]):
            result = self.check(0, *arguments)
            self.assertTrue(result.out, arguments)
            self.assertEqual("", result.err, arguments)

    def test_a_closed_pipe_ends_quietly(self):
        child = subprocess.Popen([porch.PROGRAM, "replay", "--ndjson", "--flows",
                                  "--all-devices", str(porch.DAY)], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        child.stdout.read(10)
        child.stdout.close()
        err = child.stderr.read().decode()
        child.stderr.close()
        self.expect(0, child.wait(timeout=60), f"status behind a closed pipe: {err}")
        self.assertEqual("", err)

    def test_a_full_device_is_1(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([porch.PROGRAM, "replay", "--json", str(self.small)],
                                  stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
        self.expect(1, done.returncode, f"status on a full device: {done.stderr.decode()}")
        self.assertTrue(done.stderr)

    def test_a_folder_that_cannot_be_made_is_1(self):
        result = self.check(1, "replay", "--out", self.small / "report", self.small)
        self.assertTrue(result.err.strip())
        result = self.check(1, "replay", "--out", "/proc/nowhere/report", self.small)
        self.assertTrue(result.err.strip())

    def test_a_folder_of_captures_is_read(self):
        self.file("second.pcap", odd_captures.one_direction())
        self.cut.unlink()
        records = porch.replay("--all-devices", self.folder)
        self.expect(2, len(records.run["inputs"]), "inputs")

    def test_no_escape_bytes_where_no_terminal_is(self):
        for env in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn(b"\x1b", self.check(0, "replay", porch.DAY, env=env).out)

    def test_colour_comes_when_asked_and_the_option_wins(self):
        asked = self.check(0, "replay", *porch.DOORVUE, "--color", "always", porch.DAY,
                           env={"NO_COLOR": "1"})
        self.assertIn(b"\x1b[", asked.out)
        never = self.check(0, "replay", "--color=never", porch.DAY, env={"FORCE_COLOR": "1"})
        self.assertNotIn(b"\x1b", never.out)

    def test_the_verdict_is_the_first_line_and_quiet_prints_only_it(self):
        whole = self.check(0, "replay", porch.DAY).text
        quiet = self.check(0, "replay", "--quiet", porch.DAY).text
        self.assertEqual(1, len(quiet.splitlines()), quiet)
        self.assertTrue(whole.startswith(quiet.rstrip("\n")[:60]), f"{whole[:200]}\n{quiet}")

    def test_the_summary_fits_80_columns(self):
        for line in self.check(0, "replay", *porch.DOORVUE, porch.DAY).text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_counters_are_always_printed(self):
        for spelling in ("--json", "--ndjson"):
            self.assertIn(b'"undecoded"', self.check(0, "replay", spelling, self.small).out)

    def test_the_filter_leaves_its_mark_on_the_sum(self):
        records = porch.replay("-f", "src host 192.168.1.10", self.small)
        self.expect([151, 100, 51], [records.counters[name] for name in
                                     ("received", "processed", "filtered")],
                    "received, processed, filtered")

    def test_since_and_until_bound_the_packets(self):
        records = porch.replay("--all-devices", "--since", "2026-09-21T14:13:20.500000Z",
                               self.small)
        c = records.counters
        self.expect(151, c["processed"] + c["filtered"], f"frames of {c}")
        self.assertGreater(c["filtered"], 0, c)
        self.assertGreater(c["processed"], 0, c)


if __name__ == "__main__":
    porch.main()
