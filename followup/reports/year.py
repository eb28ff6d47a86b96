"""A year's follow-up whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actionplan.reports import (
    ActivityRow,
    ChallengeSection,
    PlanFacts,
    TermRow,
    challenge_sections,
    plan_facts,
    term_rows,
)
from followup.counts import StatusCounts, WithStatus
from followup.models import FollowUp, Stage, StatusReport
from followup.queries import Standpoint
from followup.reports.goals import Evidence, GoalStanding, evidence_for, goal_standing
from followup.reports.said import DEVIATING, Said, said


@dataclass(frozen=True)
class ReportedActivity(WithStatus):
    """An activity of the year with what has been said of it; no status when nobody has reported."""

    activity: ActivityRow
    status: str | None
    said: Said | None


@dataclass(frozen=True)
class ChallengeStanding:
    """A challenge with its goals judged and its activities of the year."""

    key: str
    title: str
    area: str | None
    purpose: str
    strategy: str
    followup_owner: str | None
    goals: tuple[GoalStanding, ...]
    activities: tuple[ReportedActivity, ...]

    @property
    def counts(self) -> StatusCounts:
        return StatusCounts.of(each.status for each in self.activities)

    @property
    def without_responsible(self) -> int:
        return sum(not each.activity.responsible for each in self.activities)

    @property
    def deviations(self) -> tuple[ReportedActivity, ...]:
        """Activities that are late or have been cancelled."""
        return tuple(each for each in self.activities if each.status in DEVIATING)


@dataclass(frozen=True)
class FollowUpReport:
    """A year's follow-up whole."""

    plan: PlanFacts
    year: int
    revision_year: int
    stage: str
    stage_label: str
    opens: date | None
    due: date | None
    is_example: bool
    challenges: tuple[ChallengeStanding, ...]
    terms: tuple[TermRow, ...]

    @property
    def is_published(self) -> bool:
        return self.stage == Stage.PUBLISHED

    @property
    def counts(self) -> StatusCounts:
        return StatusCounts.of(each.status for challenge in self.challenges for each in challenge.activities)

    @property
    def goals(self) -> tuple[tuple[ChallengeStanding, GoalStanding], ...]:
        """Every goal with the challenge that it belongs to."""
        return tuple((challenge, goal) for challenge in self.challenges for goal in challenge.goals)

    @property
    def without_responsible(self) -> int:
        return sum(challenge.without_responsible for challenge in self.challenges)


def followup_report(standing: Standpoint, followup: FollowUp) -> FollowUpReport:
    """The year's follow-up, in eight statements whatever its size."""
    revision = followup.revision
    sections = challenge_sections(revision)
    goals = [goal for section in sections for goal in section.goals]
    evidence = evidence_for(standing, goals, followup)
    reports = {
        report.activity.key: said(report)
        for report in StatusReport.objects.filter(followup=followup)
        .current()
        .select_related("activity", "organisation", "author")
    }
    return FollowUpReport(
        plan=plan_facts(followup.plan),
        year=followup.year,
        revision_year=revision.year,
        stage=followup.stage,
        stage_label=followup.get_stage_display(),
        opens=followup.opens,
        due=followup.due,
        is_example=followup.is_example,
        challenges=tuple(
            challenge_standing(section, followup.year, evidence, reports) for section in sections
        ),
        terms=term_rows(revision),
    )


def challenge_standing(
    section: ChallengeSection,
    year: int,
    evidence: Evidence,
    reports: dict[str, Said],
) -> ChallengeStanding:
    return ChallengeStanding(
        key=section.key,
        title=section.title,
        area=section.area,
        purpose=section.purpose,
        strategy=section.strategy,
        followup_owner=section.followup_owner,
        goals=tuple(goal_standing(goal, year, evidence) for goal in section.goals),
        activities=tuple(
            ReportedActivity(activity, said.status if said else None, said)
            for activity in section.activities
            if activity.runs_in(year)
            for said in [reports.get(activity.key)]
        ),
    )
