"""Compares what writers were told with what is there; it knows nothing of how either came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.faults.attempts import Answer, Attempt, Record, Row


class Kind(StrEnum):
    LOST = "was answered as saved and is not there"
    LEFT = "was refused and is there all the same"
    TORN = "is there, but not as it was sent"
    TWICE = "is there more than once"
    STRANGE = "is there, and nobody sent it"
    GAP = "is not the number that follows"
    OVERTAKEN = "follows another report than the one that its writer saw"


@dataclass(frozen=True)
class Fault:
    kind: Kind
    tag: str
    told: str

    def __str__(self) -> str:
        return f"{self.tag or 'a report'} {self.kind}: {self.told}"


def faults(record: Record, rows: Iterable[Row]) -> list[Fault]:
    """Everything that is wrong; nothing when every promise was kept.

    - What was answered as saved is one row, exactly as it was sent.
    - What was refused left nothing. What was not answered is one row, as it was sent, or nothing.
    - There is nothing else.
    - The numbers of each address are 1…n, and each row stands after the one that its writer saw.
    """
    rows = list(rows)
    tried = {each.tag: each for each in record.attempts}
    there: dict[str, list[Row]] = defaultdict(list)
    of_address: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        there[row.tag].append(row)
        of_address[row.address].append(row)
    return [
        *faults_of_answers(record, there),
        *faults_of_rows(rows, tried),
        *(fault for each in of_address.values() for fault in faults_of_chain(each, tried)),
    ]


def faults_of_answers(record: Record, there: dict[str, list[Row]]) -> Iterator[Fault]:
    for attempt in record.attempts:
        rows, answer = there.get(attempt.tag, []), record.answer_to(attempt)
        if answer is Answer.SAVED and not rows:
            yield Fault(Kind.LOST, attempt.tag, f"{attempt}")
        if answer is Answer.REFUSED and rows:
            yield Fault(Kind.LEFT, attempt.tag, f"{rows[0]}")
        if len(rows) > 1:
            yield Fault(Kind.TWICE, attempt.tag, f"numbers {[each.number for each in rows]}")


def faults_of_rows(rows: list[Row], tried: dict[str, Attempt]) -> Iterator[Fault]:
    for row in rows:
        attempt = tried.get(row.tag)
        if attempt is None:
            yield Fault(Kind.STRANGE, row.tag, f"{row}")
        elif (row.address, row.by, row.said) != (attempt.address, attempt.by, attempt.said):
            yield Fault(Kind.TORN, row.tag, f"{row} was sent as {attempt}")


def faults_of_chain(rows: list[Row], tried: dict[str, Attempt]) -> Iterator[Fault]:
    """What is wrong with the order of the rows of one address."""
    before = ""
    for number, row in enumerate(sorted(rows, key=lambda each: each.number), 1):
        attempt = tried.get(row.tag)
        if row.number != number:
            yield Fault(Kind.GAP, row.tag, f"{row.number} stands where {number} should, at {row.address}")
        if attempt and (attempt.saw_number, attempt.saw_tag) != (row.number - 1, before):
            saw = f"its writer saw {attempt.saw_number} ({attempt.saw_tag})"
            yield Fault(Kind.OVERTAKEN, row.tag, f"{row.number} follows {before or 'nothing'}, {saw}")
        before = row.tag
