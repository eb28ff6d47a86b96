"""What several forms share: the numbers of rows, and the sentences of the database's promises."""

from __future__ import annotations

from django.db.models import Model

NUMBERS_END = 1_000_000
"""A row's number is below this: what is sent beyond it was never shown to anyone."""


def sentence_of(model: type[Model], name: str) -> str:
    """What the model's constraint of that name tells people."""
    [constraint] = [each for each in model._meta.constraints if each.name == name]
    return str(constraint.violation_error_message)
