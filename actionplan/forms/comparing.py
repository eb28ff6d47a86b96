"""What a reader chooses to compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actionplan.versions import Version, version_before


class CompareForm(forms.Form):
    """Which two versions of a plan to compare; only those that the reader may read are there to choose."""

    fran = forms.ChoiceField(label=_("Från"), required=False)
    till = forms.ChoiceField(label=_("Till"), required=False)

    def __init__(self, data: Any, *, versions: Sequence[Version]) -> None:
        super().__init__(data, auto_id="compare_%s")
        self.versions = {each.value: each for each in versions}
        for name in ("fran", "till"):
            self.fields[name].choices = [(each.value, each.label) for each in versions]  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = _("Välj en av dem som står i listan.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("fran") and cleaned.get("fran") == cleaned.get("till"):
            self.add_error("till", _("Välj två olika att jämföra."))
        return cleaned

    def pair(self) -> tuple[Version, Version] | None:
        """The two, in the order of their years; None when what was chosen can't be compared.

        Unless another is chosen, the latest is compared with the one before it.
        """
        if len(self.versions) < 2 or not self.is_valid():
            return None
        versions = list(self.versions.values())
        after = self.versions.get(self.cleaned_data["till"], versions[-1])
        before = self.versions.get(self.cleaned_data["fran"])
        if before is None or before == after:
            before = version_before(versions, after) or versions[1]
        first, last = sorted((before, after), key=lambda each: (each.revision.year, versions.index(each)))
        return first, last
