"""A plan at a glance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from actionplan.models import Activity, Challenge
from actionplan.models.rows import runs_in
from actionplan.reports import goal_rows
from followup.counts import StatusCounts
from followup.queries import Standpoint, with_status
from followup.reports.goals import GoalStanding, evidence_for, goal_standing


@dataclass(frozen=True)
class ChallengeGlance:
    """A challenge as the plan's page shows it."""

    key: str
    title: str
    area: str | None
    followup_owner: str | None
    goals: tuple[GoalStanding, ...]
    activities: int
    without_responsible: int
    counts: StatusCounts | None


@dataclass(frozen=True)
class PlanGlance:
    """A plan at a glance; no counts of statuses where the reader may see no follow-up."""

    year: int
    challenges: tuple[ChallengeGlance, ...]
    areas: tuple[str, ...]
    this_year: int

    @property
    def goals(self) -> tuple[GoalStanding, ...]:
        return tuple(goal for challenge in self.challenges for goal in challenge.goals)

    @property
    def activities(self) -> int:
        return sum(challenge.activities for challenge in self.challenges)

    @property
    def without_responsible(self) -> int:
        return sum(challenge.without_responsible for challenge in self.challenges)

    @property
    def counts(self) -> StatusCounts | None:
        counted = [each.counts for each in self.challenges if each.counts is not None]
        return StatusCounts.together(counted) if counted else None


def plan_glance(standing: Standpoint) -> PlanGlance:
    """The plan at a glance, in five statements whatever its size."""
    goals = goal_rows(standing.revision)
    evidence = evidence_for(standing, [goal for rows in goals.values() for goal in rows], standing.followup)
    activities: dict[int, list[tuple[str | None, bool, bool]]] = defaultdict(list)
    for challenge, status, responsible, first, last in activity_tallies(standing):
        activities[challenge].append((status, responsible, runs_in(first, last, standing.year)))
    challenges = list(Challenge.objects.filter(revision=standing.revision).in_reading_order())
    return PlanGlance(
        year=standing.year,
        challenges=tuple(
            ChallengeGlance(
                key=row.key,
                title=row.title,
                area=row.area.title if row.area else None,
                followup_owner=row.followup_owner.short_name if row.followup_owner else None,
                goals=tuple(goal_standing(goal, standing.year, evidence) for goal in goals[row.pk]),
                activities=len(activities[row.pk]),
                without_responsible=sum(not responsible for _s, responsible, _r in activities[row.pk]),
                counts=StatusCounts.of(status for status, _r, runs in activities[row.pk] if runs)
                if standing.followup
                else None,
            )
            for row in challenges
        ),
        areas=tuple(dict.fromkeys(row.area.title for row in challenges if row.area)),
        this_year=sum(runs for rows in activities.values() for _s, _r, runs in rows),
    )


def activity_tallies(
    standing: Standpoint,
) -> Iterable[tuple[int, str | None, bool, int | None, int | None]]:
    """For every activity its challenge, status, whether anyone is responsible, and its years."""
    activities = Activity.objects.filter(revision=standing.revision).with_gaps()
    return with_status(activities, standing.followup, standing.reports()).values_list(
        "challenge_id", "status", "has_responsible", "first_year", "last_year"
    )
