"""Organisations, the people who log in, and what each may do where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities.administration import Lines, TrackedAdmin
from municipalities.models import Membership, Organisation, User

admin.site.unregister(Group)  # rights are given by memberships


@admin.register(Organisation)
class OrganisationAdmin(TrackedAdmin):
    list_display = ("name", "short_name", "kind", "municipal_code", "key")
    list_filter = ("kind",)
    search_fields = ("name", "short_name", "key", "municipal_code")
    prepopulated_fields = {"key": ("name",)}
    filter_horizontal = ("represented_by",)
    permanent = ("key",)


class LowerCaseEmail(forms.Form):
    """An address is the same however its letters were typed."""

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewUserForm(LowerCaseEmail, BaseUserCreationForm):
    """A person, with a first password."""

    class Meta:
        model = User
        fields = ("email", "name")
        field_classes: dict[str, Any] = {}


class UserForm(LowerCaseEmail, UserChangeForm):
    """A person's account; someone is always left who can open the admin site."""

    class Meta:
        model = User
        fields = ("email", "name", "is_active", "is_administrator", "password")
        field_classes: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        others = User.objects.filter(is_active=True, is_administrator=True).exclude(pk=self.instance.pk)
        if not (said.get("is_active") and said.get("is_administrator")) and not others.exists():
            raise forms.ValidationError(_("Portalen behöver minst en administratör med aktivt konto."))
        return said


class MembershipInline(Lines):
    model = Membership
    fields = ("organisation", "role")
    related = ("user", "organisation")


@admin.register(User)
class UserAdmin(TrackedAdmin, DjangoUserAdmin):
    list_display = ("email", "name", "roles", "is_active", "is_administrator")
    list_filter = (
        "is_active",
        "is_administrator",
        "memberships__role",
        ("memberships__organisation", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("email", "name")
    ordering = ("name",)
    filter_horizontal = ()
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (gettext_lazy("Kontot"), {"fields": ("is_active", "is_administrator", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "password1", "password2", "is_administrator")}),)
    readonly_fields = ("last_login",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("memberships__organisation")

    @admin.display(description=gettext_lazy("behörigheter"))
    def roles(self, user: User) -> str:
        return ", ".join(
            f"{each.get_role_display()}, {each.organisation.short_name}" for each in user.memberships.all()
        )

    def why_not_delete(self, obj: User) -> str:
        return _("Ett konto tas inte bort, för namnet står kvar i historiken. Stäng kontot i stället.")


@admin.register(Membership)
class MembershipAdmin(TrackedAdmin):
    list_display = ("user", "organisation", "role")
    list_filter = ("role", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__name")
    autocomplete_fields = ("user", "organisation")
