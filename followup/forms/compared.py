"""What is chosen to compare a plan with."""

from __future__ import annotations

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from actionplan.forms.fields import SearchField
from kolada.answers import AREA_CODE


class Choice(TextChoices):
    """What is done with an area."""

    ADD = "add"
    REMOVE = "remove"


class FindAreasForm(forms.Form):
    """Words of the names of areas."""

    words = SearchField(
        _("Kommun, region eller grupp av kommuner"),
        help_text=_("Till exempel Uppsala, eller liknande kommuner."),
    )


class ChooseAreaForm(FindAreasForm):
    """An area to compare with, or no longer; `words` is the search that the page showed."""

    code = forms.RegexField(AREA_CODE, max_length=10)
    choice = forms.ChoiceField(choices=Choice)
