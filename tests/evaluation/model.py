# SPDX-License-Identifier: Apache-2.0
"""The additive model of rules/models/content.json: what it says, and how it is taught.

Teaching changes numbers only.  Which terms there are, which classes they speak of and whether
they speak for or against stays as it is written, so that evidence reads sensibly whatever the
data; a number may become small, never its own opposite.  A term with a source of its own keeps
what is written.  It is the mode of a multinomial logistic regression whose weights have a normal
prior around what was set by hand before anything was taught (hand.json): what few
recordings speak of stays near that, what none speaks of stays there.  The mode is found by
Newton steps one weight at a time, in a fixed order, and rounded to tenths of a logit: one
thread, no random number, no linear algebra of the machine.  How wide the prior is was chosen
by how well makers that were left out were told (selection.py).
"""
import json
import math
import pathlib
import re

HAND = pathlib.Path(__file__).with_name("hand.json")
STEP = 100  # milli-logits: what a weight is rounded to
PRIOR = 0.4  # logits: how far from what was set by hand a weight may be expected
SWEEPS = 400
LEAP = 1.0  # logits a weight moves at most at once
SETTLED = 0.001  # logits: no weight moved more in a sweep

ONE = 1 << 30
POWERS = (1072668619, 1071596486, 1069455435, 1065186158, 1056698664, 1039926024, 1007175199,
          944735372, 831228610, 643488952, 385640219, 138504783, 17866096, 297276, 82)
FOOTAGE = ("video", "picture", "audio")


def exp_negative(difference):
    """exp(-difference / 1000) in units of 2^-30, as src/judge/model.c has it."""
    if difference >= 1 << 15:
        return 0
    value = ONE
    for bit, power in enumerate(POWERS):
        if difference >> bit & 1:
            value = value * power // ONE
    return value


