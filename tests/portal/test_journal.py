"""The journal: what is told of whom, in lines that can be trusted and hold no secrets."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from actionplan.drafting import discard, start_first
from actionplan.editions import adopt, proposal
from followup.models import Stage
from municipalities import people
from municipalities.journal import note, note_at_once
from municipalities.models import Role, User
from tests.builders import (
    PASSWORD,
    make_administrator,
    make_draft,
    make_followup,
    make_organisation,
    make_plan,
    make_revision,
    make_user,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
LOG_IN = "/konto/logga-in/"
Lines = Callable[[], list[dict]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the real handler and formatter of the journal write."""
    cache.clear()
    [handler] = logging.getLogger("journal").handlers
    assert isinstance(handler, logging.StreamHandler)
    text = io.StringIO()
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


@pytest.fixture
def lines(written) -> Lines:
    """The journal's lines so far, without their times."""

    def read() -> list[dict]:
        return [json.loads(line) for line in written.getvalue().splitlines()]

    return read


def events(lines: list[dict]) -> list[str]:
    return [line["event"] for line in lines]


# Who, what, when and from where


def test_a_log_in_is_told_with_who_when_from_where_and_by_what_means(lines):
    person = make_user()

    Client(REMOTE_ADDR="192.0.2.7").post(LOG_IN, {"login": person.email, "password": PASSWORD})

    [line] = lines()
    time = datetime.fromisoformat(line.pop("time"))
    assert timedelta(0) <= datetime.now(UTC) - time < timedelta(minutes=1)
    assert line == {
        "event": "session.began",
        "by": person.pk,
        "address": "192.0.2.7",
        "method": "POST",
        "asked": "account_login",
        "means": ["password"],
    }


def test_a_log_in_that_fails_tells_which_account_if_there_is_one_and_never_what_was_typed(lines):
    person = make_user()

    for email in (person.email.upper(), "hemligt-losenord@example.se"):
        Client().post(LOG_IN, {"login": email, "password": "fel fel fel"})

    assert [(line["event"], line["by"], line["person"]) for line in lines()] == [
        ("log_in.failed", None, person.pk),
        ("log_in.failed", None, None),
    ]


def test_a_log_in_that_isnt_tried_after_too_many_failures_is_told_as_such(lines):
    person = make_user()

    for _each in range(6):
        Client().post(LOG_IN, {"login": person.email, "password": "fel fel fel"})

    assert events(lines()) == ["log_in.failed"] * 5 + ["log_in.limited"]


@pytest.mark.parametrize("way_out", ["/konto/logga-ut/", "/admin/logout/"])
def test_logging_out_is_told_whichever_way_it_is_done(lines, way_out):
    administrator = make_administrator()
    client = Client()
    client.force_login(administrator)

    client.post(way_out)

    [line] = lines()
    assert (line["event"], line["by"]) == ("session.logged_out", administrator.pk)


def test_a_refusal_tells_what_was_asked_for_and_which_right_was_missing(lines):
    draft = make_draft(make_plan(slug="hemlig"), year=2031)
    outsider = make_user(Role.EDITOR)
    client = Client()
    client.force_login(outsider)

    assert client.get(f"/planer/hemlig/revideringar/{draft.year}/").status_code == 404
    assert client.get("/admin/").status_code == 403

    unseen, forbidden = lines()
    assert (unseen["event"], unseen["by"]) == ("request.refused", outsider.pk)
    assert unseen["asked"] in {"revision"}
    assert unseen["about"]["plan"] == "hemlig"
    assert unseen["answer"] == 404
    assert (forbidden["permission"], forbidden["answer"]) == ("municipalities.administrate", 403)


def test_what_isnt_there_and_what_is_public_is_no_news(lines):
    for address in ("/finns/inte/", "/planer/finns-inte/", "/om/", "/"):
        Client().get(address)

    assert lines() == []


def test_a_document_is_told_when_someone_signed_in_takes_it_and_not_when_the_public_does(lines):
    revision = make_revision(make_plan(slug="plan"), year=2016)
    reader = make_user(Role.READER, revision.plan.owner)
    client = Client()
    client.force_login(reader)
    address = "/planer/plan/revideringar/2016.pdf"

    assert Client().get(address).status_code == 200
    assert client.get(address).status_code == 200

    [line] = lines()
    assert (line["event"], line["by"], line["asked"]) == ("document.made", reader.pk, "revision-pdf")
    assert line["about"] == {"plan": "plan", "year": 2016}


