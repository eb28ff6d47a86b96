"""The portal as it is run: processes of the real web server, and browsers of the plainest sort.

For what a test client can't show, since it is one process and asks for one thing at a time. The test must use
`transaction=True`, and gets a database of its own if the tests' is in the memory of one process.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.db import connection

from tests.kolada.server import NOWHERE

ROOT = Path(__file__).parents[1]


@contextmanager
def running(folder: Path, processes: int, **environment: str) -> Iterator[list[int]]:
    """The ports of so many server processes that share a database, which holds what the test has made."""
    ports = [free_port() for _each in range(processes)]
    servers = [start(port, folder, environment) for port in ports]
    try:
        for port in ports:
            wait_for(port)
        yield ports
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(10)


def start(port: int, folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--blocking-threads", "8", "--no-ws", "--log-level", "warning", "portal.wsgi:application"]
    with (folder / f"{port}.log").open("wb") as log:
        return subprocess.Popen(
            [str(Path(sys.executable).with_name(command[0])), *command[1:], *options],
            cwd=ROOT,
            env={**os.environ, **own_environment(folder), **environment},
            stdout=log,
            stderr=log,
        )


def own_environment(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": shared_database(folder), "DEBUG": "0", "KOLADA_URL": NOWHERE}


def shared_database(folder: Path) -> str:
    """DATABASE_URL of the tests' database, or of a copy of it when that is in memory."""
    if connection.vendor == "postgresql":
        server = urlsplit(os.environ["DATABASE_URL"])
        return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    if not connection.is_in_memory_db():  # type: ignore[attr-defined]
        return f"sqlite:///{connection.settings_dict['NAME']}"
    file = folder / "copy.sqlite3"
    if not file.exists():
        connection.ensure_connection()
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
    return f"sqlite:///{file}"


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


def wait_for(port: int) -> None:
    for _each in range(300):
        with socket.socket() as it:
            if it.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")


class Browser:
    """Keeps cookies and sends forms; one for each person."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port = port
        self.headers = headers
        self.cookies: SimpleCookie = SimpleCookie()
        self.token = ""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and page; a page with a form gives the token for the next."""
        sent = {"Cookie": "; ".join(f"{each.key}={each.value}" for each in self.cookies.values())}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({"csrfmiddlewaretoken": self.token, **form}) if form is not None else None
        asked = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            asked.request(method, path, body, sent | self.headers)
            answer = asked.getresponse()
            page = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.load(cookie)
        finally:
            asked.close()
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page):
            self.token = found[1]
        return answer.status, page

    def log_in(self, email: str, password: str) -> tuple[int, str]:
        """302 when it worked."""
        if not self.token:
            self.ask("GET", "/konto/logga-in/")
        return self.ask("POST", "/konto/logga-in/", {"login": email, "password": password})
