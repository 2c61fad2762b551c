#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is derived from a recording still agrees with its truth."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LAB = HERE.parents[1] / "captures" / "lab"
RECORDINGS = LAB / "recordings"


def derive(kind, name, out, *more):
    subprocess.run([sys.executable, str(LAB / "derive.py"), kind,
                    str(RECORDINGS / f"{name}.pcapng.zst"), str(out),
                    *[str(RECORDINGS / f"{other}.pcapng.zst") for other in more]], check=True)
    return json.loads((out / f"{name}-{kind}.truth.json").read_text())


def main():
    if not shutil.which("zstd"):
        print("zstd is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        for kind in ("vlan", "snap60", "up-only"):
            assert derive(kind, "blink-camera-simulated-gro", out)["derived"] == kind
        home = derive("both", "eufy-doorbell-simulated-first", out,
                      "ubell-doorbell-simulated-first")
        doorbells = {d["mac"] for d in home["devices"] if d["kind"] == "doorbell"}
        assert len(doorbells) == 2
        assert {e["device"] for e in home["episodes"]} == doorbells
        checked = subprocess.run([sys.executable, str(HERE / "check_recordings.py"), str(out)])
        return checked.returncode


sys.exit(main())
