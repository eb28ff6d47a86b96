"""How an indicator has developed up to a target's year, by value, for the chart that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actionplan.models import Operator, Over
from actionplan.reports import TargetRow
from followup.judging import Measured, aggregate
from publishing.curves import (
    NARROW,
    Chart,
    CoverChart,
    Series,
    SmallChart,
    cover_chart,
    line_chart,
    small_charts,
)
from publishing.formats import joined, number

MOST = 10
"""How many years a chart shows: as many as can be told apart on a page."""

Values = tuple[Decimal | None, ...]


@dataclass(frozen=True)
class MunicipalityDevelopment:
    """A municipality's values, one for each of the years; None where one is missing."""

    name: str
    values: Values


@dataclass(frozen=True)
class Development:
    """Values year by year: the municipalities', and what they come to in the years when all are known.

    `says` is what the chart tells, for those who don't see it.
    """

    years: tuple[int, ...]
    municipalities: tuple[MunicipalityDevelopment, ...]
    joint: Values
    joint_name: str
    aim: Decimal
    says: str

    @property
    def is_worth_drawing(self) -> bool:
        """Whether values of more than one year are known: those of a single one a table shows as well."""
        columns = zip(*(each.values for each in self.municipalities), strict=True)
        return sum(any(value is not None for value in column) for column in columns) > 1

    @property
    def chart(self) -> Chart | None:
        """Its drawing, of all in one."""
        return line_chart(*self.series) if self.is_worth_drawing else None

    @property
    def narrow_chart(self) -> Chart | None:
        """The same for phones."""
        return line_chart(*self.series, NARROW) if self.is_worth_drawing else None

    @property
    def cover_chart(self) -> CoverChart | None:
        """A drawing of the joint values alone."""
        years, _own, joint, aim = self.series
        return cover_chart(years, joint, aim)

    @property
    def small_charts(self) -> tuple[SmallChart, ...]:
        """A drawing of each municipality."""
        return small_charts(*self.series) if self.is_worth_drawing else ()

    @property
    def series(self) -> tuple[tuple[int, ...], list[Series], Series, Decimal]:
        """What a drawing is made of."""
        own = [Series(each.name, each.values) for each in self.municipalities]
        return self.years, own, Series(self.joint_name, self.joint), self.aim


def development_of(
    target: TargetRow, known: Sequence[int], measured: Callable[[int], Sequence[Measured]]
) -> Development:
    """`known`: the years that have an outcome; `measured`: every municipality's value of a year."""
    years = years_of(known, target.year, target.series_began)
    by_year = [measured(year) for year in years]
    names = [each.municipality for each in by_year[-1]]
    figures = [aggregate(target.over, each, operator=target.operator) for each in by_year]
    municipalities = tuple(
        MunicipalityDevelopment(name, tuple(of_year[place].value for of_year in by_year))
        for place, name in enumerate(names)
    )
    joint = tuple(each.value if each.coverage.is_full else None for each in figures)
    return Development(
        years=years,
        municipalities=municipalities,
        joint=joint,
        joint_name=joint_name(target),
        aim=target.value,
        says=sentence(target, years, municipalities, joint[-1]),
    )


def years_of(known: Sequence[int], last: int, series_began: int | None) -> tuple[int, ...]:
    """From the first year with a value, those without between too; none from before a series break."""
    first = max(min(known, default=last), last - MOST + 1, series_began or 0)
    return tuple(range(min(first, last), last + 1))


def joint_name(target: TargetRow) -> str:
    """What the joint value is, in the word that there is room for."""
    lowest, highest = _("Lägst"), _("Högst")
    furthest = lowest if target.operator == Operator.AT_LEAST else highest
    return {
        Over.MEAN.value: _("Medel"),
        Over.SUM.value: _("Summa"),
        Over.LOWEST.value: lowest,
        Over.HIGHEST.value: highest,
    }.get(target.over, furthest)


def sentence(
    target: TargetRow,
    years: Sequence[int],
    municipalities: Sequence[MunicipalityDevelopment],
    joint: Decimal | None,
) -> str:
    """Such as "NKI per kommun 2014–2016. 2016: medel 70,3, högst Strängnäs 78,3, lägst Enköping 57,9."."""
    shown = [(each.values[-1], each.name) for each in municipalities]
    having = sorted((value, name) for value, name in shown if value is not None)
    missing = [name for value, name in shown if value is None]
    facts = [] if joint is None else [f"{joint_name(target).lower()} {number(joint, target.decimals)}"]
    if len(having) > 1:
        for word, (value, name) in (
            (pgettext("value", "högst"), having[-1]),
            (pgettext("value", "lägst"), having[0]),
        ):
            facts.append(f"{word} {name} {number(value, target.decimals)}")
    if missing:
        facts.append(_("saknas för %(names)s") % {"names": joined(missing)})
    title = _("%(indicator)s per kommun %(first)d–%(last)d.") % {
        "indicator": target.indicator_name,
        "first": years[0],
        "last": years[-1],
    }
    return f"{title} {years[-1]}: {', '.join(facts)}." if facts else title
