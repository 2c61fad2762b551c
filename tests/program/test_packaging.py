#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What starts porchlight: the unit of systemd, and OpenWrt's init script on stubs of its host."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import porch
import namespaces

PACKAGING = porch.SOURCE / "packaging"
INIT = PACKAGING / "openwrt/porchlight/files/porchlight.init"
UCI = PACKAGING / "openwrt/porchlight/files/porchlight.config"

# What OpenWrt's /lib/functions.sh, network.sh, jshn.sh and procd.sh have of it.  Options of the
# section are variables o_NAME, lists one value a line; what is done is told on descriptor 3.
STUBS = r"""
config_load() { :; }
config_get() { eval "_v=\"\$o_$3\""; [ -n "$_v" ] || _v="$4"; eval "$1=\"\$_v\""; }
config_get_bool() {
	config_get "$1" "$2" "$3" "$4"
	eval "case \$$1 in 1|on|true|yes|enabled) $1=1 ;; *) $1=0 ;; esac"
}
config_list_foreach() {
	eval "_l=\"\$o_$2\""
	[ -n "$_l" ] || return 0
	_saved=$IFS; IFS='
'
	for _i in $_l; do IFS=$_saved; "$3" "$_i"; done
	IFS=$_saved
}
network_get_device() { case $2 in lan) eval "$1=br-lan" ;; *) return 1 ;; esac; }
chown() { :; }
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"; }
member() { json="$json$comma"; comma=,; [ -z "$1" ] || json="$json$(quoted "$1"):"; }
json_init() { json=; comma=; }
json_add_array() { member "$1"; json="${json}["; comma=; }
json_close_array() { json="${json}]"; comma=,; }
json_add_string() { member "$1"; json="$json$(quoted "$2")"; }
json_add_boolean() { member "$1"; json="$json$([ "$2" = 1 ] && echo true || echo false)"; }
json_add_int() { member "$1"; json="$json$2"; }
json_dump() { printf '{%s}' "$json"; }
procd_open_instance() { echo "open $*" >&3; }
procd_set_param() { echo "set $*" >&3; }
procd_close_instance() { echo "close" >&3; }
procd_send_signal() { echo "signal $*" >&3; }
procd_add_reload_trigger() { echo "trigger $*" >&3; }
procd_add_interface_trigger() { echo "trigger $*" >&3; }
start() { start_service; }
"""
SOUND = {"enabled": "1", "network": "lan\nguest", "history": "none", "page": "none"}


def shell():
    return [shutil.which("busybox"), "sh"] if shutil.which("busybox") else ["sh"]


