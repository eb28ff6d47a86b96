"""Goals held against what the indicators show, by value: every word that is shown of them is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from actionplan.models import Operator, Over
from actionplan.reports import GoalRow, TargetRow
from followup.judging import (
    Aggregate,
    Measured,
    Target,
    Verdict,
    aggregate,
    baseline,
    judge,
    trend,
    verdict_of_all,
)
from followup.models import FollowUp, GoalAssessment, Outcome
from followup.queries import Standpoint, outcomes_of
from followup.reports.development import Development, development_of
from followup.reports.findings import target_finding
from municipalities.models import Municipality
from publishing.curves import SmallChart
from publishing.formats import swedish_key, written_whole

Outcomes = Mapping[tuple[str, int, int], Outcome]
"""Current outcomes by indicator's slug, municipality's id and year."""


@dataclass(frozen=True)
class MunicipalityStanding:
    """A municipality's outcome of the target's year, and its value of the year before; None where none is.

    `number` is the outcome's, by which a later one is known; 0 where nobody has said anything.
    """

    key: str
    name: str
    municipal_code: str
    number: int
    value: Decimal | None
    missing_reason: str
    missing_words: str
    preliminary: bool
    source: str
    source_url: str
    before: Decimal | None
    change: Decimal | None


@dataclass(frozen=True)
class Since:
    """How the joint figure has moved since an earlier year, or why nobody can tell."""

    year: int
    value: Decimal | None
    change: Decimal | None
    trend: str
    trend_words: str
    why_not: str
    is_comparable: bool = True


@dataclass(frozen=True)
class TargetStanding:
    """A target held against the year's outcomes, with the year before and the baseline for comparison.

    `value` is the joint figure, over the `have` of `expected` municipalities that have a value.
    """

    key: str
    indicator: str
    indicator_name: str
    year: int
    decimals: int
    verdict: str
    verdict_label: str
    value: Decimal | None
    is_preliminary: bool
    have: int
    expected: int
    missing: tuple[str, ...]
    coverage: str
    calculation: str
    words: str
    asks: str
    over: str
    aim: str
    limit: str
    rule: str
    since_last_year: Since
    since_baseline: Since | None
    municipalities: tuple[MunicipalityStanding, ...]
    sources: tuple[str, ...]
    development: Development | None = None

    @property
    def is_covered(self) -> bool:
        return self.have == self.expected

    @property
    def cited(self) -> tuple[tuple[str, str], ...]:
        """Where the year's values come from, each source once with its address; either may be empty.

        A source that has an address for each value is told without one.
        """
        addresses: dict[str, set[str]] = {}
        for row in self.municipalities:
            if row.source or row.source_url:
                addresses.setdefault(row.source or row.source_url, set()).add(row.source_url)
        return tuple((source, min(known) if len(known) == 1 else "") for source, known in addresses.items())

    @property
    def cites_each_value(self) -> bool:
        """Whether a source has an address for each value, to be told where the value is."""
        cited = dict(self.cited)
        return any(row.source_url and not cited[row.source or row.source_url] for row in self.municipalities)

    @property
    def finding(self) -> str:
        """What the chart of its development says."""
        return target_finding(self)

    def side_by_side(self) -> tuple[tuple[MunicipalityStanding, SmallChart], ...]:
        """Every municipality with a drawing of how it has developed."""
        drawn = self.development.small_charts if self.development else ()
        return tuple(zip(self.municipalities, drawn, strict=False))

    @property
    def before(self) -> Decimal | None:
        """The joint figure of the year before, when it can be compared."""
        return self.since_last_year.value

    @property
    def change(self) -> Decimal | None:
        """The joint figure against the year before; none unless both are over all municipalities."""
        return self.since_last_year.change


@dataclass(frozen=True)
class Assessment:
    """What a person makes of a goal, on behalf of an organisation; no verdict where the figures' holds."""

    number: int
    verdict: str
    verdict_label: str
    reason: str
    action: str
    no_action: str
    organisation: str


@dataclass(frozen=True)
class GoalStanding:
    """A goal, its targets of the year and what they say together, unless a person has said otherwise.

    `verdict` is the one that holds; `computed` the one that the figures give. `explanation` says why they
    give none.
    """

    key: str
    text: str
    verdict: str
    verdict_label: str
    computed: str
    computed_label: str
    explanation: str
    targets: tuple[TargetStanding, ...]
    assessment: Assessment | None = None

    @property
    def is_judged_by_a_person(self) -> bool:
        return self.assessment is not None and self.assessment.verdict != ""

    @property
    def is_overridden(self) -> bool:
        """Whether a person says something else than the figures do."""
        return bool(self.targets) and self.verdict != self.computed


