"""A year's follow-up whole, by value: the page, the PDF and the edition that is kept for ever are made of it.

An edition keeps it as JSON (followup/editions.py), so whatever is shown of it is a field, in words too: a
label that is written otherwise later changes nothing that has been published. A field added here must have
a default, since editions from before don't have it; one that means something else needs another name.
Everyone may read an edition, so nobody who reported is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actionplan.facts import PlanFacts, plan_facts
from actionplan.reports import ActivityRow, ChallengeSection, TermRow, challenge_sections, term_rows
from followup.counts import StatusCounts, label_of
from followup.models import NO_REPORT, FollowUp, Stage, StatusReport
from followup.queries import Standpoint
from followup.reports.goals import Evidence, GoalStanding, evidence_for, goal_standing
from followup.reports.reviews import ReviewStanding, told_in
from followup.reports.said import DEVIATING, Said, said
from followup.reports.sentences import Run, runs, year_sentence


@dataclass(frozen=True)
class ReportedActivity:
    """An activity of the year with what has been said of it; no status when nobody has reported."""

    activity: ActivityRow
    status: str | None
    status_label: str
    said: Said | None

    @property
    def status_code(self) -> str:
        return self.status or NO_REPORT


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
    counts: StatusCounts
    review: ReviewStanding | None = None

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
    says: tuple[Run, ...]
    counts: StatusCounts
    challenges: tuple[ChallengeStanding, ...]
    terms: tuple[TermRow, ...]
    registry_number: str = ""

    @property
    def is_published(self) -> bool:
        return self.stage == Stage.PUBLISHED

    @property
    def goals(self) -> tuple[tuple[ChallengeStanding, GoalStanding], ...]:
        """Every goal with the challenge that it belongs to."""
        return tuple((challenge, goal) for challenge in self.challenges for goal in challenge.goals)

    @property
    def deviations(self) -> tuple[tuple[ChallengeStanding, ReportedActivity], ...]:
        """Every activity that is late or has been cancelled, with the challenge that it belongs to."""
        return tuple((challenge, each) for challenge in self.challenges for each in challenge.deviations)

    @property
    def without_responsible(self) -> int:
        return sum(challenge.without_responsible for challenge in self.challenges)


def followup_report(standing: Standpoint, followup: FollowUp) -> FollowUpReport:
    """The year's follow-up, in nine statements whatever its size."""
    revision = followup.revision
    sections = challenge_sections(revision)
    goals = [goal for section in sections for goal in section.goals]
    told = told_in(followup)
    evidence = evidence_for(standing, goals, followup, told.assessments)
    reports = {
        report.activity.key: said(report, by_name=False)
        for report in StatusReport.objects.filter(followup=followup)
        .current()
        .select_related("activity", "organisation")
    }
    challenges = tuple(
        challenge_standing(section, followup.year, evidence, reports, told.reviews.get(section.key))
        for section in sections
    )
    counts = StatusCounts.together(challenge.counts for challenge in challenges)
    plan = plan_facts(followup.plan)
    sentence = year_sentence(
        plan,
        followup.year,
        [goal for challenge in challenges for goal in challenge.goals],
        counts,
        without_responsible=sum(challenge.without_responsible for challenge in challenges),
    )
    return FollowUpReport(
        plan=plan,
        year=followup.year,
        revision_year=revision.year,
        stage=followup.stage,
        stage_label=followup.get_stage_display(),
        opens=followup.opens,
        due=followup.due,
        is_example=followup.is_example,
        says=runs(sentence),
        counts=counts,
        challenges=challenges,
        terms=term_rows(revision),
    )


def challenge_standing(
    section: ChallengeSection,
    year: int,
    evidence: Evidence,
    reports: dict[str, Said],
    review: ReviewStanding | None,
) -> ChallengeStanding:
    activities = tuple(
        reported_activity(activity, reports.get(activity.key))
        for activity in section.activities
        if activity.runs_in(year)
    )
    return ChallengeStanding(
        key=section.key,
        title=section.title,
        area=section.area,
        purpose=section.purpose,
        strategy=section.strategy,
        followup_owner=section.followup_owner,
        goals=tuple(goal_standing(goal, year, evidence) for goal in section.goals),
        activities=activities,
        counts=StatusCounts.of(each.status for each in activities),
        review=review,
    )


def reported_activity(activity: ActivityRow, said: Said | None) -> ReportedActivity:
    status = said.status if said else None
    return ReportedActivity(activity, status, said.status_label if said else label_of(None), said)
