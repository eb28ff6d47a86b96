"""What the page of components shows: every piece that pages are made of, with made-up content."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.counts import ORDER, StatusCounts, label_of
from followup.judging import Verdict
from followup.models import NO_REPORT, Status
from followup.reports.development import Development, MunicipalityDevelopment
from followup.reports.findings import years_finding
from followup.reports.rounds import Step, the_year
from followup.reports.years import YearCounts
from publishing.formats import number


class ShownForm(forms.Form):
    """A field of each kind."""

    line = forms.CharField(
        label=gettext_lazy("En rad"), help_text=gettext_lazy("Ledtråden står under namnet.")
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Ett av flera"), choices=Status.choices, widget=forms.RadioSelect
    )
    several = forms.MultipleChoiceField(
        label=gettext_lazy("Flera"),
        choices=[(1, "Enköping"), (2, "Västerås")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(label=gettext_lazy("Flera rader"), widget=forms.Textarea({"rows": 3}))


class Span(NamedTuple):
    """As actionplan.changes has them."""

    what: str
    text: str


@dataclass(frozen=True)
class ShownTarget:
    """What a chart asks of a target."""

    indicator_name: str
    decimals: int
    aim: str
    finding: str
    development: Development


def shown() -> dict[str, Any]:
    years = tuple(
        YearCounts(year, StatusCounts.of(code if code != NO_REPORT else None for code in codes))
        for year, codes in ((2015, ORDER), (2016, (*ORDER, Status.COMPLETED, Status.COMPLETED)))
    )
    return {
        "statuses": [(code, label_of(None if code == NO_REPORT else code)) for code in ORDER],
        "verdicts": Verdict.choices,
        "counts": years[-1].counts,
        "target": target(),
        "years": years,
        "years_finding": years_finding(years),
        "steps": [
            Step(step.title, step.text, place)
            for step, place in zip(the_year(), ("past", "past", "now", "", ""), strict=True)
        ],
        "form": ShownForm(auto_id="shown-%s"),
        "wrong_form": ShownForm({"line": "x", "status": Status.DELAYED}, auto_id="wrong-%s"),
        "notices": [
            ("", _("Vet att:"), _("något är värt att märka.")),
            ("late", _("Se upp:"), _("något är sent eller kan gå fel.")),
            ("bad", _("Fel:"), _("något gick inte.")),
        ],
        "spans": [
            Span("same", _("Planen gäller till") + " "),
            Span("removed", "2017"),
            Span("added", "2018"),
        ],
        "page": Paginator(range(30), 10).page(2),
        "pages": [(number, f"sida={number}") for number in (1, 2, 3)],
        "crumbs": [(_("Planer"), "/"), (_("Om portalen"), "/om/")],
    }


def decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def target() -> ShownTarget:
    rows = {"Enköping": (63, 59, None, 61), "Västerås": (69, 70, 71, 71)}
    joint = (66, 64.5, None, 66)
    years = (2014, 2015, 2016, 2017)
    development = Development(
        years=years,
        municipalities=tuple(
            MunicipalityDevelopment(name, tuple(map(decimal, values))) for name, values in rows.items()
        ),
        joint=tuple(map(decimal, joint)),
        joint_name=_("Medel"),
        aim=Decimal(70),
        says=_("Två kommuner 2014–2017. 2017: medel %(value)s.") % {"value": number(66, 1)},
    )
    return ShownTarget("NKI", 1, "70", _("Rubriken säger vad diagrammet visar."), development)
