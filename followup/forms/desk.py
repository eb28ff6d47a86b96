"""What the editor of a plan fills in to lead a year's round."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from actionplan.forms.fields import DayField, YearField
from actionplan.forms.shared import sentence_of
from actionplan.models import Plan
from followup.leading import Dates
from followup.left import Left
from followup.models import FollowUp, Stage
from followup.reports.desk import ActivityAtDesk, Desk
from municipalities.history import REASON_LENGTH
from municipalities.models import User
from publishing.formats import counted, joined
from publishing.languages import as_content
from publishing.parts import MOST_ROWS


class DaysForm(forms.Form):
    """When a year opens and is due."""

    opens = DayField(gettext_lazy("Öppnar"))
    due = DayField(gettext_lazy("Lämnas senast"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        opens, due = said.get("opens"), said.get("due")
        if opens and due and opens > due:
            self.add_error("due", sentence_of(FollowUp, "a_followup_is_due_after_it_opens"))
        return said

    @property
    def days(self) -> Dates:
        return self.cleaned_data["opens"], self.cleaned_data["due"]


class DatesForm(DaysForm):
    """The same of a year that has been begun; carries the days that its user saw."""

    seen_opens = forms.DateField(required=False, widget=forms.HiddenInput)
    seen_due = forms.DateField(required=False, widget=forms.HiddenInput)

    @property
    def seen(self) -> Dates:
        """The days that the page showed; none that there can be when the page didn't tell."""
        return self.cleaned_data.get("seen_opens", date.max), self.cleaned_data.get("seen_due", date.max)

    def show_again(self, followup: FollowUp, refusal: forms.ValidationError) -> None:
        """Lets the same days be saved once more, now that their user is told what is saved."""
        seen = {"seen_opens": followup.opens or "", "seen_due": followup.due or ""}
        self.data = {**self.data.dict(), **{name: str(day) for name, day in seen.items()}}  # type: ignore[attr-defined]
        self.add_error(None, forms.ValidationError(refusal.messages))