def test_it_is_told_when_a_draft_is_begun_thrown_away_or_adopted(lines):
    plan, editor = make_plan(slug="plan", first_year=2015), make_user()

    discard(start_first(plan, 2016, by=editor), by=editor)
    draft = start_first(plan, 2016, by=editor)
    adopt(draft, seen=proposal(draft)[0], by=editor)

    about = [(line["event"], line["plan"], line["year"]) for line in lines()]
    names = ["draft.begun", "draft.discarded", "draft.begun", "revision.adopted", "revision.published"]
    assert about == [(name, "plan", 2016) for name in names]


def test_it_is_told_when_a_follow_up_moves_to_another_stage_and_by_whom(lines):
    followup = make_followup(make_revision(make_plan(slug="plan"), year=2016), year=2016, stage=Stage.CLOSED)
    administrator = make_administrator()
    client = Client()
    client.force_login(administrator)
    address = reverse("admin:followup_followup_change", args=[followup.pk])

    client.post(address, sent(client.get(address)))
    client.post(address, sent(client.get(address), stage=Stage.OPEN))
    client.post(address, sent(client.get(address), stage=Stage.PUBLISHED))

    [line] = lines()
    assert (line["event"], line["by"]) == ("followup.stage_changed", administrator.pk)
    assert (line["plan"], line["year"], line["stage"]) == ("plan", 2016, "open")


def test_an_administrator_who_is_made_on_the_server_is_told(lines):
    call_command("createsuperuser", interactive=False, email="eva@example.se", name="Eva", verbosity=0)

    [line] = lines()
    assert line["event"] == "administrator.given"
    assert line["person"] == User.objects.get(email="eva@example.se").pk
    assert line["at"] == "server"


def test_fixtures_that_are_loaded_are_told_by_name_once_they_are_kept(
    lines, tmp_path, django_capture_on_commit_callbacks
):
    fixture = tmp_path / "nya.json"
    organisation = {"key": "ny", "name": "Ny", "short_name": "Ny", "kind": "network", "represented_by": []}
    fixture.write_text(json.dumps([{"model": "municipalities.organisation", "fields": organisation}]))

    with django_capture_on_commit_callbacks(execute=True):
        call_command("loaddata", str(fixture), verbosity=0)
        before = lines()

    [line] = lines()
    assert before == []
    assert (line["event"], line["fixtures"], line["objects"]) == ("fixtures.loaded", ["nya.json"], 1)


# What was undone, and what was not


def do(request: HttpRequest, ending: int) -> HttpResponse:
    note("membership.given", person=1)
    note_at_once("request.refused")
    assert transaction.get_connection().in_atomic_block
    if ending == 404:
        raise Http404
    return HttpResponse(status=ending)


urlpatterns = [
    path("do/<int:ending>/", do, name="start"),  # named like a public page
    path("konto/", do, {"ending": 200}, name="account"),
]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("ending", [200, 302, 422])
def test_what_a_request_did_is_told_when_it_is_done(lines, ending):
    Client().post(f"/do/{ending}/")

    assert events(lines()) == ["request.refused", "membership.given"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("ending", [404, 500])
def test_what_a_request_did_isnt_told_when_it_was_undone_but_its_refusal_is(lines, ending):
    Client().post(f"/do/{ending}/")

    assert events(lines()) == ["request.refused"]


def test_what_is_done_on_the_server_is_told_without_a_request(lines):
    note("second_step.taken_away", person=1)

    [line] = lines()
    assert {"event": "second_step.taken_away", "person": 1}.items() <= line.items()
    assert "by" not in line


# Lines that can be trusted


@pytest.mark.parametrize(
    "broken", ['\n{"event": "session.began"}', "\r\n", "\u2028", "\x85", "\x1b[2J", '"}']
)
def test_no_value_can_begin_a_line_of_its_own(written, broken):
    note("service.refused", detail=f"före{broken}efter")

    [line] = written.getvalue().splitlines()
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["detail"] == f"före{broken}efter"


def test_a_plan_or_a_header_that_is_made_up_stays_a_value(lines):
    make_plan(slug="plan")
    Client(REMOTE_ADDR="192.0.2.7\n{}", headers={"X-Forwarded-For": "\n{}"}).get(
        "/planer/plan/uppfoljning/2016/"
    )
    client = Client()
    client.force_login(make_user())
    client.get("/admin/%0A%7B%22event%22%3A1%7D/")

    assert all(line["event"] in {"request.refused"} for line in lines())


# No secrets


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address of one's account, with a secret wherever a link could hold one."""
    for each in patterns:
        route = prefix + str(each.pattern).replace("^", "").replace("$", "")
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        elif route.startswith("konto/"):
            plain = re.sub(r"<int:\w+>", "1", route)
            yield "/" + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "PLANTED", plain)


