"""What the editor of a plan fills in to begin a draft, and to have it adopted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.deciding import JOINT, Facts, OwnDecision
from actionplan.forms.fields import DayField
from actionplan.models import Plan
from municipalities.models import Municipality
from publishing.formats import swedish_key

OWN = tuple(each.name for each in fields(OwnDecision))


class YearForm(forms.Form):
    """The year that a draft is for."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("Vilket år gäller den?"),
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Välj ett av åren.")),
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """What is wrong in what was decided."""

    correction = forms.CharField(
        label=gettext_lazy("Vad ska rättas?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Läses av alla när rättelsen är fastställd. Till exempel: Aktivitet 4 hade fel ansvarig."
        ),
        error_messages={"required": gettext_lazy("Skriv vad som ska rättas.")},
    )


class DecisionForm(forms.Form):
    """Who decided the plan, when, and under what number: jointly, and each municipality for itself.

    Carries the mark of what its user saw.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    decided_by = forms.CharField(
        label=gettext_lazy("Beslutat av"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Den eller de som beslutade gemensamt."),
    )
    decided_on = DayField(gettext_lazy("Beslutsdatum"))
    registry_number = forms.CharField(label=gettext_lazy("Diarienummer"), max_length=60, required=False)
    note = forms.CharField(
        label=gettext_lazy("Vad som ändrats och varför"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Läses av alla, bland dokumentets uppgifter."),
    )

    def __init__(self, data: Any = None, *, plan: Plan, saved: Facts, kept: Any = None) -> None:
        """`kept`: what an ended session had filled in."""
        begun = {"seen": saved.mark, **{name: getattr(saved, name) for name in JOINT}}
        super().__init__(data, initial={**begun, **(kept or {})})
        partners = sorted(plan.partners.all(), key=lambda each: swedish_key(each.short_name))
        self.partners = partners if len(partners) > 1 else []
        for each in self.partners:
            for name, field in fields_of(saved.own.get(each.key, OwnDecision())).items():
                self.fields[f"{each.key}-{name}"] = field

    @property
    def joint(self) -> list[Any]:
        return [self[name] for name in ("decided_by", "decided_on", "registry_number")]

    @property
    def by_municipality(self) -> list[tuple[Municipality, list[Any]]]:
        """Each municipality with its bound fields."""
        return [(each, [self[f"{each.key}-{name}"] for name in OWN]) for each in self.partners]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for each in self.partners:
            own = self.own(each)
            if not own.decided_by and (own.decided_on or own.registry_number):
                self.add_error(f"{each.key}-decided_by", _("Skriv vem som beslutade."))
        return said

    def own(self, municipality: Municipality) -> OwnDecision:
        said = {name: self.cleaned_data.get(f"{municipality.key}-{name}") for name in OWN}
        return OwnDecision(**{name: value for name, value in said.items() if value})

    @property
    def facts(self) -> Facts:
        """What the form says of the decision; a municipality that isn't asked of keeps what was said."""
        own = {each.key: self.own(each) for each in self.partners}
        return Facts(**{name: self.cleaned_data[name] for name in JOINT}, own=own)

    def show_again(self, saved: Facts) -> None:
        """Lets the same be saved once more, now that its user is told what is saved."""
        self.data = {**self.data.dict(), "seen": saved.mark}  # type: ignore[attr-defined]


def fields_of(own: OwnDecision) -> dict[str, forms.Field]:
    """The fields of a municipality's own decision, as they begin."""
    return {
        "decided_by": forms.CharField(
            label=_("Beslutat av"), max_length=200, required=False, initial=own.decided_by
        ),
        "decided_on": DayField(_("Beslutsdatum"), initial=own.decided_on),
        "registry_number": forms.CharField(
            label=_("Diarienummer"), max_length=60, required=False, initial=own.registry_number
        ),
    }


class AdoptForm(forms.Form):
    """Adopts the draft as its user saw it."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
