"""How an indicator has developed: from the first year with a value, with what is missing as missing."""

from decimal import Decimal
from typing import Any

import pytest

from actionplan.models import Operator, Over
from followup.judging import Measured
from followup.reports.development import MOST, Development, development_of
from tests.actionplan.made_reports import a_target

VALUES = {
    2014: {"Enköping": "63.35", "Västerås": "69.4"},
    2016: {"Enköping": "57.9", "Västerås": "70.7"},
}


def measured(values: dict[int, dict[str, str]]):
    def of(year: int) -> list[Measured]:
        found = values.get(year, {})
        return [
            Measured(name, Decimal(found[name]) if name in found else None, preliminary=False)
            for name in ("Enköping", "Västerås")
        ]

    return of


def develop(values: dict[int, dict[str, str]] = VALUES, **target: Any) -> Development:
    return development_of(a_target("nki", **{"year": 2016} | target), sorted(values), measured(values))


def test_years_between_are_shown_though_nothing_is_known_of_them():
    found = develop()

    assert found.years == (2014, 2015, 2016)
    assert [each.values[1] for each in found.municipalities] == [None, None]
    assert found.joint == (Decimal("66.375"), None, Decimal("64.3"))
    assert found.chart
    assert [year.is_gap for year in found.chart.years] == [False, True, False]


def test_a_year_that_lacks_someone_has_no_joint_value():
    found = develop({**VALUES, 2016: {"Enköping": "57.9"}})

    assert found.joint[-1] is None
    assert found.says == "NKI per kommun 2014–2016. 2016: saknas för Västerås."


def test_it_tells_what_the_chart_shows():
    says = develop().says

    assert says == "NKI per kommun 2014–2016. 2016: medel 64,3, högst Västerås 70,7, lägst Enköping 57,9."


def test_nothing_from_before_a_series_break_is_shown():
    assert develop(series_began=2016).years == (2016,)


def test_only_as_many_years_as_can_be_told_apart_are_shown():
    values = dict.fromkeys(range(1990, 2017), VALUES[2016])

    assert develop(values).years == tuple(range(2017 - MOST, 2017))


def test_one_year_is_no_development():
    assert develop({2016: VALUES[2016]}).chart is None
    assert develop({}).chart is None


@pytest.mark.parametrize(
    ("over", "operator", "name"),
    [
        (Over.MEAN, Operator.AT_LEAST, "Medel"),
        (Over.SUM, Operator.AT_LEAST, "Summa"),
        (Over.LOWEST, Operator.AT_MOST, "Lägst"),
        (Over.HIGHEST, Operator.AT_LEAST, "Högst"),
        (Over.EACH, Operator.AT_LEAST, "Lägst"),
        (Over.EACH, Operator.AT_MOST, "Högst"),
    ],
)
def test_the_joint_line_is_named_by_what_it_is(over, operator, name):
    assert develop(over=over.value, operator=operator).joint_name == name
