#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The process that tells others: files, sockets, the log, commands and web servers."""
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

import messenger
import porch
from messenger import DOOR, Lines, Messenger, Receiver, wait_until


def introduction(lines):
    return [lines.device(), lines.destination()]


def small_disk(test):
    """A disk of 128 KiB with little room; it has more when its ballast goes."""
    if os.geteuid() != 0:
        test.skipTest("a disk of its own needs root")
    disk = test.folder / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(disk)],
                          capture_output=True, check=False)
    if made.returncode != 0:
        test.skipTest(f"no tmpfs here: {made.stderr.decode().strip()}")
    test.addCleanup(subprocess.run, ["umount", str(disk)], check=True)
    (disk / "ballast").write_bytes(b"x" * 110000)
    return disk


class Outputs(porch.Test):
    def test_a_file_has_each_line_but_the_states(self):
        lines, out = Lines(), self.folder / "events.ndjson"
        told = introduction(lines) + [lines.state(), *lines.upload(1), lines.state()]
        m = Messenger(self, {"outputs": [str(out)]})
        m.say(*told)
        self.expect(0, m.end(), "status")
        self.assertEqual(b"".join(t for t in told if b'"state", "boot"' not in t), out.read_bytes())
        self.expect(0o600, out.stat().st_mode & 0o777, "mode")

    def test_hangup_opens_a_rotated_file_anew(self):
        lines, out = Lines(), self.folder / "events.ndjson"
        m = Messenger(self, {"outputs": [str(out)]})
        m.say(lines.device())
        wait_until(lambda: out.exists() and out.read_bytes())
        out.rename(self.folder / "events.1")
        m.process.send_signal(signal.SIGHUP)
        wait_until(out.exists)
        m.say(lines.destination())
        self.expect(0, m.end(), "status")
        self.assertIn(b'"destination"', out.read_bytes())
        self.assertNotIn(b'"destination", "boot"', (self.folder / "events.1").read_bytes())

    def test_a_socket_gets_whole_lines_also_after_its_reader_went_away(self):
        lines, path = Lines(), self.folder / "socket"
        m = Messenger(self, {"outputs": [f"unix:{path}"]})
        m.say(*introduction(lines))
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(10)
        self.addCleanup(listener.close)
        reader, _ = listener.accept()
        first = reader.makefile("rb").readline()
        self.assertEqual("device", json.loads(first)["type"])
        reader.close()
        m.say(*lines.upload(1))
        m.say(*lines.upload(2))
        reader, _ = listener.accept()
        reader.settimeout(10)
        self.addCleanup(reader.close)
        numbers = []
        file = reader.makefile("rb")
        while not numbers or numbers[-1] < lines.number:
            numbers.append(json.loads(file.readline())["event"])
        self.assertEqual(sorted(numbers), numbers)
        self.assertEqual(list(range(numbers[0], lines.number + 1)), numbers)
        self.expect(0, m.end(), "status")

    def test_a_full_disk_loses_no_line_that_memory_holds(self):
        disk = small_disk(self)
        lines = Lines()
        m = Messenger(self, {"outputs": [str(disk / "out")]})
        m.say(*introduction(lines))
        for n in range(40):
            m.say(*lines.upload(n))
        self.assertTrue(wait_until(lambda: "No space" in m.said()), m.said())
        (disk / "ballast").unlink()
        m.say(*lines.upload(99))
        self.expect(0, m.end(), "status")
        numbers = [json.loads(line)["event"] for line in (disk / "out").read_bytes().splitlines()]
        self.assertEqual(list(range(1, lines.number + 1)), numbers)

    def test_what_is_no_event_is_left_out_and_said_once(self):
        lines, out = Lines(), self.folder / "events.ndjson"
        m = Messenger(self, {"outputs": [str(out)]})
        m.say(b"garbage\n", b'{"type":"episode"}\n', b"[]\n", b"\n", b'{"a":' + b"[" * 30000 + b"\n",
              b"y" * 300000 + b"\n", b"\xff\xfe\n", lines.device())
        self.expect(0, m.end(), "status")
        self.expect(1, len(out.read_bytes().splitlines()), "lines")
        self.expect(1, m.said().count("no event"), "warnings")


