# SPDX-License-Identifier: Apache-2.0
"""From cases to models: what is taught, and what is held out.

A row is an episode and the class it was labelled with.  An episode that no label speaks of is
of class metadata: whoever labels a capture labels all that is not.  Each maker weighs the same,
however much of it was recorded."""
from collections import Counter, defaultdict

import calibration
import corpus


def overlaps_a_label(case, labels):
    """Whether an episode that answers no label is a piece of one."""
    episode = case["episode"]
    return any(label["start"] <= episode["end"] and episode["start"] <= label["end"]
               for label in labels.get((case["capture"], case["device"], episode["to"]), ()))


def class_of(case, labels):
    """The class that a case teaches, or None where that cannot be said."""
    label = case["label"]
    if not label and case["other"]:
        return "files"  # a backup, a game: what is left when it is none of ours
    if not label:
        return None if overlaps_a_label(case, labels) else "metadata"
    if label["content"] == "media":
        return None
    if not corpus.is_camera(case) and label["content"] in ("video", "picture", "audio"):
        return "files"  # a phone's call is no camera's footage
    return label["content"]


def labels_by_receiver(cases):
    found = defaultdict(list)
    for case in cases:
        if case["label"]:
            found[case["capture"], case["device"], case["label"]["to"]].append(case["label"])
            if case["episode"]:
                found[case["capture"], case["device"], case["episode"]["to"]].append(case["label"])
    return found


class Row:
    """An episode to learn from: who made it, where it was seen, what it was."""

    def __init__(self, case, name):
        self.maker, self.capture, self.name = case["maker"], case["capture"], name
        self.features = case["episode"]["features"]
        self.footage = corpus.is_footage(case)
        self.cluster = (case["capture"], case["device"])


def rows_of(cases):
    labels = labels_by_receiver(cases)
    rows = []
    for case in cases:
        name = class_of(case, labels) if case["episode"] else None
        if name:
            rows.append(Row(case, name))
    return rows


def weighted(rows, classes):
    """Rows for Model.taught(): every maker weighs the same."""
    rows = [row for row in rows if row.name in classes]
    count = Counter(row.maker for row in rows)
    share = len(rows) / len(count) if count else 0
    return [(row.features, row.name, share / count[row.maker]) for row in rows]


def taught(model, rows, near=None):
    return model.taught(weighted(rows, model.classes), near)


class Held:
    """Models that were taught without some makers; each is taught once."""

    def __init__(self, model, rows):
        self.model, self.rows, self.known = model, rows, {}
        self.makers = sorted({row.maker for row in rows})

    def without(self, *makers):
        key = frozenset(makers)
        if key not in self.known:
            near = self.without(min(makers)) if len(key) > 1 else None
            self.known[key] = taught(self.model,
                                     [r for r in self.rows if r.maker not in key], near)
        return self.known[key]

    def pairs(self, *also):
        """(raw, footage) of every row by a model that knew neither its maker nor `also`."""
        out = []
        for row in self.rows:
            if row.maker not in also:
                model = self.without(row.maker, *also)
                out.append((model.raw(row.features), row.footage))
        return out

    def points(self, *also):
        """A calibration in which makers `also` had no part, neither they nor their models."""
        return calibration.points_of(self.pairs(*also))
