"""Server processes killed in the middle of writing: what was answered is there, and nothing is half there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event

import pytest

from tests.faults.attempts import Answer, Record
from tests.faults.checker import Fault, faults
from tests.faults.servers import MortalServers, mortal_servers, production, wait_until
from tests.faults.sizes import KILLS
from tests.faults.writers import write_until
from tests.faults.year import COORDINATORS, Year, coordinators_of, make_year, rows_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


def test_servers_killed_while_they_write_leave_no_half_done_report(tmp_path: Path, tell):
    year, record, over, chance = make_year(), Record(), Event(), Random(KILLS)

    with (
        mortal_servers(production(tmp_path), number=2) as servers,
        ThreadPoolExecutor(COORDINATORS) as threads,
    ):
        writers = [
            threads.submit(write_until, over, each, year.hot + year.others)
            for each in coordinators_of(year, servers.ports, record)
        ]
        kills = in_the_middle = 0
        try:
            while in_the_middle < KILLS and kills < 3 * KILLS:
                wait_for_a_moment(chance, year, record)
                broken_off = record.count(Answer.NONE)
                kill_and_start(servers, chance.choice(servers.ports))
                assert faults_so_far(record, year) == []
                kills += 1
                in_the_middle += record.count(Answer.NONE) > broken_off
        finally:
            over.set()
        for each in writers:
            each.result()

    rows = rows_of(year.followup)
    assert faults(record, rows) == []
    assert in_the_middle == KILLS
    saved, broken_off = record.count(Answer.SAVED), record.count(Answer.NONE)
    tell(
        f"{kills} servers killed, {in_the_middle} of them while they wrote; {saved} reports saved, "
        f"{broken_off} without an answer, of which {len(rows) - saved} are there"
    )


def wait_for_a_moment(chance: Random, year: Year, record: Record) -> None:
    """Until a few more reports have been saved, and then any moment, or that in which the next row is there.

    Its writer may not have been answered yet then.
    """
    enough = record.count(Answer.SAVED) + chance.randint(1, 8)
    wait_until(lambda: record.count(Answer.SAVED) >= enough)
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, 0.05))
    else:
        there = year.followup.reports.count()
        wait_until(lambda: year.followup.reports.count() > there)


def kill_and_start(servers: MortalServers, port: int) -> None:
    servers.kill(port)
    servers.start(port)


def faults_so_far(record: Record, year: Year) -> list[Fault]:
    """What is wrong while they write on; what was answered before the rows were read has to be among them."""
    answers = record.answers.copy()
    rows = rows_of(year.followup)
    return faults(Record(record.attempts.copy(), answers), rows)
