# SPDX-License-Identifier: Apache-2.0
"""Runs porchlight for the acceptance tests and reads what it says.

PORCHLIGHT is the program, PORCHLIGHT_SOURCE the source folder, PORCHLIGHT_CAPTURES the folder
of recorded captures, which may be absent.  A test that lacks what it needs exits with 77.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE",
                                     pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("PORCHLIGHT", str(SOURCE / "build/dev/porchlight"))
CAPTURES = pathlib.Path(os.environ.get("PORCHLIGHT_CAPTURES", SOURCE / "../shared/captures"))
DAY = SOURCE / "captures/doorbell-day.pcapng.gz"
DOORVUE = ["--rules", str(SOURCE / "rules"), "--rules", str(SOURCE / "captures/doorvue.rules")]

sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tests/tools"))

SANITIZER = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "UndefinedBehavior",
             "terminate called", "Assertion")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def public(*names):
    """Recorded captures by name; all of the public set without names.  Skips without them."""
    folder = CAPTURES / "public"
    if not folder.is_dir():
        skip(f"no recorded captures at {folder}")
    if names:
        return [folder / name for name in names]
    return sorted(p for p in folder.rglob("*") if p.suffix in (".pcap", ".pcapng"))


def hostile():
    folder = CAPTURES / "hostile"
    return sorted(folder.glob("*.pcap")) if folder.is_dir() else []


def watch_begins(config):
    """Starts a watch of that configuration, ends it once it began; returns what it said.

    Without the right to capture it says so, which it does after it took the configuration."""
    child = subprocess.Popen([PROGRAM, "watch", *DOORVUE[:2], "--config", str(config)],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = ""
    for line in child.stderr:
        said += line.decode()
        if "watching" in said or "waiting" in said:
            break
    child.terminate()
    said += child.communicate(timeout=60)[1].decode()
    return said


def under_asan(program=PROGRAM):
    return b"__asan_init" in pathlib.Path(program).read_bytes()


class Result:
    """What one run left behind: code, out (bytes), err (text), cpu seconds."""

    def __init__(self, code, out, err, cpu):
        self.code, self.out, self.err, self.cpu = code, out, err, cpu

    @property
    def text(self):
        return self.out.decode()


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(*arguments, env=None, stdin=b"", seconds=120, program=PROGRAM, cwd=None):
    """Runs the program; a report of a sanitizer, a signal or a hang fails the test."""
    arguments = [str(a) for a in arguments]
    before = cpu_of_children()
    surroundings = {k: v for k, v in os.environ.items()
                    if k not in ("NO_COLOR", "FORCE_COLOR", "PORCHLIGHT_RULES")}
    surroundings.setdefault("ASAN_OPTIONS", "detect_stack_use_after_return=1")
    surroundings.update(env or {})
    try:
        done = subprocess.run([program, *arguments], input=stdin, capture_output=True,
                              timeout=seconds, env=surroundings, cwd=cwd, check=False)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"still running after {seconds} s: {' '.join(arguments)}") from None
    err = done.stderr.decode(errors="replace")
    told = [word for word in SANITIZER if word in err]
    if told or done.returncode < 0:
        raise AssertionError(f"{' '.join(arguments)[:2000]}\nended with {done.returncode}:\n"
                             f"{err[:6000]}")
    return Result(done.returncode, done.stdout, err, cpu_of_children() - before)


class Records:
    """The records of a replay, by type."""

    def __init__(self, result):
        self.code, self.err = result.code, result.err
        self.by_type = {}
        for line in result.out.splitlines():
            record = json.loads(line)
            self.by_type.setdefault(record["type"], []).append(record)
        self.run = self.one("run")
        self.summary = self.one("summary")

    def one(self, kind):
        found = self.by_type.get(kind, [])
        if len(found) != 1:
            raise AssertionError(f"expected one {kind} record, came {len(found)}\n{self.err}")
        return found[0]

    def __getattr__(self, name):
        if name in ("devices", "destinations", "episodes", "findings", "gaps", "flows"):
            return self.by_type.get(name[:-1], [])
        raise AttributeError(name)

    @property
    def counters(self):
        return self.run["counters"]

    def device(self, subject):
        """The device with a MAC or an address."""
        found = [d for d in self.devices if subject == d["mac"] or subject in d["addresses"]]
        if len(found) != 1:
            raise AssertionError(f"expected one device {subject}, came {found}")
        return found[0]

    def destination(self, ident):
        return next(d for d in self.destinations if d["id"] == ident)

    def destinations_of(self, device):
        return [d for d in self.destinations if d["device"] == device["id"]]

    def counted(self):
        """Episodes that enter the headline."""
        kinds = {d["id"]: d for d in self.devices}
        party = {d["id"]: d["party"] for d in self.destinations}
        return [e for e in self.episodes if e["footage"] == "yes" and
                party.get(e["destination"]) != "local" and
                (kinds[e["device"]]["kind"] != "other" or kinds[e["device"]]["named_by_user"])]


def replay(*arguments, **options):
    result = run("replay", "--ndjson", *arguments, **options)
    if not result.out:
        raise AssertionError(f"no records from {arguments}, status {result.code}:\n{result.err}")
    return Records(result)


class Test(unittest.TestCase):
    maxDiff = 4000
    longMessage = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="porchlight-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def expect(self, expected, came, what):
        """One comparison that says on failure what it was about."""
        self.assertEqual(expected, came, f"\n{what}: expected {expected}, came {came}")


def main():
    if not os.access(PROGRAM, os.X_OK):
        skip(f"no program at {PROGRAM}")
    unittest.main(verbosity=1)
