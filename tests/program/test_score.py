#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`porchlight score` says what its verdicts are worth, and refuses labels that are none."""
import json

import porch
import test_schema

TRUTH = porch.SOURCE / "captures/doorbell-day.truth.json"
VIDEOS, PICTURES = 5, 1
MESSAGES = 12  # to a tracker, every two hours: told as such, and without a label
PHONE_MAC = "02:00:5e:20:00:31"


def score(*arguments, truth=TRUTH):
    return porch.run("score", *porch.DOORVUE, "--truth", truth, *arguments, porch.DAY)


class Score(porch.Test):
    def changed(self, change):
        """A file of the shipped labels after a change."""
        truth = json.loads(TRUTH.read_text())
        change(truth)
        return self.file("changed.truth.json", json.dumps(truth).encode())

    def test_the_day_that_ships_is_told_as_its_labels_say(self):
        result = score("--json")
        self.expect(0, result.code, result.err)
        told = json.loads(result.out)
        self.expect([VIDEOS + PICTURES, 0, 0, 0],
                    [told["footage"][k] for k in ("right", "extra", "missed", "cannot_tell")],
                    "footage")
        self.expect([1, 1], [told["macro"]["footage"]["f1"], told["footage"]["coverage"]],
                    "macro F1 over makers, coverage")
        self.expect(["doorvue"], [m["maker"] for m in told["makers"]], "makers")
        self.expect([VIDEOS, PICTURES], [told["confusion"]["video"]["video"],
                                         told["confusion"]["picture"]["picture"]], "contents")

    def test_a_label_moved_away_is_missed_and_its_episode_is_extra(self):
        def move(truth):
            label = truth["episodes"][0]
            label["start"], label["end"] = "2026-11-14T03:00:00Z", "2026-11-14T03:00:20Z"
        told = json.loads(score("--json", truth=self.changed(move)).out)
        self.expect([VIDEOS + PICTURES - 1, 1, 1],
                    [told["footage"][k] for k in ("right", "extra", "missed")], "footage")
        self.expect(1, told["confusion"]["video"]["untold"], "videos in no episode")
        self.expect(1, told["confusion"]["no-label"]["video"], "videos without a label")

    def test_a_device_no_label_lists_is_left_out_and_said_to_be(self):
        told = json.loads(score("--json").out)
        self.expect(1, told["scope"]["episodes_left_out"], "the phone's backup")

    def test_a_listed_phone_counts(self):
        def add(truth):
            truth["devices"].append({"mac": PHONE_MAC, "kind": "other", "vendor": "phone"})
        told = json.loads(score("--json", truth=self.changed(add)).out)
        self.expect(0, told["scope"]["episodes_left_out"], "episodes left out")
        self.expect(0, told["footage"]["extra"], "the phone's backup is told as footage")

    def test_partial_labels_judge_what_they_speak_of(self):
        def keep_some(truth):
            footage = [e for e in truth["episodes"] if e["content"] in ("video", "picture")]
            truth.update(partial=True, episodes=footage[:2], wrong=footage[2:3])
        told = json.loads(score("--json", truth=self.changed(keep_some)).out)
        self.expect([2, 1, 0], [told["footage"][k] for k in ("right", "extra", "missed")], "footage")
        self.expect(3, told["scope"]["episodes"], "episodes that labels speak of")
        whole = json.loads(score("--json").out)["scope"]
        self.expect(whole["episodes"] + whole["episodes_left_out"] - 3,
                    told["scope"]["episodes_left_out"], "the others")

    def test_what_was_called_wrong_and_is_told_no_more_is_no_fault(self):
        def move(truth):
            wrong = dict(truth["episodes"][0], start="2026-11-14T03:00:00Z", end="2026-11-14T03:00:20Z")
            truth.update(partial=True, episodes=[], wrong=[wrong])
        told = json.loads(score("--json", truth=self.changed(move)).out)
        self.expect([0, 0, 0, 0], [told["scope"]["episodes"]] + [
            told["footage"][k] for k in ("right", "extra", "missed")], "footage")

    def test_labels_are_whole_unless_they_say_that_they_are_partial(self):
        def more(truth):
            truth["wrong"] = [truth["episodes"][0]]
        self.expect(json.loads(score("--json").out)["footage"],
                    json.loads(score("--json", truth=self.changed(more)).out)["footage"], "footage")
        for wrong in ({"partial": "yes"}, {"wrong": {}}, {"wrong": [{}]}):
            done = score(truth=self.changed(lambda truth, wrong=wrong: truth.update(wrong)))
            self.expect(1, done.code, done.err)

    def test_each_label_and_each_episode_without_one_is_a_case(self):
        cases = [json.loads(line) for line in score("--features").out.splitlines()]
        self.expect(VIDEOS + PICTURES + MESSAGES, len(cases), "cases")
        for case in cases:
            features = case["episode"]["features"]
            self.expect(case["episode"]["bytes_up"], features["bytes_up"], "what was measured")

    def test_the_table_says_coverage_beside_every_figure(self):
        lines = score().text.splitlines()
        for heading in ("Footage", "Content", "Shape"):
            line = next(x for x in lines if x.startswith(heading))
            self.assertIn("coverage", line)
        self.assertTrue(all(len(line) <= 80 for line in lines), lines)

    def test_what_is_printed_is_what_the_schema_says(self):
        if test_schema.jsonschema is None:
            self.skipTest("python3-jsonschema is not installed")
        checker = test_schema.validator("score.schema.json")
        checker.validate(json.loads(score("--json").out))
        for line in score("--features").out.splitlines():
            checker.validate(json.loads(line))
        labels = test_schema.validator("truth.schema.json")
        for path in sorted((porch.SOURCE / "captures").rglob("*.truth.json")):
            labels.validate(json.loads(path.read_text()))

    def test_labels_that_are_none_give_no_result_and_say_where(self):
        faults = {"episodes[0]": lambda t: t["episodes"][0].update(content="movie"),
                  "devices[0]": lambda t: t["devices"][0].pop("kind"),
                  "schema": lambda t: t.update(schema="porchlight.truth/2")}
        for place, fault in faults.items():
            result = score(truth=self.changed(fault))
            self.expect((1, b""), (result.code, result.out), "status and result")
            self.assertIn(place, result.err)
            self.assertIn("changed.truth.json", result.err)
        result = score(truth="/nowhere/truth.json")
        self.expect(1, result.code, result.err)

    def test_wrong_usage(self):
        for arguments in (["score", porch.DAY], ["score", "--truth", TRUTH],
                          ["score", "--truth", TRUTH, "--json", "--features", porch.DAY],
                          ["replay", "--truth", TRUTH, porch.DAY]):
            self.expect(2, porch.run(*arguments).code, arguments)


if __name__ == "__main__":
    porch.main()
