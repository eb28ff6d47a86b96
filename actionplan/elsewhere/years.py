"""Years as people write them in a cell: "2025–2027", "Q1 2026 - Q4 2027", "från 2026", "löpande"."""

from __future__ import annotations

import re
from typing import NamedTuple

from actionplan.forms.fields import YEARS

YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
SHORTENED = re.compile(r"(?<!\d)((?:19|20|21)(\d\d))\s?[-–—/]\s?(\d\d)(?![\d-])")
"""2025–27; 2025-06 is June, for which `years_in` asks that the second is no month."""

FROM = re.compile(
    r"^\W*(?:fr\.? ?o\.? ?m\.?|från(?: och med)?|from|since|start(?:ing)?|fra|ab|seit|alkaen)\b"
    r"|\b(?:framåt|onwards?|fremover)\W*$|[-–—→]\s*$",
    re.IGNORECASE,
)
UNTIL = re.compile(
    r"^\W*(?:t\.? ?o\.? ?m\.?|till(?: och med)?|slut|end|senast|until|till|by|before|til|innen|senest|bis"
    r"|mennessä)\b"
    r"|^\s*[-–—→]",
    re.IGNORECASE,
)

ALWAYS = re.compile(
    r"(?:löpande|tills ?vidare|årlig(?:en|t)?|kontinuerligt?|permanent|ongoing|continuous(?:ly)?"
    r"|annual(?:ly)?|yearly|lø[pb]ende|jatkuva(?:sti)?|vuosittain|(?:fort)?laufend|jährlich)\W*"
)
"""Words for all years, in which an activity without years stands."""

NOTHING = re.compile(r"\W*|n/?a|tb[da]|okänt|oklart|unknown|ukjent|x")


class Years(NamedTuple):
    """The first and the last; None where that isn't said. `words`: what was said instead of any year."""

    first: int | None = None
    last: int | None = None
    words: str = ""


class NotYears(ValueError):
    """No years can be made out."""


def years_in(text: str) -> Years:
    """The years that a cell tells of. Raises NotYears."""
    text = " ".join(text.split())
    said = text.casefold()
    if NOTHING.fullmatch(said) or ALWAYS.fullmatch(said):
        return Years(words=text)
    years = [int(year) for year in YEAR.findall(text)]
    shortened = SHORTENED.search(text)
    if shortened and len(years) == 1 and int(shortened[3]) > max(12, int(shortened[2])):
        years.append(int(shortened[1][:2] + shortened[3]))
    if not years or any(year not in YEARS for year in years):
        raise NotYears(text)
    if len(years) == 1:
        [year] = years
        if FROM.search(text):
            return Years(first=year)
        return Years(last=year) if UNTIL.search(text) else Years(year, year)
    if years != sorted(years) or (len(years) > 2 and years[-1] - years[0] != len(set(years)) - 1):
        raise NotYears(text)
    if re.fullmatch(r"\d{4}(?: ?, ?\d{4})+", text) and years[-1] - years[0] != len(set(years)) - 1:
        raise NotYears(text)
    return Years(years[0], years[-1])


def year_in(text: str) -> tuple[int | None, str]:
    """The one year that a cell tells of, and what it says instead of any. Raises NotYears."""
    years = {int(year) for year in YEAR.findall(text)}
    if len(years) == 1:
        return years.pop(), ""
    if years:
        raise NotYears(text)
    return None, years_in(text).words
