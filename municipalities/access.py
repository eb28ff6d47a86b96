"""The check that every loader makes: may this request have this object?

What someone may not know of answers 404, exactly as if it did not exist; what they may see but not do
answers 403 with a sentence. Each check is noted on the request, so that a page that forgot its own is found
out before its answer leaves the portal.
"""

from __future__ import annotations

from typing import TypeVar

import rules
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from municipalities.journal import note_at_once
from municipalities.models import User

Thing = TypeVar("Thing")


def may(request: HttpRequest, permission: str, thing: object) -> bool:
    """Whether the request's user has `permission` on `thing`; the check is noted on the request."""
    if not rules.perm_exists(permission):
        raise LookupError(f"no rule is named {permission}")
    checked_on(request).add(permission)
    return rules.has_perm(permission, request.user, thing)


def or_404(request: HttpRequest, permission: str, thing: Thing) -> Thing:
    """`thing`, for those who may know of it."""
    if not may(request, permission, thing):
        note_at_once("request.refused", permission=permission, answer=404)
        raise Http404
    return thing


def or_403(request: HttpRequest, permission: str, thing: Thing, sentence: str = "") -> Thing:
    """`thing`, for those who may do this with it; others get `sentence`."""
    if not may(request, permission, thing):
        note_at_once("request.refused", permission=permission, answer=403)
        raise PermissionDenied(sentence or _("Du har inte behörighet att göra det här."))
    return thing


def signed_in(request: HttpRequest) -> User:
    """The person who makes the request, where the table of rights has sent visitors to log in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def checked_on(request: HttpRequest) -> set[str]:
    """Names of the permissions that have been tried for this request."""
    if not hasattr(request, "permissions_checked"):
        request.permissions_checked = set()  # type: ignore[attr-defined]
    return request.permissions_checked  # type: ignore[attr-defined]
