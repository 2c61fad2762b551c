#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Episodes of the lab's homes of makers that do not exist, against golden reports.

They hold every shape and content; `test_episodes.py --write` writes them anew.  No home of the lab
sent footage of a doubtful kind: `media` is what one of them reads as when no chance is enough.
"""
import sys

import porch

LAB = porch.SOURCE / "captures/lab"
GOLDEN = porch.SOURCE / "tests/program/golden"
HOMES = ("lumora-doorbell-simulated-first", "nimbus-camera-simulated-first",
         "orbit-camera-simulated-first", "kestrel-hub-simulated-first")
DOUBTS = GOLDEN / "footage-only.rules"
READINGS = {**{home: (home,) for home in HOMES},
            "nimbus-camera-simulated-first-footage-only": ("nimbus-camera-simulated-first", DOUBTS)}
SHAPES = {"stream", "burst", "series", "trickle"}
CONTENTS = {"video", "picture", "audio", "media", "metadata", "firmware", "files", "unknown"}


def episodes_of(home, *rules):
    """(records, one line an episode: all but the chances, which training moves)"""
    folders = [porch.SOURCE / "rules", LAB / "lab.rules", *rules]
    records = porch.replay(*(word for folder in folders for word in ("--rules", folder)),
                           LAB / f"recordings/{home}.pcapng.zst")
    address = {d["id"]: d["addresses"][0] for d in records.devices if d["addresses"]}
    numbers = {e["id"]: str(n) for n, e in enumerate(records.episodes, 1)}
    lines = []
    for number, e in enumerate(records.episodes, 1):
        to = records.destination(e["destination"])
        lines.append(" ".join([
            str(number), e["start"][11:23], f"{e['duration_s']:.3f} s", address[e["device"]],
            to["name"] or to["addresses"][0], to["party"], e["transport"],
            f"{e['bytes_up']} up {e['bytes_down']} down", e["shape"], e["content"],
            e["footage"], f"live_view {e['live_view']}",
            f"after {numbers[e['sequence']]}" if e["sequence"] else "alone"]))
    return records, "\n".join(lines) + "\n"


class Episodes(porch.Test):
    def test_homes_read_as_their_golden_reports(self):
        for name, reading in READINGS.items():
            with self.subTest(name=name):
                golden = (GOLDEN / f"{name}.txt").read_text()
                self.assertEqual(golden, episodes_of(*reading)[1])

    def test_they_hold_every_shape_and_content(self):
        words = {w for name in READINGS for w in (GOLDEN / f"{name}.txt").read_text().split()}
        self.expect(set(), (SHAPES | CONTENTS) - words, "in no golden report")

    def test_what_was_cut_to_headers_reads_as_the_whole(self):
        """Names are lost; but a handshake is none of an episode, whole or cut to 60 bytes."""
        whole, cut = ([(e["shape"], e["content"], e["transport"]) for e in porch.replay(
            LAB / f"recordings/ring-doorbell-simulated-first{kind}.pcapng.zst").episodes]
                      for kind in ("", "-snap60"))
        self.expect(whole, cut, "episodes of the same packets")
        self.assertIn("tls", {transport for _, _, transport in cut})

    def test_each_byte_is_in_one_class_of_the_ledger(self):
        for home in HOMES:
            for device in episodes_of(home)[0].devices:
                for way in ("bytes_up", "bytes_down"):
                    self.expect(device[way], sum(row[way] for row in device["ledger"].values()),
                                f"{way} of {device['addresses']} in {home}")


if __name__ == "__main__":
    if not (LAB / "recordings").is_dir():
        porch.skip("the lab's recordings are not there")
    if sys.argv[1:] == ["--write"]:
        for name, reading in READINGS.items():
            (GOLDEN / f"{name}.txt").write_text(episodes_of(*reading)[1])
    else:
        porch.main()
