"""An archive that is broken off, at any moment and in any way: none is there, and the next one is whole."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from followup.models import StatusReport
from portal.archive.contents import kept_tables
from tests.big_plan import make_big_plan
from tests.faults.servers import production, wait_until
from tests.faults.sizes import ARCHIVED_ACTIVITIES, KILLS_WHILE_ARCHIVING
from tests.portal.archive.world import rows_in
from tests.served import ROOT, environment_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

MEGABYTES = 200
"""At most so much memory, however much there is to write."""

ON_THE_WAY = [f"{kept.folder}/{kept.name}.jsonl" for kept in kept_tables()]
"""The files that are written first, and more come after them."""


class Export:
    """The command, as somebody runs it on the server."""

    def __init__(self, folder: Path, place: Path, **options: Any) -> None:
        self.part = place.with_name(f".{place.name}.part")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "export_all", str(place)],
            cwd=ROOT,
            env=environment_with(**production(folder)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def stop_at(self, file: str, how: signal.Signals) -> None:
        """Sends the signal once the file has been begun."""
        wait_until(lambda: (self.part / file).exists() or self.process.poll() is not None)
        self.process.send_signal(how)

    def end(self) -> tuple[int, str]:
        """Its status, and what it said of what went wrong."""
        _nothing, said = self.process.communicate()
        return self.process.returncode, said

    def watched(self) -> tuple[int, str, int]:
        """The same, and the most memory that it has had, in MB."""
        most, told = 0, Path(f"/proc/{self.process.pid}/status")
        while self.process.poll() is None:
            if found := re.search(r"VmHWM:\s*(\d+)", told.read_text()):
                most = int(found[1]) // 1024
            time.sleep(0.01)
        return *self.end(), most


def broken_off(folder: Path, place: Path, file: str, how: signal.Signals) -> tuple[int, str]:
    """The end of an export that is stopped at a file; one that is done before it can be is tried again."""
    for _each in range(5):
        running = Export(folder, place, preexec_fn=heeds_ctrl_c)
        running.stop_at(file, how)
        status, said = running.end()
        if status != 0:
            return status, said
        shutil.rmtree(place)
    raise AssertionError("it was always done before it could be stopped")


def heeds_ctrl_c() -> None:
    """Also when the tests run in the background of a shell, which lets nothing there heed it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def files_of_at_most(size: int) -> Callable[[], None]:
    """As on a disk where no more has room."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_an_archive_that_is_broken_off_is_none_and_the_next_one_is_whole(tmp_path: Path, tell):
    make_big_plan(ARCHIVED_ACTIVITIES)
    chance, place = Random(1), tmp_path / "arkiv" / "allt"
    place.parent.mkdir()

    for _each in range(KILLS_WHILE_ARCHIVING):
        assert broken_off(tmp_path, place, chance.choice(ON_THE_WAY), signal.SIGKILL)[0] == -signal.SIGKILL
        assert [each.name for each in place.parent.iterdir()] == [".allt.part"]
        assert not (place.parent / ".allt.part" / "SHA256SUMS").exists()

    full = Export(tmp_path, place, preexec_fn=files_of_at_most(20_000))
    status, said = full.end()
    assert "En fil får inte vara så stor där." in said, said
    assert status == 1
    assert [*place.parent.iterdir()] == []

    status, said = broken_off(tmp_path, place, ON_THE_WAY[0], signal.SIGINT)
    assert "Avbrutet. Inget är skrivet." in said, said
    assert status == 130
    assert [*place.parent.iterdir()] == []

    began = time.monotonic()
    status, said, memory = Export(tmp_path, place).watched()
    takes = time.monotonic() - began
    assert status == 0, said
    assert [each.name for each in place.parent.iterdir()] == ["allt"]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=place, check=True)
    assert len(rows_in(place, "tabeller/actionplan_activity.jsonl")) == ARCHIVED_ACTIVITIES
    assert len(rows_in(place, "tabeller/followup_statusreport.jsonl")) == StatusReport.objects.count()
    assert memory < MEGABYTES
    tell(
        f"{KILLS_WHILE_ARCHIVING} archives killed, one interrupted and one without room: none was there; one "
        f"of {ARCHIVED_ACTIVITIES} activities, half of them reported, took {takes:.1f} s and {memory} MB"
    )
