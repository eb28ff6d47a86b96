"""A portal with something of everything, everyone's sessions, and what parameters may hold."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from fido2.utils import websafe_encode

from actionplan.editions import content_of
from actionplan.kinds import KINDS
from actionplan.models import Revision, YearlyTarget
from followup.models import FollowUp, Stage
from municipalities.models import Invitation, Membership, Municipality, Organisation, Role, User
from publishing.models import Publication
from tests.builders import (
    PASSWORD,
    make_activity,
    make_area,
    make_assignment,
    make_challenge,
    make_chapter,
    make_draft,
    make_edition,
    make_followup,
    make_goal,
    make_indicator,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_responsibility,
    make_revision,
    make_series_break,
    make_target,
    make_term,
    make_user,
)
from tests.passkeys import Passkey
from tests.plans import load_plans, person

ACTORS = {
    "visitor": 3,
    "halfway": 1,
    "reader": 1,
    "coordinator": 4,
    "editor": 5,
    "earlier": 1,
    "administrator": 6,
    "closed": 1,
    "expired": 1,
}
"""Who asks, and how often.

Halfway has given a password and not the second step; earlier is an editor who logged in long ago.
"""

HOW_MANY = 12
"""Samples of each kind of row."""


@dataclass(frozen=True)
class World:
    sessions: dict[str, str]
    """Key of each actor's session; the visitor has none."""
    samples: dict[str, list[str]]
    """What an address's parameter of that name may hold, whosever it is."""
    rows: dict[str, list[str]]
    """Primary keys by model: "actionplan_plan"."""
    together: dict[frozenset[str], list[dict[str, str]]]
    """What parameters may hold so that the thing exists, by the names of the parameters."""

    def fitting(self, name: str, parameter: str) -> list[str]:
        """Values that the parameter of the named address can have."""
        model, _, page = name.removeprefix("admin:").rpartition("_")
        if name.startswith("admin:") and page == "history" and model.endswith("_simple"):
            model = model.removesuffix("_simple")
            table, inner = model.split("_", 1)
            return self.rows[f"{table}_historical{inner}"] if parameter == "_1" else self.rows[model]
        if name.startswith("admin:") and parameter in ("object_id", "id"):
            return self.rows.get(model) or self.rows["municipalities_user"]
        return self.samples.get(parameter) or self.samples["anything"]


def make_world() -> World:
    """Loads the real plans, and what they don't have."""
    load_plans()
    make_a_plan_under_way()
    make_what_belongs_to_accounts()
    return World(open_sessions(), samples(), rows(), together())


def make_a_plan_under_way() -> None:
    """A plan with a draft, with every kind of row, and with follow-ups in every stage."""
    partners = list(Municipality.objects.order_by("pk")[:3])
    owner = Organisation.objects.get(key="4m")
    plan = make_plan(slug="pagar", owner=owner, partners=partners, challenge_word="fråga")
    adopted = make_revision(plan, year=2016)
    draft = make_draft(plan, year=2017, based_on=adopted)
    for revision in (adopted, draft):
        area = make_area(revision)
        make_chapter(revision, area=area, text="# Ett\n\nTvå[^1]\n\n[^1]: tre")
        challenge = make_challenge(revision, key="fraga", area=area, followup_owner=partners[0])
        make_target(make_goal(challenge), indicator=make_indicator())
        activity = make_activity(challenge, key="gor")
        make_responsibility(activity, partners[0])
        make_term(revision)
    make_activity(adopted.challenge_rows.get(), key="gor-mer")
    for _each in range(2):
        make_publication(adopted.document, content=content_of(adopted))
    activity = adopted.activity_rows.get(key="gor")
    for year, stage in zip((2015, 2016, 2017, 2018), Stage, strict=True):
        followup = make_followup(adopted, year=year, stage=stage)
        make_report(followup, activity, organisation=partners[0])
        make_assignment(followup, activity, owner)
        if stage == Stage.PUBLISHED:
            make_edition(followup)
            make_edition(followup)
    make_series_break()
    make_outcome(author=person("samordnare@enkoping"))
    make_outcome(missing_reason="not_measured")


def make_what_belongs_to_accounts() -> None:
    """Addresses, second steps, invitations, a closed account and a piece of background work."""
    editor, owner = person("redaktor@4m"), Organisation.objects.get(key="4m")
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=editor, email="ny@example.se", verified=False, primary=False)
    second = make_user(Role.EDITOR, owner, email="tva-steg@example.se")
    for user in (editor, second):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    Authenticator.objects.create(
        user=editor,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Nyckel", "credential": passkey_answers()[0], "passwordless": True},
    )
    make_user(Role.COORDINATOR, owner, email="stangt@example.se")
    for email in ("inbjuden@example.se", editor.email):
        Invitation.objects.create(email=email, organisation=owner, role=Role.READER, invited_by=editor)
    DBTaskResult.objects.create(
        task_path="publishing.pdf.render_pdf",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=timezone.now(),
    )


def passkey_answers() -> list[dict[str, Any]]:
    """What a browser sends when it has made a passkey, and when it has asked one; to other questions."""
    passkey, challenge = Passkey(), websafe_encode(b"a question of nobody's")
    asked = {"publicKey": {"user": {"id": websafe_encode(b"1")}, "challenge": challenge}}
    return [passkey.answer_to_making(asked), passkey.answer_to_asking(asked)]


