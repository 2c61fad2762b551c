#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The live page of a watch that keeps a history: the last weeks, and the report of them.

PORCHLIGHT_PAGE is the page's program, PORCHLIGHT the program, RECORD_HISTORY the one that records
a capture (tests/history/record_history.c), PORCHLIGHT_SOURCE the source folder.
"""
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from home import Home, Page, free_port, stamp, today

SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE", ".")).resolve()
PROGRAM = os.environ.get("PORCHLIGHT", str(SOURCE / "build/dev/porchlight"))
RECORDER = os.environ.get("RECORD_HISTORY", str(SOURCE / "build/dev/tests/record_history"))
sys.path.insert(0, str(SOURCE / "tests/tools"))
import capture_file  # noqa: E402


def record_a_day(folder):
    """The made-up day of captures/, as if it had ended an hour ago, in a history."""
    _, records = capture_file.read(SOURCE / "captures/doorbell-day.pcapng.gz")
    later = int(time.time() - 3600) * 10**9 - max(record.time for record in records)
    moved = folder / "day.pcapng"
    moved.write_bytes(capture_file.pcapng_bytes(
        [record._replace(time=record.time + later) for record in records]))
    history = folder / "kept" / "history"
    history.parent.mkdir()
    recorder = subprocess.Popen([RECORDER, SOURCE / "rules", history, moved, "100000", "0"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def wait(*words):
        for line in recorder.stdout:
            if line.split(" ")[0].strip() in words:
                return
        raise AssertionError(f"no {words}")
    wait("ready")
    recorder.stdin.write(f"feed {len(records)}\n")  # more would be another day
    wait("fed")
    recorder.stdin.write("end\n")
    wait("ended")
    recorder.communicate(timeout=30)
    return history


class Past(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.place.name)
        cls.history = record_a_day(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def setUp(self):
        self.open_page("--history", self.history)
        self.page.tell(Home().tell_state())

    def open_page(self, *options):
        zone, self.midnight = today()
        self.page = Page(free_port(), "--rules", SOURCE / "rules", *zone, *options).wait()
        self.addCleanup(self.page.close)

    def get(self, path):
        """Asks again while another report, or the weeks, are being made."""
        for _ in range(60):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.page.port}{path}", timeout=60) as answer:
                    return answer.status, answer.headers, answer.read().decode()
            except urllib.error.HTTPError as error:
                error.close()
                if error.code != 503:
                    return error.code, error.headers, ""
                time.sleep(0.5)
        self.fail("it is always busy")

    def test_the_report_is_what_the_program_reports(self):
        status, headers, text = self.get("/report.json?days=7")
        self.assertEqual(200, status)
        self.assertTrue(headers["Content-Type"].startswith("application/json"))
        ours = json.loads(text)
        made = subprocess.run([PROGRAM, "report", "--history", self.history, "--last", "7d", "--json",
                               "--rules", SOURCE / "rules"], capture_output=True, check=True)
        theirs = json.loads(made.stdout)
        self.assertGreater(len(ours["episodes"]), 5)
        for part in ("devices", "destinations", "episodes", "gaps", "summary"):
            self.assertEqual(theirs[part], ours[part], part)
        # Findings say since when, to the second: seven days before each was asked for.
        again = json.loads(self.get("/api/v1/report?days=7")[2])
        self.assertEqual(ours.keys(), again.keys())
        for part in ours.keys() - {"run", "sha256", "findings"}:
            self.assertEqual(ours[part], again[part], part)
        self.assertEqual([f["kind"] for f in ours["findings"]],
                         [f["kind"] for f in again["findings"]])

    def test_the_page_of_the_report_stands_under_its_own_policy(self):
        status, headers, text = self.get("/report.html?days=7")
        self.assertEqual(200, status)
        own = html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1))
        self.assertEqual(own + "; frame-ancestors 'none'", headers["Content-Security-Policy"])
        self.assertEqual("nosniff", headers["X-Content-Type-Options"])
        self.assertTrue(text.endswith("</html>\n"))
        self.assertIn('id="annex-b"', text)

    def test_the_last_weeks_are_on_the_page(self):
        for _ in range(120):
            text = self.get("/")[2]
            if "Not read yet" not in text:
                break
            time.sleep(0.5)
        past = text[text.index('id="past"'):text.index('id="receivers"')]
        self.assertIn('class="chart wide"', past)
        self.assertIn('href="/report.html?days=7"', past)
        report = json.loads(self.get("/report.json?days=14")[2])
        counted = re.findall(r"(\d+) upload", past[past.index("<tbody>"):])
        self.assertEqual(report["summary"]["footage_episodes"], sum(map(int, counted)))

    def test_the_verdict_is_that_of_a_report_since_midnight(self):
        made = subprocess.run([PROGRAM, "report", "--history", self.history, "--since", stamp(self.midnight),
                               "--json", "--rules", SOURCE / "rules"], capture_output=True, check=True)
        report = json.loads(made.stdout)
        for _ in range(60):
            told = json.loads(self.get("/api/v1/summary")[2])["summary"]
            if told:
                break
            time.sleep(0.5)
        self.assertEqual(report["summary"], {k: told[k] for k in report["summary"]})
        findings = json.loads(self.get("/api/v1/findings")[2])["findings"]
        self.assertEqual(report["findings"], [{k: f[k] for k in report["findings"][0]} for f in findings])
        log = self.get("/")[2]
        inside = {to["id"] for to in report["destinations"] if to["party"] == "local"}
        starts = [e["start"] for e in report["episodes"] if e["footage"] == "yes" and e["destination"] not in inside]
        self.assertEqual([], [start for start in starts if f'datetime="{start}"' not in log])

    def test_what_nobody_marked_is_no_label(self):
        status, headers, text = self.get("/api/v1/labels?days=14")
        self.assertEqual((200, True), (status, headers["Content-Type"].startswith("application/json")))
        self.assertEqual({"schema": "porchlight.truth/1", "partial": True, "devices": [], "episodes": [],
                          "wrong": []}, json.loads(text))

    def test_days_that_are_none_are_refused(self):
        for days in ("0", "-1", "x", "7x", "367", "", "1e2", "%37%"):
            self.assertEqual(400, self.get(f"/report.json?days={days}")[0], days)

    def test_while_one_is_made_the_page_goes_on_and_another_waits(self):
        import threading
        statuses = []
        asking = [threading.Thread(target=lambda: statuses.append(self.get("/report.html?days=7")[0]))
                  for _ in range(4)]
        for thread in asking:
            thread.start()
        begun = time.time()
        for _ in range(20):
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page.port}/healthz", timeout=5):
                pass
        self.assertLess(time.time() - begun, 10)
        for thread in asking:
            thread.join()
        self.assertEqual([200] * 4, statuses)

    def test_whoever_asks_and_leaves_does_no_harm(self):
        import socket
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", self.page.port)) as s:
                s.sendall(f"GET /report.html HTTP/1.1\r\nHost: 127.0.0.1:{self.page.port}\r\n\r\n".encode())
            time.sleep(0.2)
        self.assertEqual(200, self.get("/report.json")[0])

    def test_a_history_that_is_not_there_is_no_report(self):
        self.open_page("--history", self.folder / "nowhere")
        self.page.tell(Home().tell_state())
        self.assertEqual(500, self.get("/report.json")[0])
        self.assertEqual(200, self.get("/")[0])

    def test_without_a_history_there_is_none(self):
        self.open_page()
        self.page.tell(Home().tell_state())
        self.assertEqual(404, self.get("/report.html")[0])


if __name__ == "__main__":
    for program in (RECORDER, PROGRAM):
        if not os.access(program, os.X_OK):
            print(f"skipped: no {program}")
            sys.exit(77)
    unittest.main(verbosity=1)
