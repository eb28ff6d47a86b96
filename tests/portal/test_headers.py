"""What every answer carries so that browsers keep the portal's readers safe.

Every address there is, asked by all sorts of people, is in tests/rights/test_safe_answers.py; here are files,
redirects, errors and cookies.
"""

import json
from email.message import Message
from email.parser import BytesHeaderParser

import pytest
from django.contrib import admin
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import portal.urls
from publishing.pdf import Manuscript, PdfError
from tests.builders import PASSWORD
from tests.plans import person
from tests.repository.test_start import COMPLETE
from tests.safe import ALWAYS, is_kept_nowhere, lacks
from tests.served import ROOT, Server, served

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
    monkeypatch.setattr("publishing.renderings.document_pdf", lambda manuscript: b"%PDF-1.7")

    answer = client.get("/planer/4m/revideringar/2016.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="plan-4m-2016.pdf"'
    assert_is_safe(answer)


@pytest.mark.usefixtures("plans")
def test_a_document_that_cannot_be_made_is_a_page_with_the_reason(client, monkeypatch):
    def refuse(manuscript: Manuscript) -> bytes:
        raise PdfError("Dokumentet är för stort för att bli en PDF.")

    monkeypatch.setattr("publishing.renderings.document_pdf", refuse)

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


def out_of_reach(request: HttpRequest) -> HttpResponse:
    raise OperationalError("The database is gone, with a secret in it.")


handler500 = portal.urls.handler500

urlpatterns = [
    *portal.urls.urlpatterns,
    path("gar-sonder/", fail, name="about"),
    path("utom-rackhall/", out_of_reach, name="about"),
]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_an_error_of_the_portals_own_is_safe_in_swedish_and_tells_nothing_of_its_cause():
    answer = Client(raise_request_exception=False).get("/gar-sonder/")

    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert_is_safe(answer)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told_as_something_that_passes():
    answer = Client(raise_request_exception=False).get("/utom-rackhall/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Vänta någon minut och läs in sidan igen." in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert_is_safe(answer)


def test_browsers_that_look_for_an_icon_at_its_old_address_get_it(client):
    answer = client.get("/favicon.ico")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


@pytest.mark.usefixtures("plans")
def test_cookies_are_few_and_out_of_reach_of_scripts_and_other_sites(client):
    user = person("samordnare@enkoping")
    user.set_password(PASSWORD)
    user.save()

    client.get("/konto/logga-in/")
    client.post("/konto/logga-in/", {"login": user.email, "password": PASSWORD})

    assert set(client.cookies) == {"sessionid", "csrftoken"}
    assert all(cookie["httponly"] for cookie in client.cookies.values())
    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Lax"}
    assert {cookie["path"] for cookie in client.cookies.values()} == {"/"}


@pytest.mark.usefixtures("plans")
def test_logging_in_is_kept_nowhere_and_makes_the_pages_after_it_so(client):
    user = person("samordnare@enkoping")
    user.set_password(PASSWORD)
    user.save()
    public = client.get("/planer/4m/")

    logging_in = client.post("/konto/logga-in/", {"login": user.email, "password": PASSWORD})

    assert "Cache-Control" not in public
    assert is_kept_nowhere(logging_in)
    assert is_kept_nowhere(client.get("/planer/4m/"))
    assert is_kept_nowhere(client.get("/planer/4m/data.json"))
    assert is_kept_nowhere(client.get("/finns-inte/"))


@pytest.mark.usefixtures("plans")
def test_files_are_kept_whoever_asks_for_them(client):
    client.force_login(person("samordnare@enkoping"))

    answer = client.get("/static/portal/css/base.css")

    assert answer["Cache-Control"] == "max-age=60, public"  # with a hash in its name, for ever
    assert "Cookie" not in answer.get("Vary", "")


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


def test_no_list_of_the_admin_is_without_the_actions_that_keep_its_inline_style_away():
    """Django's template has one for lists that have their actions neither above nor below."""
    assert [
        each for each in admin.site._registry.values() if not (each.actions_on_top or each.actions_on_bottom)
    ] == []


# With the server and the settings of production

MANIFEST = ROOT / "var/static/staticfiles.json"
YEAR = "max-age=31536000; includeSubDomains"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    database = tmp_path_factory.mktemp("server") / "db.sqlite3"
    with served(**COMPLETE, DATABASE_URL=f"sqlite:///{database}", GRANIAN_WORKERS="1") as running:
        yield running


def headers_of(server: Server, address: str, *more: str, host: str = "portal.example.se") -> Message:
    """The answer's headers, with its status among them as `Status`."""
    lines = [f"GET {address} HTTP/1.1", f"Host: {host}", "Connection: close", *more]
    status, _, rest = server.ask("\r\n".join([*lines, "", ""]).encode()).partition(b"\r\n")
    headers = BytesHeaderParser().parsebytes(rest.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    headers["Status"] = status.split()[1].decode()
    return headers


HTTPS = "X-Forwarded-Proto: https"


def css() -> str:
    """The address of a file as pages name it in production."""
    return f"/static/{json.loads(MANIFEST.read_text())['paths']['portal/css/base.css']}"


@pytest.mark.parametrize(
    ("address", "more", "host", "status"),
    [
        ("/om/", [HTTPS], "portal.example.se", "200"),
        ("/halsa/", [HTTPS], "portal.example.se", "200"),
        (css(), [HTTPS], "portal.example.se", "200"),
        (css(), [HTTPS, "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"], "portal.example.se", "304"),
        ("/att-gora/", [HTTPS], "portal.example.se", "302"),
        ("/finns-inte/", [HTTPS], "portal.example.se", "404"),
        ("/om/", [HTTPS], "elsewhere.example", "400"),
        ("/om/", [HTTPS, "Transfer-Encoding: chunked"], "portal.example.se", "411"),
        ("/om/", [HTTPS, "Content-Length: 9999999"], "portal.example.se", "413"),
    ],
)
def test_every_answer_of_production_is_safe_and_says_that_it_is_only_to_be_had_over_https(
    server, address, more, host, status
):
    headers = headers_of(server, address, *more, host=host)

    assert headers["Status"] == status
    assert headers["Strict-Transport-Security"] == YEAR
    assert_is_safe(Answer(headers))


@pytest.mark.parametrize(("host", "status"), [("portal.example.se", "301"), ("elsewhere.example", "400")])
def test_what_is_answered_on_the_way_to_https_is_safe_too(server, host, status):
    headers = headers_of(server, "/om/", host=host)

    assert headers["Status"] == status
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert_is_safe(Answer(headers))


def test_cookies_of_production_are_the_portals_alone_and_only_for_https(server):
    cookie = headers_of(server, "/konto/logga-in/", HTTPS)["Set-Cookie"]

    name, *attributes = cookie.strip().split("; ")
    assert name.startswith("__Host-csrftoken=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert "domain" not in cookie.lower()


def test_files_of_production_are_kept_for_ever(server):
    headers = headers_of(server, css(), HTTPS, "Cookie: __Host-sessionid=abc")

    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"


class Answer:
    """An answer's headers, as the tests read those of Django's client."""

    def __init__(self, headers: Message) -> None:
        self.headers = headers
