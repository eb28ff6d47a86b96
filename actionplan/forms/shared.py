"""What several forms share: the numbers of rows, and sentences."""

from __future__ import annotations

import re

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

NUMBERS_END = 1_000_000
"""A row's number is below this: what is sent beyond it was never shown to anyone."""

TOO_LONG = _("Skriv kortare: högst %(limit_value)d tecken får plats.")


BREAK = re.compile("\r\n|[\r\x0b\x0c]")
UNSEEN = re.compile("[\x01-\x08\x0e-\x1f\ufffe\uffff]")


def as_it_reads(text: str, *, has_lines: bool) -> str:
    """The text with plain ends of lines, without signs that nobody sees: word processors leave some behind.

    A workbook couldn't hold them. Where there are no lines, what would break one is a space.
    """
    return UNSEEN.sub("", BREAK.sub("\n" if has_lines else " ", text))


def sentence_of(model: type[Model], name: str) -> str:
    """What the model's constraint of that name tells people."""
    [constraint] = [each for each in model._meta.constraints if each.name == name]
    return str(constraint.violation_error_message)
