"""An indicator through the years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from actionplan.models import Indicator, Operator, Over
from actionplan.reports import target_rows
from followup.judging import Aggregate, aggregate
from followup.models import Outcome
from followup.queries import Standpoint, all_outcome_rows, outcomes_of
from followup.reports.goals import Evidence, TargetStanding, missing_words, partners_of, target_standing
from followup.reports.outcome import OutcomeRow, outcome_row


@dataclass(frozen=True)
class OutcomeCell:
    """A municipality's outcome of a year: a value, a reason for none, or nothing said at all."""

    value: Decimal | None
    missing_reason: str
    missing_words: str
    preliminary: bool
    source: str
    source_url: str
    is_fetched: bool


@dataclass(frozen=True)
class Fetched:
    """A KPI in Kolada that values of the indicator come from, what it was called, and when it was asked."""

    kolada_id: str
    title: str
    at: datetime


@dataclass(frozen=True)
class MunicipalityRow:
    """A municipality's outcomes, one for each of the report's years."""

    key: str
    name: str
    municipal_code: str
    cells: tuple[OutcomeCell, ...]


@dataclass(frozen=True)
class Correction:
    """An outcome that has been corrected: what was said before, the latest of it first."""

    municipality: str
    year: int
    earlier: tuple[OutcomeRow, ...]


@dataclass(frozen=True)
class YearStanding:
    """A year of an indicator: what the values come to, and the targets they are held against."""

    year: int
    aggregate: Aggregate
    targets: tuple[TargetStanding, ...]
    breaks_series: bool


@dataclass(frozen=True)
class IndicatorReport:
    """An indicator's values by municipality and year, with the joint figure and the targets."""

    slug: str
    name: str
    short_name: str
    description: str
    unit: str
    decimals: int
    direction: str
    source: str
    source_url: str
    kolada_id: str
    over: str
    years: tuple[YearStanding, ...]
    municipalities: tuple[MunicipalityRow, ...]
    series_breaks: tuple[tuple[int, str], ...]
    corrections: tuple[Correction, ...]
    fetched: tuple[Fetched, ...]


def indicator_report(standing: Standpoint, indicator: Indicator) -> IndicatorReport:
    """The indicator in this plan, in five statements; the years are those with an outcome or a target."""
    partners = partners_of(standing)
    outcomes = outcomes_of(standing, [indicator.slug])
    evidence = Evidence(outcomes, partners, standing.plan.first_year)
    targets = target_rows(standing.revision, indicator)
    over = targets[0].over if targets else Over.MEAN.value
    operator = targets[0].operator if targets else Operator.AT_LEAST.value
    years = sorted({year for _i, _m, year in outcomes} | {target.year for target in targets})
    breaks = tuple((each.year, each.note) for each in indicator.series_breaks.all() if each.year in years)
    return IndicatorReport(
        slug=indicator.slug,
        name=indicator.name,
        short_name=indicator.short_name or indicator.name,
        description=indicator.description,
        unit=indicator.unit,
        decimals=indicator.decimals,
        direction=indicator.get_direction_display(),
        source=indicator.source,
        source_url=indicator.source_url,
        kolada_id=indicator.kolada_id,
        over=str(Over(over).label),
        years=tuple(
            YearStanding(
                year=year,
                aggregate=aggregate(
                    over,
                    evidence.measured(indicator.slug, year),
                    operator=operator,
                    decimals=indicator.decimals,
                ),
                targets=tuple(target_standing(target, evidence) for target in targets if target.year == year),
                breaks_series=any(year == first for first, _note in breaks),
            )
            for year in years
        ),
        municipalities=tuple(
            MunicipalityRow(
                key=partner.key,
                name=partner.short_name,
                municipal_code=partner.municipal_code or "",
                cells=tuple(outcome_cell(outcomes.get((indicator.slug, partner.pk, year))) for year in years),
            )
            for partner in partners
        ),
        series_breaks=breaks,
        corrections=corrections(standing, indicator),
        fetched=fetched(outcomes.values()),
    )


def fetched(outcomes: Iterable[Outcome]) -> tuple[Fetched, ...]:
    """Each KPI once, as it was fetched last, in the order of their years."""
    ordered = sorted(outcomes, key=lambda each: (each.year, each.written_at))
    first = dict.fromkeys(each.kolada_id for each in ordered if each.kolada_id)
    latest = {each.kolada_id: each for each in sorted(ordered, key=lambda each: each.written_at)}
    return tuple(Fetched(kpi, latest[kpi].kolada_title, latest[kpi].written_at) for kpi in first)


def outcome_cell(outcome: Outcome | None) -> OutcomeCell:
    return OutcomeCell(
        value=outcome.value if outcome else None,
        missing_reason=outcome.missing_reason if outcome else "",
        missing_words=missing_words(outcome),
        preliminary=bool(outcome and outcome.preliminary),
        source=outcome.source if outcome else "",
        source_url=outcome.source_url if outcome else "",
        is_fetched=bool(outcome and outcome.kolada_id),
    )


def corrections(standing: Standpoint, indicator: Indicator) -> tuple[Correction, ...]:
    """What the reader may see of what has been corrected, the latest year first; in one statement."""
    rows = all_outcome_rows(standing, indicator)
    subjects = [
        (name, year, [outcome_row(row) for row in same])
        for (year, name), same in groupby(rows, lambda row: (row.year, row.municipality.short_name))
    ]
    return tuple(Correction(name, year, tuple(said[1:])) for name, year, said in subjects if len(said) > 1)
