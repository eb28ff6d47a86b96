"""What a coordinator fills in about an activity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from actionplan.forms.shared import NUMBERS_END, sentence_of
from followup.models import Status, StatusReport
from followup.reporting import SAID

TEXTS = ("comment", "result", "reason", "action")
"""What is told in words; the browser isn't told how long they may be, since it would cut without a word."""

NOT_TOO_LONG = MaxLengthValidator(
    4000, _("Texten är %(show_value)d tecken lång. Högst %(limit_value)d får plats.")
)


class ReportForm(forms.ModelForm[StatusReport]):
    """What a coordinator says of an activity; carries the number of the report that they saw.

    One that was begun from last year's report (`same_as_last`) asks for this year's comment.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=NUMBERS_END)
    same_as_last = forms.BooleanField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = StatusReport
        fields = SAID
        labels = {
            "status": _("Hur går det?"),
            "comment": _("Vad har gjorts?"),
            "result": _("Vad gav det?"),
            "reason": _("Varför är den försenad eller avbruten?"),
            "action": _("Vad gör ni åt det?"),
            "link": _("Länk till mer att läsa"),
        }
        help_texts = {
            "comment": _("Två meningar räcker. Texten blir offentlig när året publiceras."),
            "result": _("Behövs när läget är Genomförd."),
            "reason": _("Behövs när läget är Försenad eller Avbruten."),
            "link": _("Till exempel https://www.enkoping.se/moten"),
        }
        widgets = {
            "status": forms.RadioSelect,
            "comment": forms.Textarea(attrs={"rows": 3}),
            "result": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 2}),
            "action": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"status": {"required": _("Välj hur det går.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = Status.choices  # type: ignore[attr-defined]
        for name in TEXTS:
            self.fields[name].validators.append(NOT_TOO_LONG)

    def clean(self) -> dict[str, Any]:
        """Ties what a status needs to its field; the sentences are the database's own."""
        said = super().clean() or {}
        status = said.get("status")
        if status == Status.COMPLETED and said.get("result") == "":
            self.add_error("result", sentence_of(StatusReport, "completed_tells_its_result"))
        if status in (Status.DELAYED, Status.CANCELLED) and said.get("reason") == "":
            self.add_error("reason", sentence_of(StatusReport, "delayed_and_cancelled_tell_why"))
        if said.get("same_as_last") and said.get("comment") == "":
            self.add_error("comment", _("Skriv vad som har gjorts i år. Förra årets text följer inte med."))
        return said

    @property
    def saw(self) -> int:
        """The number of the report that the user saw; more than there can be when the page didn't tell."""
        return self.cleaned_data.get("seen", NUMBERS_END)

    def after(self, latest: StatusReport | None) -> ReportForm:
        """The same words once more, now to be written after `latest`, when the page told a number that isn't.

        What was wrong is still told; nothing wrong means that the page was.
        """
        number = latest.number if latest else 0
        form = ReportForm(
            {**{name: self.data.get(name, "") for name in SAID}, "seen": str(number)}, auto_id=self.auto_id
        )
        if form.is_valid():
            form.add_error(None, _("Sidan stämde inte med det som är sparat. Läs igenom och spara igen."))
        return form

    def said(self) -> dict[str, Any]:
        """The fields that a person fills in, by name."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