@dataclass(frozen=True)
class Evidence:
    """What goals are judged on: the partners' outcomes, and what people have made of the goals, by key."""

    outcomes: Outcomes
    partners: Sequence[Municipality]
    first_year: int
    assessments: Mapping[str, Assessment] = field(default_factory=dict)

    def measured(self, indicator: str, year: int) -> list[Measured]:
        """Every partner's value of the year; one without an outcome counts as missing."""
        found = [
            (partner.short_name, self.outcomes.get((indicator, partner.pk, year)))
            for partner in self.partners
        ]
        return [
            Measured(name, outcome.value if outcome else None, bool(outcome and outcome.preliminary))
            for name, outcome in found
        ]

    def years_of(self, indicator: str) -> list[int]:
        return sorted({year for slug, _municipality, year in self.outcomes if slug == indicator})


def evidence_for(
    standing: Standpoint,
    goals: Iterable[GoalRow],
    followup: FollowUp | None,
    assessments: Mapping[str, Assessment] | None = None,
) -> Evidence:
    """What `goals` are judged on in `followup`, as far as the reader may see, in at most two statements.

    `assessments`: what people make of them, where that has been fetched already.
    """
    if assessments is None:
        assessments = assessments_of(standing, followup) if followup else {}
    return Evidence(
        outcomes=outcomes_for(standing, goals),
        partners=partners_of(standing),
        first_year=standing.plan.first_year,
        assessments=assessments,
    )


def outcomes_for(standing: Standpoint, goals: Iterable[GoalRow]) -> Outcomes:
    """The outcomes that `goals` are judged on, as far as the reader may see them, in one statement."""
    return outcomes_of(standing, {target.indicator for goal in goals for target in goal.targets})


def partners_of(standing: Standpoint) -> list[Municipality]:
    return sorted(standing.partners, key=lambda each: swedish_key(each.short_name))


def assessments_of(standing: Standpoint, followup: FollowUp) -> dict[str, Assessment]:
    """What approved reviews make of the year's goals, by the goal's key, in one statement.

    While the year is being corrected the public is told what they made of them in its latest edition.
    """
    until = standing.until.get(followup.pk)
    rows = GoalAssessment.objects.filter(followup=followup).approved(until=until)
    rows = rows.select_related("goal__challenge__followup_owner")
    return {row.goal.key: assessment(row, followup) for row in rows}


def assessment(row: GoalAssessment, followup: FollowUp) -> Assessment:
    """The assessment by value, on behalf of whoever follows the challenge up; else of the plan's owner."""
    return Assessment(
        number=row.number,
        verdict=row.verdict,
        verdict_label=row.get_verdict_display(),
        reason=row.reason,
        action=row.action,
        no_action=row.no_action,
        organisation=(row.goal.challenge.followup_owner or followup.plan.owner).short_name,
    )


def goal_standing(goal: GoalRow, year: int, evidence: Evidence) -> GoalStanding:
    targets = tuple(target_standing(target, evidence) for target in goal.targets if target.year == year)
    computed = verdict_of_all(Verdict(each.verdict) for each in targets)
    said = evidence.assessments.get(goal.key)
    verdict = Verdict(said.verdict) if said and said.verdict else computed
    return GoalStanding(
        key=goal.key,
        text=goal.text,
        verdict=verdict.value,
        verdict_label=said.verdict_label if said and said.verdict else str(computed.label),
        computed=computed.value,
        computed_label=str(computed.label),
        explanation=explanation(targets, is_judged=bool(said and said.verdict)),
        targets=targets,
        assessment=said,
    )


def explanation(targets: Sequence[TargetStanding], *, is_judged: bool) -> str:
    """Why the figures give no verdict; empty when they do, or when there are none and a person has judged."""
    if not targets:
        return "" if is_judged else _("Målet saknar mått och är inte bedömt.")
    return " ".join(f"{each.coverage}." for each in targets if each.verdict == Verdict.CANNOT_BE_JUDGED)


def target_standing(target: TargetRow, evidence: Evidence) -> TargetStanding:
    judgement = judge(
        Target(target.over, target.operator, target.value, target.nearly),
        evidence.measured(target.indicator, target.year),
        decimals=target.decimals,
    )
    figure = judgement.aggregate
    asks = words_of(target)
    return TargetStanding(
        key=target.key,
        indicator=target.indicator,
        indicator_name=target.indicator_name,
        year=target.year,
        decimals=target.decimals,
        verdict=judgement.verdict.value,
        verdict_label=str(judgement.verdict.label),
        value=figure.value,
        is_preliminary=figure.is_preliminary,
        have=figure.coverage.have,
        expected=figure.coverage.expected,
        missing=figure.coverage.missing,
        coverage=str(figure.coverage),
        calculation=figure.calculation,
        words=f"{target.indicator_name} {asks}",
        asks=asks,
        over=target.over_label,
        aim=written_whole(target.value),
        limit="" if target.nearly is None else written_whole(target.nearly),
        rule=rule_of(target),
        since_last_year=since(target, figure, target.year - 1, evidence),
        since_baseline=since_baseline(target, figure, evidence),
        municipalities=tuple(
            municipality_standing(target, partner, evidence.outcomes) for partner in evidence.partners
        ),
        sources=sources_of(target, evidence),
        development=development_of(
            target, evidence.years_of(target.indicator), partial(evidence.measured, target.indicator)
        ),
    )


