#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A redacted capture shows the same and tells nothing: `redact` against the promise it makes."""
import struct
import subprocess
import sys

import porch

import capture_file
import secrets_of_a_home
import wire

EVERY = False

DEVICE = ("vendor", "kind", "product", "mac_randomised", "bytes_up", "bytes_down", "bytes_local",
          "first_seen", "last_seen", "confidence", "ledger")
DESTINATION = ("name_source", "ports", "transports", "party", "could_be", "role",
               "organisation", "on_behalf_of", "purposes", "confidence", "bytes_up", "bytes_down",
               "packets_up", "packets_down", "first_seen", "last_seen", "footage_bytes_up",
               "episodes")
EPISODE = ("shape", "content", "could_be", "footage", "probability", "p_footage", "start", "end",
           "bytes_up", "bytes_down", "packets_up", "peak_kbps_up", "transport", "live_view",
           "parts")
# A table of bounded size notices these, and which it forgets depends on the bytes themselves.
COUNTERS = ("duplicates", "evicted")


def shown(records):
    """What an analysis showed, without what tells who."""
    device = {d["id"]: repr([d[key] for key in DEVICE]) for d in records.devices}
    to = {d["id"]: repr([device[d["device"]]] + [d[key] for key in DESTINATION])
          for d in records.destinations}
    episodes = sorted(repr([device[e["device"]], to.get(e["destination"])] +
                           [e[key] for key in EPISODE]) for e in records.episodes)
    counters = {k: v for k, v in records.counters.items() if k not in COUNTERS}
    return {"devices": sorted(device.values()), "destinations": sorted(to.values()),
            "episodes": episodes, "counters": counters,
            "first": records.summary["first"], "verdict": records.summary["verdict"]}


