"""What every answer carries so that browsers keep the portal's readers safe.

Every address there is, asked by all sorts of people, is in tests/rights/test_safe_answers.py; here are files,
redirects, errors and cookies.
"""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import portal.urls
from publishing.pdf import PdfError, kept
from tests.plans import person
from tests.safe import lacks

ANSWERS = {
    "/": 200,
    "/planer/4m/": 200,
    "/planer/4m/data.json": 200,
    "/halsa/": 200,
    "/konto/logga-in/": 200,
    "/static/portal/css/base.css": 200,
    "/static/portal/icon.svg": 200,
    "/static/fonts/source-sans-3.woff2": 200,
    "/att-gora/": 302,
    "/admin/": 302,
    "/planer/4m": 301,
    "/konto/logga-ut/": 302,
    "/finns-inte/": 404,
    "/planer/4m/uppfoljning/2016/": 404,
    "/static/finns-inte.css": 404,
}


def assert_is_safe(answer) -> None:
    assert lacks(answer) == []


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(("address", "status"), ANSWERS.items())
def test_pages_files_errors_and_redirects_are_safe(client, address, status):
    answer = client.get(address)

    assert answer.status_code == status
    assert_is_safe(answer)


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("address", ["/admin/", "/admin/actionplan/plan/", "/admin/actionplan/plan/add/"])
def test_the_admin_is_safe(client, address):
    client.force_login(person("admin@4m"))

    assert_is_safe(client.get(address))


@pytest.mark.usefixtures("plans")
def test_refusals_are_safe(client):
    client.force_login(person("samordnare@enkoping"))

    answer = client.get("/planer/4m/uppfoljning/2016/rapportera/vidga-dusys/")

    assert answer.status_code == 403
    assert_is_safe(answer)


@pytest.mark.usefixtures("plans")
def test_a_document_is_safe(client, monkeypatch):
    monkeypatch.setattr("actionplan.documents.document_pdf", lambda template, context: b"%PDF-1.7")

    answer = client.get("/planer/4m/revideringar/2016.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="plan-4m-2016.pdf"'
    assert_is_safe(answer)


@pytest.mark.usefixtures("plans")
def test_a_document_that_cannot_be_made_is_a_page_with_the_reason(client, monkeypatch):
    kept.cache_clear()

    def refuse(template: str, context: object) -> bytes:
        raise PdfError("Dokumentet är för stort för att bli en PDF.")

    monkeypatch.setattr("actionplan.documents.document_pdf", refuse)

    answer = client.get("/planer/4m/revideringar/2016.pdf")

    assert answer.status_code == 503
    assert "Dokumentet är för stort för att bli en PDF." in answer.content.decode()
    assert_is_safe(answer)


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused_safely():
    answer = Client(enforce_csrf_checks=True).post("/konto/logga-in/", {"login": "a", "password": "b"})

    assert answer.status_code == 403
    assert_is_safe(answer)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Something unforeseen, with a secret in it.")


urlpatterns = [*portal.urls.urlpatterns, path("gar-sonder/", fail, name="about")]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_an_error_of_the_portals_own_is_safe_in_swedish_and_tells_nothing_of_its_cause():
    answer = Client(raise_request_exception=False).get("/gar-sonder/")

    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert_is_safe(answer)


@pytest.mark.usefixtures("plans")
def test_cookies_are_few_and_out_of_reach_of_scripts_and_other_sites(client):
    user = person("samordnare@enkoping")
    user.set_password("hemligt")
    user.save()

    client.get("/konto/logga-in/")
    client.post("/konto/logga-in/", {"login": user.email, "password": "hemligt"})

    assert set(client.cookies) == {"sessionid", "csrftoken"}
    assert client.cookies["sessionid"]["httponly"]
    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Lax"}


@pytest.mark.usefixtures("plans")
def test_a_visitor_who_only_reads_gets_no_cookie(client):
    for address in ("/", "/planer/4m/", "/planer/4m/aktiviteter/?q=nki", "/planer/4m/data.json"):
        client.get(address)

    assert not client.cookies


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("name", ["samordnare@enkoping", "admin@4m"])
def test_a_cache_on_the_way_keeps_what_signed_in_people_see_apart(client, name):
    client.force_login(person(name))

    assert "Cookie" in client.get("/planer/4m/uppfoljning/2016/")["Vary"]


@pytest.mark.usefixtures("plans")
def test_no_page_names_another_sites_files_or_has_styles_or_scripts_of_its_own(client):
    client.force_login(person("admin@4m"))

    for address in ("/", "/planer/4m/", "/planer/4m/indikatorer/nki/", "/att-gora/", "/admin/"):
        page = client.get(address).content.decode()
        assert 'src="http' not in page
        assert 'rel="stylesheet" href="http' not in page
        assert " style=" not in page
        assert "<style" not in page
