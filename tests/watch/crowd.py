#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A crowd before the live page: clients of addresses of their own, a thousand at a time, most of
whom ask for what they should not get.

usage: crowd.py PORT CLIENTS SECRET...   in the page's network namespace

Prints a JSON object: how many got what of each kind of request, and what was answered that should
not have been.  A client that is not let in, or let go without an answer, is counted as "none".
"""
import collections
import ipaddress
import json
import re
import resource
import selectors
import socket
import sys
import time

WAVE = 1000
PATIENCE = 6.0  # seconds of a wave
FIRST = int(ipaddress.ip_address("127.1.0.1"))
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n"


def kinds(port):
    """What a client sends, and the statuses that may answer it: 200 says something of the home."""
    own, page = f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"

    def head(request, host, more=""):
        return f"{request} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"

    return {
        "page": (head("GET /", own), {200}),
        "state": (head("GET /api/v1/state", own), {200}),
        "foreign host": (head("GET /", f"attacker.example:{port}"), {421}),
        "other port": (head("GET /api/v1/devices", f"127.0.0.1:{port + 1}"), {421}),
        "no host": ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", {400, 421}),
        "foreign origin": (head("POST /label", own, f"Origin: http://attacker.example\r\n{FORM}")
                           + "device=d1&name=abcde", {403}),
        "no form key": (head("POST /label", own, f"Origin: {page}\r\n{FORM}")
                        + "device=d1&name=abcde", {403}),
        "other site": (head("GET /api/v1/state", own, "Sec-Fetch-Site: cross-site\r\n"
                            "Sec-Fetch-Mode: cors\r\n"), {403}),
        "climbing path": (head("GET /../../etc/passwd", own), {400, 404}),
        "long address": (head("GET /?" + "a" * 65536, own), {400, 413, 414, 431}),
        "half a head": (f"GET / HTTP/1.1\r\nHost: {own}\r\nX-A: ", {408}),
    }


class Client:
    def __init__(self, number, kind, request):
        self.kind, self.request, self.answer = kind, request.encode(), b""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.bind((str(ipaddress.ip_address(FIRST + number)), 0))

    def status(self):
        match = re.match(rb"HTTP/1\.[01] (\d+)", self.answer)
        return int(match.group(1)) if match else None


def serve(client, selector, mask):
    """One step of a client; False when it is done."""
    try:
        if mask & selectors.EVENT_WRITE:
            client.request = client.request[client.socket.send(client.request):]
            if not client.request:
                selector.modify(client.socket, selectors.EVENT_READ, client)
        if mask & selectors.EVENT_READ:
            more = client.socket.recv(65536)
            client.answer += more
            return bool(more)
    except BlockingIOError:
        pass
    except OSError:
        return False
    return True


def wave(clients, port):
    selector = selectors.DefaultSelector()
    for client in clients:
        client.socket.connect_ex(("127.0.0.1", port))
        selector.register(client.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, client)
    until = time.monotonic() + PATIENCE
    while selector.get_map() and time.monotonic() < until:
        for key, mask in selector.select(0.2):
            if not serve(key.data, selector, mask):
                selector.unregister(key.fileobj)
    for client in clients:
        client.socket.close()
    selector.close()


def judge(client, wanted, secrets):
    """What is wrong with a client's answer, or None."""
    status = client.status()
    if status is None:
        return f"{client.kind}: {client.answer[:80]!r}" if client.answer else None
    if status not in wanted | {503}:
        return f"{client.kind}: answered with {status}"
    if status != 200 and any(secret in client.answer for secret in secrets):
        return f"{client.kind}: {status} tells of the home"
    return None


def main():
    port, count, secrets = int(sys.argv[1]), int(sys.argv[2]), [s.encode() for s in sys.argv[3:]]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * WAVE), most))
    asked = kinds(port)
    names = list(asked)
    tally, wrong, told = collections.defaultdict(collections.Counter), [], 0
    for first in range(0, count, WAVE):
        clients = [Client(i, names[i % len(names)], asked[names[i % len(names)]][0])
                   for i in range(first, min(count, first + WAVE))]
        wave(clients, port)
        for client in clients:
            tally[client.kind][str(client.status() or "none")] += 1
            fault = judge(client, asked[client.kind][1], secrets)
            wrong += [fault] if fault else []
            told += client.status() == 200 and all(s in client.answer for s in secrets)
    print(json.dumps({"tally": tally, "wrong": wrong[:20], "told": told}))


if __name__ == "__main__":
    main()
