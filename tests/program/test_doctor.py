#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""porchlight doctor in a home of namespaces: what it says of each place one could listen at."""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest

import porch
import namespaces

# Sends as many datagrams a second to the server, which sends each back in part.
TALK = """
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[3])):
    s.sendto(bytes(1000), (sys.argv[1], 5000))
    time.sleep(1 / int(sys.argv[2]))
"""
ECHO = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 5000))
s.settimeout(60)
while True:
    data, who = s.recvfrom(2000)
    s.sendto(data[:100], who)
"""
# What a router's sniffer streams: each frame of a capture behind a TZSP header.
MIRROR = """
import socket, sys, time
sys.path.insert(0, sys.argv[1])
import capture_file
_, records = capture_file.read(sys.argv[2])
start = records[0].time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for r in records:
    if float(sys.argv[3]) <= (r.time - start) / 1e9 <= float(sys.argv[4]):
        out.sendto(bytes([1, 0, 0, 1, 1]) + r.data.ljust(r.wire, bytes(1)), (sys.argv[5], 37008))
        time.sleep(.001)
"""


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = namespaces.Home().__enter__()
        cls.talking = []

    @classmethod
    def tearDownClass(cls):
        for process in cls.talking:
            process.kill()
            process.wait()
        cls.home.__exit__()

    def talk(self):
        """The camera speaks with the server while the others look."""
        echo = self.home.start("internet", sys.executable, "-c", ECHO)
        talk = self.home.start("camera", sys.executable, "-c", TALK, self.home.SERVER, 50, 1000)
        self.talking += [echo, talk]

    def ask(self, part, *arguments, status):
        done = self.home.run(part, porch.PROGRAM, "doctor", "--json", *porch.DOORVUE[:2],
                             *arguments)
        for sign in porch.SANITIZER:
            self.assertNotIn(sign, done.stderr.decode())
        self.assertEqual(status, done.returncode, done.stdout.decode() + done.stderr.decode())
        answer = json.loads(done.stdout)
        self.assertEqual("porchlight.doctor/1", answer["schema"])
        self.assertEqual(status == 0, answer["sees"])
        return {line["check"]: line for line in answer["checks"]}

    def grades(self, checks, **expected):
        for check, grade in expected.items():
            line = checks.get(check.replace("_", "-"))
            self.assertIsNotNone(line, f"{check} is missing: {checks}")
            self.assertEqual(grade, line["grade"], line)

    def test_the_bridge_of_a_router_sees_it_all(self):
        self.talk()
        checks = self.ask("router", "br-lan", status=0)
        self.grades(checks, interface="ok", rights="ok", side="ok", short_cuts="ok",
                    counters="ok", traffic="ok", directions="ok", rules="ok", confinement="ok")

    def test_the_internets_side_is_refused(self):
        checks = self.ask("router", "wan", status=1)
        self.grades(checks, rights="ok", side="problem")
        self.assertIn("br-lan", checks["side"]["advice"])

    def test_a_port_names_its_bridge(self):
        checks = self.ask("router", "lan1", status=0)
        self.grades(checks, bridge="limit")
        self.assertIn("br-lan", checks["bridge"]["advice"])

    def test_without_a_name_it_looks_at_what_there_is(self):
        done = self.home.run("router", porch.PROGRAM, "doctor", *porch.DOORVUE[:2])
        text = done.stdout.decode()
        self.assertEqual(1, done.returncode, text)  # the internet's side is among them
        self.assertTrue(text.startswith("This machine cannot see what porchlight needs"), text)
        for name in ("br-lan is up, and joins ports", "wan is the internet's side"):
            self.assertIn(name, " ".join(text.split()), text)
        self.assertNotIn("lan1 is up", text)

    def test_an_interface_that_is_not_there(self):
        checks = self.ask("router", "eth9", status=1)
        self.grades(checks, interface="problem")
        self.assertIn("eth9", checks["interface"]["found"])

    def test_without_rights_it_says_so(self):
        if not shutil.which("setpriv"):
            self.skipTest("no setpriv")
        if subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "test", "-x",
                           porch.PROGRAM], check=False).returncode != 0:
            self.skipTest("the program's folder is closed to others")
        done = self.home.run("router", "setpriv", "--reuid", "65534", "--regid", "65534",
                             "--clear-groups", "--inh-caps=-all", porch.PROGRAM, "doctor",
                             "--json", *porch.DOORVUE[:2], "br-lan")
        self.assertEqual(1, done.returncode, done.stderr.decode())
        checks = {line["check"]: line for line in json.loads(done.stdout)["checks"]}
        self.grades(checks, rights="problem")
        self.assertIn("cap_net_raw", checks["rights"]["advice"])

    def test_a_history_that_cannot_be_written(self):
        checks = self.ask("router", "--history", "/nowhere/at/all.db", "br-lan", status=1)
        self.grades(checks, history="problem")
        self.assertIn("No such file", checks["history"]["found"])

    def cut_short(self):
        """What flow offloading does to br-lan: lan1 hands datagrams to wan before the bridge."""
        if not shutil.which("nft"):
            self.skipTest("no nft")
        done = self.home.run("router", "nft", "add table netdev t; add chain netdev t c "
                             "{ type filter hook ingress device lan1 priority 0; }; "
                             "add rule netdev t c udp dport 5000 fwd to wan")
        if done.returncode != 0:
            self.skipTest(f"this kernel cannot forward so: {done.stderr.decode()}")
        self.addCleanup(self.home.run, "router", "nft", "delete table netdev t")
        talk = self.home.start("camera", sys.executable, "-c", TALK, self.home.SERVER, 800, 60000)
        self.talking.append(talk)
        self.addCleanup(talk.kill)

    def test_what_takes_a_short_cut_is_missed_by_the_counters(self):
        self.cut_short()
        checks = self.ask("router", "br-lan", status=1)
        self.grades(checks, counters="problem")
        self.assertRegex(checks["counters"]["found"], r"carried [0-9.]+ MB that the capture did")

    def test_a_watch_counts_what_took_a_short_cut(self):
        self.cut_short()
        watch = self.home.start("router", porch.PROGRAM, "watch", *porch.DOORVUE, "--json",
                                "--page", "none", "br-lan", stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        told = watch.stderr.readline().decode()
        while "carries bytes that the capture does not show" not in told:
            told = watch.stderr.readline().decode()
            self.assertTrue(told, "the watch ended")
        watch.terminate()
        out, _ = watch.communicate(timeout=30)
        coverage = json.loads(out)["run"]["inputs"][0]["coverage"]
        self.assertGreater(coverage["unobserved_bytes"], 5000000, coverage)
        self.assertTrue([limit for limit in coverage["limits"] if "br-lan carries" in limit])

    def test_a_mirror_to_this_machine_is_opened_by_a_watch(self):
        """The camera's place is now a computer's, to which the router mirrors the doorbell."""
        watch = self.home.start("camera", porch.PROGRAM, "watch", *porch.DOORVUE, "--json",
                                "--page", "none", "eth0", stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        while "watching eth0" not in (told := watch.stderr.readline().decode()):
            self.assertTrue(told, "the watch ended")
        self.home.run("router", sys.executable, "-c", MIRROR, porch.SOURCE / "tests/tools",
                      porch.DAY, 50587, 50592, self.home.CAMERA)
        time.sleep(1)
        watch.terminate()
        report = json.loads(watch.communicate(timeout=60)[0])
        plain = json.loads(porch.run(
            "replay", *porch.DOORVUE, "--json", "--since", "2026-11-14T14:03:08Z",
            "--until", "2026-11-14T14:03:13Z", porch.DAY).out)
        sent = [sum(d["bytes_up"] for d in r["devices"] if d["kind"] == "doorbell")
                for r in (report, plain)]
        self.assertGreater(sent[0], 70000, report["devices"])
        self.assertEqual(*sent)

    def press(self, first, last, *arguments):
        """Somebody presses while it listens: frames of the made-up doorbell pass the bridge."""
        doctor = self.home.start(
            "router", porch.PROGRAM, "doctor", "--press", "--json", *porch.DOORVUE, *arguments,
            "br-lan", stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        asked = doctor.stderr.readline().decode()  # it listens from about now on
        self.assertIn("Press the doorbell's button once, now.", asked)
        time.sleep(1)
        played = self.home.run("camera", sys.executable, porch.SOURCE / "tests/tools/play.py",
                               porch.DAY, first, last, "eth0")
        out, err = doctor.communicate(timeout=120)
        self.assertEqual((0, b""), (played.returncode, played.stderr))
        self.assertEqual(b"", err)
        return {line["check"]: line for line in json.loads(out)["checks"]}

    def test_the_button_s_picture_is_confirmed(self):
        before = time.monotonic()
        checks = self.press(50587, 50592)  # 14:03:10, one picture
        self.grades(checks, button="ok", traffic="ok")
        self.assertIn("Doorvue", checks["button"]["found"])
        self.assertIn("what looks like pictures", checks["button"]["found"])
        self.assertLess(time.monotonic() - before, 60)  # it does not wait for what cannot come

    def test_enter_ends_it_and_it_says_why_it_saw_nothing(self):
        ours, theirs = os.openpty()
        doctor = self.home.start(
            "router", porch.PROGRAM, "doctor", "--press", *porch.DOORVUE, "br-lan",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=theirs)
        doctor.stderr.readline()
        time.sleep(2)
        os.write(ours, b"\n")
        out = doctor.communicate(timeout=30)[0].decode()
        os.close(ours)
        os.close(theirs)
        self.assertRegex(" ".join(out.split()), "limit Button (No device|[0-9]+ devices? w)")

    def test_wrong_usage_is_2(self):
        done = self.home.run("router", porch.PROGRAM, "doctor", "--no-such-option")
        self.assertEqual(2, done.returncode)


if __name__ == "__main__":
    why = namespaces.missing()
    if why:
        porch.skip(why)
    os.environ.setdefault("ASAN_OPTIONS", "detect_stack_use_after_return=1")
    unittest.main(verbosity=2)
