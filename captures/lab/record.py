#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records one recipe: builds the home, lets the devices play, keeps what br-lan saw.

usage: record.py RECIPE FOLDER [SECONDS]

RECIPE: a row of recipes.json.  FOLDER gets capture.pcap, plan.json and a log for each device;
rewrite.py makes of it what is shipped.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import media
from house import HERE, House, missing, save
from receivers import phones, receivers_of


def style(name):
    return json.loads((HERE / "styles" / f"{name}.json").read_text())


def names_in(value):
    """Every string in a style, the names of its media among them."""
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else () if isinstance(
        value, (int, float, bool, type(None))) else value
    return set().union(*map(names_in, parts))


def mac_of(style, number):
    """The maker's prefix, filled up with the number."""
    prefix = style["mac"].split(":")
    return ":".join(prefix + ["%02x" % (number >> 8 * at & 255)
                              for at in range(5 - len(prefix), -1, -1)])


def devices_of(recipe):
    """The devices of a recipe: each style as often as its rows say, each its own seed."""
    number = 0
    for row in recipe["devices"]:
        for _ in range(row.get("count", 1)):
            number += 1
            s = {**style(row["style"]), **row.get("style_with", {})}
            only = row.get("only")
            if only:
                s["actions"] = [a for a in s["actions"] if a["scenario"] in only]
            mac = mac_of(s, number)
            tail = mac.replace(":", "")[-6:]
            line = row.get("lines", recipe.get("lines", [{}]))
            yield number, {
                "style": s, "mac": mac, "hostname": s.get("hostname", "").replace("{tail}", tail),
                "vendor_class": s.get("vendor_class", ""), "mtu": s.get("mtu", 1500),
                "seed": f"{recipe['seed']} {row['style']} {number}",
                **row.get("with", {}), **line[number % len(line)]}


def built(house, devices, seed):
    """Sets the home up; says why and returns False where this machine cannot."""
    people = phones(len(devices), seed)
    receivers = receivers_of({d["style"]["style"]: d["style"] for _, d in devices}.values(), seed)
    named = [(d, r) for _, d in devices for r in receivers[d["style"]["style"]].values()
             if not r["bare"]]
    try:
        house.build({r["name"]: r["address"] for _, r in named},
                    {r["name"] for d, r in named if d.get("ipv6")})
        for (number, device), phone in zip(devices, people):
            device["receivers"] = {**receivers[device["style"]["style"]], "phone": phone}
            house.device(number, device)
    except subprocess.CalledProcessError as error:
        print(f"This kernel or container cannot: {' '.join(error.cmd)}: {error.stderr}",
              file=sys.stderr)
        return False
    return True


def main():
    recipe = json.loads((HERE / "recipes.json").read_text())[sys.argv[1]]
    folder = pathlib.Path(sys.argv[2]).resolve()
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else recipe["seconds"]
    lacking = missing()
    if lacking:
        print("To record, this machine lacks: " + ", ".join(lacking), file=sys.stderr)
        return 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    house = House(f"{recipe['name']}{os.getpid() % 10000}", folder, recipe["seed"])
    devices = list(devices_of(recipe))
    media.prepare(folder.parent / "media", names_in([d["style"] for _, d in devices]))
    try:
        if not built(house, devices, recipe["seed"]):
            return 77
        house.record(folder / "capture.pcap")
        house.leases()
        play(house, folder, recipe, seconds)
        time.sleep(2)
    finally:
        house.close()
    return 0


def play(house, folder, recipe, seconds):
    """Starts every device's player, and waits for them."""
    plans = []
    inside = {
        "phone": next((d["space"] for d in house.devices if "phone" in d["style"]["style"]), ""),
        "cameras": [d["address"] for d in house.devices if d["style"].get("feeds")]}
    for device in house.devices:
        plan = {**device, "mode": recipe["mode"], "seconds": seconds,
                "control": str(house.control), "media": str(folder.parent / "media"),
                "log": str(folder / f"{device['part']}.jsonl"), "inside": inside}
        save(folder / f"{device['part']}.json", plan)
        plans.append(plan)
    save(folder / "plan.json", {"recipe": recipe, "began": time.time(), "devices": plans})
    players, began = [], time.time()
    for plan in plans:
        players.append(house.start(plan["part"], "/usr/bin/python3", HERE / "device.py",
                                   folder / f"{plan['part']}.json", log=f"{plan['part']}-player"))
        time.sleep(0.2)
    for player in players:
        try:
            player.wait(max(1, began + seconds + 90 - time.time()))
        except subprocess.TimeoutExpired:
            player.kill()


sys.exit(main())
