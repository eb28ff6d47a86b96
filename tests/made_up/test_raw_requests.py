"""Bytes to the portal as it is served: what no client would send, and a tenth of the made-up requests."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.made_up.requests import MadeUp, Maker
from tests.made_up.server import PATIENCE, Server, served
from tests.made_up.world import World, make_world

MANY = int(os.environ.get("MADE_UP_REQUESTS", "1000")) // 10
SHORT = 0.5
"""Seconds to wait for an answer to what may never get one."""

FIRST = 10_000_000
"""The numbers of these begin here, so that none of them is also tried inside the process."""

HOST = b"Host: localhost\r\n"
HEAD = b"GET / HTTP/1.1\r\n" + HOST
FORM = b"POST /konto/logga-in/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n"

BYTES = {
    "nothing": b"",
    "an empty line": b"\r\n",
    "only line feeds": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": HEAD + b"Host: example.org\r\n\r\n",
    "a whole address": b"GET http://example.org/om/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address without scheme": b"GET //example.org/om/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "a connection": b"CONNECT example.org:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "no address": b"GET  HTTP/1.1\r\n" + HOST + b"\r\n",
    "no version": b"GET /\r\n" + HOST + b"\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "HTTP/1.9": b"GET / HTTP/1.9\r\n" + HOST + b"\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
    "HTTP/3": b"GET / HTTP/3.0\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 200,
    "SSH": b"SSH-2.0-x\r\n",
    "noise": bytes(range(256)) * 40,
    "zeros": b"\0" * 4096,
    "a space in the address": b"GET /om/ x HTTP/1.1\r\n" + HOST + b"\r\n",
    "a NUL in the address": b"GET /om/\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a NUL in a header": HEAD + b"X: a\0b\r\n\r\n",
    "an å in the address": b"GET /\xe5/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a fragment": b"GET /om/#x HTTP/1.1\r\n" + HOST + b"\r\n",
    "dots": b"GET /../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    "dots in static": b"GET /static/..%2f..%2fsettings.py HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long address": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a longer address": b"GET /" + b"a" * 900_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long question": b"GET /att-gora/?" + b"a=%20&" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long method": b"X" * 90_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long header": HEAD + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
    "many headers": HEAD + b"X: a\r\n" * 5000 + b"\r\n",
    "a header in two lines": HEAD + b"X: a\r\n b\r\n\r\n",
    "a header without a colon": HEAD + b"X\r\n\r\n",
    "a header without a name": HEAD + b": a\r\n\r\n",
    "a space before the colon": HEAD + b"Content-Length : 5\r\n\r\nhello",
    "a header with an underscore": HEAD + b"X_Forwarded_Host: example.org\r\nContent_Length: 5\r\n\r\n",
    "many cookies": HEAD + b"Cookie: a=b\r\n" * 90 + b"\r\n",
    "an upgrade": HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
    "h2c": HEAD + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\n\r\n",
    "half a request": b"GET / HTT",
    "half the headers": HEAD + b"X: ",
    "half a body": FORM + b"Content-Length: 1000\r\n\r\nlogin=a",
    "no length": FORM + b"\r\nlogin=a",
    "a length below nothing": FORM + b"Content-Length: -1\r\n\r\nlogin=a",
    "a length with a plus": FORM + b"Content-Length: +7\r\n\r\nlogin=a",
    "a length that is no number": FORM + b"Content-Length: x\r\n\r\nlogin=a",
    "a huge length": FORM + b"Content-Length: 99999999999999999999999\r\n\r\nlogin=a",
    "a large length": FORM + b"Content-Length: 9000000000\r\n\r\nlogin=a",
    "two lengths": FORM + b"Content-Length: 7\r\nContent-Length: 3\r\n\r\nlogin=a",
    "two lengths in one": FORM + b"Content-Length: 7, 3\r\n\r\nlogin=a",
    "a length and chunks": CHUNKED + b"Content-Length: 3\r\n\r\n7\r\nlogin=a\r\n0\r\n\r\n",
    "a request inside another": CHUNKED + b"Content-Length: 6\r\n\r\n0\r\n\r\nGET /admin/ HTTP/1.1\r\nX: ",
    "odd transfer encodings": FORM + b"Transfer-Encoding: xchunked, gzip\r\n\r\n0\r\n\r\n",
    "chunks twice": CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks": CHUNKED + b"\r\n7\r\nlogin=a\r\n0\r\n\r\n",
    "chunks without end": CHUNKED + b"\r\n7\r\nlogin=a\r\n",
    "a chunk shorter than it says": CHUNKED + b"\r\nff\r\nlogin=a\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"\r\n2\r\nlogin=a\r\n0\r\n\r\n",
    "a chunk of no number": CHUNKED + b"\r\nzz\r\nlogin=a\r\n0\r\n\r\n",
    "a chunk below nothing": CHUNKED + b"\r\n-7\r\nlogin=a\r\n0\r\n\r\n",
    "a huge chunk": CHUNKED + b"\r\nffffffffffffffffff\r\nlogin=a\r\n0\r\n\r\n",
    "a chunk with a long note": CHUNKED + b"\r\n7;" + b"x" * 90_000 + b"\r\nlogin=a\r\n0\r\n\r\n",
    "many small chunks": CHUNKED + b"\r\n" + b"1\r\na\r\n" * 9000 + b"0\r\n\r\n",
    "headers after the chunks": CHUNKED + b"\r\n7\r\nlogin=a\r\n0\r\nHost: example.org\r\n\r\n",
    "a large body": FORM + b"Content-Length: 12000000\r\n\r\n" + b"a" * 12_000_000,
    "a large body in chunks": CHUNKED
    + b"\r\n"
    + (b"fffff\r\n" + b"a" * 0xFFFFF + b"\r\n") * 12
    + b"0\r\n\r\n",
    "a body with GET": HEAD + b"Content-Length: 7\r\n\r\nlogin=a",
    "a body with HEAD": b"HEAD / HTTP/1.1\r\n" + HOST + b"Content-Length: 7\r\n\r\nlogin=a",
    "an expectation": FORM + b"Expect: 100-continue\r\nContent-Length: 7\r\n\r\nlogin=a",
    "an odd expectation": FORM + b"Expect: tea\r\nContent-Length: 7\r\n\r\nlogin=a",
    "many at once": (HEAD + b"\r\n") * 20,
    "a good one and a bad one": HEAD + b"\r\n" + b"\0\0\0\0",
}
"""What a client has to be broken, or ill meaning, to send."""


@pytest.fixture
def world(transactional_db: None) -> World:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        return make_world()


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path) as server:
        yield server


def statuses_in(answer: bytes) -> list[int]:
    """The statuses of the answers that came back, one after another."""
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", answer, re.MULTILINE)]


def failures_in(log: str) -> list[str]:
    """What the log shows of errors: last lines of tracebacks, and panics of the server itself."""
    last_lines = re.findall(r"Traceback \(most recent call last\):\n(?:[ \t].*\n)*(.*)", log)
    return [*last_lines, *re.findall(r".*(?:panicked|Internal Server Error).*", log)]


def test_no_bytes_break_the_server(server: Server, world: World, seed: str) -> None:
    statuses: Counter[int] = Counter()
    wrong = {}

    def send(what: str, request: bytes, patience: float = PATIENCE) -> bytes:
        shown = len(server.log)
        answer = server.ask(request, patience=patience)
        statuses.update(found := statuses_in(answer) or [0])
        failures = failures_in(server.log[shown:])
        if failures or any(status == 500 or status > 503 for status in found):
            wrong[what] = (found, failures)
        return answer

    for what, request in BYTES.items():
        send(what, request, SHORT)
        send(f"{what}, cut off", request[: len(request) * 2 // 3], 0.001)
    assert server.is_well()

    maker = Maker(
        seed,
        world,
        lambda made: send(str(made), made.wire()).partition(b"\r\n\r\n")[2].decode(errors="replace"),
    )
    for number in range(FIRST, FIRST + MANY):
        made: MadeUp = maker.make(number)
        send(str(made), made.wire())

    print(f"MADE_UP_SEED={seed}: {statuses.total()} answers over a socket, {dict(sorted(statuses.items()))}")
    assert not wrong, "\n\n".join(f"{found} {failures} {what}" for what, (found, failures) in wrong.items())
    assert failures_in(server.log) == []
    assert server.is_well()