class Log(porch.Test):
    def listen(self):
        path = self.folder / "log"
        log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        log.bind(str(path))
        log.settimeout(10)
        self.addCleanup(log.close)
        return path, log

    def test_messages_are_of_rfc_5424_and_hostile_names_stay_text(self):
        path, log = self.listen()
        lines = Lines()
        m = Messenger(self, {"syslog": True, "log": str(path)})
        m.say(lines.device(label='Door"] \x1b[2J\n<11>1 - forged \\ Tür'), lines.destination(),
              lines.episode("e0000000000000042", True),
              lines.line("gap", start=messenger.moment(1), end=messenger.moment(2),
                         reason="packets dropped"))
        message = log.recv(9000).decode()
        head, rest = message.split(" [", 1)
        self.assertRegex(head, r"^<29>1 2026-11-15T22:43:01\.000000Z - porchlight \d+ upload-started$")
        self.assertIn('name="Door\\"\\] \\\\x1b[2J\\\\x0a<11>1 - forged', rest)
        self.assertIn(f'device="{DOOR}"', rest)
        self.assertNotIn("\n", message)
        self.assertNotIn("\x1b", message)
        self.assertIn("] \ufeffDoor", rest)
        gap = log.recv(9000).decode()
        self.assertRegex(gap, r"^<28>1 .* gap \[porchlight@32473 start=")
        self.expect(0, m.end(), "status")

    def test_a_log_that_comes_back_is_told_what_it_missed(self):
        lines = Lines()
        path = self.folder / "log"
        m = Messenger(self, {"syslog": True, "log": str(path)})
        m.say(*introduction(lines), *lines.upload(1))
        self.assertTrue(wait_until(lambda: "takes nothing" in m.said()), m.said())
        path, log = self.listen()
        m.say(*lines.upload(2), lines.line("summary"))
        self.assertIn("upload-started", log.recv(9000).decode())
        self.assertIn("2 messages could not be logged", log.recv(9000).decode())
        self.assertIn("upload-ended", log.recv(9000).decode())
        self.expect(0, m.end(), "status")


class Commands(porch.Test):
    def test_a_command_gets_data_on_its_input_and_in_variables_only(self):
        lines = Lines()
        out = self.folder / "out"
        m = Messenger(self, {"exec": [f'cat >> {out}; printf "%s|" "$PORCHLIGHT_NAME" >> {out}'],
                             "cooldown_s": 0})
        hostile = "$(touch %s/owned); `id` '; rm -rf x" % self.folder
        m.say(lines.device(label=hostile), lines.destination(),
              lines.episode("e0000000000000042", True))
        self.expect(0, m.end(), "status")
        told, name = out.read_bytes().split(b"\n", 1)
        self.assertEqual(hostile, json.loads(told)["device_name"])
        self.assertEqual(hostile.encode() + b"|", name)
        self.assertFalse((self.folder / "owned").exists())

    def test_what_hangs_is_ended_and_holds_nobody_up(self):
        """A command that never ends, and a web server that never answers."""
        silent = socket.socket()
        self.addCleanup(silent.close)
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        lines = Lines()
        out = self.folder / "out"
        m = Messenger(self, {"exec": ["sleep 1000 & sleep 1000", f"echo >> {out}"],
                             "webhooks": [f"http://127.0.0.1:{silent.getsockname()[1]}/"],
                             "cooldown_s": 0})
        m.say(*introduction(lines))
        for n in range(20):
            m.say(*lines.upload(n))
        self.assertTrue(wait_until(lambda: out.exists() and len(out.read_bytes()) == 40))
        self.assertTrue(wait_until(lambda: "took longer than 30 s" in m.said(), 40), m.said())
        self.assertTrue(wait_until(lambda: "Timeout was reached" in m.said(), 10), m.said())
        m.kill()

    def test_a_status_that_is_not_0_is_said(self):
        lines = Lines()
        m = Messenger(self, {"exec": ["exit 3"]})
        m.say(*introduction(lines), lines.episode("e0000000000000042", True))
        self.expect(0, m.end(), "status")
        self.assertIn("command 1 ended with status 3", m.said())


