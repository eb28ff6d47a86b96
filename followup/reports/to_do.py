"""What is somebody's to do in the follow-ups under way: by plan and challenge, what is due first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplan.models import Activity, Challenge, Plan, Responsibility, YearlyTarget
from actionplan.models.rows import runs_in
from followup.counts import WithStatus
from followup.models import (
    Assignment,
    ChallengeReview,
    Deed,
    FollowUp,
    Outcome,
    ReviewState,
    Stage,
    StatusReport,
)
from followup.queries import latest_outcomes, organisations_reported_for
from municipalities.models import Organisation, Role, User
from municipalities.permissions import organisations_as
from publishing.formats import in_words, joined, number, swedish_key
from publishing.parts import Window

WRITTEN = (ReviewState.DRAFT, ReviewState.SUBMITTED)
"""The states of a review in which its author has written in it, and so doesn't answer it."""


@dataclass(frozen=True)
class ActivityTask(WithStatus):
    """An activity to report; its status is None until somebody has, for an organisation on a day."""

    key: str
    title: str
    expected_result: str
    status: str | None
    organisation: str
    day: date | None

    @property
    def is_left(self) -> bool:
        return self.status is None


@dataclass(frozen=True)
class OutcomeTask:
    """A municipality's outcome to enter; what has been said of it, empty until somebody has."""

    indicator: str
    indicator_name: str
    municipality: str
    municipality_name: str
    said: str
    source: str
    is_missing: bool

    @property
    def is_left(self) -> bool:
        return not self.said


@dataclass(frozen=True)
class ReviewTask:
    """A challenge's review, to write or to answer. `note`: what the editor wants changed in one returned."""

    state: str
    state_label: str
    note: str
    day: date | None
    is_to_answer: bool

    @property
    def is_left(self) -> bool:
        return self.is_to_answer or self.state in ("", ReviewState.DRAFT, ReviewState.RETURNED)


@dataclass(frozen=True)
class ChallengeTasks:
    """What is somebody's in a challenge, in the plan's order."""

    key: str
    title: str
    activities: tuple[ActivityTask, ...]
    outcomes: tuple[OutcomeTask, ...]
    reviews: tuple[ReviewTask, ...]

    @property
    def total(self) -> int:
        return len(self.activities) + len(self.outcomes) + len(self.reviews)

    def in_window(self, window: Window) -> ChallengeTasks:
        """The same with what of it is on the page."""
        return replace(
            self,
            reviews=window.of(self.reviews),
            outcomes=window.of(self.outcomes),
            activities=window.of(self.activities),
        )

    def as_closed(self) -> ChallengeTasks:
        """The same without the activities that can't be reported any more."""
        return replace(self, activities=tuple(each for each in self.activities if not each.is_left))

    def only(self, *, left: bool) -> ChallengeTasks:
        """The same with only what is left, or only what is done."""
        return ChallengeTasks(
            self.key,
            self.title,
            tuple(each for each in self.activities if each.is_left == left),
            tuple(each for each in self.outcomes if each.is_left == left),
            tuple(each for each in self.reviews if each.is_left == left),
        )


