# SPDX-License-Identifier: Apache-2.0
"""What a model's probability of footage turned out to be, as rules/models/calibration.json."""
import json
import math

BINS = 12
LEAST = 15  # cases in a bin
Z = 1.96  # of the normal distribution: 95 %


def binned(pairs, bins, least=1):
    """Cases in order of their probability, in bins of equal size; equals stay together."""
    pairs = sorted(pairs)
    size = max(least, -(-len(pairs) // bins))
    out = []
    for raw, true in pairs:
        if not out or (len(out[-1]) >= size and out[-1][-1][0] != raw):
            out.append([])
        out[-1].append((raw, true))
    if len(out) > 1 and len(out[-1]) < least:
        last = out.pop()
        out[-1] += last
    return out


def points_of(pairs):
    """pairs: (raw thousandths, footage or not) of cases a model had not seen.

    Bins of equal size.  Of each, what is told is the end of its 95 % interval that is nearer to
    one half, so that few cases never make a certainty; what falls although the model rose is
    pooled."""
    pools = []
    for cases in binned(pairs, BINS, LEAST):
        pools.append([sum(raw for raw, _ in cases), sum(true for _, true in cases), len(cases)])
        while len(pools) > 1 and share(pools[-2]) > share(pools[-1]):
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last)]
    points = []
    for pool in pools:
        raw, turned_out = (2 * pool[0] + pool[2]) // (2 * pool[2]), share(pool)
        if points and raw <= points[-1][0]:
            continue
        points.append((raw, turned_out))
    return points


def share(pool):
    """Thousandths of the footage in a pool, as far as it is sure (Wilson, 1927)."""
    count, true = pool[2], max(pool[1], pool[2] - pool[1])
    p = true / count
    middle = p + Z * Z / (2 * count)
    reach = Z * math.sqrt(p * (1 - p) / count + Z * Z / (4 * count * count))
    sure = max(500, math.floor(1000 * (middle - reach) / (1 + Z * Z / count) + 0.5))
    return sure if 2 * pool[1] >= count else 1000 - sure


def apply(points, raw):
    """As src/rules/calibration.c has it."""
    if not points:
        return raw
    at = next((i for i, point in enumerate(points) if point[0] >= raw), len(points))
    if at == len(points):
        return points[-1][1]
    if at == 0 or points[at][0] == raw:
        return points[at][1]
    (left, low), (right, high) = points[at - 1:at + 1]
    return low + ((high - low) * (raw - left) + (right - left) // 2) // (right - left)


def written(points, vendors, source, reviewed):
    head = {"format": "porchlight-rules/1", "reviewed": reviewed, "calibration": "content",
            "source": source, "status": "experimental"}
    if vendors:
        head["vendors"] = vendors
    text = json.dumps(head, indent=2, ensure_ascii=False)
    rows = ",\n".join('    {"raw": %d, "is": %d}' % point for point in points)
    return text[:-2] + ',\n  "point": [\n' + rows + "\n  ]\n}\n"
