#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What inspects may crash, hang, lie or be killed: it costs advice, and nothing else.

test_dpi.py [REPLAYS]     how many replays are killed once each; without: 6
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import porch

sys.path.insert(0, str(porch.SOURCE / "tests/tools"))
import killers  # noqa: E402
import wire  # noqa: E402
from capture_file import pcap_bytes  # noqa: E402
from scene import MILLISECOND, SECOND, Dice, Host, Scene, Stream  # noqa: E402

REPLAYS = 6
BUILT = pathlib.Path(os.environ.get("PORCHLIGHT_DPI_TESTS", "."))
RELEASE = pathlib.Path(porch.PROGRAM).parent.parent / "release/porchlight"
FAKE, ASKING = BUILT / "fake_inspector", BUILT / "porchlight_asking"
UNGUARDED, OFF = BUILT / "porchlight_unguarded", BUILT / "inspector_unguarded"


CAMERA = Host("02:00:5e:00:00:21", "192.168.7.21")
REMOTE = Host("02:00:5e:00:00:01", "198.51.100.21")
START, SLICES, SLICES_CUT = 1_795_000_000 * SECOND, 20, 3


def document(result):
    return json.loads(result.out)


def losses(doc):
    return [gap for gap in doc["gaps"] if gap["worker"]]


def counted(doc):
    """All that advice may not touch: names, parties, bytes, flows of time."""
    keys = ("id", "device", "name", "name_source", "party", "organisation", "addresses", "ports",
            "bytes_up", "bytes_down", "packets_up", "packets_down", "first_seen", "last_seen")
    return ([[d[key] for key in keys] for d in doc["destinations"]],
            [[d[key] for key in ("id", "mac", "addresses", "bytes_up", "bytes_down",
                                 "bytes_local")] for d in doc["devices"]],
            doc["run"]["counters"], doc["run"]["inputs"])


def children(pid):
    try:
        return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    except OSError:
        return []


def inspectors(pid):
    """What the keepers of a process run: its children's children."""
    return [worker for keeper in children(pid) for worker in children(keeper)]


