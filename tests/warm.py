"""Runs a program that is run apart without the time that it takes to start: `python -I warm.py`.

The first line on stdin names the program. For each task that comes after it this process, which has the
program and its libraries in memory, forks, and the child is what production starts: the same code with the
same limits, files, folder and environment. Tests of how it is started itself ask for `started_anew`.
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
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class Warm:
    """Stands in for `subprocess.run` where `publishing/apart.py` starts a program."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def start(self) -> subprocess.Popen[str]:
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
        program = command[2]
        with self.turn, TemporaryDirectory() as between:
            paths = [Path(between, name) for name in ("in", "out", "err")]
            paths[0].write_bytes(input)
            task = {"argv": command[2:], "files": list(map(str, paths)), "env": dict(env), "folder": cwd}
            child = int(self.ask(program, json.dumps(task)))
            watch = threading.Timer(timeout, os.kill, (child, signal.SIGKILL))
            watch.start()
            try:
                code = int(self.ask(program, "wait"))
            finally:
                watch.cancel()
            return subprocess.CompletedProcess(command, code, *(path.read_bytes() for path in paths[1:]))

    def ask(self, program: str, line: str) -> str:
        if program not in self.processes:
            self.processes[program] = self.start()
            line = f"{program}\n{line}"
        process = self.processes[program]
        assert process.stdin
        assert process.stdout
        print(line, file=process.stdin, flush=True)
        return process.stdout.readline()

    def stop(self) -> None:
        for process in self.processes.values():
            process.communicate()


def main() -> None:
    program = Path(sys.stdin.readline().rstrip("\n"))
    if program.name == "renderer.py":
        import weasyprint  # noqa: F401

    run_program = runpy.run_path(str(program))["main"]
    child = 0
    for line in sys.stdin:
        if line == "wait\n":
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
            continue
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            run_program()
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
