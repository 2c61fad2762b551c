# SPDX-License-Identifier: Apache-2.0
"""Simpler ways to find footage, on the same packets, held to the same labels.

(a) hysteresis   1 s bins of upload to a receiver: on at 64, off at 16 kbit/s, 3 s of silence
(b) volume       over 100 MB in 4 h, or more than 8 standard deviations over the 4 h before
(c) rate         819 kbit/s in 3 of 5 minutes
(d) forest       a random forest on statistics of bursts (1 s of silence ends one), taught
                 without the maker it is asked about
(e) two lines    an episode of porchlight's with over 100 kB up and up:down over 5

(b) and (c) look at a device as a whole and are told for each of its receivers, as alarms of
that kind are.  All answer yes or no: their coverage is 1."""
from collections import defaultdict

import corpus
import figures
import wire

SECOND = 1_000_000
LEAST = 2 * SECOND
WINDOW = 4 * 3600 * SECOND
TREES = 40


class Track:
    """The packets between a device and one receiver: (time, bytes up, bytes down)."""

    def __init__(self, maker, device, to, capture):
        self.maker, self.device, self.to, self.capture = maker, device, to, capture
        self.packets = []


def receivers_of(capture, rules):
    """(device's MAC, remote address) -> receiver's name or address, as porchlight tells it."""
    import json
    told = json.loads(corpus.run("replay", *corpus.options(rules), "--all-devices", "--json",
                                 capture.path))
    macs = {d["id"]: d["mac"] for d in told["devices"]}
    out = {}
    for to in told["destinations"]:
        if to["party"] == "local":
            continue
        for address in to["addresses"]:
            out[macs[to["device"]], address] = to["name"] or address
    return out


def tracks_of(capture, rules):
    makers = capture.maker
    receivers, tracks, texts = receivers_of(capture, rules), {}, {}
    for p in wire.packets(capture.path):
        up = p.source in makers
        device = p.source if up else p.target
        if device not in makers:
            continue
        raw = p.ends[1] if up else p.ends[0]
        remote = texts.get(raw) or texts.setdefault(raw, wire.address(raw))
        to = receivers.get((device, remote))
        if to is None:
            continue
        key = device, to
        if key not in tracks:
            tracks[key] = Track(makers[device], device, to, capture.name)
        tracks[key].packets.append((p.time, p.size if up else 0, 0 if up else p.size))
    return [tracks[key] for key in sorted(tracks)]


