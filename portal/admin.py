"""The admin site itself: its name, its log-in, and the pages of what libraries keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from municipalities.administration import ExplainingAdmin, TrackedAdmin
from portal.models import AccessibilityReport, AccessibilityStatement
from publishing.models import Publication


def change_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Leads to where everyone changes their own, by its limits, with its mail and its line in the journal."""
    return redirect("account_change_password")


admin.site.site_header = _("Handlingsplaner – administration")
admin.site.site_title = _("Handlingsplaner – administration")
admin.site.index_title = _("Vad vill du sköta?")
admin.site.password_change = change_password  # type: ignore[assignment,method-assign]
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# How people sign in, and the secrets of it, are for themselves, on the pages of their accounts.
admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession])
admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class BackgroundTaskAdmin(DBTaskResultAdmin):
    """The library's own, with the two column names that it doesn't let anyone translate."""

    @admin.display(description=_("felspårning"))
    def formatted_traceback(self, obj: DBTaskResult) -> str:
        return super().formatted_traceback(obj)

    @admin.display(description=_("tidigast"))
    def display_run_after(self, obj: DBTaskResult) -> datetime | str:
        return super().display_run_after(obj)


@admin.register(Publication)
class PublicationAdmin(ExplainingAdmin):
    """What has been published, when and by whom; its content and PDF are at the edition's own addresses."""

    list_display = ("document", "edition", "published_at", "published_by", "corrects")
    list_filter = ("published_at",)
    search_fields = ("document", "published_by", "corrects")
    fields = (
        *("document", "edition", "published_at", "published_by", "corrects"),
        *("schema", "content_sha256", "pdf_sha256"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content", "pdf")  # large, and not shown here

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessibilityStatement)
class AccessibilityStatementAdmin(TrackedAdmin):
    """The one statement, which its name leads straight to."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        statement = AccessibilityStatement.objects.current()
        if statement._state.adding:
            return redirect("admin:portal_accessibilitystatement_add")
        return redirect("admin:portal_accessibilitystatement_change", statement.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not AccessibilityStatement.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessibilityReport)
class AccessibilityReportAdmin(ExplainingAdmin):
    """What people have reported; it is read, and removed when it has been seen to."""

    list_display = ("sent", "problem", "name", "email")
    fields = ("sent", "problem", "name", "email")
    date_hierarchy = "sent"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
