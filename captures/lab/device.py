#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays one device in its namespace, as its style says.

usage: device.py DEVICE.json

DEVICE.json: {style (styles/README.md), receivers, seed, mode (idle, episodes), seconds, control,
media, log}.  Writes one line of JSON an action to the log: what it did, when, and why.
"""
import asyncio
import json
import os
import pathlib
import random
import socket
import sys
import time

import actions
from lines import Datagrams, Line, Mqtt
from media import Library
from rtp import RtspServer

ERRORS = (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, EOFError, ValueError)
LEAST_PAUSE = 9.5  # seconds: a silence over 8 ends an episode


class Player:
    """The device: its receivers, its open lines, its dice."""

    def __init__(self, plan):
        self.plan, self.style = plan, plan["style"]
        self.receivers = plan["receivers"]
        self.control = plan["control"]
        self.dice = random.Random(plan["seed"])
        self.library = Library(plan["media"])
        self.held, self.mqtts, self.guards = {}, {}, {}
        self.log_file = open(plan["log"], "a", buffering=1)

    def log(self, **words):
        self.log_file.write(json.dumps(words) + "\n")

    def pick(self, value):
        """A number, or one from [low, high]."""
        if isinstance(value, list):
            low, high = value
            return self.dice.randint(low, high) if isinstance(low, int) and isinstance(
                high, int) else self.dice.uniform(low, high)
        return value

    def family(self):
        return socket.AF_INET6 if self.plan.get("ipv6") else socket.AF_INET

    async def line(self, host):
        return await Line(self.receivers[host], self.control, self.family()).open()

    def guard(self, host):
        """Only one speaks on a held line at a time."""
        return self.guards.setdefault(host, asyncio.Lock())

    async def hold(self, host):
        """The connection to a host that stays open; opened anew when it was lost."""
        if host not in self.held or self.held[host].writer.is_closing():
            self.held[host] = await self.line(host)
        return self.held[host]

    async def drop(self, host):
        line = self.held.pop(host, None)
        if line:
            await line.close()

    async def resolve(self, receiver):
        """A look-up on the wire, as any device's; bare addresses have none."""
        family = self.family()
        if not receiver.get("bare"):
            try:
                await asyncio.get_running_loop().getaddrinfo(receiver["name"], receiver["port"],
                                                             family=family)
            except OSError:
                pass
        return receiver["address6" if family == socket.AF_INET6 else "address"]

    # --- what goes on all the time ---

    async def every(self, seconds, what):
        """Again and again, with a little jitter; what fails is tried again in its time."""
        await asyncio.sleep(self.dice.uniform(0, min(seconds, 30)))
        while True:
            try:
                await what()
            except ERRORS as error:
                self.log(note="idle", error=repr(error))
                self.held.clear()
            await asyncio.sleep(seconds * self.dice.uniform(0.97, 1.03))

    async def idle(self, row):
        await self.every(self.pick(row["every"]), lambda: getattr(self, "idle_" + row["do"])(row))

    def mark(self, row):
        return (row["content"], row["shape"]) if "content" in row else None

    async def idle_beat(self, row):
        """A message on a line that stays open."""
        async with self.guard(row["host"]):
            try:
                line = await self.hold(row["host"])
                await line.say(self.pick(row["up"]), self.pick(row["down"]), self.mark(row))
            except ERRORS:
                self.held.pop(row["host"], None)
                raise

    async def idle_post(self, row):
        """Messages on a line of their own."""
        line = await self.line(row["host"])
        for _ in range(self.pick(row.get("times", 1))):
            await line.say(self.pick(row["up"]), self.pick(row["down"]), self.mark(row))
            await asyncio.sleep(self.pick(row.get("gap", 0)))
        await line.close()

    async def idle_get(self, row):
        line = await self.line(row["host"])
        for _ in range(row.get("times", 1)):
            await line.say(0, self.pick(row["down"]))
            await asyncio.sleep(self.pick(row.get("gap", 0)))
        await line.close()

    async def idle_curl(self, row):
        """A page, or an upload, as a person's computer asks for it."""
        base = f"https://{self.receivers[row['host']]['name']}"
        words = ["curl", "-sk", "-o", "/dev/null", f"{base}/{row.get('path', '')}"]
        if "upload" in row:
            words = ["curl", "-sk", "-T", "-", f"{base}/put/curl"]
        curl = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL)
        await asyncio.wait_for(curl.communicate(bytes(row.get("upload", 0))), 120)

    async def idle_act(self, row):
        """An action again and again, by a device that is no camera."""
        await asyncio.sleep(self.dice.uniform(0, 60))
        start = time.time()
        await getattr(actions, row["action"])(self, row)
        self.log(scenario=f"look-alike-{row['action']}", trigger="person", start=start,
                 end=time.time(), host=row.get("host", ""))

    async def idle_mqtt(self, row):
        mqtt = self.mqtts.get(row["host"])
        try:
            if not mqtt or mqtt.writer.is_closing():
                mqtt = self.mqtts[row["host"]] = await Mqtt(
                    self.receivers[row["host"]], "dev%08x" % self.dice.getrandbits(32)).open(
                        int(row["every"]))
            if "up" in row:
                await mqtt.publish(self.pick(row["up"]))
            else:
                await mqtt.ping()
        except ERRORS:
            self.mqtts.pop(row["host"], None)
            raise

    async def idle_udp(self, row):
        """A datagram, and its answer."""
        receiver = self.receivers[row["host"]]
        address = await self.resolve(receiver) if not row.get("known") else receiver["address"]
        sock = self.held.get(("udp", row["host"]))
        if not sock or row.get("fresh"):
            sock = await Datagrams(self.control).open(row.get("from", 0), self.family())
            if not row.get("fresh"):
                self.held["udp", row["host"]] = sock
                row["known"] = True
            await sock.meet(address, receiver["port"])
        down = self.pick(row["down"])
        await sock.ask(b"?" + down.to_bytes(2, "big") + self.dice.randbytes(
            max(0, self.pick(row["up"]) - 3)), (address, receiver["port"]))
        if row.get("fresh"):
            sock.transport.close()

    async def idle_ntp(self, row):
        receiver = self.receivers[row["host"]]
        address = await self.resolve(receiver)
        sock = await Datagrams(self.control).open(0, self.family())
        await sock.meet(address, receiver["port"])
        await sock.ask(b"\x23" + bytes(39) + self.dice.randbytes(8), (address, receiver["port"]))
        sock.transport.close()

    # --- what it does ---

    def deck(self):
        """All actions, each as often as its weight, in a new order every round."""
        while True:
            cards = [row for row in self.style["actions"] for _ in range(row.get("weight", 1))]
            self.dice.shuffle(cards)
            yield from cards

    async def act(self, row):
        """One action with what the maker's devices say before it."""
        for before in row.get("before", []):
            await getattr(self, "idle_" + before["do"])(before)
            await asyncio.sleep(self.dice.uniform(0.05, 0.4))
        start = time.time()
        await asyncio.wait_for(getattr(actions, row["do"])(self, row), 300)
        self.log(scenario=row["scenario"], trigger=row.get("trigger", "motion"), start=start,
                 end=time.time(), host=row.get("host", row.get("peer", "")))

    async def episodes(self, end):
        if not self.style["actions"]:
            return
        await asyncio.sleep(self.dice.uniform(4, 15))
        for row in self.deck():
            if time.time() > end:
                return
            try:
                await self.act(row)
            except ERRORS as error:
                self.log(scenario=row["scenario"], failed=repr(error), at=time.time())
                self.held.clear()
            await asyncio.sleep(self.dice.uniform(LEAST_PAUSE, LEAST_PAUSE + 5))

    async def play(self):
        end = time.time() + self.plan["seconds"]
        if "rtsp" in self.style:
            await RtspServer(self, self.style["rtsp"]).serve()
        tasks = [asyncio.create_task(self.idle(row)) for row in self.style["idle"]]
        if self.plan["mode"] == "episodes":
            await self.episodes(end)
        await asyncio.sleep(max(0, end - time.time()))
        for task in tasks:
            task.cancel()
        self.log_file.close()
        os._exit(0)  # whatever still waits for somebody may go


asyncio.run(Player(json.loads(pathlib.Path(sys.argv[1]).read_text())).play())
