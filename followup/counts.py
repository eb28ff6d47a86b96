"""Activities counted by how it goes; those that nobody has reported are a count of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class StatusCounts:
    """How many activities have each status, in the order of `ORDER`."""

    numbers: tuple[int, ...]

    @classmethod
    def of(cls, statuses: Iterable[str | None]) -> StatusCounts:
        counter = Counter(status or NO_REPORT for status in statuses)
        return cls(tuple(counter[code] for code in ORDER))

    @property
    def total(self) -> int:
        return sum(self.numbers)

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """Code, label and count of every status, also of those that nothing has."""
        return [(code, label_of(code), count) for code, count in zip(ORDER, self.numbers, strict=True)]

    @property
    def marks(self) -> list[str]:
        """One code for each activity, in order."""
        return [code for code, count in zip(ORDER, self.numbers, strict=True) for _each in range(count)]

    def number_of(self, code: str) -> int:
        return self.numbers[ORDER.index(code)]

    @property
    def words(self) -> str:
        """What a bar or a row of marks says: "5 genomförda, 4 pågår, 2 ej rapporterade"."""
        return ", ".join(
            f"{count}{NO_BREAK_SPACE}{WORDS[code] % count}"
            for code, count in zip(ORDER, self.numbers, strict=True)
            if count
        )