class Webhooks(porch.Test):
    def test_each_telling_is_posted_once_with_its_id(self):
        receiver, lines = Receiver(self), Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "cooldown_s": 0})
        m.say(*introduction(lines), *lines.upload(1), lines.notice("new-receiver"),
              lines.notice("tracker"), lines.notice("evidence-platform"),
              lines.notice("unsolicited-upload"))
        self.expect(0, m.end(), "status")
        kinds = [b["kind"] for b in receiver.bodies()]
        self.assertEqual(["upload-started", "upload-ended", "new-receiver", "tracker",
                          "evidence-platform", "unsolicited-upload"], kinds)
        for path, headers, body in receiver.requests:
            self.assertEqual("/hook", path)
            self.assertEqual("application/json", headers["Content-Type"])
            self.assertEqual(f'"{json.loads(body)["id"]}"', headers["Idempotency-Key"])
        self.expect(6, len({b["id"] for b in receiver.bodies()}), "ids")

    def test_an_upload_within_the_home_is_not_told(self):
        receiver, lines = Receiver(self), Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "cooldown_s": 0})
        m.say(lines.device(), lines.destination(party="local"), *lines.upload(1),
              lines.device(kind="other"), lines.destination(), *lines.upload(2),
              lines.device(), *[lines.episode("e0000000000000099", True, footage="no")])
        self.expect(0, m.end(), "status")
        self.assertEqual([], receiver.bodies())

    def test_errors_are_tried_again_in_order(self):
        receiver = Receiver(self, lambda number: 500 if number in (1, 2) else 204)
        lines = Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "cooldown_s": 0})
        m.say(*introduction(lines), *lines.upload(1), *lines.upload(2))
        wait_until(lambda: len(receiver.requests) == 6, 20)
        self.expect(0, m.end(), "status")
        ids = [b["id"] for b in receiver.bodies()]
        self.assertEqual([ids[0]] * 3 + sorted(ids[3:], key=lambda i: int(i.rsplit("-", 1)[1])), ids)
        self.expect(4, len(set(ids)), "tellings")
        self.assertIn("answered 500", m.said())
        self.assertIn("takes messages again", m.said())

    def test_redirects_are_not_followed_and_bad_requests_not_repeated(self):
        receiver = Receiver(self, lambda number: 307 if number == 1 else 422 if number == 2 else 200)
        lines = Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "cooldown_s": 0})
        m.say(*introduction(lines), *lines.upload(1))
        wait_until(lambda: len(receiver.requests) == 3, 20)
        self.expect(0, m.end(), "status")
        self.assertEqual({"/hook"}, {path for path, _, _ in receiver.requests})
        self.assertEqual(["upload-started", "upload-started", "upload-ended"],
                         [b["kind"] for b in receiver.bodies()])

    def test_a_slow_server_holds_up_no_other_outlet(self):
        receiver = Receiver(self, lambda number: time.sleep(2) or 200)
        lines, out = Lines(), self.folder / "out"
        m = Messenger(self, {"webhooks": [receiver.url], "outputs": [str(out)], "cooldown_s": 0})
        began = time.monotonic()
        m.say(*introduction(lines))
        for n in range(300):
            m.say(*lines.upload(n))
        self.assertTrue(wait_until(lambda: out.read_bytes().count(b"\n") == 602, 10))
        self.assertLess(time.monotonic() - began, 10)
        m.kill()

    def test_what_waits_survives_a_kill_and_is_delivered_by_the_next(self):
        spool = self.folder / "spool"
        spool.mkdir()
        receiver = Receiver(self, 503)
        lines = Lines()
        setup = {"webhooks": [receiver.url], "folder": str(spool), "cooldown_s": 0}
        m = Messenger(self, setup)
        m.say(*introduction(lines))
        for n in range(20):
            m.say(*lines.upload(n))
        self.assertTrue(wait_until(lambda: b'"upload-ended"' in spooled(spool) and
                                   spooled(spool).count(b'"upload-ended"') == 20))
        m.process.kill()
        m.process.wait()
        for file in spool.iterdir():
            self.expect(0o600, file.stat().st_mode & 0o777, f"mode of {file.name}")
        receiver.answer = 200
        receiver.requests.clear()
        m = Messenger(self, setup)
        wait_until(lambda: len(receiver.requests) == 40)
        self.expect(0, m.end(), "status")
        ids = [b["id"] for b in receiver.bodies()]
        self.assertEqual([f"-{n}" for n in range(3, 43)], ["-" + i.rsplit("-", 1)[1] for i in ids])
        self.assertEqual(b"", spooled(spool), "delivered, and still on disk")

    def test_a_full_disk_is_waited_out_in_memory(self):
        spool = small_disk(self)
        receiver = Receiver(self, 503)
        lines = Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "folder": str(spool), "cooldown_s": 0})
        m.say(*introduction(lines))
        for n in range(100):
            m.say(*lines.upload(n))
        self.assertTrue(wait_until(lambda: "the disk takes nothing" in m.said()), m.said())
        (spool / "ballast").unlink()
        m.say(*lines.upload(200))
        receiver.requests.clear()
        receiver.answer = 200
        self.assertTrue(wait_until(lambda: len(receiver.requests) >= 202, 40), m.said())
        self.expect(0, m.end(), "status")
        came = [int(b["id"].rsplit("-", 1)[1]) for b in messenger.first_times(receiver.bodies())]
        self.assertEqual(list(range(3, 205)), came)
        self.assertEqual(1, m.said().count("the disk takes nothing"))

    def test_past_the_bound_the_oldest_are_given_up_and_that_is_told(self):
        spool = self.folder / "spool"
        spool.mkdir()
        receiver = Receiver(self, 503)
        lines = Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "folder": str(spool), "cooldown_s": 0,
                             "spool_bytes": 65536})
        m.say(*introduction(lines))
        for n in range(200):
            m.say(*lines.upload(n))
        self.assertTrue(wait_until(lambda: "oldest is given up" in m.said()), m.said())
        time.sleep(0.5)
        self.assertLessEqual(len(spooled(spool)), 65536 + 1024)
        receiver.requests.clear()
        receiver.answer = 200
        self.assertTrue(wait_until(lambda: any(b["kind"] == "lost" for b in receiver.bodies()), 40))
        self.expect(0, m.end(), "status")
        bodies = receiver.bodies()
        lost = sum(b["count"] for b in bodies if b["kind"] == "lost")
        came = [int(b["id"].rsplit("-", 1)[1]) for b in bodies if b["kind"] != "lost"]
        self.assertEqual(400, lost + len(set(came)), "what came and what is told as lost")
        self.assertEqual(list(range(403 - len(set(came)), 403)), sorted(set(came)))

    def test_nothing_but_what_was_configured_is_connected_to(self):
        """A proxy of the environment is not what was configured."""
        receiver, proxy = Receiver(self), Receiver(self)
        lines = Lines()
        os.environ["http_proxy"] = os.environ["ALL_PROXY"] = proxy.url.rsplit("/", 1)[0]
        try:
            m = Messenger(self, {"webhooks": [receiver.url]})
        finally:
            del os.environ["http_proxy"], os.environ["ALL_PROXY"]
        m.say(*introduction(lines), lines.episode("e0000000000000042", True))
        self.expect(0, m.end(), "status")
        self.assertEqual((1, 0), (len(receiver.requests), len(proxy.requests)))

    def test_a_certificate_nobody_vouches_for_is_refused(self):
        if subprocess.run(["which", "openssl"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no openssl here")
        import ssl  # pylint: disable=import-outside-toplevel
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", str(self.folder / "key"), "-out", str(self.folder / "crt")],
                       check=True, capture_output=True)
        receiver, lines = Receiver(self), Lines()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "crt", self.folder / "key")
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        m = Messenger(self, {"webhooks": [receiver.url.replace("http://", "https://user:secret@")]})
        m.say(*introduction(lines), lines.episode("e0000000000000042", True))
        self.assertTrue(wait_until(lambda: "tried again" in m.said()), m.said())
        self.assertEqual([], receiver.requests)
        self.assertIn("certificate", m.said())
        self.assertNotIn("secret", m.said())
        m.kill()


