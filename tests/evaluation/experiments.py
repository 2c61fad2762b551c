# SPDX-License-Identifier: Apache-2.0
"""What is held out, and what porchlight then says of it.

In each experiment the program itself judges: it is given the rules that ship and, after them, a
folder with the model and the calibration that were made without what it is asked about."""
import json
import shutil
from collections import defaultdict
from types import SimpleNamespace

import baselines
import calibration
import corpus
import figures
import lessons
import restamp

DAYS = 44  # device-days of re-stamped recordings that are asked for
DAY_NS = 86400 * 1_000_000_000


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


def without_their_rules(captures, rules, held, work):
    """The same where the rules do not know the maker either: no name, no prefix, no purpose."""
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
    jobs = []
    for capture in captures:
        rows = [row for row in held.rows if row.capture != capture.name]
        pairs = [(held.without(row.maker).raw(row.features), row.footage) for row in rows]
        folder = model_folder(work / "capture" / capture.name, lessons.taught(held.model, rows),
                              calibration.points_of(pairs))
        jobs.append(lambda c=capture, r=[*rules, folder]: corpus.cases(c, r))
    return sum(corpus.side_by_side(jobs), [])


def forced_f1(rows, held):
    """Macro F1 over held-out makers where every case is decided at one half."""
    tallies = defaultdict(figures.Tally)
    for row in rows:
        told = held.without(row.maker).raw(row.features) >= 500
        tallies[row.maker].add(figures.Tally(told and row.footage, told and not row.footage,
                                             row.footage and not told, 0, 0))
    return figures.macro(tallies)


def ablation(model, rows):
    """Feature -> macro F1 over held-out makers without it; None -> with all."""
    out = {None: forced_f1(rows, lessons.Held(model, rows))}
    for feature in sorted({term["feature"] for term in model.terms}):
        out[feature] = forced_f1(rows, lessons.Held(model.without(feature), rows))
    return out


def told_probability(cases):
    """(thousandths, footage) by cluster of the cases that have an episode and a probability."""
    out = defaultdict(list)
    for case in cases:
        if case["episode"] and case["episode"]["p_footage"] is not None:
            p = int(round(case["episode"]["p_footage"] * 1000))
            out[case["capture"], case["device"]].append((p, corpus.is_footage(case)))
    return out


def quiet_devices(capture):
    """Those that sent no footage in this capture."""
    busy = {e["device"] for e in capture.labels["episodes"]
            if e["content"] in ("video", "picture", "audio", "media")
            and capture.maker[e["device"]] != corpus.OTHERS}
    return sorted(mac for mac in capture.maker if mac not in busy and ":" in mac)


def false_footage(captures, rules, work):
    """Footage told of devices that sent none: as recorded, and re-stamped to many days."""
    quiet = [(c, quiet_devices(c)) for c in captures]
    quiet = [(c, macs) for c, macs in quiet if macs]
    real = sum(span_of(c) * len(macs) for c, macs in quiet) / DAY_NS
    turns = max(1, int(-(-DAYS // real))) if real else 0
    out = SimpleNamespace(real_days=real, days=0.0, real=0, again=0, turns=turns, wrong=[])
    for capture, macs in quiet:
        truth = work / f"{capture.name}.quiet.truth.json"
        truth.write_text(json.dumps({**capture.labels, "episodes": [], "devices": [
            d for d in capture.labels["devices"] if d.get("mac") in macs]}))
        for case in corpus.cases(capture, rules, truth):
            if corpus.tells_footage(case):
                out.real += 1
                out.wrong.append(case)
        days, told = told_again(capture, macs, truth, turns, rules, work)
        out.days += days
        out.again += told
    return out


def span_of(capture):
    """Nanoseconds of Ethernet; captures of other links are not re-stamped."""
    link, records = restamp.capture_file.read(capture.path)
    return restamp.length_of(records) if records and link == restamp.capture_file.ETHERNET else 0


def told_again(capture, macs, truth, turns, rules, work):
    """(device-days, episodes told as footage) of one recording, re-stamped."""
    link, records = restamp.capture_file.read(capture.path)
    if not records or link != restamp.capture_file.ETHERNET:
        return 0.0, 0
    length = restamp.length_of(records)
    mine = [r for r in records if restamp.keeps(r, set(macs))]
    path = work / f"{capture.name}.restamped.pcap"
    restamp.write(path, restamp.restamped(mine, turns, length), link)
    told = sum(corpus.tells_footage(case) for case in
               corpus.cases(SimpleNamespace(name=capture.name, path=path, truth=truth,
                                            maker=capture.maker), rules, truth))
    path.unlink()
    return turns * length / DAY_NS * len(macs), told


def all_of_them(captures, rules, model, work):
    results = SimpleNamespace(captures=captures, model=model)
    results.cases = sum(corpus.side_by_side(
        [lambda c=c: corpus.cases(c, rules) for c in captures]), [])
    rows = lessons.rows_of(results.cases)
    held = lessons.Held(model, rows)
    results.rows = rows
    results.unknown = held_out_makers(captures, rules, held, work)
    results.blind = without_their_rules(captures, rules, held, work)
    results.known = held_out_captures(captures, rules, held, work)
    results.points = held.points()
    results.ways, results.makers = baselines.all_ways(captures, results.unknown, rules)
    results.quiet = false_footage(captures, rules, work)
    results.ablation = ablation(model, rows)
    return results
