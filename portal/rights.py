"""What each address asks of its visitor: one table, read on every request.

Everything is private unless it stands here as public. An address that is bound to a permission is checked by
the loader that fetches its object; that the loader did so is checked again on the way out, so that a page
which forgot its right answers with an error instead of with what it knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from municipalities.access import checked_on, or_403
from municipalities.unsent import keep_unsent
from portal.sessions import tell_why_ended


@dataclass(frozen=True)
class Right:
    """What an address asks: a permission on its object, none for what is public.

    `visitors_log_in`: a visitor is sent to log in, whether or not the thing exists.
    `of_the_person`: it is asked of the person alone, with no object, and checked here.
    `same_for_all`: whoever may have it at all gets the same as everyone.
    `keeps_unsent`: what was sent there just after a session ended is in the form again after log-in.
    """

    permission: str = ""
    visitors_log_in: bool = False
    of_the_person: bool = False
    same_for_all: bool = False
    keeps_unsent: bool = False


PUBLIC = Right(same_for_all=True)
ADMINISTRATORS = Right("municipalities.administrate", visitors_log_in=True, of_the_person=True)
OWN_ACCOUNT = Right("municipalities.have_account", visitors_log_in=True, of_the_person=True)
DRAFT = Right("actionplan.edit_draft", visitors_log_in=True)

RIGHTS = {
    "start": Right(),  # public, and shows more to those who may see more
    "search": Right(),  # likewise
    "about": PUBLIC,
    "help": PUBLIC,
    "help-lasare": PUBLIC,
    "help-samordnare": PUBLIC,
    "help-redaktor": PUBLIC,
    "help-administrator": PUBLIC,
    "cookies": PUBLIC,
    "accessibility": PUBLIC,
    "report-accessibility": PUBLIC,
    "accessibility-reported": PUBLIC,
    "choose-language": PUBLIC,
    "components": PUBLIC,
    "favicon": PUBLIC,
    "health": PUBLIC,
    "portal-feed": PUBLIC,  # of what has been published
    "plan-feed": PUBLIC,
    "open-data": PUBLIC,
    "open-data-catalogue": PUBLIC,
    "open-data-harvest": PUBLIC,
    "open-data-openapi": PUBLIC,
    "open-data-schema": PUBLIC,
    "open-data-of-plan": PUBLIC,  # what has been decided and published of it is
    "open-data-of-all": PUBLIC,
    "account_login": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "socialaccount_signup": PUBLIC,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "invitation": PUBLIC,
    "account": OWN_ACCOUNT,
    "account_reauthenticate": OWN_ACCOUNT,
    "mfa_reauthenticate": OWN_ACCOUNT,
    "mfa_reauthenticate_webauthn": OWN_ACCOUNT,
    "account_change_password": OWN_ACCOUNT,
    "account_set_password": OWN_ACCOUNT,
    "account_email": OWN_ACCOUNT,
    "account_email_verification_sent": OWN_ACCOUNT,
    "account_confirm_email": OWN_ACCOUNT,
    "mfa_index": OWN_ACCOUNT,
    "mfa_activate_totp": OWN_ACCOUNT,
    "mfa_deactivate_totp": OWN_ACCOUNT,
    "mfa_list_webauthn": OWN_ACCOUNT,
    "mfa_add_webauthn": OWN_ACCOUNT,
    "mfa_edit_webauthn": OWN_ACCOUNT,
    "mfa_remove_webauthn": OWN_ACCOUNT,
    "mfa_view_recovery_codes": OWN_ACCOUNT,
    "mfa_generate_recovery_codes": OWN_ACCOUNT,
    "mfa_download_recovery_codes": OWN_ACCOUNT,
    "usersessions_list": OWN_ACCOUNT,
    "socialaccount_connections": OWN_ACCOUNT,
    "plan": Right("actionplan.read_plan"),
    "plan-data": Right("actionplan.read_plan", same_for_all=True),
    "challenge": Right("actionplan.read_plan"),
    "activities": Right("actionplan.read_plan"),
    "activities-csv": Right("actionplan.read_plan"),
    "activities-xlsx": Right("actionplan.read_plan"),
    "activity": Right("actionplan.read_plan"),
    "indicator": Right("actionplan.read_plan"),
    "indicator-csv": Right("actionplan.read_plan"),
    "changes": Right("followup.read_changes", visitors_log_in=True),
    "choose-day": Right("actionplan.read_plan"),
    "plan-at": Right("actionplan.read_plan"),
    "revision": Right("actionplan.read_revision"),
    "revision-pdf": Right("actionplan.read_revision"),
    "revision-workbook": Right("actionplan.read_revision"),
    "revision-tables": Right("actionplan.read_revision"),
    "compare-revisions": Right("actionplan.read_plan"),
    "revision-edition": PUBLIC,  # what has been published is, for ever
    "revision-edition-pdf": PUBLIC,
    "revision-edition-content": PUBLIC,
    "followup": Right("followup.read_followup"),
    "followup-pdf": Right("followup.read_followup"),
    "followup-edition": Right("followup.read_followup"),
    "followup-edition-pdf": Right("followup.read_followup", same_for_all=True),
    "followup-edition-content": Right("followup.read_followup", same_for_all=True),
    "followup-edition-figures": Right("followup.read_followup", same_for_all=True),
    "report-activity": Right("followup.report_activity", visitors_log_in=True, keeps_unsent=True),
    "enter-outcome": Right("followup.enter_outcome", visitors_log_in=True, keeps_unsent=True),
    "import-outcomes": Right("followup.import_outcomes", visitors_log_in=True),
    "outcomes-to-fill-in": Right("followup.import_outcomes", visitors_log_in=True),
    "imported-outcomes": Right("followup.import_outcomes", visitors_log_in=True),
    "fetch-outcomes": Right("followup.fetch_outcomes", visitors_log_in=True),
    "fetched-outcomes": Right("followup.fetch_outcomes", visitors_log_in=True),
    "break-series": Right("actionplan.break_series", visitors_log_in=True),
    "comparison": Right("followup.choose_comparison", visitors_log_in=True),
    "begin-followup": Right("followup.begin", visitors_log_in=True),
    "desk": Right("followup.lead", visitors_log_in=True),
    "followup-dates": Right("followup.lead", visitors_log_in=True),
    "open-followup": Right("followup.lead", visitors_log_in=True),
    "close-followup": Right("followup.lead", visitors_log_in=True),
    "correct-followup": Right("followup.lead", visitors_log_in=True),
    "remind-followup": Right("followup.lead", visitors_log_in=True),
    "publish-followup": Right("followup.lead", visitors_log_in=True),
    "assign": Right("followup.lead", visitors_log_in=True),
    "review": Right("followup.read_under_way", visitors_log_in=True, keeps_unsent=True),
    "to-do": Right("followup.have_to_do", visitors_log_in=True),
    "draft": DRAFT,
    "draft-challenge": DRAFT,
    "add-draft-row": Right("actionplan.edit_draft", visitors_log_in=True, keeps_unsent=True),
    "draft-row": Right("actionplan.edit_draft", visitors_log_in=True, keeps_unsent=True),
    "find-measure": Right("actionplan.edit_draft", visitors_log_in=True, keeps_unsent=True),
    "move-draft-row": DRAFT,
    "remove-draft-row": DRAFT,
    "put-back-draft-row": DRAFT,
    "begin-draft": DRAFT,
    "begin-correction": DRAFT,
    "draft-decision": Right("actionplan.edit_draft", visitors_log_in=True, keeps_unsent=True),
    "carry-on": DRAFT,
    "carry-on-activity": Right("actionplan.edit_draft", visitors_log_in=True, keeps_unsent=True),
    "carry-on-targets": Right("actionplan.edit_draft", visitors_log_in=True, keeps_unsent=True),
    "draft-gaps": DRAFT,
    "adopt": DRAFT,
    "discard-draft": DRAFT,
    "draft-workbook": DRAFT,
    "draft-template": DRAFT,
    "import-draft": DRAFT,
    "draft-imported": DRAFT,
    "import-table": DRAFT,
    "table-imported": DRAFT,
    "table-columns": DRAFT,
    "table-names": DRAFT,
    "new-plan": ADMINISTRATORS,
    "new-plan-template": ADMINISTRATORS,
    "import-plan": ADMINISTRATORS,
    "plan-imported": ADMINISTRATORS,
    "people": Right("actionplan.manage_people_somewhere", visitors_log_in=True, of_the_person=True),
    "organisation-people": Right("actionplan.manage_people", visitors_log_in=True),
    "invite": Right("actionplan.manage_people", visitors_log_in=True),
    "change-invitation": Right("actionplan.manage_people", visitors_log_in=True),
    "end-membership": Right("actionplan.manage_people", visitors_log_in=True),
    "give-membership": Right("actionplan.manage_people", visitors_log_in=True),
    "accounts": ADMINISTRATORS,
    "import-people": ADMINISTRATORS,
    "people-template": ADMINISTRATORS,
    "people-imported": ADMINISTRATORS,  # and its owner's alone
    "account-of": ADMINISTRATORS,
    "close-account": ADMINISTRATORS,
    "remove-second-step": ADMINISTRATORS,
    "admin": ADMINISTRATORS,  # every address of the admin
}


def right_of(request: HttpRequest) -> Right | None:
    """The right of the address, once that is known; None when it has none and is closed to everyone."""
    match: Any = request.resolver_match
    return RIGHTS.get(match.namespace or match.view_name)


METHODS = ("GET", "HEAD", "POST")
"""What is asked of any page: the sign-in library and the admin would take a PUT for a POST, or a GET."""

OF_THE_PORTAL = ("municipalities", "actionplan", "followup", "publishing", "portal")
"""The apps whose models' text people write, on the pages and in the admin."""

