"""The yearly follow-ups, and the numbered rows: read here, and added to, but never changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.forms.shared import NUMBERS_END
from actionplan.models import Activity
from followup.data import decimal_string
from followup.leading import in_text
from followup.models import (
    Assignment,
    ChallengeReview,
    Conflict,
    FollowUp,
    GoalAssessment,
    Notice,
    NumberedRow,
    Outcome,
    StatusReport,
)
from followup.models.stages import MOVES, WHY_NOT, Deed, Stage
from followup.notices import tell_opened
from followup.reporting import SAID
from municipalities.administration import ExplainingAdmin, Lines, TrackedAdmin, WholeForm
from municipalities.journal import note


class AssignmentInline(Lines):
    """Who reports the follow-up's activities when nobody responsible can."""

    model = Assignment
    fields = related = ("activity", "organisation")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Offers the activities that the year follows up."""
        self.activities = obj.activities()
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "activity":
            kwargs["queryset"] = self.activities
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FollowUpForm(WholeForm):
    """Moves a follow-up as the table of stages says; carries the stage that its user has seen.

    Publishing, and opening what is published for correction, is done at the desk.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = self.instance.stage
        after = MOVES[Stage(stage)] if self.instance.pk else set()
        self.fields["seen"].initial = stage
        if "stage" in self.fields:  # which it isn't where the year can only be read
            choices = [
                each for each in Stage.choices if each[0] == stage or each[0] in after - {Stage.PUBLISHED}
            ]
            self.fields["stage"].choices = choices  # type: ignore[attr-defined]
            self.fields["stage"].help_text = _("Publicerar och öppnar för rättelse gör du från arbetsytan.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.instance.pk:
            now = FollowUp.objects.select_for_update(no_key=True).get(pk=self.instance.pk).stage
            if said.get("seen") != now:
                self.data = {**self.data.dict(), "seen": now, "stage": now}  # type: ignore[attr-defined]
                sentence = _(
                    "Någon annan hann före: uppföljningen är nu %(stage)s. Läs igenom och spara igen."
                )
                self.add_error(None, sentence % {"stage": in_text(now)})
        return said


@admin.register(FollowUp)
class FollowUpAdmin(TrackedAdmin):
    form = FollowUpForm
    list_display = ("plan", "year", "stage", "opens", "due", "revision", "reports", "is_example")
    list_display_links = ("plan", "year")
    list_filter = ("stage", "plan", "year", "is_example")
    list_select_related = ("plan", "revision__plan")
    search_fields = ("plan__title", "=year")
    autocomplete_fields = ("plan", "revision")
    permanent = ("plan", "year", "revision")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return (AssignmentInline,) if obj else ()  # which activities there are is known by then

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).annotate(report_count=models.Count("reports"))

    @admin.display(description=gettext_lazy("lägesrapporter"), ordering="report_count")
    def reports(self, followup: Any) -> int:
        return followup.report_count

    def save_model(self, request: HttpRequest, obj: FollowUp, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "stage" in form.changed_data or not change:
            note("followup.stage_changed", plan=obj.plan.slug, year=obj.year, stage=str(obj.stage))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Tells people that the year is open once it is saved who reports in it."""
        super().save_related(request, form, formsets, change)
        if form.instance.is_open and "stage" in form.changed_data:
            tell_opened(form.instance)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What its user has seen is sent along only where something can be changed."""
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "seen" or self.has_change_permission(request, obj)]

    def why_not_change(self, obj: FollowUp) -> str:
        return "" if obj.allows(Deed.PLAN) else str(WHY_NOT[Deed.PLAN])

    def why_not_delete(self, obj: FollowUp) -> str:
        if obj.is_published:
            return _("En uppföljning som har publicerats tas aldrig bort.")
        return _("En uppföljning med lägesrapporter tas aldrig bort.") if obj.reports.exists() else ""


class NumberedForm(WholeForm):
    """Writes the row after the one that its user has seen; shows what came between, and can be sent again."""

    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0, max_value=NUMBERS_END)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        subject = {name: said.get(name) for name in self.instance.subject}
        if "seen" in said and None not in subject.values():
            latest = rows_about(type(self.instance), subject).first()
            if latest and latest.number != said["seen"]:
                self.data = {**self.data.dict(), "seen": str(latest.number)}  # type: ignore[attr-defined]
                sentence = _("Det finns redan en rad: %(line)s. Spara igen om din ska gälla i stället.")
                self.add_error(None, sentence % {"line": line(latest)})
        return said


def rows_about(model: type[NumberedRow], subject: dict[str, Any]) -> models.QuerySet:
    """Everything that has been written about a subject, the latest first."""
    return model.objects.filter(**subject).select_related("author").order_by("-number")


def gist(row: Any) -> str:
    """What a row says, shortly."""
    if isinstance(row, StatusReport):
        return row.get_status_display()
    if isinstance(row, ChallengeReview):
        return row.get_state_display()
    if isinstance(row, GoalAssessment):
        return row.get_verdict_display() or _("uträknad bedömning")
    return row.get_missing_reason_display() or (decimal_string(row.value) or "").replace(".", ",")


def line(row: Any) -> str:
    """A row in one line: its number, what it says, who wrote it and when."""
    written = date_format(localtime(row.written_at), "Y-m-d H:i")
    who = row.author or _("utan konto")
    return _("nr %(number)d, %(gist)s (%(who)s, %(written)s)") % {
        "number": row.number,
        "gist": gist(row),
        "who": who,
        "written": written,
    }


