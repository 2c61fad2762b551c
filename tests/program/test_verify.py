#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`verify` passes on what was not touched and names what was; `diff` tells what changed."""
import json
import random
import re
import shutil
import subprocess

import porch

import hashlib

LAB = porch.SOURCE / "captures/lab"


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


class Verify(porch.Test):
    def setUp(self):
        super().setUp()
        self.capture = self.file("day.pcapng.gz", porch.DAY.read_bytes())
        self.report = self.folder / "report"
        self.made = porch.run("replay", "--quiet", *porch.DOORVUE, "--out", self.report,
                              self.capture)

    def verify(self, code, *arguments, rules=porch.DOORVUE):
        result = porch.run("verify", *rules, *arguments)
        self.expect(code, result.code, f"{arguments}: {result.text}{result.err}")
        return result.text + result.err

    def document(self):
        return json.loads((self.report / "report.json").read_bytes())

    def test_an_untouched_report_is_equal(self):
        for report in (self.report, self.report / "report.json", self.report / "report.html"):
            self.assertIn(self.document()["sha256"], self.verify(0, report, self.capture))
        self.verify(0, self.report)  # where it says that the capture lay

    def test_the_hash_is_of_the_compact_document(self):
        """Made again from the text itself, without porchlight."""
        text = (self.report / "report.json").read_text()
        body = text[:text.rindex(',\n"sha256":')].replace("\n", "") + "}"
        body = re.sub(r'"path":"[^"]*",', "", body)
        body = re.sub(r'"libraries":\{[^}]*\},', "", body)
        self.expect(self.document()["sha256"], hashlib.sha256(body.encode()).hexdigest(), "hash")
        manifest = json.loads((self.report / "manifest.json").read_bytes())
        self.expect(self.document()["sha256"], manifest["report_sha256"], "of the manifest")

    def test_options_are_taken_from_the_report(self):
        out = self.folder / "other"
        porch.run("replay", "--quiet", *porch.DOORVUE, "--all-devices", "--filter", "udp or tcp",
                  "--label", "192.168.7.1=Router", "--since", "2026-11-14T10:00:00Z", "--out", out,
                  self.capture)
        self.verify(0, out, self.capture)

    def test_another_folder_locale_zone_and_jobs_do_not_matter(self):
        moved = self.folder / "elsewhere"
        shutil.copytree(self.report, moved)
        copy = self.file("renamed", self.capture.read_bytes())
        result = porch.run("verify", "-j", "4", *porch.DOORVUE, moved, copy,
                           env={"TZ": "Asia/Kathmandu", "LC_ALL": "de_DE.UTF-8"}, cwd="/")
        self.expect(0, result.code, result.err)

    def test_one_flipped_byte_of_the_capture_is_named(self):
        whole = self.capture.read_bytes()
        for at in (40, len(whole) // 2, len(whole) - 1):
            changed = self.file("changed", flip(whole, at))
            said = self.verify(5, self.report, changed)
            self.assertIn("run.inputs[0].sha256", said)

    def test_the_manifest_sums_every_file_of_the_rules(self):
        told = [(file["file"], file["sha256"]) for file in json.loads(
            (self.report / "manifest.json").read_bytes())["rule_files"]]
        rules = porch.SOURCE / "rules"
        read = sorted(path for kind in ("json", "txt") for path in rules.rglob(f"*.{kind}"))
        self.assertGreater(len(read), 80)
        for path in read:
            self.assertIn((str(path.relative_to(rules)),
                           hashlib.sha256(path.read_bytes()).hexdigest()), told)

    def test_one_flipped_byte_of_the_rules_is_named(self):
        for number, name in enumerate(("ring.json", "zmodo.json")):
            rules = self.folder / f"rules{number}"
            shutil.copytree(porch.SOURCE / "rules", rules)
            path = rules / "vendors" / name
            text = path.read_text()
            path.write_text(text.replace('"what": "', '"what": "X', 1))
            said = self.verify(5, self.report, self.capture,
                               rules=["--rules", rules, *porch.DOORVUE[2:]])
            self.assertIn("run.rules.sha256", said)
            self.assertIn(f"rules: vendors/{name}", said)

    def test_any_flipped_byte_of_a_report_is_noticed(self):
        dice = random.Random(7)
        for name in ("report.json", "report.html", "records.ndjson", "episodes.csv",
                     "destinations.csv", "devices.csv", "manifest.json"):
            path = self.report / name
            whole = path.read_bytes()
            for at in [dice.randrange(len(whole)) for _ in range(3)] + [len(whole) - 1]:
                path.write_bytes(flip(whole, at))
                said = self.verify(5, self.report, self.capture)
                if name not in ("report.json", "manifest.json"):
                    self.assertIn(name, said)
            path.write_bytes(whole)

    def test_a_changed_number_is_named_by_its_place(self):
        path = self.report / "report.json"
        text = path.read_text()
        number = self.document()["devices"][0]["bytes_up"]
        path.write_text(text.replace(f'"bytes_up":{number}', f'"bytes_up":{number + 1}', 1))
        (self.report / "manifest.json").unlink()
        said = self.verify(5, path, self.capture)
        self.assertIn(f"devices[0].bytes_up: told {number + 1}, found {number}", said)

    def test_what_is_missing_cannot_be_decided(self):
        self.assertIn("cannot be read", self.verify(3, self.report, self.folder / "none"))
        other = self.document()
        other["run"]["version"] = "9.9.9"
        path = self.file("other.json", json.dumps(other, separators=(",", ":")).encode())
        self.assertIn("9.9.9", self.verify(3, path, self.capture))

    def test_what_is_no_report_is_said(self):
        self.verify(1, self.file("x.json", b"{}"), self.capture)
        self.verify(1, self.folder / "nothing.json", self.capture)
        self.verify(5, self.file("half.json", (self.report / "report.json").read_bytes()[:900]))
        self.expect(2, porch.run("verify").code, "no report")

    def test_a_report_cannot_smuggle_options(self):
        for options in ({"out": ["/tmp/x"]}, {"device": "x"}, {"device": ["not a device"]},
                        {"rules": 7}, {"filter": ["and and"]}):
            document = self.document()
            document["run"]["options"] = options
            path = self.file("bad.json", json.dumps(document, separators=(",", ":")).encode())
            result = porch.run("verify", *porch.DOORVUE, path, self.capture)
            self.assertIn(result.code, (2, 5), f"{options}: {result.text}{result.err}")

    def test_a_signature_of_the_users_own_tool_holds(self):
        if not shutil.which("ssh-keygen"):
            self.skipTest("ssh-keygen is not installed")
        key, manifest = self.folder / "key", self.report / "manifest.json"
        quiet = {"check": True, "capture_output": True}
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], **quiet)
        subprocess.run(["ssh-keygen", "-Y", "sign", "-f", key, "-n", "porchlight", manifest],
                       **quiet)
        allowed = self.file("signers", b"me@example.org " + (key.with_suffix(".pub")).read_bytes())
        check = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "me@example.org", "-n",
                 "porchlight", "-s", f"{manifest}.sig"]
        subprocess.run(check, input=manifest.read_bytes(), **quiet)
        self.verify(0, self.report, self.capture)
        broken = subprocess.run(check, input=flip(manifest.read_bytes(), 9), capture_output=True,
                                check=False)
        self.assertNotEqual(0, broken.returncode)


