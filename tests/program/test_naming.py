#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who a receiver is called, and on what grounds: small captures made for each rule of naming.

Two makers that do not exist, Doorvue and Belltree; Skyfold, a content network; Pressly, a
company with a network of its own; Homeline, which connects households.
"""
import json
import struct

import porch
import wire
from capture_file import pcap_bytes
from scene import MILLISECOND, SECOND, Host, Scene, Stream

START = 1_795_000_000 * SECOND
ROUTER = Host("00:00:5e:00:33:01", "192.168.7.1")
BELL = Host("00:00:5e:00:53:0d", "192.168.7.20")  # Doorvue's
OTHER = Host("00:00:5e:90:10:02", "192.168.7.21")  # Belltree's
NOBODYS, OWN, CDN, PRESSLY, HOMELINE, MEETING = (
    Host(ROUTER.mac, address) for address in
    ("198.51.100.7", "192.0.2.5", "203.0.113.5", "203.0.113.130", "203.0.113.200",
     "198.51.100.200"))
MEDIA = "media.doorvue.example"


def rule_file(path, **content):
    head = {"format": "porchlight-rules/1",
            "source": {"kind": "capture", "what": "made up", "seen": "2026-11-23"}}
    return path, json.dumps({**head, **content})


def maker(vendor, organisation, mac, prefix=None):
    own = {"address": [{"id": "net", "prefix": [prefix], "asn": 64500}]} if prefix else {}
    return rule_file(f"vendors/{vendor}.json", vendor=vendor, name=vendor.title(),
                     organisation=organisation, makes="doorbell",
                     device=[{"id": "mac", "mac": [mac], "scope": "cameras"}],
                     destination=[{"id": "all", "host": [f".{vendor}.example"]}], **own)


RULES = [
    maker("doorvue", "Doorvue Inc.", "00:00:5e:00:5", "192.0.2.0/26"),
    maker("belltree", "Belltree Ltd", "00:00:5e:90:1"),
    rule_file("clouds/skyfold.json", organisation="Skyfold",
              destination=[{"id": "edge", "host": [".skyfold.example"]}],
              address=[{"id": "net", "prefix": ["203.0.113.0/26"], "asn": 64501,
                        "anycast": True}]),
    rule_file("organisations/made-up.json",
              destination=[{"id": "pressly", "host": [".pressly.example"],
                            "organisation": "Pressly"}],
              address=[{"id": "pressly-net", "prefix": ["203.0.113.128/26"], "asn": 64502,
                        "organisation": "Pressly"},
                       {"id": "homeline", "prefix": ["203.0.113.192/26"], "asn": 64503,
                        "organisation": "Homeline", "access": True}]),
]


def ech():
    """An outer encrypted_client_hello (RFC 9849, 5)."""
    body = struct.pack("!BHHBH", 0, 1, 1, 7, 32) + bytes(range(32))
    return wire.extension(0xFE0D, body + struct.pack("!H", 64) + bytes(range(64)))


class Home(Scene):
    """A scene whose times are seconds after START."""

    def __init__(self):
        super().__init__()
        self.port = 40000
        for host in (BELL, OTHER):
            self.arp(START - SECOND, host, ROUTER)

    def asks(self, at, name, address, chain=(), host=BELL):
        self.look_up(START + at * SECOND, host, ROUTER, name, list(chain), address)

    def connects(self, at, remote, name=None, host=BELL, first=None, more=b""):
        """TLS to a name; first: what is sent instead of a hello."""
        self.port += 1
        stream = Stream(self, host, self.port, remote, 443 if first is None else 80)
        time = stream.open(START + at * SECOND)
        if name:
            first = wire.client_hello(name.encode(), self.dice.bytes(64), more=more)
        stream.up(time, first or wire.tls_data(400))
        stream.close(stream.up_bulk(time + 50 * MILLISECOND, 30_000, MILLISECOND) + SECOND)

    def talks(self, at, remote, port, own_port=50000):
        """A minute of datagrams, both ways."""
        for i in range(120):
            time = START + at * SECOND + i * 500 * MILLISECOND
            self.udp(time, BELL, own_port, remote, port, self.dice.bytes(300))
            self.udp(time + 20 * MILLISECOND, remote, port, BELL, own_port, self.dice.bytes(40))

    def meets(self, at, own_port=50000, attributes=b"", kind=0x0001, server=(MEETING, 3478)):
        """A STUN request of the doorbell to a server, answered."""
        time, asked = START + at * SECOND, self.dice.bytes(12)
        self.udp(time, BELL, own_port, *server, wire.stun(kind, asked, attributes))
        answer = wire.stun(kind | 0x0100, asked, wire.stun_mapped("203.0.113.77", own_port))
        self.udp(time + 15 * MILLISECOND, *server, BELL, own_port, answer)


def peer_address(address, port):
    """XOR-PEER-ADDRESS, RFC 8656, 18.3."""
    return b"\0\x12" + wire.stun_mapped(address, port)[2:]


class Naming(porch.Test):
    def setUp(self):
        super().setUp()
        self.lists = []
        for name, text in RULES:
            path = self.folder / "rules" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def records(self, home):
        return porch.replay("--all-devices", "--rules", porch.SOURCE / "rules", "--rules",
                            self.folder / "rules",
                            *(word for file in self.lists for word in ("--rules", file)),
                            self.file("home.pcap", pcap_bytes(home.sorted())))

    def receiver(self, home, remote, host=BELL):
        """What is told of the one destination of a device at an address."""
        records = self.records(home)
        found = [d for d in records.destinations_of(records.device(host.mac))
                 if remote.address in d["addresses"]]
        self.expect(1, len(found), f"destinations at {remote.address}: {found}")
        return found[0]

    def check(self, receiver, **fields):
        came = {key: receiver[key] for key in fields}
        self.expect(fields, came, receiver["name"] or receiver["addresses"])

    # --- claims ---

    def test_a_claim_alone_is_trusted_by_0_6_at_most(self):
        home = Home()
        home.connects(5, NOBODYS, MEDIA)
        told = self.receiver(home, NOBODYS)
        self.check(told, name=MEDIA, name_source="sni", party="maker",
                   organisation="Doorvue Inc.")
        self.assertLessEqual(float(told["confidence"]), 0.6)

    def test_a_host_header_alone_is_trusted_by_0_6_at_most(self):
        home = Home()
        home.connects(5, NOBODYS,
                      first=f"POST /clip HTTP/1.1\r\nHost: {MEDIA}\r\n\r\n".encode())
        told = self.receiver(home, NOBODYS)
        self.check(told, name=MEDIA, name_source="http-host", party="maker")
        self.assertLessEqual(float(told["confidence"]), 0.6)

    def test_a_claim_that_an_answer_to_this_device_agrees_with_is_trusted(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.connects(5, NOBODYS, MEDIA)
        told = self.receiver(home, NOBODYS)
        self.check(told, name=MEDIA, name_source="sni", organisation="Doorvue Inc.")
        self.assertGreater(float(told["confidence"]), 0.6)

    def test_an_answer_to_another_device_supports_nothing(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address, host=OTHER)
        home.connects(5, NOBODYS, MEDIA)
        self.assertLessEqual(float(self.receiver(home, NOBODYS)["confidence"]), 0.6)

    def test_a_claim_that_the_owner_of_the_address_agrees_with_is_trusted(self):
        home = Home()
        home.connects(5, OWN, MEDIA)
        told = self.receiver(home, OWN)
        self.check(told, organisation="Doorvue Inc.", asn=64500)
        self.assertGreater(float(told["confidence"]), 0.6)

    def test_a_content_network_neither_agrees_nor_contradicts(self):
        home = Home()
        home.connects(5, CDN, MEDIA)
        told = self.receiver(home, CDN)
        self.check(told, name=MEDIA, party="maker", organisation="Doorvue Inc.")
        self.assertLessEqual(float(told["confidence"]), 0.6)

    def test_an_owner_that_contradicts_is_the_organisation_and_the_name_is_shown(self):
        home = Home()
        home.connects(5, PRESSLY, MEDIA)
        self.check(self.receiver(home, PRESSLY), name=MEDIA, name_source="sni",
                   party="other", organisation="Pressly")

    def test_an_outer_name_labels_no_maker(self):
        home = Home()
        home.connects(5, NOBODYS, MEDIA, more=ech())
        self.check(self.receiver(home, NOBODYS), name=MEDIA, name_source="ech-outer",
                   party="unknown", organisation=None)

    def test_an_outer_name_that_was_looked_up_labels_none_either(self):
        # It may be feigned (RFC 9849, 6.2), but nothing on the wire tells that from a real one.
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.connects(5, NOBODYS, MEDIA, more=ech())
        self.check(self.receiver(home, NOBODYS), name=MEDIA, name_source="ech-outer",
                   party="unknown", organisation=None)

    # --- look-ups ---

    def test_a_look_up_names_what_says_no_name(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.connects(5, NOBODYS)
        self.check(self.receiver(home, NOBODYS), name=MEDIA, name_source="dns",
                   party="maker")

    def test_a_look_up_is_expired_after_its_time_to_live(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.connects(7200, NOBODYS)
        told = self.receiver(home, NOBODYS)
        self.check(told, name=MEDIA, name_source="dns-expired", party="maker")

    def test_a_look_up_of_the_day_before_names_nothing(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.connects(25 * 3600, NOBODYS)
        self.check(self.receiver(home, NOBODYS), name=None, name_source="none",
                   party="unknown")

    def test_a_live_name_goes_before_one_that_expired(self):
        home = Home()
        home.asks(2, "news.pressly.example", NOBODYS.address)
        home.asks(7190, MEDIA, NOBODYS.address)
        home.connects(7200, NOBODYS)
        self.check(self.receiver(home, NOBODYS), name=MEDIA, name_source="dns", party="maker",
                   candidates=[])

    def test_a_look_up_that_comes_after_a_flow_began_names_nothing_of_it(self):
        home = Home()
        home.connects(5, NOBODYS)
        home.asks(6, MEDIA, NOBODYS.address)
        self.check(self.receiver(home, NOBODYS), name=None, name_source="none",
                   party="unknown", organisation=None)

    def test_a_name_said_by_multicast_names_no_receiver(self):
        home = Home()
        said = wire.dns_answer(0, MEDIA, [], NOBODYS.address)
        home.udp(START + 2 * SECOND, OTHER, 5353, Host("01:00:5e:00:00:fb", "224.0.0.251"), 5353,
                 said)
        home.udp(START + 3 * SECOND, OTHER, 5353, BELL, 5353, said)
        home.connects(5, NOBODYS)
        self.check(self.receiver(home, NOBODYS), name=None, name_source="none",
                   party="unknown")

    def test_several_names_that_agree_name_their_organisation(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.asks(3, "events.doorvue.example", NOBODYS.address)
        home.connects(5, NOBODYS)
        told = self.receiver(home, NOBODYS)
        self.check(told, party="maker", organisation="Doorvue Inc.")
        self.expect(["events.doorvue.example", MEDIA], sorted(told["candidates"]),
                    "candidates")

    def test_several_names_that_disagree_name_nobody(self):
        home = Home()
        home.asks(2, MEDIA, NOBODYS.address)
        home.asks(3, "news.pressly.example", NOBODYS.address)
        home.connects(5, NOBODYS)
        told = self.receiver(home, NOBODYS)
        self.check(told, party="unknown", organisation=None)
        self.expect([MEDIA, "news.pressly.example"], sorted(told["candidates"]),
                    "candidates")

    # --- content networks ---

    def test_a_makers_name_on_a_content_network_is_the_makers_with_its_chain(self):
        home = Home()
        home.asks(2, MEDIA, CDN.address, chain=["doorvue.edge.skyfold.example"])
        home.connects(5, CDN, MEDIA)
        self.check(self.receiver(home, CDN), name=MEDIA, party="maker",
                   organisation="Doorvue Inc.", aliases=["doorvue.edge.skyfold.example"],
                   asn=64501, country=None)

    def test_two_makers_on_one_address_keep_their_own_names(self):
        home = Home()
        for host, name in ((BELL, MEDIA), (OTHER, "up.belltree.example")):
            home.asks(2, name, CDN.address, host=host)
            home.connects(5, CDN, name, host=host)
        self.check(self.receiver(home, CDN), name=MEDIA, party="maker",
                   organisation="Doorvue Inc.")
        self.check(self.receiver(home, CDN, OTHER), name="up.belltree.example",
                   party="maker", organisation="Belltree Ltd")

    def test_another_makers_host_is_another_organisation(self):
        home = Home()
        home.asks(2, "up.belltree.example", NOBODYS.address)
        home.connects(5, NOBODYS, "up.belltree.example")
        self.check(self.receiver(home, NOBODYS), party="other",
                   organisation="Belltree Ltd")

    def test_a_makers_rented_bucket_is_a_cloud_on_its_behalf(self):
        home = Home()
        home.connects(5, NOBODYS, "clips.doorvue-store.example")
        path = self.folder / "rules" / "vendors" / "doorvue.json"
        rules = json.loads(path.read_text())
        rules["destination"].append({"id": "bucket", "host": ["clips.doorvue-store.example"],
                                     "party": "cloud", "organisation": "Skyfold"})
        path.write_text(json.dumps(rules))
        self.check(self.receiver(home, NOBODYS), party="cloud", organisation="Skyfold",
                   on_behalf_of="doorvue")

    def test_trackers_evidence_platforms_and_utilities_keep_their_party(self):
        home = Home()
        for at, (party, path) in enumerate({"tracker": "trackers/x.json",
                                            "evidence": "evidence-platforms.json",
                                            "utility": "utilities.json"}.items()):
            name, remote = f"a.{party}.example", Host(ROUTER.mac, f"198.51.100.{90 + at}")
            more = self.folder / "rules" / path
            more.parent.mkdir(exist_ok=True)
            more.write_text(rule_file(path, organisation=party.title(), destination=[
                {"id": "made-up", "host": [f".{party}.example"]}])[1])
            home.asks(2 + at, name, remote.address)
            home.connects(5 + at, remote, name)
        told = {d["name"]: d for d in self.records(home).destinations}
        for party in ("tracker", "evidence", "utility"):
            self.check(told[f"a.{party}.example"], party=party, role=party,
                       organisation=party.title())

    def test_a_users_list_makes_no_tracker_of_the_devices_own_maker(self):
        home = Home()
        for host in (BELL, OTHER):
            home.asks(2, "stats.doorvue.example", NOBODYS.address, host=host)
            home.connects(5, NOBODYS, "stats.doorvue.example", host=host)
        self.lists = [self.file("list.txt", b"stats.doorvue.example\n")]
        self.check(self.receiver(home, NOBODYS), party="maker", role="tracker",
                   organisation="Doorvue Inc.")
        self.check(self.receiver(home, NOBODYS, OTHER), party="tracker", role="tracker",
                   organisation="Doorvue Inc.")

    # --- peers ---

    def test_a_port_that_met_a_server_before_makes_a_probable_peer(self):
        home = Home()
        home.meets(1)
        home.talks(10, NOBODYS, 41000)
        told = self.receiver(home, NOBODYS)
        self.check(told, party="peer", could_be=["peer", "relay"])
        self.assertLessEqual(float(told["confidence"]), 0.6)

    def test_a_meeting_of_more_than_two_minutes_ago_makes_none(self):
        home = Home()
        home.meets(1)
        home.talks(130, NOBODYS, 41000)
        self.check(self.receiver(home, NOBODYS), party="unknown",
                   could_be=["peer", "relay"])

    def test_a_meeting_of_another_port_makes_none(self):
        home = Home()
        home.meets(1, own_port=50002)
        home.talks(10, NOBODYS, 41000)
        self.check(self.receiver(home, NOBODYS), party="unknown")

    def test_an_address_that_stun_named_is_a_peer(self):
        home = Home()
        home.meets(1, own_port=50002, kind=0x0008,
                   attributes=peer_address(NOBODYS.address, 41000))
        home.talks(10, NOBODYS, 41000)
        self.check(self.receiver(home, NOBODYS), party="peer", could_be=[])

    def test_an_address_of_an_access_network_is_a_peer(self):
        home = Home()
        home.talks(10, HOMELINE, 41000)
        self.check(self.receiver(home, HOMELINE), party="peer", asn=64503)

    def test_nothing_known_is_never_a_peer(self):
        home = Home()
        home.talks(10, NOBODYS, 41000)
        self.check(self.receiver(home, NOBODYS), party="unknown",
                   could_be=["peer", "relay"])

    def test_addresses_of_clouds_and_makers_are_no_peers(self):
        for remote, party in ((CDN, "cloud"), (OWN, "maker")):
            home = Home()
            home.meets(1)
            home.talks(10, remote, 41000)
            self.check(self.receiver(home, remote), party=party)

    def test_ports_of_servers_are_no_peers(self):
        for port in (443, 3478, 4500):
            home = Home()
            home.meets(1)
            home.talks(10, NOBODYS, port)
            self.check(self.receiver(home, NOBODYS), ports=[port], party="unknown",
                       could_be=["peer", "relay"])

    def test_a_turn_server_is_no_peer(self):
        home = Home()
        home.meets(1, kind=0x0003)  # Allocate, RFC 8656
        home.talks(10, MEETING, 3478)
        self.check(self.receiver(home, MEETING), party="unknown")

    def test_a_turn_server_on_another_port_is_no_peer(self):
        for kind in (0x0003, 0x0004, 0x0008, 0x0009):  # Allocate to ChannelBind
            home = Home()
            home.meets(1)  # the same port met another server: it would be a probable peer
            home.meets(9, kind=kind, server=(NOBODYS, 41000))
            home.talks(10, NOBODYS, 41000)
            self.check(self.receiver(home, NOBODYS), ports=[41000], party="unknown",
                       could_be=["peer", "relay"])

    def test_a_peer_that_checks_its_paths_by_stun_stays_one(self):
        home = Home()
        home.meets(1)
        home.meets(9, server=(NOBODYS, 41000))  # Binding, as ICE does (RFC 8445)
        home.talks(10, NOBODYS, 41000)
        self.check(self.receiver(home, NOBODYS), party="peer", could_be=["peer", "relay"])


if __name__ == "__main__":
    porch.main()
