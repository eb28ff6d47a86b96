"""The plan as decided for a year, as plain values: the page, the PDF and the data are all made from this.

An edition keeps it as JSON (publishing/editions.py), so whatever is shown of it is a field, in words too: a
label that is written otherwise later changes nothing that has been published. A field added here must have a
default, since editions from before don't have it; one that shows otherwise needs another name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from actionplan.changes import Comparison
from actionplan.facts import PlanFacts, plan_facts
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    Indicator,
    Operator,
    Over,
    Part,
    Placement,
    Revision,
    Term,
    YearlyTarget,
)
from actionplan.models.rows import runs_in, series_began
from publishing.formats import joined, period, swedish_key
from publishing.languages import in_the_portals_language


@dataclass(frozen=True)
class TargetRow:
    """A value to reach in a year, in the indicator's unit; `series_began` is its last series break."""

    key: str
    indicator: str
    indicator_name: str
    unit: str
    year: int
    over: str
    over_label: str
    operator: str
    operator_label: str
    value: Decimal
    nearly: Decimal | None
    decimals: int
    direction: str
    series_began: int | None
    reason: str = ""


@dataclass(frozen=True)
class GoalRow:
    key: str
    text: str
    targets: tuple[TargetRow, ...]


@dataclass(frozen=True)
class AnsweringRow:
    """An organisation that answers for an activity; `part` is how far (actionplan.models.Part)."""

    key: str
    name: str
    part: str

    @property
    def words(self) -> str:
        """Such as "Enköping", who leads it, or "Västerås (medverkar)"."""
        return _("%(name)s (medverkar)") % {"name": self.name} if self.part == Part.TAKING_PART else self.name


@dataclass(frozen=True)
class ActivityRow:
    """An activity as the document's table has it; empty where the document says nothing.

    `answering` tells more of those in `responsible`; None in editions from before it was kept.
    """

    key: str
    title: str
    heading: str
    description: str
    expected_result: str
    first_year: int | None
    last_year: int | None
    period: str
    responsible: tuple[str, ...]
    responsible_names: str
    responsible_text: str
    is_this_year: bool
    predecessor: str = ""
    answering: tuple[AnsweringRow, ...] | None = None

    def runs_in(self, year: int) -> bool:
        return runs_in(self.first_year, self.last_year, year)

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
class AreaRow:
    key: str
    title: str


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
    key: str = ""


@dataclass(frozen=True)
class DecisionRow:
    """What a municipality decided for itself."""

    municipality: str
    decided_by: str
    decided_on: date | None
    registry_number: str


@dataclass(frozen=True)
class EndingRow:
    """An activity of the revision before that isn't carried on; it has that activity's key."""

    key: str
    title: str
    how: str
    how_label: str
    reason: str


@dataclass(frozen=True)
class RevisionReport:
    """A revision whole; `changes` tells what has changed since the one before it."""

    plan: PlanFacts
    year: int
    state: str
    state_label: str
    decided_by: str
    decided_on: date | None
    registry_number: str
    note: str
    chapters: tuple[ChapterSection, ...]
    area_rows: tuple[AreaRow, ...]
    challenges: tuple[ChallengeSection, ...]
    terms: tuple[TermRow, ...]
    decisions: tuple[DecisionRow, ...] = ()
    endings: tuple[EndingRow, ...] = ()
    changes: Comparison | None = None

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
    def areas(self) -> tuple[AreaSection, ...]:
        return tuple(
            AreaSection(
                key=area.key,
                title=area.title,
                before=chapters_at(self.chapters, Placement.BEFORE, area=area.key),
                challenges=tuple(each for each in self.challenges if each.area == area.key),
                after=chapters_at(self.chapters, Placement.AFTER, area=area.key),
            )
            for area in self.area_rows
        )

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


@in_the_portals_language
def revision_report(revision: Revision) -> RevisionReport:
    """The whole revision, in nine statements whatever its size."""
    return replace(
        text_report(revision),
        area_rows=tuple(AreaRow(row.key, row.title) for row in Area.objects.filter(revision=revision)),
        decisions=decision_rows(revision),
        endings=ending_rows(revision),
    )


def text_report(revision: Revision) -> RevisionReport:
    """The revision without its areas' titles, decisions and endings, in six statements."""
    return RevisionReport(
        plan=plan_facts(revision.plan),
        year=revision.year,
        state=revision.state,
        state_label=revision.get_state_display(),
        decided_by=revision.decided_by,
        decided_on=revision.decided_on,
        registry_number=revision.registry_number,
        note=revision.note,
        chapters=tuple(
            ChapterSection(row.key, row.area.key if row.area else None, row.title, row.text, row.placement)
            for row in Chapter.objects.filter(revision=revision).select_related("area")
        ),
        area_rows=(),
        challenges=challenge_sections(revision),
        terms=term_rows(revision),
    )