class Redact(porch.Test):
    def redact(self, path, *arguments, code=0):
        out = self.folder / "redacted.pcapng"
        result = porch.run("redact", *porch.DOORVUE, *arguments, path, "-o", out)
        self.expect(code, result.code, f"status of redacting {path}: {result.err}")
        return out

    def same(self, path, code=0, *arguments):
        out = self.redact(path, *arguments, code=code)
        options = ["--all-devices", *porch.DOORVUE, *arguments]
        before = shown(porch.replay(*options, path))
        after = shown(porch.replay(*options, out))
        for what, expected in before.items():
            self.assertEqual(expected, after[what], f"{what} of {path}")
        return before

    def test_the_shipped_captures_show_the_same(self):
        """With `all` every one of them, which takes minutes; else each twelfth."""
        paths = sorted((porch.SOURCE / "captures").rglob("*.pcap*"))
        self.assertGreater(len(paths), 0)
        for path in paths if EVERY else {porch.DAY, *paths[::12]}:
            with self.subTest(path.name):
                self.same(path)

    def test_recorded_captures_show_the_same(self):
        folder = porch.CAPTURES / "public"
        if not folder.is_dir():
            self.skipTest(f"no recorded captures at {folder}")
        for name in ("shfw/dlink-cam__no-firewall__wan.pcap", "ndpi/stun_dtls_rtp.pcapng",
                     "shfw/xiaomi-cam__no-firewall__wan.pcap", "ndpi/telegram_videocall.pcapng",
                     "ndpi/rtsp.pcap", "ndpi/alexa-app.pcapng", "ndpi/wa_video.pcap",
                     "iot_sentinel/D-LinkCam__Setup-A-2-STA.pcap", "ndpi/nest_log_sink.pcap",
                     "iot_sentinel/Withings__Setup-A-1-STA.pcap", "ndpi/rtp.pcapng",
                     "tcpdump/ieee802.11_tim_ie_oobr.pcap", "ndpi/fuzz-2006-06-26-2594.pcap"):
            if (folder / name).exists():
                self.same(folder / name)

    def test_the_secrets_of_a_home_show_the_same(self):
        path = self.file("home.pcap", capture_file.pcap_bytes(secrets_of_a_home.records()))
        before = self.same(path)
        self.assertIn("'doorvue', 'doorbell'", before["devices"][0] + before["devices"][1] +
                      before["devices"][2])
        self.same(path, 0, "--mirror")

    def test_nothing_that_was_planted_is_found(self):
        raw = capture_file.pcap_bytes(secrets_of_a_home.records())
        path = self.file("home.pcap", raw)
        forms = list(secrets_of_a_home.Secrets.forms())
        planted = [what for what, form in forms if form in raw]
        self.assertGreater(len(planted), 30, "what was planted")
        # Three bytes may come again by chance: with this key they do not.
        key = self.file("key", b"nothing up this sleeve")
        for arguments in (["--key", key], ["--key", key, "--mirror"]):
            redacted = self.redact(path, *arguments).read_bytes()
            found = [what for what, form in forms if form in redacted]
            self.assertEqual([], found, "found in the redacted capture")

    def test_what_led_out_by_name_stays(self):
        path = self.file("home.pcap", capture_file.pcap_bytes(secrets_of_a_home.records()))
        redacted = self.redact(path).read_bytes()
        self.assertIn(b"\x05media\x07doorvue\x07example", redacted)
        self.assertIn(wire.address_bytes(secrets_of_a_home.SERVER.address), redacted)

    def test_a_key_gives_the_same_bytes_again_and_none_gives_others(self):
        one, two = self.folder / "one", self.folder / "two"
        key = self.file("key", b"correct horse battery staple")
        for out in (one, two):
            porch.run("redact", "--key", key, porch.DAY, "-o", out)
        self.assertEqual(one.read_bytes(), two.read_bytes())
        porch.run("redact", porch.DAY, "-o", two)
        self.assertNotEqual(one.read_bytes(), two.read_bytes())

    def test_a_redacted_capture_can_be_redacted_again(self):
        once = self.redact(porch.DAY).rename(self.folder / "once.pcapng")
        self.same(once)

    def test_a_cut_capture_gives_what_was_there(self):
        raw = capture_file.pcap_bytes(secrets_of_a_home.records())
        path = self.file("cut.pcap", raw[:len(raw) // 2])
        self.redact(path, code=3)

    def test_no_half_of_a_capture_is_left_behind(self):
        result = porch.run("redact", porch.DAY, "-o", self.folder / "missing" / "out.pcapng")
        self.expect(1, result.code, result.err)
        result = porch.run("redact", self.file("no.pcap", b"nothing"), "-o", self.folder / "out")
        self.expect(1, result.code, result.err)
        self.assertEqual(["no.pcap"], [p.name for p in self.folder.iterdir()])

    def test_wrong_usage_is_said(self):
        for arguments in ([porch.DAY], ["-", "-o", "x"], [porch.DAY, porch.DAY, "-o", "x"],
                          [porch.DAY, "-o", "x", "--key", self.file("short", b"short")]):
            result = porch.run("redact", *arguments, cwd=self.folder)
            self.expect(2, result.code, f"{arguments}: {result.err}")
        copy = self.file("day.pcapng.gz", porch.DAY.read_bytes())
        self.expect(2, porch.run("redact", copy, "-o", copy).code, "onto itself")

    def test_checksums_are_right(self):
        """Of every packet that is whole: the sum over it and its checksum is zero."""
        path = self.file("home.pcap", capture_file.pcap_bytes(secrets_of_a_home.records()))
        _, records = capture_file.read(self.redact(path))
        checked = 0
        for record in records:
            frame = record.data
            if frame[12:14] != b"\x08\x00" or len(frame) < 34:
                continue
            length = struct.unpack("!H", frame[16:18])[0]
            header, segment = frame[14:34], frame[34:14 + length]
            self.expect(0, wire.checksum(header), "the sum of an IPv4 header")
            if frame[23] not in (6, 17) or len(segment) < length - 20:
                continue
            pseudo = header[12:20] + struct.pack("!BBH", 0, frame[23], len(segment))
            self.assertIn(wire.checksum(pseudo + segment), (0, 0xFFFF), f"of {record.time}")
            checked += 1
        self.assertGreater(checked, 100)

    def test_other_readers_take_it(self):
        try:
            subprocess.run(["capinfos", "--version"], capture_output=True, check=True)
        except (FileNotFoundError, subprocess.CalledProcessError):
            self.skipTest("capinfos is not installed")
        done = subprocess.run(["capinfos", "-c", self.redact(porch.DAY)], capture_output=True,
                              check=False)
        self.expect(0, done.returncode, done.stderr.decode())


if __name__ == "__main__":
    EVERY = "all" in sys.argv
    sys.argv = [word for word in sys.argv if word != "all"]
    porch.main()
