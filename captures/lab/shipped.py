# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the shipped recordings: pcapng inside zstd."""
import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "tools"))

import capture_file  # noqa: E402


def unpacked(path):
    """The pcapng bytes of a recording."""
    path = pathlib.Path(path)
    if path.suffix != ".zst":
        return path.read_bytes()
    return subprocess.run(["zstd", "-q", "-d", "-c", "--long=24", str(path)], check=True,
                          stdout=subprocess.PIPE).stdout


def records_of(path):
    return capture_file.read_pcapng(unpacked(path))[1]


def comment_of(data):
    """The section's comment (opt_comment) of pcapng bytes."""
    length = struct.unpack_from("<I", data, 4)[0]
    body = data[24:length - 4]
    code, size = struct.unpack_from("<HH", body) if len(body) >= 4 else (0, 0)
    return body[4:4 + size].decode() if code == 1 else ""


def ship(records, path, comment):
    data = capture_file.pcapng_bytes(records, name="br-lan", comment=comment, snap=800)
    subprocess.run(["zstd", "-q", "-f", "-19", "--long=24", "-T1", "-o", str(path)], input=data,
                   check=True)
