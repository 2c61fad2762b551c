#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Odd captures with sums known beforehand: clocks, single directions, what is inside.

tests/tools/odd_captures.py makes them.  exchange() there sends 100 datagrams of 1028 bytes up
and brings 50 of 128 bytes down.
"""
import csv
import io
import json
import re
import sys

import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import odd_captures  # noqa: E402

UP, DOWN = 100 * 1028, 50 * 128
UP6, DOWN6 = 100 * 1048, 50 * 148  # IPv6 headers are 20 bytes longer
PROBE6 = 64  # is my address another's?  Asked of a multicast group, which is inside
CAMERA = odd_captures.CAMERA.mac
CAPTURES = dict(odd_captures.all_of_them())


def moment(text):
    """Microseconds of an RFC 3339 time, good for comparing."""
    return [int(part) for part in re.findall(r"\d+", text)]


class Odd(porch.Test):
    def read(self, name, *arguments):
        return porch.replay("--all-devices", "--flows", *arguments,
                            self.file(name, CAPTURES[name]))

    def check_sums(self, name, subject, up, down, local, *arguments):
        records = self.read(name, *arguments)
        device = records.device(subject)
        self.expect([up, down, local],
                    [device["bytes_up"], device["bytes_down"], device["bytes_local"]],
                    f"{name} {arguments}: up, down, local of {subject}")
        return records

    # --- one direction, and the middle of a conversation ---

    def test_a_vlan_tag_in_one_direction_splits_no_flow(self):
        records = self.check_sums("vlan-one-way.pcap", CAMERA, UP, DOWN, 0)
        self.expect(1, len(records.flows), "flows")
        flow = records.flows[0]
        self.expect([UP, DOWN], [flow["originator_bytes"], flow["responder_bytes"]], "the flow")

    def check_sane(self, records):
        for episode in records.episodes:
            self.assertGreaterEqual(float(episode["duration_s"]), 0, episode)
            self.assertLess(float(episode["duration_s"]), 86400, episode)
            for rate in ("mean_kbps_up", "peak_kbps_up"):
                self.assertTrue(0 <= episode[rate] < 10**7, episode)
        for record in records.flows + records.episodes:
            self.assertLessEqual(moment(record["start"]), moment(record["end"]), record)
        for record in records.devices + records.destinations:
            self.assertLessEqual(moment(record["first_seen"]), moment(record["last_seen"]),
                                 record)
        for gap in records.gaps:
            self.assertLessEqual(moment(gap["start"]), moment(gap["end"]), gap)

    def test_a_single_direction_counts_whole(self):
        records = self.check_sums("one-direction.pcap", CAMERA, 200 * 1500, 0, 0)
        self.check_sane(records)

    def test_a_capture_from_mid_flow_counts_whole(self):
        # 100 segments of 1500 bytes up; the first acknowledgement and 50 more of 52 down.
        records = self.check_sums("mid-flow.pcap", CAMERA, 100 * 1500, 51 * 52, 0)
        self.check_sane(records)

    # --- clocks ---

    def check_clock(self, name, up, down):
        records = self.check_sums(name, CAMERA, up, down, 0)
        self.check_sane(records)
        self.expect(0, records.code, f"status of {name}: {records.err}")
        return records

    def test_a_clock_at_1970(self):
        self.check_clock("clock-1970.pcap", 2 * UP, 2 * DOWN)

    def test_a_clock_past_2038(self):
        records = self.check_clock("clock-2040.pcap", 2 * UP, 2 * DOWN)
        self.assertTrue(records.device(CAMERA)["first_seen"].startswith("2040-"),
                        records.device(CAMERA)["first_seen"])

    def check_step(self, name):
        records = self.check_clock(name, 2 * UP, 2 * DOWN)
        self.assertGreater(records.counters["clock_steps"], 0,
                           f"{name}: no clock step told: {records.counters}")
        self.assertTrue(any("clock" in gap["reason"] for gap in records.gaps),
                        f"{name}: no gap says so: {records.gaps}")

    def test_a_clock_that_steps_back(self):
        self.check_step("clock-back.pcap")

    def test_a_clock_that_leaps_ahead(self):
        self.check_clock("clock-forward.pcap", 2 * UP, 2 * DOWN)

    def test_a_sub_second_part_of_more_than_a_second(self):
        records = self.check_clock("clock-subsecond.pcap", UP, DOWN)
        self.expect(50, records.counters["odd_times"], "records with an odd time")

    # --- inside and outside ---

    def test_a_home_with_global_ipv6(self):
        records = self.check_sums("ipv6-home.pcap", CAMERA, UP6, DOWN6,
                                  10 * 1048 + PROBE6)
        self.assertIn("2001:2:0:1::20", records.device(CAMERA)["addresses"])

    def test_a_forged_advertisement_turns_no_upload_local(self):
        self.check_sums("forged-advertisement.pcap", CAMERA, UP6, DOWN6, PROBE6)

    def test_devices_behind_one_mac_are_told_apart(self):
        records = self.read("many-behind-one-mac.pcap")
        for number, size in enumerate((528, 628, 728)):
            device = records.device(f"192.168.1.{41 + number}")
            self.expect(10 * size, device["bytes_up"], f"up of {device['addresses']}")
            self.expect([f"192.168.1.{41 + number}"], device["addresses"], "addresses")

    def test_a_capture_from_outside_gives_no_verdict(self):
        records = self.read("outside-the-home.pcap")
        self.assertNotEqual("seen", records.summary["answer"], records.summary)
        self.expect(True, records.summary["outside_view"], f"{records.summary}: outside_view")
        said = porch.run("replay", self.folder / "outside-the-home.pcap").text
        self.assertIn("outside the home", said.splitlines()[0])
        self.assertEqual([], records.counted())
        self.expect(0, records.code, "status")

    def test_carrier_nat_and_documentation_addresses_are_outside(self):
        self.check_sums("carrier-nat.pcap", CAMERA, UP + 10 * 1028, DOWN, 0)

    def test_unless_the_user_says_they_are_home(self):
        self.check_sums("carrier-nat.pcap", CAMERA, 10 * 1028, 0, UP + DOWN,
                        "--home", "100.64.0.0/10")

    # --- the ledger's odd packets ---

    def test_later_fragments_belong_to_the_first_ones_flow(self):
        records = self.check_sums("fragments.pcap", CAMERA, 10 * (1500 + 1500 + 1068), 0, 0)
        self.expect(1, len(records.flows), "flows")

    def test_mirrored_packets_count_as_what_they_carry(self):
        for kind in ("vxlan", "tzsp", "erspan"):
            with self.subTest(mirror=kind):
                records = self.check_sums(f"mirror-{kind}.pcap", CAMERA, UP, DOWN, 0, "--mirror")
                self.expect([], [d["addresses"] for d in records.devices
                                 if "192.168.9.2" in d["addresses"]], "the switch's own bytes")

    def test_a_mirror_that_is_not_opened_is_a_local_stream(self):
        around = {"vxlan": 20 + 8 + 8, "tzsp": 20 + 8 + 5, "erspan": 20 + 8 + 8}
        for kind, more in around.items():
            with self.subTest(mirror=kind):
                total = UP + DOWN + 150 * (14 + more)
                self.check_sums(f"mirror-{kind}.pcap", odd_captures.SWITCH.mac, 0, 0, total)

    def test_exact_duplicates_count_and_are_told(self):
        records = self.check_sums("duplicates.pcap", CAMERA, 2 * UP, 2 * DOWN, 0)
        self.expect(150, records.counters["duplicates"], "duplicates")

    def test_exact_duplicates_are_dropped_when_asked(self):
        records = self.check_sums("duplicates.pcap", CAMERA, UP, DOWN, 0, "--dedup")
        self.expect(150, records.counters["deduplicated"], "deduplicated")

    def test_a_frame_that_claims_four_gigabytes_counts_256_kib(self):
        self.assertEqual(88, len(CAPTURES["four-gigabytes.pcap"]))
        self.check_sums("four-gigabytes.pcap", CAMERA, 262144, 0, 0)

    def test_a_header_that_claims_more_than_there_was_counts_what_there_was(self):
        # The frame had 14 bytes of Ethernet and 34 of IP, the header claims 60000.
        records = self.check_sums("claims-too-much.pcap", CAMERA, 34, 0, 0)
        self.expect([1, 60000 - 34], [records.counters["implausible"],
                                      records.counters["implausible_bytes"]],
                    "implausible packets and bytes")

    # --- names that are traps ---

    def hostile(self, *arguments):
        return porch.run("replay", "--all-devices", "--all", *arguments,
                         self.file("hostile-names.pcap", CAPTURES["hostile-names.pcap"]))

    def test_hostile_names_do_not_reach_the_terminal_raw(self):
        for arguments in ([], ["--color", "never"]):
            out = self.hostile(*arguments).out
            raw = [byte for byte in out if byte < 0x20 and byte != 0x0A or byte == 0x7F]
            self.assertEqual([], raw, out)
            out.decode()  # and it is text
            self.assertNotIn("\u202e".encode(), out)

    def test_hostile_names_leave_json_valid(self):
        for text in (self.hostile("--json").out, *self.hostile("--ndjson").out.splitlines()):
            json.loads(text)
            self.assertFalse(any(byte < 0x20 and byte != 0x0A for byte in text), text[:300])

    def test_hostile_names_are_no_formulas_in_csv(self):
        for what in ("episodes", "destinations", "devices"):
            table = self.hostile("--csv", what).out.decode()
            for row in csv.reader(io.StringIO(table, newline="")):
                for cell in row:
                    self.assertNotRegex(cell, r"^[=+@\t\r]", f"{what}: {row}")
                    self.assertFalse(cell.startswith("-") and not
                                     re.fullmatch(r"-[\d.]+", cell), f"{what}: {row}")


if __name__ == "__main__":
    porch.main()
