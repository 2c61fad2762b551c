# SPDX-License-Identifier: Apache-2.0
"""What is held out, and what porchlight then says of it.

In each experiment the program itself judges: it is given the rules that ship and, after them, a
folder with the model and the calibration that were made without what it is asked about."""
import shutil
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from types import SimpleNamespace

import baselines
import calibration
import corpus
import figures
import lessons
import selection

DAYS = 110  # device-days of re-stamped recordings: none told then is a bound below 0.03
FRUGAL = 8_000_000  # packed bytes of one recording, all turns together
RESTAMP = corpus.SOURCE / "captures/lab/restamp.py"


def model_folder(folder, model, points):
    """A rule folder of a model and its calibration, which covers no maker by name."""
    (folder / "models").mkdir(parents=True, exist_ok=True)
    source = {"kind": "capture", "what": "an experiment of evaluate.py", "seen": "2026-11-23"}
    (folder / "models/content.json").write_text(model.written(source))
    (folder / "models/calibration.json").write_text(
        calibration.written(points, [], source, "2026-11-23"))
    return folder


def held_out_makers(captures, rules, held, work):
    """Cases of every maker, judged by a model and a calibration that knew nothing of it."""
    jobs = []
    for maker in held.makers:
        folder = model_folder(work / "maker" / maker, held.without(maker), held.points(maker))
        for capture in captures:
            if maker in capture.makers:
                truth = capture.of_makers({maker}, work)
                jobs.append(lambda c=capture, r=[*rules, folder], t=truth: corpus.cases(c, r, t))
    return sum(corpus.side_by_side(jobs), [])


def without_their_rules(captures, rules, held, work, _):
    """The same where the rules do not know the maker either: no name, no prefix, no purpose.

    It uses the folders that held_out_makers() made, whose cases show that it is done."""
    jobs = []
    for maker in held.makers:
        if not (rules[0] / "vendors" / f"{maker}.json").exists():
            blind = rules[0]
        else:
            blind = work / "rules-without" / maker
            shutil.rmtree(blind, ignore_errors=True)
            shutil.copytree(rules[0], blind)
            for path in blind.rglob("*.json"):
                if path.name == f"{maker}.json":
                    path.unlink()
        folder = work / "maker" / maker
        for capture in captures:
            if maker in capture.makers:
                truth = capture.of_makers({maker}, work)
                jobs.append(lambda c=capture, r=[blind, *rules[1:], folder], t=truth:
                            corpus.cases(c, r, t))
    return sum(corpus.side_by_side(jobs), [])


def held_out_captures(captures, rules, held, work):
    """Cases of every capture, judged by what all other captures taught."""
    jobs, whole = [], held.without()
    for capture in captures:
        rows = [row for row in held.rows if row.capture != capture.name]
        pairs = [(held.without(row.maker).raw(row.features), row.footage) for row in rows]
        folder = model_folder(work / "capture" / capture.name, lessons.taught(held.model, rows, whole),
                              calibration.points_of(pairs))
        jobs.append(lambda c=capture, r=[*rules, folder]: corpus.cases(c, r))
    return sum(corpus.side_by_side(jobs), [])


def told_probability(cases):
    """(thousandths, footage) by cluster of the cases that have an episode and a probability."""
    out = defaultdict(list)
    for case in cases:
        if case["episode"] and case["episode"]["p_footage"] is not None:
            p = int(round(case["episode"]["p_footage"] * 1000))
            out[case["capture"], case["device"]].append((p, corpus.is_footage(case)))
    return out


def is_quiet(capture):
    """Whether no camera sent footage in it."""
    return not any(e["content"] in corpus.FOOTAGE and
                   capture.maker[e["device"]] != corpus.OTHERS for e in capture.labels["episodes"])


def device_days(capture):
    return capture.labels.get("device_hours", 0) / 24


def false_footage(captures, rules, work):
    """Footage told where none was sent: as recorded, and re-stamped to many device-days."""
    quiet = [c for c in captures if is_quiet(c) and device_days(c) > 0]
    out = SimpleNamespace(real_days=sum(map(device_days, quiet)), days=0.0, real=0, again=0,
                          turns=0, wrong=[])
    if not quiet:
        return out
    out.turns = max(1, -(-DAYS // out.real_days))
    for case in sum(corpus.side_by_side([lambda c=c: corpus.cases(c, rules) for c in quiet]), []):
        if corpus.tells_footage(case):
            out.real += 1
            out.wrong.append(case)
    turns = [turns_of(c, out.turns) for c in quiet]
    out.days = sum(device_days(c) * n for c, n in zip(quiet, turns))
    out.again = sum(corpus.side_by_side(
        [lambda c=c, n=n: told_again(c, n, rules, work) for c, n in zip(quiet, turns)]))
    return out


def turns_of(capture, wanted):
    """Fewer for what is large packed, such as a player's hour: it would fill the disk."""
    return max(1, min(wanted, FRUGAL // capture.path.stat().st_size))


def told_again(capture, turns, rules, work):
    """Episodes told as footage in one recording, re-stamped to so many times its length."""
    path = work / f"{capture.name}.restamped.pcapng"
    with open(path, "wb") as out:
        subprocess.run([sys.executable, RESTAMP, "--hours", str(capture.labels["hours"] * turns),
                        "--seed", str(figures.SEED), capture.path], stdout=out, check=True)
    told = sum(corpus.tells_footage(case) for case in corpus.cases(
        SimpleNamespace(name=capture.name, path=path, truth=capture.truth, labels={},
                        maker=capture.maker), rules))
    path.unlink()
    return told


def all_of_them(captures, rules, model, work):
    """Every experiment, side by side in processes; each of them is one thread."""
    results = SimpleNamespace(captures=captures, model=model)
    results.cases = sum(corpus.side_by_side(
        [lambda c=c: corpus.cases(c, rules) for c in captures]), [])
    held = lessons.Held(model, lessons.rows_of(results.cases))
    for maker in held.makers:
        held.without(maker)
    with ProcessPoolExecutor(max_workers=6) as pool:
        quiet = pool.submit(false_footage, captures, rules, work)
        ways = pool.submit(baselines.all_ways, captures, results.cases, rules)
        known = pool.submit(held_out_captures, captures, rules, held, work)
        blunt = pool.submit(selection.ablation, held)
        held.points()
        unknown = pool.submit(held_out_makers, captures, rules, held, work)
        blind = pool.submit(without_their_rules, captures, rules, held, work, unknown.result())
        results.points = held.points()
        results.unknown, results.known, results.blind = (
            unknown.result(), known.result(), blind.result())
        results.ways, results.makers = ways.result()
        results.quiet, results.ablation = quiet.result(), blunt.result()
    return results
