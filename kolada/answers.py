"""What Kolada answers, by value, and what must hold of it to be believed.

Numbers are read from the digits of the answer itself, and never pass through a float. The form of the
answers: https://api.kolada.se/v3/docs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import msgspec

from publishing.values import read_json

MEASURE_ID = re.compile(r"[A-Z][0-9]{2,9}")
AREA_CODE = re.compile(r"[0-9]{4}|G[0-9]{1,9}")
KINDS = ("K", "L")
GROUP = "G"
COUNTRY = "0000"

NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?")
INTEGER_DIGITS, DECIMALS = 12, 8
"""What an outcome has room for."""

LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 5000
YEARS = range(1900, 2200)


class NotAsAgreed(ValueError):
    """An answer that isn't what Kolada says it answers; the message is for developers."""


@dataclass(frozen=True)
class Measure:
    """A KPI ("nyckeltal"): its id, what it is called and what it measures.

    `publication_date` is the day, past or to come, when the values of `period` are published, in ISO form;
    None: it is no longer updated. `period` is a year, and may be empty.
    """

    id: str
    title: str
    description: str
    publication_date: str | None
    period: str

    @property
    def is_published(self) -> bool:
        """Whether it is still updated."""
        return self.publication_date is not None


@dataclass(frozen=True)
class Area:
    """What there are values of: "K" a municipality, "L" a region or the country (0000), "G" a group."""

    code: str
    title: str
    kind: str


@dataclass(frozen=True)
class Value:
    """A measure's value of an area and a year, women and men together.

    None: Kolada has no value, and `status` tells what it says of that; it may be empty.
    """

    measure: str
    area: str
    year: int
    value: Decimal | None
    status: str


class MeasureSent(msgspec.Struct):
    id: str
    title: str
    description: str | None = None
    publication_date: str | None = None
    publ_period: str | int | None = None


class AreaSent(msgspec.Struct):
    id: str
    title: str
    type: str = GROUP


class NumberSent(msgspec.Struct):
    gender: str
    value: msgspec.Raw
    status: str | None = None
    isdeleted: bool = False


class ValueSent(msgspec.Struct):
    kpi: str
    municipality: str
    period: int
    values: list[NumberSent]


class Page(msgspec.Struct):
    """A page of any of Kolada's lists: what stands on it as it was sent, and the next page's address."""

    values: list[msgspec.Raw]
    count: int
    next_url: str | None = None


Sent = TypeVar("Sent", bound=msgspec.Struct)


def read_page(body: bytes) -> Page:
    """The page, if it is whole. Raises NotAsAgreed."""
    page = decoded(body, Page)
    if page.count != len(page.values):
        raise NotAsAgreed(f"count is {page.count}, and there are {len(page.values)} values")
    return page


def read_measure(sent: msgspec.Raw) -> Measure:
    found = decoded(sent, MeasureSent)
    return Measure(
        id=checked(found.id, MEASURE_ID),
        title=one_line(found.title, LONGEST_TITLE),
        description=printable(found.description or "", LONGEST_DESCRIPTION),
        publication_date=one_line(found.publication_date or "", 30) or None,
        period=one_line(str(found.publ_period or ""), 30),
    )


def read_area(sent: msgspec.Raw) -> Area | None:
    """An area; None for what is neither a municipality, a region nor a group of them."""
    found = decoded(sent, AreaSent)
    if found.type not in (*KINDS, GROUP) or not AREA_CODE.fullmatch(found.id):
        return None
    return Area(found.id, one_line(found.title, LONGEST_TITLE), found.type)


def read_value(sent: msgspec.Raw) -> Value | None:
    """The value of women and men together; None where there is no such."""
    found = decoded(sent, ValueSent)
    together = [each for each in found.values if each.gender == "T"]
    if len(together) > 1:
        raise NotAsAgreed("several values of women and men together")
    if found.period not in YEARS:
        raise NotAsAgreed(f"the year {found.period}")
    for each in together:
        status = one_line(each.status or "", 60)
        number = read_number(bytes(each.value).decode())
        return Value(
            measure=checked(found.kpi, MEASURE_ID),
            area=checked(found.municipality, AREA_CODE),
            year=found.period,
            value=None if each.isdeleted else number,
            status=status or ("Deleted" if each.isdeleted else ""),
        )
    return None


def read_number(text: str) -> Decimal | None:
    """A number by its digits, or None for null.

    Decimals beyond the eighth are rounded away: they are what a computer's division leaves behind.
    """
    if text == "null":
        return None
    if not NUMBER.fullmatch(text):
        raise NotAsAgreed("no number, or one with too many digits")
    number = Decimal(text)
    decimals = min(max(-int(number.as_tuple().exponent), 0), DECIMALS)
    if number.adjusted() < INTEGER_DIGITS:
        number = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if number.adjusted() >= INTEGER_DIGITS:
        raise NotAsAgreed("a number that is too large")
    return number + 0  # so that minus nought is nought


def decoded(body: bytes | msgspec.Raw, kind: type[Sent]) -> Sent:
    """What was sent, if it is of that form. Raises NotAsAgreed."""
    try:
        return read_json(body, kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise NotAsAgreed(str(error)[:200]) from error


def checked(text: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise NotAsAgreed("an id that is none")
    return text


def one_line(text: str, longest: int) -> str:
    """Somebody else's text on one line, without what can't be shown or kept."""
    return printable(" ".join(text.split()), longest)


def printable(text: str, longest: int) -> str:
    text = "".join(each for each in text if each.isprintable() or each == "\n").strip()
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
