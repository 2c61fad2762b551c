# SPDX-License-Identifier: Apache-2.0
"""Lines of a home that does not exist, as the process that counts tells them to the page."""
import datetime
import json
import os
import socket
import subprocess
import time

PAGE = os.environ.get("PORCHLIGHT_PAGE", "build/dev/porchlight-page")
FRONT, SIDE, STUDIO = "d1100000000000001", "d1100000000000002", "d1100000000000003"
SKYFOLD, PHONE, METRICLY, NOBODY = ("r2200000000000001", "r2200000000000002", "r2200000000000003",
                                    "r2200000000000004")
VERY_LIKELY = {"word": "very likely", "range": [90, 99], "calibrated": True}
LIKELY = {"word": "likely", "range": [66, 90], "calibrated": True}


def stamp(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ")


class Home:
    """Three doorbells.  Its clock is the machine's, or begins at a moment it was given."""

    def __init__(self, boot="00c0ffee00c0ffee", start=None):
        self.boot, self.event = boot, 0
        self.start = time.time() if start is None else start
        self.now = self.start
        self.names = {FRONT: "Front door", SIDE: "Side gate", STUDIO: "Studio entrance"}
        self.open = {}
        self.rates = {}
        self.today = {device: [0, 0, 0] for device in self.names}
        self.last = {}
        self.state = None
        self.blind = False

    def line(self, kind_, /, **members):
        record = {"schema": "porchlight/1", "type": kind_, "boot": self.boot}
        if kind_ != "state":
            self.event += 1
            record["event"] = self.event
        record.update(members)
        return json.dumps(record, ensure_ascii=False).encode() + b"\n"

    def device(self, device, **members):
        record = {
            "id": device, "mac": "02:00:5e:10:00:0" + device[-1], "mac_randomised": True,
            "addresses": ["192.168.7.2" + device[-1]], "was": None,
            "hostname": "doorbell-" + device[-1], "label": self.names[device], "vendor": "doorvue",
            "vendor_name": "Doorvue", "product": "Doorvue One",
            "kind": "camera" if device == SIDE else "doorbell", "watched": True,
            "named_by_user": False, "confidence": 0.93, "evidence": [],
            "first_seen": stamp(self.start), "last_seen": stamp(self.now),
            "bytes_up": self.today[device][0], "bytes_down": 0, "bytes_local": 0,
            "detection_floor_bytes": 24000, "ledger": {}}
        record.update(members)
        return self.line("device", **record)

    def destination(self, to, device, name, organisation, party, country, sent, footage):
        return self.line("destination", id=to, device=device, name=name,
                         name_source="sni" if name else "none", candidates=[], aliases=[],
                         addresses=["198.51.100." + to[-1]], ports=[443], transports=["tcp"],
                         protocols=["tls"], advice=[], risks=[], party=party, could_be=[], role=party,
                         organisation=organisation, on_behalf_of=None, asn=None, country=country,
                         country_source="registration" if country else None, region=None,
                         purposes=[], rule=None, confidence=0.9, bytes_up=sent, bytes_down=0,
                         packets_up=1, packets_down=1, first_seen=stamp(self.start),
                         last_seen=stamp(self.now), footage_bytes_up=footage, episodes=1, new=None,
                         folded=0)

    def episode(self, episode, device, to, start, lasted, sent, content="video", footage="yes",
                open_=False, likelihood=None, live_view=None):
        return self.line("episode", id=episode, device=device, destination=to, input=0,
                         shape="stream", content=content, could_be=[], footage=footage,
                         probability=0.93, p_footage=0.95, probabilities={},
                         likelihood=likelihood or VERY_LIKELY, evidence_strength="strong",
                         start=stamp(start), end=stamp(start + lasted), duration_s=lasted,
                         bytes_up=sent, bytes_down=0, packets_up=1, mean_kbps_up=1, peak_kbps_up=1,
                         transport="tls", live_view=live_view, parts=[], sequence=None, flows=[],
                         evidence=[], limits=[], open=open_)

    def notice(self, kind, device, to, sentence="", episode=None):
        return self.line("notice", time=stamp(self.now), kind=kind, device=device, destination=to,
                         episode=episode, sentence=sentence)

    def gap(self, start, lasted, reason="interface br-lan was gone"):
        return self.line("gap", start=stamp(start), end=stamp(start + lasted), reason=reason,
                         worker=False)

    def upload(self, start, sent, episode="e3300000000000001", content="video", footage="yes",
               end=None, organisation="Skyfold Cloud"):
        return {"id": episode, "start": stamp(start), "end": None if end is None else stamp(end),
                "bytes_up": sent, "content": content, "footage": footage,
                "likelihood": VERY_LIKELY if footage == "yes" else None,
                "organisation": organisation, "party": "cloud", "destination": SKYFOLD}

    def activity(self, device):
        if device not in self.open:
            return "quiet"
        if self.open[device]["footage"] != "yes":
            return "cannot-tell"
        return "sending" if self.rates.get(device) else "ended-maybe"

    def tell_state(self):
        acts = [self.activity(device) for device in self.names]
        order = ["sending", "ended-maybe", "cannot-tell", "quiet"]
        state = "blind" if self.blind else min(acts, key=order.index)
        devices = [{
            "id": device, "name": name, "kind": "camera" if device == SIDE else "doorbell",
            "vendor_name": "Doorvue", "state": self.activity(device), "sentence": "",
            "bytes_up_today": self.today[device][0], "footage_bytes_today": self.today[device][1],
            "footage_episodes_today": self.today[device][2],
            "rate_kbps": [self.rates.get(device, 0)] * 4, "open": self.open.get(device),
            "last": self.last.get(device)} for device, name in self.names.items()]
        sums = [sum(t[i] for t in self.today.values()) for i in range(3)]
        counters = {"received": 1200345, "processed": 1200331, "undecoded": 2, "filtered": 0,
                    "deduplicated": 0, "dropped": 12, "implausible": 0, "implausible_bytes": 0,
                    "duplicates": 0, "evicted": 0, "undirected": 0, "undirected_bytes": 0,
                    "refused": 0, "clock_steps": 0, "odd_times": 0, "flows": 90}
        return self.line("state", time=stamp(self.now), state=state, sentence="",
                         watched_since=stamp(self.start), bytes_up_today=sums[0],
                         footage_bytes_today=sums[1], footage_episodes_today=sums[2],
                         counters=counters, gaps=1, rules_rev=4,
                         interfaces=[{"name": "br-lan", "up": not self.blind}],
                         limits=["There is no inspection library to ask what flows are."],
                         devices=devices)


class Page:
    """porchlight-page at a port of loopback, and the other end of its socket."""

    def __init__(self, port, *options, address="127.0.0.1", stderr=None):
        ours, its = socket.socketpair()
        self.lines = ours
        self.address, self.port = address, port

        def at_three():
            os.dup2(its.fileno(), 3)

        shown = f"[{address}]" if ":" in address else address
        self.process = subprocess.Popen(
            [PAGE, "--page", f"{shown}:{port}", *options], preexec_fn=at_three, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)
        its.close()

    def tell(self, *lines):
        for line in lines:
            self.lines.sendall(line)

    def heard(self, seconds=2):
        """The next command, or None."""
        self.lines.settimeout(seconds)
        try:
            return json.loads(self.lines.recv(65536).decode())
        except (TimeoutError, json.JSONDecodeError):
            return None

    def wait(self, seconds=10):
        """Until it answers."""
        host = "127.0.0.1" if self.address == "0.0.0.0" else self.address
        end = time.time() + seconds
        while time.time() < end:
            try:
                socket.create_connection((host, self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        raise AssertionError(f"porchlight-page does not answer: {self.process.poll()}")

    def memory(self):
        """KiB that only this process has in memory."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))

    def close(self):
        self.lines.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


WEST = "Etc/GMT+12"  # half a day behind


def today():
    """Options of a page, and when its day began: before noon half a day west, so that what
    happened in the last hours is of today at any hour that the tests are run."""
    west = time.gmtime().tm_hour < 12 and os.path.exists(f"/usr/share/zoneinfo/{WEST}")
    ahead = -43200 if west else 0
    return ("--time-zone", WEST) if west else (), (time.time() + ahead) // 86400 * 86400 - ahead


def free_port(address="127.0.0.1"):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def a_day(home):
    """Half a day in which much happened, the last second of it being now."""
    t = home.now
    home.start = t - 6 * 3600
    home.today = {FRONT: [231e6, 214e6, 21], SIDE: [68e6, 59e6, 5], STUDIO: [101e6, 92e6, 7]}
    home.today = {d: [int(n) for n in v] for d, v in home.today.items()}
    home.last = {FRONT: home.upload(t - 540, 7400000, end=t - 512)}
    yield home.line("run", version="0.1.0")
    for device in home.names:
        yield home.device(device)
    yield home.destination(SKYFOLD, FRONT, "clips.skyfold.example", "Skyfold Cloud", "cloud", "US",
                           306000000, 304000000)
    yield home.destination(PHONE, SIDE, None, None, "peer", "NL", 59000000, 59000000)
    yield home.destination(METRICLY, FRONT, "t.metricly.example", "Metricly", "tracker", "US",
                           900000, 0)
    yield home.destination(NOBODY, STUDIO, None, None, "unknown", None, 120000, 0)
    yield home.gap(t - 5 * 3600, 240)
    yield home.episode("e3300000000000001", STUDIO, SKYFOLD, t - 7300, 41.2, 9900000)
    yield home.episode("e3300000000000002", SIDE, PHONE, t - 5200, 190.0, 38000000, live_view=True,
                       likelihood=LIKELY)
    yield home.episode("e3300000000000003", FRONT, SKYFOLD, t - 2400, 2.1, 210000, "picture",
                       likelihood=LIKELY)
    yield home.episode("e3300000000000004", STUDIO, NOBODY, t - 1500, 4.0, 90000, "unknown",
                       "cannot-tell")
    home.now = t - 1300
    yield home.notice("tracker", FRONT, METRICLY)
    home.now = t - 900
    yield home.notice("new-receiver", SIDE, PHONE)
    home.now = t
    yield home.episode("e3300000000000005", FRONT, SKYFOLD, t - 540, 28.3, 7400000)
