"""How the portal asks other servers: log-in services, and Kolada."""

from __future__ import annotations

import time
from contextlib import suppress
from io import BytesIO
from socket import SHUT_RDWR
from threading import Timer
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter


class TooLarge(requests.ConnectionError):
    """The answer is larger than whoever asked can use."""


class ShortLine(requests.Session):
    """Asks another server for something small, and waits only so long.

    `pause` and `longest`: seconds that it may be silent, and that a whole answer may take; `largest`: bytes
    of one. It goes nowhere else than it was told to: a redirect would take the portal's secret along.

    Raises requests.Timeout, TooLarge, or another of requests' errors when there is no whole answer.
    """

    def __init__(self, *, pause: float, longest: float, largest: int) -> None:
        super().__init__()
        self.pause, self.longest, self.largest = pause, longest, largest
        self.mount("https://", HangingUp(longest))
        self.mount("http://", HangingUp(longest))

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        options |= {"timeout": self.pause, "allow_redirects": False, "stream": True}
        ends = time.monotonic() + self.longest
        try:
            with super().request(method, url, **options) as response:
                body = self.read(response, ends)
        except (requests.ConnectionError, urllib3.exceptions.HTTPError) as error:
            if time.monotonic() >= ends:
                raise requests.Timeout("The answer is too slow.") from error
            if isinstance(error, requests.ConnectionError):
                raise
            raise requests.ConnectionError(error) from error
        response.raw = BytesIO(body)
        return response

    def read(self, response: requests.Response, ends: float) -> bytes:
        body = bytearray()
        part = b" "
        while part:
            if time.monotonic() >= ends:
                raise requests.Timeout("The answer is too slow.")
            part = response.raw.read1(2**16, decode_content=True)
            body += part
            if len(body) > self.largest:
                raise TooLarge("The answer is too large.")
        return bytes(body)


class HangingUp(HTTPAdapter):
    """Hangs up on a server that hasn't begun its answer's body in time.

    The libraries count only the silence between two bytes, so that headers could go on for ever.
    """

    def __init__(self, longest: float) -> None:
        self.longest = longest
        super().__init__()

    def get_connection_with_tls_context(self, *arguments: Any, **options: Any) -> Any:
        pool = super().get_connection_with_tls_context(*arguments, **options)
        if not issubclass(pool.ConnectionCls, Watched):
            pool.ConnectionCls = type("Watched", (Watched, pool.ConnectionCls), {"longest": self.longest})
        return pool


class Watched:
    """What a connection is besides, when somebody looks at the clock while it waits for an answer."""

    longest: float

    def getresponse(self) -> Any:
        watch = Timer(self.longest, self.hang_up)
        watch.daemon = True
        watch.start()
        try:
            return super().getresponse()  # type: ignore[misc]
        finally:
            watch.cancel()

    def hang_up(self) -> None:
        with suppress(AttributeError, OSError):  # which it may have done itself by now
            self.sock.shutdown(SHUT_RDWR)  # type: ignore[attr-defined]
