"""What is chosen where two people wrote different things of an activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from followup.forms.reporting import TEXTS, ReportForm
from followup.forms.shared import NUMBERS_END
from followup.merging import Change, Choice, MergedField, adds_nothing, merged
from followup.models import Status


@dataclass(frozen=True)
class Shown:
    """A field of the merge as the page shows it: its three versions, each with the word for it."""

    name: str
    label: str
    change: str
    started: str
    theirs: str
    mine: str
    started_words: str
    theirs_words: str
    mine_words: str
    choice: Any = None
    """The bound field, where there is something to choose."""


class MergeForm(forms.Form):
    """Carries what I wrote, the number of the row that I saw and of the one that the merge comes after.

    Fields that both have changed are chosen; a text may be kept from both. What I wrote has the names that it
    has in ReportForm, so that it can be gone on with there.
    """

    merging = forms.BooleanField(widget=forms.HiddenInput, required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=NUMBERS_END)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=NUMBERS_END)

    def __init__(self, data: Any = None, *, merge: tuple[MergedField, ...], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.merge = merge
        for each in merge:
            self.fields[each.name] = forms.CharField(
                widget=forms.HiddenInput, required=False, strip=False, initial=each.mine
            )
            if each.needs_choice:
                self.fields[choice_of(each.name)] = forms.ChoiceField(
                    label=label_of(each.name),
                    widget=forms.RadioSelect,
                    choices=[
                        (Choice.THEIRS, _("Det som är sparat")),
                        (Choice.MINE, _("Det jag skrev")),
                        *([(Choice.BOTH, _("Båda texterna"))] if each.name in TEXTS else []),
                    ],
                    error_messages={"required": _("Välj vad som ska gälla.")},
                )

    @property
    def asked(self) -> list[Shown]:
        """The fields that both have changed."""
        return [self.shown(each) for each in self.merge if each.needs_choice]

    @property
    def taken(self) -> list[Shown]:
        """The fields that are taken without asking, since one alone has changed them, or both alike."""
        taken = (Change.THEY, Change.I, Change.ALIKE)
        return [self.shown(each) for each in self.merge if each.change in taken]

    @property
    def adds_nothing(self) -> bool:
        return adds_nothing(self.merge)

    def shown(self, field: MergedField) -> Shown:
        return Shown(
            name=field.name,
            label=str(label_of(field.name)),
            change=field.change,
            started=field.started,
            theirs=field.theirs,
            mine=field.mine,
            started_words=words_of(field.name, field.started),
            theirs_words=words_of(field.name, field.theirs),
            mine_words=words_of(field.name, field.mine),
            choice=self[choice_of(field.name)] if field.needs_choice else None,
        )

    def whole(self) -> dict[str, str]:
        """The merge as chosen, by field's name."""
        choices: Mapping[str, str] = {
            each.name: self.cleaned_data[choice_of(each.name)] for each in self.merge if each.needs_choice
        }
        return merged(self.merge, choices)


def choice_of(name: str) -> str:
    return f"choose_{name}"


def label_of(name: str) -> Any:
    return ReportForm.base_fields[name].label


def words_of(name: str, value: str) -> str:
    """What a version of a field says; a status by its label."""
    return str(dict(Status.choices).get(value, "")) if name == "status" else value
