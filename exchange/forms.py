"""What somebody who sends a file fills in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from exchange.telling import RowTold

ENDINGS = (".xlsx", ".csv", ".zip")
"""Of the files that can be read: what the browser offers to choose among."""


class FileForm(forms.Form):
    """A file to import."""

    file: Any = forms.FileField(
        label=_("Fil"),
        help_text=_("Excel-arbetsbok (.xlsx) eller CSV, högst 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": _("Välj en fil."),
            "missing": _("Välj en fil."),
            "invalid": _("Filen kom inte fram. Välj den igen."),
            "empty": _("Filen är tom. Välj en annan."),
        },
    )


class Answer(models.TextChoices):
    """What is answered to what would happen."""

    YES = "yes"
    NO = "no"


class Side(models.TextChoices):
    """Which of two values is to hold."""

    STANDING = "standing", _("Behåll det som är lämnat")
    COMING = "coming", _("Ta det som kommer in")


class AnswerForm(forms.Form):
    """The answer, and `mark`: which telling of what would happen it is an answer to.

    Of each of `choices`, which have two values, the standing one is kept where nothing else is chosen.
    """

    answer = forms.ChoiceField(choices=Answer)
    mark = forms.CharField(required=False, max_length=64)

    def __init__(self, data: Any = None, *, choices: Iterable[RowTold] = ()) -> None:
        super().__init__(data)
        self.choices = {row.number: row for row in choices}
        for number in self.choices:
            self.fields[name_of(number)] = forms.ChoiceField(
                choices=Side.choices, initial=Side.STANDING, required=False, widget=forms.RadioSelect
            )

    def taken(self) -> list[int]:
        """The numbers of the rows that are to be as they come in."""
        return [each for each in self.choices if self.cleaned_data[name_of(each)] == Side.COMING]

    def asked(self) -> list[tuple[RowTold, BoundField]]:
        """The rows with two values, each with its choice."""
        return [(row, self[name_of(number)]) for number, row in self.choices.items()]


def name_of(number: int) -> str:
    """What the choice of a row is called in the form."""
    return f"row-{number}"
