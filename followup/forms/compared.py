"""What is chosen to compare a plan with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from actionplan.forms.shared import TOO_LONG
from kolada.answers import AREA_CODE


class Choice(TextChoices):
    """What is done with an area."""

    ADD = "add"
    REMOVE = "remove"


class FindAreasForm(forms.Form):
    """Words of the names of areas."""

    words = forms.CharField(
        label=_("Kommun, region eller grupp av kommuner"),
        help_text=_("Till exempel Uppsala, eller liknande kommuner."),
        max_length=100,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs.pop("maxlength", None)  # the browser would cut without a word


class ChooseAreaForm(FindAreasForm):
    """An area to compare with, or no longer; `words` is the search that the page showed."""

    code = forms.RegexField(AREA_CODE, max_length=10)
    choice = forms.ChoiceField(choices=Choice)
