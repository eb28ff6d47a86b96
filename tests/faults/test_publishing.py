"""Publishing that is killed, or done by two at once: there is an edition, whole, or none."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from followup.editions import report_of
from followup.models import FollowUp, Stage
from publishing.models import Publication
from tests.builders import make_activity, make_challenge, make_followup, make_report
from tests.faults.servers import production, wait_until
from tests.faults.sizes import KILLS_WHILE_PUBLISHING
from tests.served import ROOT, environment_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


class Publishers:
    """Processes that publish; `outcomes` is how those ended that weren't killed."""

    def __init__(self, process: subprocess.Popen[str], outcomes: Path) -> None:
        self.process = process
        self.file = outcomes

    def start(self, followup: FollowUp, number: int) -> list[int]:
        """The ids of so many processes that begin to publish."""
        assert self.process.stdin
        assert self.process.stdout
        print(followup.pk, number, file=self.process.stdin, flush=True)
        return [int(each) for each in self.process.stdout.readline().split()]

    @property
    def outcomes(self) -> list[str]:
        return self.file.read_text().splitlines()


@pytest.fixture
def publishers(tmp_path: Path) -> Iterator[Publishers]:
    outcomes = tmp_path / "outcomes"
    outcomes.touch()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.publishers", str(outcomes)],
        cwd=ROOT,
        env=environment_with(DJANGO_SETTINGS_MODULE="portal.settings", **production(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Publishers(process, outcomes)


@pytest.fixture
def year() -> FollowUp:
    """Closed, and ready to be published."""
    followup = make_followup(stage=Stage.CLOSED)
    for _each in range(3):
        make_report(followup, make_activity(make_challenge(followup.revision)))
    return followup


def wait_for(processes: list[int]) -> None:
    wait_until(lambda: all(is_over(each) for each in processes))


def is_over(process: int) -> bool:
    """Whether the process is gone, and with it what it did in the database."""
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return False
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone() == (1,)


def is_published_whole(followup: FollowUp, edition: int) -> bool:
    """Whether the edition is there, whole, with the year's stage; else it must be as if nobody had tried."""
    followup.refresh_from_db()
    latest = Publication.objects.of(followup.document).order_by("-edition").first()
    if latest is None or latest.edition < edition:
        assert (latest.edition if latest else 0) == edition - 1
        assert followup.stage == Stage.CLOSED
        assert followup.published_at == (latest.published_at if latest else None)
        return False
    assert latest.edition == edition
    assert latest.content_sha256 == hashlib.sha256(latest.content.encode()).hexdigest()
    assert latest.pdf_sha256 == hashlib.sha256(latest.pdf).hexdigest()
    assert bytes(latest.pdf).rstrip().endswith(b"%%EOF")
    assert report_of(latest).year == followup.year
    assert (followup.stage, followup.published_at) == (Stage.PUBLISHED, latest.published_at)
    return True


def open_for_correction(followup: FollowUp) -> None:
    followup.stage = Stage.CLOSED
    followup.save()


def test_publishing_that_is_killed_leaves_a_whole_edition_or_none(
    publishers: Publishers, year: FollowUp, tell
):
    [undisturbed] = publishers.start(year, 1)
    began = time.monotonic()
    wait_for([undisturbed])
    takes = time.monotonic() - began
    assert is_published_whole(year, 1)
    edition, chance = 2, Random(1)

    for _each in range(KILLS_WHILE_PUBLISHING):
        if year.stage == Stage.PUBLISHED:
            open_for_correction(year)
        [publisher] = publishers.start(year, 1)
        time.sleep(chance.uniform(0, 0.8 * takes))
        with suppress(ProcessLookupError):
            os.kill(publisher, signal.SIGKILL)
        wait_for([publisher])
        edition += is_published_whole(year, edition)

    tell(
        f"{KILLS_WHILE_PUBLISHING} times killed while publishing, which takes {takes:.2f} s: "
        f"{edition - 2} whole editions, otherwise nothing"
    )


def test_two_who_publish_at_once_make_one_edition(publishers: Publishers, year: FollowUp):
    both = publishers.start(year, 2)
    wait_for(both)

    assert sorted(publishers.outcomes) == ["edition 1", "not published"]
    assert Publication.objects.count() == 1
    assert is_published_whole(year, 1)
