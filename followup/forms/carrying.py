"""What an editor decides of the activities and the targets of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from actionplan.carrying import Decided, Years
from actionplan.forms.fields import YearField
from actionplan.forms.numbers import NumberField
from actionplan.forms.shared import sentence_of
from actionplan.models import Activity, Ending, Revision
from followup.forms.reporting import NOT_TOO_LONG
from followup.reports.aiming import Suggestion, TargetsAhead
from followup.reports.carrying import ActivityBefore
from publishing.formats import written_whole

DECISIONS = (
    (Decided.CARRIED, _("Förs vidare")),
    (Decided.REPLACED, _("Ersätts av en ny")),
    (Decided.ENDED, _("Avslutas")),
    (Decided.DONE, _("Klar, lämnas ut")),
)
TYPED = ("title", "description", "expected_result", "reason")
"""What is written freely."""


class DeedForm(forms.Form):
    """A button in the list: what is done with an activity at once.

    One that takes a decision back tells which, and what it knows would be lost: "take-back moved 5f2c…".
    """

    deed = forms.RegexField(
        rf"^(carry-on|leave-out|done|take-back ({'|'.join(Decided.values)})( [0-9a-f]{{64}})?)\Z"
    )

    @property
    def told(self) -> tuple[str, str, str]:
        """The deed, the decision that it takes back, and what it knows would be lost."""
        deed, _space, more = str(self.cleaned_data["deed"]).partition(" ")
        seen, _space, knowing = more.partition(" ")
        return deed, seen, knowing


class AllForm(forms.Form):
    """A button above the list: what is done with all that are left."""

    deed = forms.ChoiceField(choices=[(each, each) for each in ("carry-on-all", "leave-out-all")])


class DecisionForm(forms.Form):
    """What is decided of an activity, with what the decision asks for."""

    decision = forms.ChoiceField(
        label=_("Vad händer med den?"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj vad som händer."), "invalid_choice": _("Välj vad som händer.")},
    )
    challenge = forms.ChoiceField(required=False)
    title = forms.CharField(
        label=_("Den nya"),
        required=False,
        validators=[MaxLengthValidator(300, _("Skriv kortare: högst %(limit_value)d tecken får plats."))],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Som den ska stå i planen. De ansvariga följer med från den gamla."),
    )
    description = forms.CharField(
        label=_("Beskrivning"),
        required=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected_result = forms.CharField(
        label=_("Förväntat resultat"),
        required=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    first_year = YearField(_("Från år"), required=False)
    last_year = YearField(_("Till år"), required=False, help_text=_("Tomt när det inte är bestämt."))
    reason = forms.CharField(
        label=_("Varför avslutas den?"),
        required=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Behövs när den avslutas. Texten blir offentlig när planen fastställs."),
    )

    def __init__(
        self, *args: Any, row: ActivityBefore, draft: Revision, places: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        if row.has_place:
            del self.fields["challenge"]
        else:
            choices = [("", _("Välj …")), *places.items()]
            self.fields["challenge"].choices = choices  # type: ignore[attr-defined]
            self.fields["challenge"].label = draft.plan.words.challenge.capitalize()

    @classmethod
    def begun(cls, row: ActivityBefore, draft: Revision, places: Mapping[str, str]) -> DecisionForm:
        """The form with what was decided before, and what by default happens to an activity that is done."""
        words = row.activity
        _how, reason = row.ending
        last = draft.year if row.is_over else words.last_year
        initial = {
            "decision": row.ending[0] if row.leaves else "",
            "title": words.title,
            "description": words.description,
            "expected_result": words.expected_result,
            "first_year": words.first_year,
            "last_year": last,
            "reason": reason,
        }
        return cls(initial=initial, row=row, draft=draft, places=places)

    def go_on_from(self, unsent: Mapping[str, str]) -> None:
        """Holds what was sent and never saved."""
        self.initial.update({name: unsent.get(name, "") for name in self.fields})

    def clean_title(self) -> str:
        """The title on one line, however it was typed."""
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        """Ties what a decision needs to its field; the sentences are the database's own."""
        said = super().clean() or {}
        decision = said.get("decision")
        if decision == Decided.REPLACED and said.get("title") == "":
            self.add_error("title", _("Skriv vad den nya heter."))
        elif decision == Decided.REPLACED and self.says_the_same(said):
            self.add_error("title", _("Den nya är likadan som den gamla. Skriv det som är nytt."))
        if decision == Decided.ENDED and said.get("reason") == "":
            self.add_error("reason", sentence_of(Ending, "what_is_ended_has_a_reason"))
        if decision not in (Decided.CARRIED, Decided.REPLACED):
            return said
        if said.get("challenge") == "":
            self.add_error("challenge", _("Välj var den ska stå."))
        first, last = said.get("first_year"), said.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", sentence_of(Activity, "activity_ends_after_it_starts"))
        return said

    def says_the_same(self, said: Mapping[str, Any]) -> bool:
        """Whether the new one's words are the old one's, however they are spaced."""
        words = ("title", "description", "expected_result")
        return all(said.get(name, "").split() == getattr(self.row.activity, name).split() for name in words)

    @property
    def years(self) -> Years:
        return self.cleaned_data["first_year"], self.cleaned_data["last_year"]

    @property
    def words(self) -> dict[str, Any]:
        """What the new activity says."""
        names = ("title", "description", "expected_result", "first_year", "last_year")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def place(self) -> str:
        """The key of the challenge that was chosen; empty where nobody was asked."""
        return self.cleaned_data.get("challenge", "")

    @property
    def typed(self) -> list[str]:
        """What somebody wrote, to give back where the form can't be shown again."""
        begun = self.begun_with
        written = [str(self.data.get(name, "")) for name in TYPED]
        return [text for text in written if text.strip() and text not in begun]

    @property
    def begun_with(self) -> tuple[str, ...]:
        words = self.row.activity
        return (words.title, words.description, words.expected_result, self.row.ending[1])


class AimForm(forms.Form):
    """A target's value for the draft's year, like the target with the key that it tells."""

    like = forms.SlugField(max_length=100, widget=forms.HiddenInput)
    value = NumberField(label=_("Värde"), error_messages={"required": _("Skriv ett tal, till exempel 74,5.")})

    @classmethod
    def for_each(
        cls, page: TargetsAhead, sent: AimForm | None, unsent: Mapping[str, str]
    ) -> dict[str, AimForm]:
        """A form for each target that is lacking, by the key of what it is like, with the last value.

        One holds what was sent, or what was sent and never saved.
        """
        forms = {}
        for each in page.suggestions:
            is_sent = sent is not None and sent["like"].value() == each.like
            begun = {"like": each.like, "value": "" if each.value is None else written_whole(each.value)}
            if unsent.get("like") == each.like:
                begun["value"] = unsent.get("value", "")
            form = cls(sent.data if sent and is_sent else None, initial=begun, auto_id=f"id_{each.like}_%s")
            form.about = each
            forms[each.like] = form
        return forms

    about: Suggestion


class TakeBackAimForm(forms.Form):
    """A target that is taken away, with the value that the page showed."""

    take_back = forms.SlugField(max_length=100)
    seen = forms.DecimalField()
