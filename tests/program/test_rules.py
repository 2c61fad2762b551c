#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands that look into the rules."""
import json
import shutil

import porch


class Rules(porch.Test):
    def doorvue(self):
        """A copy of the made-up maker's rules, to be changed: (folder, its main file)."""
        folder = self.folder / "doorvue.rules"
        shutil.copytree(porch.SOURCE / "captures/doorvue.rules", folder)
        return folder, folder / "vendors/doorvue.json"

    def change(self, path, change):
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))

    def check(self, expected, *arguments):
        result = porch.run("rules", "check", *arguments)
        self.expect(expected, result.code, f"status of rules check {arguments}: {result.err}")
        return result

    def test_what_ships_passes(self):
        self.assertIn("are valid", self.check(0).text)

    def test_a_folder_that_adds_to_the_rules_is_checked_with_its_own_tests(self):
        folder, _ = self.doorvue()
        self.assertIn("1 of their own tests agree", self.check(0, folder).text)

    def test_a_whole_set_of_rules_stands_alone(self):
        alone = self.check(0, porch.SOURCE / "rules").text
        self.expect(self.check(0).text, alone, "the same rules, named")

    def test_a_test_that_disagrees_is_4_and_says_where(self):
        folder, path = self.doorvue()

        def change(document):
            expect = document["test"][0]["expect"]
            expect["kind"] = "camera"
            expect["destination"][0]["party"] = "tracker"
            expect["destination"].append({"to": "nobody.example"})

        self.change(path, change)
        err = self.check(4, folder).err
        self.assertIn(f"{path}: motion: kind: expected camera, came doorbell", err)
        self.assertIn("party of media.doorvue.example: expected tracker, came maker", err)
        self.assertIn("expected nobody.example, came nothing", err)

    def test_a_test_without_its_capture_is_4(self):
        folder, path = self.doorvue()
        (folder / "vendors/doorvue-motion.pcapng.gz").unlink()
        self.assertIn("doorvue-motion.pcapng.gz", self.check(4, folder).err)
        self.assertIn(str(path), self.check(4, folder).err)

    def test_a_capture_may_be_no_symbolic_link(self):
        folder, _ = self.doorvue()
        capture = folder / "vendors/doorvue-motion.pcapng.gz"
        capture.unlink()
        capture.symlink_to(porch.DAY)
        self.assertIn("symbolic link", self.check(4, folder).err)

    def test_overlapping_prefixes_are_4_with_both_ids(self):
        folder, _ = self.doorvue()

        def change(document):
            first = document["address"][0]
            document["address"].append({"id": "again", "prefix": first["prefix"][:1]})

        self.change(folder / "clouds/skyfold.json", change)
        err = self.check(4, folder).err
        self.assertIn("clouds/skyfold.json: again:", err)
        self.assertIn("clouds/skyfold.json#", err)

    def test_overlapping_hosts_are_4_with_both_ids(self):
        folder, path = self.doorvue()
        self.change(path, lambda document: document["destination"].append(
            {"id": "again", "host": ["media.doorvue.example"]}))
        err = self.check(4, folder).err
        self.assertIn(f"{path}: again:", err)
        self.assertIn("vendors/doorvue.json#media has it too", err)

    def test_a_missing_source_is_4(self):
        folder, path = self.doorvue()
        self.change(path, lambda document: document.pop("source"))
        self.assertIn("source is missing", self.check(4, folder).err)

    def test_what_a_later_folder_takes_over_is_told(self):
        folder, path = self.doorvue()
        self.change(path, lambda document: document["destination"].append(
            {"id": "own", "host": [".ring.com"]}))
        self.assertIn("vendors/doorvue.json#own takes .ring.com from vendors/ring.json#",
                      self.check(0, folder).text)

    def explain(self, query, *options):
        result = porch.run("rules", "explain", "--json", *options, query)
        self.expect(0, result.code, f"status of rules explain {query}: {result.err}")
        return json.loads(result.out)

    def test_a_list_adds_trackers_to_the_installed_rules(self):
        hosts = self.file("hosts.txt", b"127.0.0.1 localhost\n0.0.0.0 ads.metrics.example # x\n")
        told = self.explain("ads.metrics.example", "--rules", hosts, "--device-vendor", "ring")
        self.expect(["tracker", "tracker", None, "hosts.txt"],
                    [told["role"], told["party"], told["organisation"],
                     told["matches"][0]["source"]], "role, party, organisation, source")
        self.assertIn("are valid", self.check(0, hosts).text)

    def test_a_bad_line_of_a_list_is_4_with_file_and_line(self):
        path = self.file("ads.txt", b"ads.example\n# fine\nads.example##banner\nbad_-.example/x\n")
        err = self.check(4, path).err
        self.assertIn(f"{path}: line 4: ", err)
        self.expect(4, porch.run("replay", "--rules", path, porch.DAY).code, "status of replay")

    def test_a_list_makes_a_receiver_a_tracker_in_a_replay(self):
        path = self.file("mine.txt", b"backup.cloudbox.example\n")
        records = porch.replay("--all-devices", *porch.DOORVUE, "--rules", path, porch.DAY)
        found = [d for d in records.destinations if d["name"] == "backup.cloudbox.example"]
        self.expect(["tracker"], [d["party"] for d in found], "party")
        self.expect("mine.txt#list", found[0]["rule"]["id"], "rule")

    def test_an_import_is_a_rule_file_that_checks_and_explains(self):
        mine = self.folder / "mine"
        protos = self.file("protos.txt", b'host:"cam.example",ip:192.0.2.0/24@ExampleCam\n')
        result = porch.run("rules", "import", protos, "--as", "extra", "-o", mine)
        self.expect(0, result.code, result.err)
        self.assertIn(str(mine / "organisations/extra.json"), result.text)
        self.check(0, mine)
        told = self.explain("a.cam.example", "--rules", porch.SOURCE / "rules", "--rules", mine)
        self.expect(["ExampleCam", "experimental", "protos.txt"],
                    [told["organisation"], told["matches"][0]["status"],
                     told["matches"][0]["source"]], "organisation, status, source")

    def test_an_import_never_writes_over_a_file(self):
        ads = self.file("ads.txt", b"ads.example\n")
        arguments = ("rules", "import", ads, "--as", "ads", "-o", self.folder / "mine")
        self.expect(0, porch.run(*arguments).code, "first")
        self.expect(1, porch.run(*arguments).code, "again")

    def test_an_import_says_what_is_wrong(self):
        ads = self.file("ads.txt", b"ads.example\nads..example\n")
        out = self.folder / "mine"
        result = porch.run("rules", "import", ads, "--as", "ads", "-o", out)
        self.expect(4, result.code, "status of a bad line")
        self.assertIn(f"{ads}: line 2: ", result.err)
        self.assertFalse(out.exists(), "something was written")
        for arguments in ([ads], [ads, "--as", "ads"], ["--as", "ads", "-o", out], []):
            self.expect(2, porch.run("rules", "import", *arguments).code, f"status: {arguments}")
        self.expect(1, porch.run("rules", "import", self.folder / "absent", "--as", "a", "-o",
                                 out).code, "status without a file")

    def test_an_export_is_a_mud_file_of_what_the_device_did(self):
        arguments = ("rules", "export", *porch.DOORVUE, "--mud", "00:00:5E:00:53:0D", porch.DAY)
        result = porch.run(*arguments)
        self.expect(0, result.code, result.err)
        self.expect(result.out, porch.run(*arguments).out, "the same again")
        document = json.loads(result.out)
        mud = document["ietf-mud:mud"]
        self.expect("Doorvue", mud["mfg-name"], "maker")
        lists = {acl["name"]: acl for acl in document["ietf-access-control-list:acls"]["acl"]}
        named = [entry["name"] for way in ("from", "to")
                 for entry in mud[f"{way}-device-policy"]["access-lists"]["access-list"]]
        self.expect(sorted(lists), sorted(named), "lists that the policies name")
        entries = [ace["matches"] for ace in lists["from-ipv4"]["aces"]["ace"]]
        self.assertIn({"ipv4": {"ietf-acldns:dst-dnsname": "media.doorvue.example",
                                "protocol": 6},
                       "tcp": {"destination-port": {"operator": "eq", "port": 443}}}, entries)
        self.assertTrue([e for e in entries
                         if e["ipv4"].get("destination-ipv4-network") == "198.51.100.231/32"])
        back = [ace["matches"] for ace in lists["to-ipv4"]["aces"]["ace"]]
        self.expect(len(entries), len(back), "entries of the two ways")

    def test_an_export_can_be_imported(self):
        exported = porch.run("rules", "export", *porch.DOORVUE, "--mud", "00:00:5e:00:53:0d",
                             porch.DAY)
        path = self.file("bell.json", exported.out)
        result = porch.run("rules", "import", path, "--as", "bell", "-o", self.folder / "mine")
        self.expect(0, result.code, result.err)
        written = (self.folder / "mine/vendors/bell.json").read_text()
        self.assertIn("media.doorvue.example", written)

    def test_an_export_of_a_device_that_was_not_seen_is_2(self):
        self.expect(2, porch.run("rules", "export", "--mud", "00:00:5e:00:53:ff",
                                 porch.DAY).code, "an absent device")
        self.expect(2, porch.run("rules", "export", porch.DAY).code, "no device")


if __name__ == "__main__":
    porch.main()
