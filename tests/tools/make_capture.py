#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the captures of porchlight's own.

make_capture.py --ship DIR     writes what ships in captures/
make_capture.py --check DIR    fails unless DIR holds just that
make_capture.py --odd DIR      writes the small captures of the tests
"""
import gzip
import pathlib
import sys

sys.dont_write_bytecode = True
import capture_file  # noqa: E402
import doorbell_day  # noqa: E402
import odd_captures  # noqa: E402

COMMENT = "A made-up doorbell: tests/tools/make_capture.py of porchlight.  CC0-1.0"


def packed(records):
    return capture_file.gzipped(capture_file.pcapng_bytes(
        records, snap=doorbell_day.SNAP, name="br-lan", comment=COMMENT))


def shipped():
    """Yields (name, bytes)."""
    records, truth = doorbell_day.make_day()
    yield "doorbell-day.pcapng.gz", packed(records)
    yield "doorvue.rules/vendors/doorvue-motion.pcapng.gz", packed(doorbell_day.motion(records))
    yield "doorbell-day.truth.json", truth.encode()


def unpacked(data):
    # Two versions of zlib may pack the same bytes differently.
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def check(folder):
    wrong = [name for name, data in shipped()
             if unpacked((folder / name).read_bytes()) != unpacked(data)]
    for name in wrong:
        print(f"{folder / name} is not what make_capture.py makes: run it with --ship {folder}")
    return 1 if wrong else 0


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("--ship", "--check", "--odd"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "--check":
        return check(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in shipped() if sys.argv[1] == "--ship" else odd_captures.all_of_them():
        (folder / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
