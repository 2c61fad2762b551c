#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The capture that ships is told as its truth file says, without a word too much."""
import json

import porch

TRUTH = porch.SOURCE / "captures/doorbell-day.truth.json"
PHONE = "192.168.7.31"


def clock(text):
    hour, minute, second = text[11:-1].split(":")
    return int(hour) * 3600 + int(minute) * 60 + float(second)


class Day(porch.Test):
    @classmethod
    def setUpClass(cls):
        cls.records = porch.replay(*porch.DOORVUE, porch.DAY)
        cls.truth = json.loads(TRUTH.read_text())

    def test_the_doorbell_is_recognised(self):
        for expected in self.truth["devices"]:
            device = self.records.device(expected["mac"])
            self.expect([expected["kind"], expected["vendor"], True],
                        [device["kind"], device["vendor"], device["watched"]], "the doorbell")

    def match(self, episode):
        to = self.records.destination(episode["destination"])
        return {to["name"], *to["addresses"]}

    def test_each_video_is_found_where_it_was(self):
        for expected in self.truth["episodes"]:
            if expected["content"] != "video":
                continue
            begin, end = clock(expected["start"]), clock(expected["end"])
            near = [e for e in self.records.counted() if expected["to"] in self.match(e) and
                    clock(e["start"]) < end and clock(e["end"]) > begin]
            self.assertEqual(1, len(near), f"expected one episode like {expected}, came {near}")
            came = near[0]
            self.assertAlmostEqual(begin, clock(came["start"]), delta=1, msg=came)
            self.assertAlmostEqual(end, clock(came["end"]), delta=1, msg=came)
            self.assertTrue(0.98 <= came["bytes_up"] / expected["bytes"] <= 1.02,
                            f"expected {expected['bytes']} bytes, came {came['bytes_up']}")
            self.expect(expected["shape"], came["shape"], f"shape of {expected}")

    def test_nothing_else_is_footage(self):
        self.assertLessEqual(len(self.records.counted()), len(self.truth["episodes"]),
                             self.records.counted())

    def test_the_live_view_goes_to_a_peer(self):
        peers = [d for d in self.records.destinations if "198.51.100.231" in d["addresses"]]
        self.expect(["peer"], [d["party"] for d in peers], "party of the phone outside")

    def test_receivers_are_named(self):
        said = {d["name"]: d["party"] for d in self.records.destinations if d["name"]}
        for name, party in (("media.doorvue.example", "maker"),
                            ("events.doorvue.example", "maker"),
                            ("in.metricly.example", "tracker"),
                            ("ntp.nettime.example", "utility")):
            self.expect(party, said.get(name), f"party of {name}")

    def test_the_phone_is_not_told_in_full(self):
        device = self.records.device(PHONE)
        self.assertFalse(device["watched"], device)
        self.assertEqual([], self.records.destinations_of(device))

    def test_the_summary_says_so(self):
        text = porch.run("replay", *porch.DOORVUE, porch.DAY).text
        first = text.splitlines()[0]
        self.assertRegex(first, r"footage left this home", text)
        self.assertRegex(first, r"\d+[-–]\d+%", text)


if __name__ == "__main__":
    porch.main()
