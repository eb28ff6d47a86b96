"""What is chosen where two people wrote different things of the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actionplan.forms.shared import NUMBERS_END
from actionplan.merging import Change, Choice, MergedField, adds_nothing, merged


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
    """Carries what I wrote, the number of what I saw and of what the merge comes after.

    Fields that both have changed are chosen; a text may be kept from both. What I wrote has the names that it
    has in the form where it was written, so that it can be gone on with there.
    """

    merging = forms.BooleanField(widget=forms.HiddenInput, required=False, initial=True)
    seen: Any = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=NUMBERS_END)
    after: Any = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=NUMBERS_END)

    texts: Collection[str] = ()
    """Names of the fields whose words may be kept from both."""

    def __init__(self, data: Any = None, *, merge: tuple[MergedField, ...], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.merge = merge
        for each in merge:
            self.fields[each.name] = forms.CharField(
                widget=forms.HiddenInput, required=False, strip=False, initial=each.mine
            )
            if each.needs_choice:
                self.fields[choice_of(each.name)] = forms.ChoiceField(
                    label=self.label_of(each.name),
                    widget=forms.RadioSelect,
                    choices=[
                        (Choice.THEIRS, _("Det som är sparat")),
                        (Choice.MINE, _("Det jag skrev")),
                        *([(Choice.BOTH, _("Båda texterna"))] if each.name in self.texts else []),
                    ],
                    error_messages={"required": _("Välj vad som ska gälla.")},
                )

    def label_of(self, name: str) -> Any:
        """What the field is called on the page."""
        raise NotImplementedError

    def words_of(self, name: str, value: str) -> str:
        """What a version of the field says, where that isn't what it holds."""
        return value

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
            label=str(self.label_of(field.name)),
            change=field.change,
            started=field.started,
            theirs=field.theirs,
            mine=field.mine,
            started_words=self.words_of(field.name, field.started),
            theirs_words=self.words_of(field.name, field.theirs),
            mine_words=self.words_of(field.name, field.mine),
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
