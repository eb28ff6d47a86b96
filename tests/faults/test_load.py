"""Twenty coordinators who write at once to the portal as it is served: nothing that anyone saved is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.attempts import Answer, Record
from tests.faults.checker import faults
from tests.faults.servers import HEADERS, SESSION, production
from tests.faults.writers import Coordinator, write_together
from tests.faults.year import COORDINATORS, make_year, rows_of
from tests.served import served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

REPORTS = int(os.environ.get("FAULTS_REPORTS", "1000")) // (1 if connection.vendor == "postgresql" else 5)
"""FAULTS_REPORTS=10000 is the full size. SQLite, where all who write stand in one queue, gets a fifth."""


def test_twenty_coordinators_who_write_at_once_lose_nothing(tmp_path: Path, tell):
    year, record = make_year(), Record()

    with served(GRANIAN_WORKERS="2", GRANIAN_BLOCKING_THREADS="4", **production(tmp_path)) as server:
        coordinators = [
            Coordinator(number, each.by, {SESSION: each.session}, [server.port], record, HEADERS)
            for number, each in enumerate(year.coordinators)
        ]
        seconds = write_together(coordinators, year.hot, year.others, each=REPORTS // COORDINATORS)

    saved, refused = record.count(Answer.SAVED), record.count(Answer.REFUSED)
    tell(f"{saved} reports in {seconds:.0f} s, {saved / seconds:.1f} a second, {refused} refused")
    assert faults(record, rows_of(year.followup)) == []
    assert saved == REPORTS
    assert refused > REPORTS / 50, "hardly anyone met anyone else"