class Diff(porch.Test):
    def report(self, name, *arguments):
        out = self.folder / name
        porch.run("replay", "--quiet", *porch.DOORVUE, "--out", out, *arguments, porch.DAY)
        return out

    def test_the_same_twice_is_no_change(self):
        said = porch.run("diff", self.report("a"), self.report("b")).text
        self.assertEqual("Devices: no change\nReceivers: no change\n", said)

    def test_receivers_come_go_and_change(self):
        morning = self.report("a", "--until", "2026-11-14T12:00:00Z")
        day = self.report("b")
        result = porch.run("diff", "--json", morning, day)
        self.expect(0, result.code, result.err)
        difference = json.loads(result.out)
        self.assertTrue(difference["destinations"]["changed"] or difference["destinations"]["new"])
        back = json.loads(porch.run("diff", "--json", day, morning).out)
        names = lambda entries: [(e["device"], e["receiver"]) for e in entries]  # noqa: E731
        self.assertEqual(names(difference["destinations"]["new"]),
                         names(back["destinations"]["gone"]))
        for entry in difference["destinations"]["changed"]:
            for before, after in entry["changes"].values():
                self.assertNotEqual(before, after)
        self.assertIn("->", porch.run("diff", morning, day).text)

    def test_a_new_rule_shows_as_another_party(self):
        plain = self.folder / "plain"
        porch.run("replay", "--quiet", "--all-devices", "--out", plain, porch.DAY)
        known = self.report("known", "--all-devices")
        difference = json.loads(porch.run("diff", "--json", plain, known).out)
        self.assertIn("rules", difference["run"])
        changed = [entry["changes"] for entry in difference["destinations"]["changed"]]
        self.assertTrue(any("maker" in change.get("party", []) for change in changed))

    def test_wrong_usage_is_said(self):
        self.expect(2, porch.run("diff", "one").code, "one report")
        self.expect(1, porch.run("diff", "none", "neither").code, "no reports")


if __name__ == "__main__":
    porch.main()
