#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MQTT against a real mosquitto: what is discovered, what is shown, and what a broker that is
away, killed, silent or unwilling loses and doubles: nothing.

test_mqtt.py [SECONDS]: how long the broker is away under load; 20 without.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import messenger
import porch
from messenger import DOOR, YARD, Broker, Lines, Messenger, first_times, open_upload, wait_until

AWAY = 20
SCHEMA = porch.SOURCE / "tests/messenger/discovery.schema.json"


def introduction(lines):
    return [lines.device(), lines.device(YARD, "Yard", kind="camera"), lines.destination(),
            lines.state(devices=[(DOOR, "Front door"), (YARD, "Yard")])]


def site_of(broker):
    found = [topic for topic, _ in broker.heard("/available")]
    return found[0].split("/")[1] if found else None


class Mqtt(porch.Test):
    def begin(self, broker, url=None, **setup):
        self.lines = Lines()
        m = Messenger(self, {"mqtt": [url or f"mqtt://127.0.0.1:{broker.port}"], **setup})
        m.say(*introduction(self.lines))
        return m

    def online(self, broker):
        return wait_until(lambda: any(p == b"online" for _, p in broker.heard("/available")))

    def expect_all(self, broker, numbers):
        """Every event of these numbers came, and in order per device without repeats."""
        expected = set(numbers)
        wait_until(lambda: {n for n, _ in self.numbers(broker)} >= expected, 120, every=1)
        came = self.numbers(broker)
        missing = sorted(expected - {n for n, _ in came})
        self.assertEqual([], missing[:5], f"{len(missing)} of {len(expected)} never came")
        self.assertEqual([], sorted({n for n, _ in came} - expected)[:5], "came unasked")
        for device in {d for _, d in came}:
            own = [n for n, d in came if d == device]
            self.assertEqual(sorted(own), own, f"order of {device}")

    def numbers(self, broker):
        return [(int(e["id"].rsplit("-", 1)[1]), e["device"]) for e in first_times(broker.events())
                if e["kind"] != "lost"]


