"""Numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.formats import EN_DASH, MINUS, NO_BREAK_SPACE

STORED_DECIMALS = 8
"""How many decimals outcomes and targets are stored with."""

WHOLE_DIGITS = 12
"""How many digits an outcome is stored with before the decimal comma."""

SPACES = re.compile(rf"[\s{NO_BREAK_SPACE}\N{{NARROW NO-BREAK SPACE}}\N{{THIN SPACE}}]")
NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,][0-9]+)?")


def parse_number(text: str) -> Decimal:
    """A number as people write it: decimal comma or point, spaces between thousands, any kind of minus.

    Raises ValidationError with a sentence that says what to do.
    """
    plain = SPACES.sub(" ", text.strip())
    plain = re.sub(rf"^[-{MINUS}{EN_DASH}] ?", "-", plain)
    if "," in plain and "." in plain:
        raise ValidationError(_("Skriv talet med ett enda decimaltecken, till exempel 1 763,5."))
    if not NUMBER.fullmatch(plain):
        raise ValidationError(_("Skriv bara ett tal, till exempel 74,5."))
    whole, _point, decimals = plain.replace(" ", "").replace(",", ".").lstrip("-").partition(".")
    if len(decimals) > STORED_DECIMALS:
        raise ValidationError(_("Skriv högst %(most)d decimaler."), params={"most": STORED_DECIMALS})
    if len(whole.lstrip("0")) > WHOLE_DIGITS:
        sentence = _("Talet är för stort. Högst %(most)d siffror före decimaltecknet får plats.")
        raise ValidationError(sentence, params={"most": WHOLE_DIGITS})
    value = Decimal(f"{whole}.{decimals or 0}")
    return -value if value and plain.startswith("-") else value


class NumberField(forms.Field):
    """A number as people write it; None when nothing is written."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        return parse_number(str(value)) if value and str(value).strip() else None
