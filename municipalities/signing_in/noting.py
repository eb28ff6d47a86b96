"""The journal's lines about sessions that begin, and that their owner ends."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from municipalities.journal import note
from municipalities.models import User


class NotedSessions(DefaultAccountAdapter):
    """An account adapter that notes each session it begins."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        note("session.began", means=means_of(request, user))


def means_of(request: HttpRequest, user: User) -> list[str]:
    """How the person has shown who they are: "password", "totp", "webauthn", a service's id."""
    records = get_authentication_records(request, user)
    return [record.get("type") or record.get("provider") or record["method"] for record in records]


def note_logging_out(sender: object, user: User | None, **_rest: Any) -> None:
    """For Django's signal, which the admin's way out sends as well."""
    if user is not None:
        note("session.logged_out")
