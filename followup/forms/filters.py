"""What is asked of a plan's activities."""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from followup.counts import ORDER, label_of
from followup.reports.listing import CHALLENGE, NOBODY, ActivityList, Column, ListedActivity


class ActivityFilter(forms.Form):
    """What to show of a plan's activities, and how. Every parameter of the address goes through here."""

    q = forms.CharField(label=_("Ord i aktiviteten"), required=False, max_length=100)
    utmaning = forms.ChoiceField(label=_("Utmaning"), required=False)
    ansvarig = forms.ChoiceField(label=_("Ansvarig"), required=False)
    ar = forms.TypedChoiceField(label=_("Pågår år"), required=False, coerce=int, empty_value=None)
    lage = forms.ChoiceField(label=_("Läge"), required=False)
    ordning = forms.ChoiceField(label=_("Ordning"), required=False)
    sida = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, activities: ActivityList, years: range, followed_up: int | None, word: str
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.activities = activities
        everything = ("", _("Alla"))
        self.choose("utmaning", [everything, *activities.challenges])
        self.choose("ansvarig", [everything, *activities.organisations, (NOBODY, _("Ansvarig saknas"))])
        self.choose("ar", [everything, *((year, str(year)) for year in years)])
        self.choose("lage", [everything, *((code, label_of(code)) for code in ORDER)])
        self.choose(
            "ordning",
            [("", _("Planens ordning")), *chain.from_iterable(map(ways_of_sorting, activities.columns))],
        )
        self.fields["utmaning"].label = word.capitalize()
        self.fields["q"].widget.input_type = "search"
        if followed_up is None:
            del self.fields["lage"]
        else:
            self.fields["lage"].label = _("Läge %(year)d") % {"year": followed_up}

    def choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What is asked for; a parameter that isn't valid asks for nothing."""
        self.is_valid()
        return self.cleaned_data

    @property
    def order(self) -> str:
        return self.said.get("ordning", "")

    def found(self) -> tuple[ListedActivity, ...]:
        """The activities that match all that is asked for, in the order that is asked for."""
        rows = self.activities.matching(
            words=self.said.get("q", ""),
            challenge=self.said.get("utmaning", ""),
            responsible=self.said.get("ansvarig", ""),
            year=self.said.get("ar"),
            status=self.said.get("lage", ""),
        )
        return self.activities.in_order(rows, self.order)

    def query(self, **changes: object) -> str:
        """What is asked for as part of an address, from the first page on; empty when it is nothing."""
        asked = {**self.said, "sida": None, **changes}
        return urlencode({name: value for name, value in asked.items() if value})

    def headings(self) -> list[Heading]:
        """The columns' headings, each with the way to the list sorted by it, or the other way round.

        In the plan's own order the rows stand under their challenges, which are no column.
        """
        return [
            Heading(
                name=each.name,
                label=each.heading,
                query=self.query(ordning=f"-{each.name}" if self.order == each.name else each.name),
                direction=DIRECTIONS.get(self.order.replace(each.name, "by"), ""),
            )
            for each in self.activities.columns
            if self.order or each.name != CHALLENGE
        ]


DIRECTIONS = {"by": "ascending", "-by": "descending"}


class Heading(NamedTuple):
    """Of a column. `direction`: which way the list is sorted by it, as `aria-sort` has it; else empty."""

    name: str
    label: str
    query: str
    direction: str


def ways_of_sorting(column: Column) -> list[tuple[str, str]]:
    """The column as two choices."""
    return [
        (column.name, f"{column.heading}, {column.first}"),
        (f"-{column.name}", f"{column.heading}, {column.last}"),
    ]
