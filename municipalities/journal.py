"""The journal: sign-ins, refusals and what people did with rights and documents, one JSON object a line.

It is for whoever runs the portal and must find out afterwards who did what, when and from where. It holds no
passwords, codes, links or tokens. What has been changed in a plan is in the log of changes instead.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

logger = logging.getLogger("journal")


def note(event: str, **facts: Any) -> None:
    """Writes that `event` happened; who asked for it and from where is taken from the request there is.

    `event`: subject and deed, such as "membership.given". `facts`: what it was about, as JSON has it;
    people as their number, since names and addresses change.
    """
    request = context.request
    logger.info(event, extra={"event": event, **(asked_by(request) if request else {}), **facts})


def asked_by(request: HttpRequest) -> dict[str, Any]:
    """Who made the request, from which address on the network, and what was asked for."""
    user = getattr(request, "user", None)
    return {
        "by": user.pk if user is not None and user.is_authenticated else None,
        "address": address_of(request),
        "method": request.method,
        "path": request.path,
    }


def address_of(request: HttpRequest) -> str:
    """The visitor's address on the network, by way of the proxies that are trusted; empty when unknown."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return ""
