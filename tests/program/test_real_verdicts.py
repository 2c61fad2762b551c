#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What recorded captures show, and what they do not (their manifest says how it is known)."""
import porch

PHONE_OUTSIDE = "130.104.214.55"
PHONE_INSIDE = "192.168.1.222"
XIAOMI = "192.168.1.161"
DLINK = "192.168.1.115"
YI = "192.168.10.204"

NEGATIVES = (
    "shfw/philips-hue__no-firewall__lan.pcap", "shfw/tplink-plug__no-firewall__wan.pcap",
    "shfw/smartthings-hub__no-firewall__wan.pcap", "shfw/tuya-motion__no-firewall__wan.pcap",
    "iot_sentinel/D-LinkCam__Setup-A-2-STA.pcap", "iot_sentinel/EdimaxCam1__Setup-A-1-STA.pcap",
    "iot_sentinel/EdnetCam1__Setup-A-1-STA.pcap", "iot_sentinel/HueBridge__Setup-A-1-STA.pcap",
    "iot_sentinel/Lightify__Setup-C-1-STA.pcap", "iot_sentinel/TP-LinkPlugHS110__Setup-A-1-STA.pcap",
    "iot_sentinel/WeMoSwitch__Setup-A-1-STA.pcap", "iot_sentinel/Withings__Setup-A-1-STA.pcap",
    "ndpi/nest_log_sink.pcap", "ndpi/alexa-app.pcapng", "ndpi/telegram_videocall.pcapng",
    "ndpi/zoom_p2p.pcapng", "ndpi/wa_video.pcap", "ndpi/stun_dtls_rtp.pcapng",
    "ndpi/stun_google_meet.pcapng", "ndpi/youtubeupload.pcap", "ndpi/rtsp.pcap",
    "ndpi/tplink_shp.pcap", "ndpi/tuya_lp.pcap", "ndpi/fuzz-2006-06-26-2594.pcap",
    "iot-inspector/src__tests__data__application_data.pcap", "zeek/webrtc-stun.pcap",
)


def brief(records, episodes):
    """Episodes as lines, for messages."""
    lines = []
    for e in episodes:
        to = records.destination(e["destination"]) if e["destination"] else {}
        lines.append(f"{e['start']} {e['duration_s']} s {e['bytes_up']} up "
                     f"to {to.get('name') or to.get('addresses')} {to.get('party')} "
                     f"{e['footage']} {e['content']} {e['shape']}")
    return "\n" + "\n".join(lines)


