#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A home that does not exist, for a browser to watch: serves its live page at a port of loopback.

usage: drive.py PORT [OPTION...]

Says what goes on each second.  Reads what is to happen next from standard input, a word a line:
clip (Front door begins), pause (nothing more is sent), end, hush (say nothing more), speak,
restart (the page's process ends, and begins again after six seconds), memory.  Writes what the
page commanded, and answers, to standard output, a JSON object a line.
"""
import json
import sys
import threading
import time

from home import FRONT, SKYFOLD, Home, Page, a_day, today

lock = threading.Lock()


def answer(**members):
    print(json.dumps(members), flush=True)


class Drive:
    def __init__(self, port, options):
        self.port, self.options = port, options
        self.boots, self.speaking, self.page = 0, True, None
        self.start()

    def start(self):
        self.boots += 1
        self.home = Home(boot=f"{self.boots:016x}")
        self.page = Page(self.port, *today()[0], *self.options).wait()
        self.page.tell(*a_day(self.home))
        for ago in range(130, 0, -1):  # two minutes of heartbeats
            self.home.now = time.time() - ago
            self.home.rates = {device: 14 for device in self.home.names if ago % 15 == 0}
            self.page.tell(self.home.tell_state())
        self.home.rates = {}
        threading.Thread(target=self.hear, args=(self.page, self.home), daemon=True).start()

    def hear(self, page, home):
        while page is self.page:
            try:
                command = page.heard(1)
            except OSError:
                return
            if not command:
                time.sleep(0.05)
                continue
            answer(**command)
            if command["command"] == "label":
                with lock:
                    home.names[command["device"]] = command["name"]
                    page.tell(home.device(command["device"]), home.tell_state())

    def tick(self):
        while True:
            time.sleep(1 - time.time() % 1)
            with lock:
                self.tell()

    def tell(self):
        home = self.home
        home.now = time.time()
        if FRONT in home.open and home.rates.get(FRONT):
            home.rates[FRONT] = 1500 + 90 * (int(home.now) * 7 % 9)
            home.open[FRONT]["bytes_up"] += 230000
            home.today[FRONT][0] += 230000
        if self.speaking and self.page:
            self.page.tell(home.tell_state())

    def clip(self):
        home = self.home
        home.open = {FRONT: home.upload(time.time(), 90000, "e3300000000000009")}
        home.rates = {FRONT: 1840}
        self.page.tell(home.episode("e3300000000000009", FRONT, SKYFOLD, time.time(), 0.5, 90000,
                                    open_=True))
        self.tell()

    def pause(self):
        self.home.rates = {}
        self.tell()

    def end(self):
        home = self.home
        sent = home.open.pop(FRONT)["bytes_up"]
        home.today[FRONT][1] += sent
        home.today[FRONT][2] += 1
        home.rates = {}
        home.last[FRONT] = home.upload(time.time() - 12, sent, "e3300000000000009", end=time.time() - 4)
        self.page.tell(home.episode("e3300000000000009", FRONT, SKYFOLD, time.time() - 12, 8.0, sent))
        self.tell()

    def restart(self):
        page, self.page = self.page, None
        page.close()
        threading.Timer(6, self.begin_again).start()

    def begin_again(self):
        with lock:
            self.start()
            answer(begun=self.boots)

    def hush(self):
        self.speaking = False

    def speak(self):
        self.speaking = True
        self.tell()

    def memory(self):
        answer(kib=self.page.memory())


def main():
    drive = Drive(int(sys.argv[1]), sys.argv[2:])
    threading.Thread(target=drive.tick, daemon=True).start()
    answer(begun=1)
    for line in sys.stdin:
        with lock:
            getattr(drive, line.strip())()
    with lock:
        page, drive.page = drive.page, None
        if page:
            page.close()


if __name__ == "__main__":
    main()
