#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.html of homes that do not exist, read back as its readers read it.

WRITE_REPORT is the program that makes them, PORCHLIGHT_SOURCE the source folder.
"""
import csv
import html.parser
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

WRITE = os.environ.get("WRITE_REPORT", "build/dev/tests/write_report")
SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE", "."))
VOID = {"meta", "link", "input", "br"}


class Node:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, dict(attributes), parent
        self.children = []

    @property
    def text(self):
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def all(self, tag=None, **attributes):
        """Every node below with this tag and these attributes; class_ is one of its classes."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            wanted = tag in (None, child.tag)
            for name, value in attributes.items():
                had = child.attributes.get(name.rstrip("_")) or ""
                wanted = wanted and (value in had.split() if name == "class_" else had == value)
            found += [child] if wanted else []
            found += child.all(tag, **attributes)
        return found

    def one(self, tag=None, **attributes):
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"expected one {tag} {attributes}, came {len(found)}"
        return found[0]


class Page(html.parser.HTMLParser):
    """Builds a tree, and fails where elements are not nested as they were opened."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("document", {}, None)
        self.feed(text)
        self.close()
        assert self.at is self.root, f"<{self.at.tag}> is never closed"

    def handle_starttag(self, tag, attributes):
        node = Node(tag, attributes, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag, attributes):
        self.at.children.append(Node(tag, attributes, self.at))

    def handle_endtag(self, tag):
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)


def short(number):
    """Bytes as the page rounds them: SI, three digits, half up, no zeroes at the end."""
    units = ["B", "kB", "MB", "GB", "TB"]
    unit = 0
    while number >= 1000 ** (unit + 1):
        unit += 1
    for decimals in (2, 1, 0):
        step = 1000 ** unit // 10 ** decimals if unit else 1
        steps = (2 * number + step) // (2 * step) if unit else number
        if steps < 1000 or decimals == 0:
            break
    if unit and steps == 1000:
        steps, decimals, unit = 100, 2, unit + 1
    text = f"{steps / 10 ** decimals:.{decimals}f}" if unit else str(steps)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "\u00a0" + units[unit]


def integer(text):
    return int(re.sub(r"\D", "", text))


class Report:
    def __init__(self, folder, seed=1, devices=3, receivers=12, episodes=40, days=7, lang="en",
                 special=None):
        plan = [str(n) for n in (seed, devices, receivers, episodes, days)]
        subprocess.run([WRITE, SOURCE / "rules", *plan, lang, folder,
                        *([special] if special else [])], check=True)
        self.text = (folder / "report.html").read_text()
        self.page = Page(self.text).root
        self.json = json.loads((folder / "report.json").read_text())
        self.rows = [t.one("tbody").all("tr") for t in self.page.all("table", class_="rows")]

    def numbers(self, annex, column=-1):
        return [int(row.all("td")[column].attributes["data-n"]) for row in self.rows[annex]]

    def counted(self):
        return [row for row in self.rows[0] if row.all("td")[3].text == "yes"]


class PageTest(unittest.TestCase):
    made = {}

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def report(self, **plan):
        return Report(self.folder / "report", **plan)

    def plans(self):
        """Homes of every size, each made once for all tests."""
        for seed in range(1, 25):
            plan = {"seed": seed, "devices": 1 + seed % 5, "receivers": 1 + seed * 7 % 40,
                    "episodes": seed * 13 % 90, "days": 1 + seed % 9}
            if seed not in self.made:
                self.made[seed] = self.report(**plan)
            yield plan, self.made[seed]

    def test_headline_cards_and_rows_are_one_count(self):
        for plan, report in self.plans():
            with self.subTest(plan):
                cards = [integer(c.one("p", class_="count").one("b").text)
                         for c in report.page.all("article", class_="card")]
                counted = report.counted()
                lead = report.page.one("p", class_="lead").text
                self.assertEqual(sum(cards), len(counted))
                self.assertEqual(report.json["summary"]["footage_episodes"], len(counted))
                if counted:
                    self.assertIn(f"about {len(counted)} upload", lead)
                    sent = sum(int(row.all("td")[-1].attributes["data-n"]) for row in counted)
                    self.assertTrue(report.page.one("h1").text.endswith(short(sent) + "."),
                                    report.page.one("h1").text)

    def test_receivers_are_the_destinations_of_the_annex(self):
        for plan, report in self.plans():
            with self.subTest(plan):
                devices = sum(d["bytes_up"] for d in report.json["devices"] if d["watched"])
                ranked = report.page.one("table", class_="ranked")
                listed = [integer(row.all("td")[-1].text) for row in ranked.one("tbody").all("tr")]
                total = ranked.one("tfoot").all("td")
                self.assertEqual(devices, sum(report.numbers(1)))
                self.assertEqual(total[0].text, short(devices))
                self.assertEqual(sum(listed), len(report.rows[1]))
                footage = report.json["summary"]["footage_bytes_up"]
                self.assertLessEqual(footage, devices)
                if footage:
                    self.assertEqual(total[2].text, short(footage))

    def test_nothing_begins_in_a_gap_and_what_does_is_told(self):
        begins = "began in a gap"
        for _, report in self.plans():
            self.assertNotIn(begins, report.page.one("main").text)
        told = self.report(days=7, special="astray").page.one("main").text
        self.assertIn("1 upload began in a gap, where part of the packets was seen.", told)

    def test_the_hash_shown_is_the_hash_of_the_data(self):
        report = self.report()
        hashes = [code.text for code in report.page.all("code", class_="hash")]
        self.assertIn(report.json["sha256"], hashes)
        self.assertEqual(report.page.one("p", class_="meta").one("code").text,
                         report.json["sha256"][:8])
        manifest = json.loads((self.folder / "report/manifest.json").read_text())
        self.assertEqual(manifest["report_sha256"], report.json["sha256"])

    def test_a_likelihood_word_never_stands_without_its_range(self):
        words = re.compile(r"virtually certain|very likely|(?<!un)(?<!as )likely|unlikely", re.I)
        page = self.report(episodes=90).page
        for node in page.all("h1") + page.all("span", class_="claim") + page.all(
                "span", class_="pill") + [r.all("td")[2] for r in page.all("tr") if
                                          len(r.all("td")) == 7]:
            for match in words.finditer(node.text):
                self.assertRegex(node.text[match.end():], r"^(, yes)? ?[·(] ?\d+–\d+%", node.text)

    def test_what_was_not_seen_has_its_coverage_and_its_list(self):
        facts = self.report().page.one("dl", class_="facts").text
        self.assertRegex(facts, r"None seenof \d+ listed, in (\d+.h.)?\d+.min")

    def test_a_week_of_three_doorbells_is_under_500_kilobytes(self):
        report = self.report(devices=3, receivers=60, episodes=300, days=7)
        self.assertLess(len(report.text.encode()), 500_000)
        self.assertEqual(300, len(report.rows[0]))

    def test_20000_episodes_are_under_2_megabytes_and_it_says_what_is_missing(self):
        report = self.report(devices=3, receivers=400, episodes=20000, days=30)
        self.assertLess(len(report.text.encode()), 2_000_000)
        self.assertIn("Of 20,000 rows the 1000 with most bytes are shown; the rest is in "
                      "episodes.csv. The totals are of all.", report.page.one("main").text)
        with open(self.folder / "report/episodes.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(20000, len(rows))
        foot = [t.one("tfoot").text for t in report.page.all("table", class_="rows")]
        self.assertIn(short(sum(int(row["bytes_up"]) for row in rows)), foot[0])
        least = sorted((int(row["bytes_up"]) for row in rows), reverse=True)[999]
        self.assertEqual(least, min(report.numbers(0)))

    def test_names_of_attackers_are_text(self):
        for seed in range(10):
            report = self.report(seed=seed, devices=5, receivers=30, episodes=60,
                                 special="hostile")
            for node in report.page.all():
                self.assertFalse([a for a in node.attributes if a.startswith("on") or a == "style"])
                self.assertNotIn(node.tag, ("img", "iframe", "object", "form", "base"))
            self.assertEqual(1, len(report.page.all("script")))
            self.assertNotRegex(report.text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

    def test_nothing_of_the_page_is_fetched(self):
        text = self.report(receivers=60).text
        self.assertNotRegex(text, r"""(src|href|action|data)=["']?(https?:)?//""")
        self.assertNotRegex(text, r"@import|url\((?!#)")

    def test_every_drawing_has_a_name_or_is_decoration(self):
        page = self.report().page
        for svg in page.all("svg"):
            if svg.attributes.get("aria-hidden") != "true":
                self.assertEqual("img", svg.attributes.get("role"))
                self.assertTrue(svg.attributes.get("aria-label"))

    def test_identifiers_are_unique_and_links_lead_somewhere(self):
        page = self.report().page
        names = [n.attributes["id"] for n in page.all() if "id" in n.attributes]
        self.assertEqual(len(names), len(set(names)))
        for link in page.all("a"):
            self.assertIn(link.attributes["href"].lstrip("#"), names)

    def test_german_says_all_of_it(self):
        english = self.report(episodes=90, receivers=30)
        german = self.report(episodes=90, receivers=30, lang="de")
        self.assertEqual("de", german.page.one("html").attributes["lang"])
        self.assertEqual(english.json, german.json)
        left = [n.text for n in german.page.one("main").all("span", lang="en")]
        self.assertEqual([], left)
        for word in (" the ", " of ", "uploads", "video to"):
            self.assertNotIn(word, german.page.one("main").text)
        self.assertNotIn("{", german.page.one("main").text)

    def test_the_pseudo_language_mirrors_and_stretches(self):
        plain, pseudo = self.report(), self.report(lang="en-XB")
        self.assertEqual("rtl", pseudo.page.one("html").attributes["dir"])
        self.assertGreater(len(pseudo.page.one("p", class_="lead").text),
                           1.35 * len(plain.page.one("p", class_="lead").text))
        self.assertNotIn("{", pseudo.page.one("main").text)


if __name__ == "__main__":
    unittest.main()
