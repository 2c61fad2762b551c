#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/schema/rules.schema.json agrees with what loads and with what does not."""
import copy
import json
import re

import porch

try:
    import jsonschema
except ImportError:
    porch.skip("the Python module jsonschema is not installed")

MAKER = {"format": "porchlight-rules/1", "vendor": "examplecam", "name": "ExampleCam",
         "source": {"kind": "capture", "what": "x.pcap", "seen": "2026-11-19"},
         "destination": [{"id": "all", "host": [".examplecam.example"]}],
         "device": [{"id": "mac", "mac": ["00:00:5e"], "scope": "cameras"}]}

# Changes that make the file above one that neither the schema nor the program takes.
FAULTS = {
    "another format": lambda d: d.update(format="porchlight-rules/2"),
    "no format": lambda d: d.pop("format"),
    "an unknown key": lambda d: d.update(colour="red"),
    "an unknown key of a fact": lambda d: d["destination"][0].update(colour="red"),
    "a fact without an id": lambda d: d["destination"][0].pop("id"),
    "an id with a blank": lambda d: d["destination"][0].update(id="A b"),
    "no host": lambda d: d["destination"][0].pop("host"),
    "a host in capitals": lambda d: d["destination"][0].update(host=["A.example"]),
    "an empty section": lambda d: d.update(destination=[]),
    "a section that is no array": lambda d: d.update(destination={}),
    "an unknown kind of source": lambda d: d["source"].update(kind="rumour"),
    "a source without what": lambda d: d["source"].pop("what"),
    "a day that is none": lambda d: d["source"].update(seen="2026-13-01"),
    "a revision 0": lambda d: d.update(rev=0),
    "a status": lambda d: d.update(status="sure"),
    "a kind": lambda d: d.update(makes="toaster"),
    "a party": lambda d: d["destination"][0].update(party="friend"),
    "a purpose": lambda d: d["destination"][0].update(purposes=["spying"]),
    "a country": lambda d: d["destination"][0].update(country="usa"),
    "a randomised prefix": lambda d: d["device"][0].update(mac=["02:00:5e"]),
    "a prefix of 16 bits": lambda d: d["device"][0].update(mac=["00:00"]),
    "a prefix without scope": lambda d: d["device"][0].pop("scope"),
    "a weight": lambda d: d.update(device=[{"id": "a", "mdns": ["x*"], "weight": 99999}]),
    "a port": lambda d: d.update(service=[{"id": "a", "protocol": "udp", "ports": [70000],
                                           "service": "x"}]),
    "a number of a network": lambda d: d.update(network=[{"id": "a", "asn": [-1]}]),
    "a capture elsewhere": lambda d: d.update(test=[{
        "id": "a", "capture": "../x.pcap", "expect": {"device": "192.0.2.1", "kind": "camera"}}]),
    "a test that expects nothing": lambda d: d.update(test=[{
        "id": "a", "capture": "x.pcap", "expect": {"device": "192.0.2.1"}}]),
}


class RulesSchema(porch.Test):
    @classmethod
    def setUpClass(cls):
        schema = json.loads((porch.SOURCE / "docs/schema/rules.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def accepted(self, document, name):
        error = jsonschema.exceptions.best_match(self.validator.iter_errors(document))
        if error:
            self.fail(f"{name}: {error.json_path}: {error.message[:1000]}")

    def loads(self, document):
        path = self.folder / "vendors/examplecam.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(document))
        return porch.run("rules", "list", "--rules", self.folder).code == 0

    def test_every_shipped_file_is_valid(self):
        files = [*(porch.SOURCE / "rules").rglob("*.json"),
                 *(porch.SOURCE / "captures").rglob("doorvue.rules/**/*.json")]
        self.assertGreater(len(files), 60)
        for path in files:
            self.accepted(json.loads(path.read_text()), path)

    def test_the_examples_of_the_manuals_are_valid_and_load(self):
        readme = (porch.SOURCE / "rules/README.md").read_text()
        manual = (porch.SOURCE / "docs/porchlight-rules.5").read_text()
        for name, text in (
                ("README", re.search(r"```json\n(\{.*?)```", readme, re.S).group(1)),
                ("manual", re.search(r"^\.Bd -literal\n(\{.*?)^\.Ed", manual, re.S | re.M)
                 .group(1))):
            self.accepted(json.loads(text), name)

    def test_what_does_not_load_is_not_valid(self):
        self.accepted(MAKER, "the file that the faults are made in")
        self.assertTrue(self.loads(MAKER))
        for name, change in FAULTS.items():
            document = copy.deepcopy(MAKER)
            change(document)
            self.assertFalse(self.loads(document), f"{name} loads")
            self.assertFalse(self.validator.is_valid(document), f"{name} is valid")


if __name__ == "__main__":
    porch.main()
