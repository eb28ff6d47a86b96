"""What is asked of a plan's activities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from followup.counts import ORDER, label_of
from followup.reports.listing import NOBODY, ActivityList


class ActivityFilter(forms.Form):
    """What to show of a plan's activities. Every parameter of the list's address goes through here."""

    q = forms.CharField(label=_("Ord i aktiviteten"), required=False, max_length=100)
    utmaning = forms.ChoiceField(label=_("Utmaning"), required=False)
    ansvarig = forms.ChoiceField(label=_("Ansvarig"), required=False)
    ar = forms.TypedChoiceField(label=_("Pågår år"), required=False, coerce=int, empty_value=None)
    lage = forms.ChoiceField(label=_("Läge"), required=False)

    def __init__(
        self, data: Any, *, activities: ActivityList, years: range, followed_up: int | None, word: str
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        everything = ("", _("Alla"))
        self.choose("utmaning", [everything, *activities.challenges])
        self.choose("ansvarig", [everything, *activities.organisations, (NOBODY, _("Ansvarig saknas"))])
        self.choose("ar", [everything, *((year, str(year)) for year in years)])
        self.choose("lage", [everything, *((code, label_of(code)) for code in ORDER)])
        self.fields["utmaning"].label = word.capitalize()
        self.fields["q"].widget.input_type = "search"
        if followed_up is None:
            del self.fields["lage"]
        else:
            self.fields["lage"].label = _("Läge %(year)d") % {"year": followed_up}

    def choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What to look for; a parameter that isn't valid asks for nothing."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("q", ""),
            "challenge": self.cleaned_data.get("utmaning", ""),
            "responsible": self.cleaned_data.get("ansvarig", ""),
            "year": self.cleaned_data.get("ar"),
            "status": self.cleaned_data.get("lage", ""),
        }