def challenge_sections(revision: Revision) -> tuple[ChallengeSection, ...]:
    """The revision's challenges with goals, targets, activities and responsible, in four statements."""
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
    """The revision's goals by their challenge's id, each with its targets, in one statement."""
    goals: dict[int, list[GoalRow]] = defaultdict(list)
    rows = (
        Goal.objects.filter(revision=revision)
        .order_by("order", "pk", "targets__year", "targets__order", "targets__pk")
        .annotate(series_began=series_began(target="targets__"))
        .values("challenge_id", "pk", "key", "text", "series_began", *columns_of_targets("targets__"))
    )
    for (challenge, _pk, key, text), same in groupby(rows, itemgetter("challenge_id", "pk", "key", "text")):
        targets = tuple(target_row(row, "targets__") for row in same if row["targets__key"] is not None)
        goals[challenge].append(GoalRow(key, text, targets))
    return goals


def target_rows(revision: Revision, indicator: Indicator) -> list[TargetRow]:
    """The revision's targets that use `indicator`, in one statement."""
    targets = YearlyTarget.objects.filter(revision=revision, indicator=indicator)
    rows = targets.annotate(series_began=series_began()).values("series_began", *columns_of_targets())
    return [target_row(row) for row in rows]


def columns_of_targets(prefix: str = "") -> list[str]:
    own = ("key", "year", "over", "operator", "value", "nearly", "reason")
    indicators = ("slug", "name", "short_name", "unit", "decimals", "direction")
    return [prefix + name for name in (*own, *(f"indicator__{name}" for name in indicators))]


def target_row(row: Mapping[str, Any], prefix: str = "") -> TargetRow:
    """A target from its columns, whose names begin with `prefix`."""
    target = {name: row[prefix + name] for name in columns_of_targets()}
    return TargetRow(
        key=target["key"],
        indicator=target["indicator__slug"],
        indicator_name=target["indicator__short_name"] or target["indicator__name"],
        unit=target["indicator__unit"],
        year=target["year"],
        over=target["over"],
        over_label=str(Over(target["over"]).label),
        operator=target["operator"],
        operator_label=str(Operator(target["operator"]).label),
        value=target["value"],
        nearly=target["nearly"],
        decimals=target["indicator__decimals"],
        direction=target["indicator__direction"],
        series_began=row["series_began"],
        reason=target["reason"],
    )


def activity_row(activity: Activity, year: int) -> ActivityRow:
    answering = tuple(
        AnsweringRow(each.organisation.key, each.organisation.short_name, each.part)
        for each in activity.responsibilities.all()
    )
    return ActivityRow(
        key=activity.key,
        title=activity.title,
        heading=activity.heading,
        description=activity.description,
        expected_result=activity.expected_result,
        first_year=activity.first_year,
        last_year=activity.last_year,
        period=period(activity.first_year, activity.last_year),
        responsible=tuple(each.name for each in answering),
        responsible_names=joined([each.words for each in answering]),
        responsible_text=activity.responsible_text,
        is_this_year=activity.is_one_of(year),
        predecessor=activity.predecessor,
        answering=answering,
    )


def term_rows(revision: Revision) -> tuple[TermRow, ...]:
    rows = Term.objects.filter(revision=revision)
    return tuple(TermRow(row.term, row.explanation, row.key) for row in rows)


def decision_rows(revision: Revision) -> tuple[DecisionRow, ...]:
    """The municipalities' own decisions, in Swedish order."""
    rows = [
        DecisionRow(row.municipality.short_name, row.decided_by, row.decided_on, row.registry_number)
        for row in Decision.objects.filter(revision=revision).select_related("municipality")
    ]
    return tuple(sorted(rows, key=lambda row: swedish_key(row.municipality)))


def ending_rows(revision: Revision) -> tuple[EndingRow, ...]:
    """What isn't carried on from the revision that this one is based on; asked only where there is one."""
    return tuple(map(ending_row, Ending.objects.filter(revision=revision) if revision.based_on_id else ()))


@dataclass(frozen=True)
class Between:
    """What revisions between two others tell of what became of rows, by their keys.

    `endings`: of activities that they don't carry on. `predecessors`: what activities took the place of.
    `reasons`: why targets were changed.
    """

    endings: Mapping[str, EndingRow] = field(default_factory=dict)
    predecessors: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


NOTHING_BETWEEN = Between()


def what_is_between(before: Revision, after: Revision) -> Between:
    """What the revisions adopted between the two tell, the latest of each; asked only where there are any."""
    years = [each for each in after.plan.revisions.all() if before.year < each.year < after.year]
    between = [each for each in years if each.is_adopted]
    if not between:
        return NOTHING_BETWEEN
    endings, activities, targets = (
        kind.objects.filter(revision__in=between).order_by("revision__year")
        for kind in (Ending, Activity, YearlyTarget)
    )
    return Between(
        endings={each.key: ending_row(each) for each in endings},
        predecessors=dict(activities.exclude(predecessor="").values_list("key", "predecessor")),
        reasons=dict(targets.exclude(reason="").values_list("key", "reason")),
    )


def ending_row(ending: Ending) -> EndingRow:
    return EndingRow(ending.key, ending.title, ending.how, str(ending.get_how_display()), ending.reason)
