#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every byte is accounted for: sums per five-tuple are tshark's, and sums of sums agree."""
import collections

import porch
import tshark


def normal(protocol, source, sport, target, tport):
    # What has no ports is compared by its addresses; what tshark has no name for, too.
    if protocol in (6, 17):
        return protocol, source, sport, target, tport
    return protocol if protocol in (1, 58) else "other", source, 0, target, 0


def flow_totals(records):
    """The same shape as tshark.totals()."""
    sums = collections.defaultdict(lambda: [0, 0])
    for flow in records.flows:
        there = normal(flow["protocol"], flow["originator"], flow["originator_port"],
                       flow["responder"], flow["responder_port"])
        back = normal(flow["protocol"], flow["responder"], flow["responder_port"],
                      flow["originator"], flow["originator_port"])
        for key, side in ((there, "originator"), (back, "responder")):
            sums[key][0] += flow[f"{side}_bytes"]
            sums[key][1] += flow[f"{side}_packets"]
    return {key: value for key, value in sums.items() if value[1]}


def differences(expected, came):
    lines = []
    for key in sorted(set(expected) | set(came), key=str):
        if expected.get(key) != came.get(key):
            lines.append(f"{key}: tshark says {expected.get(key)}, porchlight {came.get(key)}")
    return lines


def sides(flow, device):
    """(bytes up, bytes down) of a flow, seen from its device."""
    up, down = flow["originator_bytes"], flow["responder_bytes"]
    if flow["originator"] in device["addresses"]:
        return up, down
    return down, up


class EveryByte(porch.Test):
    read = {}  # capture -> Records, or None where it was refused

    @classmethod
    def setUpClass(cls):
        for path in porch.public() + [porch.DAY]:
            result = porch.run("replay", "--ndjson", "--all-devices", "--flows", path)
            cls.read[path] = porch.Records(result) if result.code != 1 else None

    def each(self, check):
        for path, records in self.read.items():
            if records:
                with self.subTest(capture=path.name):
                    check(path, records)

    def test_only_odd_link_types_are_refused(self):
        refused = [path for path, records in self.read.items() if not records]
        for path in refused:
            self.assertEqual("tcpdump", path.parent.name, f"{path} was refused")
        self.assertLess(len(refused), len(self.read) // 2)

    def test_flows_sum_to_what_tshark_sums(self):
        def check(path, records):
            expected = collections.defaultdict(lambda: [0, 0])
            for key, (size, count) in tshark.totals(path).items():
                expected[normal(*key)][0] += size
                expected[normal(*key)][1] += count
            wrong = differences(dict(expected), flow_totals(records))
            self.assertFalse(wrong, f"{path}:\n" + "\n".join(wrong[:20]))
        self.each(check)

    def test_destinations_are_the_sums_of_their_flows(self):
        def check(_, records):
            devices = {d["id"]: d for d in records.devices}
            before = {d["was"] for d in records.devices} - set(devices)
            sums = collections.defaultdict(lambda: [0, 0])
            for flow in records.flows:
                if flow["device"] in before:
                    continue  # told before its MAC was split
                if flow["destination"]:
                    up, down = sides(flow, devices[flow["device"]])
                    sums[flow["destination"]][0] += up
                    sums[flow["destination"]][1] += down
            for to in records.destinations:
                if to["party"] != "local":
                    self.expect(sums[to["id"]], [to["bytes_up"], to["bytes_down"]],
                                str(to["name"] or to["addresses"]))
        self.each(check)

    def test_devices_are_the_sums_of_their_destinations(self):
        def check(_, records):
            for device in records.devices:
                mine = records.destinations_of(device)
                out = [d for d in mine if d["party"] != "local"]
                inside = [d for d in mine if d["party"] == "local"]
                sums = [sum(d["bytes_up"] for d in out), sum(d["bytes_down"] for d in out),
                        sum(d["bytes_up"] + d["bytes_down"] for d in inside)]
                self.expect(sums, [device[f"bytes_{way}"] for way in ("up", "down", "local")],
                            f"up, down, local of {device['addresses']}")
        self.each(check)

    def test_no_two_records_have_one_id(self):
        def check(_, records):
            for kind in ("devices", "destinations", "episodes"):
                ids = [(r["id"], r.get("input")) for r in getattr(records, kind)]
                twice = {i for i in ids if ids.count(i) > 1}
                self.assertFalse(twice, f"ids of more than one of the {kind}: {twice}")
        self.each(check)

    def test_each_byte_lies_in_one_class_of_the_ledger(self):
        def check(_, records):
            for device in records.devices:
                rows = device["ledger"].values()
                for way in ("bytes_up", "bytes_down"):
                    self.expect(sum(row[way] for row in rows), device[way],
                                f"ledger {way} of {device['addresses']}")
        self.each(check)

    def test_each_frame_is_counted_once(self):
        def check(_, records):
            c = records.counters
            self.expect(c["received"], c["processed"] + c["undecoded"] + c["filtered"] +
                        c["deduplicated"] + c["dropped"], str(c))
            packets = sum(i["packets"] for i in records.run["inputs"])
            self.expect(packets, c["received"] - c["dropped"], "frames read")
        self.each(check)


if __name__ == "__main__":
    tshark.needed()
    porch.public()
    porch.main()
