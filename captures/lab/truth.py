# SPDX-License-Identifier: Apache-2.0
"""Truth off the wire: reads the marks that senders left (marks.py) into porchlight.truth/1.

An episode starts and ends with the first and last packet that carries content of a device to
one receiver; a silence over 8 s starts a new one; its bytes are the IP length of all the
device's packets to that receiver between.  Sound beside pictures belongs to the video.
A download is marked by its request: content is what comes down on that flow until the device
speaks again.
"""
import bisect
import ipaddress
import json
import pathlib
import time

import marks

STYLES = pathlib.Path(__file__).resolve().parent / "styles"
SILENCE = 8 * 10**9
FOOTAGE = ("video", "picture", "audio")


def stamp(nanoseconds):
    second, rest = divmod(nanoseconds // 1000, 10**6)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)) + f".{rest:06d}Z"


def mac_text(packed):
    return ":".join(f"{byte:02x}" for byte in packed)


class Truth:
    """Of one style's devices.  see() every packet, then document()."""

    def __init__(self, plan, style):
        self.plan, self.style = plan, style
        self.devices = [d for d in plan["devices"] if d["style"]["style"] == style]
        self.macs = {bytes.fromhex(d["mac"].replace(":", "")): d for d in self.devices}
        self.others = {bytes.fromhex(d["mac"].replace(":", "")): d for d in plan["devices"]}
        self.met = set()
        self.sent = {}  # (mac, remote): ([times], [bytes before it, in all])
        self.marked = {}  # (mac, remote, group): [(time, content, shape, bytes)]
        self.downloads = {}  # (mac, remote, ports): the mark of its request
        self.names, self.addresses = {}, {}
        for device in self.devices:
            for receiver in device["receivers"].values():
                for key in ("public", "public6"):
                    self.names[ipaddress.ip_address(receiver[key]).packed] = (
                        receiver[key] if receiver["bare"] else receiver["name"])
                    self.addresses[ipaddress.ip_address(receiver[key]).packed] = receiver[key]

    def see(self, when, source_mac, target_mac, facts):
        source, target, _, ports, length, payload, tos, _ = facts
        meaning = marks.meaning(tos) if payload > 0 else None
        if source_mac in self.macs:
            if target_mac in self.others:
                self.met.add(target_mac)
            if target in self.names:
                self.up(when, source_mac, target, ports, length, payload, meaning)
        elif target_mac in self.macs:
            if source_mac in self.others:
                self.met.add(source_mac)
            elif payload > 0:
                flow = (target_mac, source, ports[::-1])
                if flow in self.downloads:
                    content, shape = self.downloads[flow]
                    self.marked.setdefault((target_mac, source, content), []).append(
                        (when, content, shape, length))

    def up(self, when, mac, remote, ports, length, payload, meaning):
        times, sums = self.sent.setdefault((mac, remote), ([], [0]))
        times.append(when)
        sums.append(sums[-1] + length)
        flow = (mac, remote, ports)
        if payload > 0 and flow in self.downloads and meaning != self.downloads[flow]:
            del self.downloads[flow]
        if not meaning:
            return
        content, shape = meaning
        if content == "firmware":
            self.downloads[flow] = meaning
            return
        group = "footage" if content in FOOTAGE else content
        self.marked.setdefault((mac, remote, group), []).append((when, content, shape, length))

    def bytes_between(self, mac, remote, start, end):
        times, sums = self.sent.get((mac, remote), ([], [0]))
        return (sums[bisect.bisect_right(times, end)] - sums[bisect.bisect_left(times, start)])

    def runs(self):
        """(mac, remote, [marked packets]) of each episode."""
        for (mac, remote, _), packets in self.marked.items():
            begin = 0
            for at in range(1, len(packets) + 1):
                if at == len(packets) or packets[at][0] - packets[at - 1][0] > SILENCE:
                    yield mac, remote, packets[begin:at]
                    begin = at

    def episode(self, mac, remote, packets, log):
        weight = {}
        for _, content, shape, length in packets:
            weight[content, shape] = weight.get((content, shape), 0) + length
        content, shape = max(sorted(weight), key=lambda key: (key[0] == "video", weight[key]))
        start, end = packets[0][0], packets[-1][0]
        told = next((row for row in log if row["start"] - 1 <= start / 1e9 <= row["end"] + 1 and
                     (content != "metadata" or self.names[remote] == self.name_of(mac, row))), {})
        return {"device": mac_text(mac), "content": content, "shape": shape,
                "start": stamp(start), "end": stamp(end),
                "bytes": self.bytes_between(mac, remote, start, end), "to": self.names[remote],
                "address": self.addresses[remote],
                "scenario": told.get("scenario", "telemetry"),
                "trigger": told.get("trigger", "timer")}

    def name_of(self, mac, row):
        """The receiver that an action's host stands for."""
        receiver = self.macs[mac]["receivers"].get(row["host"])
        return receiver and receiver["name"]

    def document(self, folder, recipe, records):
        logs = {mac: read_log(folder / f"{d['part']}.jsonl") for mac, d in self.macs.items()}
        episodes = [self.episode(mac, remote, packets, logs[mac])
                    for mac, remote, packets in self.runs()]
        episodes.sort(key=lambda e: (e["start"], e["device"], e["to"]))
        inside = [self.others[mac] for mac in sorted(self.met - set(self.macs))]
        length = (records[-1].time - records[0].time) / 1e9 if records else 0
        return {
            "schema": "porchlight.truth/1", "style": self.style, "simulated": True,
            "recipe": recipe, "seed": self.plan["recipe"]["seed"],
            "hours": round(length / 3600, 3), "device_hours": round(
                length * len(self.devices) / 3600, 3),
            "devices": [row_of(d) for d in self.devices + inside],
            "episodes": [e for e in episodes if e["content"] != "other"],
            "other_uploads": [e for e in episodes if e["content"] == "other"]}


def row_of(device):
    style = json.loads((STYLES / f"{device['style']['style']}.json").read_text())
    row = {"mac": device["mac"], "kind": style["kind"]}
    if style["vendor"]:
        row["vendor"] = style["vendor"]
    if device.get("uplink_kbps"):
        row["uplink_kbps"] = device["uplink_kbps"]
    if device.get("loss_permille"):
        row["loss_permille"] = device["loss_permille"]
    return row


def read_log(path):
    """What a player did, failed actions aside."""
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [row for row in rows if "start" in row]
