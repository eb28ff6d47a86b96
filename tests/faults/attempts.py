"""What writers sent and were answered, and the rows that are there: what the checker compares."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

Said = dict[str, str]
"""A report as a form sends it: the text of each field by its name. Its comment begins with its tag."""


class Answer(StrEnum):
    SAVED = "saved"
    REFUSED = "refused, since someone else's report came between"
    NONE = "none: the connection broke"


@dataclass(frozen=True)
class Attempt:
    """A report that somebody sent once, and the number and tag of the one they saw: 0 and "" for none."""

    address: str
    by: str
    said: Said
    saw_number: int
    saw_tag: str

    @property
    def tag(self) -> str:
        return tag_of(self.said["comment"])


@dataclass(frozen=True)
class Row:
    """A report that is there."""

    address: str
    number: int
    by: str
    said: Said

    @property
    def tag(self) -> str:
        return tag_of(self.said["comment"])


@dataclass
class Record:
    """What has been sent so far, in that order, and what was answered, by tag; many threads add to it.

    An attempt is noted before it is sent, so that no row comes before it.
    """

    attempts: list[Attempt] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    def answer_to(self, attempt: Attempt) -> Answer:
        """None as long as it is waited for."""
        return self.answers.get(attempt.tag, Answer.NONE)

    def count(self, answer: Answer) -> int:
        """How many have been answered so, or have stopped waiting."""
        return Counter(self.answers.copy().values())[answer]


def tag_of(comment: str) -> str:
    """What tells a report from all others: "7-123" is the 123rd of coordinator 7. "" when it has none."""
    found = re.match(r"Rapport (\d+-\d+) ", comment)
    return found[1] if found else ""
