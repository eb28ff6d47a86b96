"""What is said of challenges, by value: how far it has come, the words, for whom, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Value

from actionplan.models import Challenge
from followup.models import ChallengeReview, FollowUp, GoalAssessment, ReviewState, Stage, Verdict
from followup.models.reviews import ANSWERS
from followup.queries import Standpoint
from followup.reports.goals import Assessment, GoalStanding


@dataclass(frozen=True)
class ReviewStanding:
    """A challenge's review as the year's follow-up has it: for an organisation, with nobody's name.

    What nobody has approved says how far it has come, and nothing more.
    """

    state: str
    state_label: str
    organisation: str
    purpose: str
    deviations: str
    proposals: str
    written_at: datetime

    @property
    def is_approved(self) -> bool:
        return self.state == ReviewState.APPROVED


@dataclass(frozen=True)
class Told:
    """What a year's reviews tell: of challenges by their keys, and of goals by theirs."""

    reviews: dict[str, ReviewStanding]
    assessments: dict[str, Assessment]


def told_in(followup: FollowUp) -> Told:
    """What the year's reviews tell as they stand, in one statement.

    Of goals only what approved ones make of them. Of a published year nothing else than approved ones at
    all: how far another has come is for nobody outside to know.
    """
    reviews = ChallengeReview.objects.filter(followup=followup).current().order_by()
    if followup.stage == Stage.PUBLISHED:
        reviews = reviews.filter(state=ReviewState.APPROVED)
    of_challenges = reviews.values_list(
        Value(""), "challenge__key", "number", "state", "purpose", "deviations", "proposals",
        "challenge__followup_owner__short_name", "written_at",
    )  # fmt: skip
    assessments = GoalAssessment.objects.filter(followup=followup).approved().order_by()
    of_goals = assessments.values_list(
        "goal__key", "goal__challenge__key", "number", "verdict", "reason", "action", "no_action",
        "goal__challenge__followup_owner__short_name", "written_at",
    )  # fmt: skip
    told = Told({}, {})
    for goal, challenge, number, code, one, two, three, owner, at in of_challenges.union(of_goals, all=True):
        organisation = owner or followup.plan.owner.short_name
        if goal:
            label = str(Verdict(code).label) if code else ""
            told.assessments[goal] = Assessment(number, code, label, one, two, three, organisation)
        else:
            told.reviews[challenge] = review_standing(code, organisation, (one, two, three), at)
    return told


def review_standing(
    state: str, organisation: str, words: tuple[str, str, str], written_at: datetime
) -> ReviewStanding:
    """A review as it stands; its `words`, of purpose, deviations and proposals, once it is approved."""
    purpose, deviations, proposals = words if state == ReviewState.APPROVED else ("", "", "")
    return ReviewStanding(
        state=state,
        state_label=str(ReviewState(state).label),
        organisation=organisation,
        purpose=purpose,
        deviations=deviations,
        proposals=proposals,
        written_at=written_at,
    )


def review_row(row: ChallengeReview, followup: FollowUp) -> ReviewStanding:
    words = (row.purpose, row.deviations, row.proposals)
    return review_standing(row.state, organisation_of(row.challenge, followup), words, row.written_at)


def review_at(followup: FollowUp, challenge: Challenge) -> ReviewStanding | None:
    """The challenge's review as it stands, in one statement; None when nobody has written."""
    rows = ChallengeReview.objects.filter(followup=followup, challenge=challenge)
    row = rows.select_related("challenge__followup_owner").order_by("-number").first()
    return review_row(row, followup) if row else None


def organisation_of(challenge: Challenge, followup: FollowUp) -> str:
    """On whose behalf the challenge is reviewed: whoever follows it up, else the plan's owner."""
    return (challenge.followup_owner or followup.plan.owner).short_name


@dataclass(frozen=True)
class Step:
    """That a review came to a state, by whom and when."""

    state: str
    state_label: str
    author: str
    written_at: datetime
    note: str


