#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The API of the live page is what docs/openapi.json says, and its figures are Prometheus's.

PORCHLIGHT_PAGE is the program, PORCHLIGHT_SOURCE the source folder, PROMTOOL where that is.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from home import FRONT, SIDE, STUDIO, Home, Page, a_day, free_port

try:
    import jsonschema
except ImportError:
    jsonschema = None

SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE", "."))
DOCS = SOURCE / "docs"
SAMPLES = sorted((SOURCE / "tests/samples/events").glob("*.ndjson"))


def described():
    return json.loads((DOCS / "openapi.json").read_text())


def validator(schema):
    """Of a schema of the description, which refers to those of the records."""
    known = {path.name: json.loads(path.read_text()) for path in (DOCS / "schema").glob("*.json")}
    base = "https://porchlight.example/"
    store = {base + "schema/" + name: content for name, content in known.items()}
    store.update({content["$id"]: content for content in known.values() if "$id" in content})
    store.update({base + "schema/" + name: dict(content, **{"$id": base + "schema/" + name})
                  for name, content in known.items()})
    whole = dict(described(), **{"$id": base + "openapi.json"})
    store[base + "openapi.json"] = whole
    resolver = jsonschema.RefResolver(base + "openapi.json", whole, store)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


class Api(unittest.TestCase):
    lines = None

    def setUp(self):
        self.page = Page(free_port()).wait()
        self.addCleanup(self.page.close)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page.port}{path}") as answer:
            return answer.status, answer.headers, answer.read()

    def json(self, path):
        status, headers, body = self.get(path)
        self.assertEqual(200, status)
        self.assertTrue(headers["Content-Type"].startswith("application/json"))
        return json.loads(body)

    def tell(self, *lines):
        self.page.tell(*lines)
        for _ in range(200):
            if self.json("/api/v1/state")["state"]:
                return
            time.sleep(0.02)
        self.fail("no state arrived")

    def fill(self):
        self.home = Home()
        self.tell(*a_day(self.home), self.home.tell_state())

    def valid(self, path, answer):
        operation = described()["paths"][path]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        faults = [f"{fault.json_path}: {fault.message[:300]}"
                  for fault in validator(schema).iter_errors(answer)]
        self.assertEqual([], faults, path)

    @unittest.skipUnless(jsonschema, "the Python module jsonschema is not installed")
    def test_what_two_watched_networks_told_is_answered_as_described(self):
        """The samples are records of a real watch, line by line."""
        self.assertGreaterEqual(len(SAMPLES), 2)
        for sample in SAMPLES:
            lines = sample.read_bytes().splitlines(keepends=True)
            self.tell(*lines)
            told = [json.loads(line) for line in lines]
            for part in ("state", "run", "summary", "devices", "destinations", "episodes", "findings",
                         "gaps", "notices"):
                answer = self.json("/api/v1/" + part)
                self.valid("/api/v1/" + part, answer)
                if isinstance(answer[part], list):
                    kind = part[:-1]
                    last = {line["id"]: line for line in told if line["type"] == kind and "id" in line}
                    for record in answer[part]:
                        self.assertEqual(last.get(record.get("id"), record), record)
                    self.assertEqual(len({record.get("id", record["event"]) for record in answer[part]}),
                                     len(answer[part]))
            self.assertEqual([line for line in told if line["type"] == "state"][-1],
                             self.json("/api/v1/state")["state"])

    @unittest.skipUnless(jsonschema, "the Python module jsonschema is not installed")
    def test_before_the_first_word_all_is_null_or_empty(self):
        for part in ("state", "run", "summary", "devices", "destinations", "episodes", "findings",
                     "gaps", "notices"):
            answer = self.json("/api/v1/" + part)
            self.valid("/api/v1/" + part, answer)
            self.assertIn(answer[part], (None, []))

    def test_every_path_described_is_answered_and_no_other(self):
        self.fill()
        for path, operations in described()["paths"].items():
            if path == "/events":
                continue
            for method in operations:
                request = urllib.request.Request(f"http://127.0.0.1:{self.page.port}{path}",
                                                 method=method.upper())
                try:
                    with urllib.request.urlopen(request) as answer:
                        status = answer.status
                except urllib.error.HTTPError as error:
                    status = error.code
                    error.close()
                if path == "/open":  # leads to the page
                    self.assertEqual(200, status)
                else:
                    self.assertIn(str(status), operations[method]["responses"], path)
                self.assertNotIn(status, (405, 501), path)
        source = (SOURCE / "src/sink/site/reply.c").read_text()
        served = set(re.findall(r'\{"(/[^"]*)", METHOD', source)) - {
            "/live.css", "/live.js", "/favicon.svg", "/favicon.ico"}
        self.assertEqual(served, {path for path in described()["paths"]
                                  if not path.startswith("/api/v1/")})

    def test_the_description_is_sound(self):
        text = (DOCS / "openapi.json").read_text()
        whole = json.loads(text)
        self.assertTrue(whole["openapi"].startswith("3.1"))
        names = [op["operationId"] for path in whole["paths"].values() for op in path.values()]
        self.assertEqual(len(names), len(set(names)))
        for reference in set(re.findall(r'"\$ref": "([^"]+)"', text)):
            file, _, pointer = reference.partition("#")
            at = json.loads((DOCS / file).read_text()) if file else whole
            for step in pointer.strip("/").split("/") if pointer else ():
                at = at[step]
        if jsonschema:
            for path in whole["paths"].values():
                for operation in path.values():
                    for response in operation["responses"].values():
                        for content in response.get("content", {}).values():
                            jsonschema.Draft202012Validator.check_schema(content["schema"])

    # Figures.

    def samples(self, text):
        """Reads the text format 0.0.4 strictly: {(name, labels): value}."""
        self.assertTrue(text.endswith("\n"))
        types, found, current = {}, {}, None
        label = r'[a-z_]+="[^"\\\n]*"'
        for line in text.splitlines():
            self.assertEqual(line, line.strip())
            if match := re.fullmatch(r"# HELP ([a-z_]+) (\S.*[.])", line):
                self.assertNotIn(match.group(1), types)
                current = match.group(1)
            elif match := re.fullmatch(r"# TYPE ([a-z_]+) (counter|gauge)", line):
                self.assertEqual(current, match.group(1))
                types[current] = match.group(2)
                self.assertEqual(match.group(2) == "counter", current.endswith("_total"), line)
            else:
                match = re.fullmatch(r"([a-z_]+)(\{" + label + r"(?:," + label + r")*\})? (\d+)", line)
                self.assertTrue(match, line)
                self.assertEqual(current, match.group(1))
                key = (match.group(1), match.group(2) or "")
                self.assertNotIn(key, found)
                found[key] = int(match.group(3))
        self.assertEqual({name for name, _ in found} - set(types), set())
        return found

    def metrics(self):
        status, headers, body = self.get("/metrics")
        self.assertEqual(200, status)
        self.assertEqual("text/plain; version=0.0.4; charset=utf-8", headers["Content-Type"])
        return body.decode()

    def test_figures_are_well_formed_before_and_after_the_first_word(self):
        self.assertEqual(0, self.samples(self.metrics())["porchlight_up", ""])
        self.fill()
        self.assertEqual(1, self.samples(self.metrics())["porchlight_up", ""])

    def test_figures_are_those_of_the_state(self):
        self.fill()
        found, state = self.samples(self.metrics()), self.json("/api/v1/state")["state"]
        for name, key in (("porchlight_upload_today_bytes", "bytes_up_today"),
                          ("porchlight_footage_today_bytes", "footage_bytes_today"),
                          ("porchlight_footage_today_uploads", "footage_episodes_today"),
                          ("porchlight_gaps_total", "gaps")):
            self.assertEqual(state[key], found[name, ""])
        counters = state["counters"]
        fates = {key: found["porchlight_packets_total", f'{{fate="{key}"}}']
                 for key in ("processed", "undecoded", "filtered", "deduplicated", "dropped")}
        self.assertEqual(fates, {key: counters[key] for key in fates})
        self.assertEqual(counters["received"], found["porchlight_received_packets_total", ""])
        self.assertEqual(sum(fates.values()), counters["received"])
        for device in state["devices"]:
            label = f'{{device="{device["id"]}"}}'
            self.assertEqual(device["bytes_up_today"], found["porchlight_device_upload_today_bytes", label])

    def test_figures_of_a_real_watch_add_up_to_its_records(self):
        for sample in SAMPLES:
            self.tell(*sample.read_bytes().splitlines(keepends=True))
            found = self.samples(self.metrics())
            sent = {}
            for record in self.json("/api/v1/destinations")["destinations"]:
                sent[record["party"]] = sent.get(record["party"], 0) + record["bytes_up"]
            for party, value in sent.items():
                if party != "local":
                    self.assertEqual(value, found["porchlight_party_upload_bytes", f'{{party="{party}"}}'])

    def test_no_label_is_an_address_or_a_name(self):
        self.fill()
        labels = set(re.findall(r'="([^"]*)"', self.metrics()))
        allowed = {FRONT, SIDE, STUDIO, "quiet", "sending", "ended-maybe", "cannot-tell", "blind",
                   "processed", "undecoded", "filtered", "deduplicated", "dropped", "unknown", "maker",
                   "cloud", "tracker", "evidence", "peer", "utility", "other"}
        labels = {label for label in labels if not re.fullmatch(r"\d+\.\d+\.\d+", label)}
        self.assertEqual(set(), labels - allowed)
        for secret in ("02:00:5e", "192.168", "198.51.100", "skyfold", "Front door", "doorbell-1"):
            self.assertNotIn(secret, self.metrics())

    def test_promtool_finds_nothing(self):
        tool = os.environ.get("PROMTOOL") or shutil.which("promtool")
        if not tool or not os.access(tool, os.X_OK):
            self.skipTest("no promtool")
        self.fill()
        checked = subprocess.run([tool, "check", "metrics"], input=self.metrics(), text=True,
                                 capture_output=True)
        self.assertEqual((0, ""), (checked.returncode, checked.stdout + checked.stderr))

    # The stream.

    def read_events(self, last=None, wanted=1, seconds=5):
        request = urllib.request.Request(f"http://127.0.0.1:{self.page.port}/events",
                                         headers={"Last-Event-ID": last} if last else {})
        events, event = [], {}
        with urllib.request.urlopen(request, timeout=seconds) as stream:
            while len(events) < wanted:
                line = stream.readline().decode().rstrip("\n")
                if line:
                    key, _, value = line.partition(": ")
                    event[key] = value
                elif event:
                    events += [event] if "data" in event else []
                    event = {}
        return events

    def test_a_reader_who_was_away_goes_on_where_it_was(self):
        self.fill()
        for number in range(20, 26):
            self.page.tell(self.home.episode(f"e44000000000000{number}", FRONT, None, self.home.now, 1, 9))
        while self.json("/api/v1/episodes")["episodes"][-1]["id"] != "e4400000000000025":
            time.sleep(0.02)
        newest = self.json("/api/v1/episodes")["episodes"][-1]["event"]
        events = self.read_events(f"{self.home.boot}-{newest - 3}", 4)
        self.assertEqual([f"{self.home.boot}-{newest - 2 + i}" for i in range(3)],
                         [event["id"] for event in events[:3]])
        self.assertEqual({"episode"}, {event["event"] for event in events[:3]})
        self.assertEqual("state", events[3]["event"])
        self.assertNotIn("id", events[3])
        record = json.loads(events[2]["data"])
        self.assertEqual(("episode", "e4400000000000025"), (record["type"], record["id"]))

    def test_after_a_restart_nothing_of_the_new_run_is_missed(self):
        self.fill()
        last = self.read_events("none-0", 1)[0]["id"]
        self.page.close()
        self.page = Page(self.page.port).wait()
        self.addCleanup(self.page.close)
        again = Home(boot="00c0ffee00c0ffef")
        self.tell(again.episode("e5500000000000001", FRONT, None, again.now, 1, 9), again.tell_state())
        events = self.read_events(last, 2)
        self.assertEqual(f"{again.boot}-1", events[0]["id"])
        self.assertEqual("state", events[1]["event"])
        self.assertEqual(again.boot, json.loads(events[1]["data"])["boot"])

    def test_an_idle_stream_beats(self):
        self.fill()
        request = urllib.request.Request(f"http://127.0.0.1:{self.page.port}/events")
        begun = time.time()
        with urllib.request.urlopen(request, timeout=30) as stream:
            for line in stream:
                if line.startswith(b":"):
                    break
        self.assertLess(time.time() - begun, 25)


if __name__ == "__main__":
    unittest.main(verbosity=1)
