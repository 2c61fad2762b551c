# SPDX-License-Identifier: Apache-2.0
"""Who is outside: a private address for each receiver of the lab, and the public one that takes
its place in what is shipped.

A public address lies in a prefix of the network that the style names (rules/addresses), or is
a documentation address (RFC 5737, RFC 3849).  It follows from style, name and seed alone.
"""
import ipaddress
import pathlib
import random

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules" / "addresses"
DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
DOCUMENTATION6 = "2001:db8:c10d::/48"
PHONES = "phone"  # a network of people: peers lie in documentation ranges too


class Prefixes:
    """Prefixes of a network by its number, the large ones only."""

    def __init__(self):
        self.known = {}

    def of(self, asn):
        if asn not in self.known:
            rows = (line.split() for line in (RULES / "asn-v4.txt").read_text().splitlines()
                    if not line.startswith("#"))
            self.known[asn] = [prefix for prefix, number in rows
                               if number == str(asn) and int(prefix.split("/")[1]) <= 22]
        return self.known[asn]

    def address(self, net, dice):
        rows = self.of(net) if isinstance(net, int) else DOCUMENTATION
        network = ipaddress.ip_network(dice.choice(rows or DOCUMENTATION))
        return str(network[dice.randrange(4, min(network.num_addresses, 65536) - 4)])


def receivers_of(styles, seed):
    """{style id: {host id: receiver}}; one address for one name."""
    prefixes, by_name, number, public_taken = Prefixes(), {}, 0, set()
    everyone = {}
    for style in styles:
        mine = everyone[style["style"]] = {}
        for key, host in style["hosts"].items():
            bare = "." not in host["name"]
            name = f"{style['style']}/{host['name']}" if bare else host["name"]
            if name not in by_name:
                number += 1
                dice = random.Random(f"{seed} {name}")
                public = prefixes.address(host["net"], dice)
                while public in public_taken:
                    public = prefixes.address(host["net"], dice)
                public_taken.add(public)
                private = f"10.{64 + number // 250}.{number % 250 + 1}.{dice.randint(1, 250)}"
                by_name[name] = (private, public)
            private, public = by_name[name]
            mine[key] = {
                "id": key, "name": host["name"].replace("{dash}", public.replace(".", "-")),
                "address": private, "address6": address6(private), "public": public,
                "public6": str(ipaddress.ip_network(DOCUMENTATION6)[int(
                    ipaddress.ip_address(private)) & 0xFFFFFF]),
                "serve": host["serve"], "port": host["port"], "bare": bare}
    return everyone


def phones(count, seed):
    """Phones outside: where peers are."""
    dice = random.Random(f"{seed} phones")
    taken, phones = set(), []
    for number in range(count):
        public = Prefixes().address(PHONES, dice)
        while public in taken:
            public = Prefixes().address(PHONES, dice)
        taken.add(public)
        private = f"10.99.{number // 250}.{number % 250 + 1}"
        phones.append({"id": "phone", "name": "phone", "bare": True, "address": private,
                       "address6": address6(private), "public": public, "serve": "udp",
                       "public6": str(ipaddress.ip_network("2001:db8:f0e::/48")[number + 1]),
                       "port": dice.randint(20000, 60000)})
    return phones


def address6(address):
    """The IPv6 address of a receiver in the lab."""
    return "fd64::" + ":".join("%x" % int(part) for part in address.split(".")[1:])
