#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails if the transcript in README.md is not what the program prints.

usage: check_readme.py PROGRAM SOURCE [--write]
With --write the transcript is made anew.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

BLOCK = re.compile(r"(<!-- transcript -->\n\n```\n)\$ build/release/porchlight (.*?)\n(.*?)(```\n)",
                   re.DOTALL)


def printed(program, source, arguments):
    """The program's standard output in 80 columns, ASCII, without colour."""
    surroundings = {"PATH": os.environ["PATH"], "LC_ALL": "C", "COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run([program, *shlex.split(arguments)], cwd=source, env=surroundings,
                          stdout=subprocess.PIPE, check=True, timeout=120)
    return done.stdout.decode()


def main():
    program, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    readme = source / "README.md"
    text = readme.read_text()
    block = BLOCK.search(text)
    if not block:
        sys.exit("README.md has no transcript")
    now = printed(program, source, block[2])
    if "--write" in sys.argv[3:]:
        whole = f"{block[1]}$ build/release/porchlight {block[2]}\n{now}{block[4]}"
        readme.write_text(text[:block.start()] + whole + text[block.end():])
    elif now != block[3]:
        sys.exit(f"README.md shows another transcript than the program prints:\n{now}")


main()
