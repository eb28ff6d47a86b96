"""The journal: sign-ins, refusals and what people did with rights and documents, one JSON object a line.

It is for whoever runs the portal and must find out afterwards who did what, when and from where;
docs/journal.md tells every event. It holds no passwords, codes, links or tokens, and no addresses of people.
What has been changed in a plan is in the log of changes instead.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("journal")


def note(event: str, **facts: Any) -> None:
    """Writes that `event` happened; who asked for it and from where is taken from the request there is.

    It is written when the request is over, and not at all if what the request did was undone.

    `event`: subject and deed, such as "membership.given". `facts`: what it was about, as JSON has it;
    people as their number, since names and addresses change.
    """
    pass_on({"event": event, **asked_by(context.request), **facts})


def pass_on(line: dict[str, Any]) -> None:
    """Gives the line to whoever holds lines back, else to the request; it is written if there is neither."""
    lines = _held.get()
    if lines is None:
        lines = getattr(context.request, "journal_lines", None)
    if lines is None:
        write(line)
    else:
        lines.append(line)


_held: ContextVar[list[dict[str, Any]] | None] = ContextVar("journal_lines_held", default=None)


@contextmanager
def held_back() -> Iterator[list[dict[str, Any]]]:
    """Holds back what is noted, for one who can tell whether it remains done, to pass on or to drop."""
    lines: list[dict[str, Any]] = []
    token = _held.set(lines)
    try:
        yield lines
    finally:
        _held.reset(token)


def note_at_once(event: str, **facts: Any) -> None:
    """The same for what holds even if all that the request did is undone, such as that it was refused."""
    write({"event": event, **asked_by(context.request), **facts})


def note_document(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer. Writes that someone who is signed in took a document away, if it is one; to visitors it is
    public. A document has an ETag, which the pages that come in its stead haven't.
    """
    if request.user.is_authenticated and answer.has_header("ETag"):
        note("document.made")
    return answer


def write(line: dict[str, Any]) -> None:
    logger.info(line["event"], extra=line)


def asked_by(request: HttpRequest | None) -> dict[str, Any]:
    """Who made the request, from which address on the network, and what was asked for."""
    if request is None:
        return {}
    user = getattr(request, "user", None)
    return {
        "by": getattr(user, "pk", None),  # which a visitor hasn't
        "address": get_adapter(request).get_client_ip(request),
        "method": request.method,
        **asked_for(request),
    }


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """The name of the request's address, and what it is about.

    Not the path, since links in mails are secrets; where there are such links, only numbers are told.
    """
    match = request.resolver_match
    if match is None:
        return {"asked": None}
    may_hold_secrets = match.route.startswith("konto/")
    about = {
        name: value for name, value in match.kwargs.items() if isinstance(value, int) or not may_hold_secrets
    }
    return {"asked": match.view_name, **({"about": about} if about else {})}
