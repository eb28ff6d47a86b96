"""What somebody who sends a file fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class AnswerForm(forms.Form):
    """The answer, and `mark`: which telling of what would happen it is an answer to."""

    answer = forms.ChoiceField(choices=Answer)
    mark = forms.CharField(required=False, max_length=64)