class Model:
    def __init__(self, text, prior=PRIOR):
        self.text, self.prior = text, prior
        data = json.loads(text)
        self.classes = data["class"]
        self.bias = dict.fromkeys(self.classes, 0) | data["bias"]
        self.terms = data["term"]
        self.settled = None  # logits before rounding, of a model that was taught

    def fired(self, features):
        """The places of the terms that hold for these features."""
        return tuple(i for i, term in enumerate(self.terms) if holds(term, features))

    def probabilities(self, fired):
        """Thousandths by class: integers in, integers out."""
        logit = dict(self.bias)
        for i in fired:
            for name, weight in self.terms[i]["weight"].items():
                logit[name] += weight
        most = max(logit.values())
        weights = {name: exp_negative(most - value) for name, value in logit.items()}
        total = sum(weights.values())
        return {name: (w * 1000 + total // 2) // total for name, w in weights.items()}

    def raw(self, features):
        """Thousandths of footage before calibration."""
        p = self.probabilities(self.fired(features))
        return min(1000, sum(p[name] for name in FOOTAGE))

    def without(self, feature):
        """The same model blind to one feature, as far as it was taught."""
        other = Model(self.text, self.prior)
        other.terms = [t for t in self.terms if t["feature"] != feature]
        other.bias = self.bias
        if self.settled:
            sees = [True] * len(self.classes)
            sees += [t["feature"] != feature for t in self.terms for _ in t["weight"]]
            other.settled = [v for v, kept in zip(self.settled, sees) if kept]
        return other

    def taught(self, rows, near=None):
        """A model of the same terms with the numbers that rows teach.

        rows: (features, class, weight), the weights adding up to the number of rows; near: a
        model of the same terms to begin from, which only saves time."""
        other = Model(self.text, self.prior)
        other.settled = teach(self, rows, near and near.settled)
        other.bias, weight = rounded(self, other.settled)
        other.terms = [{**term, "weight": weight[i]} for i, term in enumerate(self.terms)]
        return other

    def written(self, source):
        """The file with this model's numbers and where they come from; the rest as it was."""
        text = re.sub(r'"bias": \{[^}]*\}', '"bias": ' + spell(self.bias), self.text, count=1)
        for term in self.terms:
            at = text.index('{"id": "%s"' % term["id"])
            text = text[:at] + re.sub(r'"weight": \{[^}]*\}', '"weight": ' +
                                      spell(term["weight"]), text[at:], count=1)
        return re.sub(r'"source": \{[^}]*\}', '"source": ' + json.dumps(source, indent=4)
                      .replace("\n}", "\n  }"), text, count=1)


def spell(numbers):
    return json.dumps(numbers)


def holds(term, features):
    value = features.get(term["feature"])
    return (value is not None and value >= term.get("at_least", value) and
            value <= term.get("at_most", value))


class Pattern:
    """Rows in which the same terms hold: how many of each class, and what is made of them."""

    def __init__(self, fired, classes):
        self.fired, self.count, self.logit = fired, [0.0] * classes, [0.0] * classes
        self.total, self.odds, self.sum = 0.0, [1.0] * classes, float(classes)

    def settle(self):
        """Odds from the logits anew, so that small errors of multiplying never add up."""
        self.odds = [math.exp(z) for z in self.logit]
        self.sum = math.fsum(self.odds)


def patterns_of(model, rows):
    found = {}
    for features, name, weight in rows:
        fired = model.fired(features)
        pattern = found.setdefault(fired, Pattern(fired, len(model.classes)))
        pattern.count[model.classes.index(name)] += weight
        pattern.total += weight
    return [found[fired] for fired in sorted(found)]


def bounded(value, sign):
    """Never its own opposite, and never nothing: at least one step the way it points."""
    least = STEP / 1000
    if sign > 0:
        return max(value, least)
    return min(value, -least) if sign < 0 else value


class Number:
    """One number of the model: where it speaks, of which class, and what it is by hand."""

    def __init__(self, where, at, hand, sign=0, kept=False):
        self.where, self.at, self.hand = where, at, hand / 1000
        self.sign = sign  # a weight speaks for (1) or against (-1)
        self.kept = kept  # not taught

    def newton(self, value, prior):
        """The value after this one, one step nearer to the mode."""
        slope, bend = (value - self.hand) / prior ** 2, 1 / prior ** 2
        for pattern in self.where:
            p = pattern.odds[self.at] / pattern.sum
            expected = pattern.total * p
            slope += expected - pattern.count[self.at]
            bend += expected * (1 - p)
        return bounded(value - max(-LEAP, min(LEAP, slope / bend)), self.sign)


def numbers_of(model, patterns):
    """In the order of the file: biases first."""
    hand = json.loads(HAND.read_text())
    out = [Number(patterns, at, hand["bias"][name]) for at, name in enumerate(model.classes)]
    for i, term in enumerate(model.terms):
        where = [p for p in patterns if i in p.fired]
        kept = "source" in term
        for name, weight in (term if kept else hand["term"][term["id"]])["weight"].items():
            out.append(Number(where, model.classes.index(name), weight,
                              (weight > 0) - (weight < 0), kept))
    return out


def teach(model, rows, begin):
    """The weights in logits before rounding, in the order of the file."""
    patterns = patterns_of(model, rows)
    numbers = numbers_of(model, patterns)
    values = [0.0] * len(numbers)
    for i, number in enumerate(numbers):
        move(number, values, i, begin[i] if begin and not number.kept else number.hand)
    for _ in range(SWEEPS):
        for pattern in patterns:
            pattern.settle()
        moved = 0.0
        for i, number in enumerate(numbers):
            if not number.kept:
                value = number.newton(values[i], model.prior)
                moved = max(moved, abs(value - values[i]))
                move(number, values, i, value)
        if moved < SETTLED:
            break
    return values


def move(number, values, i, value):
    step, values[i] = value - values[i], value
    factor = math.exp(step)
    for pattern in number.where:
        pattern.logit[number.at] += step
        odds = pattern.odds[number.at] * factor
        pattern.sum += odds - pattern.odds[number.at]
        pattern.odds[number.at] = odds


def rounded(model, values):
    """(bias by class, weights by class of each term), in milli-logits."""
    steps = iter([int(math.floor(v * 1000 / STEP + 0.5)) * STEP for v in values])
    bias = {name: next(steps) for name in model.classes}
    return bias, [{name: next(steps) for name in term["weight"]} for term in model.terms]
