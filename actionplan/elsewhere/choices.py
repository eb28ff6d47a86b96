"""What the person who sends a table chooses: which column is what, and who the names in it are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.books import Book, Sheet
from exchange.resources import folded
from publishing.values import read_plain


class Role(models.TextChoices):
    """What a column of the table may be."""

    SKIP = "skip", _("Läs inte in")
    AREA = "area", _("Område")
    CHALLENGE = "challenge", _("Utmaning")
    HEADING = "heading", _("Rubrik")
    TITLE = "title", _("Aktivitet")
    DESCRIPTION = "description", _("Beskrivning")
    EXPECTED_RESULT = "expected_result", _("Förväntat resultat")
    YEARS = "years", _("Åren, från och till")
    FIRST_YEAR = "first_year", _("Från år")
    LAST_YEAR = "last_year", _("Till år")
    LEAD = "lead", _("Huvudansvarig")
    TAKING_PART = "taking_part", _("Medverkar")
    KEY = "key", _("Nyckel")


LEVELS = (Role.AREA, Role.CHALLENGE, Role.HEADING)
"""From the widest to the narrowest; an activity stands below them."""

SEVERAL = (Role.SKIP, Role.DESCRIPTION, Role.EXPECTED_RESULT, Role.LEAD, Role.TAKING_PART)
"""What several columns may be at once."""

ORGANISATIONS = (Role.LEAD, Role.TAKING_PART)


@dataclass(frozen=True)
class Who:
    """Who a name in the table is: an organisation by its key, or a new one of a kind with a name.

    Without either the name is kept as words alone.
    """

    key: str = ""
    kind: str = ""
    name: str = ""


@dataclass(frozen=True)
class Choices:
    """`columns` by header, and `names` folded.

    `fills_down`: an empty cell of a level says what the row above does. `challenge` is the key of the one
    that takes all, where no column says which; `new_challenge` is what it is called when it is to be made.
    `is_settled`: all is chosen, and the table may be read through.
    """

    sheet: str = ""
    columns: dict[str, Role] = field(default_factory=dict)
    fills_down: bool = True
    challenge: str = ""
    new_challenge: str = ""
    names: dict[str, Who] = field(default_factory=dict)
    is_settled: bool = False

    @property
    def is_made(self) -> bool:
        """Whether the columns have been chosen; the names may yet be asked about."""
        return Role.TITLE in self.columns.values()

    def of(self, *roles: Role) -> list[str]:
        """The headers of the columns that are any of these, in the table's order."""
        return [header for header, role in self.columns.items() if role in roles]

    def who(self, name: str) -> Who | None:
        return self.names.get(folded(name))

    def as_json(self) -> dict[str, Any]:
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


def choices_of(said: Mapping[str, Any]) -> Choices:
    """The choices as they were kept; none yet where nothing was, or something that can't be them."""
    try:
        return read_plain(dict(said), Choices)
    except msgspec.ValidationError:
        return Choices()


def tables_of(book: Book) -> list[Sheet]:
    """The sheets that have rows."""
    return [sheet for sheet in book.sheets if sheet.lines]


def table_of(book: Book, name: str) -> Sheet | None:
    """The sheet with that name, else the one with most rows; None where no sheet has any."""
    tables = tables_of(book)
    named = [sheet for sheet in tables if sheet.name == name]
    return named[0] if named else max(tables, key=lambda sheet: len(sheet.lines), default=None)
