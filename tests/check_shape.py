#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The walls of the house, for one kind of them:

check_shape.py size SOURCE_DIR    no C file over 600 lines, no function over 60
check_shape.py words SOURCE_DIR   no maker, no unfinished work, no path of a machine in the sources
check_shape.py spdx SOURCE_DIR    each source says its licence in its first lines
"""
import json
import pathlib
import re
import sys

FILE_WALL = 600
FUNCTION_WALL = 60
SOURCES = ("src", "include", "tests", "scripts")


def files(top, suffixes, folders=SOURCES):
    for folder in folders:
        for path in sorted((top / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file() and "corpus" not in path.parts:
                yield path


def long_functions(lines):
    """Yields (line, length) of bodies over the wall: from a { to a } at the margin."""
    start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            if number - start - 1 > FUNCTION_WALL:
                yield start, number - start - 1
            start = None


def check_size(top):
    for path in files(top, {".c", ".h"}):
        lines = path.read_text().splitlines()
        if len(lines) > FILE_WALL:
            yield f"{path.relative_to(top)}: {len(lines)} lines, the wall is {FILE_WALL}"
        for start, length in long_functions(lines):
            yield (f"{path.relative_to(top)}:{start}: a function of {length} lines, "
                   f"the wall is {FUNCTION_WALL}")


def makers(top):
    """Vendor ids of the rules that cannot be mistaken for a word of the trade."""
    words = {"ring", "nest", "blink", "arlo", "eufy", "wyze", "reolink", "dropcam", "immedia"}
    for path in (top / "rules" / "vendors").glob("*.json"):
        vendor = json.loads(path.read_text()).get("vendor", "")
        if len(vendor) >= 4:
            words.add(vendor)
    return words - {"amazon", "google", "apple", "others", "generic"} | {"amazonaws", "googleapis"}


def strings(text):
    """The string literals of C text, without comments."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.finditer(r'"((?:[^"\\\n]|\\.)*)"', text)


def check_words(top):
    maker = re.compile(r"\b(" + "|".join(sorted(map(re.escape, makers(top)))) + r")(?:\b|_)",
                       re.I)
    for path in files(top, {".c", ".h"}, ("src", "include")):
        text = path.read_text()
        for literal in strings(text):
            if maker.search(literal.group(1)) and "include" not in literal.group(0):
                yield f"{path.relative_to(top)}: names a maker: {literal.group(0)}"
    unfinished = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|not imple" r"mented")
    machine = re.compile(r"/(?:home|root|Users)/\w|/wo" r"rk/")
    for path in files(top, {".c", ".h", ".py", ".sh", ".txt", ".cmake", ".md"}):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if unfinished.search(line):
                yield f"{path.relative_to(top)}:{number}: unfinished: {line.strip()}"
            if machine.search(line):
                yield f"{path.relative_to(top)}:{number}: a path of a machine: {line.strip()}"


def check_spdx(top):
    for path in files(top, {".c", ".h", ".py", ".sh", ".cmake"}):
        head = path.read_text().split("\n")[:3]
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in head):
            yield f"{path.relative_to(top)}: no SPDX line at the top"


def main():
    kinds = {"size": check_size, "words": check_words, "spdx": check_spdx}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    faults = list(kinds[sys.argv[1]](pathlib.Path(sys.argv[2])))
    print("\n".join(faults) or "nothing found")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
