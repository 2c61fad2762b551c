#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A hundred and more broken configurations: each refused with 4, its name, and a reason."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import porch

WHOLE = ('{"interfaces": ["porch-none"], "home": ["192.0.2.0/24"], "all-devices": true,\n'
         ' "label": ["192.0.2.7=T\u00fcr"], "page": "none", "history": "none"}').encode()
WRONG = [b"", b"[]", b"null", b'"text"', b"{", b"{}{}", b'{"interfaces": "eth0"}',
         b'{"interfaces": []', b'{"interfaces": [1]}', b'{"interface": ["eth0"]}',
         b'{"home": ["door"]}', b'{"home": null}', b'{"cooldown": "60"}', b'{"cooldown": 1e3}',
         b'{"cooldown": -1}', b'{"syslog": 1}', b'{"syslog": true, "syslog": true}',
         b'{"page": ""}', b'{"config": "x"}', b'{"help": true}', b'{"label": ["x"]}',
         b'{"lang": "fr"}', b'{"filter": "a\\u0000b"}', b"{'page': 'none'}", b'{"page": none}',
         b'{"page": "none",}', b"\xef\xbb\xbf{}", b"[" * 100, b'{"jobs": 2}']


class Config(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "porchlight.conf"

    def watch(self):
        return subprocess.run([porch.PROGRAM, "watch", *porch.DOORVUE[:2], "--config", self.path],
                              capture_output=True, timeout=60, check=False)

    def refused(self, result, what):
        err = result.stderr.decode()
        self.assertEqual(4, result.returncode, f"{what}: {err}")
        self.assertEqual(b"", result.stdout, what)
        start = f"porchlight: {self.path}: "
        self.assertTrue(err.startswith(start) and len(err) > len(start) + 3, f"{what}: {err}")
        self.assertEqual(1, err.count("\n"), err)
        return err

    def test_the_whole_one_is_taken(self):
        self.path.write_bytes(WHOLE)
        self.assertRegex(porch.watch_begins(self.path), "watching porch-none|no right to capture")

    def test_every_cut_is_refused(self):
        for length in range(len(WHOLE)):
            self.path.write_bytes(WHOLE[:length])
            self.refused(self.watch(), f"cut at {length}")

    def test_what_is_wrong_is_refused(self):
        for text in WRONG:
            self.path.write_bytes(text)
            self.refused(self.watch(), text)

    def test_bad_utf8_is_refused(self):
        for at in range(0, len(WHOLE), 5):
            self.path.write_bytes(WHOLE[:at] + b"\xc0" + WHOLE[at + 1:])
            self.refused(self.watch(), f"0xc0 at {at}")

    def test_what_cannot_be_read_is_refused(self):
        self.assertIn("No such file", self.refused(self.watch(), "absent"))
        self.path.mkdir()
        self.assertIn("Is a directory", self.refused(self.watch(), "folder"))
        self.path.rmdir()
        os.mkfifo(self.path)
        self.assertIn("not a regular file", self.refused(self.watch(), "fifo"))
        self.path.unlink()
        self.path.write_bytes(WHOLE.ljust(65537))
        self.assertIn("larger than", self.refused(self.watch(), "large"))


if __name__ == "__main__":
    porch.main()
