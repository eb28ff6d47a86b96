"""The values behind the figures, one a row, for whoever wants to redo them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from followup.reports.indicator import IndicatorReport
from followup.reports.year import FollowUpReport
from publishing.tables import records_csv


class Figure(NamedTuple):
    """An indicator's value in a municipality and a year; neither value nor reason where nothing is said."""

    indicator: str
    municipality: str
    municipal_code: str
    year: int
    value: Decimal | None
    missing_reason: str
    preliminary: bool
    source: str
    source_url: str


def indicator_csv(report: IndicatorReport) -> str:
    """Every municipality's value of every year that the indicator's page shows."""
    return records_csv(
        Figure,
        (
            Figure(
                indicator=report.slug,
                municipality=municipality.name,
                municipal_code=municipality.municipal_code,
                year=year.year,
                value=cell.value,
                missing_reason=cell.missing_reason,
                preliminary=cell.preliminary,
                source=cell.source,
                source_url=cell.source_url,
            )
            for municipality in report.municipalities
            for year, cell in zip(report.years, municipality.cells, strict=True)
        ),
    )


def figures_csv(report: FollowUpReport) -> str:
    """The values that a year's goals are judged on, each once, from the report alone."""
    figures = (
        Figure(
            indicator=target.indicator,
            municipality=row.name,
            municipal_code=row.municipal_code,
            year=target.year,
            value=row.value,
            missing_reason=row.missing_reason,
            preliminary=row.preliminary,
            source=row.source,
            source_url=row.source_url,
        )
        for _challenge, goal in report.goals
        for target in goal.targets
        for row in target.municipalities
    )
    return records_csv(Figure, dict.fromkeys(figures))
