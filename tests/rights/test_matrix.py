"""Everyone at every address with every method: what they are answered stands in the tables beside this."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from coverage import Coverage
from django.db import transaction

from portal.open_data.middleware import is_open_data
from tests.rights.addresses import name_of
from tests.rights.answers import OTHER_METHODS, word_for
from tests.rights.checksum import checksums
from tests.rights.sent import sent_to
from tests.rights.tables import Line, read_table
from tests.rights.world import PEOPLE, World, heard
from tests.safe import unsafe

READING = read_table("reading.txt")
WRITING = read_table("writing.txt")
REFUSED = {"403", "404", "405", "log-in", "step", "typed"}
"""The answers by which nothing may have changed."""

ONLY_GOT = {"openid_connect_callback", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}
"""Addresses where to get something is to do something, and its head alone isn't given."""

WITHOUT_NUMBER = re.compile(r"\{[\w-]+\}")
"""What stands for what the database chose."""

ASKED: dict[str, list[str]] = {}
"""Where a rule has been removed: the addresses that run it, by test; all of them where a test isn't here.

Where addresses are told by their names, these stand under the empty name of a test.
"""

ALL = "EVERYONE_ASKS" in os.environ
ALIKE = {
    "closed": "visitor",
    "confined": "outsider",
    "reader": "coordinator",
    "partner": "coordinator",
    "follower": "coordinator",
}
"""Who is mostly answered as another is. Unless all ask for everything, as in `./run faults`, they ask for
what they are answered otherwise, and for a third of the rest."""

pytestmark = pytest.mark.django_db


def lines_of(table: list[Line]) -> list[Line]:
    only, names = ASKED.get(current_test()), ASKED.get("")
    if names is not None:
        return [line for line in table if name_of(WITHOUT_NUMBER.sub("1", line.address)) in names]
    return table if only is None else [line for line in table if line.address in only]


def lines_for(world: World, who: str, table: list[Line]) -> list[Line]:
    """What they ask for: at a third of the names everything, where they are mostly answered as another is."""
    lines, other = lines_of(table), ALIKE.get(who)
    if ALL or other is None:
        return lines
    named = [(name_of(world.address(line.address, who)), line) for line in lines]
    chosen = sorted({name for name, _line in named})[list(ALIKE).index(who) % 3 :: 3]
    return [line for name, line in named if name in chosen or line.answers[who] != line.answers[other]]


def current_test() -> str:
    return os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]


@contextmanager
def measured_apart(line: Line) -> Iterator[None]:
    """Where coverage is measured, what runs inside is told to be run by this address of the test."""
    coverage = Coverage.current()
    if coverage is None:
        yield
        return
    coverage.switch_context(f"{current_test()}|{line.address}")
    try:
        yield
    finally:
        coverage.switch_context(f"{current_test()}|run")


def ask(world: World, who: str, method: str, line: Line) -> tuple[str, Any]:
    """The answer in a word, and whole; what it changed is undone, unless it is a refusal."""
    address = world.address(line.address, who)
    with measured_apart(line), transaction.atomic():
        answer = world.ask(who, method, address, sent_to(name_of(address)))
        word = word_for(answer, address)
        if word not in REFUSED:
            transaction.set_rollback(True)
    holds_the_link = "-token}" in line.address  # and so is told to whom it was sent
    secrets = [secret for secret in heard(who, answer) if not (holds_the_link and "@" in secret)]
    assert secrets == [], f"{method} {address} tells {who}"
    assert unsafe(who, method, answer) == [], f"{method} {address} by {who}"
    return word, answer


def wrong(world: World, who: str, answers: Iterable[tuple[Line, str]]) -> list[str]:
    """What was answered otherwise than the table says; only the first of it where a rule has been removed."""
    stated = ((line.address, word, world.address(line.answers[who], who)) for line, word in answers)
    found = (f"{address}: {word}, not {expected}" for address, word, expected in stated if word != expected)
    return list(islice(found, 1 if "REMOVALS" in os.environ else None))


@pytest.mark.parametrize("who", PEOPLE)
def test_everyone_reads_what_they_may_and_nothing_else(world, who):
    """And what is hidden, or another plan's, answers exactly like what isn't there."""
    hidden = Hidden()

    assert wrong(world, who, answers_to(world, who, "GET", READING, hidden)) == []
    assert hidden.told_apart == []


@pytest.mark.parametrize("who", ["visitor", "coordinator", "stepless", "administrator"])
def test_asking_for_the_head_of_a_page_is_answered_like_asking_for_it(world, who):
    """Once for each sort of answer that they get at each name; others are asked by the same rules."""
    of_each_sort = {
        (name_of(world.address(line.address, who)), line.answers[who]): line for line in lines_of(READING)
    }
    lines = [line for (name, _answer), line in of_each_sort.items() if name not in ONLY_GOT]

    answers = [(line, *ask(world, who, "HEAD", line)) for line in lines]

    assert wrong(world, who, ((line, word) for line, word, _answer in answers)) == []
    assert [line.address for line, _word, answer in answers if answer.content] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_everyone_writes_what_they_may_and_whoever_is_refused_changes_nothing(world, who):
    before, hidden = checksums(), Hidden()

    assert wrong(world, who, answers_to(world, who, "POST", WRITING, hidden)) == []
    assert hidden.told_apart == []
    assert checksums() == before, changed_by(world, who)


def changed_by(world: World, who: str) -> list[tuple[str, list[str]]]:
    """Which address it was, and the tables that it changed: all are asked once more, one by one."""
    found = []
    for line in WRITING:
        before = checksums()
        ask(world, who, "POST", line)
        if changed := [table for table, total in checksums().items() if total != before[table]]:
            found.append((line.address, changed))
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_no_other_method_is_taken_and_nothing_changed_by_it(world, who):
    """Once at each name: what is asked is refused before it is known which thing it is asked of.

    OPTIONS is how a browser asks whether a script of another site may read open data, and may.
    """
    before = checksums()
    at_each_name = {
        name_of(world.address(line.address, who)): line for line in lines_for(world, who, READING)
    }

    taken = [
        (method, line.address)
        for line in at_each_name.values()
        for method in OTHER_METHODS
        if ask(world, who, method, line)[0] != ("204" if is_preflight(method, line.address) else "405")
    ]

    assert taken == []
    assert checksums() == before


def is_preflight(method: str, address: str) -> bool:
    return method == "OPTIONS" and is_open_data(address)


class Hidden:
    """What someone is answered where nothing is there for them: of others' things exactly as of none."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[Any, list[str]]] = defaultdict(lambda: defaultdict(list))

    def note(self, word: str, answer: Any, address: str) -> None:
        if word == "404":
            self.answers[name_of(address)][without_what_differs(answer, address)].append(address)

    @property
    def told_apart(self) -> list[list[list[str]]]:
        """The addresses of each name of which the answers differ, by answer."""
        return [list(different.values()) for different in self.answers.values() if len(different) > 1]


def answers_to(
    world: World, who: str, method: str, table: list[Line], hidden: Hidden
) -> Iterator[tuple[Line, str]]:
    """What is answered at each line, in a word, one by one."""
    for line in lines_for(world, who, table):
        word, answer = ask(world, who, method, line)
        hidden.note(word, answer, world.address(line.address, who))
        yield line, word


def without_what_differs(answer: Any, address: str) -> tuple[str, tuple[str, ...]]:
    """Words and headers, without the address that was asked for and what is never the same twice."""
    page = answer.content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(address, "ADDRESS")
    return page, tuple(sorted(answer.headers))