def words_of(target: TargetRow) -> str:
    """What the target asks: "minst 75, medeltal för kommunerna"."""
    return _("%(operator)s %(value)s, %(over)s") % {
        "operator": target.operator_label,
        "value": written_whole(target.value),
        "over": target.over_label.lower(),
    }


def rule_of(target: TargetRow) -> str:
    """How the target is worked out and judged, in sentences that its reader can follow."""
    lowest, highest = (
        _("Det lägsta av kommunernas värden gäller."),
        _("Det högsta av kommunernas värden gäller."),
    )
    worked_out = {
        Over.MEAN.value: _("Kommunernas värden läggs ihop och delas med antalet kommuner."),
        Over.SUM.value: _("Kommunernas värden läggs ihop."),
        Over.LOWEST.value: lowest,
        Over.HIGHEST.value: highest,
        Over.EACH.value: lowest if target.operator == Operator.AT_LEAST else highest,
    }[target.over]
    met = _("Målet är uppnått när det är %(operator)s %(value)s") % {
        "operator": target.operator_label,
        "value": written_whole(target.value),
    }
    if target.nearly is None:
        return _("%(worked_out)s %(met)s.") % {"worked_out": worked_out, "met": met}
    return _("%(worked_out)s %(met)s, och delvis uppnått när det är %(operator)s %(limit)s.") % {
        "worked_out": worked_out,
        "met": met,
        "operator": target.operator_label,
        "limit": written_whole(target.nearly),
    }


def since(target: TargetRow, now: Aggregate, year: int, evidence: Evidence) -> Since:
    """The joint figure against that of `year`; none across a series break, or where a value is missing."""
    then = aggregate(target.over, evidence.measured(target.indicator, year), operator=target.operator)
    change, why_not = None, ""
    if not is_comparable(target, year):
        why_not = _("Det som mäts ändrades %(year)d.") % {"year": target.series_began}
    elif now.value is None or not now.coverage.is_full:
        why_not = _("Värden för %(year)d saknas.") % {"year": target.year}
    elif then.value is None or not then.coverage.is_full:
        why_not = _("Värden för %(year)d saknas.") % {"year": year}
    else:
        change = now.value - then.value
    direction = trend(target.direction, change, decimals=target.decimals)
    return Since(
        year=year,
        value=then.value if is_comparable(target, year) and then.coverage.is_full else None,
        change=change,
        trend=direction.value,
        trend_words=str(direction.label),
        why_not=why_not,
        is_comparable=is_comparable(target, year),
    )


def is_comparable(target: TargetRow, year: int) -> bool:
    """Whether `year` is of the same series as the target's."""
    return target.series_began is None or target.series_began <= year


def since_baseline(target: TargetRow, now: Aggregate, evidence: Evidence) -> Since | None:
    """The joint figure against that of the baseline's year; None where there is none."""
    year = baseline(
        (
            year
            for year in evidence.years_of(target.indicator)
            if all(each.value is not None for each in evidence.measured(target.indicator, year))
        ),
        year=target.year,
        began=target.series_began,
        first_year=evidence.first_year,
    )
    return None if year is None else since(target, now, year, evidence)


def municipality_standing(
    target: TargetRow, partner: Municipality, outcomes: Outcomes
) -> MunicipalityStanding:
    now = outcomes.get((target.indicator, partner.pk, target.year))
    earlier = outcomes.get((target.indicator, partner.pk, target.year - 1))
    value = now.value if now else None
    before = earlier.value if earlier and is_comparable(target, target.year - 1) else None
    return MunicipalityStanding(
        key=partner.key,
        name=partner.short_name,
        municipal_code=partner.municipal_code or "",
        number=now.number if now else 0,
        value=value,
        missing_reason=now.missing_reason if now else "",
        missing_words=missing_words(now),
        preliminary=bool(now and now.preliminary),
        source=now.source if now else "",
        source_url=now.source_url if now else "",
        before=before,
        change=None if value is None or before is None else value - before,
    )


def missing_words(outcome: Outcome | None) -> str:
    """Why there is no value, in words; empty when there is one."""
    if outcome is None:
        return _("saknas")
    return outcome.get_missing_reason_display()


def sources_of(target: TargetRow, evidence: Evidence) -> tuple[str, ...]:
    """Where the values of the target's year and the year before come from, each source once."""
    found = (
        evidence.outcomes.get((target.indicator, partner.pk, year))
        for year in (target.year, target.year - 1)
        for partner in evidence.partners
    )
    return tuple(dict.fromkeys(outcome.source for outcome in found if outcome and outcome.source))
