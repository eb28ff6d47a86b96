"""What several forms share: the numbers of rows, and sentences."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

NUMBERS_END = 1_000_000
"""A row's number is below this: what is sent beyond it was never shown to anyone."""

TOO_LONG = _("Skriv kortare: högst %(limit_value)d tecken får plats.")


def sentence_of(model: type[Model], name: str) -> str:
    """What the model's constraint of that name tells people."""
    [constraint] = [each for each in model._meta.constraints if each.name == name]
    return str(constraint.violation_error_message)