@dataclass(frozen=True)
class Review:
    """A challenge's review as those who take part in the plan see it.

    `note` is what the editor last wanted changed, until it is approved.
    `steps` is what has happened to it, the latest first; several savings in a row by one person are one.
    """

    number: int
    state: str
    state_label: str
    purpose: str
    deviations: str
    proposals: str
    note: str
    organisation: str
    steps: tuple[Step, ...]

    @property
    def latest(self) -> Step:
        return self.steps[0]


def review_of(followup: FollowUp, challenge: Challenge) -> Review | None:
    """The challenge's review as it stands, in one statement; None when nobody has written."""
    found = ChallengeReview.objects.filter(followup=followup, challenge=challenge)
    rows = list(found.select_related("author").order_by("number"))
    if not rows:
        return None
    row = rows[-1]
    return Review(
        number=row.number,
        state=row.state,
        state_label=row.get_state_display(),
        purpose=row.purpose,
        deviations=row.deviations,
        proposals=row.proposals,
        note=latest_note(rows),
        organisation=organisation_of(challenge, followup),
        steps=steps(rows),
    )


def latest_note(rows: Iterable[ChallengeReview]) -> str:
    """What the editor last wanted changed, unless it has been approved since."""
    answers = [each for each in rows if each.state in ANSWERS]
    return answers[-1].note if answers else ""


def name_of(row: ChallengeReview) -> str:
    return str(row.author) if row.author else ""


def steps(rows: Iterable[ChallengeReview]) -> tuple[Step, ...]:
    alike = groupby(rows, key=lambda row: (row.state, row.author_id))
    last_of_each = [list(group)[-1] for _same, group in alike]
    return tuple(
        Step(row.state, row.get_state_display(), name_of(row), row.written_at, row.note)
        for row in reversed(last_of_each)
    )


@dataclass(frozen=True)
class GoalReviewed:
    """A goal with what a review makes of it: the verdict that holds if it is approved, and the words."""

    goal: GoalStanding
    verdict: str
    verdict_label: str
    is_judged_by_a_person: bool
    reason: str
    action: str
    no_action: str


def goals_reviewed(
    goals: Sequence[GoalStanding], rows: Mapping[str, GoalAssessment | None]
) -> tuple[GoalReviewed, ...]:
    """The challenge's goals with what `rows`, by the goal's key, make of them."""
    return tuple(goal_reviewed(goal, rows.get(goal.key)) for goal in goals)


def goal_reviewed(goal: GoalStanding, row: GoalAssessment | None) -> GoalReviewed:
    own = Verdict(row.verdict) if row and row.verdict else None
    return GoalReviewed(
        goal=goal,
        verdict=own.value if own else goal.computed,
        verdict_label=str(own.label) if own else goal.computed_label,
        is_judged_by_a_person=own is not None,
        reason=row.reason if row else "",
        action=row.action if row else "",
        no_action=row.no_action if row else "",
    )


@dataclass(frozen=True)
class EarlierReview:
    """What was said of the challenge in an earlier year."""

    year: int
    review: ReviewStanding


def earlier_review(standing: Standpoint, followup: FollowUp, key: str) -> EarlierReview | None:
    """The latest approved review of the challenge in a year before, in one statement."""
    before = [each for each in standing.followups if each.year < followup.year]
    rows = ChallengeReview.objects.filter(followup__in=before, challenge__key=key)
    current = {
        row.followup.year: row
        for row in rows.select_related("followup__plan__owner", "challenge__followup_owner").order_by(
            "number"
        )
        if row.followup not in standing.being_corrected or row.written_at <= row.followup.published_at
    }
    approved = [year for year, row in current.items() if row.state == ReviewState.APPROVED]
    if not approved:
        return None
    row = current[max(approved)]
    return EarlierReview(row.followup.year, review_row(row, row.followup))
