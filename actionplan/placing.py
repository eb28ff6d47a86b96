"""Where each row of a revision stands, and which rows of two revisions are the same ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actionplan.models import Placement
from actionplan.reports import ChapterSection, RevisionReport
from actionplan.wording import longest_rising


@dataclass(frozen=True)
class Placed:
    """A row, the key of what it stands under, and where that is: "under ”Kommunal service”"."""

    row: Any
    parent: str = ""
    where: str = ""


Rows = Mapping[str, Placed]
"""Rows of one kind by their keys, in the document's order."""


@dataclass(frozen=True)
class Pair:
    """A row as it is in the earlier revision and in the later; None where it isn't there.

    `stood` tells where it stood when that was elsewhere. `follows` is the key of the row that it has come to
    stand after, "" when it has come first; None when it hasn't been moved in order.
    """

    key: str
    before: Any
    after: Any
    stood: str = ""
    follows: str | None = None


def pairs(before: Rows, after: Rows, parent: str, *, is_ordered: bool = True) -> Iterator[Pair]:
    """The rows that stand under `parent`, and after each those that stood there and are nowhere any more.

    Moved in order are the fewest that have to be lifted out for the others to stand as they did; where the
    order isn't the document's own, none are.
    """
    stood = [key for key, each in before.items() if each.parent == parent]
    stands = [key for key, each in after.items() if each.parent == parent]
    stayed = settled(stood, stands) if is_ordered else set(stood) & set(stands)
    gone = gone_after(stood, stayed, after)
    yield from (Pair(key, before[key].row, None) for key in gone[""])
    previous = ""
    for key in stands:
        was = before.get(key)
        has_stood = was is not None and was.parent == parent
        yield Pair(
            key,
            was and was.row,
            after[key].row,
            stood=was.where if was and not has_stood else "",
            follows=previous if has_stood and key not in stayed else None,
        )
        yield from (Pair(each, before[each].row, None) for each in gone[key])
        previous = key


def settled(stood: Sequence[str], stands: Sequence[str]) -> set[str]:
    """The keys that are in both and can be read in the same order."""
    place = {key: number for number, key in enumerate(stood)}
    both = [key for key in stands if key in place]
    return {both[number] for number in longest_rising([place[key] for key in both])}


def gone_after(stood: Iterable[str], stayed: Collection[str], after: Rows) -> dict[str, list[str]]:
    """The keys that are nowhere any more, by the last key before them that has stayed; "" for none."""
    gone: dict[str, list[str]] = defaultdict(list)
    last = ""
    for key in stood:
        if key not in after:
            gone[last].append(key)
        elif key in stayed:
            last = key
    return gone


def rows_of(report: RevisionReport, *, terms_have_keys: bool = True) -> dict[str, Rows]:
    """The revision's rows by kind.

    Terms had no keys in what was published at first; then they are known by the words that they explain.
    """
    areas = {each.key: _("området %(title)s") % {"title": quoted(each.title)} for each in report.area_rows}
    goals: dict[str, Placed] = {}
    targets: dict[str, Placed] = {}
    activities: dict[str, Placed] = {}
    for challenge in report.challenges:
        where = under(quoted(challenge.title))
        goals |= {each.key: Placed(each, challenge.key, where) for each in challenge.goals}
        activities |= {each.key: Placed(each, challenge.key, where) for each in challenge.activities}
    for goal in goals.values():
        where = under(quoted(goal.row.text))
        targets |= {each.key: Placed(each, goal.row.key, where) for each in goal.row.targets}
    return {
        "area": {each.key: Placed(each) for each in report.area_rows},
        "chapter": {
            each.key: Placed(each, standing(each.area, each.placement), place_of(each, areas))
            for each in report.chapters
        },
        "challenge": {
            each.key: Placed(
                each, each.area or "", under(areas[each.area]) if each.area else _("utanför områdena")
            )
            for each in report.challenges
        },
        "goal": goals,
        "target": targets,
        "activity": activities,
        "term": {each.key if terms_have_keys else each.term: Placed(each) for each in report.terms},
    }


def standing(area: str | None, placement: str) -> str:
    """What a chapter stands under, as a key: before or after the challenges of the revision or of an area."""
    return f"{area or ''}/{placement}"


def place_of(chapter: ChapterSection, areas: Mapping[str, str]) -> str:
    """Where a chapter stands: "före utmaningarna i området ”Näringsliv”"."""
    before = chapter.placement == Placement.BEFORE
    if not chapter.area:
        return _("före utmaningarna") if before else _("efter utmaningarna")
    words = {"area": areas[chapter.area]}
    return _("före utmaningarna i %(area)s") % words if before else _("efter utmaningarna i %(area)s") % words


def under(what: str) -> str:
    return _("under %(what)s") % {"what": what}


def quoted(title: str) -> str:
    return f"”{title}”"
