#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The names that devices send are read as tshark reads them, TLS and QUIC, on each capture."""
import collections

import porch
import tshark


def flow_names(records):
    found = collections.defaultdict(set)
    for flow in records.flows:
        if flow["name_source"] in ("sni", "quic-sni"):
            key = (flow["protocol"], flow["originator"], flow["originator_port"],
                   flow["responder"], flow["responder_port"])
            found[key].add(flow["name"])
    return dict(found)


def either_way(names):
    """A capture that starts in mid-flow may take the responder for the originator."""
    found = collections.defaultdict(set)
    for (protocol, source, sport, target, tport), hosts in names.items():
        found[(protocol, *sorted([(source, sport), (target, tport)]))] |= hosts
    return dict(found)


class Names(porch.Test):
    def test_server_names_are_those_tshark_reads(self):
        for path in porch.public() + [porch.DAY]:
            with self.subTest(capture=path.name):
                result = porch.run("replay", "--ndjson", "--all-devices", "--flows", path)
                if result.code == 1:
                    continue
                came = either_way(flow_names(porch.Records(result)))
                self.expect(either_way(tshark.names(path)), came, path.name)


if __name__ == "__main__":
    tshark.needed()
    porch.public()
    porch.main()
