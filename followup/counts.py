"""Activities counted by how it goes; those that nobody has reported are a count of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from followup.models import NO_REPORT, Status
from publishing.formats import NO_BREAK_SPACE

ORDER = (
    Status.COMPLETED.value,
    Status.ONGOING.value,
    Status.DELAYED.value,
    Status.NOT_STARTED.value,
    Status.CANCELLED.value,
    NO_REPORT,
)
"""The order of bars, marks and tables: what is done first, what nobody has told last."""

LABELS = {**dict(Status.choices), NO_REPORT: _("Ej rapporterad")}

WORDS = {
    Status.COMPLETED.value: ngettext_lazy("genomförd", "genomförda"),
    Status.ONGOING.value: ngettext_lazy("pågår", "pågår"),
    Status.DELAYED.value: ngettext_lazy("försenad", "försenade"),
    Status.NOT_STARTED.value: ngettext_lazy("ej påbörjad", "ej påbörjade"),
    Status.CANCELLED.value: ngettext_lazy("avbruten", "avbrutna"),
    NO_REPORT: ngettext_lazy("ej rapporterad", "ej rapporterade"),
}


def label_of(status: str | None) -> str:
    """What a status is called on the page; None is the absence of a report."""
    return str(LABELS[status or NO_REPORT])


class WithStatus:
    """Something that has a status; None until somebody has reported one."""

    status: str | None

    @property
    def status_code(self) -> str:
        return self.status or NO_REPORT

    @property
    def status_label(self) -> str:
        return label_of(self.status)


class StatusCount(NamedTuple):
    """How many activities have a status, and what it is called."""

    code: str
    label: str
    number: int


@dataclass(frozen=True)
class StatusCounts:
    """How many activities have each status, also those that none has, in the order of `ORDER`.

    `words` is what a bar or a row of marks says: "5 genomförda, 4 pågår, 2 ej rapporterade".
    """

    rows: tuple[StatusCount, ...]
    words: str

    @classmethod
    def of(cls, statuses: Iterable[str | None]) -> StatusCounts:
        counter = Counter(status or NO_REPORT for status in statuses)
        rows = tuple(StatusCount(code, label_of(code), counter[code]) for code in ORDER)
        return cls(rows, words_for(rows))

    @classmethod
    def together(cls, counts: Iterable[StatusCounts]) -> StatusCounts:
        return cls.of(code for each in counts for code in each.marks)

    @property
    def total(self) -> int:
        return sum(self.numbers)

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(row.number for row in self.rows)

    @property
    def marks(self) -> list[str]:
        """One code for each activity, in order."""
        return [row.code for row in self.rows for _each in range(row.number)]

    def number_of(self, code: str) -> int:
        return sum(row.number for row in self.rows if row.code == code)


def words_for(rows: Iterable[StatusCount]) -> str:
    counted = ((row.number, WORDS[row.code] % row.number) for row in rows if row.number)
    return ", ".join(f"{number}{NO_BREAK_SPACE}{word}" for number, word in counted)
