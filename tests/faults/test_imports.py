"""An import that is killed in the middle: all of its rows are there, or none, and so is their history."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from actionplan.drafting import ROWS
from actionplan.models import Activity, Responsibility, Revision
from exchange.writing import ColumnLook, Table, xlsx
from municipalities.models import Kind
from tests.builders import make_administrator, make_challenge, make_draft, make_organisation, make_plan
from tests.faults.servers import production, wait_until
from tests.faults.sizes import IMPORTED_ROWS, KILLS_WHILE_IMPORTING
from tests.served import ROOT, environment_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

DONE = re.compile(rb" (\d+)/\d+ \[")
"""What the command's progress bar says."""


@pytest.fixture
def draft() -> Revision:
    make_administrator()
    draft = make_draft(make_plan(slug="plan"), year=2016)
    make_challenge(draft, key="u")
    make_organisation("Nätverket", kind=Kind.NETWORK)
    return draft


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A workbook of activities, and as many rows of who answers for them."""
    number = IMPORTED_ROWS // 2
    activities = [("u", f"Aktivitet {each}", f"a-{each}", "Text. " * 20) for each in range(number)]
    answering = [(f"a-{each}", "Nätverket") for each in range(number)]
    tables = [
        Table("Aktiviteter", columns("Utmaning", "Aktivitet", "Nyckel", "Beskrivning"), activities),
        Table("Ansvariga", columns("Aktivitet", "Organisation"), answering),
    ]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(xlsx(tables))
    return path


def columns(*headers: str) -> tuple[ColumnLook, ...]:
    return tuple(map(ColumnLook, headers))


class Import:
    """The command, as somebody at a terminal runs it: its bar tells how far it has come."""

    def __init__(self, file: Path, folder: Path) -> None:
        self.terminal, other = pty.openpty()
        termios.tcsetwinsize(other, (24, 80))
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "import_plan", str(file), "--plan", "plan", "--year", "2016"],
            cwd=ROOT,
            env=environment_with(**production(folder)),
            stdout=subprocess.DEVNULL,
            stderr=other,
        )
        os.close(other)

    def wait_until_past(self, rows: int) -> int:
        """How many rows it has gone through, when they are more than that or it has ended."""
        done = 0
        with suppress(OSError):  # the terminal closes with the command
            while done <= rows and (told := os.read(self.terminal, 65536)):
                done = max([done, *map(int, DONE.findall(told))])
        return done

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        self.process.wait()
        os.close(self.terminal)
        wait_until(nobody_else_is_there)


def nobody_else_is_there() -> bool:
    """Whether what the killed process did in the database has ended with it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone() == (1,)


def rows_and_history() -> dict[str, tuple[int, int]]:
    """How many rows there are of each kind, and lines in the log."""
    return {each.__name__: (each.objects.count(), each.history.count()) for each in ROWS}


def test_an_import_that_is_killed_leaves_nothing_or_all_of_it_with_its_history(
    draft: Revision, file: Path, tmp_path: Path, tell
):
    before, chance, killed = rows_and_history(), Random(1), 0

    while killed < KILLS_WHILE_IMPORTING:
        running = Import(file, tmp_path)
        done = running.wait_until_past(chance.randrange(IMPORTED_ROWS * 9 // 10))
        running.kill()
        assert 0 < done < IMPORTED_ROWS, "the import was to be killed in its middle"
        assert rows_and_history() == before
        killed += 1

    began = time.monotonic()
    undisturbed = Import(file, tmp_path)
    undisturbed.wait_until_past(IMPORTED_ROWS)
    undisturbed.end()
    takes = time.monotonic() - began
    half = IMPORTED_ROWS // 2
    assert Activity.history.filter(history_change_reason="Inläst från plan.xlsx").count() == half
    assert (Activity.objects.count(), Responsibility.objects.count()) == (half, half)
    assert Responsibility.history.count() == half
    tell(
        f"{killed} times killed while importing {IMPORTED_ROWS} rows, which takes {takes:.1f} s: nothing was "
        "left of any, and all of the one that went on"
    )