class BeginForm(DaysForm):
    """Which year to follow up, and which revision of the plan."""

    year = YearField(gettext_lazy("År att följa upp"))
    revision = forms.TypedChoiceField(
        label=gettext_lazy("Revidering"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Välj en av planens fastställda revideringar.")},
    )
    field_order = ["year", "revision", "opens", "due"]

    def __init__(self, *args: Any, plan: Plan, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = year
        self.plan = plan
        adopted = [each for each in plan.revisions.all() if each.is_adopted]
        self.revisions = {each.year: each for each in adopted}
        in_force = max((each.year for each in adopted if each.year <= year), default=None)
        if in_force is not None:
            words = {"year": year, "revision": in_force}
            self.fields["revision"].help_text = _("För %(year)d gäller revidering %(revision)d.") % words
        choices = [(each.year, _("Revidering %(year)d") % {"year": each.year}) for each in adopted]
        self.fields["revision"].choices = [("", _("Den som gäller för året")), *choices]  # type: ignore[attr-defined]

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if FollowUp.objects.filter(plan=self.plan, year=year).exists():
            raise forms.ValidationError(sentence_of(FollowUp, "a_plan_is_followed_up_once_a_year"))
        return year


class MoveForm(forms.Form):
    """A move to another stage; carries the one that its user saw."""

    seen = forms.ChoiceField(
        label=gettext_lazy("Skede"),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            gettext_lazy("Sidan stämde inte med det som är sparat. Gå till arbetsytan och börja därifrån."),
        ),
    )

    def __init__(self, *args: Any, stages: Iterable[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = [(each.value, each.label) for each in stages]  # type: ignore[attr-defined]


class ReopenForm(MoveForm):
    """Opens a published year for correction."""

    reason = forms.CharField(
        label=gettext_lazy("Varför öppnas den för rättelse?"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy(
            "Läsarna får veta det när rättelsen publiceras. Till exempel: Fel siffra för Västerås."
        ),
        error_messages={"required": gettext_lazy("Skriv varför uppföljningen öppnas för rättelse.")},
    )


class PublishForm(forms.Form):
    """Publishes the year as its user saw it; a correction says what has been corrected."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    corrects = forms.CharField(
        label=gettext_lazy("Vad är rättat?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Läses av alla, på sidan och i PDF:en. Till exempel: Västerås värde för NKI var fel."
        ),
        error_messages={"required": gettext_lazy("Skriv vad som rättats.")},
    )
    registry_number = forms.CharField(
        label=gettext_lazy("Diarienummer"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"size": 20}),
        help_text=gettext_lazy("Om uppföljningen är diarieförd. Det står på sidan och på PDF:ens framsida."),
    )

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["corrects"]


class RemindForm(forms.Form):
    """Whom to remind of what they have left."""

    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Vilka ska få en påminnelse?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Markera minst en."),
            "invalid_choice": gettext_lazy("Någon av dem har inget kvar längre. Välj igen."),
        },
    )

    def __init__(self, *args: Any, left: Iterable[Left], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = {each.person.pk: each for each in left}
        self.fields["people"].choices = [(pk, with_what_is_left(each)) for pk, each in self.left.items()]  # type: ignore[attr-defined]
        self.fields["people"].initial = list(self.left)

    @property
    def chosen(self) -> list[User]:
        return [self.left[pk].person for pk in self.cleaned_data["people"]]


def with_what_is_left(left: Left) -> str:
    """A person, their organisations, and how much they have left of each sort."""
    counts = [
        (left.reports, _("aktivitet"), _("aktiviteter")),
        (left.outcomes, _("utfall"), pgettext("several", "utfall")),
        (left.reviews, _("text att skriva"), _("texter att skriva")),
        (left.answers, _("text att svara på"), _("texter att svara på")),
    ]
    what = joined([counted(len(things), one, several) for things, one, several in counts if things])
    where = ", ".join(left.organisations)
    return format_html('{} <span class="quiet">{} · {}</span>', left.person, where, what)


class AssignForm(forms.Form):
    """Who reports which of the activities that nobody can."""

    activities = forms.MultipleChoiceField(
        label=gettext_lazy("Att rapportera"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Markera minst en."),
            "invalid_choice": gettext_lazy("En av dem har redan någon som rapporterar den. Välj igen."),
        },
    )
    organisation = forms.ChoiceField(
        label=gettext_lazy("Rapporteras av"),
        error_messages={
            "required": gettext_lazy("Välj vem som rapporterar."),
            "invalid_choice": gettext_lazy("Välj en av planens organisationer."),
        },
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.getlist("activities") if self.is_bound else []  # type: ignore[attr-defined]
        offered = [
            each for place, each in enumerate(desk.unreportable) if place < MOST_ROWS or each.key in sent
        ]
        self.choose("activities", ((each.key, with_responsible(each)) for each in offered))
        if len(offered) < len(desk.unreportable):
            told = _("Här står %(shown)d av %(all)d. Resten kommer när de här har fått någon.")
            counts = {"shown": len(offered), "all": len(desk.unreportable)}
            self.fields["activities"].help_text = told % counts
        able = [(each.key, each.name) for each in desk.to_choose if each.can_report]
        unable = [(each.key, each.name) for each in desk.to_choose if not each.can_report]
        groups = [(_("Har samordnare"), able), (_("Har ingen samordnare än"), unable)]
        self.choose("organisation", [("", _("Välj organisation")), *(each for each in groups if each[1])])

    def choose(self, name: str, choices: Iterable[Any]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


def with_responsible(activity: ActivityAtDesk) -> str:
    """The activity, and who answers for it without being able to report."""
    who = ", ".join(activity.responsible) or _("ansvarig saknas")
    about = [as_content(activity.challenge), who, *([_("rapporterad")] if activity.status else [])]
    joined_by_dots = format_html_join(" · ", "{}", ((each,) for each in about))
    return format_html('{} <span class="quiet">{}</span>', as_content(activity.title), joined_by_dots)


class TakeBackForm(forms.Form):
    """Which activity an organisation no longer reports: the key of the one, a space, and the other's."""

    take_back = forms.TypedChoiceField(coerce=lambda value: value.split(" "))

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [f"{each.key} {each.assigned_key}" for each in desk.assigned]
        self.fields["take_back"].choices = [(each, each) for each in there]  # type: ignore[attr-defined]
