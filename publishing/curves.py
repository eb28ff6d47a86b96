"""Where the parts of a line chart stand. Templates draw them; here are only the figures.

Every line ends in its name and its last value, so there is no legend to look up. A year without a value
breaks the line, and is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

LEFT, TOP, BOTTOM = 28, 14, 246
"""Where the first year, the greatest value and the least may stand; below are the years."""
LABEL = 15
"""How close two names may stand."""
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
FEW = 4
"""How many steps the scale has at most."""
OUTLINES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "M-3.7 -3.7h7.4v7.4h-7.4z",
    "M0 -4.6L4.8 3.7H-4.8z",
    "M0 -5L5 0L0 5L-5 0z",
)
"""Circle, square, triangle and diamond around nothing: lines are told apart without their colours, too."""
COLOURS = ("#a04a25", "#0f6a86", "#5b7a1e", "#6a5aa8")
INK = "#17262c"
COVER_LEFT, COVER_RIGHT = 16, 420
COVER_TOP, COVER_BOTTOM = 26, 110
"""The same of one of 626 by 150, at whose right edge the page ends."""
SMALL_LEFT, SMALL_RIGHT = 5, 145
SMALL_TOP, SMALL_BOTTOM = 6, 58
"""The same of a drawing of 150 by 76, of which several stand side by side."""

Value = Decimal | None


@dataclass(frozen=True)
class Frame:
    """The drawing's size, in its own units, and where its last year stands; to the right are the names.

    Years closer than `apart` are not all named.
    """

    width: int
    height: int
    right: int
    apart: int = 0


WIDE = Frame(640, 300, right=460)
NARROW = Frame(360, 300, right=186, apart=32)
"""For documents and desktops, and for phones."""


@dataclass(frozen=True)
class Series:
    """A value for each year, or None where it is missing."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Mark:
    """A value, where it stands."""

    x: int
    y: int


@dataclass(frozen=True)
class Curve:
    """A series as it is drawn: unbroken runs of values, and its name at the height `label_y`.

    `end` is its last year's mark, `last` its value; None where that is missing. `tone` is the name of its
    colour, for those who have others in the dark.
    """

    name: str
    tone: str
    outline: str
    colour: str
    runs: tuple[tuple[Mark, ...], ...]
    end: Mark | None
    last: Value
    label_y: int

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for run in self.runs for mark in run)

    @property
    def lines(self) -> tuple[str, ...]:
        """The points of each run that is a line, as SVG has them."""
        return tuple(" ".join(f"{mark.x},{mark.y}" for mark in run) for run in self.runs if len(run) > 1)

    @property
    def alone(self) -> tuple[Mark, ...]:
        """Values between missing ones."""
        return tuple(run[0] for run in self.runs if len(run) == 1)


@dataclass(frozen=True)
class Step:
    """A value of the scale, at its height."""

    value: Decimal
    y: int


@dataclass(frozen=True)
class Year:
    """A year, where it stands, with the joint value; `is_gap` when no series has any value in it."""

    year: int
    x: int
    joint: Value
    is_gap: bool
    is_named: bool


@dataclass(frozen=True)
class Chart:
    """All parts of the drawing; `target` is the height of the value to reach."""

    years: tuple[Year, ...]
    scale: tuple[Step, ...]
    curves: tuple[Curve, ...]
    joint: Curve
    target: Step
    frame: Frame


@dataclass(frozen=True)
class SmallChart:
    """One series of several, which are drawn side by side to the same scale, with the joint values behind it.

    `missing` is where the years without a value stand, `target` the height of the value to reach.
    """

    values: tuple[Value, ...]
    curve: Curve
    joint: Curve
    missing: tuple[int, ...]
    target: int


def small_charts(
    years: Sequence[int], series: Sequence[Series], joint: Series, target: Decimal
) -> tuple[SmallChart, ...]:
    """A drawing of each of `series`; none when there is no value to draw."""
    known = known_of(*series, joint)
    if not known:
        return ()
    height = heights_between([*known, target], SMALL_TOP, SMALL_BOTTOM)
    xs = places(len(years), SMALL_LEFT, SMALL_RIGHT)

    def curve(each: Series, place: int) -> Curve:
        marks = marks_of(each, xs, height)
        return curve_of(each, marks, place, last_height(marks))

    behind = curve(joint, 0)
    return tuple(
        SmallChart(
            values=each.values,
            curve=curve(each, place),
            joint=behind,
            missing=tuple(x for x, value in zip(xs, each.values, strict=True) if value is None),
            target=height(target),
        )
        for place, each in enumerate(series)
    )


@dataclass(frozen=True)
class CoverChart:
    """The joint values alone, on their way to the height `target` of the value to reach."""

    years: tuple[Year, ...]
    joint: Curve
    target: int


def cover_chart(years: Sequence[int], joint: Series, target: Decimal) -> CoverChart | None:
    """What all are together; None when that is known of less than two years, or not of the last."""
    known = known_of(joint)
    if len(known) < 2 or joint.values[-1] is None:
        return None
    height = heights_between([*known, target], COVER_TOP, COVER_BOTTOM)
    xs = places(len(years), COVER_LEFT, COVER_RIGHT)
    marks = marks_of(joint, xs, height)
    return CoverChart(
        years=tuple(
            Year(year, x, value, is_gap=value is None, is_named=True)
            for year, x, value in zip(years, xs, joint.values, strict=True)
        ),
        joint=replace(curve_of(joint, marks, 0, last_height(marks)), colour=INK),
        target=height(target),
    )


