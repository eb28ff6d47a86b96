"""Goals held against what the indicators show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from actionplan.models import Operator, Over
from actionplan.reports import GoalRow, TargetRow
from followup.judging import Judgement, Measured, Target, Verdict, aggregate, judge, verdict_of_all
from followup.models import Outcome
from followup.queries import Standpoint, outcomes_of
from municipalities.models import Municipality
from publishing.formats import number, swedish_key

Outcomes = dict[tuple[str, int, int], Outcome]
"""Current outcomes by indicator's slug, municipality's id and year."""


@dataclass(frozen=True)
class MunicipalityStanding:
    """A municipality's values of the target's year and the year before; None where there is none."""

    name: str
    value: Decimal | None
    before: Decimal | None
    preliminary: bool

    @property
    def change(self) -> Decimal | None:
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True)
class TargetStanding:
    """A target held against the year's outcomes, with the year before for comparison."""

    target: TargetRow
    judgement: Judgement
    before: Decimal | None
    municipalities: tuple[MunicipalityStanding, ...]
    sources: tuple[str, ...]

    @property
    def words(self) -> str:
        """The target with what it measures: "NKI minst 75, medeltal för kommunerna"."""
        return f"{self.target.indicator_name} {self.asks}"

    @property
    def asks(self) -> str:
        """What the target asks: "minst 75, medeltal för kommunerna"."""
        return _("%(operator)s %(value)s, %(over)s") % {
            "operator": Operator(self.target.operator).label,
            "value": self.aim,
            "over": self.over.lower(),
        }

    @property
    def over(self) -> str:
        """What the joint figure is: "Medeltal för kommunerna"."""
        return str(Over(self.target.over).label)

    @property
    def aim(self) -> str:
        """The value to reach, written whole."""
        return written_whole(self.target.value)

    @property
    def limit(self) -> str:
        """The limit for partly met, written whole; empty when there is none."""
        return "" if self.target.nearly is None else written_whole(self.target.nearly)

    @property
    def change(self) -> Decimal | None:
        """The joint figure against the year before; none unless both are over all municipalities."""
        figure = self.judgement.aggregate
        if figure.value is None or self.before is None or not figure.coverage.is_full:
            return None
        return figure.value - self.before


@dataclass(frozen=True)
class GoalStanding:
    """A goal, its targets of the year and what they say together."""

    key: str
    text: str
    targets: tuple[TargetStanding, ...]

    @property
    def verdict(self) -> Verdict:
        return verdict_of_all(each.judgement.verdict for each in self.targets)

    @property
    def explanation(self) -> str:
        """Why the goal can't be judged; empty when it can."""
        if self.verdict != Verdict.CANNOT_BE_JUDGED:
            return ""
        if not self.targets:
            return _("Målet saknar mått och är inte bedömt.")
        return " ".join(
            f"{each.judgement.aggregate.coverage}."
            for each in self.targets
            if each.judgement.verdict == Verdict.CANNOT_BE_JUDGED
        )


def written_whole(value: Decimal) -> str:
    return number(value, decimals_needed(value))


def decimals_needed(value: Decimal) -> int:
    """How many decimals it takes to write `value` whole."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def partners_of(standing: Standpoint) -> list[Municipality]:
    return sorted(standing.plan.partners.all(), key=lambda each: swedish_key(each.short_name))


def outcomes_for(standing: Standpoint, goals: Iterable[GoalRow]) -> Outcomes:
    """The outcomes that `goals` are judged on, as far as the reader may see them, in one statement."""
    return outcomes_of(standing, {target.indicator for goal in goals for target in goal.targets})


def measured(
    indicator: str, year: int, outcomes: Outcomes, partners: Sequence[Municipality]
) -> list[Measured]:
    """Every partner's value of the year; one without an outcome counts as missing."""
    found = [(partner.short_name, outcomes.get((indicator, partner.pk, year))) for partner in partners]
    return [
        Measured(name, outcome.value if outcome else None, bool(outcome and outcome.preliminary))
        for name, outcome in found
    ]


def goal_standing(
    goal: GoalRow, year: int, outcomes: Outcomes, partners: Sequence[Municipality]
) -> GoalStanding:
    return GoalStanding(
        key=goal.key,
        text=goal.text,
        targets=tuple(
            target_standing(target, outcomes, partners) for target in goal.targets if target.year == year
        ),
    )


def target_standing(
    target: TargetRow, outcomes: Outcomes, partners: Sequence[Municipality]
) -> TargetStanding:
    now = measured(target.indicator, target.year, outcomes, partners)
    before = measured(target.indicator, target.year - 1, {} if target.breaks_series else outcomes, partners)
    rule = Target(target.over, target.operator, target.value, target.nearly)
    last_year = aggregate(target.over, before, operator=target.operator)
    return TargetStanding(
        target=target,
        judgement=judge(rule, now, decimals=target.decimals),
        before=last_year.value if last_year.coverage.is_full else None,
        municipalities=tuple(
            MunicipalityStanding(each.municipality, each.value, earlier.value, each.preliminary)
            for each, earlier in zip(now, before, strict=True)
        ),
        sources=sources_of(target, outcomes, partners),
    )


def sources_of(target: TargetRow, outcomes: Outcomes, partners: Sequence[Municipality]) -> tuple[str, ...]:
    """Where the values of the target's year and the year before come from, each source once."""
    found = (
        outcomes.get((target.indicator, partner.pk, year))
        for year in (target.year, target.year - 1)
        for partner in partners
    )
    return tuple(dict.fromkeys(outcome.source for outcome in found if outcome and outcome.source))
