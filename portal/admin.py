"""The admin site itself: its name, its log-in, and the pages of what libraries keep."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from municipalities.forms import LogInForm

admin.site.site_header = _("Handlingsplaner – administration")
admin.site.site_title = _("Handlingsplaner – administration")
admin.site.index_title = _("Vad vill du sköta?")
admin.site.login_form = LogInForm
admin.site.login_template = "municipalities/log_in.html"
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
