# SPDX-License-Identifier: Apache-2.0
"""What the inspection library's advice adds: each capture judged with it and without."""
import json

import corpus

PUBLIC = corpus.SOURCE.parent / "shared/captures/public"
CAMERAS = ("doorbell", "camera", "hub")
COLUMNS = ("captures", "asked", "found", "false_cameras", "false_footage", "open")
HEAD = ("| captures | | number | flows advised on | cameras found | false cameras | "
        "false footage | open uploads of others |\n| --- | --- | --- | --- | --- | --- | --- | --- |")


def without_cameras():
    """Published captures in which, as their manifest says, no camera takes part."""
    manifest = PUBLIC / "manifest.json"
    if not manifest.exists():
        return []
    return [PUBLIC / row["file"] for row in json.loads(manifest.read_text())["files"]
            if {"negative", "webrtc"} & set(row["tags"]) and (PUBLIC / row["file"]).exists()]


def judged(path, cameras, rules, arguments):
    """Counts of one capture; cameras: addresses and MACs labelled as such."""
    words = [word for folder in rules for word in ("--rules", folder)]
    doc = json.loads(corpus.run("replay", "--json", "--all-devices", "--no-hashes", *words,
                                *arguments, path))
    count = dict.fromkeys(COLUMNS, 0)
    count["captures"] = 1
    count["asked"] = (doc["run"].get("advice") or {}).get("flows") or 0
    for device in doc["devices"]:
        labelled = bool(cameras & {device["mac"], *device["addresses"]})
        seen = device["kind"] in CAMERAS
        count["found"] += labelled and seen
        count["false_cameras"] += seen and not labelled
        for episode in doc["episodes"] if not labelled else ():
            if episode["device"] == device["id"]:
                count["false_footage"] += episode["footage"] == "yes" and device["kind"] != "other"
                count["open"] += episode["footage"] == "cannot-tell"
    return count


def total(jobs, arguments):
    rows = corpus.side_by_side([lambda j=j: judged(*j, arguments) for j in jobs])
    return [sum(row[name] for row in rows) for name in COLUMNS]


def section(captures, rules):
    """The table of docs/evaluation.md: labelled captures, then published look-alikes."""
    labelled = [(c.path, {d.get("mac") or d.get("address") for d in c.labels["devices"]
                          if d["kind"] in CAMERAS}, rules) for c in captures]
    public = [(path, set(), rules) for path in without_cameras()]
    lines = [HEAD]
    for name, jobs in (("labelled, simulated", labelled), ("published, without a camera", public)):
        if not jobs:
            lines.append(f"| {name} | not there when this was made | | | | | | |")
            continue
        for how, arguments in (("without advice", ["--no-dpi"]), ("with advice", [])):
            numbers = " | ".join(map(str, total(jobs, arguments)))
            lines.append(f"| {name} | {how} | {numbers} |")
    return "\n".join(lines)
