"""Judging, held against the real values of NKI: what is met, what isn't, and what can't be told."""

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplan.models import Direction, Operator, Over
from followup.judging import (
    Coverage,
    Measured,
    Target,
    Trend,
    Verdict,
    aggregate,
    baseline,
    is_far_outside,
    judge,
    trend,
    verdict_of_all,
)
from publishing.formats import number
from tests.sources import DATA

MET, PARTLY_MET, NOT_MET = Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET
CANNOT_BE_JUDGED = Verdict.CANNOT_BE_JUDGED


def read_nki() -> dict[int, dict[str, Decimal | None]]:
    """The source's values by year and municipality; None where there is none."""
    values: dict[int, dict[str, Decimal | None]] = defaultdict(dict)
    with (DATA / "nki_4m.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            value = row["nki_kolada_U07451"]
            values[int(row["year"])][row["municipality"]] = Decimal(value) if value else None
    return values


NKI = read_nki()


def nki(year: int, without: str = "") -> list[Measured]:
    """The year's values, as if `without` had left none."""
    return [Measured(name, None if name == without else value) for name, value in NKI[year].items()]


def measured(*values: str | int | None) -> list[Measured]:
    return [
        Measured(f"Kommun {place}", None if value is None else Decimal(value))
        for place, value in enumerate(values, 1)
    ]


def target(over: Over = Over.MEAN, operator: Operator = Operator.AT_LEAST, value=75, nearly=None) -> Target:
    return Target(over, operator, Decimal(value), None if nearly is None else Decimal(nearly))


@pytest.mark.parametrize(
    ("year", "mean"),
    [
        (2014, "67.71"),
        (2015, "68.21"),
        (2016, "70.34"),
        (2017, "70.83"),
        (2018, "71.40"),
        (2019, "72.48"),
        (2020, "74.46"),
        (2021, "76.00"),
        (2022, "76.21"),
    ],
)
def test_the_joint_nki_is_the_mean_of_the_four_with_all_their_decimals(year, mean):
    figure = aggregate(Over.MEAN, nki(year))

    assert figure.value is not None
    assert round(figure.value, 2) == Decimal(mean)
    assert str(figure.coverage) == "4 av 4 kommuner"
    assert not figure.is_preliminary


@pytest.mark.parametrize(
    ("year", "verdict"),
    [(2015, NOT_MET), (2016, PARTLY_MET), (2018, PARTLY_MET), (2020, PARTLY_MET), (2021, MET), (2022, MET)],
)
def test_75_in_mean_and_nearly_at_70_as_the_plan_has_it(year, verdict):
    assert judge(target(nearly=70), nki(year)).verdict == verdict


def test_the_calculation_has_as_many_decimals_as_it_takes_to_come_true():
    assert aggregate(Over.MEAN, nki(2016)).calculation == "(57,895 + 74,547 + 78,279 + 70,657) / 4 = 70,34"
    assert aggregate(Over.MEAN, nki(2014)).calculation == "(63,37 + 71,57 + 66,48 + 69,43) / 4 = 67,71"


def test_a_calculation_may_be_shown_with_all_decimals_that_are_stored():
    judgement = judge(target(), measured("1.5", "2.5"), decimals=8)

    assert judgement.aggregate.calculation == "(1,50000000 + 2,50000000) / 2 = 2,000000000"


@pytest.mark.parametrize("year", [2012, *range(2014, 2023)])
def test_the_calculation_can_be_redone_by_its_reader(year):
    terms, _slash, rest = aggregate(Over.MEAN, nki(year)).calculation.replace(",", ".").partition(" / ")
    count, result = rest.split(" = ")

    redone = sum(map(Decimal, terms.strip("()").split(" + ")), Decimal()) / int(count)

    assert redone.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(result)


class TestMissing:
    @pytest.mark.parametrize(("year", "of_the_others"), [(2019, "75.15"), (2020, "76.51")])
    def test_with_enkoping_absent_nobody_can_tell_though_the_others_reach_75(self, year, of_the_others):
        judgement = judge(target(nearly=70), nki(year, without="Enköping"))

        assert judgement.verdict == CANNOT_BE_JUDGED
        assert str(judgement.aggregate.coverage) == "3 av 4 kommuner – Enköping saknas"
        assert judgement.aggregate.value is not None
        assert round(judgement.aggregate.value, 2) == Decimal(of_the_others)

    def test_without_enkoping_2019_the_three_that_are_left_would_reach_75_but_nobody_can_tell(self):
        judgement = judge(target(nearly=70), nki(2019, without="Enköping"))

        assert judgement.verdict == CANNOT_BE_JUDGED
        assert str(judgement.aggregate.coverage) == "3 av 4 kommuner – Enköping saknas"
        assert judgement.aggregate.value is not None
        assert round(judgement.aggregate.value, 2) == Decimal("75.15")
        assert judgement.aggregate.is_preliminary

    def test_a_year_that_nobody_has_measured_has_no_value_and_no_calculation(self):
        judgement = judge(target(), nki(2013))

        assert judgement.verdict == CANNOT_BE_JUDGED
        assert judgement.aggregate.value is None
        assert judgement.aggregate.calculation == ""
        assert str(judgement.aggregate.coverage) == (
            "0 av 4 kommuner – Enköping, Eskilstuna, Strängnäs och Västerås saknas"
        )

    @pytest.mark.parametrize("over", Over.values)
    def test_one_that_is_missing_makes_every_kind_of_target_impossible_to_judge(self, over):
        assert judge(target(over, value=1), measured(90, None, 90)).verdict == CANNOT_BE_JUDGED

    def test_nobody_to_measure_is_not_the_same_as_everything_measured(self):
        assert judge(target(), []).verdict == CANNOT_BE_JUDGED

    def test_a_preliminary_value_is_judged_but_said_to_be_preliminary(self):
        judgement = judge(target(), [Measured("Enköping", Decimal(80), preliminary=True)])

        assert judgement.verdict == MET
        assert judgement.aggregate.is_preliminary


class TestPrecision:
    def test_a_mean_that_is_shown_as_74_5_does_not_reach_74_5(self):
        judgement = judge(target(value="74.5"), nki(2020))

        assert judgement.aggregate.value is not None
        assert number(judgement.aggregate.value, 1) == "74,5"
        assert judgement.verdict == NOT_MET
        assert judge(target(), nki(2020)).verdict == NOT_MET

    def test_a_municipality_at_69_94_is_under_70_although_it_was_published_as_70(self):
        judgement = judge(target(Over.EACH, value=70), nki(2021))

        assert judgement.verdict == NOT_MET
        assert judgement.aggregate.value == Decimal("69.94015743")

    @pytest.mark.parametrize(("operator", "value"), [(">=", "75"), ("<=", "75")])
    def test_what_is_equal_to_the_target_has_reached_it(self, operator, value):
        assert judge(target(operator=operator), measured(value, value)).verdict == MET

    def test_what_is_equal_to_the_limit_is_partly_there(self):
        assert judge(target(nearly=70), measured(70)).verdict == PARTLY_MET

    def test_zero_is_a_value(self):
        judgement = judge(target(value=30), measured(0, 60))

        assert judgement.aggregate.value == 30
        assert judgement.verdict == MET
        assert judgement.aggregate.coverage == Coverage(have=2, expected=2)


@pytest.mark.parametrize(
    ("over", "operator", "values", "value", "verdict"),
    [
        (Over.MEAN, ">=", (70, 80), 75, MET),
        (Over.SUM, ">=", (30, 45), 75, MET),
        (Over.SUM, "<=", (30, 46), 76, NOT_MET),
        (Over.LOWEST, ">=", (74, 99), 74, NOT_MET),
        (Over.LOWEST, "<=", (74, 99), 74, MET),
        (Over.HIGHEST, ">=", (10, 76), 76, MET),
        (Over.HIGHEST, "<=", (10, 76), 76, NOT_MET),
        (Over.EACH, ">=", (75, 80), 75, MET),
        (Over.EACH, ">=", (74, 80), 74, NOT_MET),
        (Over.EACH, "<=", (70, 75), 75, MET),
        (Over.EACH, "<=", (70, 76), 76, NOT_MET),
    ],
)
def test_a_target_of_75_over_everyone(over, operator, values, value, verdict):
    judgement = judge(target(over, operator), measured(*values))

    assert judgement.aggregate.value == value
    assert judgement.verdict == verdict


@pytest.mark.parametrize(
    ("values", "verdict"), [((4, 6), MET), ((5, 7), PARTLY_MET), ((8, 8), NOT_MET), ((0, 0), MET)]
)
def test_when_lower_is_better_the_limit_lies_above_the_target(values, verdict):
    fewer_unemployed = target(operator=Operator.AT_MOST, value=5, nearly=7)

    assert judge(fewer_unemployed, measured(*values)).verdict == verdict


@pytest.mark.parametrize(
    ("over", "operator", "calculation"),
    [
        (Over.SUM, ">=", "70,00 + 80,50 = 150,50"),
        (Over.LOWEST, ">=", "lägst av 70,00; 80,50 = 70,00"),
        (Over.HIGHEST, ">=", "högst av 70,00; 80,50 = 80,50"),
        (Over.EACH, ">=", "lägst av 70,00; 80,50 = 70,00"),
        (Over.EACH, "<=", "högst av 70,00; 80,50 = 80,50"),
    ],
)
def test_every_kind_of_figure_shows_how_it_was_worked_out(over, operator, calculation):
    assert aggregate(over, measured(70, "80.5"), operator=operator).calculation == calculation


@pytest.mark.parametrize(
    ("verdicts", "together"),
    [
        ([MET], MET),
        ([MET, MET], MET),
        ([MET, PARTLY_MET], PARTLY_MET),
        ([MET, NOT_MET], NOT_MET),
        ([PARTLY_MET, NOT_MET], NOT_MET),
        ([MET, CANNOT_BE_JUDGED], CANNOT_BE_JUDGED),
        ([NOT_MET, CANNOT_BE_JUDGED], CANNOT_BE_JUDGED),
        ([], CANNOT_BE_JUDGED),
    ],
)
def test_a_goal_is_met_when_all_its_targets_are(verdicts, together):
    assert verdict_of_all(verdicts) == together


def test_75_in_mean_and_nobody_under_70_needs_no_other_mechanism():
    both = [target(value=75), target(Over.EACH, value=70)]

    assert [judge(each, nki(2021)).verdict for each in both] == [MET, NOT_MET]
    assert [judge(each, nki(2022)).verdict for each in both] == [MET, MET]


class TestTrend:
    @pytest.mark.parametrize(
        ("direction", "change", "word"),
        [
            (Direction.HIGHER, "2.1", Trend.BETTER),
            (Direction.HIGHER, "-0.9", Trend.WORSE),
            (Direction.LOWER, "-0.9", Trend.BETTER),
            (Direction.LOWER, "2.1", Trend.WORSE),
            (Direction.HIGHER, "0", Trend.UNCHANGED),
            (Direction.HIGHER, "0.049", Trend.UNCHANGED),
            (Direction.HIGHER, "0.05", Trend.BETTER),
            (Direction.LOWER, "-0.049", Trend.UNCHANGED),
            (Direction.LOWER, "-0.05", Trend.BETTER),
            (Direction.HIGHER, None, Trend.CANNOT_BE_COMPARED),
        ],
    )
    def test_it_is_told_by_the_wanted_direction_and_as_it_is_shown(self, direction, change, word):
        assert trend(direction, None if change is None else Decimal(change), decimals=1) == word

    def test_it_is_told_in_words(self):
        assert [str(each.label) for each in Trend] == ["bättre", "oförändrat", "sämre", "kan ej jämföras"]

    def test_nki_has_become_better_every_year_since_2014(self):
        means = [aggregate(Over.MEAN, nki(year)).value for year in range(2014, 2023)]

        changes = [now - before for before, now in pairwise(means) if now is not None and before is not None]
        assert [trend(Direction.HIGHER, each, decimals=1) for each in changes] == [Trend.BETTER] * 8


class TestBaseline:
    @pytest.mark.parametrize(
        ("covered", "year", "began", "first_year", "chosen"),
        [
            ([2012, 2014, 2015, 2016], 2016, None, 2015, 2012),
            ([2015, 2016], 2016, None, 2015, 2015),
            ([2016, 2017, 2018], 2018, None, 2015, 2016),
            ([2012, 2014, 2015, 2016], 2016, 2014, 2015, 2014),
            ([2012, 2014, 2015, 2016], 2016, 2016, 2015, None),
            ([2014, 2016], 2014, None, 2015, None),
            ([2016], 2016, None, 2015, None),
            ([], 2016, None, 2015, None),
        ],
    )
    def test_it_is_the_earliest_whole_year_of_the_same_series(self, covered, year, began, first_year, chosen):
        assert baseline(covered, year=year, began=began, first_year=first_year) == chosen


class TestFarOutside:
    @pytest.mark.parametrize(
        ("value", "is_far"),
        [
            ("60", False),
            ("70", False),
            ("50", False),
            ("611", True),
            ("6.1", True),
            ("0", True),
            ("-61", True),
        ],
    )
    def test_nki_of_enkoping(self, value, is_far):
        known = [Decimal(each) for each in ("63.4", "58.8", "57.9", "61.1")]

        assert is_far_outside(Decimal(value), known) is is_far

    def test_nothing_is_far_from_nothing(self):
        assert not is_far_outside(Decimal(1_000_000), [])


values = st.decimals(0, 100, places=8)
targets = st.builds(
    Target,
    over=st.sampled_from(Over.values),
    operator=st.sampled_from(Operator.values),
    value=values,
    nearly=st.none() | values,
)
municipalities = st.lists(
    st.builds(Measured, municipality=st.text(min_size=1, max_size=5), value=values | st.none()), max_size=6
)


@given(targets, municipalities)
def test_a_missing_value_is_never_judged(target, measured):
    judgement = judge(target, [*measured, Measured("Enköping", None)])

    assert judgement.verdict == CANNOT_BE_JUDGED
    assert not judgement.aggregate.coverage.is_full


@given(targets, municipalities, st.randoms())
def test_the_order_of_the_municipalities_does_not_matter(target, measured, random):
    shuffled = random.sample(measured, len(measured))

    first, second = judge(target, measured), judge(target, shuffled)

    assert first.verdict == second.verdict
    assert first.aggregate.value == second.aggregate.value


@given(targets, st.lists(values, min_size=1, max_size=6))
def test_whoever_everyone_is_over_or_under_the_target_settles_it(target, values):
    judgement = judge(target, measured(*values))
    reached = [
        value >= target.value if target.operator == ">=" else value <= target.value for value in values
    ]

    if target.over == Over.EACH:
        assert (judgement.verdict == MET) == all(reached)
    elif target.over in (Over.MEAN, Over.LOWEST, Over.HIGHEST) and all(reached):
        assert judgement.verdict == MET
