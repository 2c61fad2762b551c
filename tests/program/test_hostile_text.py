#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names that devices, files, users and rules chose with ill intent appear as text everywhere,
judged by real parsers: csv, json, html.parser, expat and, where it is there, pyte."""
import csv
import html.parser
import io
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import porch

import capture_file
import wire
from scene import SECOND, Host, Scene, Stream

HOSTILE = [
    b"\x1b]0;owned\x07door", b"\x1b[2J\x1b[31mdoor", b"door\r\nF1  virtually certain", b"\x9b31m",
    b"\xc2\x9b31mdoor", "\u202edoor\u2066x\u2069".encode(), b"door\xff\xfe\xc3", b"\xed\xa0\x80",
    b"</script><script>alert(1)</script>", b"\"><img src=x onerror=alert(1)>", b"=cmd|' /C calc'!A0",
    b"+1", b"-2", b"@SUM(A1)", b"\t=1", b"a,b;\"c\"\n", "d\u043eorbell".encode(),
    "\u2028line\u2029".encode(), b"]]>", b"&amp;&#x3c;", b"a" * 255, b"\x08\x7f\x00door", b"%n%s"]
CONTROLS = set(range(0x20)) - {0x0A}
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CHARTS = ("timeline", "receivers", "hours")


def home():
    """One camera for each name: what it calls itself, looks up and asks for."""
    scene = Scene()
    router = Host("02:9c:31:d5:0e:77", "192.168.77.1")
    start = 1_795_000_000 * SECOND
    for number, name in enumerate(HOSTILE):
        at = start + number * 60 * SECOND
        camera = Host(f"54:e0:19:00:00:{number:02x}", f"192.168.77.{20 + number}")
        server = Host(router.mac, f"203.0.113.{20 + number}")
        scene.arp(at, camera, router)
        body = wire.dhcp(3, number + 1, camera.mac, "0.0.0.0",
                         [(12, name[:255]), (60, name[:255])])
        scene.udp(at + SECOND, Host(camera.mac, "0.0.0.0"), 68,
                  Host("ff:ff:ff:ff:ff:ff", "255.255.255.255"), 67, body)
        label = name[:63] or b"x"
        owner = bytes([len(label)]) + label + b"\x05local\0"
        answer = b"\0\0\x84\0\0\0\0\x01\0\0\0\0" + owner + b"\0\x01\x80\x01\0\0\0\x78\0\x04"
        scene.udp(at + 2 * SECOND, camera, 5353, Host("01:00:5e:00:00:fb", "224.0.0.251"), 5353,
                  answer + wire.address_bytes(camera.address))
        stream = Stream(scene, camera, 40000 + number, server, 443)
        stream.open(at + 3 * SECOND)
        stream.hello(at + 4 * SECOND, name[:200])
        for step in range(20):
            stream.up_bulk(at + 5 * SECOND + step * SECOND // 4, 40_000, 1_000_000)
        stream.close(at + 12 * SECOND)
    return capture_file.pcap_bytes(scene.sorted())


# What a terminal would show of standard input, and what it would be called.
EMULATOR = """
import json, pyte, sys
screen = pyte.Screen(400, 2000)
pyte.Stream(screen).feed(sys.stdin.buffer.read().decode())
json.dump({"title": screen.title, "display": screen.display}, sys.stdout)
"""


def python_with(module):
    for python in (sys.executable, "/usr/bin/python3"):
        if os.access(python, os.X_OK) and subprocess.run(
                [python, "-c", f"import {module}"], capture_output=True,
                check=False).returncode == 0:
            return python
    return None


class Page(html.parser.HTMLParser):
    """What a browser would run or fetch."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.scripts, self.handlers, self.images, self.said = 0, [], 0, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.images += tag in ("img", "iframe", "object", "embed")
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data):
        self.said.append(data)