class Discovery(Mqtt):
    def test_payloads_agree_with_home_assistants_documentation(self):
        try:
            import jsonschema  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("no python3-jsonschema here")
        validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        site = site_of(broker)
        configs = {t: json.loads(p) for t, p in broker.retained().items() if t.endswith("/config")}
        self.assertEqual({f"homeassistant/device/porchlight_{i}/config" for i in (DOOR, YARD, site)},
                         set(configs))
        unique = []
        for topic, config in configs.items():
            faults = [e.message for e in validator.iter_errors(config)]
            self.assertEqual([], faults, topic)
            unique += [c["uniq_id"] for c in config["cmps"].values()]
            self.assertEqual([{"t": f"porchlight/{site}/available"}], config["avty"])
            self.assertEqual(topic.split("/")[2], config["dev"]["ids"][0])
        self.expect(len(unique), len(set(unique)), "unique ids")
        door = configs[f"homeassistant/device/porchlight_{DOOR}/config"]
        self.assertEqual(("Front door", "Doorvue", "Doorvue One", f"porchlight_{site}"),
                         tuple(door["dev"][k] for k in ("name", "mf", "mdl", "via_device")))
        self.assertEqual({"footage": "binary_sensor", "event": "event", "footage_today": "sensor",
                          "bytes_today": "sensor", "last_receiver": "sensor",
                          "last_upload": "sensor"}, {k: c["p"] for k, c in door["cmps"].items()})
        self.assertLessEqual({"upload_started", "upload_ended", "new_receiver", "tracker",
                              "evidence_platform", "unsolicited_upload"},
                             set(door["cmps"]["event"]["evt_typ"]))
        self.assertLessEqual({"dropped", "gaps", "rules_age"},
                             set(configs[f"homeassistant/device/porchlight_{site}/config"]["cmps"]))
        self.expect(0, m.end(), "status")

    def test_each_value_shown_is_in_the_state_that_is_published(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        kept = broker.retained()
        for topic, payload in kept.items():
            if not topic.endswith("/config"):
                continue
            for key, component in json.loads(payload)["cmps"].items():
                if component["p"] == "event":
                    self.assertNotIn(component["stat_t"], kept, "an event that is retained is ignored")
                    continue
                value = re.fullmatch(r"\{\{ value_json\.(\w+) \}\}", component["val_tpl"]).group(1)
                self.assertIn(value, json.loads(kept[component["stat_t"]]), key)
        self.expect(0, m.end(), "status")

    def test_the_examples_speak_of_entities_that_there_are(self):
        """Home Assistant names an entity after its device and itself, in lower case with _."""
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        there = {}
        for topic, payload in broker.retained().items():
            if topic.endswith("/config"):
                config = json.loads(payload)
                for component in config["cmps"].values():
                    name = f"{config['dev']['name']} {component['name']}".lower().replace(" ", "_")
                    there[f"{component['p']}.{name}"] = component
        text = (porch.SOURCE / "docs/telling.md").read_text()
        asked = re.findall(r"(?:entity|entity_id): (\w+\.\w+)", text)
        self.assertGreater(len(asked), 10)
        self.assertEqual(set(), set(asked) - set(there))
        types = re.search(r"event_type in\s+\[([^\]]+)\]", text)[1]
        self.assertLessEqual(set(re.findall(r"'(\w+)'", types)),
                             set(there["event.front_door_uploads"]["evt_typ"]))
        m.say(*self.lines.upload(1))
        wait_until(broker.events)
        for attribute in re.findall(r"to_state\.attributes\.(\w+)", text):
            self.assertIn(attribute, broker.events()[0])
        self.expect(0, m.end(), "status")

    def test_a_device_keeps_the_name_that_the_state_gives_it(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        for line in (self.lines.device(label=None), self.lines.state(devices=[(DOOR, "Doorvue doorbell")]),
                     self.lines.device(label=None), self.lines.state(devices=[(DOOR, "Doorvue doorbell")])):
            m.say(line)
            time.sleep(0.3)
        topic = f"homeassistant/device/porchlight_{DOOR}/config"
        self.assertTrue(wait_until(lambda: b'"Doorvue doorbell"' in broker.last(topic)))
        m.say(self.lines.upload(1)[0])
        self.assertTrue(wait_until(broker.events))
        self.expect(2, len(broker.heard(topic)), "configurations")
        self.expect("Doorvue doorbell", broker.events()[0]["device_name"], "name")
        self.expect(0, m.end(), "status")

    def test_no_topic_holds_a_name(self):
        broker = Broker(self)
        m = self.begin(broker)
        m.say(*self.lines.upload(1), self.lines.notice("new-receiver"))
        self.assertTrue(wait_until(lambda: len(broker.events()) == 3))
        for topic, _ in broker.heard():
            self.assertRegex(topic, r"^(homeassistant/device/porchlight_d?[0-9a-f]{16}/config|"
                                    r"porchlight/d?[0-9a-f]{16}/(state|event|available))$")
        self.expect(0, m.end(), "status")

    def test_home_assistants_birth_message_brings_all_of_it_again(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        topic = f"homeassistant/device/porchlight_{DOOR}/config"
        wait_until(lambda: broker.heard(topic))
        before = len(broker.heard(topic))
        broker.publish("homeassistant/status", "online")
        self.assertTrue(wait_until(lambda: len(broker.heard(topic)) == before + 1))
        self.assertTrue(wait_until(lambda: len(broker.heard(f"{DOOR}/state")) > 1))
        self.expect(0, m.end(), "status")

    def test_a_device_that_is_no_longer_watched_is_taken_away(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        m.say(self.lines.device(YARD, "Yard", kind="camera", watched=False))
        config = f"homeassistant/device/porchlight_{YARD}/config"
        self.assertTrue(wait_until(lambda: broker.last(config) == b""))
        self.expect(0, m.end(), "status")
        self.assertFalse([t for t in broker.retained() if YARD in t])
        self.assertTrue([t for t in broker.retained() if DOOR in t])
        # Also by a later run that never knew it as watched.
        lines = Lines("00c0ffee00c0ffef")
        m = Messenger(self, {"mqtt": [f"mqtt://127.0.0.1:{broker.port}"]})
        m.say(lines.device(watched=False, kind="other"), lines.state(devices=[(YARD, "Yard")]))
        self.assertTrue(wait_until(
            lambda: broker.last(f"homeassistant/device/porchlight_{DOOR}/config") == b""))
        self.expect(0, m.end(), "status")

    def test_prefixes_are_the_users_own(self):
        broker = Broker(self)
        m = self.begin(broker, f"mqtt://127.0.0.1:{broker.port}/house/porch?discovery=ha")
        self.assertTrue(self.online(broker), m.said())
        self.expect(0, m.end(), "status")
        self.assertTrue(all(re.match("ha/device/|house/porch/", t) for t, _ in broker.heard()))


class State(Mqtt):
    def shown(self, broker, ident=DOOR):
        payload = broker.last(f"porchlight/{ident}/state")
        return json.loads(payload) if payload else {}

    def test_the_footage_sensor_follows_an_upload(self):
        broker = Broker(self)
        m = self.begin(broker)
        lines = self.lines
        self.assertTrue(wait_until(lambda: self.shown(broker).get("footage") == "OFF"), m.said())
        began = time.monotonic()
        m.say(lines.episode("e0000000000000042", True, destination=None),
              lines.state("sending", "sending", open_upload("e0000000000000042")))
        self.assertTrue(wait_until(lambda: self.shown(broker).get("footage") == "ON"))
        self.assertLess(time.monotonic() - began, 1.5)
        m.say(lines.state("ended-maybe", "ended-maybe", open_upload("e0000000000000042")),
              lines.episode("e0000000000000042", False), lines.state())
        self.assertTrue(wait_until(lambda: self.shown(broker).get("footage") == "OFF"))
        self.expect(14, json.loads(broker.last(f"porchlight/{site_of(broker)}/state"))["rules_age_days"],
                    "age of the rules")
        wait_until(lambda: len(broker.events()) == 2)
        self.assertEqual(["upload_started", "upload_ended"],
                         [e["event_type"] for e in broker.events()])
        self.expect(("Skyfold Cloud", 7400000),
                    tuple(self.shown(broker)[k] for k in ("last_receiver", "footage_bytes_today")),
                    "last receiver and bytes")
        self.expect(0, m.end(), "status")
        self.expect(b"offline", broker.last(f"porchlight/{site_of(broker)}/available"), "at the end")

    def test_a_recorded_camera_is_told_upload_by_upload(self):
        """Lines that the counting process told of a lab's recording (tests/samples)."""
        lines = (porch.SOURCE / "tests/samples/events/camera.ndjson").read_bytes().splitlines(True)
        records = [json.loads(line) for line in lines]
        local = {r["id"] for r in records if r["type"] == "destination" and r["party"] == "local"}
        ended = [r["id"] for r in records if r["type"] == "episode" and not r["open"] and
                 r["footage"] in ("yes", "cannot-tell") and r["destination"] not in local]
        self.assertTrue(ended)
        broker = Broker(self)
        m = Messenger(self, {"mqtt": [f"mqtt://127.0.0.1:{broker.port}"]})
        shown = []
        for line, record in zip(lines, records):
            m.say(line)
            if record["type"] != "state":
                continue
            for device in record["devices"]:
                counts = device["open"] and device["open"]["footage"] == "yes"
                shown.append("ON" if counts else "OFF")
                self.assertTrue(wait_until(
                    lambda: self.shown(broker, device["id"]).get("footage") == shown[-1], 6),
                    f"{record['time']}: not {shown[-1]}")
        self.assertLessEqual({"ON", "OFF"}, set(shown))
        self.expect(0, m.end(), "status")
        events = first_times(broker.events())
        self.assertEqual(sorted(set(ended)), sorted({e["episode"] for e in events
                                                     if e["kind"] == "upload-ended"}))
        for ident in set(ended):
            kinds = [e["kind"] for e in events if e["episode"] == ident and "upload-" in e["kind"] and
                     e["kind"] != "unsolicited-upload"]
            self.assertIn(kinds, (["upload-started", "upload-ended"], ["upload-ended"]), ident)

    def test_what_does_not_count_leaves_it_off(self):
        broker = Broker(self)
        m = self.begin(broker)
        lines = self.lines
        m.say(lines.episode("e0000000000000042", True, destination=None),
              lines.state("quiet", "sending", open_upload("e0000000000000042", party="local")),
              lines.episode("e0000000000000043", True, footage="cannot-tell"),
              lines.device("d1100000000000003", "Laptop", kind="other"),
              lines.episode("e0000000000000044", True, device="d1100000000000003"),
              lines.state())
        self.assertTrue(wait_until(lambda: len(broker.events()) == 1), m.said())
        self.expect(0, m.end(), "status")
        self.assertEqual({"OFF"}, {json.loads(p)["footage"] for t, p in broker.heard("/state")
                                   if "/d" in t and p})
        self.assertEqual(["cannot-tell"], [e["footage"] for e in broker.events()])

    def test_who_sees_nothing_does_not_say_that_nothing_leaves(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(wait_until(lambda: self.shown(broker).get("footage") == "OFF"))
        time.sleep(5)
        m.say(self.lines.state("blind"))
        self.assertTrue(wait_until(lambda: self.shown(broker).get("footage") == "None"))
        self.expect(0, m.end(), "status")

    def test_without_states_it_says_that_it_is_away(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        topic = f"porchlight/{site_of(broker)}/available"
        self.assertTrue(wait_until(lambda: broker.last(topic) == b"offline", 20))
        m.say(self.lines.state())
        self.assertTrue(wait_until(lambda: broker.last(topic) == b"online"))
        self.expect(0, m.end(), "status")

    def test_when_it_is_killed_its_last_will_says_so(self):
        broker = Broker(self)
        m = self.begin(broker)
        self.assertTrue(self.online(broker), m.said())
        m.process.kill()
        topic = f"porchlight/{site_of(broker)}/available"
        self.assertTrue(wait_until(lambda: broker.last(topic) == b"offline"))


class Broken(Mqtt):
    """Whatever happens to the broker, each event comes, and once without its repeats."""

    def feed(self, m, seconds, devices=(DOOR, YARD), every=0.1):
        """Uploads, and a state each second; returns the numbers of their events."""
        numbers, until, n = [], time.monotonic() + seconds, 0
        while time.monotonic() < until:
            n += 1
            device = devices[n % len(devices)]
            for line in self.lines.upload(self.lines.number + 1, device):
                numbers.append(json.loads(line)["event"])
                m.say(line)
            if n % 10 == 0:
                m.say(self.lines.state())
            time.sleep(every)
        return numbers

    def spool(self):
        folder = self.folder / "spool"
        folder.mkdir(exist_ok=True)
        return {"folder": str(folder)}

    def test_a_broker_that_is_stopped_for_a_while(self):
        broker = Broker(self)
        m = self.begin(broker, **self.spool())
        self.assertTrue(self.online(broker), m.said())
        numbers = self.feed(m, 1)
        broker.stop()
        numbers += self.feed(m, AWAY)
        broker.start()
        numbers += self.feed(m, 1)
        self.expect_all(broker, numbers)
        self.expect(0, m.end(60), "status")
        self.assertIn("connected again", m.said())
        self.expect(0, len(list((self.folder / "spool").glob("*.spool"))[1:]), "files left")

    def test_a_broker_that_is_killed_again_and_again(self):
        broker = Broker(self, killed=True)
        m = self.begin(broker, **self.spool())
        self.assertTrue(self.online(broker), m.said())
        numbers = []
        for _ in range(3):
            numbers += self.feed(m, 1)
            # What it has taken it has handed on: losing that would not be our loss.
            wait_until(lambda: len(self.numbers(broker)) == len(numbers), 20)
            broker.stop(signal.SIGKILL)
            numbers += self.feed(m, 1)
            broker.start()
        self.expect_all(broker, numbers)
        self.expect(0, m.end(60), "status")

    def test_a_broker_that_hangs_and_one_that_never_answers(self):
        broker = Broker(self)
        silent = socket.socket()
        self.addCleanup(silent.close)
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        urls = [f"mqtt://127.0.0.1:{broker.port}", f"mqtt://127.0.0.1:{silent.getsockname()[1]}"]
        self.lines = Lines()
        out = self.folder / "out"
        m = Messenger(self, {"mqtt": urls, "outputs": [str(out)], **self.spool()})
        m.say(*introduction(self.lines))
        self.assertTrue(self.online(broker), m.said())
        numbers = self.feed(m, 1)
        broker.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        numbers += self.feed(m, 3)
        self.assertLess(time.monotonic() - began, 4, "who writes lines had to wait")
        self.assertTrue(wait_until(lambda: out.read_bytes().count(b'"episode"') == len(numbers), 2))
        broker.process.send_signal(signal.SIGCONT)
        self.expect_all(broker, numbers)
        m.kill()

    def test_a_broker_that_refuses_the_password_until_it_does_not(self):
        broker = Broker(self, password="let%me:in")
        m = self.begin(broker, f"mqtt://porch:wrong@127.0.0.1:{broker.port}", **self.spool())
        numbers = self.feed(m, 2)
        self.assertTrue(wait_until(lambda: "authori" in m.said()), m.said())
        self.assertEqual([], broker.events())
        self.assertNotIn("wrong", m.said())
        m.end(60)
        files = self.folder / "spool"
        before, = files.glob("mqtt-*.position")
        # The same broker by its right password is the same place: what waits is told to it.
        url = f"mqtt://porch:let%25me%3Ain@127.0.0.1:{broker.port}"
        m = Messenger(self, {"mqtt": [url], **self.spool()})
        m.say(self.lines.state(devices=[(DOOR, "Front door"), (YARD, "Yard")]))
        self.expect_all(broker, numbers)
        self.expect(0, m.end(60), "status")
        self.assertEqual([before], list(files.glob("mqtt-*.position")))

    def test_a_messenger_that_is_killed_loses_nothing_it_had_taken(self):
        broker = Broker(self)
        m = self.begin(broker, **self.spool())
        self.assertTrue(self.online(broker), m.said())
        broker.stop()
        numbers = self.feed(m, 3)
        time.sleep(0.5)
        m.process.kill()
        m.process.wait()
        broker.start()
        again = Messenger(self, {"mqtt": [f"mqtt://127.0.0.1:{broker.port}"], **self.spool()})
        again.say(self.lines.state(devices=[(DOOR, "Front door"), (YARD, "Yard")]))
        self.expect_all(broker, numbers)
        self.expect(0, again.end(60), "status")

    def test_past_the_bound_the_oldest_go_first_counted_and_told(self):
        broker = Broker(self)
        m = self.begin(broker, spool_bytes=65536, **self.spool())
        self.assertTrue(self.online(broker), m.said())
        broker.stop()
        wait_until(lambda: "tried again" in m.said(), 20)
        numbers = []
        for n in range(200):
            for line in self.lines.upload(n):
                numbers.append(json.loads(line)["event"])
                m.say(line)
        self.assertTrue(wait_until(lambda: "oldest is given up" in m.said()), m.said())
        broker.start()
        m.say(self.lines.state())
        wait_until(lambda: numbers[-1] in [n for n, _ in self.numbers(broker)], 60)
        wait_until(lambda: any(e["kind"] == "lost" for e in broker.events()), 30)
        lost = sum(e["count"] for e in first_times(broker.events()) if e["kind"] == "lost")
        came = [n for n, _ in self.numbers(broker)]
        self.assertEqual(len(numbers), lost + len(came))
        self.assertEqual(numbers[-len(came):], came, "the oldest go first")
        m.say(self.lines.state())
        self.assertTrue(wait_until(lambda: json.loads(
            broker.last(f"porchlight/{site_of(broker)}/state") or b"{}").get("lost") == lost))
        self.expect(0, m.end(60), "status")


class Secure(Mqtt):
    def certificates(self):
        if not shutil.which("openssl"):
            self.skipTest("no openssl here")
        folder = self.folder

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=test authority", "-keyout",
                "ca.key", "-out", "ca.crt")
        openssl("req", *key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr",
                "-addext", "subjectAltName=IP:127.0.0.1")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out", "server.crt")
        return folder

    def test_tls_needs_a_certificate_that_somebody_vouches_for(self):
        folder = self.certificates()
        broker = Broker(self, tls=folder)
        m = self.begin(broker, f"mqtts://127.0.0.1:{broker.port}?ca={folder}/ca.crt")
        self.assertTrue(self.online(broker), m.said())
        m.say(*self.lines.upload(1))
        self.assertTrue(wait_until(lambda: len(broker.events()) == 2))
        self.expect(0, m.end(), "status")
        before = len(broker.events())
        m = self.begin(broker, f"mqtts://127.0.0.1:{broker.port}")
        m.say(*self.lines.upload(1))
        self.assertTrue(wait_until(lambda: "tried again" in m.said()), m.said())
        time.sleep(2)
        self.expect(before, len(broker.events()), "events")
        m.end()


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        AWAY = int(sys.argv.pop(1))
    if not os.access(messenger.PROGRAM, os.X_OK):
        porch.skip(f"no program at {messenger.PROGRAM}")
    if not shutil.which("mosquitto") or not shutil.which("mosquitto_sub"):
        porch.skip("no mosquitto here")
    threading.stack_size(256 * 1024)
    porch.main()