class OpenWrt(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.conf = pathlib.Path(folder.name) / "etc/porchlight.conf"
        self.told = pathlib.Path(folder.name) / "told"

    def call(self, function, options):
        """Runs a function of the script; returns what procd was told, line by line."""
        script = INIT.read_text().replace("CONF=/var/etc/porchlight.conf", f"CONF={self.conf}")
        script = re.sub(r"^\t\. /.*$", "", script, flags=re.M)
        values = {f"o_{name}": value for name, value in options.items()}
        done = subprocess.run([*shell(), "-c", f"{STUBS}\n{script}\n{function} 3>{self.told}"],
                              env=os.environ | values, capture_output=True, timeout=30, check=False)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        return self.told.read_text().splitlines()

    def written(self):
        return json.loads(self.conf.read_text())

    def test_nothing_starts_before_it_is_enabled(self):
        self.assertEqual([], self.call("start_service", SOUND | {"enabled": "0"}))
        self.assertFalse(self.conf.exists())

    def test_an_instance_runs_the_program_with_the_configuration(self):
        told = self.call("start_service", SOUND)
        self.assertEqual("open main", told[0])
        self.assertEqual("close", told[-1])
        self.assertIn(f"set command /usr/bin/porchlight watch --config {self.conf} "
                      "--user porchlight", told)
        self.assertIn("set respawn", told)
        self.assertEqual(0o600, self.conf.stat().st_mode & 0o777)

    def test_each_kind_of_option_becomes_its_kind_of_value(self):
        self.call("start_service", SOUND | {
            "interface": "eth1", "home": "203.0.113.0/28\n2001:db8::/48",
            "label": '02:00:5e:00:53:01=The "front" door\\', "all_devices": "1", "mirror": "0",
            "no_dpi": "on", "cooldown": "300", "page_tls": "a.pem,b.pem"})
        self.assertEqual({
            "interfaces": ["br-lan", "eth1"], "home": ["203.0.113.0/28", "2001:db8::/48"],
            "label": ['02:00:5e:00:53:01=The "front" door\\'], "all-devices": True,
            "no-dpi": True, "cooldown": 300, "history": "none", "page": "none",
            "page-tls": "a.pem,b.pem"}, self.written())

    def test_the_program_takes_what_is_written(self):
        self.call("start_service", SOUND | {"network": "", "interface": "porch-none",
                                            "home": "203.0.113.0/28", "label": "192.0.2.7=Door"})
        self.assertRegex(porch.watch_begins(self.conf), "watching porch-none|no right to capture")

    def test_every_option_is_one_of_watch(self):
        helped = porch.run("watch", "--help").text
        script = INIT.read_text()
        for kind in ("LISTS", "SWITCHES", "NUMBERS", "TEXTS"):
            for name in re.search(f'^{kind}="(.*)"$', script, re.M).group(1).split():
                self.assertIn(f"--{name.replace('_', '-')} ", helped)

    def test_the_settings_that_ship_name_known_options_and_are_off(self):
        script = INIT.read_text()
        options = re.findall(r"^\s*(?:# )?(?:option|list) (\w+) ", UCI.read_text(), re.M)
        self.assertIn("option enabled '0'", UCI.read_text())
        for name in set(options) - {"enabled", "network", "interface"}:
            self.assertRegex(script, rf'(?m)^[A-Z]+=".*\b{name}\b.*"$')

    def test_a_reload_writes_anew_and_asks_to_read_it(self):
        self.assertIn("signal porchlight main USR2", self.call("reload_service", SOUND))
        self.assertTrue(self.conf.exists())

    def test_triggers_are_set_for_its_networks(self):
        told = self.call("service_triggers", SOUND)
        self.assertIn("trigger porchlight", told)
        self.assertIn("trigger interface.*.up lan /etc/init.d/porchlight reload", told)


class Systemd(unittest.TestCase):
    MOST = 2.0

    def setUp(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.unit = pathlib.Path(folder.name) / "porchlight.service"
        text = (PACKAGING / "systemd/porchlight.service.in").read_text()
        text = text.replace("@PORCHLIGHT_PROGRAM@", porch.PROGRAM)
        self.unit.write_text(text.replace("@PORCHLIGHT_CONF@", "/etc/porchlight/porchlight.conf"))
        self.assertNotIn("@PORCHLIGHT", self.unit.read_text())

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words, str(self.unit)], capture_output=True,
                              timeout=60, check=False)

    def test_its_exposure_is_low(self):
        done = self.analyze("security", "--offline=true", "--no-pager")
        found = re.search(rb"Overall exposure level for porchlight.service: ([0-9.]+)", done.stdout)
        if not found:
            self.skipTest(f"this systemd-analyze knows no --offline: {done.stderr.decode()}")
        self.assertLessEqual(float(found.group(1)), self.MOST)

    def test_its_rights_suffice(self):
        """The unit's user, its one capability, and a folder of its own."""
        why = namespaces.missing() or (None if shutil.which("setpriv") else "no setpriv")
        if why:
            self.skipTest(why)
        if subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", "test", "-x", porch.PROGRAM,
                           "-a", "-r", porch.DOORVUE[1]], check=False).returncode != 0:
            self.skipTest("the program's folder is closed to others")
        state = self.unit.parent / "state"
        state.mkdir(0o700)
        os.chown(state, 65534, 65534)
        self.unit.parent.chmod(0o755)
        conf = self.unit.parent / "porchlight.conf"
        conf.write_text(json.dumps({"interfaces": ["br-lan"], "rules": porch.DOORVUE[1::2],
                                    "history": f"{state}/history.db"}))
        with namespaces.Home() as home:
            watch = home.start(
                "router", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw",
                "--bounding-set=-all,+net_raw", "--no-new-privs", porch.PROGRAM, "watch",
                "--config", conf, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            while "watching br-lan" not in (told := watch.stderr.readline().decode()):
                self.assertTrue(told, "the watch ended")
            watch.terminate()
            said = watch.communicate(timeout=60)[1]
        self.assertEqual((0, b""), (watch.returncode, said))
        self.assertTrue((state / "history.db").exists())

    def test_it_is_a_sound_unit(self):
        done = self.analyze("verify", "--man=no")
        self.assertEqual((0, b""), (done.returncode, done.stderr))


if __name__ == "__main__":
    porch.main()