@dataclass(frozen=True)
class Round:
    """What is somebody's in one follow-up. `days_left` is negative when it is overdue, None without a day.

    `leads`: they lead the follow-up, and have its desk. `missed_count`: so many activities had not been
    reported when the year was closed for reports.
    """

    number: int
    plan: str
    plan_title: str
    year: int
    is_example: bool
    takes_reports: bool
    due: date | None
    days_left: int | None
    leads: bool
    left: tuple[ChallengeTasks, ...]
    done: tuple[ChallengeTasks, ...]
    missed_count: int

    @property
    def first_left(self) -> tuple[ActivityTask, ...]:
        """The activities to report first: a few to begin with."""
        return tuple(task for each in self.left for task in each.activities)[:3]

    def shown_in(self, window: Window) -> tuple[tuple[ChallengeTasks, ...], tuple[ChallengeTasks, ...]]:
        """What is left and what is done, as far as it is on the page."""
        left = [each.in_window(window) for each in self.left]
        done = [each.in_window(window) for each in self.done]
        return tuple(each for each in left if each.total), tuple(each for each in done if each.total)

    @property
    def left_count(self) -> int:
        return sum(each.total for each in self.left)

    @property
    def done_count(self) -> int:
        return sum(each.total for each in self.done)

    @property
    def total(self) -> int:
        return self.left_count + self.done_count

    @property
    def is_overdue(self) -> bool:
        return bool(self.left_words and self.days_left is not None and self.days_left < 0)

    @property
    def left_words(self) -> str:
        """What is left to hand in, in words: "Två aktiviteter, ett utfall och en text om en utmaning"."""
        reviews = [review for each in self.left for review in each.reviews if not review.is_to_answer]
        parts = [
            with_noun(sum(len(each.activities) for each in self.left), activities_word),
            with_noun(sum(len(each.outcomes) for each in self.left), outcomes_word, neuter=True),
            with_noun(len(reviews), reviews_word),
        ]
        return capitalized(joined([each for each in parts if each]))

    @property
    def answers_words(self) -> str:
        """What waits for an answer, in words: "Två inskickade texter"; it has no day of its own."""
        answers = sum(review.is_to_answer for each in self.left for review in each.reviews)
        return capitalized(with_noun(answers, answers_word))

    @property
    def missed_says(self) -> str:
        """ "En aktivitet blev inte rapporterad innan rapporteringen stängdes."; nothing where all were."""
        sentence = ngettext(
            "%(what)s blev inte rapporterad innan rapporteringen stängdes.",
            "%(what)s blev inte rapporterade innan rapporteringen stängdes.",
            self.missed_count,
        )
        what = capitalized(with_noun(self.missed_count, activities_word))
        return sentence % {"what": what} if what else ""


def activities_word(count: int) -> str:
    return ngettext("aktivitet", "aktiviteter", count)


def outcomes_word(count: int) -> str:
    return ngettext("utfall", "utfall", count)


def reviews_word(count: int) -> str:
    return ngettext("text om en utmaning", "texter om utmaningar", count)


def answers_word(count: int) -> str:
    return ngettext("inskickad text", "inskickade texter", count)


def with_noun(count: int, word: Any, *, neuter: bool = False) -> str:
    """ "två aktiviteter"; nothing for none."""
    return f"{in_words(count, neuter=neuter)} {word(count)}" if count else ""


def capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class ToDo:
    """All that is somebody's to do, and for whom they report."""

    organisations: tuple[str, ...]
    leads: bool
    rounds: tuple[Round, ...]

    @property
    def left_count(self) -> int:
        return sum(each.left_count for each in self.rounds)

    def round_of(self, followup: FollowUp) -> Round | None:
        return next((each for each in self.rounds if each.number == followup.pk), None)


def to_do(person: User, *, today: date | None = None) -> ToDo:
    """What is `person`'s to do, in as many statements however much it is and in however many follow-ups."""
    today = today or localdate()
    coordinates = organisations_as(person, Role.COORDINATOR)
    edits = organisations_as(person, Role.EDITOR)
    organisations = organisations_reported_for(person) if coordinates else []
    under_way: list[FollowUp] = []
    if coordinates or edits:
        found = FollowUp.objects.filter(stage__in=[Stage.OPEN, Stage.CLOSED])
        under_way = list(found.select_related("plan", "revision"))
    told = Gathering(under_way, person, coordinates, edits) if under_way else None
    rounds = [told.round_of(each, today) for each in under_way] if told else []
    return ToDo(
        organisations=tuple(each.short_name for each in organisations),
        leads=bool(edits),
        rounds=tuple(
            sorted(
                (each for each in rounds if each.total or each.missed_count or each.leads),
                key=lambda each: (
                    not each.left_count,
                    each.due or date.max,
                    swedish_key(each.plan_title),
                    each.year,
                ),
            )
        ),
    )


