# SPDX-License-Identifier: Apache-2.0
"""The labelled captures, and what porchlight says of them.

A capture NAME.pcapng.zst (or .gz, or unpacked, or .pcap) has its labels beside it in
NAME.truth.json: porchlight(1), LABELS."""
import json
import os
import pathlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PORCHLIGHT", str(SOURCE / "build/release/porchlight"))
ENDINGS = (".pcapng.zst", ".pcapng.gz", ".pcap.zst", ".pcap.gz", ".pcapng", ".pcap")
OTHERS = "look-alikes"


def maker_of(device):
    """The maker's word; without one, its MAC prefix, and one word for all that is no camera."""
    if device.get("vendor"):
        return device["vendor"]
    if device["kind"] == "other":
        return OTHERS
    return "no-rules-" + (device.get("mac") or device["address"])[:14].replace(":", "")


class Capture:
    def __init__(self, truth):
        self.truth = truth
        self.name = truth.name[:-len(".truth.json")]
        self.path = next((p for p in (truth.parent / (self.name + e) for e in ENDINGS)
                          if p.exists()), None)
        self.labels = json.loads(truth.read_text())
        self.maker = {d.get("mac") or d.get("address"): maker_of(d)
                      for d in self.labels["devices"]}
        self.makers = sorted(set(self.maker.values()))

    def of_makers(self, makers, folder):
        """A file with the labels of these makers' devices only."""
        devices = [d for d in self.labels["devices"] if maker_of(d) in makers]
        ids = {d.get("mac") or d.get("address") for d in devices}
        episodes = [e for e in self.labels["episodes"] if e["device"] in ids]
        path = folder / f"{self.name}.{'+'.join(sorted(makers))[:100]}.truth.json"
        path.write_text(json.dumps({**self.labels, "devices": devices, "episodes": episodes}))
        return path


def captures(folders):
    found = [Capture(truth) for folder in folders
             for truth in sorted(pathlib.Path(folder).rglob("*.truth.json"))]
    lacking = [c.truth for c in found if not c.path]
    if lacking:
        raise SystemExit(f"no capture beside {lacking[0]}")
    return sorted(found, key=lambda c: c.name)


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False,
                          env={k: v for k, v in os.environ.items() if k != "PORCHLIGHT_RULES"})
    if done.returncode not in (0, 3):
        raise SystemExit(f"porchlight {' '.join(map(str, arguments))}: {done.stderr.decode()}")
    return done.stdout


def options(rules):
    """Without packet inspection: which library a machine has must not show in a figure."""
    return ["--no-dpi"] + [word for folder in rules for word in ("--rules", folder)]


def cases(capture, rules, truth=None):
    """What `score --features` tells of one capture: a list of cases, each with its capture."""
    lines = run("score", *options(rules), "--features", "--truth", truth or capture.truth,
                capture.path).decode().splitlines()
    out = []
    for line in lines:
        case = json.loads(line)
        case["capture"] = capture.name
        case["maker"] = capture.maker[case["device"]]
        case["other"] = is_other(case, capture)
        out.append(case)
    return out


def is_other(case, capture):
    """Whether an episode lies on an upload that was marked as none of the contents."""
    episode = case["episode"]
    return bool(episode) and any(
        other["device"] == case["device"] and other["start"] <= episode["end"] and
        episode["start"] <= other["end"] for other in capture.labels.get("other_uploads", ()))


def side_by_side(jobs):
    """Results of functions without arguments, in their order; they wait for the program."""
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda job: job(), jobs))


FOOTAGE = ("video", "picture", "audio", "media")


def is_camera(case):
    return case["kind"] != "other"


def is_footage(case):
    """Whether a case is labelled as footage that a camera, doorbell or hub sent."""
    label = case["label"]
    return bool(label) and is_camera(case) and label["content"] in FOOTAGE


def tells_footage(case):
    episode = case["episode"]
    return bool(episode) and episode["footage"] == "yes" and episode["kind"] != "other"
