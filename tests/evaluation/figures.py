# SPDX-License-Identifier: Apache-2.0
"""Figures from cases: shares, their bounds, and how well probabilities are calibrated."""
import random
from collections import defaultdict

import corpus
from calibration import binned

BY_THE_BYTE = ("metadata", "firmware")
RESAMPLES = 2000
SEED = 20261126


class Tally:
    """One class of one question, as src/score/tally.h has it."""

    NAMES = ("right", "extra", "missed", "right_no", "cannot_tell")

    def __init__(self, *counts):
        self.counts = list(counts) or [0] * 5

    def __getattr__(self, name):
        if name not in self.NAMES:
            raise AttributeError(name)
        return self.counts[self.NAMES.index(name)]

    def add(self, other):
        self.counts = [a + b for a, b in zip(self.counts, other.counts)]
        return self

    def f1(self):
        whole = 2 * self.right + self.extra + self.missed
        return 2 * self.right / whole if whole else None

    def coverage(self):
        answered = self.right + self.extra + self.missed + self.right_no
        return answered / (answered + self.cannot_tell) if answered + self.cannot_tell else None


def footage_of(case):
    """The tally of one case about footage."""
    label, episode = case["label"], case["episode"]
    want, told = corpus.is_footage(case), corpus.tells_footage(case)
    if episode and episode["footage"] == "cannot-tell":
        return Tally(0, 0, 0, 0, 1)
    small = not label or label["content"] in BY_THE_BYTE
    return Tally(want and told, told and not want, want and not told,
                 bool(episode) and not want and not told and not small, 0)


def shapes_of(cases):
    """Tallies by shape, over cases that have a label."""
    out = defaultdict(Tally)
    for case in cases:
        label, episode = case["label"], case["episode"]
        if not label or (not episode and label["content"] in BY_THE_BYTE):
            continue
        told = episode["shape"] if episode else None
        if told == label["shape"]:
            out[told].add(Tally(1, 0, 0, 0, 0))
            continue
        out[label["shape"]].add(Tally(0, 0, 1, 0, 0))
        if told:
            out[told].add(Tally(0, 1, 0, 0, 0))
    return out


def by_maker(cases, tally=footage_of):
    out = defaultdict(Tally)
    for case in cases:
        out[case["maker"]].add(tally(case))
    return out


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def macro(tallies):
    """The mean F1 of those that have one."""
    return mean(t.f1() for t in tallies.values())


def total(tallies):
    out = Tally()
    for tally in tallies.values():
        out.add(tally)
    return out


def clusters_of(cases):
    """Cases by capture and device, which are resampled whole."""
    out = defaultdict(list)
    for case in cases:
        out[case["capture"], case["device"]].append(case)
    return out


def bounds(cases, tally=footage_of, figure=macro):
    """The middle 95 % of a figure over resamples: of each maker, as many clusters as it has."""
    makers = defaultdict(list)
    for (_, _), mine in sorted(clusters_of(cases).items()):
        summed = Tally()
        for case in mine:
            summed.add(tally(case))
        makers[mine[0]["maker"]].append(summed)
    dice, values = random.Random(SEED), []
    for _ in range(RESAMPLES):
        drawn = {}
        for maker in sorted(makers):
            drawn[maker] = Tally()
            for _ in makers[maker]:
                drawn[maker].add(dice.choice(makers[maker]))
        value = figure(drawn)
        if value is not None:
            values.append(value)
    return middle(values)


def middle(values):
    values = sorted(values)
    if not values:
        return None, None
    return values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]


def bounds_of(cases, figure):
    """The same for a figure of cases: clusters are drawn, whoever made them."""
    clusters = [mine for _, mine in sorted(clusters_of(cases).items())]
    dice, values = random.Random(SEED), []
    for _ in range(RESAMPLES // 4):
        drawn = [case for _ in clusters for case in dice.choice(clusters)]
        value = figure(drawn)
        if value is not None:
            values.append(value)
    return middle(values)


def quantile(values, share):
    """By nearest rank."""
    values = sorted(values)
    return values[max(0, -(-len(values) * share // 100) - 1)] if values else None


def calibration_error(pairs, bins=15):
    """Adaptive calibration error: the mean over bins of equal size of how far the mean
    probability lies from the share of footage (Nixon et al., 2019).  Pairs in thousandths."""
    gaps = []
    for cases in binned(pairs, bins):
        p = sum(raw for raw, _ in cases) / len(cases) / 1000
        gaps.append(abs(p - sum(true for _, true in cases) / len(cases)))
    return mean(gaps)


def calibration_bound(pairs_of_clusters):
    """The upper 95 % bound of the error over resamples of clusters."""
    clusters = [pairs for _, pairs in sorted(pairs_of_clusters.items())]
    dice, values = random.Random(SEED), []
    for _ in range(RESAMPLES // 4):
        drawn = [pair for _ in clusters for pair in dice.choice(clusters)]
        values.append(calibration_error(drawn))
    values.sort()
    return values[int(0.95 * len(values))] if values else None


def poisson_bound(count):
    """The 95 % upper bound of a rate of which `count` events were seen in one unit."""
    low, high = 0.0, 50.0 + 3 * count
    for _ in range(60):
        at = (low + high) / 2
        if poisson_tail(count, at) > 0.05:
            low = at
        else:
            high = at
    return high


def poisson_tail(count, rate):
    """The chance of no more than count events."""
    term = total_ = 2.718281828459045 ** -rate
    for k in range(1, count + 1):
        term *= rate / k
        total_ += term
    return total_
