#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A maker is added by writing one file: the recipe of rules/README.md, followed literally."""
import json
import re

import porch
from capture_file import pcap_bytes
from scene import SECOND, Host, Scene, Stream

HOST = "media-eu-west-1.examplecam.example"
CAMERA = Host("00:00:5e:00:53:21", "192.168.7.21")
ROUTER = Host("00:00:5e:00:54:01", "192.168.7.1")  # no camera's block
REMOTE = Host(ROUTER.mac, "198.51.100.21")
START = 1_795_000_000 * SECOND


def recipe():
    """The file that the README tells to write, and where."""
    text = (porch.SOURCE / "rules/README.md").read_text()
    part = text.split("## Add a vendor")[1].split("\n## ")[0]
    return re.search(r"```json\n(.*?)```", part, re.S).group(1)


def motion():
    """A camera that says its name, looks its maker up and uploads a clip."""
    scene = Scene()
    scene.dhcp(START, CAMERA, ROUTER, "examplecam-12ab", 7)
    scene.arp(START + SECOND, CAMERA, ROUTER)
    scene.look_up(START + 2 * SECOND, CAMERA, ROUTER, HOST, [], REMOTE.address)
    stream = Stream(scene, CAMERA, 40001, REMOTE, 443)
    time = stream.hello(START + 3 * SECOND, HOST)
    stream.close(stream.up_bulk(time, 1_500_000, 8_000_000) + SECOND)
    return pcap_bytes(scene.sorted())


class Recipe(porch.Test):
    def setUp(self):
        super().setUp()
        vendors = self.folder / "mine/vendors"
        vendors.mkdir(parents=True)
        (vendors / "examplecam.json").write_text(recipe())
        self.rules = ["--rules", porch.SOURCE / "rules", "--rules", self.folder / "mine"]

    def test_the_file_passes_the_check(self):
        result = porch.run("rules", "check", porch.SOURCE / "rules", self.folder / "mine")
        self.expect(0, result.code, result.err)

    def test_its_host_is_explained_with_its_region(self):
        result = porch.run("rules", "explain", "--json", *self.rules, HOST)
        told = json.loads(result.text)
        self.expect(["examplecam", "ExampleCam Inc.", "maker", ["footage"], "eu-west-1", "IE"],
                    [told[key] for key in ("vendor", "organisation", "role", "purposes",
                                           "region", "country")], HOST)

    def test_its_camera_is_known_in_a_capture_and_sends_to_its_maker(self):
        capture = self.file("motion.pcap", motion())
        records = porch.replay(*self.rules, capture)
        device = records.device(CAMERA.mac)
        self.expect(["examplecam", "doorbell", True],
                    [device[key] for key in ("vendor", "kind", "watched")], "the camera")
        to = next(d for d in records.destinations if d["name"] == HOST)
        self.expect(["maker", "ExampleCam Inc.", "vendors/examplecam.json#upload"],
                    [to["party"], to["organisation"], to["rule"]["id"]], HOST)
        self.expect(["yes"], [e["footage"] for e in records.episodes], "its clip")

    def test_without_the_file_nobody_knows_them(self):
        records = porch.replay("--rules", porch.SOURCE / "rules", "--all-devices",
                               self.file("motion.pcap", motion()))
        self.expect(None, records.device(CAMERA.mac)["vendor"], "the camera")
        to = next(d for d in records.destinations if d["name"] == HOST)
        self.expect(["unknown", None], [to["party"], to["organisation"]], HOST)


if __name__ == "__main__":
    porch.main()
