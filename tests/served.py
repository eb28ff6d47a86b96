"""The portal as its web server runs it, for tests of what only that can tell."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@dataclass(frozen=True)
class Server:
    """A server on this machine that tests speak to byte by byte."""

    port: int
    process: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def ask(self, request: bytes) -> bytes:
        """The whole answer to a request that says `Connection: close`."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_to_end(connection)

    def memory(self) -> int:
        """Bytes that the server and its workers have in memory."""
        return sum(resident(process) for process in (str(self.process), *self.workers()))

    def most_of_a_worker(self) -> int:
        """Bytes that the worker with the most has had in memory at once."""
        return max(resident(process, "VmHWM") for process in self.workers())

    def workers(self) -> list[str]:
        return Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()


def resident(process: str, what: str = "VmRSS") -> int:
    """Bytes that the process has in memory now; what="VmHWM": the most that it has had."""
    status = Path(f"/proc/{process}/status").read_text()
    [kilobytes] = re.findall(rf"^{what}:\s+(\d+) kB", status, re.MULTILINE)
    return int(kilobytes) * 1024


def read_to_end(connection: socket.socket) -> bytes:
    """What comes until the server closes, or breaks, the connection."""
    answer = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            answer += part
    return answer


def command_on(port: int) -> list[str]:
    """The Dockerfile's command, on another port of this machine."""
    [command] = re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    return [*json.loads(command), "--host", "127.0.0.1", "--port", str(port)]


def environment_with(**environment: str) -> dict[str, str]:
    """The Dockerfile's limits, and nothing of the tests' own but what is given."""
    limits = dict(re.findall(r"\b(GRANIAN_HTTP1_\w+)=(\w+)", DOCKERFILE))
    return {"PATH": os.environ["PATH"], "GRANIAN_LOG_LEVEL": "error", **limits, **environment}


@contextmanager
def served(**environment: str) -> Iterator[Server]:
    """The server with the options of the Dockerfile, on a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program, *options = command_on(port)
    running = subprocess.Popen(
        [ROOT / ".venv/bin" / program, *options], cwd=ROOT, env=environment_with(**environment)
    )
    try:
        wait_for(port, running)
        yield Server(port, running.pid)
    finally:
        running.terminate()
        running.wait()


def wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    """Until the server answers, which it does within seconds; it is given a minute."""
    for _each in range(600):
        assert running.poll() is None, "the server stopped"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError("the server doesn't answer")