class HostileText(porch.Test):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.raw = home()

    def capture(self, name=b"\x1b]0;owned\x07 \xe2\x80\xae<b>=cmd.pcap"):
        path = os.path.join(os.fsencode(self.folder), name)
        with open(path, "wb") as file:
            file.write(self.raw)
        return os.fsdecode(path)

    def labels(self):
        for number, name in enumerate(HOSTILE):
            if number % 2 and b"\0" not in name:
                yield "--label"
                yield f"192.168.77.{20 + number}=" + os.fsdecode(name)

    def replay(self, *arguments, env=None):
        said = self.run_raw("replay", "--all-devices", *self.labels(), *arguments,
                            self.capture(), env=env)
        self.assertIn(said.returncode, (0, 3), said.stderr[-2000:])
        return said

    def run_raw(self, *arguments, env=None):
        return subprocess.run([porch.PROGRAM, *arguments], capture_output=True, check=False,
                              env={**os.environ, **(env or {})}, timeout=300)

    def plain(self, data, what):
        """Valid UTF-8 without a control character, C1 or bidi mark; pages indent with tabs."""
        text = data.decode("utf-8")
        for char in text.replace("\t", "") if what in (*CHARTS, "report.html") else text:
            self.assertFalse(ord(char) in CONTROLS - {0x0D} or 0x7F <= ord(char) < 0xA0,
                             f"{char!r} in {what}")
            self.assertNotIn(char, BIDI, what)
        return text

    def test_the_terminal_shows_text_and_obeys_none(self):
        for arguments in ([], ["--all"], ["--lang", "de"]):
            said = self.replay(*arguments, env={"LC_ALL": "C.UTF-8"})
            text = self.plain(said.stdout, "the summary")
            self.plain(said.stderr, "standard error")
            self.assertNotIn("\r", text)
            self.assertIn("</script>", text + said.stderr.decode())

    def test_a_terminal_emulator_is_not_moved(self):
        python = python_with("pyte")
        if not python:
            self.skipTest("the Python module pyte is not installed")
        said = self.replay("--all", env={"LC_ALL": "C.UTF-8"}).stdout
        done = subprocess.run([python, "-c", EMULATOR], input=said.replace(b"\n", b"\r\n"),
                              capture_output=True, check=True)
        screen = json.loads(done.stdout)
        self.assertEqual("", screen["title"])
        wanted = [line.rstrip() for line in said.decode().splitlines()]
        both = [(a, b.rstrip()) for a, b in zip(wanted, screen["display"]) if a.isascii()]
        self.assertGreater(len(both), 20)
        for expected, came in both:
            self.assertEqual(expected, came)

    def test_json_is_one_document_that_is_inert_in_a_page(self):
        out = self.plain(self.replay("--json").stdout.replace(b"\n", b""), "JSON")
        document = json.loads(out)
        self.assertEqual(len(HOSTILE), len(document["devices"]))
        self.assertNotIn("<", out)
        for line in self.replay("--ndjson").stdout.splitlines():
            json.loads(self.plain(line, "NDJSON"))

    def test_csv_has_a_cell_for_each_name_and_no_formula(self):
        for table in ("devices", "destinations", "episodes"):
            data = self.replay("--csv", table).stdout
            self.plain(data.replace(b"\t", b""), f"{table}.csv")
            rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
            self.assertGreater(len(rows), len(HOSTILE) // 2)
            self.assertEqual({len(rows[0])}, {len(row) for row in rows})
            for row in rows[1:]:
                for name, cell in zip(rows[0], row):
                    number = cell.lstrip("-").replace(".", "", 1).isdigit()
                    self.assertFalse(cell[:1] in tuple("=+-@\t") and not number,
                                     f"{name}: {cell!r}")

    def test_the_page_runs_and_fetches_nothing_of_theirs(self):
        empty = self.file("empty.pcap", capture_file.pcap_bytes([]))
        out = self.folder / "empty"
        porch.run("replay", "--quiet", "--out", out, empty)
        ours = Page((out / "report.html").read_text())
        for language in ("en", "de"):
            out = self.folder / language
            self.replay("--quiet", "--lang", language, "--out", str(out))
            text = self.plain((out / "report.html").read_bytes(), "report.html")
            page = Page(text)
            self.assertEqual(ours.scripts, page.scripts)
            self.assertEqual([], page.handlers)
            self.assertEqual(0, page.images)
            self.assertIn("alert(1)", "".join(page.said))

    def test_pictures_are_well_formed_svg(self):
        for name in CHARTS:
            path = self.folder / f"{name}.svg"
            self.replay("--quiet", "--chart", name, "-o", str(path))
            data = path.read_bytes()
            self.plain(data, name)
            root = xml.etree.ElementTree.fromstring(data)
            tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
            self.assertFalse(tags & {"script", "foreignObject", "image", "a"}, f"{name}: {tags}")
            for element in root.iter():
                self.assertFalse([a for a in element.attrib if a.lower().startswith("on")], name)

    def test_texts_of_rules_are_only_text(self):
        folder = self.folder / "rules"
        shutil.copytree(porch.SOURCE / "captures/doorvue.rules", folder)
        for path in folder.rglob("*.json"):
            rule = json.loads(path.read_text())
            if "organisation" in rule:
                rule["organisation"] = "</script><script>alert(1)</script>\u202e=cmd \"&"
                path.write_text(json.dumps(rule))
        out = self.folder / "out"
        said = porch.run("replay", "--rules", porch.SOURCE / "rules", "--rules", folder,
                         "--out", out, porch.DAY)
        self.expect(0, said.code, said.err)
        self.plain(said.out, "the summary")
        self.assertIn("</script>", said.text)
        page = Page(self.plain((out / "report.html").read_bytes(), "report.html"))
        self.assertNotIn("onerror", page.handlers)
        self.assertIn("</script><script>alert(1)</script>", "".join(page.said))
        json.loads((out / "report.json").read_text())

    def test_verify_and_diff_show_text_too(self):
        out = self.folder / "out"
        self.replay("--quiet", "--out", str(out))
        report = json.loads((out / "report.json").read_bytes())
        for device in report["devices"]:
            device["hostname"] = "\u001b]0;owned\u0007\u202e"
        changed = self.file("changed.json", json.dumps(report, separators=(",", ":")).encode())
        for arguments in (("verify", changed, self.capture()), ("diff", out, changed),
                          ("diff", "--json", out, changed)):
            said = self.run_raw(*map(str, arguments))
            self.plain(said.stdout, f"{arguments[0]}")
            self.plain(said.stderr, f"{arguments[0]}")


if __name__ == "__main__":
    porch.main()
