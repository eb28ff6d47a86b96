"""What a coordinator fills in about an indicator's outcome."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplan.forms.numbers import NumberField
from actionplan.forms.shared import NUMBERS_END, TOO_LONG, sentence_of
from actionplan.models import Indicator
from followup.measuring import SAID, says
from followup.models import MissingReason, Outcome
from publishing.formats import written_whole


def contradictions(value: Decimal | None, missing_reason: str) -> dict[str, str]:
    """What is wrong where there isn't exactly one of a value and a reason for none, by where it is."""
    if value is not None and missing_reason:
        return {
            "missing_reason": gettext(
                "Du har skrivit ett värde. Ta bort det, eller skälet till att det saknas."
            )
        }
    if value is None and not missing_reason:
        return {"value": sentence_of(Outcome, "an_outcome_has_a_value_or_a_reason_for_none")}
    return {}


class OutcomeForm(forms.Form):
    """What a coordinator says of an outcome; carries the number of the row that they saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=NUMBERS_END)
    value = NumberField(label=_("Värde"), required=False)
    preliminary = forms.BooleanField(
        label=_("Värdet är preliminärt"),
        required=False,
        help_text=_("Det är framtaget, men kan komma att ändras."),
    )
    missing_reason = forms.ChoiceField(label=_("Om det inte finns något värde: varför?"), required=False)
    source = forms.CharField(
        label=_("Källa"),
        required=False,
        validators=[MaxLengthValidator(200, TOO_LONG)],
        help_text=_("Till exempel Kolada, SCB eller kommunens egen mätning."),
    )
    source_url = forms.URLField(
        label=_("Källans adress"),
        required=False,
        assume_scheme="https",
        validators=[MaxLengthValidator(500, TOO_LONG)],
        help_text=_("Om den finns på webben, till exempel https://www.kolada.se"),
        error_messages={"invalid": _("Skriv hela adressen, till exempel https://www.kolada.se")},
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        reasons = [("", gettext("Det finns ett värde")), *MissingReason.choices]
        self.fields["missing_reason"].choices = reasons  # type: ignore[attr-defined]
        self.fields["value"].help_text = " ".join(
            [
                gettext("Skriv alla decimaler du har, till exempel 74,5."),
                *([gettext("Enhet: %(unit)s.") % {"unit": indicator.unit}] if indicator.unit else []),
            ]
        )

    @classmethod
    def holding(cls, latest: Outcome | None, indicator: Indicator) -> OutcomeForm:
        """A form with what is said now, to be written after it."""
        if latest is None:
            source = {"source": indicator.source, "source_url": indicator.source_url}
            return cls(initial={**source, "seen": 0}, indicator=indicator)
        value = "" if latest.value is None else written_whole(latest.value)
        return cls(initial=says(latest) | {"value": value, "seen": latest.number}, indicator=indicator)

    def go_on_from(self, unsent: Mapping[str, str]) -> None:
        """Holds what was sent and never saved, instead of what is said now."""
        self.initial.update({name: unsent.get(name, "") for name in ("seen", *SAID)})

    def clean(self) -> dict[str, Any]:
        """Asks for exactly one of a value and a reason for none; only a value is preliminary."""
        said = super().clean() or {}
        if "value" not in said or "missing_reason" not in said:
            return said
        is_there = said["value"] is not None
        for name, sentence in contradictions(said["value"], said["missing_reason"]).items():
            self.add_error(name, sentence)
        if not is_there:
            said["preliminary"] = False
        return said

    @property
    def saw(self) -> int:
        """The number of the row that the user saw; more than there can be when the page didn't tell."""
        return self.cleaned_data.get("seen", NUMBERS_END)

    @property
    def written_reason(self) -> str:
        """The reason that was chosen, in words."""
        chosen = self["missing_reason"].value()
        return str(dict(MissingReason.choices).get(chosen, gettext("Inget värde")))

    def after(self, latest: Outcome | None) -> OutcomeForm:
        """The same words once more, now to be written after `latest`: the user is shown it.

        What was wrong is still told; nothing wrong and nobody in between means that the page was.
        """
        number = latest.number if latest else 0
        sent = {name: self.data.get(name, "") for name in SAID} | {"seen": str(number)}
        form = OutcomeForm(sent, indicator=self.indicator)
        if form.is_valid() and self.saw >= number:
            form.add_error(None, _("Sidan stämde inte med det som är sparat. Läs igenom och spara igen."))
        return form

    def said(self) -> dict[str, Any]:
        """The fields that a person fills in, by name."""
        return {name: self.cleaned_data[name] for name in SAID}
