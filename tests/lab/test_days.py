#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A recorded hour becomes days that are the same each time and like no two hours."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LAB = HERE.parents[1] / "captures" / "lab"
sys.path[:0] = [str(LAB), str(HERE.parent / "tools")]

from shipped import capture_file, comment_of  # noqa: E402

HOURS = 5


def days(seed):
    return subprocess.run(
        [sys.executable, str(LAB / "restamp.py"), "--hours", str(HOURS), "--seed", seed,
         str(LAB / "recordings" / "blink-camera-simulated-idle.pcapng.zst")],
        check=True, stdout=subprocess.PIPE).stdout


def main():
    if not shutil.which("zstd"):
        print("zstd is not installed")
        return 77
    data = days("7")
    records = capture_file.read_pcapng(data)[1]
    times = [record.time for record in records]
    assert data == days("7"), "the same seed gives other bytes"
    assert data != days("8"), "another seed gives the same bytes"
    assert times == sorted(times)
    assert (HOURS - 0.1) * 3600 < (times[-1] - times[0]) / 1e9 <= HOURS * 3600
    assert "simulated" in comment_of(data) and "re-stamped" in comment_of(data)
    openings = {record.data[34:38] for record in records
                if record.data[12:14] == b"\x08\x00" and record.data[23] == 6 and
                record.data[47] == 2}
    syns = sum(record.data[12:14] == b"\x08\x00" and record.data[23] == 6 and
               record.data[47] == 2 for record in records)
    assert syns > 2 * HOURS and len(openings) > 0.9 * syns, "connections use a port again"
    return 0


sys.exit(main())
