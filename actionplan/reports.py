"""The plan as decided for a year, as plain values: the page, the PDF and the data are all made from this."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    DocumentType,
    Goal,
    Placement,
    Plan,
    Revision,
    Term,
    YearlyTarget,
)
from actionplan.models.rows import runs_in
from publishing.formats import joined, period, swedish_key


@dataclass(frozen=True)
class PlanFacts:
    """What the governing document says of itself; what it doesn't state is empty or None."""

    slug: str
    title: str
    kind: str
    document_type: str
    first_year: int
    last_year: int | None
    owner: str
    partners: tuple[str, ...]
    valid_until: date | None
    applies_to: str
    replaces: tuple[str, ...]
    related_documents: tuple[str, ...]
    document_owner: str
    revised_by: str
    followed_up_by: str
    challenge_word: str
    challenge_word_plural: str
    activity_word: str
    activity_word_plural: str

    @property
    def period(self) -> str:
        return period(self.first_year, self.last_year)

    @property
    def partner_names(self) -> str:
        return joined(self.partners)

    @property
    def document_types(self) -> tuple[tuple[str, bool], ...]:
        """Every type of governing document, and whether this plan is of it."""
        return tuple((str(label), value == self.document_type) for value, label in DocumentType.choices)


@dataclass(frozen=True)
class TargetRow:
    """A value to reach in a year, in the indicator's unit; whether the definition is new that year."""

    key: str
    indicator: str
    indicator_name: str
    year: int
    over: str
    operator: str
    value: Decimal
    nearly: Decimal | None
    decimals: int
    breaks_series: bool


@dataclass(frozen=True)
class GoalRow:
    key: str
    text: str
    targets: tuple[TargetRow, ...]


@dataclass(frozen=True)
class ActivityRow:
    """An activity as the document's table has it; empty where the document says nothing."""

    key: str
    title: str
    heading: str
    description: str
    expected_result: str
    first_year: int | None
    last_year: int | None
    responsible: tuple[str, ...]
    responsible_text: str
    is_this_year: bool

    @property
    def period(self) -> str:
        return period(self.first_year, self.last_year)

    def runs_in(self, year: int) -> bool:
        return runs_in(self.first_year, self.last_year, year)

    @property
    def responsible_names(self) -> str:
        return joined(self.responsible)

    @property
    def responsible_words(self) -> str:
        """Who is responsible: in the document's own words, else by name; empty when nobody is."""
        return self.responsible_text or self.responsible_names


@dataclass(frozen=True)
class ChallengeSection:
    key: str
    area: str | None
    title: str
    purpose: str
    strategy: str
    text: str
    followup_owner: str | None
    goals: tuple[GoalRow, ...]
    activities: tuple[ActivityRow, ...]

    @property
    def without_responsible(self) -> int:
        return sum(not activity.responsible for activity in self.activities)


@dataclass(frozen=True)
class ChapterSection:
    key: str
    area: str | None
    title: str
    text: str
    placement: str


@dataclass(frozen=True)
class AreaSection:
    """An area with the chapters around its challenges."""

    key: str
    title: str
    before: tuple[ChapterSection, ...]
    challenges: tuple[ChallengeSection, ...]
    after: tuple[ChapterSection, ...]


@dataclass(frozen=True)
class TermRow:
    term: str
    explanation: str


@dataclass(frozen=True)
class RevisionReport:
    """A revision whole."""

    plan: PlanFacts
    year: int
    state: str
    decided_by: str
    decided_on: date | None
    registry_number: str
    note: str
    chapters: tuple[ChapterSection, ...]
    areas: tuple[AreaSection, ...]
    challenges: tuple[ChallengeSection, ...]
    terms: tuple[TermRow, ...]

    @property
    def is_draft(self) -> bool:
        return self.state != "adopted"

    @property
    def before(self) -> tuple[ChapterSection, ...]:
        return chapters_at(self.chapters, Placement.BEFORE, area=None)

    @property
    def after(self) -> tuple[ChapterSection, ...]:
        return chapters_at(self.chapters, Placement.AFTER, area=None)

    @property
    def challenges_outside_areas(self) -> tuple[ChallengeSection, ...]:
        return tuple(challenge for challenge in self.challenges if challenge.area is None)

    @property
    def activities(self) -> tuple[ActivityRow, ...]:
        return tuple(activity for challenge in self.challenges for activity in challenge.activities)


def chapters_at(
    chapters: Iterable[ChapterSection], placement: str, *, area: str | None
) -> tuple[ChapterSection, ...]:
    return tuple(each for each in chapters if each.area == area and each.placement == placement)


