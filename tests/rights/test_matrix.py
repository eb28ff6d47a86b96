"""Who may have which address: every one of them, for everyone who could ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

import portal.urls
from followup.models import Stage, StatusReport
from municipalities.models import Organisation, Role
from portal.rights import RIGHTS
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_revision,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db

PEOPLE = ("visitor", "closed", "outsider", "partner", "reader", "coordinator", "editor", "administrator")
"""Closed is an account that was a coordinator's; an outsider coordinates a municipality of another plan, a
partner another one of the plan's, and the coordinator the one that answers for the activity."""

EXPECTED = """
address                      visitor closed outsider partner reader coordinator editor administrator

start                        200     200    200      200     200    200         200    200
about                        200     200    200      200     200    200         200    200
cookies                      200     200    200      200     200    200         200    200
health                       200     200    200      200     200    200         200    200
account_login                    200     200    302      302     302    302         302    302
account_logout                    405     405    405      405     405    405         405    405

plan                         200     200    200      200     200    200         200    200
plan-data                    200     200    200      200     200    200         200    200
challenge                    200     200    200      200     200    200         200    200
activities                   200     200    200      200     200    200         200    200
activity                     200     200    200      200     200    200         200    200
indicator                    200     200    200      200     200    200         200    200
revision                     200     200    200      200     200    200         200    200
revision-pdf                 200     200    200      200     200    200         200    200
revision       draft         404     404    404      200     200    200         200    200
revision-pdf   draft         404     404    404      200     200    200         200    200

plan           undecided     404     404    404      200     200    200         200    200
challenge      undecided     404     404    404      200     200    200         200    200
activities     undecided     404     404    404      200     200    200         200    200
activity       undecided     404     404    404      200     200    200         200    200
indicator      undecided     404     404    404      200     200    200         200    200
revision       undecided     404     404    404      200     200    200         200    200
plan-data      undecided     404     404    404      404     404    404         404    404

followup       published     200     200    200      200     200    200         200    200
followup-pdf   published     200     200    200      200     200    200         200    200
followup       planned       404     404    404      200     200    200         200    200
followup       open          404     404    404      200     200    200         200    200
followup-pdf   open          404     404    404      200     200    200         200    200
followup       closed        404     404    404      200     200    200         200    200

report-activity planned      302     302    404      403     403    403         403    403
report-activity open         302     302    404      403     403    200         200    200
report-activity closed       302     302    404      403     403    403         403    403
report-activity published    302     302    403      403     403    403         403    403
to-do                        302     302    200      200     200    200         200    200
admin                        302     302    403      403     403    403         403    200

plan           unknown       404     404    404      404     404    404         404    404
plan-data      unknown       404     404    404      404     404    404         404    404
challenge      unknown       404     404    404      404     404    404         404    404
activities     unknown       404     404    404      404     404    404         404    404
activity       unknown       404     404    404      404     404    404         404    404
indicator      unknown       404     404    404      404     404    404         404    404
revision       unknown       404     404    404      404     404    404         404    404
revision-pdf   unknown       404     404    404      404     404    404         404    404
followup       unknown       404     404    404      404     404    404         404    404
followup-pdf   unknown       404     404    404      404     404    404         404    404
report-activity unknown      302     302    404      404     404    404         404    404
"""
"""What each is answered. The public page of a draft plan has no data: that is the same to everyone."""

YEARS = {"planned": 2019, "open": 2018, "closed": 2017, "published": 2016}
KEYS = {"challenge": "utmaning", "activity": "aktivitet", "report-activity": "aktivitet"}


@dataclass(frozen=True)
class Case:
    """One cell of the table."""

    name: str
    variant: str
    who: str
    status: int

    def __str__(self) -> str:
        return f"{self.name} {self.variant} {self.who}".replace("  ", " ")

    @property
    def address(self) -> str:
        if self.name == "admin":
            return reverse("admin:index")
        return reverse(self.name, kwargs=self.arguments)

    @property
    def arguments(self) -> dict[str, Any]:
        if self.name in ("start", "about", "cookies", "health", "account_login", "account_logout", "to-do"):
            return {}
        arguments: dict[str, Any] = {
            "plan": {"undecided": "bara-utkast", "unknown": "finns-inte"}.get(self.variant, "gemensam")
        }
        if self.name.startswith(("followup", "report")):
            arguments["year"] = YEARS.get(self.variant, 2016)
        if self.name.startswith("revision"):
            arguments["year"] = 2017 if self.variant == "draft" else 2016
        if self.name in KEYS:
            arguments["key"] = KEYS[self.name]
        if self.name == "indicator":
            arguments["indicator"] = "matt"
        return arguments


def read_table() -> list[Case]:
    head, *lines = (line.split() for line in EXPECTED.split("\n") if line)
    people = head[1:]
    assert tuple(people) == PEOPLE
    return [
        Case(line[0], line[1] if len(line) > len(head) else "", who, int(status))
        for line in lines
        for who, status in zip(people, line[-len(people) :], strict=True)
    ]


CASES = read_table()