class Cooldown(porch.Test):
    def test_a_busy_porch_is_told_once_and_then_in_a_digest(self):
        receiver, lines = Receiver(self), Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "cooldown_s": 2, "digest": True})
        m.say(*introduction(lines))
        for n in range(30):
            m.say(*lines.upload(n))
        m.say(lines.notice("tracker"))
        wait_until(lambda: len(receiver.requests) == 5)
        self.expect(0, m.end(), "status")
        bodies = receiver.bodies()
        self.assertEqual(["upload-started", "upload-ended", "tracker", "digest", "digest"],
                         [b["kind"] for b in bodies])
        self.assertEqual([29, 29], [b["count"] for b in bodies[3:]])
        self.assertEqual(29000000, bodies[4]["bytes_up"])
        self.assertIn("29 more", bodies[3]["sentence"])
        self.expect(5, len({b["id"] for b in bodies}), "ids")

    def test_without_a_digest_the_next_one_says_how_many(self):
        receiver, lines = Receiver(self), Lines()
        m = Messenger(self, {"webhooks": [receiver.url], "cooldown_s": 1})
        m.say(*introduction(lines), *[lines.upload(n)[0] for n in range(5)])
        time.sleep(1.3)
        m.say(lines.upload(9)[0])
        self.expect(0, m.end(), "status")
        self.assertEqual([0, 4], [b["held_back"] for b in receiver.bodies()])


