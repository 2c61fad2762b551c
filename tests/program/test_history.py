#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report and forget, and what a history is worth: its numbers are a replay's, nothing that was
told is lost by a kill or a full disk, and what was forgotten is nowhere.

RECORD_HISTORY is the program that records a capture (tests/history/record_history.c).
usage: test_history.py [KILLS]
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import porch
from porch import DAY, SOURCE

RECORDER = os.environ.get("RECORD_HISTORY", str(SOURCE / "build/dev/tests/record_history"))
KILLS = int(sys.argv.pop()) if len(sys.argv) > 1 and sys.argv[-1].isdigit() else 8
RULES = str(SOURCE / "rules")
KILLED = SOURCE / "captures/lab/recordings/simplisafe-doorbell-simulated-gro.pcapng.zst"
BELL = "00:00:5e:00:53:0d"
NAME = "Doorvue-Bell-00530D"
IN_HERE = "PORCHLIGHT_TEST_MOUNTS"


class Recorder:
    """record_history at work; it answers line by line."""

    def __init__(self, history, capture=DAY, every=1000, start=0):
        self.told, self.warned = [], []
        self.process = subprocess.Popen(
            [RECORDER, RULES, str(history), str(capture), str(every), str(start)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.wait("ready")

    def wait(self, *words):
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "told":
                self.told.append(rest)
            elif word == "warned":
                self.warned.append(rest)
            if word in words:
                return word
        raise AssertionError(f"no {words}: it ended with {self.process.wait()}")

    def ask(self, line, *answers):
        self.process.stdin.write(line + "\n")
        return self.wait(*answers)

    def feed(self, frames):
        self.ask(f"feed {frames}", "fed")

    def end(self):
        self.ask("end", "ended")
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(60)


FRAMES = 40132  # of the day


def document(result):
    if not result.out:
        raise AssertionError(f"no document, status {result.code}:\n{result.err}")
    return json.loads(result.out)


def measured(told):
    """Without what names the input, and the hash that it enters."""
    return dict(told, sha256=None, run={k: v for k, v in told["run"].items() if k != "inputs"})


class History(porch.Test):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-history-"))
        self.db = self.folder / "history.db"
        self.addCleanup(shutil.rmtree, self.folder, True)

    def record(self, every=1000):
        recorder = Recorder(self.db, every=every)
        recorder.feed(FRAMES)
        self.assertEqual(recorder.end(), 0)
        return recorder

    def report(self, *options):
        return porch.run("report", "--history", self.db, "--rules", RULES, *options)

    def test_a_report_has_the_numbers_of_a_replay(self):
        self.record()
        replay = document(porch.run("replay", "--no-dpi", "--rules", RULES, "--json", DAY))
        report = document(self.report("--json"))
        for one in (replay, report):
            one["run"].pop("options")
            one["run"].pop("advice")
            for episode in one["episodes"]:
                episode.pop("limits")
        self.assertEqual(measured(report), measured(replay))
        self.assertEqual(report["run"]["inputs"][0]["format"], "live")
        self.assertEqual(report["run"]["inputs"][0]["path"], "lan")

    def test_every_output_of_a_replay_can_be_had(self):
        self.record()
        out = self.folder / "out"
        self.assertIn("footage left this home", self.report().text)
        self.assertIn("Likely", self.report("--quiet").text)
        self.assertTrue(self.report("--csv", "episodes").text.startswith("id,"))
        lines = self.report("--ndjson").text.splitlines()
        self.assertEqual(json.loads(lines[0])["type"], "run")
        self.assertEqual(self.report("--out", out, "--lang", "de").code, 0)
        self.assertIn("<html", (out / "report.html").read_text())
        picture = self.folder / "hours.svg"
        self.assertEqual(self.report("--chart", "hours", "-o", picture).code, 0)
        self.assertIn("<svg", picture.read_text())
        self.assertNotIn(BELL, self.report("--json", "--redact", "home").text)
        self.assertEqual(self.report("--fail-on", "footage").code, 10)

    def test_bounds_take_episodes_by_their_start_and_sums_by_the_hour(self):
        self.record()
        whole = document(self.report("--json"))
        first, *_, last = [e["start"] for e in whole["episodes"]]
        after = document(self.report("--json", "--since", last))
        self.assertEqual([e["start"] for e in after["episodes"]], [last])
        self.assertEqual({r["new"] for r in whole["destinations"]}, {None})
        self.assertEqual({r["new"] for r in after["destinations"]}, {False})
        self.assertEqual(after["findings"][-1]["kind"], "bounds")
        self.assertIn("whole UTC hours", after["findings"][-1]["sentence"])
        early = [e["start"] for e in whole["episodes"]][4]
        news = document(self.report("--json", "--since", early))
        fresh = {r["name"] for r in news["destinations"] if r["new"]}
        self.assertIn("media.doorvue.example", fresh)
        self.assertTrue(any(f["kind"] == "new" and f["sentence"].startswith("New since")
                            for f in news["findings"]))
        before = document(self.report("--json", "--until", last))
        self.assertEqual(before["episodes"], whole["episodes"][:-1])
        hour = last[:13] + ":00:00Z"
        self.assertGreaterEqual(after["summary"]["first"], hour.replace("Z", ".000000Z"))
        halves = [document(self.report("--json", "--until", hour)),
                  document(self.report("--json", "--since", hour))]
        for key in ("bytes_up", "bytes_down", "bytes_local"):
            self.assertEqual(sum(d[key] for h in halves for d in h["devices"]),
                             sum(d[key] for d in whole["devices"]), key)
        self.assertEqual(sum(h["run"]["counters"]["received"] for h in halves),
                         whole["run"]["counters"]["received"])
        self.assertEqual(document(self.report("--json", "--last", "2h"))["episodes"],
                         after["episodes"])

    def test_a_restart_is_a_gap_between_two_inputs(self):
        self.record()
        second = Recorder(self.db, start=1794700000000000)
        second.feed(20000)
        second.end()
        report = document(self.report("--json"))
        self.assertEqual(len(report["run"]["inputs"]), 2)
        self.assertEqual([g["reason"] for g in report["gaps"]], ["restart"])
        self.assertIn(1, [e["input"] for e in report["episodes"]])

    def test_wrong_uses_are_refused_and_nothing_is_made(self):
        for line in (["report", "lan"], ["report", "--last", "7"], ["report", "--last", "7d", "--since", "0"],
                     ["forget"], ["forget", "--all", "--device", "d0000000000000001"],
                     ["forget", "--device", "bell"], ["report", "-o", "x.svg"]):
            self.assertEqual(porch.run(*line).code, 2, line)
        self.assertEqual(self.report().code, 1)
        self.assertEqual(porch.run("forget", "--all", "--history", self.db).code, 1)
        self.assertFalse(list(self.folder.iterdir()))

    def search(self, *texts):
        """Files of the folder that hold one of the texts, in any spelling."""
        found = []
        for path in self.folder.rglob("*"):
            content = path.read_bytes().lower() if path.is_file() else b""
            for text in texts:
                spellings = [text.lower().encode(), text.lower().encode("utf-16-le")]
                if text.count(":") == 5:
                    raw = bytes.fromhex(text.replace(":", ""))
                    spellings += [raw, text.replace(":", "").encode()]
                found += [(path.name, s) for s in spellings if s.lower() in content]
        return found

    def planted(self):
        """What a forgetful history must not hold: names, MACs, addresses and receivers."""
        told = document(self.report("--json", "--all-devices"))
        texts = [d["mac"] for d in told["devices"]]
        texts += [d["hostname"] for d in told["devices"] if d["hostname"]]
        texts += [r["name"] for r in told["destinations"] if r["name"]]
        self.assertIn(BELL, texts)
        self.assertIn(NAME, texts)
        self.assertGreater(len(texts), 5)
        return texts

    def test_nothing_is_in_the_clear_and_the_key_erases(self):
        self.record()
        texts = self.planted()
        self.assertEqual(self.search(*texts), [])
        (self.folder / "history.db.key").unlink()
        self.assertEqual(self.report().code, 1)

    def test_what_was_forgotten_is_gone_while_it_is_recorded(self):
        recorder = Recorder(self.db)
        recorder.feed(FRAMES)
        texts = self.planted()
        spool = self.folder / "spool"
        spool.mkdir()
        (spool / "webhook-0000000001.spool").write_text('{"hostname": "%s"}\n' % NAME)
        (spool / "webhook.position").write_bytes(bytes(64))
        done = porch.run("forget", "--all", "--history", self.db)
        self.assertEqual((done.code, done.text[:6]), (0, "Erased"))
        self.assertEqual(self.search(*texts), [])
        self.assertEqual(self.rows(), 0)
        empty = self.report("--json")
        self.assertEqual((empty.code, empty.out), (1, b""))
        self.assertIn("nothing is recorded", empty.err)
        recorder.feed(FRAMES)  # the same a day later: only that is in it
        recorder.end()
        report = document(self.report("--json"))
        whole = document(porch.run("replay", "--no-dpi", "--rules", RULES, "--json", DAY))
        self.assertEqual(len(report["episodes"]), len(whole["episodes"]))

    def rows(self):
        """Rows of the database, by another program than ours."""
        shell = shutil.which("sqlite3")
        if not shell:
            import sqlite3
            with sqlite3.connect(self.db) as opened:
                return opened.execute("SELECT count(*) FROM row").fetchone()[0]
        return int(subprocess.check_output([shell, self.db, "SELECT count(*) FROM row"]))

    def test_one_device_is_forgotten_and_the_others_stay(self):
        self.record()
        before = document(self.report("--json"))
        self.assertGreater(len(before["devices"]), 1)
        self.assertEqual(porch.run("forget", "--device", BELL, "--history", self.db).code, 0)
        after = document(self.report("--json"))
        self.assertEqual([d for d in before["devices"] if d["mac"] != BELL], after["devices"])
        self.assertEqual(after["episodes"], [])

    def test_packets_that_were_kept_are_forgotten_with_everything(self):
        self.record()
        kept = self.folder / "kept"
        kept.mkdir()
        for name in ("kept-00000001-20261123T164001Z.pcapng",
                     "kept-00000002-20261124T164001Z.pcapng", "mine.pcapng"):
            (kept / name).write_bytes(b"packets")
        forget = ["forget", "--history", self.db, "--keep", kept]
        one = porch.run(*forget, "--device", BELL)
        self.assertEqual(one.code, 0)
        self.assertIn("2 files of packets may still hold some of this device", one.err)
        self.assertEqual(len(list(kept.iterdir())), 3)
        everything = porch.run(*forget, "--all")
        self.assertEqual(everything.code, 0)
        self.assertIn("Erased 2 files of packets.", everything.text)
        self.assertEqual([path.name for path in kept.iterdir()], ["mine.pcapng"])
        self.assertEqual(porch.run("forget", "--all", "--history", self.db, "--keep",
                                   self.folder / "nowhere").code, 0)

    def test_retention_leaves_nothing_of_what_is_too_old(self):
        recorder = Recorder(self.db)
        recorder.feed(FRAMES)
        self.assertGreater(self.rows(), 0)
        recorder.ask("tick 29", "ticked")
        self.assertTrue(document(self.report("--json"))["devices"])
        recorder.ask("tick 32", "ticked")
        self.assertEqual(self.rows(), 0)
        self.assertEqual(recorder.end(), 0)

    def test_a_kill_loses_nothing_that_was_told(self):
        """KILLS times, at a random moment, each time from the beginning of the same day."""
        chance = random.Random(6)
        told, slowest = [], 0.0
        for run in range(KILLS):
            begun = time.monotonic()
            recorder = Recorder(self.db, KILLED, every=100 + run % 7, start=1000000 * run)
            slowest = max(slowest, time.monotonic() - begun)
            recorder.process.stdin.write("feed 1000000\n")
            recorder.process.stdin.flush()
            time.sleep(chance.uniform(0, 1.2 if porch.under_asan(RECORDER) else 0.5))
            recorder.process.kill()
            for line in recorder.process.stdout:
                if line.startswith("told ") and line.endswith("\n"):
                    recorder.told.append(line.split()[1])
            recorder.process.wait()
            recorder.process.stdin.close()
            recorder.process.stdout.close()
            told.append(recorder.told)
        report = document(self.report("--json"))
        stored = [(e["input"], e["id"]) for e in report["episodes"]]
        self.assertEqual(len(stored), len(set(stored)), "twice")
        lost = [(run, one) for run, ids in enumerate(told) for one in ids
                if (run, one) not in set(stored)]
        self.assertEqual(lost, [])
        self.assertFalse((self.folder / "history.db.damaged").exists())
        print(f"{KILLS} kills: {sum(map(len, told))} told, 0 lost; slowest start {slowest:.2f} s",
              file=sys.stderr)
        if not porch.under_asan(RECORDER):
            self.assertLess(slowest, 2)


class FullDisk(porch.Test):
    """On a disk of 1 MiB of its own, in a mount namespace of its own."""

    def setUp(self):
        if not os.environ.get(IN_HERE):
            self.skipTest("needs root and a mount namespace")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="porchlight-disk-"))
        self.mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", self.folder)
        self.addCleanup(subprocess.call, ["umount", "-l", self.folder])
        self.db = self.folder / "history.db"

    def mount(self, *words):
        subprocess.check_call(["mount", *map(str, words)])

    def fill(self):
        """To the last block; what is there is no use to anybody."""
        with open(self.folder / "other", "ab", buffering=0) as other:
            for size in (4096, 1):
                try:
                    while other.write(b"x" * size):
                        pass
                except OSError:
                    pass

    def test_capture_goes_on_and_recovers_without_a_restart(self):
        recorder = Recorder(self.db, every=500)
        recorder.feed(20000)
        fed = 20000 + self.feed_until_it_fails(recorder)
        self.fill()
        self.assertEqual(recorder.ask("flush", "stored", "failed"), "failed")
        self.assertIn("waits in memory", recorder.warned[-1])
        warned = len(recorder.warned)
        self.mount("-o", "remount,ro", self.folder)
        recorder.feed(3000)
        self.assertEqual(recorder.ask("flush", "stored", "failed"), "failed")
        self.mount("-o", "remount,rw", self.folder)
        (self.folder / "other").unlink()
        self.assertEqual(len(recorder.warned), warned)  # once, however often it fails
        self.assertEqual(recorder.ask("flush", "stored", "failed"), "stored")
        self.assertIn("stored again", recorder.warned[warned])
        self.assertEqual(recorder.end(), 0)
        report = document(porch.run("report", "--history", self.db, "--rules", RULES, "--json"))
        self.assertEqual(report["run"]["counters"]["received"], fed + 3000)
        self.assertLessEqual(set(recorder.told), {e["id"] for e in report["episodes"]})

    def feed_until_it_fails(self, recorder):
        """The log of the database has some room of its own: it lasts for a while."""
        self.fill()
        for rounds in range(1, 100):
            recorder.feed(4000)
            if recorder.warned:
                return 4000 * rounds
        raise AssertionError("it never failed")

    def test_what_is_old_is_removed_from_a_full_disk(self):
        recorder = Recorder(self.db, every=500)
        recorder.feed(FRAMES)
        self.fill()
        recorder.ask("tick 40", "ticked")
        import sqlite3
        with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as opened:
            self.assertEqual(opened.execute("SELECT count(*) FROM row").fetchone()[0], 0)
        (self.folder / "other").unlink()
        self.assertEqual(recorder.end(), 0)


if __name__ == "__main__":
    if not os.path.exists(RECORDER):
        porch.skip("no record_history: built without SQLite")
    if os.geteuid() == 0 and not os.environ.get(IN_HERE) and shutil.which("unshare"):
        again = ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv,
                 *([str(KILLS)] if KILLS != 8 else [])]
        if subprocess.call(["unshare", "-m", "true"], stderr=subprocess.DEVNULL) == 0:
            sys.exit(subprocess.call(again, env=dict(os.environ, **{IN_HERE: "1"})))
    porch.main()
