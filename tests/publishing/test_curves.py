"""A line chart keeps inside its frame, breaks where a value is missing, and keeps its names apart."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.curves import (
    BOTTOM,
    COVER_BOTTOM,
    COVER_TOP,
    LABEL,
    LEFT,
    NARROW,
    SMALL_BOTTOM,
    SMALL_TOP,
    TOP,
    WIDE,
    Chart,
    Series,
    apart,
    cover_chart,
    line_chart,
    small_charts,
    steps,
)

NKI = [
    Series("Enköping", tuple(map(Decimal, ("63.4", "58.8", "57.9")))),
    Series("Strängnäs", tuple(map(Decimal, ("66.5", "70.3", "78.3")))),
]


def numbers(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def draw(
    years: list[int], series: list[Series], joint: Sequence[Decimal | None], target: str = "75"
) -> Chart:
    chart = line_chart(years, series, Series("Medel", tuple(joint)), Decimal(target))
    assert chart
    return chart


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (("57.9", "78.3", "75"), ("50", "60", "70", "80")),
        (("0.12", "0.31"), ("0.1", "0.2", "0.3", "0.4")),
        (("1250", "1763"), ("1200", "1400", "1600", "1800")),
        (("-4", "7"), ("-5", "0", "5", "10")),
        (("75", "75"), ("0", "100")),
        (("0", "0"), ("-1", "1")),
    ],
)
def test_the_scale_has_a_few_even_values_around_all_of_them(values, scale):
    found = steps(numbers(*values))

    assert found[0] <= min(numbers(*values))
    assert found[-1] >= max(numbers(*values))
    assert len(found) <= 5
    if scale[0] not in ("0", "-1"):
        assert found == numbers(*scale)


def test_every_value_stands_in_its_year_at_its_height():
    chart = draw([2014, 2015, 2016], NKI, numbers("64.9", "64.6", "68.1"))

    assert [year.x for year in chart.years] == [LEFT, (LEFT + WIDE.right) // 2, WIDE.right]
    enkoping, strangnas = chart.curves
    assert [mark.x for mark in enkoping.marks] == [year.x for year in chart.years]
    assert enkoping.end
    assert strangnas.end
    assert enkoping.end.y > chart.target.y > strangnas.end.y
    assert chart.joint.last == Decimal("68.1")


def test_a_missing_year_breaks_the_line_and_is_told():
    chart = draw(
        [2012, 2013, 2014], [Series("A", (Decimal(60), None, Decimal(70)))], [Decimal(60), None, None]
    )

    assert [len(run) for run in chart.curves[0].runs] == [1, 1]
    assert [year.is_gap for year in chart.years] == [False, True, False]
    assert chart.years[2].joint is None
    assert chart.joint.end is None


def test_nothing_known_gives_no_chart():
    assert line_chart([2016], [Series("A", (None,))], Series("Medel", (None,)), Decimal(75)) is None


def test_one_year_stands_beside_the_names():
    [year] = draw([2016], [Series("A", (Decimal(60),))], [Decimal(60)]).years

    assert year.x == WIDE.right


VALUES = st.none() | st.decimals(-(10**6), 10**6, places=2)


def test_a_narrow_drawing_names_the_years_that_there_is_room_for_and_always_the_last():
    years = list(range(2007, 2017))
    values = tuple(map(Decimal, years))

    chart = line_chart(years, [Series("A", values)], Series("Medel", values), Decimal(75), NARROW)

    assert chart
    assert [year.year for year in chart.years if year.is_named] == [2008, 2010, 2012, 2014, 2016]
    assert all(year.is_named for year in draw(years, [Series("A", values)], values).years)


@given(
    st.lists(st.lists(VALUES, min_size=4, max_size=4), min_size=1, max_size=12),
    st.integers(-100, 10**6),
    st.sampled_from([WIDE, NARROW]),
)
def test_everything_stands_inside_the_frame(rows, target, frame):
    series = [Series(str(number), tuple(row)) for number, row in enumerate(rows)]

    chart = line_chart([2013, 2014, 2015, 2016], series[:-1], series[-1], Decimal(target), frame)

    if chart:
        marks = [mark for curve in (*chart.curves, chart.joint) for mark in curve.marks]
        assert all(LEFT <= mark.x <= frame.right and TOP <= mark.y <= BOTTOM for mark in marks)
        assert TOP <= chart.target.y <= BOTTOM
        assert len(marks) == sum(value is not None for row in rows for value in row)


@given(st.lists(st.integers(TOP, BOTTOM), min_size=1, max_size=9))
def test_names_keep_apart_and_keep_their_order(heights):
    moved = apart(heights)

    assert all(below - above >= LABEL - 1 for above, below in pairwise(sorted(moved)))
    in_order = sorted(range(len(heights)), key=lambda place: (heights[place], moved[place]))
    assert [moved[place] for place in in_order] == sorted(moved)
    if len(heights) == 1:
        assert moved == heights


def test_drawings_side_by_side_have_one_scale_and_tell_what_is_missing():
    eskilstuna = Series("Eskilstuna", (Decimal("73.8"), None, Decimal("74.5")))

    enkoping, strangnas, gap = small_charts(
        [2014, 2015, 2016], [*NKI, eskilstuna], Series("Medel", (None, None, Decimal(70))), Decimal(75)
    )

    assert {enkoping.target, strangnas.target, gap.target} == {enkoping.target}
    assert enkoping.curve.end
    assert strangnas.curve.end
    assert (enkoping.curve.end.y, strangnas.curve.end.y) == (SMALL_BOTTOM, SMALL_TOP)
    assert (enkoping.missing, gap.missing) == ((), (enkoping.curve.marks[1].x,))
    assert len(gap.curve.runs) == 2
    assert len(gap.joint.alone) == 1


def test_nothing_is_drawn_side_by_side_where_no_value_is_known():
    assert small_charts([2016], [Series("Enköping", (None,))], Series("Medel", (None,)), Decimal(75)) == ()


def test_a_cover_draws_the_joint_values_below_what_they_are_to_reach():
    joint = Series("Medel", (Decimal(64), None, Decimal("70.3")))

    chart = cover_chart([2014, 2015, 2016], joint, Decimal(75))

    assert chart
    assert chart.joint.end
    assert COVER_TOP == chart.target < chart.joint.end.y < COVER_BOTTOM
    assert [year.is_gap for year in chart.years] == [False, True, False]


@pytest.mark.parametrize("values", [("70.3", None), (None, "70.3"), (None, None)])
def test_a_cover_draws_nothing_that_has_no_course_or_no_end(values):
    joint = Series("Medel", tuple(each and Decimal(each) for each in values))

    assert cover_chart([2015, 2016], joint, Decimal(75)) is None
