"""What an import does, row by row: told before it is done, and done only as it was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from publishing.values import read_json


class Deed(models.TextChoices):
    """What an import does with a row; those of the file come first.

    VANISHED is what a source had and has no more. CHOICE is left as it is, unless whoever confirms takes what
    comes in instead.
    """

    NEW = "new", _("Ny")
    CHANGED = "changed", _("Ändrad")
    UNCHANGED = "unchanged", _("Oförändrad")
    REFUSED = "refused", _("Går inte att läsa in")
    REMOVED = "removed", _("Tas bort")
    LEFT = "left", _("Finns bara i portalen")
    VANISHED = "vanished", _("Borta ur källan")
    CHOICE = "choice", _("Två värden")


IN_THE_FILE = (Deed.NEW, Deed.CHANGED, Deed.UNCHANGED, Deed.REFUSED)
"""Each row of the file is one of these."""


class NotImported(Exception):
    """Nothing was imported; the message is a sentence for the one who tried."""


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a file, where it is, and what to do about it.

    `row` 0: the sheet as a whole. `column` "": the row as a whole.
    """

    sheet: str
    row: int
    column: str
    says: str


@dataclass(frozen=True)
class CellTold:
    """A cell that says something new, or otherwise than before."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowTold:
    """What happens to a row: `number` is the one that it has in the file, 0 when it isn't there."""

    number: int
    what: str
    title: str
    cells: tuple[CellTold, ...] = ()
    remark: str = ""

    @property
    def what_label(self) -> str:
        return str(Deed(self.what).label)


@dataclass(frozen=True)
class SheetTold:
    """What happens to the rows of a sheet; `remarks` hold of all of them."""

    name: str
    rows: tuple[RowTold, ...]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each deed is done to, every deed included."""
        found = Counter(row.what for row in self.rows)
        return {deed: found[deed] for deed in Deed.values}

    @property
    def in_the_file(self) -> int:
        return sum(row.number > 0 and row.what in IN_THE_FILE for row in self.rows)

    def of(self, *deeds: str) -> tuple[RowTold, ...]:
        return tuple(row for row in self.rows if row.what in deeds)

    @property
    def changes(self) -> tuple[RowTold, ...]:
        return self.of(Deed.NEW, Deed.CHANGED, Deed.REMOVED, Deed.VANISHED)

    @property
    def choices(self) -> tuple[RowTold, ...]:
        return self.of(Deed.CHOICE)


@dataclass(frozen=True)
class Told:
    """What an import does, sheet by sheet. With any fault nothing at all is imported.

    `remarks` are sentences about the whole; `leads_to` is an address of what was imported into.
    """

    sheets: tuple[SheetTold, ...]
    remarks: tuple[str, ...] = ()
    leads_to: str = ""

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for sheet in self.sheets for fault in sheet.faults)

    @property
    def is_refused(self) -> bool:
        return any(sheet.faults for sheet in self.sheets)

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing is done even if all that comes in is taken."""
        return not any(sheet.changes or sheet.choices for sheet in self.sheets)

    @property
    def choices(self) -> tuple[RowTold, ...]:
        """The rows of which whoever confirms chooses; each has a number of its own."""
        return tuple(row for sheet in self.sheets for row in sheet.choices)

    @property
    def counts(self) -> dict[str, int]:
        total: Counter[str] = Counter()
        for sheet in self.sheets:
            total.update(sheet.counts)
        return {deed: total[deed] for deed in Deed.values}

    @property
    def in_the_file(self) -> int:
        return sum(sheet.in_the_file for sheet in self.sheets)

    def as_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @cached_property
    def mark(self) -> str:
        """Tells whether an import would still do the same."""
        return sha256(self.as_json().encode()).hexdigest()


def told_of(text: str) -> Told:
    return read_json(text, Told)


def faults_alone(faults: Iterable[Fault]) -> Told:
    """Of a file that can't even be read: what is wrong, by sheet."""
    by_sheet: dict[str, list[Fault]] = {}
    for fault in faults:
        by_sheet.setdefault(fault.sheet, []).append(fault)
    return Told(tuple(SheetTold(name, (), tuple(each)) for name, each in by_sheet.items()))


def in_order(faults: Iterable[Fault]) -> Iterator[Fault]:
    """As they stand in the sheet."""
    return iter(sorted(faults, key=lambda each: each.row))
