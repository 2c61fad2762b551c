# SPDX-License-Identifier: Apache-2.0
"""A home of network namespaces, with a line to a cloud that is a namespace too.

    device ... device      each: eth0 with the maker's MAC, a lease from dnsmasq
         \\      /
          br-lan           namespace LAB-r: the router; what is recorded is br-lan
            |              HTB: a rate for each device's uplink; nftables: its loss
           wan
            |              namespace LAB-f: forwarder.py, the delay of each remote
          eth0             namespace LAB-c: nginx, mosquitto, cloud.py; 10.64/10 is local to it

No namespace has a way out.  Addresses are private; rewrite.py makes them public ones.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from receivers import address6

HERE = pathlib.Path(__file__).resolve().parent
ROUTER_MAC = "02:00:5e:10:00:01"
LAN, LAN6 = "192.168.7", "fd07:7:7:7"
NEEDED = {"ip": "iproute2", "tc": "iproute2", "nft": "nftables", "ethtool": "ethtool",
          "dnsmasq": "dnsmasq-base", "nginx": "nginx-light", "mosquitto": "mosquitto",
          "tcpdump": "tcpdump", "udhcpc": "udhcpc", "ffmpeg": "ffmpeg", "curl": "curl",
          "openssl": "openssl", "zstd": "zstd"}


def missing():
    """What this machine lacks to record, in words; empty when nothing."""
    lacking = sorted({package for tool, package in NEEDED.items() if not shutil.which(tool)})
    if os.geteuid() != 0:
        lacking.insert(0, "root")
    try:
        import aiortc  # noqa: F401
    except ImportError:
        lacking.append("python3-aiortc")
    return lacking


def run(*words, check=True):
    return subprocess.run([str(word) for word in words], check=check, capture_output=True,
                          text=True)


class House:
    """Builds, runs and takes down one home.  name: at most 6 letters, one per recording."""

    def __init__(self, name, folder, seed):
        self.name, self.folder, self.seed = name, pathlib.Path(folder), seed
        self.folder.mkdir(parents=True, exist_ok=True)
        self.processes, self.spaces, self.devices = [], [], []

    # --- namespaces ---

    def space(self, part):
        """Makes the namespace of a part, with its loopback up."""
        space = f"{self.name}-{part}"
        run("ip", "netns", "del", space, check=False)
        run("ip", "netns", "add", space)
        self.spaces.append(space)
        folder = pathlib.Path("/etc/netns") / space
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "resolv.conf").write_text(f"nameserver {LAN}.1\noptions timeout:2\n")
        self.within(part, "ip", "link", "set", "lo", "up")
        return space

    def within(self, part, *words, check=True):
        return run("ip", "netns", "exec", f"{self.name}-{part}", *words, check=check)

    def start(self, part, *words, log=None, **options):
        """Starts a process in a namespace; close() ends it."""
        out = open(self.folder / f"{log or words[0]}.log", "ab")
        process = subprocess.Popen(
            ["ip", "netns", "exec", f"{self.name}-{part}", *[str(word) for word in words]],
            stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True, **options)
        self.processes.append(process)
        return process

    def cable(self, part, inner, other, outer, offload=False):
        """A veth pair between two namespaces; without offload frames are what a NIC sends."""
        run("ip", "link", "add", inner, "netns", f"{self.name}-{part}", "type", "veth", "peer",
            "name", outer, "netns", f"{self.name}-{other}")
        for where, what in ((part, inner), (other, outer)):
            if not offload:
                self.within(where, "ethtool", "-K", what, "tso", "off", "gso", "off", "gro",
                            "off", "tx", "off", "rx", "off")
            self.within(where, "ip", "link", "set", what, "up")

    # --- the parts ---

    def build(self, names, receivers6=()):
        """names: {host name: private address}, what dnsmasq answers; receivers6: the names that
        have an IPv6 address too."""
        for part in "rfc":
            self.space(part)
        self.cable("r", "wan", "f", "home")
        self.cable("f", "cloud", "c", "eth0")
        self.router(names, receivers6)
        self.cloud()
        self.start("f", "/usr/bin/python3", HERE / "forwarder.py", self.seed, "home", "cloud",
                   log="forwarder")

    def router(self, names, receivers6):
        w = lambda *words: self.within("r", *words)  # noqa: E731
        w("ip", "link", "add", "br-lan", "address", ROUTER_MAC, "type", "bridge", "stp_state",
          "0", "forward_delay", "0")
        w("ethtool", "-K", "br-lan", "tx", "off", "gro", "off")
        for key in ("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                    "net.ipv4.conf.all.send_redirects=0"):
            w("sysctl", "-qw", key)
        w("ip", "link", "set", "br-lan", "up")
        w("ip", "addr", "add", f"{LAN}.1/24", "dev", "br-lan")
        w("ip", "addr", "add", f"{LAN6}::1/64", "dev", "br-lan", "nodad")
        w("ip", "addr", "add", "10.63.0.1/30", "dev", "wan")
        w("ip", "addr", "add", "fd63::1/64", "dev", "wan", "nodad")
        w("ip", "route", "add", "default", "via", "10.63.0.2")
        w("ip", "route", "add", "default", "via", "fd63::2")
        w("tc", "qdisc", "add", "dev", "wan", "root", "handle", "1:", "htb", "default", "1")
        w("tc", "class", "add", "dev", "wan", "parent", "1:", "classid", "1:1", "htb", "rate",
          "100mbit")
        w("nft", "add table inet lab; add chain inet lab rate { type filter hook postrouting "
          "priority 0; }; add chain inet lab loss { type filter hook forward priority 0; }")
        hosts = [f"host-record={name},{address}" + (
            f",{address6(address)}" if name in receivers6 else "")
            for name, address in names.items()]
        (self.folder / "dnsmasq.conf").write_text("\n".join([*hosts, "local-ttl=60", ""]))
        self.start("r", "dnsmasq", "-k", f"--conf-file={self.folder}/dnsmasq.conf", "-i",
                   "br-lan", "--no-hosts", "--no-resolv", "--bind-interfaces", "--user=root",
                   "--dhcp-authoritative", "--no-ping", "--enable-ra",
                   f"--dhcp-range={LAN}.10,{LAN}.250,12h", f"--dhcp-range={LAN6}::,ra-stateless",
                   f"--dhcp-leasefile={self.folder}/leases",
                   f"--dhcp-hostsfile={self.folder}/hosts.dhcp", "--pid-file=", log="dnsmasq")

    def cloud(self):
        w = lambda *words: self.within("c", *words)  # noqa: E731
        w("ip", "addr", "add", "10.63.0.2/30", "dev", "eth0")
        w("ip", "addr", "add", "fd63::2/64", "dev", "eth0", "nodad")
        w("ip", "route", "add", "local", "10.64.0.0/10", "dev", "lo")
        w("ip", "route", "add", "local", "fd64::/64", "dev", "lo")
        w("sysctl", "-qw", "net.ipv6.ip_nonlocal_bind=1")
        w("ip", "route", "add", f"{LAN}.0/24", "via", "10.63.0.1")
        w("ip", "route", "add", f"{LAN6}::/64", "via", "fd63::1")
        w("tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "200mbit", "burst", "64k",
          "latency", "200ms")
        self.certificate()
        web = self.folder / "web"
        (web / "put").mkdir(parents=True, exist_ok=True)
        for kilobytes in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384):
            (web / str(kilobytes)).write_bytes(os.urandom(kilobytes * 1024))
        (self.folder / "nginx.conf").write_text(
            (HERE / "nginx.conf").read_text().replace("FOLDER", str(self.folder)))
        (self.folder / "mosquitto.conf").write_text(
            f"listener 8883\nallow_anonymous true\ncertfile {self.folder}/chain.pem\n"
            f"keyfile {self.folder}/key.pem\nuser root\n")
        self.start("c", "nginx", "-e", f"{self.folder}/nginx.log", "-c",
                   f"{self.folder}/nginx.conf", log="nginx")
        self.start("c", "mosquitto", "-c", f"{self.folder}/mosquitto.conf", log="mosquitto")
        self.start("c", "/usr/bin/python3", HERE / "cloud.py", self.folder / "chain.pem",
                   self.folder / "key.pem", self.control, log="cloud")

    @property
    def control(self):
        return self.folder / "control"

    def certificate(self):
        """A leaf and the authority that signed it: about as long as real chains are."""
        f = self.folder
        if (f / "chain.pem").exists():
            return
        subject = "/C=ZZ/O=Porchlight Lab, nothing of this is real/CN="
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout",
            f / "ca.key", "-out", f / "ca.pem", "-subj", subject + "Authority")
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f / "key.pem", "-out",
            f / "leaf.csr", "-subj", subject + "cloud.example")
        run("openssl", "x509", "-req", "-in", f / "leaf.csr", "-CA", f / "ca.pem", "-CAkey",
            f / "ca.key", "-set_serial", "7", "-days", "30", "-out", f / "leaf.pem")
        (f / "chain.pem").write_text((f / "leaf.pem").read_text() + (f / "ca.pem").read_text())

    # --- devices ---

    def device(self, number, device):
        """Plugs a device in: {mac, hostname, vendor_class, mtu, uplink_kbps, loss_permille}."""
        part, address = f"d{number}", f"{LAN}.{10 + number}"
        self.space(part)
        self.cable(part, "eth0", "r", f"port{number}", device.get("offload", False))
        w = lambda *words: self.within(part, *words)  # noqa: E731
        w("sysctl", "-qw", f"net.ipv6.conf.eth0.disable_ipv6={0 if device.get('ipv6') else 1}",
          "net.ipv4.tcp_ecn=0", "net.ipv4.tcp_timestamps=%d" % device.get("timestamps", 0))
        w("ip", "link", "set", "eth0", "down")
        w("ip", "link", "set", "eth0", "address", device["mac"], "mtu", device.get("mtu", 1500))
        w("ip", "link", "set", "eth0", "up")
        self.within("r", "ip", "link", "set", f"port{number}", "master", "br-lan")
        self.within("r", "tc", "qdisc", "add", "dev", f"port{number}", "root", "tbf", "rate",
                    "%dkbit" % device.get("downlink_kbps", 30000), "burst", "32k", "latency",
                    "300ms")
        self.line(number, address, device)
        device.update(part=part, address=address, space=f"{self.name}-{part}",
                      address6=slaac(device["mac"]))
        self.devices.append(device)
        return device

    def line(self, number, address, device):
        """The uplink of one device: its rate behind the bridge, its loss both ways."""
        rate, klass = device.get("uplink_kbps", 20000), f"1:{number + 16:x}"
        self.within("r", "tc", "class", "add", "dev", "wan", "parent", "1:", "classid", klass,
                    "htb", "rate", f"{rate}kbit")
        self.within("r", "tc", "qdisc", "add", "dev", "wan", "parent", klass, "bfifo", "limit",
                    max(24000, rate * 30))
        self.within("r", "nft", f"add rule inet lab rate meta oifname wan ip saddr {address} "
                    f"meta priority set {klass}")
        if device.get("ipv6"):
            self.within("r", "nft", f"add rule inet lab loss ether saddr {device['mac']} "
                        f"meta mark set {number + 16}; add rule inet lab rate meta mark "
                        f"{number + 16} meta priority set {klass}")
        if device.get("loss_permille"):
            for way in ("saddr", "daddr"):
                self.within("r", "nft", f"add rule inet lab loss ip {way} {address} "
                            f"numgen random mod 1000 < {device['loss_permille']} drop")

    def leases(self):
        """Every device asks for its lease, as it would after power came back."""
        (self.folder / "hosts.dhcp").write_text(
            "".join(f"{d['mac']},{d['address']}\n" for d in self.devices))
        for process in self.processes:
            if "dnsmasq" in process.args:
                process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        for device in self.devices:
            words = ["udhcpc", "-i", "eth0", "-n", "-q", "-f", "-s", HERE / "udhcpc.sh", "-t",
                     "6", "-T", "1"]
            if device.get("hostname"):
                words += ["-x", f"hostname:{device['hostname']}"]
            words += ["-V", device.get("vendor_class") or "udhcp 1.36.1"]
            self.within(device["part"], *words)

    # --- the recording ---

    def record(self, path):
        self.start("r", "tcpdump", "-i", "br-lan", "-s", "800", "-B", "65536", "-U", "-w", path,
                   "-n", "-Z", "root", "--time-stamp-precision=micro", log="tcpdump")
        time.sleep(1.0)

    def close(self):
        """Ends what was started here, and what was started in our namespaces."""
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        for space in self.spaces:
            for pid in run("ip", "netns", "pids", space, check=False).stdout.split():
                run("kill", "-9", pid, check=False)
            run("ip", "netns", "del", space, check=False)
            shutil.rmtree(pathlib.Path("/etc/netns") / space, ignore_errors=True)


def slaac(mac):
    """The address that a device makes of the router's prefix and its MAC (RFC 4291, A)."""
    b = [int(part, 16) for part in mac.split(":")]
    return f"{LAN6}:{b[0] ^ 2:02x}{b[1]:02x}:{b[2]:02x}ff:fe{b[3]:02x}:{b[4]:02x}{b[5]:02x}"


def save(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")
