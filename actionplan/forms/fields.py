"""Fields that several forms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actionplan.forms.shared import TOO_LONG

YEARS = range(1900, 3000)
"""The years that there may be; four digits stand in the address."""


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar where it has one."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(
            label=label,
            required=False,
            widget=widget,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Skriv datumet så här: 2017-01-31.")},
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        """A browser that is told the year 17 sends 0017."""
        super().validate(value)
        if value and value.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class SearchField(forms.CharField):
    """Words to search by, a hundred characters at most; browsers that are told so cut without a word."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label, required=False, max_length=100, error_messages={"max_length": TOO_LONG}, **kwargs
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes: dict[str, Any] = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        return attributes


class YearField(forms.IntegerField):
    """A year in four digits."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        sentence = _("Skriv ett år, till exempel 2017.")
        super().__init__(
            label=label,
            min_value=YEARS.start,
            max_value=YEARS.stop - 1,
            widget=widget,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
            **kwargs,
        )
