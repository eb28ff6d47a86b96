"""What the editor of a plan sees of a year's round: how far it has come, and who reports what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from actionplan.models import Challenge, Plan, Words
from actionplan.reports import goal_rows
from followup.models import Assignment, ChallengeReview, FollowUp, ReviewState, Stage, Verdict
from followup.queries import Standpoint, can_report, with_status
from followup.reports.goals import GoalStanding, evidence_for, goal_standing
from followup.reports.rounds import Step
from municipalities.models import Organisation
from publishing.formats import long_date, swedish_key
from publishing.models import Publication


@dataclass(frozen=True)
class PlanAtDesk:
    """The plan's names and words."""

    slug: str
    title: str
    words: Words


@dataclass(frozen=True)
class OrganisationAtDesk:
    """Someone who has a part in the plan, or reports in the year; whether anyone there can report."""

    key: str
    name: str
    can_report: bool
    has_part: bool


@dataclass(frozen=True)
class ActivityAtDesk:
    """An activity of the year: who answers for it, who was assigned to report it, and whether anyone can."""

    key: str
    title: str
    challenge: str
    status: str | None
    responsible: tuple[str, ...]
    assigned: str | None
    assigned_key: str | None
    can_be_reported: bool


@dataclass(frozen=True)
class ChallengeAtDesk:
    """A challenge of the year: its goals judged, its review's state, and its activities counted."""

    key: str
    title: str
    owner: str | None
    review_state: str | None
    review_label: str
    goals: tuple[GoalStanding, ...]
    reported: int
    activities: int

    @property
    def judged(self) -> int:
        return sum(goal.verdict != Verdict.CANNOT_BE_JUDGED for goal in self.goals)


@dataclass(frozen=True)
class Progress:
    """How far an organisation has come: done of how many, of each thing that it has a part in."""

    key: str
    name: str
    can_report: bool
    reported: int
    activities: int
    outcomes: int
    expected_outcomes: int
    approved: int
    reviews: int


@dataclass(frozen=True)
class EditionAtDesk:
    """An edition of the year's report."""

    edition: int
    published_at: datetime
    published_by: str
    corrects: str


@dataclass(frozen=True)
class Desk:
    """Where a year's round stands; `is_spoken_of`: whether the plan's other pages speak of this year."""

    plan: PlanAtDesk
    year: int
    stage: str
    stage_label: str
    is_reopened: bool
    is_spoken_of: bool
    is_example: bool
    steps: tuple[Step, ...]
    organisations: tuple[Progress, ...]
    challenges: tuple[ChallengeAtDesk, ...]
    activities: tuple[ActivityAtDesk, ...]
    to_choose: tuple[OrganisationAtDesk, ...]
    editions: tuple[EditionAtDesk, ...]

    @property
    def reported(self) -> int:
        return sum(each.status is not None for each in self.activities)

    @property
    def unreportable(self) -> tuple[ActivityAtDesk, ...]:
        """Those that nobody can report, and nobody has been assigned to."""
        return tuple(each for each in self.activities if not each.can_be_reported and not each.assigned_key)

    @property
    def assigned(self) -> tuple[ActivityAtDesk, ...]:
        return tuple(each for each in self.activities if each.assigned_key)


def desk(standing: Standpoint, followup: FollowUp) -> Desk:
    """The round of a year, in eight statements whatever its size."""
    plan = followup.plan
    organisations = organisations_of(plan, followup)
    rows = challenges_of(followup)
    activities = activities_of(followup, rows, organisations)
    goals = goal_rows(followup.revision)
    evidence = evidence_for(standing, [goal for each in goals.values() for goal in each], followup)
    by_challenge: dict[int, list[ActivityOfYear]] = defaultdict(list)
    for activity in activities:
        by_challenge[activity.challenge].append(activity)
    challenges = tuple(
        ChallengeAtDesk(
            key=row.key,
            title=row.title,
            owner=row.followup_owner.short_name if row.followup_owner else None,
            review_state=row.review_state,
            review_label=str(ReviewState(row.review_state).label) if row.review_state else "",
            goals=tuple(goal_standing(goal, followup.year, evidence) for goal in goals[row.pk]),
            reported=sum(each.shown.status is not None for each in by_challenge[row.pk]),
            activities=len(by_challenge[row.pk]),
        )
        for row in rows
    )
    editions = editions_of(followup)
    return Desk(
        plan=PlanAtDesk(
            slug=plan.slug,
            title=plan.title,
            words=plan.words,
        ),
        year=followup.year,
        stage=followup.stage,
        stage_label=followup.get_stage_display(),
        is_reopened=followup.is_reopened,
        is_spoken_of=followup == standing.followup,
        is_example=followup.is_example,
        steps=steps(followup, editions),
        organisations=progress(plan, organisations, activities, rows, challenges),
        challenges=challenges,
        activities=tuple(each.shown for each in activities),
        to_choose=tuple(
            OrganisationAtDesk(each.key, each.name, each.can_report, each.has_part)
            for each in in_order(organisations.values())
            if each.has_part
        ),
        editions=editions,
    )


