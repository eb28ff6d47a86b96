"""Organisations, the people who log in, and what each may do where."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities import addresses, people
from municipalities.access import signed_in
from municipalities.administration import Lines, TrackedAdmin
from municipalities.journal import note
from municipalities.models import Invitation, Membership, Organisation, User

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


class NewUserForm(LowerCaseEmail, forms.ModelForm):
    """A person, who chooses a password by way of their mail."""

    class Meta:
        model = User
        fields = ("email", "name", "is_administrator")

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class UserForm(LowerCaseEmail, UserChangeForm):
    """A person's account; someone is always left who can open the admin site."""

    class Meta:
        model = User
        fields = ("email", "name", "is_administrator", "password")
        field_classes: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        stops = self.instance.administers and not said.get("is_administrator")
        if stops and not people.another_administers(self.instance):
            raise forms.ValidationError(str(people.LAST_ADMINISTRATOR))
        return said


class MembershipInline(Lines):
    """The person's roles: given and ended, never turned into others, so that since when stays true."""

    model = Membership
    fields = ("organisation", "role")
    related = ("user", "organisation")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
        (
            gettext_lazy("Kontot"),
            {
                "fields": ("is_active", "is_administrator", "last_login"),
                "description": gettext_lazy("Konton stängs under Personer i portalen, inte här."),
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "is_administrator"),
                "description": gettext_lazy(
                    "Personen får ett mejl och väljer själv lösenord. Den som bara ska ha en roll "
                    "bjuder du hellre in under Personer i portalen."
                ),
            },
        ),
    )
    readonly_fields = ("is_active", "last_login")
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("memberships__organisation")

    @admin.display(description=gettext_lazy("behörigheter"))
    def roles(self, user: User) -> str:
        return ", ".join(
            f"{each.get_role_display()}, {each.organisation.short_name}" for each in user.memberships.all()
        )

    def why_not_change(self, obj: User) -> str:
        return "" if obj.is_active else _("Kontot är stängt. Bara namnet står kvar.")

    def why_not_delete(self, obj: User) -> str:
        return _("Ett konto tas inte bort, för namnet står kvar i historiken. Stäng kontot i stället.")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            people.welcome(obj, by=signed_in(request))
        elif "email" in form.changed_data:
            addresses.follow(addresses.Change(obj.pk, form.initial["email"], obj.email), obj)
        if "is_administrator" in form.changed_data:
            note(f"administrator.{'given' if obj.is_administrator else 'ended'}", person=obj.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        people.withdraw_unbacked(form.instance, by=signed_in(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for membership in formset.new_objects:
            people.tell_that("given", membership)
        for membership in formset.deleted_objects:
            people.tell_that("ended", membership)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """A new password for someone who forgot; not for one whom a log-in service vouches for."""
        user = self.get_object(request, unquote(id))
        if user is not None and (sentence := people.why_no_password(user)):
            raise PermissionDenied(sentence)
        had_one = user is not None and user.has_usable_password()
        response = super().user_change_password(request, id, form_url)
        if user is not None and request.method == "POST" and response.status_code == 302:
            user.refresh_from_db()
            has_one = user.has_usable_password()
            note(f"password.{'set' if has_one else 'removed'}", person=user.pk)
            template = (
                "password_removed" if not has_one else "password_changed" if had_one else "password_set"
            )
            get_adapter().send_notification_mail(f"account/email/{template}", user)
        return response


@admin.register(Membership)
class MembershipAdmin(TrackedAdmin):
    list_display = ("user", "organisation", "role", "since")
    list_filter = ("role", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__name")
    autocomplete_fields = ("user", "organisation")
    permanent = ("user", "organisation", "role")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            people.tell_that("given", obj)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        people.end(obj, by=signed_in(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        for membership in queryset:
            people.end(membership, by=signed_in(request))


@admin.register(Invitation)
class InvitationAdmin(TrackedAdmin):
    """Who has been invited to what, by whom; the deeds are on the portal's own pages."""

    list_display = ("organisation", "role", "email", "invited_by", "sent", "expires", "accepted", "withdrawn")
    list_filter = ("role", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organisation", "invited_by")
    search_fields = ("email", "organisation__name", "invited_by__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
