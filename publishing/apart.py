"""Programs of our own that are run apart, on what others have written: in a process that has only limits."""

import os
import sys
from pathlib import Path
from subprocess import CompletedProcess, run
from tempfile import TemporaryDirectory

PASSED_ON = ("HOME", "LANG", "LD_LIBRARY_PATH")
"""What the program inherits of the environment, where it needs a language and a home."""


def run_apart(
    program: Path,
    request: bytes,
    *,
    seconds: int,
    memory: int,
    patience: int | None = None,
    passed_on: tuple[str, ...] = PASSED_ON,
) -> CompletedProcess[bytes]:
    """What the program makes of the request. It limits itself to so many seconds and bytes, which it is told.

    It inherits no secret, and its folder is empty and soon gone. Raises TimeoutExpired when it doesn't end.
    `seconds` are of a core, and by the clock, too, unless there is `patience` for a machine that others use.
    """
    environment = {name: os.environ[name] for name in passed_on if name in os.environ}
    with TemporaryDirectory() as scratch:
        return run(
            [sys.executable, "-I", str(program), str(seconds), str(memory)],
            input=request,
            capture_output=True,
            timeout=patience or seconds,
            env={**environment, "TMPDIR": scratch},
            cwd=scratch,
            check=False,
        )
