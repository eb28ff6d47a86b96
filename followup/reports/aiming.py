"""The goals' targets for a draft's year: those that are decided, and what to set where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Challenge, Revision, YearlyTarget
from actionplan.reports import GoalRow, TargetRow, goal_rows
from followup.queries import latest_outcomes
from followup.reports.goals import Evidence, TargetStanding, target_standing, words_of
from publishing.formats import swedish_key


@dataclass(frozen=True)
class TargetAhead:
    """A target of the draft's year or later. `was`: the value decided before, where it has been changed."""

    target: TargetRow
    words: str
    is_decided: bool
    was: Decimal | None


@dataclass(frozen=True)
class Suggestion:
    """What a target of the draft's year could be: as the last decided one, whose outcome is `last`.

    `like` is the key of the target whose rule it shares; without a `last` that one is of a later year.
    """

    like: str
    target: TargetRow
    words: str
    value: Decimal | None
    last: TargetStanding | None


@dataclass(frozen=True)
class GoalAhead:
    """A goal with its targets ahead. One without any target at all is judged by a person."""

    key: str
    text: str
    ahead: tuple[TargetAhead, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def is_judged_by_a_person(self) -> bool:
        return not self.ahead and not self.suggestions


@dataclass(frozen=True)
class ChallengeAhead:
    title: str
    goals: tuple[GoalAhead, ...]


@dataclass(frozen=True)
class TargetsAhead:
    """Every goal of the draft, by challenge."""

    year: int
    challenges: tuple[ChallengeAhead, ...]

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        return tuple(each for one in self.challenges for goal in one.goals for each in goal.suggestions)

    @property
    def goals(self) -> int:
        return sum(len(each.goals) for each in self.challenges)

    def suggestion(self, like: str) -> Suggestion | None:
        return next((each for each in self.suggestions if each.like == like), None)


def targets_ahead(draft: Revision) -> TargetsAhead:
    """The targets of the draft's goals, in four statements whatever its size."""
    goals = goal_rows(draft)
    before = YearlyTarget.objects.filter(revision=draft.based_on_id).order_by()
    decided = dict(before.values_list("key", "value"))
    evidence = evidence_of(draft, [goal for each in goals.values() for goal in each])
    return TargetsAhead(
        draft.year,
        tuple(
            ChallengeAhead(
                each.title, tuple(goal_ahead(goal, draft.year, decided, evidence) for goal in goals[each.pk])
            )
            for each in Challenge.objects.filter(revision=draft).in_reading_order()
            if each.pk in goals
        ),
    )


def evidence_of(draft: Revision, goals: Iterable[GoalRow]) -> Evidence:
    """All outcomes of what the goals are measured by: whoever edits the draft takes part in the plan."""
    partners = sorted(draft.plan.partners.all(), key=lambda each: swedish_key(each.short_name))
    indicators = {target.indicator for goal in goals for target in goal.targets}
    outcomes = latest_outcomes(indicators, partners, public_only=False) if indicators else {}
    return Evidence(outcomes, partners, draft.plan.first_year)


def goal_ahead(goal: GoalRow, year: int, decided: Mapping[str, Decimal], evidence: Evidence) -> GoalAhead:
    ahead = tuple(target_ahead(each, decided) for each in goal.targets if each.year >= year)
    by_rule: dict[tuple[str, str, str], list[TargetRow]] = {}
    for each in goal.targets:
        by_rule.setdefault((each.indicator, each.over, each.operator), []).append(each)
    without = (rows for rows in by_rule.values() if all(each.year != year for each in rows))
    return GoalAhead(
        key=goal.key,
        text=goal.text,
        ahead=ahead,
        suggestions=tuple(suggestion(rows, year, evidence) for rows in without),
    )


def target_ahead(target: TargetRow, decided: Mapping[str, Decimal]) -> TargetAhead:
    was = decided.get(target.key)
    changed = was is not None and was != target.value
    return TargetAhead(target, words_of(target), was is not None, was if changed else None)


def suggestion(rows: list[TargetRow], year: int, evidence: Evidence) -> Suggestion:
    """What to set for `year`, by the last target before it; else only by the rule of the first one after."""
    before = [each for each in rows if each.year < year]
    if not before:
        return Suggestion(rows[0].key, rows[0], words_of(rows[0]), None, None)
    last = before[-1]
    return Suggestion(last.key, last, words_of(last), last.value, target_standing(last, evidence))