@pytest.fixture
def clients() -> dict[str, Client]:
    """A plan with everything the table speaks of, and everyone who asks, signed in."""
    owner, responsible = make_organisation(key="nätverk"), make_municipality("Enköping")
    partner, outsider = make_municipality("Västerås"), make_municipality("Botkyrka")
    make_plan_with_everything("gemensam", owner, [responsible, partner])
    undecided = make_plan(slug="bara-utkast", owner=owner, partners=[responsible, partner])
    fill(make_draft(undecided, year=2016), responsible)
    users = {
        "closed": make_coordinator(responsible),
        "outsider": make_coordinator(outsider),
        "partner": make_coordinator(partner),
        "reader": make_user(Role.READER, owner),
        "coordinator": make_coordinator(responsible),
        "editor": make_user(Role.EDITOR, owner),
        "administrator": make_administrator(),
    }
    clients = {who: Client() for who in PEOPLE}
    for who, user in users.items():
        clients[who].force_login(user)
    users["closed"].is_active = False
    users["closed"].save()
    return clients


def make_plan_with_everything(slug: str, owner: Organisation, partners: list[Any]) -> None:
    plan = make_plan(slug=slug, owner=owner, partners=partners)
    revision = make_revision(plan, year=2016)
    fill(revision, partners[0])
    make_draft(plan, year=2017)
    for stage, year in YEARS.items():
        make_followup(revision, year=year, stage=Stage(stage))


def fill(revision: Any, responsible: Organisation) -> None:
    challenge = make_challenge(revision, key="utmaning")
    make_activity(challenge, key="aktivitet", responsible=[responsible])
    indicator = {"slug": "matt"}
    existing = type(make_indicator()).objects.filter(**indicator).first()
    make_target(make_goal(challenge), indicator=existing or make_indicator(**indicator))


@pytest.fixture(autouse=True)
def instant_pdf(monkeypatch) -> None:
    """A PDF takes a second to make, and who may have it is told before it is."""
    for module in ("actionplan.documents", "followup.documents"):
        monkeypatch.setattr(f"{module}.document_pdf", lambda template, context: b"%PDF-1.7")


def names_of(resolver: URLResolver) -> set[str]:
    """Every address' name; those of an app with a name of its own go by that."""
    found: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            found.add(each.name or f"nameless: {each.pattern}")
        else:
            found |= {each.namespace} if each.namespace else names_of(each)
    return found


def test_every_address_states_its_right_and_every_right_has_an_address():
    assert names_of(get_resolver()) == set(RIGHTS)


def test_every_right_is_tried_on_everyone():
    assert {case.name for case in CASES} == set(RIGHTS)


def test_everyone_gets_what_they_may_have_and_nothing_else(clients):
    answered = {str(case): clients[case.who].get(case.address).status_code for case in CASES}

    assert answered == {str(case): case.status for case in CASES}


def without_what_differs(answer: HttpResponse, address: str) -> tuple[int, str, set[str]]:
    """Status, words and headers, without the address that was asked for and the form's secret."""
    page = answer.content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(address, "ADDRESS")
    return answer.status_code, page, set(answer.headers) | {f"Location: {answer.get('Location', '')[:20]}"}


HIDDEN = [case for case in CASES if case.status in (302, 404) and case.variant not in ("", "unknown")]


def test_what_is_hidden_answers_exactly_like_what_is_not_there(clients):
    for case in HIDDEN:
        unknown = case.address.replace("gemensam", "finns-inte").replace("bara-utkast", "finns-inte")

        hidden_answer = clients[case.who].get(case.address)
        unknown_answer = clients[case.who].get(unknown)

        hidden = without_what_differs(hidden_answer, case.address)
        assert hidden == without_what_differs(unknown_answer, unknown), str(case)


def test_a_year_that_is_hidden_answers_exactly_like_one_that_is_not_there(clients):
    for who in ("visitor", "outsider"):
        for hidden, unknown in [
            ("/planer/gemensam/uppfoljning/2018/", "/planer/gemensam/uppfoljning/1999/"),
            ("/planer/gemensam/uppfoljning/2018.pdf", "/planer/gemensam/uppfoljning/1999.pdf"),
            ("/planer/gemensam/revideringar/2017/", "/planer/gemensam/revideringar/1999/"),
            ("/planer/gemensam/revideringar/2017.pdf", "/planer/gemensam/revideringar/1999.pdf"),
        ]:
            first = without_what_differs(clients[who].get(hidden), hidden)
            assert first == without_what_differs(clients[who].get(unknown), unknown)
            assert first[0] == 404


def test_a_visitor_comes_back_after_logging_in(clients):
    address = "/planer/gemensam/uppfoljning/2018/rapportera/aktivitet/"

    assert clients["visitor"].get(address)["Location"] == f"/konto/logga-in/?next={address}"
    assert clients["visitor"].get("/att-gora/")["Location"] == "/konto/logga-in/?next=/att-gora/"