FIELDS = [
    *("login", "password", "oldpassword", "password1", "password2", "code", "credential", "key", "token"),
    *("name", "id", "secret", "state", "error"),
]


@pytest.mark.parametrize("who", ["a visitor", "someone with an account"])
def test_nothing_that_is_typed_or_linked_stands_in_the_journal(written, lines, who):
    """Every address of one's account is asked for and sent a form, with a planted word everywhere."""
    person = make_user()
    form = dict.fromkeys(FIELDS, "PLANTED") | {"email": "PLANTED@example.se", "login": "PLANTED@example.se"}
    asked = list(addresses(get_resolver().url_patterns))

    for address in asked:
        client = Client(raise_request_exception=False)
        if who != "a visitor":
            client.force_login(person)
        client.get(f"{address}?code=PLANTED&state=PLANTED&next=/PLANTED/")
        client.post(address, form)

    assert len(asked) > 30
    assert "log_in.failed" in events(lines()) or who != "a visitor"
    assert "planted" not in written.getvalue().lower()


def test_a_reset_by_mail_leaves_neither_link_nor_password_in_the_journal(
    written, lines, django_capture_on_commit_callbacks
):
    person = make_user()
    new = "grön mango svävar över taket"
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/konto/glomt-losenord/", {"email": person.email})
    [link] = re.findall(r"http://testserver(/konto/glomt-losenord/\S+)", str(mail.outbox[0].body))

    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    Client().post(LOG_IN, {"login": person.email, "password": new})

    assert events(lines())[-1] == "session.began"
    assert "password.reset" in events(lines())
    secret = link.strip("/").split("/")[-1]
    for word in (secret, *secret.split("-"), new, person.email, *client.cookies["sessionid"].value.split()):
        assert len(word) < 4 or word not in written.getvalue()


def test_an_invitations_link_isnt_in_the_journal(written, lines, django_capture_on_commit_callbacks):
    administrator = make_administrator()
    with django_capture_on_commit_callbacks(execute=True):
        people.invite("ny@example.se", make_organisation(), Role.READER, by=administrator)
    [link] = re.findall(r"(/konto/inbjudan/\S+)", str(mail.outbox[0].body))

    Client().get(link.replace("inbjudan/", "inbjudan/x"))
    Client().post(link, {"name": "Ny", "password": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})

    assert {"invitation.sent", "invitation.accepted"} <= set(events(lines()))
    assert PASSWORD not in written.getvalue()
    assert link.split("/")[-2] not in written.getvalue()
    assert "ny@example.se" not in written.getvalue()


# The page that tells of the journal


def noted_in_code() -> set[str]:
    """Names of events as patterns: what a name is put together of can be anything."""
    found = set()
    for app in ("municipalities", "actionplan", "followup", "publishing", "portal"):
        for file in (ROOT / app).rglob("*.py"):
            text = file.read_text()
            if "journal" not in text:
                continue
            for each in ast.walk(ast.parse(text)):
                if isinstance(each, ast.Call) and name_of(each.func) in {"note", "note_at_once"}:
                    found.add(pattern_of(each.args[0]))
    return found - {"*"}


def name_of(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def pattern_of(name: ast.expr) -> str:
    if isinstance(name, ast.Constant):
        return str(name.value)
    if isinstance(name, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "*" for each in name.values)
    return "*"


def test_every_event_is_on_the_page_about_the_journal_and_every_one_there_happens():
    told = set(
        re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", (ROOT / "docs/journal.md").read_text(), re.MULTILINE)
    )
    noted = noted_in_code()

    assert {event for event in noted if not any(fnmatch(name, event) for name in told)} == set()
    assert {name for name in told if not any(fnmatch(name, event) for event in noted)} == set()
