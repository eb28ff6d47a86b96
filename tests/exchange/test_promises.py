"""What the database promises of files that are on their way in."""

from __future__ import annotations

from functools import partial

import pytest

from exchange.models import Upload
from tests.builders import make_user
from tests.promises import Promise, assert_the_database_refuses, promises_of

pytestmark = pytest.mark.django_db


def an_upload(**fields):
    return Upload(owner=make_user(), purpose="plan", name="plan.xlsx", content=b"PK", **fields)


PROMISES = [
    *(
        Promise("an_import_is_told_of_before_it_is_done", "", partial(an_upload, stage=stage))
        for stage in ("told", "saving", "done")
    ),
    Promise("what_failed_says_why", "", partial(an_upload, stage="failed")),
]


def test_every_promise_is_tried():
    assert {promise.name for promise in PROMISES} == promises_of("exchange")


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_the_database_refuses_what_breaks_a_promise(promise):
    assert_the_database_refuses(promise)