def open_sessions() -> dict[str, str]:
    """Logs everyone in; then one account is closed, and one session expires."""
    people = {
        "reader": "lasare@4m.example",
        "coordinator": "samordnare@enkoping.example",
        "editor": "redaktor@4m.example",
        "earlier": "redaktor@4m.example",
        "administrator": "admin@4m.example",
        "closed": "stangt@example.se",
        "expired": "samordnare@vasteras.example",
    }
    sessions = {who: session_of(User.objects.get(email=email)) for who, email in people.items()}
    for who in people:
        if who != "earlier":
            prove(sessions[who])
    User.objects.filter(email="stangt@example.se").update(is_active=False)
    Session.objects.filter(pk=sessions["expired"]).update(expire_date=timezone.now() - timedelta(days=1))
    halfway = Client()
    halfway.post("/konto/logga-in/", {"login": "tva-steg@example.se", "password": PASSWORD})
    return sessions | {"visitor": "", "halfway": halfway.session.session_key or ""}


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.session.session_key or ""


def prove(key: str) -> None:
    """Lets the session's owner change credentials without giving the password once more."""
    session = Client(headers={"Cookie": f"sessionid={key}"}).session
    session = type(session)(key)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() + 24 * 3600}]
    session.save()


def samples() -> dict[str, list[str]]:
    user = person("samordnare@enkoping")
    today = timezone.localdate().isoformat()
    keys = [
        str(key)
        for model in ("challenge", "activity")
        for key in of(apps.get_model("actionplan", model).objects, "key")
    ]
    return {
        "plan": ["4m", "botkyrka", "pagar", "finns-inte"],
        "day": ["2016-05-30", "2015-02-30", "1999-12-31", "2999-01-01", "0000-00-00", today],
        "edition": ["1", "2", "3", "9999"],
        "year": ["2015", "2016", "2017", "2018", "1999", "0000", "9999"],
        "key": [
            *keys,
            default_token_generator.make_token(user),
            "set-password",
            EmailConfirmationHMAC(EmailAddress.objects.get(email="ny@example.se")).key,
        ],
        "kind": list(KINDS),
        "indicator": of(apps.get_model("actionplan", "indicator").objects, "slug"),
        "uidb36": [user_pk_to_url_str(user), "1", "zzzzzzzzzzzzz", "0"],
        "token": [*(each.token for each in Invitation.objects.all()), "1", "x:y:z"],
        "credential": [json.dumps(each) for each in (*passkey_answers(), {"id": "å", "response": {}})],
        "provider_id": ["vasteras", "google", "avbruten"],
        "pk": of(User.objects) + of(Authenticator.objects) + of(Invitation.objects),
        "organisation": of(Organisation.objects, "key"),
        "person": of(User.objects),
        "membership": of(Membership.objects),
        "invitation": of(Invitation.objects),
        "app_label": ["actionplan", "followup", "municipalities", "account", "finns-inte"],
        "content_type_id": of(ContentType.objects),
        "anything": ["1", "2", "4m", "2016", "enkoping", "uppstartsmote", *of(Organisation.objects)],
    }


def together() -> dict[frozenset[str], list[dict[str, str]]]:
    """Parameters of things that exist: a plan with its activity, an organisation with its member."""
    found: list[dict[str, str]] = []
    for followup in FollowUp.objects.select_related("plan", "revision"):
        plan, year = followup.plan.slug, str(followup.year)
        found.append({"plan": plan, "year": year})
        editions = Publication.objects.of(followup.document)
        found += [{"plan": plan, "year": year, "edition": str(each.edition)} for each in editions]
        for row in [*followup.activities()[:6], *followup.revision.challenge_rows.all()[:3]]:
            found += [{"plan": plan, "key": row.key}, {"plan": plan, "year": year, "key": row.key}]
    for revision in Revision.objects.select_related("plan"):
        plan, year = revision.plan.slug, str(revision.year)
        found.append({"plan": plan, "day": timezone.localdate().isoformat()})
        editions = Publication.objects.of(revision.document)
        found += [{"plan": plan, "year": year, "edition": str(each.edition)} for each in editions]
        found.append({"plan": plan, "year": year})
    for target in YearlyTarget.objects.select_related("revision__plan", "indicator")[:20]:
        found.append({"plan": target.revision.plan.slug, "indicator": target.indicator.slug})
    for membership in Membership.objects.select_related("organisation"):
        organisation, person = membership.organisation.key, str(membership.user_id)
        found += [{"organisation": organisation}, {"organisation": organisation, "person": person}]
        found += [{"organisation": organisation, "membership": str(membership.pk)}, {"person": person}]
    for invitation in Invitation.objects.select_related("organisation"):
        organisation = invitation.organisation.key
        found += [
            {"organisation": organisation, "invitation": str(invitation.pk)},
            {"token": invitation.token},
        ]
    sorted_by_names: dict[frozenset[str], list[dict[str, str]]] = {}
    for each in found:
        sorted_by_names.setdefault(frozenset(each), []).append(each)
    return sorted_by_names


def rows() -> dict[str, list[str]]:
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": of(model._default_manager) or ["1"]
        for model in apps.get_models()
    }


def of(rows: models.Manager[Any] | models.QuerySet[Any], field: str = "pk") -> list[str]:
    """The first and the last of them."""
    values: Iterable[Any] = rows.order_by("pk").values_list(field, flat=True)
    listed = [str(each) for each in values]
    return listed[: HOW_MANY // 2] + listed[-HOW_MANY // 2 :]
