"""Starts the portal's server in no time: `python -m tests.faults.preloaded`.

For each port that comes on stdin it forks into granian, which serves the portal that this process has in
memory already, and says the new process's id on stdout. That leads a group of its own with its workers, so
that one signal reaches them all. What serves is the server of production; only its start is shorter.
"""

from __future__ import annotations

import os
import signal
import sys

from django.db import connection
from django.template.loader import get_template
from django.urls import get_resolver
from granian.cli import entrypoint

import portal.wsgi  # noqa: F401  (makes the portal ready)
from tests.served import command_on


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    make_ready()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.argv = command_on(int(line))
            entrypoint()
        print(child, flush=True)


def make_ready() -> None:
    """What the first request would else wait for; opens no connection, since forks can't share one."""
    assert connection.vendor
    assert get_resolver().url_patterns
    get_template("followup/report_activity.html")


if __name__ == "__main__":
    main()