def plan_facts(plan: Plan) -> PlanFacts:
    """The plan by value; takes no statement of its own where the plan came `with_parties`."""
    return PlanFacts(
        slug=plan.slug,
        title=plan.title,
        kind=plan.kind,
        document_type=plan.document_type,
        first_year=plan.first_year,
        last_year=plan.last_year,
        owner=plan.owner.name,
        partners=tuple(sorted((each.short_name for each in plan.partners.all()), key=swedish_key)),
        valid_until=plan.valid_until,
        applies_to=plan.applies_to,
        replaces=tuple(plan.replaces.splitlines()),
        related_documents=tuple(plan.related_documents.splitlines()),
        document_owner=plan.document_owner,
        revised_by=plan.revised_by,
        followed_up_by=plan.followed_up_by,
        challenge_word=plan.challenge_word,
        challenge_word_plural=plan.challenge_word_plural,
        activity_word=plan.activity_word,
        activity_word_plural=plan.activity_word_plural,
    )


def revision_report(revision: Revision) -> RevisionReport:
    """The whole revision, in eight statements whatever its size."""
    chapters = tuple(
        ChapterSection(row.key, row.area.key if row.area else None, row.title, row.text, row.placement)
        for row in Chapter.objects.filter(revision=revision).select_related("area")
    )
    challenges = challenge_sections(revision)
    return RevisionReport(
        plan=plan_facts(revision.plan),
        year=revision.year,
        state=revision.state,
        decided_by=revision.decided_by,
        decided_on=revision.decided_on,
        registry_number=revision.registry_number,
        note=revision.note,
        chapters=chapters,
        areas=area_sections(revision, chapters, challenges),
        challenges=challenges,
        terms=term_rows(revision),
    )


def area_sections(
    revision: Revision, chapters: Iterable[ChapterSection], challenges: Iterable[ChallengeSection]
) -> tuple[AreaSection, ...]:
    return tuple(
        AreaSection(
            key=area.key,
            title=area.title,
            before=chapters_at(chapters, Placement.BEFORE, area=area.key),
            challenges=tuple(each for each in challenges if each.area == area.key),
            after=chapters_at(chapters, Placement.AFTER, area=area.key),
        )
        for area in Area.objects.filter(revision=revision)
    )


def challenge_sections(revision: Revision) -> tuple[ChallengeSection, ...]:
    """The revision's challenges with goals, targets, activities and responsible, in five statements."""
    goals = goal_rows(revision)
    activities: dict[int, list[ActivityRow]] = defaultdict(list)
    for activity in Activity.objects.filter(revision=revision).with_responsible():
        activities[activity.challenge_id].append(activity_row(activity, revision.year))
    return tuple(
        ChallengeSection(
            key=row.key,
            area=row.area.key if row.area else None,
            title=row.title,
            purpose=row.purpose,
            strategy=row.strategy,
            text=row.text,
            followup_owner=row.followup_owner.short_name if row.followup_owner else None,
            goals=tuple(goals[row.pk]),
            activities=tuple(activities[row.pk]),
        )
        for row in Challenge.objects.filter(revision=revision).in_reading_order()
    )


def goal_rows(revision: Revision) -> dict[int, list[GoalRow]]:
    """The revision's goals by their challenge's id, each with its targets, in two statements."""
    targets: dict[int, list[TargetRow]] = defaultdict(list)
    for target in YearlyTarget.objects.filter(revision=revision).with_indicator():
        targets[target.goal_id].append(target_row(target))
    goals: dict[int, list[GoalRow]] = defaultdict(list)
    for goal in Goal.objects.filter(revision=revision):
        goals[goal.challenge_id].append(GoalRow(goal.key, goal.text, tuple(targets[goal.pk])))
    return goals


def target_row(target: YearlyTarget) -> TargetRow:
    return TargetRow(
        key=target.key,
        indicator=target.indicator.slug,
        indicator_name=target.indicator.short_name or target.indicator.name,
        year=target.year,
        over=target.over,
        operator=target.operator,
        value=target.value,
        nearly=target.nearly,
        decimals=target.indicator.decimals,
        breaks_series=target.breaks_series,  # type: ignore[attr-defined]
    )


def activity_row(activity: Activity, year: int) -> ActivityRow:
    return ActivityRow(
        key=activity.key,
        title=activity.title,
        heading=activity.heading,
        description=activity.description,
        expected_result=activity.expected_result,
        first_year=activity.first_year,
        last_year=activity.last_year,
        responsible=tuple(each.organisation.short_name for each in activity.responsibilities.all()),
        responsible_text=activity.responsible_text,
        is_this_year=activity.is_one_of(year),
    )


def term_rows(revision: Revision) -> tuple[TermRow, ...]:
    return tuple(TermRow(row.term, row.explanation) for row in Term.objects.filter(revision=revision))
