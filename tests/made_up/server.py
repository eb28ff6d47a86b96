"""The portal as it is served: granian in a process of its own, asked over a socket in bytes."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.kolada.server import NOWHERE

ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds to wait for an answer."""


@dataclass(frozen=True)
class Server:
    """A server on loopback; `log` is what it has written so far."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def ask(self, request: bytes, *, patience: float = PATIENCE) -> bytes:
        """What comes back for these bytes until the server closes, or for as long as there is patience.

        It may close at any moment: what it doesn't understand it needn't read to its end.
        """
        answer = b""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)) as wire:
            try:
                wire.sendall(request)
                wire.settimeout(patience)
                while piece := wire.recv(65536):
                    answer += piece
            except (ConnectionError, TimeoutError):
                pass
        return answer

    def is_well(self) -> bool:
        answer = self.ask(b"GET /halsa/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return self.process.poll() is None and answer.startswith(b"HTTP/1.1 200 ")


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Serves what the test's database has committed; a database in memory is served as a copy."""
    port, log_file = free_port(), folder / "log"
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PATH", "TZ")},
        "DATABASE_URL": address_of_the_database(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "OIDC_PROVIDERS": json.dumps([asdict(service) for service in settings.OIDC_PROVIDERS]),
        "KOLADA_URL": NOWHERE,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "2"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("granian"), *options, "--no-ws", "portal.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, process, log_file)
    try:
        wait_for(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with closing(socket.socket()) as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def wait_for(server: Server) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if server.is_well():
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server didn't start.\n{server.log}")


def address_of_the_database(folder: Path) -> str:
    """DATABASE_URL of what the test has committed."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "db.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{folder / 'db.sqlite3'}"
    said = connection.settings_dict
    who = f"{quote(said['USER'])}:{quote(said['PASSWORD'])}@" if said["PASSWORD"] else f"{said['USER']}@"
    host = said["OPTIONS"].get("host", said["HOST"])
    if str(host).startswith("/"):  # a socket
        return f"postgresql://{who}/{said['NAME']}?host={host}"
    return f"postgresql://{who}{host}:{said['PORT'] or 5432}/{said['NAME']}"
