#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--geo: what address databases add to the rules, by the names each publisher gives it, what
they may not overrule, and that a damaged one is refused.
"""
import hashlib
import json
import random

import porch
from mmdb import MARK, control, mmdb_bytes, pointer, value
from test_naming import BELL, CDN, HOMELINE, MEDIA, NOBODYS, OWN, PRESSLY, RULES, Home, rule_file
from capture_file import pcap_bytes

CITY = {"country": {"iso_code": "SE", "names": {"en": "Sweden"}},
        "location": {"latitude": 59.3, "longitude": 18.0}, "subdivisions": [{"iso_code": "AB"}]}
ASN = {"autonomous_system_number": 64510, "autonomous_system_organization": "Fibre of Ys"}
LITE = {"country": "Sweden", "country_code": "SE", "asn": "AS64510", "as_name": "Fibre of Ys",
        "as_domain": "ys.example"}
AS_FILE = {"asn": "AS64510", "name": "Fibre of Ys", "type": "isp", "country": "SE"}
NESTED = {"country": {"iso_code": "SE"},
          "traits": {"autonomous_system_number": 64510, "connection_type": "Cable/DSL",
                     "autonomous_system_organization": "Fibre of Ys",
                     "user_type": "residential"}}
CLOUDY = rule_file("clouds/vapour.json", organisation="Vapour",
                   network=[{"id": "net", "asn": [64510]}])


class Geo(porch.Test):
    def setUp(self):
        super().setUp()
        for name, text in RULES:
            self.rule(name, text)

    def rule(self, name, text):
        path = self.folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def geo(self, records, name="one.mmdb", **how):
        if not any("/" in key for key in records):
            records = {"198.51.100.0/24": records}
        return self.file(name, mmdb_bytes(records, **how))

    def options(self, files):
        return [word for file in files for word in ("--geo", file)]

    def replay(self, home, *files):
        return porch.replay("--all-devices", "--rules", porch.SOURCE / "rules", "--rules",
                            self.folder / "rules", *self.options(files),
                            self.file("home.pcap", pcap_bytes(home.sorted())))

    def receiver(self, home, remote, *files):
        records = self.replay(home, *files)
        found = [d for d in records.destinations_of(records.device(BELL.mac))
                 if remote.address in d["addresses"]]
        self.expect(1, len(found), f"destinations at {remote.address}: {found}")
        return found[0]

    def explain(self, query, *files):
        done = porch.run("rules", "explain", "--json", "--rules", porch.SOURCE / "rules",
                         "--rules", self.folder / "rules", *self.options(files), query)
        self.expect(0, done.code, done.err)
        return json.loads(done.out)

    def check(self, told, **fields):
        self.expect(fields, {key: told[key] for key in fields}, told)

    def refused(self, content, why, name="bad.mmdb"):
        file = self.file(name, content)
        done = porch.run("rules", "explain", "--geo", file, NOBODYS.address)
        self.expect(4, done.code, (why, done.err))
        self.assertIn(f"{name}: {why}", done.err)
        self.expect(b"", done.out, "standard output")

    # --- what publishers call it ---

    def test_the_number_its_operator_and_the_country_by_every_publishers_names(self):
        for files in ([self.geo(CITY, "city.mmdb"), self.geo(ASN, "asn.mmdb", size=28)],
                      [self.geo(LITE)], [self.geo(AS_FILE, size=32)], [self.geo(NESTED)]):
            self.check(self.explain(NOBODYS.address, *files), asn=64510, country="SE",
                       country_source="geo", organisation="Fibre of Ys", role="unknown")

    def test_a_file_of_ipv4_alone_and_the_network_it_speaks_of(self):
        told = self.explain(NOBODYS.address, self.geo(LITE, version=4))
        self.check(told, asn=64510)
        self.expect(["one.mmdb#geo"], [m["rule"] for m in told["matches"]], "matches")
        self.expect(True, told["matches"][0]["won"], "won")
        self.check(self.explain("2001:db8::1", self.geo(LITE, version=4)), asn=None)

    def test_ipv6(self):
        told = self.explain("2001:db8::7", self.geo({"2001:db8::/32": LITE}))
        self.check(told, asn=64510, country="SE")
        self.check(self.explain("2001:db9::7", self.geo({"2001:db8::/32": LITE})), asn=None)

    def test_of_two_files_the_later_holds_and_each_fills_in(self):
        first = self.geo({"198.51.100.0/24": {**ASN, "country_code": "NO"}}, "first.mmdb")
        second = self.geo({"198.51.100.0/25": CITY}, "second.mmdb")
        self.check(self.explain(NOBODYS.address, first, second), country="SE", asn=64510)
        self.check(self.explain(NOBODYS.address, second, first), country="NO", asn=64510)
        self.check(self.explain("198.51.100.200", first, second), country="NO")

    def test_what_is_no_code_is_no_country_and_what_is_no_number_no_network(self):
        for record in ({"country": "Sweden"}, {"country_code": "se"}, {"asn": "AS"},
                       {"asn": "AS1x"}, {"asn": 0}, {"asn": "AS4294967296"},
                       {"asn": (1 << 40)}, {"name": "Ys"}):
            self.check(self.explain(NOBODYS.address, self.geo(record)), country=None, asn=None,
                       organisation=None)

    # --- what the report tells ---

    def test_the_run_tells_each_file(self):
        home = Home()
        home.connects(5, NOBODYS)
        folder = self.folder / "far" / "away"
        folder.mkdir(parents=True)
        path = folder / "asn.mmdb"
        path.write_bytes(mmdb_bytes({"198.51.100.0/24": ASN}))
        run = self.replay(home, self.geo(CITY), path).run
        sums = [hashlib.sha256(file.read_bytes()).hexdigest()
                for file in (self.folder / "one.mmdb", path)]
        self.expect([{"file": "one.mmdb", "sha256": sums[0],
                      "built": "2026-11-01T00:00:00.000000Z"},
                     {"file": "asn.mmdb", "sha256": sums[1],
                      "built": "2026-11-01T00:00:00.000000Z"}], run["geo"], "geo")
        self.expect(["one.mmdb", "asn.mmdb"], run["options"]["geo"], "option geo")
        self.expect(["rules", "rules"], run["options"]["rules"], "option rules")

    def test_a_file_that_was_built_at_no_time_there_is(self):
        home = Home()
        home.connects(5, NOBODYS)
        run = self.replay(home, self.geo(CITY, built=1 << 60)).run
        self.expect(None, run["geo"][0]["built"], "built")

    def test_an_address_gets_country_and_number(self):
        home = Home()
        home.connects(5, NOBODYS)
        self.check(self.receiver(home, NOBODYS, self.geo(NESTED)), party="unknown", asn=64510,
                   country="SE", country_source="geo", organisation=None)

    # --- what goes before it ---

    def test_the_registered_country_goes_after_it_and_the_rules_number_before(self):
        self.rule(*rule_file("addresses/made-up.json",
                             rows=[{"id": "rows", "files": ["made-up.txt"]}]))
        self.rule("addresses/made-up.txt", "198.51.100.0/24 64444 US\n")
        self.check(self.explain(NOBODYS.address), country="US",
                   country_source="registration")
        self.check(self.explain(NOBODYS.address, self.geo(NESTED)), country="SE",
                   country_source="geo", asn=64444, organisation=None)

    def test_the_region_in_a_name_goes_before_it(self):
        home = Home()
        name = "s3.eu-west-1.amazonaws.com"
        home.asks(2, name, NOBODYS.address)
        home.connects(5, NOBODYS, name)
        self.check(self.receiver(home, NOBODYS, self.geo(CITY)), country="IE",
                   country_source="region-in-name")

    def test_what_is_announced_from_many_places_has_no_country(self):
        everywhere = {**LITE, "is_anycast": True}
        for records, query in (({"203.0.113.0/26": CITY}, CDN.address),  # so say the rules
                               ({"198.51.100.0/24": everywhere}, NOBODYS.address)):
            self.check(self.explain(query, self.geo(records)), country=None,
                       country_source=None)

    def test_owners_of_the_rules_stay(self):
        told = self.explain(PRESSLY.address, self.geo({"203.0.113.0/24": NESTED}))
        self.check(told, organisation="Pressly", asn=64502, country="SE", role="other")

    def test_a_number_the_rules_know_is_that_network(self):
        self.rule(*CLOUDY)
        told = self.explain(NOBODYS.address, self.geo(ASN))
        self.check(told, organisation="Vapour", role="cloud", asn=64510)
        self.expect([("clouds/vapour.json#net", True), ("one.mmdb#geo", False)],
                    [(m["rule"], m["won"]) for m in told["matches"]], "matches")

    def test_an_operator_contradicts_no_name(self):
        home = Home()
        home.connects(5, NOBODYS, MEDIA)
        self.check(self.receiver(home, NOBODYS, self.geo(ASN)), name=MEDIA, party="maker",
                   organisation="Doorvue Inc.", asn=64510)

    def test_a_maker_stays_the_maker_at_home_or_not(self):
        home = Home()
        home.talks(10, OWN, 41000)
        self.check(self.receiver(home, OWN, self.geo({"192.0.2.0/24": NESTED})), party="maker")

    # --- peers ---

    def test_an_address_of_households_or_phones_is_a_peer(self):
        for kind in ({"connection_type": "Cable/DSL"}, {"connection_type": "Cellular"},
                     {"traits": {"user_type": "residential"}}, {"usage_type": "MOB"},
                     {"asn": "AS64510", "type": "isp"}, {"is_mobile": True}):
            home = Home()
            home.talks(10, NOBODYS, 41000)
            self.check(self.receiver(home, NOBODYS, self.geo(kind)), party="peer", could_be=[],
                       organisation=None)

    def test_an_address_of_companies_says_nothing(self):
        for kind in ({"connection_type": "Corporate"}, {"user_type": "business"}, CITY, ASN):
            home = Home()
            home.talks(10, NOBODYS, 41000)
            self.check(self.receiver(home, NOBODYS, self.geo(kind)), party="unknown",
                       could_be=["peer", "relay"], organisation=None)

    def test_an_address_of_a_hosting_company_is_no_peer_even_after_a_meeting(self):
        for kind in ({"user_type": "hosting"}, {"is_hosting_provider": True},
                     {"hosting": "true"}, {"usage_type": "CDN"},
                     {"connection_type": "Cable/DSL", "user_type": "hosting"}):
            home = Home()
            home.meets(1)
            home.talks(10, NOBODYS, 41000)
            self.check(self.receiver(home, NOBODYS, self.geo(kind)), party="unknown")

    def test_ports_of_servers_are_no_peers_in_any_network(self):
        for port in (443, 3478, 4500):
            home = Home()
            home.talks(10, NOBODYS, port)
            self.check(self.receiver(home, NOBODYS, self.geo(NESTED)), party="unknown",
                       could_be=["peer", "relay"])

    def test_a_cloud_of_the_rules_is_none_whatever_a_file_says(self):
        home = Home()
        home.talks(10, CDN, 41000)
        self.check(self.receiver(home, CDN, self.geo({"203.0.113.0/24": NESTED})), party="cloud")
        home = Home()
        home.talks(10, HOMELINE, 41000)
        self.check(self.receiver(home, HOMELINE, self.geo({"203.0.113.0/24": ASN})),
                   party="peer", asn=64503)

    # --- what is refused ---

    def test_what_is_no_database_is_refused(self):
        self.refused(b"", "is no address database in the MaxMind DB format")
        self.refused(b"country,asn\n" * 999, "is no address database in the MaxMind DB format")
        done = porch.run("rules", "explain", "--geo", self.folder, NOBODYS.address)
        self.expect(4, done.code, done.err)
        done = porch.run("rules", "explain", "--geo", self.folder / "none.mmdb", "192.0.2.1")
        self.expect(4, done.code, done.err)
        self.assertIn("none.mmdb: No such file", done.err)

    def test_nothing_is_read_of_captures_then(self):
        bad = self.file("bad.mmdb", b"bad")
        done = porch.run("replay", "--geo", bad, self.file("no.pcap", b""))
        self.expect(4, done.code, done.err)

    def test_deep_and_endless_metadata_are_refused(self):
        body = mmdb_bytes({"198.51.100.0/24": CITY}).split(MARK)[0]
        why = "its metadata are damaged, too deep or too large"
        self.refused(body + MARK + control(7, 1) + value("a") + control(11, 1) * 60_000, why)
        self.refused(body + MARK + control(7, 1) + value("a") + pointer(3), why)
        self.refused(body + MARK + control(11, 40_000) + value(1) * 40_000, why)

    def test_damaged_records_are_refused(self):
        why = "a record of it is damaged, too deep or too large"
        key = value("country")
        for record in (control(7, 1) + key,  # the value lies past the end
                       control(7, 1) + control(6, 1) + b"\1" + value("x"),  # no text for a key
                       control(7, 1) + key + pointer(1 << 30),
                       control(7, 1) + key + pointer(0),  # itself, again and again
                       control(7, 1) + key + control(2, 70_000),
                       control(7, 1) + key + control(6, 5) + bytes(5),
                       control(7, 1) + key + bytes([0, 9]),  # a type there is not
                       control(7, 1) + key + control(11, 1) * 100_000 + value(1),
                       control(11, 5000) + value(1) * 5000):
            self.refused(mmdb_bytes({"198.51.100.0/24": record}), why)

    def test_values_that_multiply_are_refused(self):
        layers, at = b"", [0]
        layers += control(11, 16) + value(1) * 16
        for _ in range(12):
            here = len(layers)
            layers += control(11, 16) + pointer(at[-1]) * 16
            at.append(here)
        self.refused(mmdb_bytes({"198.51.100.0/24": pointer(at[-1])}, before=layers),
                     "a record of it is damaged, too deep or too large")

    def test_a_damaged_tree_is_refused(self):
        whole = bytearray(mmdb_bytes({"198.51.100.0/24": CITY}))
        whole[300:303] = b"\xff\xff\xff"
        self.refused(bytes(whole), "its search tree is damaged")

    def test_every_beginning_of_a_file_and_every_damage_ends_well(self):
        whole = mmdb_bytes({"198.51.100.0/24": NESTED, "2001:db8::/32": LITE})
        dice = random.Random(3)
        cuts = [whole[:at] for at in range(0, len(whole), 97)]
        for _ in range(120):
            hurt = bytearray(whole)
            for _ in range(dice.randrange(1, 4)):
                hurt[dice.randrange(len(hurt))] ^= 1 << dice.randrange(8)
            cuts.append(bytes(hurt))
        for i, content in enumerate(cuts):
            done = porch.run("rules", "explain", "--rules", self.folder / "rules", "--geo",
                             self.file("hurt.mmdb", content), NOBODYS.address)
            self.assertIn(done.code, (0, 4), (i, done.err))


if __name__ == "__main__":
    porch.main()
