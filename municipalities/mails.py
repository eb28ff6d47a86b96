"""The portal's mails: short and plain, in Swedish, sent by the worker once what they tell of is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.core import context
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from municipalities.journal import note
from municipalities.sealing import seal, unseal

PURPOSE = "mails"
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]
"""How long to wait before trying again, each time that the mail server won't take a mail."""


def send(template: str, to: str, facts: Mapping[str, Any]) -> None:
    """Writes a mail of `<template>_subject.txt` and `<template>_message.txt`, and leaves it to the worker.

    It is sent only if what is under way is committed: with the queue in the database it is a row of the same
    transaction. There it lies sealed, since it holds an address and may hold a link that lets someone in.
    """
    portal = settings.PORTAL_ORIGIN or asked_for_by()
    known = {"email": to, "portal": portal and f"{portal}/"}
    known |= {name: on_our_name(fact) for name, fact in facts.items()}
    letter = {
        "template": template,
        "to": to,
        "subject": " ".join(render_to_string(f"{template}_subject.txt", known).split()),
        "body": render_to_string(f"{template}_message.txt", known).strip() + "\n",
    }
    leave = partial(deliver.enqueue, seal(json.dumps(letter), PURPOSE))
    if deliver.get_backend().supports_defer:
        leave()
    else:  # nothing is queued: it is sent at once
        transaction.on_commit(leave)


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
    letter = json.loads(unseal(sealed, PURPOSE))
    mail = EmailMessage(
        letter["subject"], letter["body"], to=[letter["to"]], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        mail.send()
    except OSError as error:  # those of smtplib too; their texts hold the address, so only the kind is told
        facts = {"template": letter["template"], "error": type(error).__name__}
        if earlier_attempts < len(PAUSES) and deliver.get_backend().supports_defer:
            note("mail.delayed", **facts)
            later = deliver.using(run_after=timezone.now() + PAUSES[earlier_attempts])
            later.enqueue(sealed, earlier_attempts + 1)
        else:
            note("mail.given_up", **facts)
