#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every document and every record is what docs/schema says."""
import json
import sys

import porch

try:
    import jsonschema
except ImportError:
    jsonschema = None

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import odd_captures  # noqa: E402

SCHEMAS = porch.SOURCE / "docs/schema"


def schemas():
    return {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}


def validator(name):
    """A validator of one schema that may refer to the files beside it."""
    known = schemas()
    schema = known[name]
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    try:
        from referencing import Registry, Resource
        pairs = []
        for file, content in known.items():
            resource = Resource.from_contents(content)
            pairs += [(file, resource)] + ([(content["$id"], resource)] if "$id" in content else [])
        return kind(schema, registry=Registry().with_resources(pairs))
    except ImportError:
        store = {key: content for file, content in known.items()
                 for key in (file, content.get("$id", file))}
        return kind(schema, resolver=jsonschema.RefResolver(schema.get("$id", name), schema, store))


class Schema(porch.Test):
    def captures(self):
        folder = porch.CAPTURES / "public"
        yield porch.DAY
        for name, data in odd_captures.all_of_them():
            yield self.file(name, data)
        for name in ("shfw/xiaomi-cam__no-firewall__wlan2.4.pcap",
                     "shfw/dlink-cam__no-firewall__wan.pcap", "ndpi/rtsp.pcap",
                     "ndpi/alexa-app.pcapng", "ndpi/fuzz-2006-06-26-2594.pcap"):
            if (folder / name).exists():
                yield folder / name

    def check(self, checker, record, what):
        error = jsonschema.exceptions.best_match(checker.iter_errors(record))
        if error:
            self.fail(f"{what}: at {'/'.join(map(str, error.absolute_path))}: "
                      f"{error.message[:1500]}")

    def test_documents(self):
        checker = validator("report.schema.json")
        for path in self.captures():
            for arguments in ([], ["--all-devices"]):
                result = porch.run("replay", "--json", *arguments, path)
                self.check(checker, json.loads(result.out), f"{path.name} {arguments}")

    def test_records(self):
        checker = validator("record.schema.json")
        for path in self.captures():
            result = porch.run("replay", "--ndjson", "--flows", "--all-devices", path)
            for number, line in enumerate(result.out.splitlines(), 1):
                self.check(checker, json.loads(line), f"{path.name} line {number}")

    def test_the_schemas_refuse_what_the_contract_does_not_know(self):
        checker = validator("report.schema.json")
        document = json.loads(porch.run("replay", "--json", porch.DAY).out)
        for change in ({"schema": "porchlight.report/2"}, {"summary": None}, {"devices": [{}]}):
            self.assertFalse(checker.is_valid({**document, **change}), change)


if __name__ == "__main__":
    if jsonschema is None:
        porch.skip("python3-jsonschema is not installed")
    if not SCHEMAS.is_dir():
        porch.skip("no docs/schema")
    porch.main()
