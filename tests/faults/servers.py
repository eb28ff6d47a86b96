"""The portal with production's settings and server, and processes of it that are killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from tests.repository.test_start import COMPLETE
from tests.served import ROOT, environment_with
from tests.servers import free_port, shared_database, wait_for

HEADERS = {"X-Forwarded-Proto": "https", "Origin": "https://127.0.0.1"}
"""What the proxy and the browser of someone who uses the portal over https say."""

SESSION = "__Host-sessionid"
"""The name of production's cookie."""


def production(folder: Path) -> dict[str, str]:
    """The environment of a portal that serves the tests' database and takes the tests' sessions."""
    own = {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": shared_database(folder),
        "CSRF_TRUSTED_ORIGINS": HEADERS["Origin"],
        "REQUIRE_MFA": "0",
    }
    return COMPLETE | own


class MortalServers:
    """Some servers of one process each, with four threads; any of them may be killed at any moment."""

    def __init__(self, launcher: subprocess.Popen[str], number: int) -> None:
        self.launcher = launcher
        self.ports = [free_port() for _each in range(number)]
        self.groups: dict[int, int] = {}

    def start(self, port: int) -> None:
        """Returns when it answers."""
        assert self.launcher.stdin
        assert self.launcher.stdout
        print(port, file=self.launcher.stdin, flush=True)
        self.groups[port] = int(self.launcher.stdout.readline())
        wait_for(port)

    def kill(self, port: int) -> None:
        """Returns when it is gone: nobody listens there any more."""
        os.killpg(self.groups.pop(port), signal.SIGKILL)
        wait_until(lambda: not listens(port))


@contextmanager
def mortal_servers(environment: dict[str, str], number: int) -> Iterator[MortalServers]:
    launcher = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.preloaded"],
        cwd=ROOT,
        env=environment_with(GRANIAN_WORKERS="1", GRANIAN_BLOCKING_THREADS="4", **environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with launcher:
        servers = MortalServers(launcher, number)
        try:
            for port in servers.ports:
                servers.start(port)
            yield servers
        finally:
            for port in list(servers.groups):
                servers.kill(port)


def wait_until(condition: Callable[[], bool]) -> None:
    """Raises when it isn't so within two minutes, which here means never."""
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until, "nothing happens any more"
        time.sleep(0.001)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
