"""Makes PDFs without the half second that the renderer takes to start: `python -I warm.py`.

For each task that comes on stdin this process, which has the renderer and WeasyPrint in memory, forks, and
the child is what production starts: the same code with the same limits, files, folder and environment. Tests
of how it is started itself ask for the fixture `started_anew`.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class Warm:
    """Stands in for `subprocess.run` where `publishing/pdf.py` starts its renderer."""

    def __init__(self) -> None:
        self.turn = threading.Lock()

    @cached_property
    def process(self) -> subprocess.Popen[str]:
        """Started when the first PDF is asked for."""
        return subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ},
            text=True,
        )

    def run(
        self,
        command: list[str],
        *,
        input: bytes,
        timeout: int,
        env: Mapping[str, str],
        cwd: str,
        **_said: Any,
    ) -> subprocess.CompletedProcess[bytes]:
        with self.turn, TemporaryDirectory() as between:
            paths = [Path(between, name) for name in ("in", "out", "err")]
            paths[0].write_bytes(input)
            task = {"argv": command[2:], "files": list(map(str, paths)), "env": dict(env), "folder": cwd}
            child = int(self.ask(json.dumps(task)))
            watch = threading.Timer(timeout, os.kill, (child, signal.SIGKILL))
            watch.start()
            try:
                code = int(self.ask("wait"))
            finally:
                watch.cancel()
            return subprocess.CompletedProcess(command, code, *(path.read_bytes() for path in paths[1:]))

    def ask(self, line: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        print(line, file=self.process.stdin, flush=True)
        return self.process.stdout.readline()

    def stop(self) -> None:
        if "process" in vars(self):
            self.process.communicate()


RENDERER = Path(__file__).parents[1] / "publishing" / "renderer.py"


def main() -> None:
    import weasyprint  # noqa: F401

    make_pdf = runpy.run_path(str(RENDERER))["main"]
    child = 0
    for line in sys.stdin:
        if line == "wait\n":
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
            continue
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            make_pdf()
            sys.exit()
        print(child, flush=True)


def become(task: dict[str, Any]) -> None:
    """Takes what the task's process would have been started with."""
    for number, path in enumerate(task["files"]):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY), number)
    os.chdir(task["folder"])
    os.environ.clear()
    os.environ.update(task["env"])
    sys.argv = task["argv"]


if __name__ == "__main__":
    main()
