"""A small world with two of everything, its people signed in, and a word planted in all that is hidden."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.forms import default_token_generator as reset_keys
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36
from django_tasks_db.models import DBTaskResult
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from actionplan.editions import content_of
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    Indicator,
    Plan,
    Revision,
    SeriesBreak,
    Term,
)
from exchange.models import Upload
from exchange.telling import Deed, RowTold, SheetTold, Told
from followup.models import FollowUp, Stage, Status
from municipalities.addresses import Change
from municipalities.models import Invitation, Membership, Municipality, Organisation, Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import (
    PASSWORD,
    make_accessibility_report,
    make_activity,
    make_area,
    make_assessment,
    make_assignment,
    make_challenge,
    make_chapter,
    make_decision,
    make_draft,
    make_edition,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_notice,
    make_organisation,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_review,
    make_revision,
    make_series_break,
    make_statement,
    make_target,
    make_term,
    make_user,
)

PEOPLE = {
    "visitor": "nobody signed in",
    "closed": "a coordinator of A whose account was closed while they were signed in",
    "outsider": "a coordinator of the municipality that the other plan is for",
    "confined": "an editor and administrator, signed in by the other plan's log-in service",
    "reader": "a reader in the organisation that owns the plan",
    "partner": "a coordinator of B, which takes part in the plan",
    "coordinator": "a coordinator of A, which answers for the activity",
    "follower": "a coordinator of the municipality that follows up the challenge",
    "stepless": "a coordinator of A without a second step, where those who write must have one",
    "editor": "an editor in the organisation that owns the plan",
    "administrator": "an administrator",
}
"""Everyone who asks, in the tables' order."""

OURS = frozenset({"reader", "partner", "coordinator", "follower", "editor", "administrator"})
THEIRS = frozenset({"outsider", "confined", "administrator"})
NOBODY = frozenset({"visitor", "closed", "stepless"})

OUR_DRAFT, OUR_YEAR = "Hemligtutkast", "Hemligtvarv"
THEIR_DRAFT, THEIR_YEAR = "Andrashemligtutkast", "Andrashemligtvarv"
REPORTER = "Hemligtnamn"

MAY_READ: dict[str, frozenset[str]] = {
    OUR_DRAFT: OURS,
    OUR_YEAR: OURS,
    THEIR_DRAFT: THEIRS,
    THEIR_YEAR: THEIRS,
    REPORTER: frozenset(PEOPLE) - NOBODY,
}
"""Every planted word, and who may come across it."""

asked = {"requests": 0, "seconds": 0.0}
"""How much has been asked of the portal, for whoever wants to know what it costs."""

NOTHING: Mapping[str, Any] = {}

YEARS = {Stage.PLANNED: 3, Stage.OPEN: 2, Stage.CLOSED: 1, Stage.PUBLISHED: 0}
"""How many years after its revision a plan's follow-ups are."""


@dataclass
class World:
    """Who asks, and what their addresses may be about."""

    clients: dict[str, Client]
    users: dict[str, User]
    numbers: dict[str, Any] = field(default_factory=dict)
    """What the database chose, by the word that stands for it in an address: `{our-person}`."""
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The same, where everyone has their own."""

    def address(self, pattern: str, who: str) -> str:
        """An address of the tables, as `who` would write it."""

        def chosen(found: re.Match[str]) -> str:
            return str(self.own.get(found[1], {}).get(who) or self.numbers[found[1]])

        return re.sub(r"\{([\w-]+)\}", chosen, pattern)

    def ask(self, who: str, method: str, address: str, sent: Mapping[str, Any] = NOTHING) -> Any:
        """What `who` is answered; the browser they ask from is afterwards as it was."""
        client = self.clients[who]
        cookies: Any = client.cookies.copy()
        started = time.perf_counter()
        try:
            if method in ("GET", "HEAD"):
                return getattr(client, method.lower())(address)
            if method == "POST":
                return client.post(address, sent)
            return client.generic(method, address)
        finally:
            client.cookies = cookies
            asked["requests"] += 1
            asked["seconds"] += time.perf_counter() - started


def planted(model: type[models.Model], word: str) -> dict[str, str]:
    """`word` for every field that holds a person's own words, those that come later too."""
    said = {}
    for each in model._meta.get_fields():
        if model is Revision and each.name == "correction":  # only a copy of an adopted revision has one
            continue
        if isinstance(each, models.URLField):
            said[each.name] = f"https://example.se/{word}"
        elif isinstance(each, models.SlugField) or getattr(each, "choices", None):
            continue
        elif isinstance(each, models.CharField | models.TextField):
            said[each.name] = word
    return said


