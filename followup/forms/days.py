"""Which day a plan is to be shown as it stood."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.forms.fields import DayField
from publishing.formats import long_date


class DayForm(forms.Form):
    """A day that has come."""

    dag = DayField(gettext_lazy("Dag"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="day_%s")
        self.fields["dag"].widget.attrs["max"] = localdate().isoformat()

    def clean_dag(self) -> date:
        day: date | None = self.cleaned_data["dag"]
        if day is None:
            raise forms.ValidationError(_("Välj en dag."))
        if day > localdate():
            raise forms.ValidationError(
                _("Dagen har inte varit än. Välj en till och med i dag, %(today)s."),
                params={"today": long_date(localdate())},
            )
        return day
