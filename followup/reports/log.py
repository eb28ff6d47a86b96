"""A plan's log of changes by value: who did what, when, and how each thing read before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from followup.log import KINDS, Asked, Change, Scope, changes
from followup.reports.entries import WHAT, Entry, Facts, code_of, entry, facts_for
from publishing.formats import counted, joined

MOMENTS = 30
"""So many moments are on a page."""

SHOWN = 10
"""So many changes of a moment are told one by one; the others are counted."""

ONE_BY_ONE = 100
"""So many changes are on a page where each is told."""

LOOKED_AT = 2_000
"""So many changes are put together into a page's moments; a moment of more goes on on the next page."""

SAME_MOMENT = timedelta(seconds=2)
"""Changes of one person for one reason with no more between them belong together."""


@dataclass(frozen=True)
class Moment:
    """What a person did at once, such as saving a row, or copying a whole revision.

    `counts` tells of all of it, where not every change is among the entries. `goes_on`: there is more of it.
    """

    code: str
    at: datetime
    who: str
    reason: str
    entries: tuple[Entry, ...]
    counts: tuple[str, ...]
    goes_on: bool


@dataclass(frozen=True)
class LogPage:
    """A part of the log, the latest day first.

    `older`: the code of the change that the log goes on with; empty where it ends. `begins`: the day of the
    log's first change, on the page that has it.
    """

    days: tuple[tuple[date, tuple[Moment, ...]], ...]
    older: str
    begins: date | None


def log_page(scope: Scope, asked: Asked, *, one_by_one: bool = False) -> LogPage:
    """The changes that are asked for, from the latest, or from `asked.start`, in three statements."""
    most = ONE_BY_ONE if one_by_one else LOOKED_AT
    found = changes(scope, asked, most + 1)
    moments, rest = first_moments(found, most, most if one_by_one else MOMENTS)
    shown = [change for moment in moments for change in shown_of(moment, one_by_one=one_by_one)]
    facts = facts_for(scope, shown)
    by_value = [
        told(moment, belong_together(moment[-1], rest), facts, one_by_one=one_by_one) for moment in moments
    ]
    is_all = not rest and asked == Asked(start=asked.start)
    return LogPage(
        days=tuple((day, tuple(same)) for day, same in groupby(by_value, lambda each: localdate(each.at))),
        older=code_of(rest) if rest else "",
        begins=localdate(found[-1].at) if found and is_all else None,
    )


def first_moments(
    found: Sequence[Change], most: int, moments: int
) -> tuple[list[list[Change]], Change | None]:
    """The first moments of all that was found, and the change that comes next.

    Where more than `most` changes were found the last moment isn't whole, and is left to the next page,
    unless it is the only one.
    """
    together = list(in_moments(found[:most]))
    if len(together) > moments:
        return together[:moments], together[moments][0]
    if len(found) <= most:
        return together, None
    if len(together) > 1 and belong_together(together[-1][-1], found[most]):
        return together[:-1], together[-1][0]
    return together, found[most]


def in_moments(found: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes put together by moment, in order."""
    moment: list[Change] = []
    for change in found:
        if moment and not belong_together(moment[-1], change):
            yield moment
            moment = []
        moment.append(change)
    if moment:
        yield moment


def belong_together(later: Change, earlier: Change | None) -> bool:
    return (
        earlier is not None
        and (later.who, later.reason) == (earlier.who, earlier.reason)
        and later.at - earlier.at <= SAME_MOMENT
    )


def shown_of(moment: Sequence[Change], *, one_by_one: bool) -> list[Change]:
    """The moment's changes that are told one by one: all, or the first of those that aren't of whole rows."""
    if one_by_one or len(moment) <= SHOWN:
        return list(moment)
    return [change for change in moment if change.how == "~"][:SHOWN]


def told(changes: Sequence[Change], goes_on: bool, facts: Facts, *, one_by_one: bool) -> Moment:
    """The moment by value."""
    first, shown = changes[0], shown_of(changes, one_by_one=one_by_one)
    return Moment(
        code=code_of(first),
        at=first.at,
        who=facts.person(first.who),
        reason=first.reason or "",
        entries=tuple(entry(change, facts) for change in shown),
        counts=() if len(shown) == len(changes) else tuple(counts(changes)),
        goes_on=goes_on,
    )


def counts(changes: Iterable[Change]) -> Iterator[str]:
    """How many rows of which kinds, in sentences: "52 rader lades till: 12 mål och 40 aktiviteter." """
    numbers = Counter((change.how, change.kind) for change in changes)
    for how, what in WHAT.items():
        kinds = [(kind, numbers[how, code]) for code, kind in KINDS.items() if numbers[how, code]]
        total = sum(number for _kind, number in kinds)
        if total:
            yield _("%(rows)s %(what)s: %(kinds)s.") % {
                "rows": counted(total, _("rad"), _("rader")),
                "what": what,
                "kinds": joined([kind.counted(number) for kind, number in kinds]),
            }