def make_world() -> World:
    """Our plan, with a draft and a year in every stage; another one like it; and a draft of each alone."""
    network = make_organisation("Nätverket", key="natverket")
    ours = [make_municipality(name, key=key) for name, key in OUR_MUNICIPALITIES]
    their = make_municipality("Botkyrka", key="botkyrka")
    reporter = make_user(Role.COORDINATOR, ours[0], name=f"{REPORTER} Person")

    our_words, their_words = (OUR_DRAFT, OUR_YEAR), (THEIR_DRAFT, THEIR_YEAR)
    our_plan = make_plan_with_everything("gemensam", network, ours, 2016, "", our_words, reporter)
    their_plan = make_plan_with_everything("deras", their, [their], 2011, "deras-", their_words, reporter)
    make_undecided("bara-utkast", network, ours, OUR_DRAFT)
    make_undecided("deras-utkast", their, [their], THEIR_DRAFT)

    users = make_people(network, ours, their)
    make_notice(our_plan.followups.first(), users["coordinator"])
    make_statement()
    make_accessibility_report()
    world = World({who: signed_in(users.get(who)) for who in PEOPLE}, users)
    users["closed"].is_active = False
    users["closed"].save()
    confine(world.clients["confined"])
    number(world, our_plan, their_plan, network, their)
    return world


OUR_MUNICIPALITIES = [("Enköping", "enkoping"), ("Västerås", "vasteras"), ("Eskilstuna", "eskilstuna")]
"""A, which answers for the activity; B, which takes part; and the one that follows up the challenge."""


def make_plan_with_everything(
    slug: str,
    owner: Organisation,
    partners: list[Municipality],
    year: int,
    key: str,
    words: tuple[str, str],
    reporter: User,
) -> Plan:
    """A plan whose first revision is adopted for `year`; its rows' keys begin with `key`."""
    draft_word, year_word = words
    plan = make_plan(
        slug=slug, owner=owner, partners=partners, title=f"Planen {slug}", first_year=year, last_year=year + 9
    )
    revision = make_revision(plan, year=year)
    challenge, activity = fill(revision, partners, key)
    others = make_activity(challenge, key=f"{key}annans-aktivitet", responsible=partners[1:2])
    make_activity(challenge, key=f"{key}ingens-aktivitet")
    for stage, after in YEARS.items():
        followup = make_followup(revision, year=year + after, stage=stage)
        report_in(followup, [activity, others], year_word if stage != Stage.PUBLISHED else "Sagt.", reporter)
        review_in(followup, challenge, year_word, reporter)
        if stage != Stage.PUBLISHED:
            assigned = make_organisation(f"{year_word} organisation {stage}")
            make_assignment(followup, make_activity(challenge), assigned)
        else:
            make_edition(followup)
    indicator = challenge.goals.get().targets.get().indicator
    make_outcome(
        indicator, partners[0], year=year + 2, author=reporter, source=year_word, value="12.34567891"
    )
    draft = make_draft(plan, year=year + 1, based_on=revision, **planted(Revision, draft_word))
    fill(draft, partners, f"{key}ny-", draft_word)
    make_publication(revision.document, content=content_of(revision))
    return plan


def make_undecided(slug: str, owner: Organisation, partners: list[Municipality], word: str) -> Plan:
    """A plan that is a draft and nothing more."""
    title = {"title": f"{word} plan", "document_name": word, "applies_to": word}
    plan = make_plan(slug=slug, owner=owner, partners=partners, **title)
    fill(make_draft(plan, year=2016, **planted(Revision, word)), partners, f"{slug}-", word)
    return plan


def fill(revision: Revision, partners: list[Municipality], key: str, word: str = "") -> tuple[Any, Activity]:
    """One row of each kind; with `word` in every text when there is one."""

    def words(model: type[models.Model]) -> dict[str, str]:
        return planted(model, word) if word else {}

    area = make_area(revision, **words(Area))
    make_chapter(revision, area=area, **words(Chapter))
    challenge = make_challenge(
        revision, area=area, key=f"{key}utmaning", followup_owner=partners[-1], **words(Challenge)
    )
    goal = make_goal(challenge, key=f"{key}mal", **words(Goal))
    indicator = make_indicator(slug=f"{key}matt", **words(Indicator))
    make_series_break(indicator, year=revision.year, **words(SeriesBreak))
    make_target(goal, indicator=indicator)
    activity = make_activity(challenge, key=f"{key}aktivitet", responsible=partners[:1], **words(Activity))
    make_term(revision, **words(Term))
    make_decision(revision, partners[0], **words(Decision))
    make_ending(revision, key=f"{key}avslut", **words(Ending))
    return challenge, activity