class Dpi(porch.Test):
    def setUp(self):
        super().setUp()
        if "nDPI" not in porch.run("--version").text:
            self.skipTest("built without nDPI")

    def built(self, *programs):
        for program in programs:
            if not program.exists():
                self.skipTest(f"no {program.name}: PORCHLIGHT_DPI_UNGUARDED is off")

    def replay(self, path, *arguments, **options):
        result = porch.run("replay", "--json", "--all-devices", "--rules", porch.SOURCE / "rules",
                           *arguments, path, **options)
        self.assertIn(result.code, (0, 3), f"status of {path}: {result.err}")
        return document(result)

    def killing_files(self, seeds):
        for path in porch.hostile():
            yield path
        for seed in seeds:
            for name, data in killers.captures(seed):
                yield self.file(f"{name}.pcap", data)

    def test_with_its_guards_on_nothing_known_kills_it(self):
        self.built(ASKING)
        inspector = pathlib.Path(porch.PROGRAM).parent / "porchlight-dpi"
        for path in self.killing_files((1, 2, 3)):
            with self.subTest(capture=path.name):
                doc = self.replay(path, program=ASKING,
                                  env={"PORCHLIGHT_INSPECTOR": str(inspector)})
                self.expect([], losses(doc), "losses")
                self.expect(0, doc["run"]["advice"]["quarantined"], "quarantined")
                self.assertEqual(counted(self.replay(path, "--no-dpi")), counted(doc))

    def test_without_its_guards_it_dies_and_only_advice_is_lost(self):
        self.built(UNGUARDED, OFF)
        known = [path for path in porch.hostile() if path.stem in ("dtls_null", "loop64k")]
        made = [self.file(f"{name}.pcap", data) for name, data in killers.captures(1)
                if name.startswith("dns-tcp")]
        for path in known + made:
            with self.subTest(capture=path.name):
                doc = self.replay(path, program=UNGUARDED,
                                  env={"PORCHLIGHT_INSPECTOR": str(OFF)})
                self.assertGreaterEqual(len(losses(doc)), 2, "it died twice of the flow")
                self.expect(1, doc["run"]["advice"]["quarantined"], "quarantined")
                self.assertEqual(counted(self.replay(path, "--no-dpi")), counted(doc))

    def test_a_process_that_misbehaves_costs_advice_only(self):
        self.built(FAKE)
        expected = counted(self.replay(porch.DAY, "--no-dpi"))
        for how in ("garbage", "strangers", "too-much", "greets-twice", "exit"):
            with self.subTest(how=how):
                doc = self.replay(porch.DAY, env={"PORCHLIGHT_INSPECTOR": str(FAKE),
                                                  "PORCHLIGHT_FAKE": how})
                self.assertEqual(expected, counted(doc))
                self.assertTrue(losses(doc), "its deaths are told")
                self.assertIn(doc["run"]["advice"]["state"], ("stopped", "given"))

    def shown(self, talk, snap=262144):
        """How many packets of a conversation an inspector gets to see."""
        scene, note = Scene(snap=snap), self.folder / "shown"
        stream = Stream(scene, CAMERA, 40001, REMOTE, 443)
        time = talk(stream, stream.open(START))
        stream.close(stream.up_bulk(time + SECOND, 100_000, MILLISECOND) + SECOND)
        note.unlink(missing_ok=True)
        self.replay(self.file("talk.pcap", pcap_bytes(scene.sorted())), env={
            "PORCHLIGHT_INSPECTOR": str(FAKE), "PORCHLIGHT_FAKE_SHOWN": str(note)})
        return [int(line) for line in note.read_text().split()]

    def test_of_a_handshake_no_more_is_shown_than_is_said_in_the_clear(self):
        self.built(FAKE)
        hello = wire.client_hello(b"media.examplecam.example", bytes(64))

        def answered(stream, time, *parts):
            for number, part in enumerate(parts):
                stream.down(time + number * MILLISECOND, part)
            return time + len(parts) * MILLISECOND

        def plain(stream, time):
            stream.up(time, hello)
            return answered(stream, time + MILLISECOND, bytes(1400), bytes(1400), bytes(300))

        def unread(stream, time):
            stream.up(time, b"first\r\n")
            return answered(stream, time + MILLISECOND, b"go on\r\n")

        def said_again(stream, time):
            stream.up(time, hello)
            answered(stream, time + MILLISECOND, bytes(1400))
            stream.seq -= len(hello)
            stream.up(time + 2 * MILLISECOND, hello)
            return answered(stream, time + 3 * MILLISECOND, bytes(1400))

        for talk, expected in ((plain, 4), (said_again, 4), (unread, SLICES)):
            with self.subTest(talk=talk.__name__):
                self.expect([expected], self.shown(talk), "packets")
        for talk in (plain, unread):
            with self.subTest(talk=talk.__name__):
                self.expect([SLICES_CUT], self.shown(talk, snap=600),
                            "packets of what was cut short")

    def asked(self, scene):
        """How many flows of a scene an inspector was asked about."""
        doc = self.replay(self.file("asked.pcap", pcap_bytes(scene.sorted())))
        return doc["run"]["advice"]["flows"]

    def test_flows_that_would_be_answered_alike_are_asked_about_once_or_twice(self):
        def conversations(ports, hello, snap=262144):
            scene = Scene(snap=snap)
            for number, port in enumerate(ports):
                stream = Stream(scene, CAMERA, 40001 + number, REMOTE, port)
                time = stream.open(START + number * SECOND)
                stream.up(time, hello(number))
                stream.down(time + MILLISECOND, bytes(1400))
                stream.close(time + 2 * MILLISECOND)
            return scene

        def same(_):
            return wire.client_hello(b"media.examplecam.example", bytes(64))

        def other(number):
            return wire.client_hello(b"media.examplecam.example", bytes(64),
                                     more=wire.extension(0x6000 + number, b""))

        def unread(_):
            return b"what nobody reads\r\n"

        for ports, hello, expected in (([443], same, 1), ([443] * 9, same, 1),
                                       ([443, 8443] * 9, same, 2), ([443] * 5, other, 5),
                                       ([443] * 40, other, 16), ([443] * 9, unread, 2)):
            self.expect(expected, self.asked(conversations(ports, hello)), "flows asked about")
        self.expect(1, self.asked(conversations([443] * 9, unread, snap=600)),
                    "flows asked about that were cut short")

    def test_devices_that_say_the_same_hello_are_told_one_answer(self):
        others = [Host(f"02:00:5e:00:00:{n}", f"192.168.7.{n}") for n in range(31, 36)]
        for names, expected in (([b"media.examplecam.example"] * 6, 1),
                                ([b"m%d.examplecam.example" % n for n in range(6)], 6)):
            scene = Scene()
            for number, (host, name) in enumerate(zip([CAMERA] + others, names)):
                stream = Stream(scene, host, 40001, REMOTE, 443)
                stream.close(stream.hello(START + number * SECOND, name) + SECOND)
            doc = self.replay(self.file("alike.pcap", pcap_bytes(scene.sorted())))
            self.expect(expected, doc["run"]["advice"]["flows"], "flows asked about")
            told = [d["advice"] for d in doc["destinations"]]
            self.expect(6, len(told), "receivers")
            self.assertTrue(all(advice and advice == told[0] for advice in told), told)

    def words(self, scene):
        """What is said of the first receiver of a scene, and whether it was read."""
        doc = self.replay(self.file("words.pcap", pcap_bytes(scene.sorted())))
        return {said["word"]: said["inspected"] for said in doc["destinations"][0]["advice"]}

    def told(self, address, port, talk):
        """The same of a conversation with that address."""
        scene = Scene()
        stream = Stream(scene, CAMERA, 40001, Host("02:00:5e:00:00:01", address), port)
        stream.close(talk(stream) + SECOND)
        return self.words(scene)

    def test_what_only_an_address_speaks_for_is_not_said(self):
        nobody, whatsapp, google, spotify, relay = (  # but for the first on lists of nDPI 4.2
            "198.51.100.21", "157.240.20.52", "173.194.1.1", "194.132.197.7", "128.31.0.34")

        def hello(name):
            return lambda stream: stream.hello(START, name)

        def unread(stream):
            time = stream.open(START)
            for number in range(3):
                stream.up(time + number * MILLISECOND, b"what nobody reads, whoever it is for")
            return time

        own, theirs = hello(b"media.examplecam.example"), hello(b"web.whatsapp.com")
        for address, port, talk, expected in (
                (relay, 443, own, {"tls": True}),
                (whatsapp, 443, own, {"tls": True}),
                (whatsapp, 443, hello(b""), {"tls": True}),
                (whatsapp, 443, theirs, {"tls": True, "whatsapp": True}),
                (nobody, 443, theirs, {"tls": True, "whatsapp": True}),
                (nobody, 443, own, {"tls": True}),
                (google, 19305, unread, {}),
                (spotify, 4070, unread, {}),
                (nobody, 4070, unread, {})):
            self.expect(expected, self.told(address, port, talk), f"words for {address}:{port}")

    def test_what_all_of_webrtc_sends_is_no_call_by_messenger(self):
        def attribute(kind, content):
            return kind.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content

        check = wire.stun(0x0001, b"transaction!", b"".join((
            attribute(0x0006, b"u" * 36), attribute(0xC057, bytes(4)), attribute(0x802A, bytes(8)),
            attribute(0x0024, bytes(4)), attribute(0x0008, bytes(20)), attribute(0x8028, bytes(4)))))
        self.expect(100, len(check) - 20, "bytes behind the header, as nDPI 4.2 looks for")
        scene = Scene()
        for number in range(4):
            time = START + number * SECOND
            scene.udp(time, CAMERA, 40001, REMOTE, 40002, check)
            scene.udp(time + MILLISECOND, REMOTE, 40002, CAMERA, 40001,
                      wire.stun(0x0101, b"transaction!", wire.stun_mapped("198.51.100.9", 40001)))
        self.expect({"stun": True}, self.words(scene), "words")

    def test_what_goes_to_the_port_of_stun_was_not_read_for_that(self):
        def told(port, up, down):
            scene = Scene()
            for number in range(4):
                time = START + number * SECOND
                scene.udp(time, CAMERA, 40001, REMOTE, port, up)
                scene.udp(time + MILLISECOND, REMOTE, port, CAMERA, 40001, down)
            return self.words(scene)

        asked = (wire.stun(0x0001, b"transaction!"),
                 wire.stun(0x0101, b"transaction!", wire.stun_mapped("198.51.100.9", 40001)))
        unread = b"what nobody reads, whoever it is for", b"nor what is answered"
        for port, said, expected in ((3478, asked, {"stun": True}), (40002, asked, {"stun": True}),
                                     (3478, unread, {"stun": False}), (40002, unread, {})):
            self.expect(expected, told(port, *said), f"words for port {port}")

    def test_nobody_is_asked_what_a_clock_is_set_by(self):
        for length, expected in ((48, 0), (47, 1)):
            scene = Scene()
            for number in range(4):
                scene.udp(START + number * SECOND, CAMERA, 123, REMOTE, 123, bytes(length))
                scene.udp(START + number * SECOND + MILLISECOND, REMOTE, 123, CAMERA, 123,
                          bytes(length))
            self.expect(expected, self.asked(scene), f"flows of {length} bytes asked about")

    def test_no_inspector_is_said_in_every_episode(self):
        doc = self.replay(porch.DAY, env={"PORCHLIGHT_INSPECTOR": "/nonexistent"})
        self.expect("none", doc["run"]["advice"]["state"], "state")
        for episode in doc["episodes"]:
            self.assertTrue(any("no inspection library" in limit for limit in episode["limits"]))

    def test_names_parties_and_bytes_are_the_same_without_it(self):
        paths = [porch.DAY]
        if (porch.CAPTURES / "public").is_dir():
            paths += [path for path in porch.public() if path.parent.name != "tcpdump"]
        for path in paths:
            with self.subTest(capture=path.name):
                both = [porch.run("replay", "--json", "--all-devices", *no, path)
                        for no in ([], ["--no-dpi"])]
                self.expect(both[1].code, both[0].code, path)
                if both[0].out:
                    self.assertEqual(*(counted(document(one)) for one in both))

    def killed_while_it_reads(self, whole, at):
        """The document of a replay whose inspectors are killed once so many bytes are read."""
        process = subprocess.Popen(
            [porch.PROGRAM, "replay", "--json", "--all-devices", "-"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        sent = kills = 0
        for mark in sorted(at):
            process.stdin.write(whole[sent:mark])
            process.stdin.flush()
            sent = mark
            for _ in range(20):
                running = inspectors(process.pid)
                if running:
                    break
                time.sleep(0.005)
            for child in running:
                try:
                    os.kill(child, signal.SIGKILL)
                    kills += 1
                except ProcessLookupError:
                    pass
        out, err = process.communicate(whole[sent:])
        self.expect(0, process.returncode, err.decode())
        return json.loads(out), kills

    def test_a_kill_at_any_packet_changes_no_hash(self):
        public = porch.CAPTURES / "public/shfw/tplink-plug__no-firewall__wan.pcap"
        path = public if public.exists() else porch.DAY
        whole = path.read_bytes()
        expected = document(porch.run("replay", "--json", "--all-devices", "-", stdin=whole))
        dice, kills, told = Dice(5), 0, 0
        for number in range(REPLAYS + 1):
            marks = 20 if number == REPLAYS else 1
            at = [dice.roll(24, len(whole) - 1) for _ in range(marks)]
            doc, killed = self.killed_while_it_reads(whole, at)
            self.expect(expected["sha256"], doc["sha256"], f"hash after kills at bytes {at}")
            self.expect(expected["run"]["advice"], doc["run"]["advice"], "advice")
            kills += killed
            told += len(losses(doc))
        self.assertGreater(kills, 0, "nothing was ever killed")
        print(f"{kills} kills, {told} of them told as losses")

    def test_a_killed_keeper_costs_advice_only(self):
        whole = porch.DAY.read_bytes()
        expected = counted(self.replay(porch.DAY, "--no-dpi"))
        process = subprocess.Popen(
            [porch.PROGRAM, "replay", "--json", "--all-devices", "--rules",
             porch.SOURCE / "rules", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(whole[:len(whole) // 2])
        process.stdin.flush()
        until = time.monotonic() + 10
        while not inspectors(process.pid) and time.monotonic() < until:
            time.sleep(0.005)
        keepers = children(process.pid)
        self.expect(1, len(keepers), "keepers")
        os.kill(keepers[0], signal.SIGKILL)
        out, err = process.communicate(whole[len(whole) // 2:])
        self.expect(0, process.returncode, err.decode())
        found = counted(json.loads(out))
        self.assertEqual(expected[:3], found[:3])  # the fourth tells the input's name

    def status(self, pid, field):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        return None

    def test_a_replay_is_shut_in_when_it_reads(self):
        for arguments in ([], ["--no-dpi"]):
            process = subprocess.Popen([porch.PROGRAM, "replay", *arguments, "-"],
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            until = time.monotonic() + 10
            while self.status(process.pid, "Seccomp") != 2 and time.monotonic() < until:
                time.sleep(0.005)
            self.expect(2, self.status(process.pid, "Seccomp"), "a filter")
            self.expect(1, self.status(process.pid, "NoNewPrivs"), "new privileges")
            process.communicate(porch.DAY.read_bytes())
            self.expect(0, process.returncode, "status")

    def test_links_in_a_folder_and_pipes_are_read_all_the_same(self):
        there = self.file("elsewhere.pcapng.gz", porch.DAY.read_bytes())
        folder = there.parent / "folder"
        folder.mkdir()
        (folder / "link.pcapng.gz").symlink_to(there)
        expected = counted(self.replay(porch.DAY))[:3]
        self.assertEqual(expected, counted(self.replay(folder))[:3])
        for name in ("-", "/dev/stdin"):
            found = self.replay(name, stdin=porch.DAY.read_bytes())
            self.assertEqual(expected, counted(found)[:3], name)

    def test_a_filter_may_name_ports(self):
        named, plain = (self.replay(porch.DAY, "--filter", words)
                        for words in ("tcp port https", "tcp port 443"))
        self.assertEqual(counted(plain), counted(named))

    def bounds(self, program):
        """What each process was refused, by its name and the attempt."""
        result = porch.run("--selftest-sandbox", program=program)
        self.expect(0, result.code, result.err)
        words, who = {}, None
        for line in result.text.splitlines():
            if not line.startswith(" "):
                who = line.split(":")[0]
                continue
            what, said = line.split(maxsplit=1)
            words[who, what] = said
        return words

    def test_the_bounds_of_each_process_hold(self):
        words = self.bounds(porch.PROGRAM)
        built = not any("sanitizer" in said for said in words.values())
        if not built and RELEASE.exists():
            words, built = self.bounds(RELEASE), True
        for who in ("counting process", "inspecting process"):
            for what in ("open", "socket", "exec", "fork", "ptrace", "setuid"):
                expected = r"^denied"
                if not built and who.startswith("counting") and what in ("fork", "ptrace"):
                    expected = "sanitizer"
                self.assertRegex(words[who, what], expected, f"{who}: {what}")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        REPLAYS = int(sys.argv.pop(1))
    porch.main()