@pytest.mark.parametrize("who", ["visitor", "closed", "outsider", "partner", "reader"])
def test_nobody_writes_what_they_may_not_even_see_the_form_of(clients, who):
    address = "/planer/gemensam/uppfoljning/2018/rapportera/aktivitet/"

    answer = clients[who].post(address, {"status": "ongoing", "comment": "Av fel person.", "seen": 0})

    assert answer.status_code in (302, 403, 404)
    assert answer.get("Location", "/konto/logga-in/").startswith("/konto/logga-in/")
    assert not StatusReport.objects.exists()


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (2019, "Uppföljningen är inte öppen för rapportering."),
        (2017, "Uppföljningen är inte öppen för rapportering."),
        (2016, "Uppföljningen är inte öppen för rapportering."),
    ],
)
def test_one_who_may_see_but_not_report_is_told_why(clients, year, sentence):
    answer = clients["coordinator"].get(f"/planer/gemensam/uppfoljning/{year}/rapportera/aktivitet/")

    assert sentence in answer.content.decode()


def test_someone_elses_activity_is_told_to_be_someone_elses(clients):
    answer = clients["partner"].get("/planer/gemensam/uppfoljning/2018/rapportera/aktivitet/")

    assert "Bara den som ansvarar för aktiviteten kan rapportera den." in answer.content.decode()


def test_an_organisation_that_answers_for_a_part_of_a_plan_may_read_all_of_it():
    dusys = make_organisation("DUsys")
    draft = make_draft()
    make_activity(make_challenge(draft), responsible=[dusys])
    client = Client()
    client.force_login(make_coordinator(dusys))

    assert client.get(f"/planer/{draft.plan.slug}/revideringar/{draft.year}/").status_code == 200


def test_a_role_in_one_plan_gives_nothing_in_another(clients):
    elsewhere = make_user(Role.EDITOR, make_plan(slug="en-annan").owner)
    client = Client()
    client.force_login(elsewhere)

    assert client.get("/planer/gemensam/uppfoljning/2018/").status_code == 404
    assert client.get("/planer/bara-utkast/").status_code == 404


class TestReporters:
    """On whose behalf people report, and who else may not."""

    @pytest.fixture
    def eskilstuna(self):
        return make_municipality("Eskilstuna")

    def may_report(self, organisation: Organisation, activity: Any, followup: Any) -> bool:
        client = Client()
        client.force_login(make_coordinator(organisation))
        address = reverse("report-activity", args=[followup.plan.slug, followup.year, activity.key])
        return client.get(address).status_code == 200

    def test_a_municipality_reports_for_one_it_represents(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        dusys = make_organisation("DUsys", represented_by=[eskilstuna])
        activity = make_activity(make_challenge(followup.revision), responsible=[dusys])

        assert self.may_report(eskilstuna, activity, followup)
        assert self.may_report(dusys, activity, followup)

    def test_one_who_is_represented_does_not_report_for_its_representative(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        dusys = make_organisation("DUsys", represented_by=[eskilstuna])
        challenge = make_challenge(followup.revision)
        activity = make_activity(challenge, responsible=[eskilstuna])
        make_activity(challenge, responsible=[dusys])

        assert not self.may_report(dusys, activity, followup)

    def test_the_assigned_one_reports_only_what_it_is_assigned_in_that_year(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        next_year = make_followup(followup.revision, year=2017)
        challenge = make_challenge(followup.revision)
        assigned, other = make_activity(challenge), make_activity(challenge)
        make_assignment(followup, assigned, eskilstuna)

        assert self.may_report(eskilstuna, assigned, followup)
        assert not self.may_report(eskilstuna, other, followup)
        assert not self.may_report(eskilstuna, assigned, next_year)

    def test_a_reader_in_the_responsible_organisation_does_not_report(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        activity = make_activity(make_challenge(followup.revision), responsible=[eskilstuna])
        client = Client()
        client.force_login(make_user(Role.READER, eskilstuna))

        address = reverse("report-activity", args=[followup.plan.slug, followup.year, activity.key])

        assert client.get(address).status_code == 403


def forgetful(request: HttpRequest, plan: str = "") -> HttpResponse:
    if request.method == "POST":
        make_organisation("Skriven av en sida som glömde")
    return HttpResponse("Det ingen får veta.")


urlpatterns = [
    *portal.urls.urlpatterns,
    path("glomsk/<plan>/", forgetful, name="plan"),
    path("utan-ratt/", forgetful, name="utan-ratt"),
    path("utan-namn/", forgetful),
]


@pytest.mark.urls(__name__)
class TestForgotten:
    """Pages whose authors forgot something."""

    def test_a_page_that_forgot_to_check_is_stopped_before_it_tells(self, client):
        with pytest.raises(
            ImproperlyConfigured, match=r"/glomsk/4m/ answered without checking actionplan\.read_plan"
        ):
            client.get("/glomsk/4m/")

    def test_what_a_page_that_forgot_wrote_is_undone(self):
        answer = Client(raise_request_exception=False).post("/glomsk/4m/")

        assert answer.status_code == 500
        assert "Det ingen får veta." not in answer.content.decode()
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize("address", ["/utan-ratt/", "/utan-namn/"])
    def test_an_address_without_a_right_is_closed_to_everyone(self, address):
        client = Client()
        client.force_login(make_administrator())

        answer = client.get(address)

        assert answer.status_code == 404
        assert "Det ingen får veta." not in answer.content.decode()
