"""What is asked of Kolada while an indicator is set up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actionplan.forms.fields import SearchField
from kolada.answers import MEASURE_ID


class FindMeasureForm(forms.Form):
    """Words of a KPI's title, sent with an indicator's form: `of` is the indicator's key, if it has one.

    `chosen`: the KPI to fill in. `back`: to the indicator's form without one. `search`: the words are to be
    asked about, and not only to begin with.
    """

    words = SearchField(
        _("Ord ur nyckeltalets namn, eller dess id"),
        help_text=_("Till exempel insikt totalt, eller U07451."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    of = forms.SlugField(required=False, max_length=100)
    chosen = forms.RegexField(MEASURE_ID, required=False, max_length=20)
    search = forms.BooleanField(required=False)
    back = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("search") and not said.get("words") and "words" not in self.errors:
            self.add_error("words", _("Skriv något att söka på."))
        return said