def steps(followup: FollowUp, editions: tuple[EditionAtDesk, ...]) -> tuple[Step, ...]:
    """The stages in the round's order. In the one that is published, nothing is ahead."""
    order = list(Stage)
    now = order.index(Stage(followup.stage))
    published = localdate(editions[0].published_at) if editions else None
    days = {
        Stage.OPEN: opens_on(followup.opens) if now < order.index(Stage.OPEN) else "",
        Stage.CLOSED: due_on(followup.due, is_ahead=now < order.index(Stage.CLOSED)),
        Stage.PUBLISHED: long_date(published) if published else "",
    }
    return tuple(
        Step(str(stage.label), days.get(stage, ""), "now" if place == now else "past" if place < now else "")
        for place, stage in enumerate(order)
    )


def opens_on(day: date | None) -> str:
    return _("öppnar %(day)s") % {"day": long_date(day)} if day else ""


def due_on(day: date | None, *, is_ahead: bool) -> str:
    if day is None:
        return ""
    sentence = _("lämnas senast %(day)s") if is_ahead else _("skulle lämnas senast %(day)s")
    return sentence % {"day": long_date(day)}


# The rows that it rests on


@dataclass(frozen=True)
class Party:
    """An organisation with those who represent it (ids), and whether anyone there can report."""

    pk: int
    key: str
    name: str
    can_report: bool
    has_part: bool
    represented_by: frozenset[int]


def organisations_of(plan: Plan, followup: FollowUp) -> dict[int, Party]:
    """The plan's organisations and those assigned in the year, by id, in one statement."""
    parties = Plan.objects.filter(pk=plan.pk).parties().values("pk")
    assigned = followup.assignments.values("organisation")
    found = can_report(Organisation.objects.filter(Q(pk__in=parties) | Q(pk__in=assigned)))
    rows = found.annotate(has_part=Q(pk__in=parties)).values(
        "pk", "key", "short_name", "can_report", "has_part", "represented_by"
    )
    represented: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        represented[row["pk"]] |= {row["represented_by"]} - {None}
    return {
        row["pk"]: Party(
            pk=row["pk"],
            key=row["key"],
            name=row["short_name"],
            can_report=row["can_report"],
            has_part=row["has_part"],
            represented_by=frozenset(represented[row["pk"]]),
        )
        for row in rows
    }


def challenges_of(followup: FollowUp) -> list[Any]:
    """The challenges in reading order, each with its review's state as `review_state`; in one statement."""
    reviews = ChallengeReview.objects.filter(followup=followup, challenge=OuterRef("pk"))
    state = Subquery(reviews.order_by("-number").values("state")[:1])
    challenges = Challenge.objects.filter(revision=followup.revision_id).in_reading_order()
    return list(challenges.annotate(review_state=state))


@dataclass(frozen=True)
class ActivityOfYear:
    """An activity as it is shown, its challenge's id, and the ids of those who report it."""

    shown: ActivityAtDesk
    challenge: int
    reporters: frozenset[int]


