#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every byte is accounted for: sums per five-tuple are tshark's, and sums of sums agree."""
import collections

import porch
import tshark


def normal(protocol, source, sport, target, tport):
    # What has no ports is compared by its addresses.
    if protocol in (6, 17):
        return protocol, source, sport, target, tport
    return protocol, source, 0, target, 0


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
    def captures(self):
        for path in porch.public() + [porch.DAY]:
            with self.subTest(capture=path.name):
                result = porch.run("replay", "--ndjson", "--all-devices", "--flows", path)
                if result.code == 1:  # refused: the messages are another test's
                    self.assertIn("tcpdump", str(path), result.err)
                    continue
                yield path, porch.Records(result)

    def test_flows_sum_to_what_tshark_sums(self):
        for path, records in self.captures():
            expected = collections.defaultdict(lambda: [0, 0])
            for key, (size, count) in tshark.totals(path).items():
                expected[normal(*key)][0] += size
                expected[normal(*key)][1] += count
            wrong = differences(dict(expected), flow_totals(records))
            self.assertFalse(wrong, f"{path}:\n" + "\n".join(wrong[:20]))

    def test_destinations_are_the_sums_of_their_flows(self):
        for path, records in self.captures():
            devices = {d["id"]: d for d in records.devices}
            sums = collections.defaultdict(lambda: [0, 0])
            for flow in records.flows:
                if flow["destination"]:
                    up, down = sides(flow, devices[flow["device"]])
                    sums[flow["destination"]][0] += up
                    sums[flow["destination"]][1] += down
            for to in records.destinations:
                if to["party"] != "local":
                    self.expect(sums[to["id"]], [to["bytes_up"], to["bytes_down"]],
                                f"{path.name}: {to['name'] or to['addresses']}")

    def test_devices_are_the_sums_of_their_destinations(self):
        for path, records in self.captures():
            for device in records.devices:
                mine = records.destinations_of(device)
                out = [d for d in mine if d["party"] != "local"]
                inside = [d for d in mine if d["party"] == "local"]
                what = f"{path.name}: {device['addresses']}"
                self.expect(sum(d["bytes_up"] for d in out), device["bytes_up"], what + " up")
                self.expect(sum(d["bytes_down"] for d in out), device["bytes_down"],
                            what + " down")
                self.expect(sum(d["bytes_up"] + d["bytes_down"] for d in inside),
                            device["bytes_local"], what + " local")

    def test_each_byte_lies_in_one_class_of_the_ledger(self):
        for path, records in self.captures():
            for device in records.devices:
                rows = device["ledger"].values()
                for way in ("bytes_up", "bytes_down"):
                    self.expect(sum(row[way] for row in rows), device[way],
                                f"{path.name}: ledger {way} of {device['addresses']}")

    def test_each_frame_is_counted_once(self):
        for path, records in self.captures():
            c = records.counters
            self.expect(c["received"], c["processed"] + c["undecoded"] + c["filtered"] +
                        c["deduplicated"] + c["dropped"], f"{path.name}: {c}")
            packets = sum(i["packets"] for i in records.run["inputs"])
            self.expect(packets, c["received"] - c["dropped"], f"{path.name}: frames read")


if __name__ == "__main__":
    tshark.needed()
    porch.public()
    porch.main()
