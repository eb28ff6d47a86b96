"""What holds of every page: it can be read by ear, used from a keyboard and found one's way on."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client

from tests.pages import faults, main_of, read
from tests.plans import person

pytestmark = pytest.mark.usefixtures("plans")

PUBLIC = [
    "/",
    "/om/",
    "/om/komponenter/",
    "/kakor/",
    "/tillganglighet/",
    "/tillganglighet/rapportera/",
    "/tillganglighet/rapportera/tack/",
    "/om/hjalp/",
    "/om/hjalp/lasare/",
    "/om/hjalp/samordnare/",
    "/om/hjalp/redaktor/",
    "/om/hjalp/administrator/",
    "/sok/?q=service",
    "/konto/logga-in/",
    "/planer/4m/",
    "/planer/4m/utmaningar/kommunal-service/",
    "/planer/4m/utmaningar/yrkesutbildning/",
    "/planer/4m/aktiviteter/",
    "/planer/4m/aktiviteter/?q=finansiering&ansvarig=saknas",
    "/planer/4m/aktiviteter/?utmaning=finns-inte&ar=1066",
    "/planer/4m/aktiviteter/?q=det+som+inte+finns",
    "/planer/4m/aktiviteter/uppstartsmote/",
    "/planer/4m/aktiviteter/erfarenhetsutbyte-dua/",
    "/planer/4m/aktiviteter/innovationsmiljoerna/",
    "/planer/4m/indikatorer/nki/",
    "/planer/4m/revideringar/2016/",
    "/planer/4m/vid/",
    "/planer/4m/vid/2016-05-30/",
    "/planer/4m/jamfor/",
    "/planer/botkyrka/",
    "/planer/botkyrka/aktiviteter/",
    "/planer/botkyrka/utmaningar/samverkan/",
    "/planer/botkyrka/revideringar/2018/",
]
INSIDE = [
    *(address for address in PUBLIC if "logga-in" not in address),
    "/att-gora/",
    "/planer/4m/andringar/",
    "/planer/4m/andringar/?rader=on&vad=plan",
    "/planer/4m/uppfoljning/2016/",
]
REPORTING = [
    "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/",
    "/planer/4m/uppfoljning/2016/rapportera/yrkesvuxenutbildningen/",
]
NOT_THERE = [
    "/finns-inte/",
    "/planer/finns-inte/",
    "/planer/4m/revideringar/1999/",
    "/planer/4m/aktiviteter/finns-inte/",
    "/planer/4m/uppfoljning/1999/",
]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


@pytest.mark.parametrize("address", PUBLIC)
def test_a_visitor_can_use_the_page(client, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert faults(read(answer)) == []


@pytest.mark.parametrize("address", [*INSIDE, *REPORTING])
def test_a_coordinator_can_use_the_page(address):
    answer = signed_in("samordnare@enkoping").get(address)

    assert answer.status_code == 200
    assert faults(read(answer)) == []


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.parametrize("name", ["lasare@4m", "redaktor@4m", "admin@4m"])
def test_those_who_lead_and_those_who_read_can_use_the_page(name, address):
    answer = signed_in(name).get(address)

    assert answer.status_code == 200
    assert faults(read(answer)) == []


@pytest.mark.parametrize("address", NOT_THERE)
def test_a_page_that_is_not_there_says_so_in_swedish_and_leads_on(client, address):
    answer = client.get(address)
    page = read(answer)

    assert answer.status_code == 404
    assert page.one("h1").text == "Sidan finns inte"
    assert faults(page) == []


def test_a_visitor_who_is_shown_nothing_may_log_in_and_one_who_has_is_told_whom_to_ask(client):
    hidden, refused = "/planer/finns-inte/", "/planer/4m/utkast/"
    reader = signed_in("lasare@4m")

    not_there = main_of(client.get(hidden))
    assert not_there.all("a", href=f"/konto/logga-in/?next={hidden}")
    assert "ditt konto" not in not_there.text
    for answer in (reader.get(hidden), reader.get(refused)):
        assert answer.status_code in (403, 404)
        assert not main_of(answer).all("a", href=f"/konto/logga-in/?next={answer.wsgi_request.path}")
        assert "redaktör" in main_of(answer).text


def test_a_visitor_who_is_refused_may_log_in_and_one_who_has_is_told_whom_to_ask(rf):
    pages = {}
    for person_asking in (AnonymousUser(), person("lasare@4m")):
        request = rf.get("/planer/4m/")
        request.user, request.session = person_asking, {}
        page = read(render_to_string("403.html", {}, request)).one("main")
        pages[person_asking.is_authenticated] = page

    assert pages[False].all("a", href="/konto/logga-in/?next=/planer/4m/")
    assert not pages[True].all("a", href="/konto/logga-in/?next=/planer/4m/")
    assert "redaktör" in pages[True].text


def test_a_visitors_pages_have_nothing_that_belongs_to_a_person(client):
    for address in PUBLIC:
        page = read(client.get(address))
        assert not [each for each in page.all("template") if "data-draft-offer" in each.attributes]
        assert not [each for each in page.all("script") if each["data-person"]]


@pytest.mark.parametrize("said", [{}, {"status": "completed", "seen": 0}, {"status": "ongoing", "seen": 9}])
def test_a_report_that_is_not_accepted_comes_back_as_a_page_that_can_be_used(said):
    answer = signed_in("samordnare@enkoping").post(REPORTING[0], said)

    assert answer.status_code == 422
    assert faults(read(answer)) == []


def test_a_conflict_can_be_used_too():
    answer = signed_in("samordnare@enkoping").post(REPORTING[1], {"status": "ongoing", "seen": 0})

    assert answer.status_code == 409
    assert faults(read(answer)) == []


def test_a_log_in_that_fails_can_be_used_too(client):
    answer = client.post("/konto/logga-in/", {"login": "ingen@example.se", "password": "fel"})

    assert faults(read(answer)) == []


SHOWN_BY_SCRIPTS = {"htmx.html", "passkey_button.html"}


def test_whatever_a_form_is_refused_with_is_where_one_is():
    alerts = {
        f"{file.name}: {tag}"
        for file in (settings.BASE_DIR / "templates").rglob("*.html")
        for tag in re.findall(r'<[^>]*role="alert"[^>]*>', file.read_text())
        if file.name not in SHOWN_BY_SCRIPTS
    }

    assert len(alerts) > 5
    assert {each for each in alerts if 'tabindex="-1" autofocus' not in each} == set()


def test_the_pages_have_titles_of_their_own(client):
    heads = [read(client.get(address)).one("head") for address in PUBLIC if "?" not in address]
    titles = [head.one("title").text for head in heads]

    assert len(titles) == len(set(titles))


def test_every_link_on_the_public_pages_leads_somewhere(client):
    pages = [read(client.get(address)) for address in PUBLIC]
    inside = {
        link["href"].partition("#")[0] for page in pages for link in page.all("a") if link["href"][0] == "/"
    }
    documents = {address for address in inside if address.endswith(".pdf")}

    broken = {address for address in inside - documents if client.get(address).status_code != 200}

    assert broken == set()
    assert {"/planer/4m/revideringar/2016.pdf", "/planer/botkyrka/revideringar/2018.pdf"} <= documents