def activities_of(
    followup: FollowUp, challenges: Iterable[Any], organisations: Mapping[int, Party]
) -> list[ActivityOfYear]:
    """The activities of the year in the plan's order, in one statement."""
    assignments = Assignment.objects.filter(followup=followup, activity=OuterRef("pk"))
    rows = (
        with_status(followup.activities(), followup)
        .annotate(assigned=Subquery(assignments.values("organisation")[:1]))
        .order_by("order", "pk", F("responsibilities__order"), "responsibilities__pk")
        .values("pk", "key", "title", "challenge", "status", "assigned", "responsibilities__organisation")
    )
    by_activity: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_activity[row["pk"]].append(row)
    places = {row.pk: place for place, row in enumerate(challenges)}
    titles = {row.pk: row.title for row in challenges}
    in_plans_order = sorted(by_activity.values(), key=lambda rows: places[rows[0]["challenge"]])
    return [activity_of_year(rows, titles, organisations) for rows in in_plans_order]


def activity_of_year(
    rows: list[dict[str, Any]], titles: Mapping[int, str], organisations: Mapping[int, Party]
) -> ActivityOfYear:
    """An activity from its rows, one for each responsible."""
    activity = rows[0]
    responsible = [
        organisations[pk] for pk in dict.fromkeys(row["responsibilities__organisation"] for row in rows) if pk
    ]
    assigned = organisations.get(activity["assigned"])
    reporters = [*responsible, *([assigned] if assigned else [])]
    return ActivityOfYear(
        shown=ActivityAtDesk(
            key=activity["key"],
            title=activity["title"],
            challenge=titles[activity["challenge"]],
            status=activity["status"],
            responsible=tuple(each.name for each in responsible),
            assigned=assigned.name if assigned else None,
            assigned_key=assigned.key if assigned else None,
            can_be_reported=any(each.can_report for each in reporters)
            or any(is_represented(each, organisations) for each in responsible),
        ),
        challenge=activity["challenge"],
        reporters=frozenset(each.pk for each in reporters),
    )


def is_represented(party: Party, organisations: Mapping[int, Party]) -> bool:
    """Whether somebody who represents it has an account to report."""
    return any(organisations[pk].can_report for pk in party.represented_by if pk in organisations)


def editions_of(followup: FollowUp) -> tuple[EditionAtDesk, ...]:
    """The year's editions, the latest first, in one statement."""
    rows = Publication.objects.of(followup.document).order_by("-edition")
    values = rows.values_list("edition", "published_at", "published_by", "corrects")
    return tuple(EditionAtDesk(*row) for row in values)


def progress(
    plan: Plan,
    organisations: Mapping[int, Party],
    activities: Iterable[ActivityOfYear],
    rows: Iterable[Any],
    challenges: Iterable[ChallengeAtDesk],
) -> tuple[Progress, ...]:
    """Those who have something to do in the year, the plan's municipalities first.

    An activity that several answer for counts with each of them.
    """
    partners = {each.pk for each in plan.partners.all()}
    reported: dict[int, list[bool]] = defaultdict(list)
    for activity in activities:
        for pk in activity.reporters:
            reported[pk].append(activity.shown.status is not None)
    reviews: dict[int, list[bool]] = defaultdict(list)
    for row in rows:
        if row.followup_owner_id:
            reviews[row.followup_owner_id].append(row.review_state == ReviewState.APPROVED)
    outcomes: dict[str, dict[str, bool]] = defaultdict(dict)
    for challenge in challenges:
        for goal in challenge.goals:
            for target in goal.targets:
                for there in target.municipalities:
                    outcomes[there.key][target.indicator] = there.number > 0
    busy = {*partners, *reported, *reviews}
    found = in_order(each for each in organisations.values() if each.pk in busy)
    return tuple(
        Progress(
            key=each.key,
            name=each.name,
            can_report=each.can_report or is_represented(each, organisations),
            reported=sum(reported[each.pk]),
            activities=len(reported[each.pk]),
            outcomes=sum(outcomes[each.key].values()),
            expected_outcomes=len(outcomes[each.key]),
            approved=sum(reviews[each.pk]),
            reviews=len(reviews[each.pk]),
        )
        for each in sorted(found, key=lambda each: each.pk not in partners)
    )


def in_order(organisations: Iterable[Party]) -> list[Party]:
    return sorted(organisations, key=lambda each: swedish_key(each.name))
