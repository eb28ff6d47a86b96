"""Twenty coordinators who write at once to the portal as it is served: nothing that anyone saved is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.attempts import Answer, Record
from tests.faults.checker import faults
from tests.faults.servers import production
from tests.faults.sizes import REPORTS
from tests.faults.writers import write_together
from tests.faults.year import COORDINATORS, coordinators_of, make_year, rows_of
from tests.served import served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


def test_twenty_coordinators_who_write_at_once_lose_nothing(tmp_path: Path, tell):
    year, record = make_year(), Record()

    with served(GRANIAN_WORKERS="2", GRANIAN_BLOCKING_THREADS="4", **production(tmp_path)) as server:
        coordinators = coordinators_of(year, [server.port], record)
        seconds = write_together(coordinators, year.hot, year.others, each=REPORTS // COORDINATORS)

    saved, refused = record.count(Answer.SAVED), record.count(Answer.REFUSED)
    tell(f"{saved} reports in {seconds:.0f} s, {saved / seconds:.1f} a second, {refused} refused")
    assert faults(record, rows_of(year.followup)) == []
    assert saved == REPORTS
    assert refused > REPORTS / 50, "hardly anyone met anyone else"