SECRET = re.compile("password|code|credential")
"""In the name of a field: what is typed there is never shown."""


def typed_in(request: HttpRequest) -> list[str]:
    """What someone typed into the form that they sent, to give back when it can't be taken."""
    marked_rows = ACTION_CHECKBOX_NAME in request.POST  # then `action` is what to do with them
    return [
        str(text)
        for name, text in request.POST.dict().items()
        if is_written(name) and not (marked_rows and name == "action") and str(text).strip()
    ]


def is_written(name: str) -> bool:
    """Whether a form's field of this name, such as `comment` or `lines-0-comment`, is to write freely.

    Texts and figures are. Forms also send tokens, whole numbers, choices and which button was pressed,
    and those nobody typed.
    """
    return name.rpartition("-")[2] in names_of_what_is_written() and not SECRET.search(name)


def names_of_what_is_written() -> frozenset[str]:
    models_of_the_portal = (model for app in OF_THE_PORTAL for model in apps.get_app_config(app).get_models())
    return frozenset(
        field.name
        for model in models_of_the_portal
        for field in model._meta.get_fields()
        if isinstance(field, (models.CharField, models.TextField, models.DecimalField)) and not field.choices
    )


class Rights:
    """Holds every request to the table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        right = getattr(request, "right", PUBLIC)
        if right.permission and response.status_code < 400 and right.permission not in checked_on(request):
            raise ImproperlyConfigured(f"{request.path} answered without checking {right.permission}")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        right = right_of(request)
        if right is None:
            raise Http404
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if right.visitors_log_in and not request.user.is_authenticated:
            return self.send_to_log_in(request, right)
        if right.of_the_person:
            or_403(request, right.permission, None)
        request.right = right  # type: ignore[attr-defined]
        return None

    def send_to_log_in(self, request: HttpRequest, right: Right) -> HttpResponse:
        """Where to log in; someone whose session ended while they wrote gets back what they wrote."""
        typed = typed_in(request)
        tell_why_ended(request)
        is_kept = right.keeps_unsent and keep_unsent(request)
        if not (typed or is_kept):
            return redirect_to_login(request.get_full_path())
        return render(request, "portal/logged_out.html", {"typed": typed, "is_kept": is_kept}, status=403)