def bins(packets, width):
    out = defaultdict(int)
    for time, up, _ in packets:
        out[time // width] += up
    return out


def hysteresis(track):
    """Stretches of seconds that begin at 64 kbit/s and go on while one in three reaches 16."""
    out, start, last = [], None, None
    for second, up in sorted(bins(track.packets, SECOND).items()):
        if start is not None and second - last > 3:
            out.append((start * SECOND, (last + 1) * SECOND))
            start = None
        if up * 8 >= 64000 and start is None:
            start = second
        if start is not None and up * 8 >= 16000:
            last = second
    if start is not None:
        out.append((start * SECOND, (last + 1) * SECOND))
    return out


def volume(tracks):
    """Windows of 4 h of one device that are over 100 MB or 8 standard deviations."""
    windows = defaultdict(int)
    for track in tracks:
        for window, up in bins(track.packets, WINDOW).items():
            windows[window] += up
    out, before = [], []
    for window, up in sorted(windows.items()):
        if up > 100_000_000 or far_off(up, before):
            out.append((window * WINDOW, (window + 1) * WINDOW))
        before.append(up)
    return out


def far_off(value, before):
    if len(before) < 2:
        return False
    mean = sum(before) / len(before)
    spread = (sum((b - mean) ** 2 for b in before) / len(before)) ** 0.5
    return spread > 0 and (value - mean) / spread > 8


def rate(tracks):
    """Stretches of minutes of one device, each among 3 of 5 at 819 kbit/s."""
    minutes = defaultdict(int)
    for track in tracks:
        for minute, up in bins(track.packets, 60 * SECOND).items():
            minutes[minute] += up
    busy = {m for m, up in minutes.items() if up * 8 / 60 >= 819_000}
    alarm = sorted({n for m in busy for n in range(m, m + 5)
                    if sum(k in busy for k in range(n - 4, n + 1)) >= 3})
    return joined([(m * 60 * SECOND, (m + 1) * 60 * SECOND) for m in alarm], 0)


def joined(spans, silence):
    out = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= silence:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out


def bursts(track):
    """Runs of packets up without a second of silence, each with its statistics."""
    runs = []
    for packet in track.packets:
        if not packet[1]:
            continue
        if runs and packet[0] - runs[-1][-1][0] <= SECOND:
            runs[-1].append(packet)
        else:
            runs.append([packet])
    return [(run[0][0], run[-1][0], statistics_of(run)) for run in runs]


def statistics_of(run):
    sizes = sorted(p[1] for p in run)
    gaps = sorted(b[0] - a[0] for a, b in zip(run, run[1:])) or [0]
    lasted = run[-1][0] - run[0][0]
    out = [len(run), sum(sizes), lasted, sum(sizes) * 8 * 1000 // max(lasted, 250_000)]
    for values in (sizes, gaps):
        mean = sum(values) / len(values)
        out += [values[0], values[len(values) // 2], values[-1], mean,
                (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5]
    return out


def microseconds(text):
    from datetime import datetime, timezone
    whole, _, part = text.rstrip("Z").partition(".")
    at = datetime.strptime(whole.replace(" ", "T"), "%Y-%m-%dT%H:%M:%S")
    return int(at.replace(tzinfo=timezone.utc).timestamp()) * SECOND + int((part + "000000")[:6])


class Labels:
    """Labelled footage by capture, device and receiver."""

    def __init__(self, cases):
        self.spans = defaultdict(list)
        for case in cases:
            if corpus.is_footage(case):
                to = case["episode"]["to"] if case["episode"] else case["label"]["to"]
                self.spans[case["capture"], case["device"], to].append(
                    (microseconds(case["label"]["start"]), microseconds(case["label"]["end"])))

    def at(self, track):
        return self.spans.get((track.capture, track.device, track.to), [])


def widened(span):
    lacking = max(0, LEAST - (span[1] - span[0]))
    return span[0] - lacking // 2, span[1] + lacking - lacking // 2


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def matched(labels, told):
    """How many answer each other: one to one, greatest overlap first, as porchlight score."""
    found = []
    for i, a in enumerate(map(widened, labels)):
        for j, b in enumerate(map(widened, told)):
            both = overlap(a, b)
            if both > 0 and 2 * both >= (a[1] - a[0]) + (b[1] - b[0]) - both:
                found.append((-both, i, j))
    left, right = set(), set()
    for _, i, j in sorted(found):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left)


def judged(tracks, told, labels):
    """Tallies by maker and by cluster of what a way tells: told is a list of spans a track."""
    out, seen = defaultdict(figures.Tally), set()
    for track, spans in zip(tracks, told):
        key = track.capture, track.device
        right = matched(labels.at(track), spans)
        seen.add((*key, track.to))
        out[key].add(figures.Tally(right, len(spans) - right, len(labels.at(track)) - right, 0, 0))
    for key, spans in labels.spans.items():
        if key not in seen:
            out[key[:2]].add(figures.Tally(0, 0, len(spans), 0, 0))
    return out


def device_wise(tracks, way):
    """A way that looks at whole devices, told for each of their receivers."""
    devices = defaultdict(list)
    for track in tracks:
        devices[track.capture, track.device].append(track)
    told = {key: way(mine) for key, mine in devices.items()}
    return [told[track.capture, track.device] for track in tracks]


def forest(tracks, labels):
    """A random forest for every maker, taught on all others' bursts."""
    import numpy
    from sklearn.ensemble import RandomForestClassifier
    mine = [bursts(track) for track in tracks]
    rows, truth, makers = [], [], []
    for track, found in zip(tracks, mine):
        for start, end, numbers in found:
            rows.append(numbers)
            truth.append(any(overlap((start, end + 1), span) for span in labels.at(track)))
            makers.append(track.maker)
    rows, truth, makers = numpy.array(rows, float), numpy.array(truth), numpy.array(makers)
    yes = numpy.zeros(len(rows), bool)
    for maker in sorted(set(makers)):
        others = makers != maker
        if len(set(truth[others])) < 2:
            continue
        trees = RandomForestClassifier(n_estimators=TREES, random_state=figures.SEED, n_jobs=1,
                                       class_weight="balanced", min_samples_leaf=2)
        trees.fit(rows[others], truth[others])
        yes[~others] = trees.predict(rows[~others])
    answers = iter(yes)
    return [joined([(start, end) for start, end, _ in found if next(answers)], 8 * SECOND)
            for found in mine]


def two_lines(case):
    """The verdict of (e) on one case."""
    episode = case["episode"]
    yes = bool(episode) and episode["bytes_up"] > 100_000 and \
        episode["bytes_up"] > 5 * episode["bytes_down"]
    want = corpus.is_footage(case)
    return figures.Tally(want and yes, yes and not want, want and not yes, 0, 0)


def all_ways(corpus_captures, cases, rules):
    """name -> tallies by cluster (capture, device)."""
    labels, tracks, makers = Labels(cases), [], {}
    for capture in corpus_captures:
        tracks += tracks_of(capture, rules)
        makers |= {(capture.name, device): maker for device, maker in capture.maker.items()}
    out = {
        "hysteresis": judged(tracks, [hysteresis(t) for t in tracks], labels),
        "volume": judged(tracks, device_wise(tracks, volume), labels),
        "rate": judged(tracks, device_wise(tracks, rate), labels),
    }
    try:
        out["forest"] = judged(tracks, forest(tracks, labels), labels)
    except ImportError:
        pass
    out["two lines"] = defaultdict(figures.Tally)
    for case in cases:
        out["two lines"][case["capture"], case["device"]].add(two_lines(case))
    return out, makers


def makers_of(clusters, makers):
    out = defaultdict(figures.Tally)
    for key, tally in clusters.items():
        out[makers[key]].add(tally)
    return out
