"""The portal's mails: short and plain, in Swedish, sent by the worker once what they tell of is saved."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import parseaddr
from functools import partial
from typing import Any

from allauth.core import context
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task
from django_tasks.base import Task

from municipalities.journal import note
from municipalities.sealing import seal, unseal

PURPOSE = "mails"
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]
"""How long to wait before trying again, each time that the mail server won't take a mail."""


@dataclass(frozen=True)
class Letter:
    """A mail as it is sent; by `number`, where it has one, every attempt to send it is known as the same."""

    template: str
    to: str
    subject: str
    body: str
    number: str = ""


def send(template: str, to: str, facts: Mapping[str, Any]) -> None:
    """Writes a mail of `<template>_subject.txt` and `<template>_message.txt`, and leaves it to the worker.

    It is sent only if what is under way is committed: with the queue in the database it is a row of the same
    transaction. There it lies sealed, since it holds an address and may hold a link that lets someone in.
    """
    with translation.override(settings.LANGUAGE_CODE):
        letter = write(template, to, {name: on_our_name(fact) for name, fact in facts.items()})
    leave(deliver, seal(json.dumps(asdict(letter)), PURPOSE))


def write(template: str, to: str, facts: Mapping[str, Any], *, number: str = "", origin: str = "") -> Letter:
    """The mail that the templates make of `facts`; `origin` where there is neither setting nor request."""
    portal = origin or our_name()
    known = {"email": to, "portal": portal and f"{portal}/", **facts}
    return Letter(
        template=template,
        to=to,
        subject=" ".join(render_to_string(f"{template}_subject.txt", known).split()),
        body=BLANK_LINES.sub("\n\n", render_to_string(f"{template}_message.txt", known)).strip() + "\n",
        number=number,
    )


def leave(work: Task[Any, None], *arguments: Any) -> None:
    """Leaves `work` to the worker; it is done only if what is under way is committed."""
    enqueue = partial(work.enqueue, *arguments)
    if work.get_backend().supports_defer:
        enqueue()
    else:  # nothing is queued: it is done at once
        transaction.on_commit(enqueue)


def our_name() -> str:
    """Where links in mails lead, as in `https://portal.example.se`; empty where nobody has said."""
    return settings.PORTAL_ORIGIN or asked_for_by()


def on_our_name(link: Any) -> Any:
    """A link led to the portal's own name, whatever it was asked for by; anything else as it is.

    A visitor may write another name or port, that the portal answers to as well, and would otherwise have
    a mail with a secret in it lead somebody there.
    """
    theirs, ours = asked_for_by(), settings.PORTAL_ORIGIN
    if not ours or not theirs or not isinstance(link, str) or not link.startswith(f"{theirs}/"):
        return link
    return ours + link.removeprefix(theirs)


def asked_for_by() -> str:
    """The name that the visitor wrote, as in `http://localhost:8000`; empty where there is no request."""
    return context.request.build_absolute_uri("/").rstrip("/") if context.request else ""


@task()
def deliver(sealed: str, earlier_attempts: int = 0) -> None:
    """Sends a mail, or tries again later; gives up after the last of `PAUSES`, and says so in the journal."""
    letter = Letter(**json.loads(unseal(sealed, PURPOSE)))
    try:
        post(letter)
    except OSError as error:
        try_later(deliver, sealed, earlier_attempts, error, template=letter.template)


def post(letter: Letter) -> None:
    """Gives a mail to the mail server; raises OSError, as all errors of smtplib are, when it isn't taken."""
    headers = {"Auto-Submitted": "auto-generated"}
    if letter.number:
        headers["Message-ID"] = (
            f"<{letter.number}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"
        )
    EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers).send()


def try_later(
    work: Task[Any, None], argument: Any, earlier_attempts: int, error: OSError, **facts: Any
) -> bool:
    """Leaves to the worker to do `work` again after one of `PAUSES`; False, when the last of them is over.

    The journal is told either; of the error only its kind, since its text holds the address.
    """
    facts["error"] = type(error).__name__
    if earlier_attempts < len(PAUSES) and work.get_backend().supports_defer:
        note("mail.delayed", **facts)
        later = work.using(run_after=timezone.now() + PAUSES[earlier_attempts])
        later.enqueue(argument, earlier_attempts + 1)
        return True
    note("mail.given_up", **facts)
    return False
