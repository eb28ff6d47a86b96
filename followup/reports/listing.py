"""The activities of a revision as a list, and the ones that match what the reader asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from actionplan.models import Activity, Challenge
from actionplan.reports import ActivityRow, activity_row
from exchange.writing import ColumnLook, Table
from followup.counts import ORDER, WithStatus
from followup.queries import Standpoint, with_status
from publishing.formats import swedish_key
from publishing.tables import csv_text

NOBODY = "saknas"
"""What the filter on responsible says for those that nobody is responsible for."""

CHALLENGE = "utmaning"
"""The name of the column that tells an activity's challenge."""


@dataclass(frozen=True)
class ListedActivity(WithStatus):
    """An activity with its challenge and its status in the year; None where nobody has reported."""

    activity: ActivityRow
    challenge: str
    challenge_key: str
    responsible_keys: tuple[str, ...]
    status: str | None
    is_followed_up: bool

    def matches(
        self, *, words: str = "", challenge: str = "", responsible: str = "", year: int | None = None,
        status: str = "",
    ) -> bool:  # fmt: skip
        """Whether the activity is among those asked for; what isn't asked for holds of all."""
        return (
            (not challenge or self.challenge_key == challenge)
            and (not responsible or responsible in (self.responsible_keys or (NOBODY,)))
            and (year is None or self.activity.runs_in(year))
            and (not status or (self.is_followed_up and self.status_code == status))
            and all(word in self.haystack for word in words.casefold().split())
        )

    @property
    def haystack(self) -> str:
        row = self.activity
        texts = (row.title, row.heading, row.description, row.expected_result, row.responsible_text)
        return " ".join((*texts, *row.responsible)).casefold()


class Column(NamedTuple):
    """A column of the list: its name in the address, its heading, and its cells.

    `rank` is what it is sorted by, None where nothing is known. `first` and `last` tell what stands first.
    """

    name: str
    heading: str
    cell: Callable[[ListedActivity], str]
    rank: Callable[[ListedActivity], Any]
    first: str
    last: str

    def sorts(self, rows: Iterable[ListedActivity], *, backwards: bool) -> tuple[ListedActivity, ...]:
        """The rows by the column; what isn't known stands last both ways, the year's before others."""
        known: list[ListedActivity] = []
        unknown: list[ListedActivity] = []
        for row in rows:
            (unknown if self.rank(row) is None else known).append(row)
        known.sort(key=self.rank, reverse=backwards)
        unknown.sort(key=lambda row: not row.is_followed_up)
        return (*known, *unknown)


@dataclass(frozen=True)
class ActivityList:
    """Every activity of the revision, in the document's order, and what is told of each."""

    rows: tuple[ListedActivity, ...]
    columns: tuple[Column, ...]
    challenges: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]

    def matching(self, **asked: object) -> tuple[ListedActivity, ...]:
        return tuple(row for row in self.rows if row.matches(**asked))  # type: ignore[arg-type]

    def in_order(self, rows: tuple[ListedActivity, ...], order: str) -> tuple[ListedActivity, ...]:
        """Rows by the column that `order` names, backwards with "-" before it; as they are by default."""
        if not order:
            return rows
        [column] = (each for each in self.columns if each.name == order.removeprefix("-"))
        return column.sorts(rows, backwards=order.startswith("-"))

    def csv(self, rows: Iterable[ListedActivity]) -> str:
        """Rows as they are shown, column by column."""
        return csv_text([each.heading for each in self.columns], self.cells(rows))

    def table(self, rows: Iterable[ListedActivity]) -> Table:
        """The same as a sheet of a workbook."""
        columns = tuple(ColumnLook(each.heading) for each in self.columns)
        return Table("Aktiviteter", columns, self.cells(rows))

    def cells(self, rows: Iterable[ListedActivity]) -> list[list[str]]:
        return [[each.cell(row) for each in self.columns] for row in rows]


def columns_of(standing: Standpoint) -> tuple[Column, ...]:
    """What the list tells of an activity; how it goes only where there is a follow-up to tell it."""
    year, plan = standing.year, standing.plan
    a_to_z, z_to_a = _("A–Ö"), _("Ö–A")

    def status(row: ListedActivity) -> str:
        return row.status_label if row.is_followed_up else _("Inte %(year)s") % {"year": year}

    challenge = Column(
        CHALLENGE,
        plan.words.challenge.capitalize(),
        lambda row: row.challenge,
        lambda row: swedish_key(row.challenge),
        a_to_z,
        z_to_a,
    )
    activity = Column(
        "aktivitet",
        plan.words.activity.capitalize(),
        lambda row: row.activity.title,
        lambda row: swedish_key(row.activity.title),
        a_to_z,
        z_to_a,
    )
    when = Column(
        "nar",
        _("När"),
        lambda row: row.activity.period,
        lambda row: years_of(row.activity),
        _("tidigast först"),
        _("senast först"),
    )
    responsible = Column(
        "ansvarig",
        _("Ansvarig"),
        lambda row: row.activity.responsible_words if row.responsible_keys else _("Ansvarig saknas"),
        lambda row: swedish_key(row.activity.responsible_words) if row.responsible_keys else None,
        a_to_z,
        z_to_a,
    )
    how = Column(
        "lage",
        _("Läge %(year)d") % {"year": year},
        status,
        lambda row: ORDER.index(row.status) if row.is_followed_up and row.status else None,
        _("genomförda först"),
        _("avbrutna först"),
    )
    decided = (activity, challenge, when, responsible)
    return (*decided, how) if standing.followup else decided


def years_of(activity: ActivityRow) -> tuple[int, int] | None:
    """From when to when; None when neither is known."""
    first, last = activity.first_year, activity.last_year
    if first is None and last is None:
        return None
    return first or last or 0, last or first or 0


def grouped(rows: Iterable[ListedActivity]) -> Iterator[tuple[str, list[ListedActivity]]]:
    """Rows under the title of their challenge."""
    for title, group in groupby(rows, key=lambda row: row.challenge):
        yield title, list(group)


def activity_list(standing: Standpoint, *, only: Challenge | None = None) -> ActivityList:
    """The list, of one challenge when `only` is given, in three statements whatever its size."""
    all_of_them = Challenge.objects.filter(revision=standing.revision).in_reading_order()
    challenges = [only] if only else list(all_of_them)
    titles = {row.pk: row for row in challenges}
    places = {row.pk: place for place, row in enumerate(challenges)}
    activities = Activity.objects.filter(challenge__in=challenges).with_responsible()
    with_statuses = with_status(activities, standing.followup, standing.reports())
    found = sorted(with_statuses, key=lambda each: places[each.challenge_id])
    organisations = {
        each.organisation.key: each.organisation.short_name
        for activity in found
        for each in activity.responsibilities.all()
    }
    return ActivityList(
        rows=tuple(listed_activity(each, titles[each.challenge_id], standing) for each in found),
        columns=columns_of(standing),
        challenges=tuple((row.key, row.title) for row in challenges),
        organisations=tuple(sorted(organisations.items(), key=lambda pair: swedish_key(pair[1]))),
    )


def listed_activity(activity: Activity, challenge: Challenge, standing: Standpoint) -> ListedActivity:
    row = activity_row(activity, standing.year)
    return ListedActivity(
        activity=row,
        challenge=challenge.title,
        challenge_key=challenge.key,
        responsible_keys=tuple(each.organisation.key for each in activity.responsibilities.all()),
        status=activity.status,  # type: ignore[attr-defined]
        is_followed_up=standing.followup is not None and row.runs_in(standing.year),
    )
