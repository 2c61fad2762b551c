#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of a real watch that keeps a history: what it knows of today is there again after a
restart, and what somebody marks there becomes labels that score counts."""
import json
import os
import re
import sys
import time
import unittest

import ground
from ground import porch

CAMERA = ground.RECORDINGS / "blink-camera-simulated-first.pcapng.zst"
SECONDS, FASTER = 40, 1.5  # two clips begin and end
PORT = 8642
ASK = """
import sys, urllib.request
path, body, cookie = sys.argv[1:]
page = "http://127.0.0.1:8642"
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
headers = {"Origin": page} if body else {}
if cookie.startswith("porchlight="):
    headers["Cookie"] = cookie
request = urllib.request.Request(page + path, body.encode() or None, headers)
try:
    answer = urllib.request.build_opener(Stay).open(request, timeout=20)
except urllib.error.HTTPError as error:
    if error.code != 303:
        raise
    answer = error
sys.stdout.buffer.write(answer.headers["Set-Cookie"].split(";")[0].encode() if cookie == "Cookie" else answer.read())
"""


def about_noon():
    """A zone in which this day began half a day ago."""
    west = time.gmtime().tm_hour - 12
    return f"Etc/GMT{west:+d}"


class Page(porch.Test):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o777)
        self.ground = ground.Ground(self)
        self.zone = about_noon()
        self.history = self.folder / "kept" / "history"
        self.history.parent.mkdir(mode=0o777)
        os.chmod(self.history.parent, 0o777)
        self.recorded = self.folder / "recorded.pcapng"

    def watch(self):
        watch = self.ground.watch("near", "--ndjson", "--history", self.history, "--time-zone", self.zone,
                                  page=f"127.0.0.1:{PORT}",
                                  env={"PORCHLIGHT_RECORD": str(self.recorded)}).begun()
        self.expect_of_page(lambda: self.get("/healthz") == "ok\n", "the page answers")
        return watch

    def get(self, path, body=None, cookie=None):
        """What is answered, None for a refusal; of a session, the cookie: asked for by that word."""
        try:
            return self.ground.inside(sys.executable, "-c", ASK, path, body or "", cookie or "").stdout.decode()
        except ground.subprocess.CalledProcessError:
            return None

    def state(self):
        return json.loads(self.get("/api/v1/state"))["state"]

    def expect_of_page(self, test, what, seconds=60):
        until = time.monotonic() + seconds
        while not test():
            self.assertLess(time.monotonic(), until, what)
            time.sleep(0.5)

    def mark(self, episode, mark):
        key = re.search(r'name="key" value="([0-9a-f]{32})"', self.get("/")).group(1)
        self.assertIsNotNone(self.get("/mark", f"episode={episode}&mark={mark}&key={key}"))

    def ended(self, watch):
        return {e["id"]: e for _, e in watch.told("episode") if not e["open"] and e["footage"] == "yes"}

    def score(self, labels):
        done = porch.run("score", "--json", "--truth", labels, self.folder / "first.pcapng")
        self.assertEqual(0, done.code, done.err)
        return json.loads(done.out)

    def test_today_survives_a_restart_and_marks_become_labels(self):
        watch = self.watch()
        self.expect_of_page(lambda: '"episodes":[]' in (self.get("/api/v1/labels") or ""), "no label")
        self.ground.play(CAMERA, FASTER, SECONDS)
        watch.expect(lambda: len(self.ended(watch)) >= 2, 30, "two uploads end")
        first, second = sorted(self.ended(watch).values(), key=lambda e: e["start"])[:2]
        self.expect_of_page(lambda: self.state()["state"] == "quiet", "and nothing else begins")
        before = self.state()
        self.mark(first["id"], "expected")
        self.assertIn("marked as expected", self.get("/"))
        self.assertEqual(0, watch.stop())
        self.recorded.rename(self.folder / "first.pcapng")

        watch = self.watch()
        self.expect_of_page(lambda: self.get("/").count('<tr><th scope="row">') > 2, "the log has today")
        after = self.state()
        self.assertNotEqual(before["boot"], after["boot"])
        for part in ("footage_bytes_today", "footage_episodes_today"):
            self.assertEqual(before[part], after[part], part)
        self.assertGreaterEqual(after["bytes_up_today"], after["footage_bytes_today"])
        self.assertLess(after["today_since"], after["watched_since"])
        page = self.get("/")
        self.assertIn("marked as expected", page)
        clock = re.search(r"Since <bdi>(\d\d:\d\d)</bdi> what looks like footage", page).group(1)
        self.assertIn(clock[:2], ("11", "12", "13"), f"{self.zone}: of the reader's clock")
        self.check_conclusions(page, after)
        self.mark(second["id"], "wrong")
        self.assertEqual(0, watch.stop())
        self.check_labels(first, second)

    def test_without_a_history_the_verdict_so_far_is_told(self):
        watch = self.ground.watch("near", "--ndjson", page=f"127.0.0.1:{PORT}").begun()
        self.expect_of_page(lambda: self.get("/healthz") == "ok\n", "the page answers")
        self.ground.play(CAMERA, FASTER, 20)
        self.expect_of_page(lambda: (self.concluded("summary") or {}).get("footage_episodes") == 1, "a verdict")
        self.assertTrue(self.concluded("findings"))
        self.assertEqual([], watch.told("summary"), "it is for the page alone")
        self.assertEqual(0, watch.stop())
        self.assertEqual(1, watch.told("summary")[-1][1]["footage_episodes"])

    def watch_openly(self):
        watch = self.ground.watch("near", "--ndjson", "--history", self.history, page=f"0.0.0.0:{PORT}").begun()
        watch.expect(lambda: "/open#" in watch.err, 20, "the link")
        self.expect_of_page(lambda: self.get("/healthz") == "ok\n", "the page answers")
        return watch

    def test_who_had_opened_the_page_need_not_open_it_again_after_a_restart(self):
        watch = self.watch_openly()
        token = re.search(r"/open#([a-z2-9]{26})", watch.err).group(1)
        self.assertIsNone(self.get("/"))
        cookie = self.get("/session", f"token={token}", "Cookie")
        self.assertIsNotNone(self.get("/", None, cookie))
        self.assertEqual(0, watch.stop())
        watch = self.watch_openly()
        self.assertIsNotNone(self.get("/", None, cookie))
        self.assertIsNone(self.get("/"))
        self.assertNotIn(token, watch.err)
        self.assertEqual(0, watch.stop())
        kept = self.history.with_name("history.page")
        self.assertEqual(0o600, kept.stat().st_mode & 0o777)

    def concluded(self, part):
        return json.loads(self.get("/api/v1/" + part))[part]

    def check_conclusions(self, page, state):
        """The verdict of today, while the watch goes on, is what a report of today says."""
        self.expect_of_page(lambda: self.concluded("summary"), "a verdict")
        told = self.concluded("summary")
        self.assertEqual(state["footage_episodes_today"], told["footage_episodes"])
        self.assertEqual(state["footage_bytes_today"], told["footage_bytes_up"])
        self.assertTrue(self.concluded("findings"))
        self.assertIn("restart", page)

    def check_labels(self, first, second):
        made = porch.run("report", "--history", self.history, "--marks")
        self.assertEqual((0, ""), (made.code, made.err))
        labels = json.loads(made.out)
        self.assertTrue(labels["partial"])
        for name, episode in (("episodes", first), ("wrong", second)):
            self.assertEqual([(episode["start"], episode["end"], episode["bytes_up"], episode["content"])],
                             [(e["start"], e["end"], e["bytes"], e["content"]) for e in labels[name]])
        self.assertEqual(["blink"], [device["vendor"] for device in labels["devices"]])
        told = self.score(self.file("marks.json", made.out))
        self.assertEqual([1, 1, 0, 0], [told["footage"][k] for k in ("right", "extra", "missed", "cannot_tell")])
        self.assertEqual(2, told["scope"]["episodes"])
        self.assertGreater(told["scope"]["episodes_left_out"], 0)


if __name__ == "__main__":
    ground.need_root()
    if not (ground.pathlib.Path(porch.PROGRAM).parent / "porchlight-page").exists():
        porch.skip("it was built without the page")
    unittest.main(verbosity=1)
