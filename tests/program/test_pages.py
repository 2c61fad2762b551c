#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.html and --chart of a real run: the same bytes everywhere, in words and zones asked for."""
import json
import os
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import porch

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = ("timeline", "receivers", "hours")


class Pages(porch.Test):
    def folder_of(self, *arguments, name="report", **options):
        out = self.folder / name
        result = porch.run("replay", "--quiet", *porch.DOORVUE, *arguments, "--out", out, porch.DAY,
                           **options)
        self.expect(0, result.code, f"status: {result.err}")
        return out

    def page(self, *arguments, **options):
        return (self.folder_of(*arguments, **options) / "report.html").read_text()

    def chart(self, what, *arguments, **options):
        file = self.folder / f"{what}.svg"
        result = porch.run("replay", "--quiet", *porch.DOORVUE, *arguments, "--chart", what,
                           "-o", file, porch.DAY, **options)
        self.expect(0, result.code, f"status of --chart {what}: {result.err}")
        return file.read_text()

    def test_settings_of_the_machine_do_not_show(self):
        expected = self.page()
        for env in ({"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
                    {"PORCHLIGHT_SEED": "77"}, {"COLUMNS": "200", "PATH": "/nowhere"}):
            self.assertTrue(expected == self.page(env=env), env)
        self.assertTrue(expected == self.page("-j", "4"), "with -j 4")
        self.assertTrue(expected == self.page(cwd="/"), "from another folder")
        before = os.umask(0o077)
        try:
            out = self.folder_of(name="private")
        finally:
            os.umask(before)
        self.assertTrue(expected == (out / "report.html").read_text(), "under another umask")
        self.assertEqual(0o644, (out / "report.html").stat().st_mode & 0o777)

    def test_the_place_of_a_capture_does_not_show(self):
        there = self.file("a.pcapng.gz", pathlib.Path(porch.DAY).read_bytes())
        pages = []
        for name, arguments, cwd in (("one", [there], None), ("two", [there.name], self.folder)):
            out = self.folder / name
            porch.run("replay", "--quiet", *porch.DOORVUE, "--out", out, *arguments, cwd=cwd)
            pages.append((out / "report.html").read_text())
        self.assertTrue(pages[0] == pages[1], "from another place")
        self.assertFalse(str(self.folder) in pages[0], "names the folder it was in")

    def test_german_says_every_reason_of_the_rules(self):
        page = self.page("--lang", "de")
        self.assertTrue('<html lang="de"' in page)
        left = [text for text in re.findall(r'<span lang="en">([^<]*)', page)]
        self.assertEqual([], left, "add these to src/words/de-glosses.def")

    def test_a_language_changes_no_data(self):
        english, german = self.folder_of(name="en"), self.folder_of("--lang", "de", name="de")
        for name in ("report.json", "records.ndjson", "episodes.csv", "devices.csv"):
            self.assertEqual((english / name).read_bytes(), (german / name).read_bytes(), name)

    def test_times_are_told_in_the_zone_asked_for_and_name_it(self):
        if not pathlib.Path("/usr/share/zoneinfo/Asia/Kolkata").exists():
            porch.skip("no time zones installed")
        page = self.page("--time-zone", "Asia/Kolkata")
        self.assertTrue("times in <bdi>Asia/Kolkata</bdi>" in page, "the zone is named")
        first = json.loads((self.folder / "report/report.json").read_text())["episodes"][0]["start"]
        hour, minute = int(first[11:13]), int(first[14:16])
        shifted = (hour * 60 + minute + 330) % 1440
        told = re.search(rf'datetime="{re.escape(first)}">([^<]*)<', page).group(1)
        self.assertTrue(told.endswith(f"{shifted // 60:02d}:{shifted % 60:02d}"), told)

    def test_charts_stand_alone(self):
        report = json.loads((self.folder_of() / "report.json").read_text())
        for what in CHARTS:
            text = self.chart(what)
            root = ElementTree.fromstring(text)
            self.assertEqual(SVG + "svg", root.tag)
            self.assertTrue(root.find(SVG + "title").text)
            drawn = [t.text for t in root.iter(SVG + "text") if t.text]
            source = [t for t in drawn if "porchlight" in t]
            self.assertEqual(1, len(source), drawn)
            self.assertIn(report["sha256"][:8], source[0])
            self.assertIn("14 November 2026", source[0])
            for element in root.iter():
                for name, value in element.attrib.items():
                    self.assertNotIn("href", name)
                    self.assertFalse(name.startswith("on"), name)
                    self.assertNotIn("http", value)
            self.assertTrue(text == self.chart(what, env={"LC_ALL": "C", "TZ": "Asia/Tokyo"}))
        self.assertTrue("Quelle:" in self.chart("hours", "--lang", "de"))

    def test_a_chart_needs_a_file_and_a_file_a_chart(self):
        for arguments in (["--chart", "hours"], ["-o", "x.svg"], ["--chart", "pie", "-o", "x.svg"]):
            self.expect(2, porch.run("replay", *arguments, porch.DAY).code, f"status of {arguments}")
        missing = self.folder / "no/such/x.svg"
        self.expect(1, porch.run("replay", "--quiet", "--chart", "hours", "-o", missing,
                                 porch.DAY).code, "status where nothing can be written")


if __name__ == "__main__":
    porch.main()
