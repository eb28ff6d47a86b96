"""What is asked of the search. Every parameter of its address goes through here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.search.readable import Readable
from portal.search.sources import KINDS


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Sök efter"), required=False, max_length=200)
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    slag = forms.ChoiceField(label=_("Vad"), required=False, choices=[("", _("Allt")), *KINDS])
    sida = forms.IntegerField(required=False, min_value=1, max_value=1000, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, readable: Readable) -> None:
        super().__init__(data, auto_id="search_%s")
        plans = [(each.plan.slug, each.plan.title) for each in readable.standings.values()]
        self.fields["plan"].choices = [("", _("Alla")), *plans]  # type: ignore[attr-defined]
        self.fields["q"].widget.input_type = "search"
        self.is_valid()

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for; a parameter that isn't valid asks for nothing."""
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    def query(self, **others: Any) -> str:
        """What is asked for as part of an address, but for `others`."""
        return urlencode({name: value for name, value in {**self.asked, **others}.items() if value})
