"""Plans, their revisions and the rows of each. What has been adopted is shown and never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.drafting import ROWS
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    Indicator,
    Plan,
    Responsibility,
    Revision,
    Row,
    SeriesBreak,
    State,
    Term,
    YearlyTarget,
)
from actionplan.models.plans import ADOPTED_IS_READ_ONLY
from municipalities.administration import Lines, TrackedAdmin, is_key


class RevisionInline(Lines):
    """The plan's revisions, to go on to; a new one is added on a page of its own."""

    model = Revision
    related = ("plan",)
    fields = readonly_fields = ("year", "state", "decided_by", "decided_on", "registry_number")
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Plan)
class PlanAdmin(TrackedAdmin):
    list_display = ("title", "document_type", "owner", "first_year", "last_year", "slug")
    list_filter = ("document_type", "partners")
    list_select_related = ("owner",)
    search_fields = ("title", "slug", "document_name")
    autocomplete_fields = ("owner",)
    filter_horizontal = ("partners",)
    prepopulated_fields = {"slug": ("title",)}
    permanent = ("slug",)
    inlines = (RevisionInline,)

    def why_not_delete(self, obj: Plan) -> str:
        return _("En plan tas aldrig bort.")


class HoldingDrafts(TrackedAdmin):
    """Whoever writes here waits for those who write in a draft elsewhere, or have it adopted."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        hold_drafts(request)
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        hold_drafts(request)
        return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        hold_drafts(request)
        return super().changelist_view(request, *args, **kwargs)


def hold_drafts(request: HttpRequest) -> None:
    """Holds every plan's draft until the request's transaction is over, when the request may write."""
    if request.method == "POST":
        list(Revision.objects.select_for_update().filter(state=State.DRAFT).order_by("pk"))


class DraftForm(forms.ModelForm):
    """A revision that is added is a draft, and is held to what always holds of drafts."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"state", "corrects", "correction"}


@admin.register(Revision)
class RevisionAdmin(HoldingDrafts):
    form = DraftForm
    list_display = ("plan", "year", "state", "decided_by", "decided_on", "registry_number")
    list_display_links = ("plan", "year")
    list_filter = ("state", "plan", "year")
    list_select_related = ("plan",)
    search_fields = ("plan__title", "=year", "registry_number")
    autocomplete_fields = ("plan",)
    permanent = ("plan", "year", "contents")
    readonly_fields = ("state", "based_on", "corrects", "correction")

    def why_not_change(self, obj: Revision) -> str:
        """Asks the database: a form that was refused has already changed the object in hand."""
        return str(ADOPTED_IS_READ_ONLY) if Revision.objects.adopted().filter(pk=obj.pk).exists() else ""

    @admin.display(description=gettext_lazy("innehåll"))
    def contents(self, revision: Revision) -> str:
        """Links to the revision's rows, with how many there are of each kind; and to add one to a draft."""
        counts = Revision.objects.values(**{kind.__name__: how_many(kind) for kind in ROWS}).get(
            pk=revision.pk
        )
        lines = ([self.rows(revision, kind, counts[kind.__name__] or 0)] for kind in ROWS)
        return format_html_join(SafeString("<br>"), "{}", lines)

    def rows(self, revision: Revision, kind: type[Row], count: int) -> SafeString:
        options = kind._meta
        address = f"admin:{options.app_label}_{options.model_name}"
        link = format_html(
            '<a href="{}?revision={}">{}: {}</a>',
            reverse(f"{address}_changelist"),
            revision.pk,
            str(options.verbose_name_plural).capitalize(),
            count,
        )
        if revision.is_adopted:
            return link
        return format_html(
            '{} – <a href="{}?revision={}">{}</a>',
            link,
            reverse(f"{address}_add"),
            revision.pk,
            _("lägg till"),
        )


def how_many(kind: type[Row]) -> models.Subquery:
    """The number of a revision's rows of that kind; NULL when there is none."""
    rows = kind.objects.filter(revision=models.OuterRef("pk")).order_by().values("revision")
    return models.Subquery(rows.annotate(count=models.Count("pk")).values("count"))


class RevisionFilter(admin.SimpleListFilter):
    """Rows of one revision; named with its plan, all in one statement."""

    title = gettext_lazy("revidering")
    parameter_name = "revision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(each.pk), str(each)) for each in Revision.objects.select_related("plan")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        chosen = self.value()
        return queryset.filter(revision=chosen) if chosen in dict(self.lookup_choices) else queryset


class ChallengeFilter(admin.SimpleListFilter):
    """Rows of one challenge, once a revision has been chosen."""

    title = gettext_lazy("utmaning")
    parameter_name = "challenge"
    path = "challenge"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        revision = request.GET.get(RevisionFilter.parameter_name, "")
        challenges = Challenge.objects.filter(revision=revision) if is_key(revision) else ()
        return [(str(each.pk), str(each)) for each in challenges]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        chosen = self.value()
        return queryset.filter(**{self.path: chosen}) if chosen in dict(self.lookup_choices) else queryset


class ChallengeOfGoalFilter(ChallengeFilter):
    path = "goal__challenge"


class ChallengeOfActivityFilter(ChallengeFilter):
    path = "activity__challenge"


ROW_FILTERS = ("revision__plan", RevisionFilter)
ROW_SELECTS = ("revision__plan",)


