"""What is asked of a plan's log of changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.http import urlencode
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from actionplan.forms.fields import DayField
from followup.log import KINDS, Asked, Scope
from publishing.formats import swedish_key


class LogFilter(forms.Form):
    """What to show of the log. Every parameter of its address goes through here."""

    vem = forms.ChoiceField(label=_("Vem"), required=False)
    vad = forms.ChoiceField(label=_("Vad"), required=False)
    fran = DayField(_("Från"))
    till = DayField(_("Till och med"))
    rader = forms.BooleanField(label=_("Visa varje rad för sig"), required=False)
    andring = forms.RegexField(rf"^({'|'.join(KINDS)})-\d{{1,9}}$", required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data, auto_id="filter_%s")
        people = sorted(scope.people.items(), key=lambda each: swedish_key(each[1]))
        labels = [(code, kind.label) for code, kind in KINDS.items()]
        kinds = sorted(labels, key=lambda each: swedish_key(each[1]))
        self.fields["vem"].choices = [("", _("Alla")), *people]  # type: ignore[attr-defined]
        self.fields["vad"].choices = [("", _("Allt")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("fran"), said.get("till")
        if first and last and first > last:
            self.add_error("till", _("Perioden kan inte sluta innan den börjar."))
        return said

    @property
    def is_one_by_one(self) -> bool:
        return bool(self.said.get("rader"))

    @property
    def is_filtered(self) -> bool:
        return any(self.said.get(name) for name in ("vem", "vad", "fran", "till"))

    @property
    def said(self) -> dict[str, Any]:
        """What is asked for; a parameter that isn't valid asks for nothing."""
        self.is_valid()
        return self.cleaned_data

    def asked(self) -> Asked:
        kind, person, start = (self.said.get(name) for name in ("vad", "vem", "andring"))
        first, last = self.said.get("fran"), self.said.get("till")
        code, _dash, number = (start or "").rpartition("-")
        return Asked(
            kinds=(KINDS[kind],) if kind else tuple(KINDS.values()),
            person=int(person) if person else None,
            since=beginning_of(first) if first else None,
            until=beginning_of(last + timedelta(days=1)) if last else None,
            start=(code, int(number)) if start else None,
        )

    def address(self, **changed: Any) -> str:
        """The address of the same, but for what is changed."""
        asked = {name: value for name, value in {**self.said, **changed}.items() if value}
        return "?" + urlencode({name: "on" if value is True else value for name, value in asked.items()})


def beginning_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))
