"""Open data of very many activities: in little memory, whole or visibly cut, and the portal goes on."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from followup.models import FollowUp, Stage
from portal.open_data import answers
from portal.open_data.datasets import DATASETS, FORMATS
from tests.big_plan import make_big_plan
from tests.faults.sizes import EXPORTED
from tests.served import Server, served
from tests.servers import shared_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

MEGABYTE = 1024 * 1024
MOST = 200 * MEGABYTE


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A portal with a published year of very many activities, half of which are reported."""
    make_big_plan(EXPORTED)
    FollowUp.objects.update(stage=Stage.PUBLISHED, published_at=timezone.now())
    with served(DATABASE_URL=shared_database(tmp_path), SECRET_KEY=settings.SECRET_KEY) as it:
        yield it


def ask(server: Server, address: str, seen: str = "") -> HTTPResponse:
    """The answer, as soon as it begins; `seen`: the tag of one that was had before."""
    asked = HTTPConnection("127.0.0.1", server.port, timeout=300)
    asked.request("GET", address, headers={"Host": "localhost", "If-None-Match": seen})
    return asked.getresponse()


def read(answer: HTTPResponse) -> tuple[int, int]:
    """Bytes and line breaks, block by block."""
    length = lines = 0
    while block := answer.read(MEGABYTE):
        length, lines = length + len(block), lines + block.count(b"\n")
    return length, lines


def test_every_activity_is_exported_in_little_memory(server, tell: Callable[[str], None]):
    told = []
    for dataset in ("aktiviteter", "lagen"):
        for form in FORMATS.values():
            began = time.monotonic()
            answer = ask(server, DATASETS[dataset].address(form))
            first = time.monotonic() - began
            length, lines = read(answer)
            seconds = time.monotonic() - began

            assert answer.status == 200
            assert lines >= EXPORTED
            assert length == int(answer.headers["Content-Length"])
            told.append(
                f"{dataset}.{form.ending} {length} bytes in {seconds:.1f} s ({first:.1f} s to the first)"
            )

    most = server.most_of_a_worker()
    assert most < MOST
    tell(f"{EXPORTED} activities exported: {'; '.join(told)}; at most {most / MEGABYTE:.0f} MB")

    began = time.monotonic()
    unchanged = ask(server, "/oppna-data/lagen.json", seen=answer.headers["ETag"])
    assert (unchanged.status, unchanged.read()) == (304, b"")
    tell(f"{EXPORTED} activities unchanged: told in {time.monotonic() - began:.2f} s")


def test_whoever_reads_slowly_leaves_threads_for_others_and_sees_it_if_the_end_is_missing(server):
    """The file is longer than what is on its way at any moment."""
    address = DATASETS["lagen"].address(FORMATS["json"])
    slow = [ask(server, address) for _each in range(answers.LARGE_AT_ONCE)]

    refused = ask(server, address)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert ask(server, "/halsa/").status == 200

    whole = [json.loads(each.read()) for each in slow]
    assert [len(each["rows"]) for each in whole] == [EXPORTED] * len(slow)
    assert ask(server, address).status == 200

    cut = ask(server, address)
    cut.read(1024)
    for worker in server.workers():
        os.kill(int(worker), signal.SIGKILL)
    with pytest.raises((IncompleteRead, ConnectionError)):
        cut.read()