class Verdicts(porch.Test):
    def read(self, name, *arguments):
        return porch.replay(*arguments, *porch.public(name))

    def counted_of(self, records, address):
        device = records.device(address)
        return [e for e in records.counted() if e["device"] == device["id"]]

    def to_peer(self, records, address):
        """Counted episodes to the phone's public address, each checked to say `peer`."""
        found = []
        for episode in self.counted_of(records, address):
            to = records.destination(episode["destination"])
            if PHONE_OUTSIDE in to["addresses"]:
                self.expect("peer", to["party"], f"party of {PHONE_OUTSIDE}")
                found.append(episode)
        return found

    def check_headline(self, records):
        counted = records.counted()
        self.expect(len(counted), records.summary["footage_episodes"], "episodes of the headline")
        self.expect(sum(e["bytes_up"] for e in counted), records.summary["footage_bytes_up"],
                    "bytes of the headline")

    def check_viewings(self, records, address, runs, least, most):
        found = self.to_peer(records, address)
        self.assertEqual(runs, len(found), f"viewing runs to the peer, of these counted:"
                         f"{brief(records, self.counted_of(records, address))}")
        sent = sum(e["bytes_up"] for e in found)
        self.assertTrue(least <= sent <= most, f"expected {least} to {most} bytes to the phone, "
                        f"came {sent}:{brief(records, found)}")
        self.expect("seen", records.summary["answer"], "answer")
        self.check_headline(records)

    def test_xiaomi_sends_footage_to_the_phone_outside_in_eight_runs(self):
        records = self.read("shfw/xiaomi-cam__no-firewall__wan.pcap")
        self.check_viewings(records, XIAOMI, 8, 4_900_000, 5_400_000)
        self.assertEqual(8, len(self.counted_of(records, XIAOMI)), "nothing else is footage:" +
                         brief(records, self.counted_of(records, XIAOMI)))

    def test_the_phones_own_upload_is_no_cameras_footage(self):
        for arguments in ([], ["--all-devices"]):
            records = self.read("shfw/xiaomi-cam__no-firewall__wan.pcap", *arguments)
            self.assertNotIn(records.device(PHONE_INSIDE)["kind"], ("camera", "doorbell"))
            self.assertEqual([], self.counted_of(records, PHONE_INSIDE),
                             brief(records, self.counted_of(records, PHONE_INSIDE)))

    def test_rendezvous_and_keep_alive_are_no_footage(self):
        records = self.read("shfw/xiaomi-cam__no-firewall__wan.pcap", "--all-devices")
        quiet = {"110.43.39.53", "110.43.68.154", "42.157.165.251", "120.92.145.133"}
        for episode in self.counted_of(records, XIAOMI):
            to = records.destination(episode["destination"])
            self.assertFalse(quiet & set(to["addresses"]), brief(records, [episode]))

    def test_dlink_sends_footage_to_the_phone_outside_in_one_run(self):
        records = self.read("shfw/dlink-cam__no-firewall__wan.pcap")
        self.check_viewings(records, DLINK, 1, 1_000_000, 1_250_000)

    def test_dlinks_relay_is_told_beside_the_peer(self):
        records = self.read("shfw/dlink-cam__no-firewall__wan.pcap")
        device = records.device(DLINK)
        relays = [d for d in records.destinations_of(device)
                  if d["name"] and d["name"].startswith("mp-eu-sas")]
        self.assertTrue(relays, "no destination for the relay among " +
                        ", ".join(str(d["name"]) for d in records.destinations_of(device)))
        self.expect("maker", relays[0]["party"], "party of the relay")

    def test_dlinks_stream_goes_on_from_the_relay_to_the_phone(self):
        records = self.read("shfw/dlink-cam__no-firewall__wan.pcap")
        peer = self.to_peer(records, DLINK)[0]
        self.assertTrue(peer["sequence"], "the same RTP stream went to the relay first")
        relay = next(e for e in records.episodes if e["id"] == peer["sequence"])
        self.expect("http", relay["transport"], "a clear WebSocket")
        self.assertTrue(set(relay["parts"]) & set(peer["parts"]), (relay["parts"], peer["parts"]))
        self.assertTrue(any(e["rule"] == "models/content.json#goes-on" for e in peer["evidence"]))
        self.expect(True, peer["live_view"], "somebody watched")

    def test_keep_alives_do_not_stretch_xiaomis_video(self):
        records = self.read("shfw/xiaomi-cam__no-firewall__wan.pcap")
        for episode in self.to_peer(records, XIAOMI):
            self.assertLess(episode["duration_s"], 15, brief(records, [episode]))
            self.expect(True, episode["live_view"], "somebody watched")

    def test_a_log_sink_is_sent_messages(self):
        records = self.read("ndpi/nest_log_sink.pcap", "--all-devices")
        told = [e for e in records.episodes
                if (records.destination(e["destination"])["name"] or "").startswith("weave-log")]
        self.assertTrue(told, brief(records, records.episodes))
        for episode in told:
            self.expect(("metadata", "no"), (episode["content"], episode["footage"]),
                        brief(records, [episode]))

    def test_what_stays_inside_is_told_as_local(self):
        for name in ("ndpi/tplink_shp.pcap", "ndpi/tuya_lp.pcap", "ndpi/rtsp.pcap"):
            records = self.read(name, "--all-devices")
            self.expect({"local"}, {d["party"] for d in records.destinations}, name)
            self.expect(0, sum(d["bytes_up"] for d in records.devices), f"bytes out in {name}")

    def check_local_stream(self, name, address, phone, least):
        records = self.read(name, "--device", address)
        device = records.device(address)
        local = {d["id"] for d in records.destinations_of(device)
                 if d["party"] == "local" and phone in d["addresses"]}
        self.assertTrue(local, f"no local destination {phone}")
        sent = sum(d["bytes_up"] for d in records.destinations if d["id"] in local)
        self.assertGreaterEqual(sent, least, f"bytes to {phone} that stayed inside")
        for episode in records.counted():
            self.assertNotIn(episode["destination"], local, brief(records, [episode]))
        self.check_headline(records)
        return records

    def test_xiaomis_stream_to_the_phone_inside_is_local(self):
        records = self.check_local_stream("shfw/xiaomi-cam__no-firewall__wlan2.4.pcap", XIAOMI,
                                          PHONE_INSIDE, 9_000_000)
        self.assertTrue(self.to_peer(records, XIAOMI), "the viewing from outside is told too")

    def test_dlinks_stream_to_the_phone_inside_is_local(self):
        records = self.check_local_stream("shfw/dlink-cam__no-firewall__wlan2.4.pcap", DLINK,
                                          PHONE_INSIDE, 1_000_000)
        self.assertTrue(self.to_peer(records, DLINK), "the viewing from outside is told too")

    def test_nothing_but_rendezvous_leaves_the_yi_camera(self):
        records = self.check_local_stream("intl-iot/model__yi_camera_sample.pcap", YI,
                                          "192.168.10.248", 800_000)
        self.assertEqual([], records.counted(), brief(records, records.counted()))
        self.assertNotEqual("seen", records.summary["answer"], records.summary)
        remotes = {a for d in records.destinations_of(records.device(YI))
                   if d["party"] != "local" for a in d["addresses"]}
        self.expect({"47.88.59.209", "47.90.240.160", "47.74.255.9"}, remotes,
                    "who is spoken to outside")

    def test_negatives_show_no_footage(self):
        for name in NEGATIVES:
            for arguments in ([], ["--all-devices"]):
                with self.subTest(capture=name, arguments=arguments):
                    records = self.read(name, *arguments)
                    self.assertEqual([], records.counted(), brief(records, records.counted()))
                    self.expect(0, records.summary["footage_bytes_up"], "footage bytes")
                    self.assertNotEqual("seen", records.summary["answer"], records.summary)

    def test_fail_on_footage_follows_the_headline(self):
        for name, code in (("shfw/xiaomi-cam__no-firewall__wan.pcap", 10),
                           ("intl-iot/model__yi_camera_sample.pcap", 0)):
            result = porch.run("replay", "--quiet", "--fail-on", "footage", *porch.public(name))
            self.expect(code, result.code, f"status of --fail-on footage on {name}")

    def test_every_verdict_shows_its_working(self):
        records = self.read("shfw/xiaomi-cam__no-firewall__wan.pcap")
        for record in records.counted() + records.findings:
            self.assertTrue(record["evidence"], f"no evidence: {record}")
        for episode in records.counted():
            self.assertTrue(any(e["rule"] for e in episode["evidence"]), episode["evidence"])


if __name__ == "__main__":
    porch.public()
    porch.main()
