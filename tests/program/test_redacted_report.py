#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`--redact` leaves out of every output what it says, and the sums as they are."""
import json
import re

import porch

import capture_file
import secrets_of_a_home as home

OUTPUTS = ("report.json", "report.html", "records.ndjson", "episodes.csv", "destinations.csv",
           "devices.csv", "manifest.json")
LABEL = "Annas Haustuer"
SUMS = ("footage_bytes_up", "footage_episodes", "footage_s", "bytes_up", "tracker_bytes_up",
        "unknown_bytes_up", "watched_s", "doorbells", "devices", "verdict", "answer")


class RedactedReport(porch.Test):
    def setUp(self):
        super().setUp()
        self.capture = self.file("annas-hallway.pcap", capture_file.pcap_bytes(home.records()))
        self.options = [*porch.DOORVUE, "--all-devices", "--device", home.CAMERA.mac, "--label",
                        f"{home.PHONE.address}={LABEL}", "--filter",
                        f"not host {home.NOBODY.address} or ip or ip6 or arp"]

    def texts(self, level, *more):
        """Everything that is written, by name."""
        out = self.folder / f"out-{level}"
        chart = self.folder / "chart.svg"
        options = [*self.options, "--redact", level, *more]
        said = porch.run("replay", "--all", *options, "--out", out, self.capture)
        self.expect(0, said.code, said.err)
        texts = {name: (out / name).read_text() for name in OUTPUTS}
        texts["terminal"] = said.text.replace(str(out), "")
        for language in ("en", "de"):
            for name in ("timeline", "receivers", "hours"):
                porch.run("replay", *options, "--lang", language, "--chart", name, "-o", chart,
                          self.capture)
                texts[f"{name} {language}"] = chart.read_text()
            porch.run("replay", *options, "--lang", language, "--out", out, self.capture)
            texts[f"report.html {language}"] = (out / "report.html").read_text()
        texts["explain"] = porch.run("explain", *options, self.capture, "D1").text
        return texts

    def hidden(self, texts, secrets):
        for name, text in texts.items():
            for secret in secrets:
                self.assertNotIn(secret.lower(), text.lower(), f"in {name}")

    def addresses(self):
        yield from (home.CAMERA.address, home.PHONE.address, home.ROUTER.address, home.WAN,
                    home.LAN6, home.LOCAL6, "192.168.77.", str(self.folder))
        for mac in home.Secrets.macs:
            yield from (mac, mac.replace(":", ""), mac[9:])

    def test_home_takes_addresses_and_keeps_names(self):
        plain = "".join(self.texts("none").values())
        self.assertTrue(all(a in plain for a in (home.CAMERA.address, home.CAMERA.mac)))
        texts = self.texts("home")
        self.hidden(texts, self.addresses())
        self.assertIn(home.NAMES[0], texts["report.json"].lower())
        self.assertIn(LABEL, texts["report.json"])
        self.assertNotIn('"1:', texts["records.ndjson"], "a Community ID")
        self.assertNotIn("eth.addr", texts["report.json"], "a display filter")

    def test_strict_takes_names_dates_and_serial_numbers_too(self):
        texts = self.texts("strict")
        self.hidden(texts, [*self.addresses(), *home.NAMES, LABEL, home.SERIAL])
        for name, text in texts.items():
            body = re.sub(r"[0-9a-f]{64}", "", text)
            body = re.sub(r"<section class=\"context\".*?</section>", "", body, flags=re.S)
            if name.split()[0] not in ("report.html", "manifest.json"):
                self.assertNotIn("2026-11", body, f"a date in {name}")
            self.assertIsNone(re.search(r"\b1[0-9] Nov 2026", body), f"a date in {name}")
        for time in re.findall(r"\d{4}-\d\d-\d\dT[^\"]*", texts["records.ndjson"]):
            self.assertRegex(time, r"^1970-01-\d\dT\d\d:00:00\.000000Z$")
        self.assertIn("Doorbell A", texts["terminal"])

    def test_sums_stay_and_records_have_ordinals(self):
        before = porch.replay(*self.options, self.capture)
        for level in ("home", "strict"):
            after = porch.replay(*self.options, "--redact", level, self.capture)
            for key in SUMS:
                self.assertEqual(before.summary[key], after.summary[key], key)
            for kind, letter in (("devices", "D"), ("destinations", "R"), ("episodes", "E")):
                one, other = getattr(before, kind), getattr(after, kind)
                self.assertEqual([f"{letter}{n + 1}" for n in range(len(one))],
                                 [record["id"] for record in other])
                for key in ("bytes_up", "bytes_down"):
                    self.assertEqual([r[key] for r in one], [r[key] for r in other])
            self.assertEqual([e["duration_s"] for e in before.episodes],
                             [e["duration_s"] for e in after.episodes])
            known = {e["id"] for e in after.episodes}
            self.assertTrue(all(set(f["episodes"]) <= known for f in after.findings))
            self.assertEqual([len(f["episodes"]) for f in before.findings],
                             [len(f["episodes"]) for f in after.findings])
            self.assertTrue(all(f["check"] is None for f in after.findings))

    def test_the_record_says_what_is_gone_and_of_what_report(self):
        plain = json.loads(porch.run("replay", "--json", *self.options, self.capture).out)
        for level in ("home", "strict"):
            told = json.loads(porch.run("replay", "--json", *self.options, "--redact", level,
                                        self.capture).out)
            self.assertEqual(level, told["run"]["redaction"]["level"])
            self.assertEqual(plain["sha256"], told["run"]["redaction"]["unredacted_sha256"])
            self.assertNotEqual(plain["sha256"], told["sha256"])
            self.assertIn("addresses and MACs of the home", told["run"]["redaction"]["removed"])
        self.assertIsNone(plain["run"]["redaction"])

    def test_a_redacted_report_can_be_verified(self):
        for level in ("home", "strict"):
            out = self.folder / level
            porch.run("replay", "--quiet", *self.options, "--redact", level, "--out", out,
                      self.capture)
            result = porch.run("verify", *porch.DOORVUE, out, self.capture)
            self.expect(3, result.code, result.text)
            self.assertIn("give it again", result.text)
            result = porch.run("verify", *self.options, out, self.capture)
            self.expect(0, result.code, result.text + result.err)

    def test_flows_are_refused(self):
        result = porch.run("replay", "--ndjson", "--flows", "--redact", "home", self.capture)
        self.expect(2, result.code, result.err)


if __name__ == "__main__":
    porch.main()
