"""A portal in which there is something of everything: what an archive holds, and what it must never hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from actionplan.models import KnownTable
from exchange.models import Upload
from followup.models import MissingReason
from municipalities.models import Role, User
from portal.archive.contents import COLUMNS_LEFT_OUT, DJANGOS_OWN, LEFT_OUT
from publishing.models import Rendering
from tests import builders as make

MARKER = b"forborga"
"""What stands in everything that no file may hold, whatever the table of contents says of it."""

AWKWARD = '=1+1;"å\u2028\r\n\u0085\t,\\ 🚲 ' + "'"
"""What a format could stumble over."""


def make_world() -> None:
    make_what_is_kept()
    make_what_is_not()


def make_what_is_kept() -> None:
    """Something in every table, and in every log of changes."""
    partner, editor = make.make_municipality(), make.make_user(Role.EDITOR)
    plan = make.make_plan(partners=[partner], applies_to=AWKWARD, slug="plan")
    followup = make.make_followup(make.make_revision(plan, note=AWKWARD))
    make.make_organisation(AWKWARD, represented_by=[partner])
    draft = make.make_draft(plan, year=2017)
    area = make.make_area(draft)
    make.make_chapter(draft, area=area, text=AWKWARD)
    challenge = make.make_challenge(draft, area=area, followup_owner=partner)
    make.make_target(make.make_goal(challenge), value="-0.00000001", nearly="-12345678.9")
    activity = make.make_activity(challenge, title="-5 grader", responsible=[partner], first_year=None)
    make.make_term(draft)
    make.make_decision(draft, municipality=partner)
    make.make_ending(draft)
    make.make_series_break()
    make.make_invitation(partner, invited_by=editor)
    make.make_assignment(followup, activity)
    make.make_report(followup, comment=AWKWARD, author=editor)
    make.make_review(followup, author=editor)
    make.make_assessment(followup)
    make.make_outcome(municipality=partner, value="57.89505229", preliminary=True)
    make.make_outcome(missing_reason=MissingReason.TOO_FEW_ANSWERS)
    make.make_compared_area(followup.plan)
    make.make_compared_value(value="69.87654321")
    make.make_notice(followup, editor)
    make.make_publication(followup.document, content='{"å": "\\u2028"}', pdf=bytes(range(256)))
    make.make_publication(followup.document, content='{"å": 2}', pdf=b"%PDF-2")
    make.make_statement()
    KnownTable.objects.create(
        plan=plan,
        fingerprint="0" * 64,
        choices={"kolumner": [AWKWARD, None, 1]},
        chosen_by=editor,
    )


def make_what_is_not() -> None:
    """A row in every table that is left out, with something in it that no file may hold."""
    person = make.make_user(Role.EDITOR, email="forborgad@forborgades.example", last_login=timezone.now())
    make.make_invitation(email="bjuden@forborgades.example")
    make.make_accessibility_report(
        problem="forborgat problem", name="Forborgad Besökare", email="hen@h.example"
    )
    Upload.objects.create(
        owner=person, purpose="forborgat-syfte", name="forborgad fil", content=b"forborgat innehall"
    )
    Rendering.objects.create(
        digest="forborgad-digest", document="forborgat/utkast", manuscript="forborgat manus"
    )
    LogEntry.objects.create(
        user=person, content_type=ContentType.objects.get_for_model(User), object_id="forborgat-id",
        object_repr="forborgad rad", action_flag=CHANGE, change_message="forborgad handling",
    )  # fmt: skip
    Session.objects.create(
        session_key="forborgad-nyckel", session_data="forborgad-session", expire_date=timezone.now()
    )
    UserSession.objects.create(
        user=person, ip="203.0.113.77", session_key="forborgad-session-2", user_agent="forborgad webblasare"
    )
    address = EmailAddress.objects.create(user=person, email="annan@forborgades.example")
    EmailConfirmation.objects.create(email_address=address, key="forborgad-bekraftelse")
    app = SocialApp.objects.create(
        provider="forborgad-tjanst", name="forborgad app", client_id="forborgad-klient",
        secret="forborgad-nyckel-2", key="forborgad-nyckel-3", settings={"server_url": "https://forborgad.example"},
    )  # fmt: skip
    account = SocialAccount.objects.create(
        user=person, uid="forborgat-nummer", extra_data={"sub": "forborgad-sub"}
    )
    SocialToken.objects.create(
        app=app, account=account, token="forborgad-biljett", token_secret="forborgad-biljett-2"
    )
    Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.TOTP,
        data={"secret": "forborgat-andra-steg", "codes": ["reservkod-1"]},
    )
    DBTaskResult.objects.create(
        args_kwargs={"args": ["forborgat mejl"], "kwargs": {}}, task_path="forborgad.syssla",
        run_after=timezone.now(), backend_name="default",
    )  # fmt: skip


def secrets() -> Iterator[tuple[str, bytes]]:
    """All texts that stand in what is left out, of six characters or more, and where each stands."""
    for label, reason in LEFT_OUT.items():
        model = apps.get_model(label)
        if reason != DJANGOS_OWN and not model._meta.proxy:
            yield from texts_in(label, model, [field.attname for field in model._meta.concrete_fields])
    for label, columns in COLUMNS_LEFT_OUT.items():
        yield from texts_in(label, apps.get_model(label), list(columns))


def texts_in(label: str, model: Any, columns: list[str]) -> Iterator[tuple[str, bytes]]:
    for row in model._base_manager.values(*columns):
        for name, value in row.items():
            yield from ((f"{label}.{name}", text) for text in texts_of(value) if len(text) >= 6)


def texts_of(value: Any) -> Iterator[bytes]:
    match value:
        case dict():
            for each in value.values():
                yield from texts_of(each)
        case list() | tuple():
            for each in value:
                yield from texts_of(each)
        case str():
            yield value.encode()
        case bytes() | memoryview():
            yield bytes(value)


def files_in(folder: Path) -> dict[str, bytes]:
    """All files, by their path in the folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def rows_in(folder: Path, path: str) -> list[dict[str, Any]]:
    """The rows of a table in JSON Lines."""
    with (folder / path).open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]
