#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""porchlight-page against those who should get nothing: each attack is a test.

PORCHLIGHT_PAGE is the program.  What it takes of memory is judged where it was built without
AddressSanitizer, which keeps what was freed.
"""
import contextlib
import pathlib
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from home import FRONT, PAGE, Home, Page, a_day, free_port

SANITIZED = False
SECRETS = ("Front door", "Skyfold", "porchlight.api", FRONT)
FORM = "application/x-www-form-urlencoded"


def is_sanitized():
    with open(PAGE, "rb") as program:
        return b"__asan_init" in program.read()


def ask(page, head, body=b"", address="127.0.0.1", seconds=8):
    """Sends bytes as they are; the status and all that came back."""
    with socket.create_connection((address, page.port), seconds) as s:
        s.settimeout(seconds)
        with contextlib.suppress(OSError):
            s.sendall(head if isinstance(head, bytes) else head.encode())
            s.sendall(body)
        answer = b""
        with contextlib.suppress(OSError):
            while chunk := s.recv(65536):
                answer += chunk
    text = answer.decode("utf-8", "replace")
    match = re.match(r"HTTP/1\.[01] (\d+)", text)
    return int(match.group(1)) if match else None, text


def get(page, path="/", host=None, *headers, method="GET", address="127.0.0.1", body=""):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'{address}:{page.port}'}",
             "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ask(page, "\r\n".join(lines) + "\r\n\r\n", body.encode(), address)


class Attack(unittest.TestCase):
    options = ()
    address = "127.0.0.1"

    def setUp(self):
        self.told = tempfile.TemporaryFile()
        self.page = Page(free_port(self.address), *self.options, address=self.address,
                         stderr=self.told).wait()
        self.home = Home()
        self.page.tell(*a_day(self.home), self.home.tell_state())
        self.wait_for_state()
        self.addCleanup(self.told.close)
        self.addCleanup(self.page.close)

    def wait_for_state(self):
        for _ in range(100):
            if get(self.page, "/healthz")[0] == 200:
                return
            time.sleep(0.05)
        self.fail("no state arrived")

    def grew_less(self, before, kibibytes):
        grown = self.page.memory() - before
        if not SANITIZED:
            self.assertLess(grown, kibibytes)
        return grown

    def nothing(self, answer, *statuses):
        """It is refused, and says nothing of the home."""
        status, text = answer
        self.assertIn(status, statuses, text[:300])
        for secret in SECRETS:
            self.assertNotIn(secret, text)
        self.assertNotIn("access-control-allow", text.lower())

    def form_key(self, page=None):
        return re.search(r'name="key" value="([0-9a-f]{32})"', get(page or self.page)[1]).group(1)

    def post(self, path, body, *headers, origin="self", type_=FORM):
        own = f"http://127.0.0.1:{self.page.port}"
        more = list(headers)
        if origin:
            more.append("Origin: " + (own if origin == "self" else origin))
        if type_:
            more.append(f"Content-Type: {type_}")
        return get(self.page, path, None, *more, method="POST", body=body)

    def still_serves(self):
        self.assertEqual(200, get(self.page, "/")[0])


class Loopback(Attack):
    def test_the_page_itself_is_served(self):
        status, text = get(self.page)
        self.assertEqual(200, status)
        head = text.split("\r\n\r\n")[0].lower()
        for header in ("default-src 'none'", "nosniff", "no-store", "frame-ancestors 'none'",
                       "cross-origin-resource-policy: same-origin"):
            self.assertIn(header, head)
        self.assertNotIn("access-control", head)

    def test_a_foreign_host_is_not_answered(self):
        port = self.page.port
        for host in ("example.net", f"example.net:{port}", f"attacker.example:{port}",
                     f"127.0.0.1:{port + 1}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.nip.example:{port}",
                     f"0.0.0.0:{port}", f"[::1]:{port}", f"127.0.0.2:{port}", f"LOCALHOST:{port}"):
            for path in ("/", "/api/v1/devices", "/events", "/metrics", "/live.js", "/healthz"):
                self.nothing(get(self.page, path, host), 421)

    def test_no_host_and_two_hosts_are_not_answered(self):
        own = f"127.0.0.1:{self.page.port}"
        self.nothing(ask(self.page, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 400, 421)
        self.nothing(ask(self.page, "GET / HTTP/1.0\r\n\r\n"), 400, 421)
        self.nothing(ask(self.page, f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: example.net\r\n"
                                    "Connection: close\r\n\r\n"), 400, 421)
        self.nothing(ask(self.page, f"GET http://example.net/ HTTP/1.1\r\nHost: {own}\r\n"
                                    "Connection: close\r\n\r\n"), 404, 421)

    def test_a_change_needs_our_own_origin(self):
        body = f"device={FRONT}&name=Mine&key={self.form_key()}"
        port = self.page.port
        for origin in (None, "null", "http://example.net", f"https://127.0.0.1:{port}",
                       "http://127.0.0.1", f"http://localhost:{port}", f"http://127.0.0.1:{port + 1}"):
            self.nothing(self.post("/label", body, origin=origin), 403)
        self.nothing(self.post("/label", body, "Origin: http://example.net"), 403)
        self.assertIsNone(self.page.heard(0.3))
        self.assertEqual(303, self.post("/label", body)[0])
        self.assertEqual({"command": "label", "device": FRONT, "name": "Mine"}, self.page.heard())

    def test_a_change_from_another_site_is_refused(self):
        key = self.form_key()
        body = f"device={FRONT}&name=Mine&key={key}"
        for site in ("cross-site", "same-site", "none"):
            self.nothing(self.post("/label", body, f"Sec-Fetch-Site: {site}"), 403)
        for wrong in ("", "0" * 32, key[:-1], key + "0"):
            self.nothing(self.post("/label", f"device={FRONT}&name=Mine&key={wrong}"), 403)
        self.nothing(self.post("/label", body + f"&key={key}"), 403)
        for type_ in (None, "text/plain", "application/json", "multipart/form-data; boundary=x",
                      FORM + "; charset=utf-8"):
            self.nothing(self.post("/label", body, type_=type_), 415)
        self.assertIsNone(self.page.heard(0.3))

    def test_what_another_site_fetches_is_refused(self):
        for mode, dest in (("no-cors", "script"), ("cors", "empty"), ("navigate", "document")):
            self.nothing(get(self.page, "/api/v1/state", None, "Sec-Fetch-Site: cross-site",
                             f"Sec-Fetch-Mode: {mode}", f"Sec-Fetch-Dest: {dest}"), 403)
        self.nothing(get(self.page, "/", None, "Sec-Fetch-Site: cross-site",
                         "Sec-Fetch-Mode: no-cors"), 403)
        self.assertEqual(200, get(self.page, "/", None, "Sec-Fetch-Site: cross-site",
                                  "Sec-Fetch-Mode: navigate")[0])

    def test_asking_changes_nothing(self):
        key = self.form_key()
        for path in (f"/label?device={FRONT}&name=Mine&key={key}",
                     f"/mark?episode=e3300000000000005&mark=wrong&key={key}", "/session", "/leave"):
            for method in ("GET", "HEAD"):
                self.nothing(get(self.page, path, method=method), 405)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"):
            self.nothing(get(self.page, "/label", method=method), 400, 405)
        self.assertIsNone(self.page.heard(0.3))

    def test_what_is_no_label_or_mark_is_no_command(self):
        key = self.form_key()
        for body in (f"device={FRONT}&name=", f"device={FRONT}&name=a%0Ab", f"device={FRONT}&name=%00",
                     f"device={FRONT}&name=" + "x" * 65, "device=d1&name=a", f"device={FRONT}&name=%ff",
                     "device=e3300000000000005&name=a", "name=a", f"device={FRONT}&name=a&name=b"):
            self.nothing(self.post("/label", body + f"&key={key}"), 400)
        for body in ("episode=e1&mark=wrong", "episode=e3300000000000005&mark=right", "mark=wrong",
                     "episode=e3300000000000005&mark=wrong%22", "episode=e33000000000000%3005"):
            self.nothing(self.post("/mark", body + f"&key={key}"), 400)
        self.assertIsNone(self.page.heard(0.3))
        name = "%22%7D%0d%3Cb%3E"
        self.nothing(self.post("/label", f"device={FRONT}&name={name}&key={key}"), 400)
        self.assertEqual(303, self.post("/label", f"device={FRONT}&name=%22%7D%3Cb%3E&key={key}")[0])
        self.assertEqual('"}<b>', self.page.heard()["name"])

    def test_paths_lead_nowhere(self):
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
                     "/live.css/../../etc/passwd", "//etc/passwd", "/api/v1/../../etc/passwd",
                     "/api/v1/", "/api/v1/state/", "/api/v1/state%00", "/%", "/live.js%2f", "/LIVE.JS",
                     "/.git/config", "/index.html", "\\..\\..", "/api/v1/devices\x01"):
            self.nothing(get(self.page, path), 400, 404)
        self.still_serves()

    def test_a_head_of_a_megabyte_is_refused_early(self):
        before = self.page.memory()
        own = f"Host: 127.0.0.1:{self.page.port}\r\n"
        for _ in range(20):
            status, text = ask(self.page, f"GET / HTTP/1.1\r\n{own}X-A: ", b"a" * (1 << 20))
            self.assertIn(status, (None, 400, 413, 414, 431), text[:200])
        self.still_serves()
        self.grew_less(before, 2048)

    def test_an_address_of_64_kilobytes_is_refused(self):
        for size in (2049, 4000, 65536):
            status, text = get(self.page, "/?" + "a" * size)
            self.assertIn(status, (None, 400, 413, 414, 431), text[:200])
        self.still_serves()

    def test_a_body_is_no_longer_than_a_form(self):
        key = self.form_key()
        body = f"device={FRONT}&name=Mine&key={key}&more=" + "a" * 5000
        self.nothing(self.post("/label", body), 413)
        own = f"127.0.0.1:{self.page.port}"
        head = (f"POST /label HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n"
                f"Content-Type: {FORM}\r\nContent-Length: 100000000\r\nConnection: close\r\n\r\n")
        before = self.page.memory()
        status, _ = ask(self.page, head, b"a" * 4000000, seconds=15)
        self.assertIn(status, (None, 403, 413))
        self.grew_less(before, 2048)
        self.assertIsNone(self.page.heard(0.3))

    def test_smuggled_requests_are_no_requests(self):
        own = f"127.0.0.1:{self.page.port}"
        for head in ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Content-Length: -1\r\n",
                     "Content-Length: 4\r\nContent-Length: 5\r\n", "Content-Length: 18446744073709551616\r\n",
                     "Transfer-Encoding: nonsense\r\n", "X: a\r\n folded: b\r\n"):
            ask(self.page, f"POST /label HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n"
                           f"Content-Type: {FORM}\r\n{head}Connection: close\r\n\r\nabcd", seconds=3)
        for junk in (b"\x16\x03\x01\x02\x00\x01", b"\x00" * 4000, b"GET\r\n\r\n", b"\r\n" * 2000,
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            ask(self.page, junk, seconds=2)
        self.assertIsNone(self.page.heard(0.2))
        self.still_serves()

    def test_two_hundred_slow_heads_keep_nobody_out_for_long(self):
        """Each sends a byte a second; those who come later are served within the deadline."""
        slow, before = [], self.page.memory()
        for _ in range(200):
            with contextlib.suppress(OSError):
                s = socket.create_connection(("127.0.0.1", self.page.port), 2)
                s.setblocking(False)
                slow.append(s)
        ended = threading.Event()

        def drip():
            while not ended.wait(1):
                for s in slow:
                    with contextlib.suppress(OSError):
                        s.send(b"G")

        dripping = threading.Thread(target=drip)
        dripping.start()
        begun, status = time.time(), None
        while status != 200 and time.time() - begun < 30:
            with contextlib.suppress(OSError):
                status, _ = ask(self.page, f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{self.page.port}\r\n"
                                           "Connection: close\r\n\r\n", seconds=3)
            self.page.tell(self.home.tell_state())
            time.sleep(0.1)
        waited = time.time() - begun
        ended.set()
        dripping.join()
        for s in slow:
            s.close()
        self.assertEqual(200, status)
        self.assertLess(waited, 20)
        self.grew_less(before, 4096)
        print(f"\n  200 slow heads: served again after {waited:.1f} s", file=sys.stderr)

    def test_ten_thousand_clients(self):
        before, served, refused = self.page.memory(), 0, 0
        head = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{self.page.port}\r\nConnection: close\r\n\r\n"
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        try:
            for _ in range(50):
                clients = []
                for _ in range(200):
                    with contextlib.suppress(OSError):
                        s = socket.socket()
                        s.settimeout(3)
                        s.connect(("127.0.0.1", self.page.port))
                        clients.append(s)
                for s in clients:
                    with contextlib.suppress(OSError):
                        s.sendall(head.encode())
                for s in clients:
                    answer = b""
                    with contextlib.suppress(OSError):
                        answer = s.recv(4096)
                    served += answer.startswith(b"HTTP/1.1 200")
                    refused += not answer
                    s.close()
                self.page.tell(self.home.tell_state())
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        grown = self.grew_less(before, 4096)
        print(f"\n  10,000 clients: {served} served, {refused} refused, {grown} KiB more",
              file=sys.stderr)
        self.assertGreater(served, 1000)
        self.still_serves()

    def test_eight_streams_and_no_more(self):
        own = f"127.0.0.1:{self.page.port}"
        before, streams = self.page.memory(), []
        for _ in range(8):
            s = socket.create_connection(("127.0.0.1", self.page.port), 5)
            s.sendall(f"GET /events HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())
            self.assertIn(b"200 OK", s.recv(65536))
            streams.append(s)
            self.addCleanup(s.close)
        self.nothing(get(self.page, "/events"), 503)
        self.still_serves()
        streams.pop().close()
        for _ in range(40):
            self.page.tell(self.home.tell_state())
            time.sleep(0.1)
            with socket.create_connection(("127.0.0.1", self.page.port), 5) as s:
                s.sendall(f"GET /events HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())
                if b"200 OK" in s.recv(65536):
                    break
        else:
            self.fail("a stream that ended makes no room")
        self.grew_less(before, 2048)

    def test_a_reader_that_does_not_read_is_let_go(self):
        own = f"127.0.0.1:{self.page.port}"
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", self.page.port))
            s.sendall(f"GET /events HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())
            before = self.page.memory()
            for _ in range(2000):
                self.home.now += 1
                self.page.tell(self.home.tell_state(), self.home.episode(
                    "e3300000000000005", FRONT, None, self.home.now, 1, 1000))
            self.still_serves()
            self.grew_less(before, 3072)

    def test_lines_that_are_none_of_ours_change_nothing(self):
        def body():
            return re.sub(r'value="[0-9a-f]{32}"', "", get(self.page)[1].split("\r\n\r\n", 1)[1])

        before = body()
        for line in (b"{}\n", b"null\n", b"[1,2]\n", b'{"type":"state"}\n', b"\xff\xfe\n", b"\x00\n",
                     b'{"schema":"porchlight/1","type":"state","boot":"00c0ffee00c0ffee","time":"never"}\n',
                     b'{"type":"device","boot":"00c0ffee00c0ffee","event":-1,"id":"d1"}\n',
                     b"[" * 100000 + b"\n", b"a" * 200000 + b"\n"):
            self.page.tell(line)
        time.sleep(0.5)
        self.assertEqual(before, body())

    def test_what_devices_wrote_is_text(self):
        for name in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\u202eb", "\x1b[2J",
                     "&lt;b&gt;", "'onload='x"):
            self.home.names[FRONT] = name
            self.home.open = {FRONT: self.home.upload(self.home.now, 5, organisation=name)}
            self.home.rates = {FRONT: 900}
            self.page.tell(self.home.device(FRONT, hostname=name), self.home.destination(
                "r2200000000000001", FRONT, name, name, "cloud", "<x", 5, 5), self.home.tell_state())
            time.sleep(0.2)
            text = get(self.page)[1].split("\r\n\r\n", 1)[1]
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("<img", text)
            self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
            with socket.create_connection(("127.0.0.1", self.page.port), 5) as s:
                s.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self.page.port}\r\n\r\n".encode())
                stream = b""
                while b"event: state" not in stream or b"]}\n\n" not in stream:
                    stream += s.recv(65536)
            self.assertNotRegex(stream.decode().split("\r\n\r\n", 1)[1], "[\x1b\u202e]")


class OpenToTheHome(Attack):
    address = "0.0.0.0"

    def wait_for_state(self):
        for _ in range(100):
            if get(self.page, "/healthz")[0] == 200:
                return
            time.sleep(0.05)

    def token(self):
        for _ in range(100):
            self.told.seek(0)
            match = re.search(r"/open#([a-z2-9]{26})\b", self.told.read().decode())
            if match:
                return match.group(1)
            time.sleep(0.05)
        self.fail("no token was shown")

    def test_without_a_token_nothing_is_told(self):
        for path in ("/", "/api/v1/state", "/events", "/metrics", "/report.html"):
            self.nothing(get(self.page, path), 401)
        self.assertEqual(200, get(self.page, "/open")[0])
        self.nothing(self.post("/label", f"device={FRONT}&name=a&key=" + "0" * 32), 401, 403)

    def test_the_token_is_shown_once_and_traded_for_a_session(self):
        token = self.token()
        self.told.seek(0)
        self.assertEqual(1, self.told.read().decode().count(token))
        self.assertEqual(401, self.post("/session", "token=" + token[:-1])[0])
        status, text = self.post("/session", "token=" + token)
        self.assertEqual(303, status)
        cookie = re.search(r"Set-Cookie: (porchlight=[0-9a-f]{32}); (.*)\r", text)
        for attribute in ("HttpOnly", "SameSite=Strict", "Max-Age=604800", "Path=/"):
            self.assertIn(attribute, cookie.group(2))
        self.assertNotIn(token, text)
        status, text = get(self.page, "/", None, "Cookie: " + cookie.group(1))
        self.assertEqual(200, status)
        self.assertIn("Front door", text)
        key = re.search(r'name="key" value="([0-9a-f]{32})"', text).group(1)
        mark = f"episode=e3300000000000005&mark=wrong&key={key}"
        self.nothing(self.post("/mark", mark), 401)
        self.assertEqual(303, self.post("/mark", mark, "Cookie: " + cookie.group(1))[0])
        self.assertEqual("wrong", self.page.heard()["mark"])
        self.assertEqual(303, self.post("/leave", f"key={key}", "Cookie: " + cookie.group(1))[0])
        self.nothing(get(self.page, "/", None, "Cookie: " + cookie.group(1)), 401)

    def test_guessing_a_token_is_slow(self):
        statuses = [self.post("/session", "token=" + "a" * 26)[0] for _ in range(40)]
        self.assertEqual([401] * 5, statuses[:5])
        self.assertEqual([429] * 35, statuses[5:])
        self.assertEqual(429, get(self.page, "/metrics", None, "Authorization: Bearer " + "a" * 26)[0])
        self.assertEqual(429, self.post("/session", "token=" + self.token())[0])

    def test_a_token_is_traded_from_our_own_page_only(self):
        body = "token=" + self.token()
        self.nothing(self.post("/session", body, origin="http://example.net"), 403)
        self.nothing(self.post("/session", body, origin=None), 403)
        self.nothing(self.post("/session", body, "Sec-Fetch-Site: cross-site"), 403)
        self.nothing(get(self.page, "/session?" + body), 405)
        self.nothing(get(self.page, "/?" + body), 401)

    def open_session(self):
        text = self.post("/session", "token=" + self.token())[1]
        return "Cookie: " + re.search(r"Set-Cookie: (porchlight=[0-9a-f]{32});", text).group(1)

    def begin_again(self, *options):
        self.page.close()
        self.page = Page(free_port(self.address), *options, address=self.address,
                         stderr=subprocess.DEVNULL).wait()
        self.addCleanup(self.page.close)
        self.page.tell(self.home.tell_state())
        self.wait_for_state()

    def test_a_session_outlives_a_restart_where_a_history_is_kept(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        history = ("--history", f"{folder.name}/history")
        kept = pathlib.Path(f"{folder.name}/history.page")
        self.page.close()
        self.told.seek(0)
        self.told.truncate(0)
        self.page = Page(free_port(self.address), *history, address=self.address, stderr=self.told).wait()
        self.addCleanup(self.page.close)
        self.page.tell(self.home.tell_state())
        cookie = self.open_session()
        text = get(self.page, "/", None, cookie)[1]
        key = re.search(r'name="key" value="([0-9a-f]{32})"', text).group(1)
        self.begin_again(*history)
        self.assertEqual(200, get(self.page, "/", None, cookie)[0])
        self.assertEqual(303, self.post("/label", f"device={FRONT}&name=Mine&key={key}", cookie)[0])
        self.nothing(get(self.page, "/", None, cookie[:-1] + ("0" if cookie[-1] != "0" else "1")), 401)
        self.assertEqual(0o600, kept.stat().st_mode & 0o777)
        self.assertNotIn(cookie.split("=")[1], kept.read_text())
        self.assertEqual(303, self.post("/leave", f"key={key}", cookie)[0])
        self.begin_again(*history)
        self.nothing(get(self.page, "/", None, cookie), 401)

    def test_what_is_no_file_of_sessions_is_none(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        history, kept = ("--history", f"{folder.name}/history"), pathlib.Path(f"{folder.name}/history.page")
        for junk in (b"", b"x" * 5000, b"porchlight.page/1\nkey " + b"z" * 2048, b"\x00" * 2048,
                     b"porchlight.page/1\nkey " + b"0" * 32 + b"\nsession " * 300):
            kept.write_bytes(junk)
            self.begin_again(*history)
            self.nothing(get(self.page, "/"), 401)
        kept.unlink()
        kept.symlink_to("/etc/passwd")
        self.begin_again(*history)
        self.nothing(get(self.page, "/"), 401)

    def test_a_session_is_not_guessed(self):
        for cookie in ("porchlight=" + "0" * 32, "porchlight=", "porchlight", "porchlight=" + "0" * 3000):
            self.nothing(get(self.page, "/", None, "Cookie: " + cookie), 401, 413, 431)

    def test_a_program_may_show_the_token(self):
        self.assertEqual(200, get(self.page, "/metrics", None, "Authorization: Bearer " + self.token())[0])


class Certificate(Attack):
    """HTTPS with the user's own certificate: its names, and no others, are ours."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        cert, key = self.folder.name + "/cert.pem", self.folder.name + "/key.pem"
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=porch.example",
             "-addext", "subjectAltName=DNS:porch.example,DNS:*.wild.example"], capture_output=True)
        if made.returncode != 0:
            self.skipTest("openssl made no certificate")
        self.options = ("--page-tls", f"{cert},{key}")
        super().setUp()

    def wait_for_state(self):
        for _ in range(100):
            if self.fetch("/healthz", f"127.0.0.1:{self.page.port}")[0] == 200:
                return
            time.sleep(0.05)
        self.fail("no state arrived")

    def fetch(self, path, host):
        import ssl
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.page.port), 5) as raw:
            with context.wrap_socket(raw, server_hostname="porch.example") as s:
                s.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                text = b""
                with contextlib.suppress(OSError):
                    while chunk := s.recv(65536):
                        text += chunk
        return int(text.split()[1]), text.decode()

    def test_names_of_the_certificate_are_ours(self):
        port = self.page.port
        self.assertEqual(200, self.fetch("/", f"porch.example:{port}")[0])
        for host in (f"other.example:{port}", "porch.example", f"a.wild.example:{port}",
                     f"PORCH.example:{port}"):
            self.nothing(self.fetch("/", host), 421)

    def test_in_the_clear_nothing_is_answered(self):
        status, text = get(self.page)
        self.assertNotEqual(200, status)
        self.assertNotIn("Front door", text)


if __name__ == "__main__":
    try:
        subprocess.run([PAGE], capture_output=True, timeout=20)
    except OSError:
        print(f"skipped: no {PAGE}")
        sys.exit(77)
    SANITIZED = is_sanitized()
    unittest.main(verbosity=1)
