#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What teaches and evaluates the model counts as the program does, and is repeatable."""
import json
import os
import sys

import porch

os.environ["PORCHLIGHT"] = porch.PROGRAM
sys.path.insert(0, str(porch.SOURCE / "tests/evaluation"))
import calibration  # noqa: E402
import corpus  # noqa: E402
import figures  # noqa: E402
import lessons  # noqa: E402
import pictures  # noqa: E402
import selection  # noqa: E402
from model import HAND, STEP, Model  # noqa: E402

RULES = [porch.SOURCE / "rules", porch.SOURCE / "captures/doorvue.rules"]
CONTENT = (porch.SOURCE / "rules/models/content.json").read_text()
TRUTH = porch.SOURCE / "captures/doorbell-day.truth.json"


def points():
    path = porch.SOURCE / "rules/models/calibration.json"
    rows = json.loads(path.read_text())["point"] if path.exists() else []
    return [(row["raw"], row["is"]) for row in rows]


class Evaluation(porch.Test):
    @classmethod
    def setUpClass(cls):
        cls.capture = corpus.Capture(TRUTH)
        cls.cases = corpus.cases(cls.capture, RULES)
        cls.model = Model(CONTENT)

    def test_python_and_c_agree_on_every_probability(self):
        for case in self.cases:
            raw = self.model.raw(case["episode"]["features"])
            self.expect(round(case["episode"]["p_footage"] * 1000),
                        calibration.apply(points(), raw), f"p_footage of {case['episode']['id']}")

    def test_python_and_c_agree_on_every_count(self):
        told = json.loads(corpus.run("score", *corpus.options(RULES), "--json", "--truth", TRUTH,
                                     porch.DAY))["footage"]
        tally = figures.total(figures.by_maker(self.cases))
        self.expect([told[name] for name in figures.Tally.NAMES], tally.counts, "counts")

    def rows(self):
        """Made-up lessons: large is video, small is a message."""
        return [({"bytes_up": size, "duration_ms": 20000, "camera": 1}, name, 1.0)
                for size, name in ((10**6, "video"), (2 * 10**6, "video"), (900, "metadata"),
                                   (50000, "picture"), (10**6, "files"))]

    def test_teaching_again_gives_the_same_numbers(self):
        once = self.model.taught(self.rows())
        source = {"kind": "capture", "what": "a test", "seen": "2026-11-23"}
        again = Model(once.written(source)).taught(self.rows())
        self.expect(once.written(source), again.written(source), "the file")

    def test_no_number_becomes_its_own_opposite(self):
        taught = self.model.taught([(f, "files", w) for f, _, w in self.rows()])
        for before, after in zip(self.model.terms, taught.terms):
            for name, weight in before["weight"].items():
                self.assertGreater(weight * after["weight"][name], 0, (before["id"], name))
                self.expect(0, after["weight"][name] % STEP, "rounding")

    def test_what_no_lesson_speaks_of_stays_as_it_was_set_by_hand(self):
        hand = json.loads(HAND.read_text())["term"]
        taught = {term["id"]: term["weight"] for term in self.model.taught(self.rows()).terms}
        self.expect(hand["relay-host"]["weight"], taught["relay-host"], "no relay in the lessons")
        self.assertNotEqual(hand["clip-sized"]["weight"], taught["clip-sized"])

    def test_a_term_with_its_own_source_is_not_taught(self):
        lessons_of_calls = [({"bytes_up": 10**6, "call_kbps": 500}, "video", 1.0)] * 50
        taught = {term["id"]: term["weight"] for term in self.model.taught(lessons_of_calls).terms}
        for term in self.model.terms:
            if "source" in term:
                self.expect(term["weight"], taught[term["id"]], term["id"])

    def test_every_term_that_is_taught_was_set_by_hand_and_points_the_same_way(self):
        hand = json.loads(HAND.read_text())["term"]
        terms = {term["id"]: term["weight"] for term in self.model.terms if "source" not in term}
        self.expect(sorted(hand), sorted(terms), "terms")
        for name, weights in terms.items():
            self.expect(sorted(hand[name]["weight"]), sorted(weights), name)
            for content, weight in weights.items():
                self.assertGreater(weight * hand[name]["weight"][content], 0, (name, content))

    def test_a_feature_goes_only_if_nothing_is_told_worse(self):
        told = selection.Told(0.95, 0.9, 0.08)
        for footage, contents, loss, goes in ((0.95, 0.9, 0.0804, True), (0.96, 0.91, 0.07, True),
                                              (0.9499, 0.95, 0.07, False), (0.96, 0.89, 0.07, False),
                                              (0.96, 0.91, 0.082, False)):
            without = selection.Told(footage, contents, loss)
            self.expect(goes, without.no_worse_than(told), without)

    def test_what_is_written_differs_in_numbers_and_source_only(self):
        text = self.model.taught(self.rows()).written(
            {"kind": "capture", "what": "a test", "seen": "2026-11-23"})
        before, after = json.loads(CONTENT), json.loads(text)
        for data in (before, after):
            data.pop("source")
            data.pop("bias")
            for term in data["term"]:
                term["weight"] = sorted(term["weight"])
        self.expect(before, after, "all but numbers")

    def test_makers_weigh_the_same(self):
        rows = lessons.rows_of(self.cases)
        for row in rows[:-1]:
            row.maker = "much-recorded"
        weights = [w for _, _, w in lessons.weighted(rows, self.model.classes)]
        self.assertAlmostEqual(sum(weights[:-1]), weights[-1])
        self.assertAlmostEqual(sum(weights), len(rows))

    def test_a_calibration_never_falls_and_few_cases_make_no_certainty(self):
        pairs = [(raw, raw > 400 or raw % 90 == 0) for raw in range(0, 1000, 3)]
        table = calibration.points_of(pairs)
        self.expect(sorted(table), table, "points")
        self.expect(sorted(p[1] for p in table), [p[1] for p in table], "what they turned out")
        self.assertLess(calibration.points_of([(900, True)] * 20)[0][1], 900)
        self.assertLess(calibration.points_of([(900, True)] * 300)[0][1], 990)

    def test_perfect_probabilities_have_no_calibration_error(self):
        pairs = [(500, i % 2 == 0) for i in range(100)]
        self.assertAlmostEqual(0, figures.calibration_error(pairs))
        self.assertAlmostEqual(0.4, figures.calibration_error([(900, i % 2 == 0)
                                                               for i in range(100)]))

    def test_no_event_in_a_unit_is_a_rate_below_three(self):
        self.assertAlmostEqual(2.996, figures.poisson_bound(0), places=3)
        self.assertAlmostEqual(4.744, figures.poisson_bound(1), places=3)

    def test_the_picture_is_the_same_each_time_and_says_what_it_is(self):
        pairs = [(raw, raw > 500) for raw in range(0, 1000, 7)]
        self.expect(pictures.reliability(pairs), pictures.reliability(list(reversed(pairs))),
                    "the picture")
        self.assertIn("<title", pictures.reliability(pairs))


if __name__ == "__main__":
    porch.main()
