"""Whether a goal is met: pure functions on plain values, with the calculation as its reader can redo it.

Rules (the field's own): values are judged as stored and rounded only when shown; a municipality whose value
is missing makes a target over all of them impossible to judge, whatever the others have; 0 is a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.models import Direction, Operator, Over
from followup.models import Verdict
from publishing.formats import EN_DASH, joined, number

STORED_DECIMALS = 8
"""How many decimals an outcome is stored with."""


@dataclass(frozen=True)
class Measured:
    """A municipality's value for the year, in the indicator's unit; None when there is none."""

    municipality: str
    value: Decimal | None
    preliminary: bool = False


@dataclass(frozen=True)
class Coverage:
    """How many of the expected values exist, and whose are missing."""

    have: int
    expected: int
    missing: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        return self.have == self.expected

    def __str__(self) -> str:
        text = _("%(have)d av %(expected)d kommuner") % {"have": self.have, "expected": self.expected}
        if not self.missing:
            return text
        return _("%(text)s %(dash)s %(missing)s saknas") % {
            "text": text,
            "dash": EN_DASH,
            "missing": joined(self.missing),
        }


@dataclass(frozen=True)
class Aggregate:
    """What the municipalities' values come to together; no value when none of them has one."""

    value: Decimal | None
    coverage: Coverage
    is_preliminary: bool
    calculation: str


@dataclass(frozen=True)
class Target:
    """A value to reach: over whom, which way, how much, and the limit for nearly in the same unit."""

    over: str
    operator: str
    value: Decimal
    nearly: Decimal | None = None

    def is_reached_by(self, value: Decimal, limit: Decimal) -> bool:
        return value >= limit if self.operator == Operator.AT_LEAST else value <= limit

    def verdict_on(self, value: Decimal) -> Verdict:
        if self.is_reached_by(value, self.value):
            return Verdict.MET
        if self.nearly is not None and self.is_reached_by(value, self.nearly):
            return Verdict.PARTLY_MET
        return Verdict.NOT_MET


@dataclass(frozen=True)
class Judgement:
    """A target's verdict and the figure it rests on."""

    verdict: Verdict
    aggregate: Aggregate


def aggregate(
    over: str, measured: Sequence[Measured], *, operator: str = Operator.AT_LEAST, decimals: int = 1
) -> Aggregate:
    """What `measured` comes to over the municipalities; "each" is held by the one furthest from the target.

    `decimals` is how the indicator is shown; the calculation's result is written with one more.
    """
    having = [each for each in measured if each.value is not None]
    coverage = Coverage(
        have=len(having),
        expected=len(measured),
        missing=tuple(each.municipality for each in measured if each.value is None),
    )
    return Aggregate(
        value=_figure(over, operator, [each.value for each in having if each.value is not None]),
        coverage=coverage,
        is_preliminary=not coverage.is_full or any(each.preliminary for each in having),
        calculation=_calculation(over, operator, having, decimals + 1),
    )


def judge(target: Target, measured: Sequence[Measured], *, decimals: int = 1) -> Judgement:
    """The verdict of `target` on the municipalities' values; a missing one makes it impossible to tell."""
    figure = aggregate(target.over, measured, operator=target.operator, decimals=decimals)
    if figure.value is None or not figure.coverage.is_full:
        return Judgement(Verdict.CANNOT_BE_JUDGED, figure)
    return Judgement(target.verdict_on(figure.value), figure)


def verdict_of_all(verdicts: Iterable[Verdict]) -> Verdict:
    """A goal's verdict from its targets': all must be met, and one that can't be judged leaves it open."""
    found = set(verdicts)
    if not found or Verdict.CANNOT_BE_JUDGED in found:
        return Verdict.CANNOT_BE_JUDGED
    if found == {Verdict.MET}:
        return Verdict.MET
    return Verdict.NOT_MET if Verdict.NOT_MET in found else Verdict.PARTLY_MET


class Trend(TextChoices):
    """Which way a figure has moved, seen from what is wanted."""

    BETTER = "better", gettext_lazy("bättre")
    UNCHANGED = "unchanged", gettext_lazy("oförändrat")
    WORSE = "worse", gettext_lazy("sämre")
    CANNOT_BE_COMPARED = "cannot_be_compared", gettext_lazy("kan ej jämföras")


def trend(direction: str, change: Decimal | None, *, decimals: int) -> Trend:
    """What a change is called; one that is shown as nothing, at so many decimals, is no change."""
    if change is None:
        return Trend.CANNOT_BE_COMPARED
    if not change.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):
        return Trend.UNCHANGED
    return Trend.BETTER if (change > 0) == (direction == Direction.HIGHER) else Trend.WORSE


def baseline(covered: Iterable[int], *, year: int, began: int | None, first_year: int) -> int | None:
    """The year to compare `year` with to see how far things have come; None when there is none.

    `covered`: years in which every value exists. It is the earliest of them in the same series, which `began`
    in a year when its definition was changed, and no later than the plan's first year; else the earliest.
    """
    comparable = sorted(each for each in covered if (began or each) <= each < year)
    in_time = [each for each in comparable if each <= first_year]
    return next(iter(in_time or comparable), None)


def is_far_outside(value: Decimal, known: Sequence[Decimal]) -> bool:
    """Whether `value` is so unlike those known that it may be mistyped, such as 611 for 61,1.

    It is further from them than they are from one another, and by more than a quarter of the largest.
    """
    if not known:
        return False
    lowest, highest = min(known), max(known)
    distance = max(lowest - value, value - highest, Decimal(0))
    return distance > max(highest - lowest, max(abs(lowest), abs(highest)) / 4)


def _takes_lowest(over: str, operator: str) -> bool:
    return over == Over.LOWEST or (over == Over.EACH and operator == Operator.AT_LEAST)


def _figure(over: str, operator: str, values: list[Decimal]) -> Decimal | None:
    if not values:
        return None
    if over == Over.MEAN:
        return sum(values, Decimal(0)) / len(values)
    if over == Over.SUM:
        return sum(values, Decimal(0))
    return min(values) if _takes_lowest(over, operator) else max(values)


def _calculation(over: str, operator: str, having: list[Measured], decimals: int) -> str:
    """The figure as a reader can redo it: "(57,895 + 74,547 + 78,279 + 70,657) / 4 = 70,34".

    The terms have as many decimals as it takes for the sum to come true as it is written.
    """
    values = [each.value for each in having if each.value is not None]
    figure = _figure(over, operator, values)
    if figure is None:
        return ""
    result = number(figure, decimals)
    for finer in range(min(decimals, STORED_DECIMALS), STORED_DECIMALS + 1):
        rounded = [value.quantize(Decimal(1).scaleb(-finer), ROUND_HALF_UP) for value in values]
        redone = _figure(over, operator, rounded)
        if redone is not None and number(redone, decimals) == result:
            break
    shown = [number(value, finer) for value in values]
    if over == Over.MEAN:
        terms = f"({' + '.join(shown)}) / {len(shown)}"
    elif over == Over.SUM:
        terms = " + ".join(shown)
    else:
        word = _("lägst av") if _takes_lowest(over, operator) else _("högst av")
        terms = f"{word} {'; '.join(shown)}"
    return f"{terms} = {result}"
