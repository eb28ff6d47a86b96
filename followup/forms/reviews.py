"""What a follow-up owner fills in about a challenge and its goals, and what the editor answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from actionplan.merging import Change, MergedField, merge
from followup.models import ChallengeReview, GoalAssessment, Verdict
from followup.reports.goals import GoalStanding
from followup.reviewing import SAID, SAID_OF_GOAL, Lack, Now, Words, lacks, number_of, says

NOT_SEEN = -1
"""What a form saw that doesn't tell: no row has that number."""

NOT_TOO_LONG = MaxLengthValidator(
    10_000, _("Texten är %(show_value)d tecken lång. Högst %(limit_value)d får plats.")
)


class ReviewDeed(StrEnum):
    """What a button on the page does."""

    SAVE = "save"
    SEND_IN = "send-in"
    TAKE_BACK = "take-back"
    RETURN = "return"
    APPROVE = "approve"


class LongText(forms.CharField):
    """A text of several lines, which are parted alike whatever browser sent them."""

    default_validators = [NOT_TOO_LONG]

    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class SeeingForm(forms.Form):
    """Carries the number of the row that its user saw; one that doesn't tell has seen none that there is."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def saw(self) -> int:
        seen = self.cleaned_data.get("seen", "")
        return int(seen) if seen.isdecimal() and seen.isascii() and len(seen) < 10 else NOT_SEEN

    def words(self, fields: tuple[str, ...]) -> Words:
        return Words({name: self.cleaned_data[name] for name in fields}, self.saw)


class NoteForm(SeeingForm):
    """What the editor wants changed."""

    note = LongText(
        label=_("Vad behöver ändras?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv vad som behöver ändras.")},
    )


class ReviewForm(SeeingForm):
    """What is said of the challenge."""

    purpose = LongText(
        label=_("Hur går det med syftet?"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    deviations = LongText(
        label=_("Vilka avvikelser finns, och vad görs åt dem?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    proposals = LongText(
        label=_("Vad föreslår ni till nästa revidering?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AssessmentForm(SeeingForm):
    """What is made of a goal; without a verdict of one's own the computed one holds."""

    verdict = forms.ChoiceField(label=_("Bedömning"), required=False, widget=forms.RadioSelect)
    reason = LongText(
        label=_("Varför bedömer ni målet så?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Behövs när ni gör en egen bedömning."),
    )
    action = LongText(
        label=_("Vad gör ni för att nå målet?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Behövs när målet inte är uppnått, om ni inte skriver varför inget behöver göras."),
    )
    no_action = LongText(
        label=_("Eller varför behöver inget göras?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, *, goal: GoalStanding, initial: dict[str, Any]) -> None:
        super().__init__(data, prefix=f"goal-{goal.key}", initial=initial)
        self.goal = goal
        computed = (
            _("Som uträknat: %(verdict)s") % {"verdict": goal.computed_label}
            if goal.targets
            else _("Inte bedömt")
        )
        self.fields["verdict"].choices = [("", computed), *Verdict.choices]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Difference:
    """A field in which somebody else has written since its user looked.

    `goal` is empty for what is said of the challenge. Where only the other one wrote, that is `taken_over`
    into the form; where both did, the form keeps what its user wrote.
    """

    goal: str
    label: str
    mine: str
    theirs: str
    taken_over: bool


class ReviewForms:
    """The form of a challenge and those of its goals, sent and checked together."""

    def __init__(
        self,
        goals: Sequence[GoalStanding],
        current: Now,
        data: Mapping[str, Any] | None = None,
        *,
        differences: Sequence[Difference] = (),
    ) -> None:
        self.differences = differences
        self.review = ReviewForm(data, initial=started(current.review, SAID))
        self.goals = [
            AssessmentForm(data, goal=goal, initial=started(current.goals.get(goal.key), SAID_OF_GOAL))
            for goal in goals
        ]

    def __iter__(self) -> Iterator[SeeingForm]:
        yield self.review
        yield from self.goals

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self)

    def is_valid(self, *, to_send_in: bool = False) -> bool:
        """Whether what was written can be saved or, if that is asked, sent in."""
        for form in self:
            form.full_clean()  # every one, also after one that is wrong
        if to_send_in and not self.errors:
            said_of_goals = {form.goal.key: form.words(SAID_OF_GOAL).said for form in self.goals}
            self.add(lacks(self.review.words(SAID).said, said_of_goals, computed_of(self.goals)))
        return not self.errors

    def add(self, lacking: Iterator[Lack]) -> None:
        forms_of = {"": self.review, **{form.goal.key: form for form in self.goals}}
        for each in lacking:
            forms_of[each.goal].add_error(each.field, each.sentence)

    @property
    def words(self) -> Words:
        return self.review.words(SAID)

    @property
    def words_of_goals(self) -> dict[str, Words]:
        return {form.goal.key: form.words(SAID_OF_GOAL) for form in self.goals}

    def after(self, base: Now, current: Now) -> ReviewForms:
        """The same words once more, now to be written after `current`; `base` is what their user saw.

        What only the other one changed is taken over. Nothing that the user wrote is left out.
        """
        data: dict[str, str] = {}
        differences: list[Difference] = []
        for form, subject, fields in self.subjects():
            latest = row_of(current, subject)
            data[form.add_prefix("seen")] = str(number_of(latest))
            mine = {name: form.cleaned_data[name] for name in fields}
            for field in merge(fields, says(row_of(base, subject), fields), says(latest, fields), mine):
                data[form.add_prefix(field.name)] = kept(field)
                if field.change in (Change.THEY, Change.BOTH):
                    differences.append(difference(form, field))
        again = ReviewForms([form.goal for form in self.goals], current, data, differences=differences)
        again.is_valid()
        return again

    def subjects(self) -> Iterator[tuple[SeeingForm, str, tuple[str, ...]]]:
        """Each form with the key of its goal, empty for the challenge, and the fields that people fill in."""
        yield self.review, "", SAID
        for form in self.goals:
            yield form, form.goal.key, SAID_OF_GOAL


def kept(field: MergedField) -> str:
    """What the form holds after a conflict: what its user wrote, or what they had left alone was made."""
    return field.mine if field.needs_choice else field.value()


def difference(form: SeeingForm, field: MergedField) -> Difference:
    return Difference(
        goal=form.goal.text if isinstance(form, AssessmentForm) else "",
        label=str(form.fields[field.name].label),
        mine=shown_as(form, field.name, field.mine),
        theirs=shown_as(form, field.name, field.theirs),
        taken_over=not field.needs_choice,
    )


def computed_of(goals: Sequence[AssessmentForm]) -> dict[str, str]:
    return {form.goal.key: form.goal.computed for form in goals}


def started(row: ChallengeReview | GoalAssessment | None, fields: tuple[str, ...]) -> dict[str, Any]:
    """What a form begins with: the latest row's words, and its number."""
    return {**says(row, fields), "seen": number_of(row)}


def row_of(rows: Now, subject: str) -> ChallengeReview | GoalAssessment | None:
    return rows.goals.get(subject) if subject else rows.review


def shown_as(form: SeeingForm, name: str, text: str) -> str:
    """What a field says, in words."""
    field = form.fields[name]
    return str(dict(field.choices).get(text, text)) if isinstance(field, forms.ChoiceField) else text  # type: ignore[arg-type]
