"""An indicator's values beside those of the country and others, apart from what they are judged by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actionplan.models import Indicator, Plan
from followup.models import AreaKind, ComparedArea, ComparedValue
from followup.reports.indicator import IndicatorReport, MunicipalityRow
from publishing.formats import joined, swedish_key

YEARS = 6
"""So many of the latest years are shown: as many as a page has room for."""


@dataclass(frozen=True)
class Figure:
    """A value of a year, or none."""

    value: Decimal | None = None
    is_preliminary: bool = False


@dataclass(frozen=True)
class ComparisonRow:
    """A municipality of the plan, or an area beside it: a figure for each year, and where they come from."""

    name: str
    is_own: bool
    source: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Comparison:
    """The plan's municipalities and what it is compared with in one order, and the joint figure.

    `years` is empty when none of the areas has a value.
    """

    years: tuple[int, ...]
    rows: tuple[ComparisonRow, ...]
    joint: tuple[Figure, ...]
    over: str
    has_groups: bool


def comparison_of(plan: Plan, indicator: Indicator, report: IndicatorReport) -> Comparison | None:
    """The comparison in two statements; None when nothing has been chosen to compare with."""
    areas = {each.code: each for each in ComparedArea.objects.filter(plan=plan)}
    if not areas or not (indicator.kolada_id or report.series_breaks):
        return None
    current = ComparedValue.objects.current().filter(indicator=indicator, area__in=areas)
    values = {(each.area, each.year): each.value for each in current if each.value is not None}
    years = tuple(sorted({year for _area, year in values}))[-YEARS:]
    places = {year.year: place for place, year in enumerate(report.years)}
    own = [own_row(row, [places.get(year) for year in years]) for row in report.municipalities]
    others = [
        ComparisonRow(each.title, False, "Kolada", tuple(Figure(values.get((code, year))) for year in years))
        for code, each in areas.items()
    ]
    joint = [report.years[places[year]].aggregate if year in places else None for year in years]
    return Comparison(
        years=years,
        rows=tuple(sorted([*own, *others], key=lambda each: swedish_key(each.name))),
        joint=tuple(Figure(each.value, each.is_preliminary) if each else Figure() for each in joint),
        over=report.over,
        has_groups=any(each.kind == AreaKind.GROUP for each in areas.values()),
    )


def own_row(row: MunicipalityRow, places: Iterable[int | None]) -> ComparisonRow:
    """A municipality's outcomes at those places of its row."""
    cells = [None if place is None else row.cells[place] for place in places]
    return ComparisonRow(
        name=row.name,
        is_own=True,
        source=joined(sorted({cell.source for cell in cells if cell and cell.source})),
        figures=tuple(Figure(cell.value, cell.preliminary) if cell else Figure() for cell in cells),
    )
