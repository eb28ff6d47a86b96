"""How figures, years, dates, counts and names are written on pages and in documents: the Swedish way.

In English they have a decimal point, and the same spaces: "1,763" would be read as another number where both
commas are known, and is one when it is typed.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publishing.languages import is_the_portals_own

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"

_WRITTEN = str.maketrans({",": NO_BREAK_SPACE, "-": MINUS})
# Å, ä and ö come after z, in that order. Danish and Norwegian æ and ø stand with ä and ö, and ü with y.
_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y"})


def number(value: Decimal | int, decimals: int = 0) -> str:
    """A number with decimal comma, no-break space between thousands and a true minus: 1763 → "1 763"."""
    written = f"{_rounded(value, decimals):,f}".translate(_WRITTEN)
    return written.replace(".", ",") if is_the_portals_own() else written


def written_whole(value: Decimal) -> str:
    """A number with all its decimals, and none that only its storage adds: 75.00000000 → "75"."""
    exponent = value.normalize().as_tuple().exponent
    return number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def change(value: Decimal | int, decimals: int = 0) -> str:
    """A difference with its sign, "+2,1" or "−0,9"; one that rounds to nothing has none."""
    sign = "+" if _rounded(value, decimals) > 0 else ""
    return sign + number(value, decimals)


def period(first: int | None, last: int | None) -> str:
    """The years from `first` to `last`, either of which may be unknown: "2016", "2017–2018", "från 2016"."""
    if first is None and last is None:
        return ""
    if last is None:
        return _("från %(year)d") % {"year": first}
    if first is None:
        return _("till %(year)d") % {"year": last}
    return str(first) if first == last else f"{first}{EN_DASH}{last}"


def long_date(day: date) -> str:
    """A date as running text has it: "30 maj 2016"."""
    return date_format(day, "j F Y")


def joined(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "a, b och c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(all_but_last)s och %(last)s") % {"all_but_last": ", ".join(words[:-1]), "last": words[-1]}


def counted(count: int, one: str, several: str) -> str:
    """A count with its noun: "1 aktivitet", "18 aktiviteter"."""
    return f"{number(count)} {one if count == 1 else several}"


def in_words(count: int, *, neuter: bool = False) -> str:
    """A count as a sentence has it: in letters up to twelve, with "ett" for one of a neuter noun."""
    if count == 1:
        return _("ett") if neuter else _("en")
    words = {
        0: _("noll"),
        2: _("två"),
        3: _("tre"),
        4: _("fyra"),
        5: _("fem"),
        6: _("sex"),
        7: _("sju"),
        8: _("åtta"),
        9: _("nio"),
        10: _("tio"),
        11: _("elva"),
        12: _("tolv"),
    }
    return words.get(count) or number(count)


def swedish_key(name: str) -> tuple[str, str]:
    """A key that sorts names in Swedish order: å, ä and ö last, é with e, capitals with small letters.

    Numbers in them stand in their order: "Mål 9" before "Mål 10".
    """
    composed = re.sub(
        r"\d+", lambda digits: digits[0].zfill(12), unicodedata.normalize("NFC", name.casefold())
    )
    bare = unicodedata.normalize("NFKD", composed.translate(_AFTER_Z))
    return "".join(character for character in bare if not unicodedata.combining(character)), name


def _rounded(value: Decimal | int, decimals: int) -> Decimal:
    """`value` rounded half up, as people are taught to; nothing is never negative."""
    with localcontext(prec=1000):
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)