class Confinement(porch.Test):
    def test_an_installation_has_one_name_whatever_it_may_reach(self):
        receiver, out = Receiver(self), self.folder / "out"
        for _ in range(2):
            lines = Lines()
            for setup in ({"webhooks": [receiver.url]}, {"exec": [f"cat >> {out}"]}):
                m = Messenger(self, setup)
                m.say(lines.device(), lines.destination(), *lines.upload(1))
                self.expect(0, m.end(), "status")
        told = receiver.bodies() + [json.loads(line) for line in out.read_text().splitlines()]
        self.expect(8, len(told), "tellings")
        self.expect(1, len({t["id"].split("-")[0] for t in told}), "names")

    def test_names_can_still_be_looked_up(self):
        receiver, lines = Receiver(self), Lines()
        m = Messenger(self, {"webhooks": [receiver.url.replace("127.0.0.1", "localhost")]})
        m.say(*introduction(lines), lines.episode("e0000000000000042", True))
        wait_until(lambda: receiver.requests)
        self.expect(0, m.end(), "status")
        self.expect(1, len(receiver.requests), "requests")

    def test_the_process_has_no_rights_and_no_way_to_new_ones(self):
        lines = Lines()
        m = Messenger(self, {"outputs": [str(self.folder / "out")]})
        m.say(lines.device())
        wait_until(lambda: (self.folder / "out").exists() and (self.folder / "out").read_bytes())
        status = pathlib.Path(f"/proc/{m.process.pid}/status").read_text()
        self.assertRegex(status, r"CapEff:\t0{16}")
        self.assertRegex(status, r"CapPrm:\t0{16}")
        self.assertRegex(status, r"NoNewPrivs:\t1")
        self.assertRegex(status, r"Seccomp:\t2")
        self.expect(0, m.end(), "status")


class Examples(porch.Test):
    """docs/telling.md and docs/examples show what is really told."""

    def setUp(self):
        super().setUp()
        self.text = (porch.SOURCE / "docs/telling.md").read_text()

    def test_the_ntfy_template_names_members_of_a_telling(self):
        receiver, lines = Receiver(self), Lines()
        m = Messenger(self, {"webhooks": [receiver.url]})
        m.say(*introduction(lines), lines.episode("e0000000000000042", True))
        self.expect(0, m.end(), "status")
        told = receiver.bodies()[0]
        url, = re.findall(r"--webhook '([^']+)'", self.text)
        members = re.findall(r"\{\{\.(\w+)\}\}", urllib.parse.unquote(url))
        self.assertEqual(["device_name", "sentence"], members)
        for member in members + re.findall(r"\.(\w+)[, \]]", re.search(r"jq -r \"(.*)\" >>", self.text)[1]):
            self.assertTrue(told[member], member)

    def test_the_commands_run_as_they_are_shown(self):
        """With what a hostile device may call itself."""
        lines, out = Lines(), self.folder / "arguments"
        fake = self.folder / "notify-send"
        fake.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {out}\n')
        fake.chmod(0o755)
        command, = re.findall(r"--exec '(notify-send[^']+)'", self.text)
        m = Messenger(self, {"exec": [f"PATH={self.folder}:$PATH; {command}"]})
        m.say(lines.device(label="--icon=/etc/passwd $(id)"), lines.destination(),
              lines.episode("e0000000000000042", True))
        self.expect(0, m.end(), "status")
        self.assertEqual(["--app-name=porchlight", "--", "--icon=/etc/passwd $(id)"],
                         out.read_text().splitlines()[:3])

    def test_the_dashboard_asks_for_figures_that_there_are(self):
        dashboard = json.loads((porch.SOURCE / "docs/examples/grafana.json").read_text())
        there = set(re.findall(r"porchlight_\w+", (porch.SOURCE / "src/sink/site/metrics.c").read_text()))
        asked = [t["expr"] for panel in dashboard["panels"] for t in panel["targets"]]
        self.assertEqual(len(dashboard["panels"]), len({p["id"] for p in dashboard["panels"]}))
        for expression in asked:
            for name in re.findall(r"porchlight_\w+", expression):
                self.assertIn(name, there)

    def test_examples_in_yaml_can_be_read(self):
        try:
            import yaml  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("no python3-yaml here")
        card, automation, scrape = (yaml.safe_load(b) for b in re.findall(r"```yaml\n(.*?)```", self.text, re.S))
        self.assertEqual("entities", card["type"])
        self.assertEqual({"alias", "mode", "max", "triggers", "conditions", "actions"}, set(automation))
        self.assertEqual(["127.0.0.1:8642"], scrape["scrape_configs"][0]["static_configs"][0]["targets"])


def spooled(folder):
    return b"".join(p.read_bytes() for p in sorted(folder.glob("*.spool")))


if __name__ == "__main__":
    if not os.access(messenger.PROGRAM, os.X_OK):
        porch.skip(f"no program at {messenger.PROGRAM}")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(256 * 1024)
    porch.main()
