"""A draft as those who write in it see it: what stands where, by value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from actionplan.models import Activity, Area, Challenge, Chapter, Placement, Revision, Term
from actionplan.reports import (
    ActivityRow,
    AreaRow,
    GoalRow,
    activity_row,
    goal_rows,
)


@dataclass(frozen=True)
class ChapterPlace:
    key: str
    area: str | None
    title: str
    placement: str
    is_empty: bool


@dataclass(frozen=True)
class ChallengePlace:
    """A challenge with its goals, and how many activities it has, some of which nobody answers for."""

    key: str
    area: str | None
    title: str
    followup_owner: str | None
    goals: tuple[GoalRow, ...]
    activities: int
    without_responsible: int


@dataclass(frozen=True)
class AreaPlace:
    """An area with what stands in it."""

    key: str
    title: str
    before: tuple[ChapterPlace, ...]
    challenges: tuple[ChallengePlace, ...]
    after: tuple[ChapterPlace, ...]


@dataclass(frozen=True)
class Outline:
    """The whole draft in the order it is read."""

    before: tuple[ChapterPlace, ...]
    areas: tuple[AreaPlace, ...]
    challenges: tuple[ChallengePlace, ...]
    """Those that stand in no area."""
    after: tuple[ChapterPlace, ...]
    terms: tuple[AreaRow, ...]


@dataclass(frozen=True)
class ChallengeAtWork:
    """A challenge with its goals and activities, to work on."""

    key: str
    title: str
    area: str
    purpose: str
    strategy: str
    text: str
    followup_owner: str
    goals: tuple[GoalRow, ...]
    activities: tuple[ActivityRow, ...]


def outline(draft: Revision) -> Outline:
    """The draft, in six statements whatever its size."""
    chapters = [
        ChapterPlace(row.key, row.area.key if row.area else None, row.title, row.placement, not row.text)
        for row in Chapter.objects.filter(revision=draft).select_related("area")
    ]
    challenges = challenge_places(draft)
    areas = [AreaRow(row.key, row.title) for row in Area.objects.filter(revision=draft)]
    return Outline(
        before=placed(chapters, Placement.BEFORE, area=None),
        areas=tuple(
            AreaPlace(
                key=area.key,
                title=area.title,
                before=placed(chapters, Placement.BEFORE, area=area.key),
                challenges=tuple(each for each in challenges if each.area == area.key),
                after=placed(chapters, Placement.AFTER, area=area.key),
            )
            for area in areas
        ),
        challenges=tuple(each for each in challenges if each.area is None),
        after=placed(chapters, Placement.AFTER, area=None),
        terms=tuple(AreaRow(row.key, row.term) for row in Term.objects.filter(revision=draft)),
    )


def placed(chapters: Iterable[ChapterPlace], placement: str, *, area: str | None) -> tuple[ChapterPlace, ...]:
    return tuple(each for each in chapters if each.area == area and each.placement == placement)


def challenge_places(draft: Revision) -> tuple[ChallengePlace, ...]:
    goals = goal_rows(draft)
    counts: dict[int, tuple[int, int]] = defaultdict(
        lambda: (0, 0),
        {
            row["challenge"]: (row["all"], row["all"] - row["held"])
            for row in Activity.objects.filter(revision=draft)
            .order_by()
            .values("challenge")
            .annotate(all=Count("pk", distinct=True), held=Count("responsibilities__activity", distinct=True))
        },
    )
    return tuple(
        ChallengePlace(
            key=row.key,
            area=row.area.key if row.area else None,
            title=row.title,
            followup_owner=row.followup_owner.short_name if row.followup_owner else None,
            goals=tuple(goals[row.pk]),
            activities=counts[row.pk][0],
            without_responsible=counts[row.pk][1],
        )
        for row in Challenge.objects.filter(revision=draft).in_reading_order()
    )


def challenge_at_work(draft: Revision, challenge: Challenge) -> ChallengeAtWork:
    """The challenge, in three statements whatever its size."""
    activities = Activity.objects.filter(challenge=challenge).with_responsible()
    return ChallengeAtWork(
        key=challenge.key,
        title=challenge.title,
        area=challenge.area.title if challenge.area else "",
        purpose=challenge.purpose,
        strategy=challenge.strategy,
        text=challenge.text,
        followup_owner=challenge.followup_owner.short_name if challenge.followup_owner else "",
        goals=tuple(goal_rows(draft)[challenge.pk]),
        activities=tuple(activity_row(each, draft.year) for each in activities),
    )