def report_in(followup: FollowUp, activities: list[Activity], word: str, reporter: User) -> None:
    said = dict.fromkeys(("comment", "result", "reason", "action"), word)
    for activity in activities:
        make_report(
            followup,
            activity,
            status=Status.DELAYED,
            author=reporter,
            link=f"https://example.se/{word.strip('.')}",
            **said,
        )


def review_in(followup: FollowUp, challenge: Any, word: str, reporter: User) -> None:
    """A draft that nobody has approved, so that it isn't public in any year."""
    said = dict.fromkeys(("purpose", "deviations", "proposals"), word)
    make_review(followup, challenge, author=reporter, **said)
    words = dict.fromkeys(("reason", "action", "no_action"), word)
    make_assessment(followup, challenge.goals.get(), verdict="partly_met", author=reporter, **words)


def make_people(network: Organisation, ours: list[Municipality], their: Municipality) -> dict[str, User]:
    a, b, follows_up = ours

    def make(who: str, role: Role | None = None, at: Organisation | None = None, **fields: Any) -> User:
        return make_user(role, at, email=f"{who}@hemlig.example", name=f"Någon {who}", **fields)

    users = {
        "closed": make("closed", Role.COORDINATOR, a),
        "outsider": make("outsider", Role.COORDINATOR, their),
        "confined": make("confined", Role.EDITOR, network, is_administrator=True),
        "reader": make("reader", Role.READER, network),
        "partner": make("partner", Role.COORDINATOR, b),
        "coordinator": make("coordinator", Role.COORDINATOR, a),
        "follower": make("follower", Role.COORDINATOR, follows_up),
        "stepless": make("stepless", Role.COORDINATOR, a),
        "editor": make("editor", Role.EDITOR, network),
        "administrator": make("administrator", is_administrator=True),
    }
    Membership.objects.create(user=users["confined"], organisation=their, role=Role.READER)
    for who, user in users.items():
        if who != "stepless":
            give_second_step(user)
        MAY_READ[user.email] = frozenset({who, "administrator", *MAY_MANAGE.get(who, ())})
    return users


MAY_MANAGE = {
    who: {"editor"} for who in ("reader", "partner", "coordinator", "follower", "stepless", "confined")
}
"""Who else may see people's addresses: an editor, of those in the plan's organisations."""


def give_second_step(user: User) -> None:
    """An app that shows codes, codes in reserve, and a passkey."""
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    passkey = {"name": f"Nyckel {user.pk}", "credential": made_by_a_passkey()}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=passkey)


def made_by_a_passkey() -> dict[str, Any]:
    """What a browser sends when a passkey has been made."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    holder = AttestedCredentialData.create(Aaguid.NONE, secrets.token_bytes(16), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 0, holder)
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"-" * 32, "http://testserver")
    attested = AuthenticatorAttestationResponse(
        client_data=client, attestation_object=AttestationObject.create("none", made, {})
    )
    response = RegistrationResponse(raw_id=holder.credential_id, response=attested)
    return json.loads(json.dumps(dict(response)))


def signed_in(user: User | None) -> Client:
    """Someone's browser; they have just shown who they are, so nobody asks them to do it again."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
        confirmed = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert confirmed.status_code == 302
    return client


SERVICES = tuple(
    Service(
        id=name,
        name=organisation.capitalize(),
        organisation=organisation,
        server="http://127.0.0.1:9",  # where nothing answers
        client_id="portalen",
        client_secret="-",
    )
    for name, organisation in (("vara", "enkoping"), ("deras", "botkyrka"))
)
"""A log-in service of A, and one of the other plan's municipality."""


def confine(client: Client) -> None:
    """Lets someone's session be one that the other plan's log-in service opened."""
    session = client.session
    proofs = session[AUTHENTICATION_METHODS_SESSION_KEY]
    by_service = {"method": "socialaccount", "provider": "deras", "uid": "1", "at": proofs[0]["at"]}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [by_service, *proofs]
    session.save()


