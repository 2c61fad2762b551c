#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Teaches the model, holds it to what it has not seen, and writes docs/evaluation.md.

usage: evaluate.py [--ship | --check | --select | --report] [--work DIR] [--corpus DIR]...

--check   teach again and compare with the numbers that ship: status 1 where they differ
--ship    write rules/models/content.json and calibration.json anew, then the report
--select  which features stay and how wide the prior is, by makers left out; changes nothing
--report  the report only (the default)

The corpus is captures/lab; more folders of labelled captures can be added."""
import argparse
import hashlib
import json
import pathlib
import sys

import advice
import calibration
import corpus
import experiments
import lessons
import report
import selection
from corpus import SOURCE
from model import Model

CONTENT = SOURCE / "rules/models/content.json"
CALIBRATION = SOURCE / "rules/models/calibration.json"


def rule_folders(folders):
    """The rules that ship, then those of makers that do not exist, beside their captures."""
    beside = [path for folder in folders for path in sorted(pathlib.Path(folder).rglob("*.rules"))]
    return [SOURCE / "rules", *(path for path in beside if path.is_dir())]


def digest(captures):
    """One hash of every capture and label, in order of name."""
    whole = hashlib.sha256()
    for capture in captures:
        for path in (capture.path, capture.truth):
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def taught_files(captures, cases):
    """What teaching gives: the texts of content.json and calibration.json."""
    model, rows = Model(CONTENT.read_text()), lessons.rows_of(cases)
    reviewed = json.loads(model.text)["reviewed"]
    makers = sorted({r.maker for r in rows})
    what = (f"taught on {len(rows)} episodes of {len(makers)} makers' styles, all simulated in "
            f"captures/lab (SHA-256 {digest(captures)[:16]}), by scripts/evaluate.sh, around what "
            "was set by hand (tests/evaluation/hand.json); terms, classes and signs were chosen by "
            "hand before; docs/evaluation.md says how well it does")
    source = {"kind": "capture", "what": what, "seen": reviewed}
    held = lessons.Held(model, rows)
    vendors = sorted(m for m in makers if m in known_vendors())
    table = {"kind": "capture", "seen": reviewed,
             "what": "what the probability turned out to be for makers that were left out of "
                     "teaching, all simulated in captures/lab; docs/evaluation.md"}
    return (lessons.taught(model, rows).written(source),
            calibration.written(held.points(), vendors, table, reviewed))


def known_vendors():
    return {json.loads(path.read_text()).get("vendor")
            for path in (SOURCE / "rules/vendors").glob("*.json")}


def check(texts):
    for path, text in zip((CONTENT, CALIBRATION), texts):
        if not path.exists() or path.read_text() != text:
            print(f"{path.relative_to(SOURCE)}: teaching again gives other bytes")
            return 1
    print("teaching again gives what ships, byte for byte")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    how = parser.add_mutually_exclusive_group()
    for name in ("ship", "check", "select", "report"):
        how.add_argument("--" + name, action="store_true")
    parser.add_argument("--work", default=SOURCE / "build/evaluation", type=pathlib.Path)
    parser.add_argument("--corpus", action="append", type=pathlib.Path)
    options = parser.parse_args()
    folders = options.corpus or [SOURCE / "captures/lab"]
    captures, rules = corpus.captures(folders), rule_folders(folders)
    if not captures:
        print(f"skipped: no labelled captures in {', '.join(map(str, folders))}")
        return 77
    cases = sum(corpus.side_by_side([lambda c=c: corpus.cases(c, rules) for c in captures]), [])
    if options.select:
        selection.select(Model(CONTENT.read_text()), lessons.rows_of(cases))
        return 0
    if options.check or options.ship:
        texts = taught_files(captures, cases)
        if options.check:
            return check(texts)
        CONTENT.write_text(texts[0])
        CALIBRATION.write_text(texts[1])
    options.work.mkdir(parents=True, exist_ok=True)
    print("taught; now judging", flush=True)
    results = experiments.all_of_them(captures, rules, Model(CONTENT.read_text()), options.work)
    results.digest = digest(captures)
    results.advice = advice.section(captures, rules)
    report.write(results, SOURCE / "docs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
