#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Are the lab's recordings what their truth says?

check_recordings.py FOLDER           each recording against its truth file
check_recordings.py --whole FOLDER   also whether the folder holds what the lab promises

It counts anew, from the shipped capture alone: the names are those of the DNS answers in it.
"""
import calendar
import concurrent.futures
import ipaddress
import json
import pathlib
import re
import shutil
import struct
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "captures" / "lab"), str(HERE.parent / "tools")]

from shipped import capture_file, comment_of, unpacked  # noqa: E402

CONTENT = {"video", "picture", "audio", "metadata", "firmware", "files"}
SHAPE = {"stream", "burst", "series", "trickle"}
KIND = {"doorbell", "camera", "hub", "other"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LAB = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "fd00::/8")]
MEGABYTES = 40
STAYS = {53, 67, 68, 123, 546, 547, 554}  # ports whose payload is kept whole


def moment(text):
    """Microseconds since 1970."""
    whole, micro = text[:-1].split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 10**6 + int(micro)


def dns_addresses(message):
    """{address: the name that was asked for} of an answer."""
    found, at, labels = {}, 12, []
    while at < len(message) and message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1"))
        at += 1 + message[at]
    at += 5
    while at + 12 <= len(message):
        if message[at] >= 0xC0:
            at += 2
        else:
            while at < len(message) and message[at]:
                at += 1 + message[at]
            at += 1
        if at + 10 > len(message):
            break
        kind, _, _, length = struct.unpack_from("!HHIH", message, at)
        at += 10
        if (kind, length) in ((1, 4), (28, 16)):
            found[message[at:at + length]] = ".".join(labels)
        at += length
    return found


class Recount:
    """What a capture itself says: who sent how much to whom, when."""

    def __init__(self, records):
        self.names, self.sent, self.faults = {}, {}, []
        for record in records:
            self.see(record)

    def see(self, record):
        data, at = record.data, 14
        kind = data[12:14]
        if kind == b"\x81\x00":
            kind, at = data[16:18], 18
        if kind == b"\x08\x00":
            self.ipv4(record, data[at:], record.wire - at)
        elif kind == b"\x86\xdd":
            self.ipv6(record, data[at:], record.wire - at)

    def ipv4(self, record, packet, room):
        head = (packet[0] & 15) * 4
        if packet[1]:
            self.faults.append("a mark was left")
        total = sum(struct.unpack(f"!{head // 2}H", packet[:head]))
        if (total & 0xFFFF) + (total >> 16) != 0xFFFF:
            self.faults.append("an IP checksum is wrong")
        length = struct.unpack_from("!H", packet, 2)[0]
        self.packet(record, packet[12:16], packet[16:20], packet[9], packet[head:],
                    room if length == 0 or length > room else length)

    def ipv6(self, record, packet, room):
        if packet[0] & 15 or packet[1] >> 4:
            self.faults.append("a mark was left")
        self.packet(record, packet[8:24], packet[24:40], packet[6], packet[40:],
                    min(room, 40 + struct.unpack_from("!H", packet, 4)[0]))

    def packet(self, record, source, target, protocol, body, length):
        self.sent.setdefault((record.data[6:12], target), []).append(
            (record.time // 1000, length))
        if protocol == 17 and body[:2] == b"\0\x35":
            self.names.update(dns_addresses(body[8:]))
        if protocol == 6 and len(body) > 20:
            payload = body[(body[12] >> 4) * 4:]
            if payload and payload[:2] != b"\x16\x03" and not (
                    STAYS & set(struct.unpack_from("!HH", body))):
                self.faults.append("payload was left")
        for address in (source, target):
            if address not in self.names and address[:1] in (b"\x0a", b"\xfd"):
                self.faults.append(f"an address of the lab was left: "
                                   f"{ipaddress.ip_address(address)}")

    def bytes_to(self, mac, address, start, end):
        """IP bytes of the device to an address."""
        return sum(length for when, length in self.sent.get(
            (mac, ipaddress.ip_address(address).packed), ()) if start <= when <= end)

    def called(self, address):
        """What the look-ups of this capture call an address; itself if there was none."""
        return self.names.get(ipaddress.ip_address(address).packed, address)


def schema_faults(truth):
    if truth.get("schema") != "porchlight.truth/1" or truth.get("simulated") is not True:
        yield "no porchlight.truth/1 that says it is simulated"
    for device in truth["devices"]:
        if not re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", device["mac"]) or \
                device["kind"] not in KIND:
            yield f"a device is not as it should be: {device}"
    for e in truth["episodes"]:
        if e["content"] not in CONTENT or e["shape"] not in SHAPE or not all(
                TIME.fullmatch(e[key]) for key in ("start", "end")):
            yield f"an episode is not as it should be: {e}"


def truth_faults(truth, recount, first, last):
    macs = {device["mac"] for device in truth["devices"]}
    for e in truth["episodes"]:
        start, end = moment(e["start"]), moment(e["end"])
        where = f"{e['start']} {e['content']} to {e['to']}"
        if not first <= start <= end <= last:
            yield f"{where}: not within the capture"
        if e["device"] not in macs:
            yield f"{where}: its device is not told"
        if recount.names and recount.called(e["address"]) != e["to"]:
            yield f"{where}: look-ups call it {recount.called(e['address'])}"
        counted = recount.bytes_to(bytes.fromhex(e["device"].replace(":", "")), e["address"],
                                   start, end)
        if counted != e["bytes"] or counted <= 0:
            yield f"{where}: truth says {e['bytes']} bytes, the capture has {counted}"


def faults_of(path):
    """Everything that is wrong with one recording."""
    data = unpacked(path)
    records = capture_file.read_pcapng(data)[1]
    truth = json.loads(path.with_name(path.name.replace(".pcapng.zst", ".truth.json"))
                       .read_text())
    faults = list(schema_faults(truth))
    if "simulated" not in path.name or "simulated" not in comment_of(data):
        faults.append("does not say that it is simulated")
    times = [record.time // 1000 for record in records]
    if times != sorted(times):
        faults.append("time goes back")
    recount = Recount(records)
    faults += sorted(set(recount.faults))
    faults += truth_faults(truth, recount, times[0], times[-1])
    return [f"{path.name}: {fault}" for fault in faults[:20]]


def promises(folder):
    """What the lab says it has, that it has not."""
    truths = [json.loads(path.read_text()) for path in sorted(folder.glob("*.truth.json"))]
    truths = [truth for truth in truths if "derived" not in truth]
    size = sum(path.stat().st_size for path in folder.iterdir())
    episodes = [(t["style"], e) for t in truths for e in t["episodes"]]
    makers = {d["vendor"] for t in truths for d in t["devices"] if "vendor" in d}
    nameless = {t["style"] for t in truths
                if t["style"] not in known_styles() and t["devices"][0]["kind"] != "other"}
    cases = {shape: [style for style, e in episodes if e["shape"] == shape] for shape in SHAPE}
    scenarios = {(style, e["scenario"]) for style, e in episodes}
    if size > MEGABYTES * 10**6:
        yield f"the recordings take {size} bytes"
    for what, count, least in (("labelled episodes", len(episodes), 1000),
                               ("makers", len(makers), 10), ("unknown styles", len(nameless), 4),
                               ("scenarios", len(scenarios), 50)):
        if count < least:
            yield f"{count} {what}, fewer than {least}"
    for shape, styles in cases.items():
        if len(styles) < 20 or len(set(styles)) < 5:
            yield f"{shape}: {len(styles)} cases of {len(set(styles))} styles"
    for style in {t["style"] for t in truths}:
        idle = sum(t["device_hours"] for t in truths
                   if t["style"] == style and t["recipe"] in ("idle", "others"))
        if idle < 1.9:
            yield f"{style}: {idle} device-hours of idle or look-alike traffic, not 2"


def known_styles():
    """Styles that follow a real maker."""
    folder = HERE.parents[1] / "captures" / "lab" / "styles"
    makers = {path.stem for path in (HERE.parents[1] / "rules" / "vendors").glob("*.json")}
    return {path.stem for path in folder.glob("*.json")
            if json.loads(path.read_text())["vendor"] in makers}


def main():
    if not shutil.which("zstd"):
        print("zstd is not installed")
        return 77
    folder = pathlib.Path(sys.argv[-1])
    recordings = sorted(folder.glob("*.pcapng.zst"))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        faults = [fault for found in pool.map(faults_of, recordings) for fault in found]
    if "--whole" in sys.argv:
        faults += promises(folder)
    if not recordings:
        faults.append("no recordings")
    print("\n".join(faults) or f"{len(recordings)} recordings agree with their truth")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