def number(world: World, ours: Plan, theirs: Plan, network: Organisation, their: Organisation) -> None:
    """What the addresses' words stand for: `our`, `their` and, for what isn't there, `no`."""
    users = world.users
    passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    task = DBTaskResult.objects.create(
        task_path="portal.nowhere", args_kwargs={}, run_after=timezone.now(), backend_name="default"
    )
    world.numbers = {
        "our-person": users["partner"].pk,
        "their-person": users["outsider"].pk,
        "our-membership": users["partner"].memberships.get().pk,
        "their-membership": users["outsider"].memberships.get().pk,
        "our-task": task.pk,
        "no": 987_654_321,
    }
    vasteras = ours.partners.get(key="vasteras")
    another_editor = make_user(Role.EDITOR, vasteras)
    world.numbers["an-editors-membership"] = another_editor.memberships.get().pk
    world.numbers["an-editors-invitation"] = invite(
        "redaktor@inbjuden.example", vasteras, Role.EDITOR, users
    ).pk
    world.numbers["editors-own-membership"] = users["editor"].memberships.get().pk
    for whose, organisation in (("our", vasteras), ("their", their)):
        invitation = invite(f"{whose}@inbjuden.example", organisation, Role.COORDINATOR, users)
        world.numbers |= {f"{whose}-invitation": invitation.pk, f"{whose}-token": invitation.token}
    MAY_READ["our@inbjuden.example"] = frozenset({"editor", "administrator"})
    MAY_READ["their@inbjuden.example"] = frozenset({"administrator"})
    for whose, user in (("our", users["partner"]), ("their", users["outsider"])):
        world.numbers[f"{whose}-uid"] = int_to_base36(user.pk)
        world.numbers[f"{whose}-key"] = reset_keys.make_token(user)
    alone = make_organisation("En utan plan", key="utan-plan")
    for who, user in users.items():
        offer = invite(user.email, alone, Role.COORDINATOR, users)
        world.own.setdefault("own-token", {})[who] = offer.token
    world.numbers["own-token"] = world.own["own-token"]["reader"]  # of those who have none
    world.own["own-change"] = {
        who: Change(user.pk, user.email, "ny@example.se").key for who, user in users.items()
    }
    world.numbers["own-change"] = world.numbers["their-change"] = world.own["own-change"]["outsider"]
    world.numbers["their-passkey"] = passkeys.get(user=users["outsider"]).pk
    world.numbers["today"] = timezone.localdate().isoformat()
    world.numbers["plan-type"] = ContentType.objects.get_for_model(Plan).pk
    for who, user in users.items():
        if passkey := passkeys.filter(user=user).first():
            world.own.setdefault("own-passkey", {})[who] = passkey.pk
    world.numbers["own-passkey"] = world.numbers["no"]  # of those who have none
    for purpose, about in UPLOADS.items():
        own = {who: make_upload(user, purpose, about).pk for who, user in users.items()}
        world.own[f"own-{purpose}-upload"] = own
        MAY_READ.update({f"fil-{user.pk}@fil.example": frozenset({who}) for who, user in users.items()})
        world.numbers[f"own-{purpose}-upload"] = world.numbers["no-upload"] = UUID(int=0)
        world.numbers[f"their-{purpose}-upload"] = own["outsider"]


UPLOADS = {
    "draft": "gemensam",
    "plan": "",
    "table": "gemensam",
    "outcomes": "gemensam/matt",
    "people": "",
    "kolada": "gemensam",
}
"""What people have sent files for that wait for their answer, and into what."""


def make_upload(owner: User, purpose: str, about: str) -> Upload:
    """A file that waits for an answer."""
    content, asked = (TABLE, ASKED_OF_IT) if purpose == "table" else (b"PK", {})
    row = RowTold(2, Deed.NEW, f"fil-{owner.pk}@fil.example")
    told = Told((SheetTold("Personer", (row,)),)).as_json()
    return Upload.objects.create(
        owner=owner,
        purpose=purpose,
        about=about,
        name="plan.xlsx",
        content=content,
        asked=asked,
        stage="told",
        told=told,
    )


TABLE = b"Utmaning,Aktivitet,Ansvarig\nUtmaning,Aktivitet,Ingen som finns\n"
ASKED_OF_IT = {
    "sheet": "plan",
    "columns": {"Utmaning": "challenge", "Aktivitet": "title", "Ansvarig": "lead"},
}
"""A table with headers of its own, and what its columns have been chosen to be."""


def invite(email: str, organisation: Organisation, role: Role, users: dict[str, User]) -> Invitation:
    """An invitation that waits."""
    by = users["administrator"]
    return Invitation.objects.create(email=email, organisation=organisation, role=role, invited_by=by)


def heard(who: str, answer: Any) -> list[str]:
    """The planted words that `who` was told and should not know."""
    told = answer.content.decode(errors="replace")
    return [word for word, people in MAY_READ.items() if word in told and who not in people]
