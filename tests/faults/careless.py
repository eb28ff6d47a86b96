"""Portals of a few lines that take the same reports by the same sort of form; some of them lose reports.

They keep everything in memory, and believe a cookie that says who asks.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.cookies import SimpleCookie
from itertools import count
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.faults.attempts import Row, Said

PAGE = """
<form method="post"><input type="hidden" name="seen" value="{}"><textarea name="comment">{}</textarea></form>
"""


class CarefulPortal:
    """Writes a report after the one that its writer saw, or refuses it."""

    def __init__(self) -> None:
        self.reports: dict[str, list[Row]] = defaultdict(list)
        self.lock = Lock()

    @property
    def rows(self) -> list[Row]:
        return [row for each in self.reports.values() for row in each]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            reports = self.reports[environ["PATH_INFO"]]
            latest = reports[-1].said["comment"] if reports else ""
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [PAGE.format(len(reports), escape(latest)).encode()]
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        said = dict(parse_qsl(sent, keep_blank_values=True))
        del said["csrfmiddlewaretoken"]
        by = SimpleCookie(environ["HTTP_COOKIE"])["by"].value
        saved = self.save(environ["PATH_INFO"], by, int(said.pop("seen")), said)
        start_response("302 Found" if saved else "409 Conflict", [])
        return []

    def save(self, address: str, by: str, seen: int, said: Said) -> bool:
        with self.lock:
            if len(self.reports[address]) != seen:
                return False
            self.reports[address].append(Row(address, seen + 1, by, said))
            return True


class OverwritingPortal(CarefulPortal):
    """Reads the reports, adds one, and writes them all back over what others have written meanwhile."""

    def save(self, address: str, by: str, seen: int, said: Said) -> bool:
        reports = self.reports[address]
        time.sleep(0.01)
        self.reports[address] = [*reports, Row(address, len(reports) + 1, by, said)]
        return True


class ForgetfulPortal(CarefulPortal):
    """Answers now and then that it has saved what it hasn't."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = count(1)
        self.forgotten = 0

    def save(self, address: str, by: str, seen: int, said: Said) -> bool:
        if next(self.sent) % 40 == 0:
            self.forgotten += 1
            return True
        return super().save(address, by, seen, said)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 100


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def serving(portal: CarefulPortal) -> Iterator[int]:
    """The port that it is served on."""
    with make_server("127.0.0.1", 0, portal, Server, Quiet) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.server_port
        server.shutdown()