def line_chart(
    years: Sequence[int], series: Sequence[Series], joint: Series, target: Decimal, frame: Frame = WIDE
) -> Chart | None:
    """The drawing of `series` and what they are together; None when there is no value to draw."""
    known = known_of(*series, joint)
    if not known:
        return None
    scale = steps([*known, target])
    xs = places(len(years), right=frame.right)
    named = every(xs, frame.apart)
    height = heights_between(scale, TOP, BOTTOM)
    together = [*series, joint]
    marked = [marks_of(each, xs, height) for each in together]
    wanted = [last_height(marks) for marks in marked]
    labels = apart(wanted)
    curves = [
        curve_of(each, marks, place, labels[place])
        for place, (each, marks) in enumerate(zip(together, marked, strict=True))
    ]
    return Chart(
        years=tuple(
            Year(
                year,
                x,
                joint.values[place],
                is_gap=all(each.values[place] is None for each in together),
                is_named=(len(years) - 1 - place) % named == 0,
            )
            for place, (year, x) in enumerate(zip(years, xs, strict=True))
        ),
        scale=tuple(Step(value, height(value)) for value in scale),
        curves=tuple(curves[:-1]),
        joint=replace(curves[-1], tone="ink", colour=INK),
        target=Step(target, height(target)),
        frame=frame,
    )


def curve_of(series: Series, marks: Sequence[Mark | None], place: int, label_y: int) -> Curve:
    """The series in the colour and with the marks of its place among the others."""
    return Curve(
        name=series.name,
        tone=f"m{place % len(COLOURS) + 1}",
        outline=OUTLINES[place % len(OUTLINES)],
        colour=COLOURS[place % len(COLOURS)],
        runs=runs_of(marks),
        end=marks[-1],
        last=series.values[-1],
        label_y=label_y,
    )


def known_of(*series: Series) -> list[Decimal]:
    """The values that aren't missing."""
    return [value for each in series for value in each.values if value is not None]


def heights_between(values: Sequence[Decimal], top: int, bottom: int) -> Callable[[Decimal], int]:
    """Where a value stands when the greatest of `values` stands at `top` and the least at `bottom`."""
    least, greatest = min(values), max(values)
    return lambda value: round(bottom - (bottom - top) * (value - least) / (greatest - least or 1))


def places(count: int, left: int = LEFT, right: int = WIDE.right) -> list[int]:
    """The years side by side; a single one stands last, beside the names."""
    return [round(right - (right - left) * (count - 1 - each) / max(count - 1, 1)) for each in range(count)]


def every(xs: Sequence[int], least: int) -> int:
    """How many years there are to each that is named, when names need `least` of room; the last one is."""
    between = xs[1] - xs[0] if len(xs) > 1 else least
    return -(-least // between) if least else 1


def steps(values: Sequence[Decimal]) -> list[Decimal]:
    """Even values around all of `values`, at most five of them, the least first."""
    least, greatest = min(values), max(values)
    span = greatest - least or abs(greatest) or Decimal(1)
    power = Decimal(10) ** (span / FEW).adjusted()
    for step in (each * power for each in (*STEPS, *(20 * each for each in STEPS))):
        first = (least / step).to_integral_value("ROUND_FLOOR")
        last = (greatest / step).to_integral_value("ROUND_CEILING")
        if 0 < last - first <= FEW:
            return [step * each for each in range(int(first), int(last) + 1)]
    return [least - span, greatest + span]


def marks_of(series: Series, xs: Sequence[int], height: Callable[[Decimal], int]) -> list[Mark | None]:
    return [
        None if value is None else Mark(x, height(value)) for x, value in zip(xs, series.values, strict=True)
    ]


def runs_of(marks: Iterable[Mark | None]) -> tuple[tuple[Mark, ...], ...]:
    """Values of years in a row, as one line each."""
    runs = (tuple(run) for is_known, run in groupby(marks, key=bool) if is_known)
    return tuple(tuple(mark for mark in run if mark) for run in runs)


def last_height(marks: Sequence[Mark | None]) -> int:
    """Where the name wants to stand: beside the last value that is known; else at the foot."""
    return next((mark.y for mark in reversed(marks) if mark), BOTTOM)


def apart(heights: Sequence[int]) -> list[int]:
    """The heights moved as little as may be, so that no two are closer than `LABEL`; their order stays."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    blocks: list[list[int]] = []
    for place in order:
        blocks.append([place])
        while len(blocks) > 1 and top_of(blocks[-1], heights) < bottom_of(blocks[-2], heights):
            below = blocks.pop()
            blocks[-1] += below
    stand = {
        place: top_of(block, heights) + LABEL * number
        for block in blocks
        for number, place in enumerate(block)
    }
    return [stand[place] for place in range(len(heights))]


def top_of(block: Sequence[int], heights: Sequence[int]) -> int:
    """Where the first name of a block stands when its middle stands in the middle of what its names want."""
    wanted = sum(heights[place] - LABEL * number for number, place in enumerate(block))
    return round(wanted / len(block))


def bottom_of(block: Sequence[int], heights: Sequence[int]) -> int:
    return top_of(block, heights) + LABEL * len(block)
