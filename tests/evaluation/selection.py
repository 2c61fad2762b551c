# SPDX-License-Identifier: Apache-2.0
"""How well makers that were left out are told, and what is chosen by it: which features stay,
and how wide the prior of Model is.

A feature goes if makers left out are told no worse without it: neither F1 falls, and log-loss
grows by less than ENOUGH.  Features go one at a time, first that without which log-loss is
lowest, until each that is left is missed."""
import math
import os
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import figures
import lessons
from model import Model

WIDTHS = (0.2, 0.3, 0.4, 0.5, 0.7, 1.0)  # logits
ENOUGH = 0.0005  # of log-loss, in nats


@dataclass
class Told:
    """How well rows were told: macro F1 about footage over makers, macro F1 over contents in which
    each maker weighs the same, and the mean log-loss of the labelled content."""

    footage: float
    contents: float
    loss: float

    def no_worse_than(self, other):
        return (self.footage >= other.footage - 1e-9 and self.contents >= other.contents - 1e-9 and
                self.loss < other.loss + ENOUGH)

    def __str__(self):
        return f"F1 {self.footage:.4f}, contents {self.contents:.4f}, log-loss {self.loss:.4f}"


def told(rows, model_of):
    """Each by a model that knew nothing of its maker, every case decided and none left open."""
    makers, contents = defaultdict(figures.Tally), defaultdict(figures.Tally)
    count, loss = Counter(row.maker for row in rows), 0.0
    for row in rows:
        model, share = model_of[row.maker], 1 / count[row.maker]
        p = model.probabilities(model.fired(row.features))
        best, footage = max(p, key=p.get), model.raw(row.features) >= 500
        makers[row.maker].add(figures.Tally(footage and row.footage, footage and not row.footage,
                                            row.footage and not footage, 0, 0))
        contents[row.name].add(figures.Tally(share * (best == row.name), 0,
                                             share * (best != row.name), 0, 0))
        contents[best].add(figures.Tally(0, share * (best != row.name), 0, 0, 0))
        loss -= share * math.log(max(0.5, p[row.name]) / 1000)
    return Told(figures.macro(makers), figures.macro(contents), loss / len(count))


def taught_features(model):
    return sorted({term["feature"] for term in model.terms if "source" not in term})


def told_with(held):
    return told(held.rows, {maker: held.without(maker) for maker in held.makers})


def told_without(held, feature):
    """The same, taught anew without one feature."""
    model_of = {}
    for maker in held.makers:
        rows = [row for row in held.rows if row.maker != maker]
        model_of[maker] = lessons.taught(held.model.without(feature), rows,
                                         held.without(maker).without(feature))
    return told(held.rows, model_of)


def ablation(held):
    """Feature -> how well makers left out are told without it; None -> with all."""
    return {None: told_with(held),
            **{feature: told_without(held, feature) for feature in taught_features(held.model)}}


def told_at(text, rows, width):
    return told_with(lessons.Held(Model(text, width), rows))


def select(model, rows):
    """Prints what is chosen, step by step."""
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for width, one in zip(WIDTHS, pool.map(told_at, [model.text] * len(WIDTHS),
                                               [rows] * len(WIDTHS), WIDTHS)):
            print(f"prior of {width} logits: {one}", flush=True)
        while True:
            held = lessons.Held(model, rows)
            whole, features = told_with(held), taught_features(model)
            print(f"{len(features)} features: {whole}", flush=True)
            without = dict(zip(features, pool.map(told_without, [held] * len(features), features)))
            spare = [f for f in features if without[f].no_worse_than(whole)]
            if not spare:
                break
            gone = min(spare, key=lambda f: without[f].loss)
            print(f"without {gone}: {without[gone]}", flush=True)
            model = model.without(gone)
    for feature in features:
        print(f"missed if it went: {feature}: {without[feature]}")
