"""What somebody who fetches outcomes from Kolada fills in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from actionplan.forms.fields import YearField
from actionplan.models import Indicator, SeriesBreak
from kolada.answers import MEASURE_ID
from publishing.languages import as_content


class FetchForm(forms.Form):
    """Of which indicators the outcomes are fetched."""

    indicators = forms.MultipleChoiceField(
        label=_("Indikatorer"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Markera minst en."),
            "invalid_choice": _("En av dem finns inte längre i Kolada för den här planen. Välj igen."),
        },
    )

    def __init__(self, data: Any = None, *, offered: Mapping[Indicator, Iterable[str]]) -> None:
        """`offered`: the indicators, each with the KPIs that it is in Kolada."""
        super().__init__(data)
        self.fields["indicators"].choices = [  # type: ignore[attr-defined]
            (each.slug, with_measures(each, measures)) for each, measures in offered.items()
        ]
        self.fields["indicators"].initial = [each.slug for each in offered]


def with_measures(indicator: Indicator, measures: Iterable[str]) -> str:
    ids = as_content(", ".join(measures))
    return format_html('{} <span class="quiet">{}</span>', as_content(indicator.name), ids)


class BreakForm(forms.Form):
    """From which year an indicator is another KPI, and what the difference is."""

    year = YearField(_("Från år"), help_text=_("Det första året med den nya definitionen."))
    kolada_id = forms.CharField(
        label=_("Nytt nyckeltal i Kolada"),
        max_length=20,
        help_text=_("Till exempel U07453."),
        validators=[
            RegexValidator(f"^(?:{MEASURE_ID.pattern})$", _("Skriv nyckeltalets id, till exempel U07453."))
        ],
        error_messages={"required": _("Skriv nyckeltalets id, till exempel U07453.")},
    )
    note = forms.CharField(
        label=_("Vad som ändrades"),
        max_length=SeriesBreak._meta.get_field("note").max_length,
        help_text=_("Visas på indikatorns sida. Värden före och efter brottet jämförs inte."),
        error_messages={"required": _("Skriv vad som ändrades.")},
    )