class Gathering:
    """What the follow-ups under way hold for a person, asked for all at once."""

    def __init__(
        self, followups: list[FollowUp], person: User, coordinates: Collection[int], edits: Collection[int]
    ) -> None:
        self.followups = followups
        self.person = person
        self.coordinates = coordinates
        self.edits = edits
        self.assigned: set[tuple[int, int]] = set()
        self.reports: Mapping[tuple[int, int], StatusReport] = {}
        self.activities: Mapping[int, list[Any]] = {}
        self.targets: Mapping[int, list[YearlyTarget]] = {}
        self.outcomes: Mapping[tuple[str, int, int], Outcome] = {}
        self.municipalities: Mapping[int, list[Any]] = {}
        revisions = {each.revision_id for each in followups}
        owners = Organisation.objects.filter(pk=OuterRef("followup_owner"))
        is_mine = Q(pk__in=coordinates) | Q(represented_by__in=coordinates)
        challenges = Challenge.objects.filter(revision__in=revisions).in_reading_order()
        self.challenges = group(
            challenges.annotate(is_mine=Exists(owners.filter(is_mine))), lambda each: each.revision_id
        )
        self.reviews = group(self.find_reviews(), lambda each: (each.followup_id, each.challenge_id))
        if coordinates:
            self.find_reports(revisions)
            self.find_outcomes(revisions)

    def find_reviews(self) -> Iterable[ChallengeReview]:
        """Every row, the latest last."""
        rows = ChallengeReview.objects.filter(followup__in=[each.pk for each in self.followups])
        return rows.order_by("number").only(
            "followup", "challenge", "state", "note", "author", "number", "written_at"
        )

    def find_reports(self, revisions: Collection[int]) -> None:
        """The activities that the person answers for, in which year they are assigned, and what was said."""
        under_way = [each.pk for each in self.followups]
        assigned = Assignment.objects.filter(followup__in=under_way, organisation__in=self.coordinates)
        self.assigned = set(assigned.values_list("followup_id", "activity_id"))
        held = Responsibility.objects.filter(activity=OuterRef("pk")).filter(
            Q(organisation__in=self.coordinates) | Q(organisation__represented_by__in=self.coordinates)
        )
        found = Activity.objects.filter(revision__in=revisions).annotate(is_held=Exists(held))
        mine = found.filter(Q(is_held=True) | Q(pk__in=[activity for _followup, activity in self.assigned]))
        self.activities = group(mine.order_by("order", "pk"), lambda each: each.challenge_id)
        reports = StatusReport.objects.filter(followup__in=under_way).current()
        self.reports = {
            (row.followup_id, row.activity_id): row for row in reports.select_related("organisation")
        }

    def find_outcomes(self, revisions: Collection[int]) -> None:
        """The municipalities that the person enters outcomes for, what is asked of them, what was said."""
        plans = {each.plan_id for each in self.followups}
        partners = Plan.partners.through.objects.filter(
            plan__in=plans, municipality__in=self.coordinates
        ).select_related("municipality")
        self.municipalities = group(partners, lambda each: each.plan_id)
        if not self.municipalities:
            return
        targets = YearlyTarget.objects.filter(
            revision__in=revisions, year__in={each.year for each in self.followups}
        )
        self.targets = group(
            targets.select_related("indicator", "goal").order_by("goal__order", "order", "pk"),
            lambda each: each.goal.challenge_id,
        )
        slugs = {each.indicator.slug for rows in self.targets.values() for each in rows}
        places = {each.municipality_id for rows in self.municipalities.values() for each in rows}
        self.outcomes = latest_outcomes(slugs, places, public_only=False) if slugs else {}

    def round_of(self, followup: FollowUp, today: date) -> Round:
        plan = followup.plan
        asked: set[str] = set()
        challenges = [
            ChallengeTasks(
                key=challenge.key,
                title=challenge.title,
                activities=tuple(self.activity_tasks(followup, challenge)),
                outcomes=tuple(self.outcome_tasks(followup, challenge, asked)),
                reviews=tuple(self.review_tasks(followup, challenge)),
            )
            for challenge in self.challenges.get(followup.revision_id, [])
        ]
        takes_reports = followup.allows(Deed.REPORT)
        missed = 0 if takes_reports else sum(row.is_left for each in challenges for row in each.activities)
        if not takes_reports:
            challenges = [each.as_closed() for each in challenges]
        left = [each.only(left=True) for each in challenges]
        done = [each.only(left=False) for each in challenges]
        return Round(
            number=followup.pk,
            plan=plan.slug,
            plan_title=plan.title,
            year=followup.year,
            is_example=followup.is_example,
            takes_reports=takes_reports,
            due=followup.due,
            days_left=(followup.due - today).days if followup.due else None,
            leads=plan.owner_id in self.edits,
            left=tuple(each for each in left if each.total),
            done=tuple(each for each in done if each.total),
            missed_count=missed,
        )

    def activity_tasks(self, followup: FollowUp, challenge: Challenge) -> Iterable[ActivityTask]:
        for row in self.activities.get(challenge.pk, []):
            is_mine = row.is_held or (followup.pk, row.pk) in self.assigned
            if is_mine and runs_in(row.first_year, row.last_year, followup.year):
                yield activity_task(row, self.reports.get((followup.pk, row.pk)))

    def outcome_tasks(
        self, followup: FollowUp, challenge: Challenge, asked: set[str]
    ) -> Iterable[OutcomeTask]:
        """Each indicator stands once, at the first goal that it is asked for."""
        partners = self.municipalities.get(followup.plan_id, [])
        if not partners or not followup.allows(Deed.REVIEW):
            return
        for target in self.targets.get(challenge.pk, []):
            indicator = target.indicator
            if target.year != followup.year or indicator.slug in asked:
                continue
            asked.add(indicator.slug)
            for partner in partners:
                outcome = self.outcomes.get((indicator.slug, partner.municipality_id, followup.year))
                yield OutcomeTask(
                    indicator=indicator.slug,
                    indicator_name=indicator.short_name or indicator.name,
                    municipality=partner.municipality.key,
                    municipality_name=partner.municipality.short_name,
                    said=outcome_words(outcome, indicator.decimals) if outcome else "",
                    source=outcome.source if outcome else "",
                    is_missing=outcome is not None and outcome.value is None,
                )

    def review_tasks(self, followup: FollowUp, challenge: Challenge) -> Iterable[ReviewTask]:
        """At most one that is the person's to write, or to answer."""
        rows = self.reviews.get((followup.pk, challenge.pk), [])
        current = rows[-1] if rows else None
        state = current.state if current else ""
        leads = followup.plan.owner_id in self.edits
        has_written = any(row.author_id == self.person.pk and row.state in WRITTEN for row in rows)
        answers = (
            leads and state == ReviewState.SUBMITTED and not has_written and followup.allows(Deed.ANSWER)
        )
        writes = challenge.is_mine and followup.allows(Deed.REVIEW)  # type: ignore[attr-defined]
        if answers or writes:
            yield ReviewTask(
                state=state,
                state_label=current.get_state_display() if current else _("Inte påbörjad"),
                note=current.note if current else "",
                day=localdate(current.written_at) if current else None,
                is_to_answer=answers,
            )


def activity_task(activity: Activity, report: StatusReport | None) -> ActivityTask:
    return ActivityTask(
        key=activity.key,
        title=activity.title,
        expected_result=activity.expected_result,
        status=report.status if report else None,
        organisation=report.organisation.short_name if report else "",
        day=localdate(report.written_at) if report else None,
    )


def outcome_words(outcome: Outcome, decimals: int) -> str:
    """The value, or why there is none: "57,9", "Inte mätt"."""
    if outcome.value is None:
        return outcome.get_missing_reason_display()
    return number(outcome.value, decimals)


def group(rows: Iterable[Any], key: Any) -> dict[Any, list[Any]]:
    """The rows by what `key` says of each, in the order they came."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