class RowAdmin(HoldingDrafts):
    """A row is added to a draft and stays in it; in an adopted revision it can only be read."""

    list_filter: ClassVar[tuple[Any, ...]] = ROW_FILTERS
    list_select_related: ClassVar[tuple[str, ...]] = ROW_SELECTS
    ordering = ("revision__plan", "-revision__year", "order", "pk")
    permanent = ("revision", "key")

    def why_not_change(self, obj: Row) -> str:
        return str(ADOPTED_IS_READ_ONLY) if obj.revision.is_adopted else ""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "revision":
            kwargs["queryset"] = Revision.objects.filter(state=State.DRAFT).select_related("plan")
            kwargs["error_messages"] = {"invalid_choice": ADOPTED_IS_READ_ONLY}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Where another row chooses this one, only what stands in a draft can be chosen."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(revision__state=State.DRAFT)
        return super().get_search_results(request, queryset, search_term)


@admin.register(Area)
class AreaAdmin(RowAdmin):
    list_display = ("title", "revision", "order", "key")
    search_fields = ("title", "key")


@admin.register(Chapter)
class ChapterAdmin(RowAdmin):
    list_display = ("title", "area", "placement", "revision", "order", "key")
    list_filter = (*ROW_FILTERS, "placement")
    list_select_related = (*ROW_SELECTS, "area")
    search_fields = ("title", "key", "text")
    autocomplete_fields = ("area",)


@admin.register(Challenge)
class ChallengeAdmin(RowAdmin):
    list_display = ("title", "area", "followup_owner", "revision", "order", "key")
    list_filter = (*ROW_FILTERS, "followup_owner")
    list_select_related = (*ROW_SELECTS, "area", "followup_owner")
    search_fields = ("title", "key", "purpose", "strategy", "text")
    autocomplete_fields = ("area",)


@admin.register(Goal)
class GoalAdmin(RowAdmin):
    list_display = ("text", "challenge", "revision", "order", "key")
    list_filter = (*ROW_FILTERS, ChallengeFilter)
    list_select_related = (*ROW_SELECTS, "challenge")
    search_fields = ("text", "key")
    autocomplete_fields = ("challenge",)


@admin.register(YearlyTarget)
class YearlyTargetAdmin(RowAdmin):
    list_display = ("indicator", "year", "over", "operator", "value", "goal", "revision")
    list_display_links = ("indicator", "year")
    list_filter = (*ROW_FILTERS, ChallengeOfGoalFilter, "year", "indicator")
    list_select_related = (*ROW_SELECTS, "goal", "indicator")
    search_fields = ("indicator__name", "goal__text", "key")
    autocomplete_fields = ("goal", "indicator")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DecimalField):
            kwargs["localize"] = True  # a comma is as good as a point
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class InTheSameRevision(forms.BaseInlineFormSet):
    """Rows that belong to another one stand where that one stands."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.revision_id = self.instance.revision_id
        return form


class ResponsibilityInline(Lines):
    model = Responsibility
    formset = InTheSameRevision
    fields = ("organisation", "part", "order")
    related = ("activity", "organisation")


class GapFilter(admin.SimpleListFilter):
    """Activities that nobody answers for, or that someone does."""

    title = gettext_lazy("ansvarig")
    parameter_name = "ansvarig"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("saknas", _("Ansvarig saknas")), ("finns", _("Har ansvarig"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        held = models.Exists(Responsibility.objects.filter(activity=models.OuterRef("pk")))
        return queryset.filter(held if self.value() == "finns" else ~held)


@admin.register(Activity)
class ActivityAdmin(RowAdmin):
    list_display = ("title", "challenge", "first_year", "last_year", "responsible_text", "revision", "order")
    list_filter = (*ROW_FILTERS, ChallengeFilter, GapFilter, "first_year")
    list_select_related = (*ROW_SELECTS, "challenge")
    search_fields = ("title", "key", "heading", "description", "responsible_text")
    autocomplete_fields = ("challenge",)
    inlines = (ResponsibilityInline,)


@admin.register(Responsibility)
class ResponsibilityAdmin(RowAdmin):
    list_display = ("organisation", "activity", "part", "revision")
    list_filter = (
        *ROW_FILTERS,
        ChallengeOfActivityFilter,
        "part",
        ("organisation", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = (*ROW_SELECTS, "activity", "organisation")
    search_fields = ("organisation__name", "activity__title", "key")
    autocomplete_fields = ("activity", "organisation")


@admin.register(Term)
class TermAdmin(RowAdmin):
    list_display = ("term", "explanation", "revision", "order")
    search_fields = ("term", "explanation", "key")


@admin.register(Decision)
class DecisionAdmin(RowAdmin):
    list_display = ("municipality", "decided_by", "decided_on", "registry_number", "revision")
    list_select_related = (*ROW_SELECTS, "municipality")
    search_fields = ("municipality__name", "decided_by", "registry_number")


@admin.register(Ending)
class EndingAdmin(RowAdmin):
    list_display = ("title", "how", "revision", "key")
    list_filter = (*ROW_FILTERS, "how")
    search_fields = ("title", "reason", "key")


class SeriesBreakInline(Lines):
    model = SeriesBreak
    fields = ("year", "note", "kolada_id")
    related = ("indicator",)


@admin.register(Indicator)
class IndicatorAdmin(TrackedAdmin):
    list_display = ("name", "unit", "direction", "source", "kolada_id", "slug")
    list_filter = ("direction", "source")
    search_fields = ("name", "short_name", "slug", "kolada_id")
    prepopulated_fields = {"slug": ("name",)}
    permanent = ("slug",)
    inlines = (SeriesBreakInline,)
