#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records one scenario for real, in namespaces, and counts what it says about itself."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LAB = HERE.parents[1] / "captures" / "lab"
SKIP = 77
# Debian's own Python has aiortc, whichever comes first in the path.
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def step(*words):
    done = subprocess.run([PYTHON, *[str(word) for word in words]], capture_output=True,
                          text=True, timeout=240)
    print(done.stdout + done.stderr, end="")
    return done.returncode


def can_have_namespaces():
    """Containers often have root and no right to make a namespace."""
    name = f"porchlight-try-{os.getpid()}"
    try:
        made = subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0
        subprocess.run(["ip", "netns", "del", name], capture_output=True)
    except OSError:
        return False
    return made


def main():
    with tempfile.TemporaryDirectory() as folder:
        raw, out = pathlib.Path(folder, "raw"), pathlib.Path(folder, "out")
        if not can_have_namespaces():
            print("no right, or no ip, to make network namespaces")
            return SKIP
        status = step(LAB / "record.py", "check", raw)
        if status:
            return status
        assert step(LAB / "rewrite.py", raw, out, "check") == 0
        assert step(HERE / "check_recordings.py", out) == 0
        truth = json.loads(next(out.glob("*.truth.json")).read_text())
        assert any(e["content"] == "video" and e["shape"] == "stream" and e["bytes"] > 100_000
                   and e["to"] == "media.lumora.example" for e in truth["episodes"]), truth
    return 0


sys.exit(main())
