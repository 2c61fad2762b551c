#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of a fixed replay, and fails when they rose by more than 3 %.

check_instructions.py PROGRAM SOURCE_DIR            compares with tests/bench/instructions.json
check_instructions.py --write PROGRAM SOURCE_DIR    writes what was counted; say why in the commit

PROGRAM is a release build.  Only the program's own instructions count, from the capture to the
document and its JSON: not those of other libraries, which differ between machines, and not the
loading of rules, which grow.  What a compiler makes of the code differs: with another one than
the count was made with, and without valgrind, the check is skipped.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
MOST = 1.03
LEAST = 0.9  # a fall that is not written down would hide the next rise
CAPTURES = ("captures/doorbell-day.pcapng.gz",)
OPTIONS = ("--quiet", "--json", "--all-devices", "--no-dpi", "-j", "1", "--rules", "rules",
           "--rules", "captures/doorvue.rules")
PARTS = ("replay_kept*", "json_document*")  # what is counted, with all that they call


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None


def compiler_of(program):
    """The compiler's own note in the program, and the machine it was made for."""
    notes = output_of("readelf", "-p", ".comment", program) or ""
    header = output_of("readelf", "-h", program) or ""
    compiler = re.search(r"GCC: \(.*?\) ([0-9.]+)", notes)
    machine = re.search(r"Machine: +(.*)", header)
    if not compiler or not machine:
        return None
    return f"gcc {compiler.group(1)}, {machine.group(1)}"


def is_optimised(program):
    """A program under ASan, or one for coverage, has other instructions."""
    names = output_of("nm", "-D", program) or ""
    return "__asan_init" not in names and "__gcov_" not in (output_of("nm", program) or "")


def is_older(program, source):
    built = os.stat(program).st_mtime
    return any(path.stat().st_mtime > built for folder in ("src", "include")
               for path in (pathlib.Path(source) / folder).rglob("*.[ch]"))


def own_instructions(profile, folder):
    """Sums what callgrind counted in objects of the folder, calls to others left out."""
    names, total, own, is_call = {}, 0, False, False
    for line in profile.read_text().splitlines():
        if line.startswith("ob="):
            number, name = re.fullmatch(r"ob=\((\d+)\)(?: (.*))?", line).groups()
            names.setdefault(number, name)
            own = names[number].startswith(folder)
        elif match := re.fullmatch(r"cob=\((\d+)\) (.*)", line):
            names.setdefault(match.group(1), match.group(2))
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[+\-*\d]", line):
            if own and not is_call:
                total += int(line.split()[-1])
            is_call = False
    return total


def count(program, source):
    with tempfile.TemporaryDirectory() as folder:
        profile = pathlib.Path(folder) / "profile"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
                   "--compress-pos=no", "--compress-strings=yes"]
        command += [f"--toggle-collect={part}" for part in PARTS]
        command += [program, "replay", *OPTIONS, *CAPTURES]
        try:
            done = subprocess.run(command, capture_output=True, cwd=source, text=True, check=False,
                                  env=dict(os.environ, PORCHLIGHT_SEED="1", LC_ALL="C"))
        except FileNotFoundError:
            skip("valgrind is not installed")
        if done.returncode != 0:
            sys.exit(f"the replay under valgrind failed: {done.stderr[-2000:]}")
        return own_instructions(profile, str(pathlib.Path(program).resolve().parent))


def main():
    write = "--write" in sys.argv
    program, source = [word for word in sys.argv[1:] if word != "--write"]
    kept = pathlib.Path(source) / "tests/bench/instructions.json"
    if not os.access(program, os.X_OK) or not is_optimised(program):
        skip(f"{program} is no release build; scripts/test.sh makes one")
    program = str(pathlib.Path(program).resolve())
    if is_older(program, source):
        skip(f"{program} is older than the sources; scripts/test.sh builds it anew")
    compiler = compiler_of(program)
    before = json.loads(kept.read_text()) if kept.exists() else {}
    if not write and before.get("compiler") != compiler:
        skip(f"counted with {before.get('compiler')}, built with {compiler}")
    came = count(program, source)
    if write:
        kept.write_text(json.dumps({"compiler": compiler, "instructions": came}, indent=2) + "\n")
        print(f"{came} instructions, written to {kept}")
        return
    share = came / before["instructions"]
    print(f"{came} instructions, {before['instructions']} before: {(share - 1) * 100:+.2f} %")
    if share < LEAST:
        sys.exit("Much cheaper than before: count anew with --write.")
    if share > MOST:
        sys.exit("More than 3 % dearer.  If it is worth that, count anew with --write and say "
                 "why in the commit.")


main()
