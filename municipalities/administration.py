"""What the portal's admin pages share: who changed what, and why something can't be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import DataError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

EMPTY = "–"


class WholeForm(forms.ModelForm):
    """Asks the model about the whole once every field is right: half a row has no answers to give."""

    def _post_clean(self) -> None:
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]


class KeysField(forms.MultipleChoiceField):
    """Primary keys, whether or not anything has them."""

    def valid_value(self, value: Any) -> bool:
        return is_key(value)


class MarkedRows(forms.Form):
    """What was marked in a list; Django would ask the database for whatever was sent, and fail."""

    _selected_action = KeysField(required=False)


class ExplainingAdmin(admin.ModelAdmin):
    """Refuses with a sentence: on the page that can only be read, and to whoever tries anyway."""

    form: type[forms.ModelForm] = WholeForm
    permanent: tuple[str, ...] = ()
    """Names of the fields that are chosen once, when the object is added."""

    def why_not_change(self, obj: Any) -> str:
        """What stops `obj` from being changed; empty when nothing does."""
        return ""

    def why_not_delete(self, obj: Any) -> str:
        return self.why_not_change(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and self.why_not_change(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self.why_not_delete(obj))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """What a row needs to show itself comes with it, in lists, choices and forms alike."""
        queryset = super().get_queryset(request)
        return queryset.select_related(*self.list_select_related) if self.list_select_related else queryset  # type: ignore[misc]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What the address asks for may be more than the database can be asked; then all is shown."""
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Leads back to the list when what was marked can't be rows."""
        return (
            super().response_action(request, *args, **kwargs) if MarkedRows(request.POST).is_valid() else None
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = self.permanent if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields in the model's order, whether or not they can be changed."""
        order = [field.name for field in self.opts.get_fields()]
        fields = super().get_fields(request, obj)
        return sorted(fields, key=lambda name: order.index(name) if name in order else len(order))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """What the address proposes; Django would ask the database for whatever stands there as a key."""
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        proposed = super().get_changeform_initial_data(request)
        return {name: value for name, value in proposed.items() if name not in relations or is_key(value)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenByKey(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["refusal"] = self.why_not_change(obj) if obj else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if request.method == "POST" and object_id:
            self.refuse(request, object_id, self.why_not_change)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        self.refuse(request, object_id, self.why_not_delete)
        return super().delete_view(request, object_id, extra_context)

    def refuse(self, request: HttpRequest, object_id: str, why_not: Any) -> None:
        obj = self.get_object(request, unquote(object_id))
        if obj and (sentence := why_not(obj)):
            raise PermissionDenied(sentence)


def is_key(text: Any) -> bool:
    """Whether `text` can be the primary key of something."""
    return isinstance(text, str) and text.isdecimal() and len(text) < 19


class ChosenByKey(AutocompleteSelect):
    """Shows what was chosen; Django would ask the database for whatever was sent as a key, and fail."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if not each or is_key(str(each))], attr)


class Lines(admin.TabularInline):
    """What belongs to an object, line by line on its page, in as many statements for thirty as for three."""

    form = WholeForm
    extra = 0
    related: tuple[str, ...]
    """Names of the relations that a line shows."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related(*self.related)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            if isinstance(field, forms.ModelChoiceField) and name != formset.fk.name:
                field.choices = tuple(field.choices)  # type: ignore[arg-type]  # fetched once for all lines
        return formset


class TrackedAdmin(ExplainingAdmin, SimpleHistoryAdmin):
    """Keeps the log of changes, and shows it to be read: nothing is written back from it."""

    history_list_per_page = 25  # each version of something with a list of others takes two statements

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self.key_or_404(self.opts.pk, unquote(object_id))
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The object as it was at one moment. Replaces the library's form, which saves what is sent to it."""
        versions = self.model.history.model
        record = get_object_or_404(
            versions,
            pk=self.key_or_404(versions._meta.pk, version_id),
            **{self.opts.pk.attname: self.key_or_404(self.opts.pk, unquote(object_id))},
        )
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": record.history_object,
            "subtitle": date_format(localtime(record.history_date), "Y-m-d H:i"),
            "opts": self.opts,
            "object_id": object_id,
            "record": record,
            "values": [(field.verbose_name, value_of(record, field)) for field in versions.tracked_fields],
        }
        return TemplateResponse(request, "simple_history/version.html", context)

    def key_or_404(self, field: Any, text: str) -> int:
        try:
            return field.to_python(text)
        except ValidationError as error:
            raise Http404(_("Sidan finns inte.")) from error


def value_of(record: Any, field: Any) -> str:
    """What a version has in `field`, as text; the number alone of something that is gone since."""
    try:
        value = getattr(record, field.name)
    except ObjectDoesNotExist:
        value = getattr(record, field.attname)
    return display_for_field(value, field, EMPTY)