class CurrentFilter(admin.SimpleListFilter):
    """Only the rows that hold now, or all that was ever written."""

    title = gettext_lazy("rader")
    parameter_name = "rader"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("gallande", _("Gällande"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.current() if self.value() == "gallande" else queryset


class NumberedAdmin(ExplainingAdmin):
    """Adds the next row about a subject, in the administrator's name, and shows all that came before it."""

    form = NumberedForm
    carried: tuple[str, ...]
    """Names of the fields in which the next row starts with what the latest one says."""

    def why_not_change(self, obj: NumberedRow) -> str:
        return _("Det som är skrivet ändras aldrig. Skriv en ny rad, så gäller den.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = (*self.model.subject, *self.carried)
        return (*fields, "number", "author", "written_at", "story") if obj else (*fields, "seen")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    @admin.display(description=gettext_lazy("allt som skrivits"))
    def story(self, row: Any) -> SafeString:
        """Every row about the same thing, the latest first, and the way to write the next."""
        subject = {name: getattr(row, f"{name}_id", getattr(row, name)) for name in row.subject}
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        written = format_html_join(
            "", "<li>{}</li>", ([line(each)] for each in rows_about(self.model, subject))
        )
        return format_html(
            '<ul>{}</ul><a href="{}?{}">{}</a>', written, address, urlencode(subject), _("Skriv nästa rad")
        )

    @admin.display(description=gettext_lazy("säger"))
    def gist(self, row: Any) -> str:
        return gist(row)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """Starts from the latest row about the subject that the address names."""
        initial = super().get_changeform_initial_data(request)
        subject = {name: initial[name] for name in self.model.subject if str(initial.get(name)).isdecimal()}
        latest = rows_about(self.model, subject).first() if len(subject) == len(self.model.subject) else None
        return (
            {**model_to_dict(latest, self.carried), **subject, "seen": latest.number} if latest else initial
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """When someone writes the same number in the same moment, the form is shown once more and says so."""
        try:
            return super().add_view(request, form_url, extra_context)
        except Conflict:
            return super().add_view(request, form_url, extra_context)

    def save_model(self, request: Any, obj: NumberedRow, form: Any, change: bool) -> None:
        obj.author = request.user
        obj.write_after(form.cleaned_data["seen"])


@admin.register(StatusReport)
class StatusReportAdmin(NumberedAdmin):
    list_display = ("activity", "followup", "number", "gist", "organisation", "author", "written_at")
    list_filter = (CurrentFilter, "status", "followup__plan", "followup__year", "organisation")
    list_select_related = ("followup__plan", "activity", "organisation", "author")
    search_fields = ("activity__title", "activity__key", "comment", "result", "reason", "author__name")
    autocomplete_fields = ("organisation",)
    carried = ("organisation", *SAID)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.followup.hold(Deed.REPORT)
        super().save_model(request, obj, form, change)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Reports are written while a follow-up is open, and on what it follows up."""
        open_ones = FollowUp.objects.open().select_related("plan")
        if db_field.name == "followup":
            kwargs["queryset"] = open_ones
            kwargs["error_messages"] = {"invalid_choice": WHY_NOT[Deed.REPORT]}
        elif db_field.name == "activity":
            activities = Activity.objects.filter(revision__followups__in=open_ones).distinct()
            kwargs["queryset"] = activities.select_related("revision__plan").order_by(
                "revision", "order", "pk"
            )
            kwargs["form_class"] = ActivityField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ActivityField(forms.ModelChoiceField):
    """Activities of several revisions, each named with its own."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.revision}: {obj}"


@admin.register(Outcome)
class OutcomeAdmin(NumberedAdmin):
    list_display = ("indicator", "municipality", "year", "number", "gist", "preliminary", "source", "author")
    list_filter = (CurrentFilter, "indicator", "municipality", "year", "preliminary")
    list_select_related = ("indicator", "municipality", "author")
    search_fields = ("indicator__name", "municipality__name", "=year", "source")
    autocomplete_fields = ("indicator",)
    carried = ("value", "missing_reason", "preliminary", "source", "source_url")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "value":
            kwargs["localize"] = True  # a comma is as good as a point
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Notice)
class NoticeAdmin(ExplainingAdmin):
    """Who got which mail about a follow-up, when, and why somebody didn't; only read."""

    list_display = ("decided_at", "followup", "kind", "about", "person", "sent_at", "dropped")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter), "followup__plan", "followup__year")
    list_select_related = ("followup__plan", "person")
    search_fields = ("person__name", "about", "dropped")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WrittenElsewhereAdmin(NumberedAdmin):
    """Rows that are written together, by deeds of a page of the portal; here they are only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("allt som skrivits"))
    def story(self, row: Any) -> SafeString:
        """Every row about the same thing, the latest first."""
        subject = {name: getattr(row, f"{name}_id") for name in row.subject}
        lines = ([line(each)] for each in rows_about(self.model, subject))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines))


@admin.register(ChallengeReview)
class ChallengeReviewAdmin(WrittenElsewhereAdmin):
    list_display = ("challenge", "followup", "number", "state", "author", "written_at")
    list_filter = (CurrentFilter, "state", "followup__plan", "followup__year")
    list_select_related = ("followup__plan", "challenge", "author")
    search_fields = ("challenge__title", "challenge__key", "purpose", "deviations", "author__name")
    carried = ("state", "purpose", "deviations", "proposals", "note")


@admin.register(GoalAssessment)
class GoalAssessmentAdmin(WrittenElsewhereAdmin):
    list_display = ("goal", "followup", "number", "gist", "author", "written_at")
    list_filter = (CurrentFilter, "verdict", "followup__plan", "followup__year")
    list_select_related = ("followup__plan", "goal", "author")
    search_fields = ("goal__text", "goal__key", "reason", "action", "no_action", "author__name")
    carried = ("verdict", "reason", "action", "no_action")
