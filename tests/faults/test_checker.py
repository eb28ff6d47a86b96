"""What the checker says of tables made by hand, and of portals that are careless."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.attempts import Answer, Attempt, Record, Row, Said
from tests.faults.careless import CarefulPortal, ForgetfulPortal, OverwritingPortal, serving
from tests.faults.checker import Kind, faults
from tests.faults.writers import Coordinator, write_together


def said(tag: str) -> Said:
    return {"comment": f"Rapport {tag} efter något", "status": "ongoing"}


FIRST = Attempt("/a/", "Eva", said("1-1"), 0, "")
SECOND = Attempt("/a/", "Åke", said("2-1"), 1, "1-1")
ELSEWHERE = Attempt("/b/", "Åke", said("2-2"), 0, "")
REFUSED = Attempt("/a/", "Eva", said("1-2"), 1, "1-1")
UNANSWERED = Attempt("/b/", "Eva", said("1-3"), 1, "2-2")

ROWS = [
    Row("/a/", 1, "Eva", said("1-1")),
    Row("/a/", 2, "Åke", said("2-1")),
    Row("/b/", 1, "Åke", said("2-2")),
]


@pytest.fixture
def record() -> Record:
    answers = dict.fromkeys(("1-1", "2-1", "2-2"), Answer.SAVED) | {"1-2": Answer.REFUSED}
    return Record([FIRST, SECOND, ELSEWHERE, REFUSED, UNANSWERED], answers)


def kinds(record: Record, rows: list[Row]) -> set[Kind]:
    return {fault.kind for fault in faults(record, rows)}


def test_nothing_is_wrong_when_all_that_was_saved_is_there_and_no_more(record):
    assert faults(record, ROWS) == []


def test_what_was_not_answered_may_be_there(record):
    assert faults(record, [*ROWS, Row("/b/", 2, "Eva", said("1-3"))]) == []


def test_what_was_not_answered_must_be_whole_if_it_is_there(record):
    half = {"comment": "Rapport 1-3 efter något", "status": ""}

    assert kinds(record, [*ROWS, Row("/b/", 2, "Eva", half)]) == {Kind.TORN}


def test_a_saved_report_that_is_gone_is_lost(record):
    assert kinds(record, ROWS[:2]) == {Kind.LOST}


def test_one_gone_from_the_middle_also_leaves_a_gap_and_another_predecessor(record):
    assert kinds(record, ROWS[1:]) == {Kind.LOST, Kind.GAP, Kind.OVERTAKEN}


def test_one_that_wrote_after_another_than_it_saw_has_overtaken_it(record):
    rows = [Row("/a/", 1, "Åke", said("2-1")), Row("/a/", 2, "Eva", said("1-1")), ROWS[2]]

    assert kinds(record, rows) == {Kind.OVERTAKEN}


def test_one_over_another_stands_twice_under_a_number(record):
    record.attempts.append(Attempt("/a/", "Eva", said("1-4"), 1, "1-1"))
    record.answers["1-4"] = Answer.SAVED

    assert kinds(record, [*ROWS, Row("/a/", 2, "Eva", said("1-4"))]) == {Kind.GAP, Kind.OVERTAKEN}


def test_one_that_was_refused_must_not_be_there(record):
    assert kinds(record, [*ROWS, Row("/a/", 3, "Eva", said("1-2"))]) == {Kind.LEFT, Kind.OVERTAKEN}


def test_one_may_not_be_there_twice(record):
    assert kinds(record, [*ROWS, Row("/b/", 2, "Åke", said("2-2"))]) == {Kind.TWICE, Kind.OVERTAKEN}


@pytest.mark.parametrize(
    "torn",
    [
        Row("/b/", 1, "Eva", said("2-2")),
        Row("/c/", 1, "Åke", said("2-2")),
        Row("/b/", 1, "Åke", said("2-2") | {"status": "delayed"}),
        Row("/b/", 1, "Åke", said("2-2") | {"comment": "Rapport 2-2 eft"}),
    ],
    ids=["someone else's", "of something else", "another status", "half a text"],
)
def test_a_report_has_to_be_as_it_was_sent(record, torn):
    assert kinds(record, [*ROWS[:2], torn]) == {Kind.TORN}


def test_what_nobody_sent_may_not_be_there(record):
    assert kinds(record, [*ROWS, Row("/c/", 1, "Eva", {"comment": "Något helt annat"})]) == {Kind.STRANGE}


# The same writers and the same checker at portals that are known to be right or wrong


def found_in(portal: CarefulPortal) -> Counter[Kind]:
    """Sorts of faults, after twenty coordinators have saved 300 reports there."""
    record = Record()
    with serving(portal) as port:
        coordinators = [
            Coordinator(number, f"{number}", {"by": f"{number}"}, [port], record) for number in range(20)
        ]
        write_together(coordinators, ["/het/1/", "/het/2/"], [f"/{number}/" for number in range(50)], each=15)
    assert record.count(Answer.SAVED) == 300
    return Counter(fault.kind for fault in faults(record, portal.rows))


def test_nothing_is_found_in_a_careful_portal():
    assert not found_in(CarefulPortal())


def test_losses_are_found_in_a_portal_where_the_last_one_overwrites():
    found = found_in(OverwritingPortal())

    assert found[Kind.LOST] > 10
    assert found[Kind.OVERTAKEN] > 10


def test_losses_are_found_in_a_portal_that_forgets_a_few():
    portal = ForgetfulPortal()

    assert found_in(portal) == {Kind.LOST: portal.forgotten}
    assert portal.forgotten
