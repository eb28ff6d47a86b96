"""What nobody sends by mistake: in addresses, forms, methods and cookies. Nothing of it breaks."""

import os
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.models import StatusReport
from tests.pages import main_of
from tests.plans import person

pytestmark = pytest.mark.usefixtures("plans")

ODD = {
    "nul": "%00",
    "nul inside": "upp%00start",
    "huge number": "9" * 400,
    "larger than the database's numbers": "9223372036854775808",
    "minus": "-1",
    "latin-1": "%E5%E4%F6",
    "cut utf-8": "%C3",
    "lone surrogate": "%ED%A0%80",
    "beyond unicode": "%F7%BF%BF%BF",
    "overlong": "a" * 5000,
    "emoji": "%F0%9F%92%A9",
    "right to left": "%E2%80%AE",
    "line breaks": "a%0D%0ASet-Cookie:%20x=1",
    "path": "..%2F..%2Fetc%2Fpasswd",
    "percent": "%25%2500",
    "quotes": "%27%22%3Cscript%3E",
    "sql": "1%27%20OR%20%271%27=%271",
    "template": "%7B%7Buser%7D%7D",
    "fullwidth digits": "%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%96",
    "superscript": "%C2%B2",
    "empty": "",
}
ADDRESSES = [
    "/{}",
    "/{}/",
    "/planer/{}/",
    "/planer/{}/data.json",
    "/planer/{}/handelser.atom",
    "/planer/{}/aktiviteter/",
    "/planer/{}/andringar/",
    "/planer/4m/{}",
    "/planer/4m/utmaningar/{}/",
    "/planer/4m/aktiviteter/{}/",
    "/planer/4m/indikatorer/{}/",
    "/planer/4m/revideringar/{}/",
    "/planer/4m/revideringar/{}.pdf",
    "/planer/4m/vid/{}/",
    "/planer/4m/uppfoljning/{}/",
    "/planer/4m/uppfoljning/{}.pdf",
    "/planer/4m/uppfoljning/{}/rapportera/uppstartsmote/",
    "/planer/4m/uppfoljning/2016/rapportera/{}/",
    "/static/{}",
    "/admin/actionplan/plan/{}/change/",
]
EVERY = 1 if "FULL_SIZE" in os.environ else 2
PARAMETERS = [
    "/?{}",
    "/?x={}",
    "/planer/4m/aktiviteter/?q={}",
    "/planer/4m/aktiviteter/?utmaning={}",
    "/planer/4m/aktiviteter/?ansvarig={}",
    "/planer/4m/aktiviteter/?ar={}",
    "/planer/4m/aktiviteter/?lage={}",
    "/planer/4m/aktiviteter/?ordning={}",
    "/planer/4m/aktiviteter/?sida={}",
    "/planer/4m/aktiviteter/?q=a&q={}",
    "/planer/4m/andringar/?vem={}",
    "/planer/4m/andringar/?vad={}",
    "/planer/4m/andringar/?fran={}",
    "/planer/4m/andringar/?till={}",
    "/planer/4m/andringar/?rader={}",
    "/planer/4m/andringar/?andring={}",
    "/planer/4m/andringar/?andring=plan-{}",
    "/planer/4m/vid/?dag={}",
    "/planer/4m/?x={}",
    "/planer/4m/data.json?x={}",
    "/planer/4m/indikatorer/nki/?ar={}",
    "/konto/logga-in/?next={}",
    "/konto/logga-in/?next=/{}",
    "/att-gora/?x={}",
    "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/?seen={}",
]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def coordinator(visitor) -> Client:
    visitor.force_login(person("samordnare@enkoping"))
    return visitor


@pytest.fixture
def administrator(visitor) -> Client:
    visitor.force_login(person("admin@4m"))
    return visitor


@pytest.fixture(params=["visitor", "administrator"])
def anyone(request) -> Client:
    return request.getfixturevalue(request.param)


def get(client: Client, address: str) -> int:
    """The status of an address exactly as it is written, not mended on its way as the client would."""
    path, _, query = address.partition("?")
    as_the_server_gives_it = unquote_to_bytes(path).decode("latin-1")
    return client.generic("GET", "/", PATH_INFO=as_the_server_gives_it, QUERY_STRING=query).status_code


@pytest.mark.parametrize("odd", ODD)
def test_no_address_breaks(anyone, odd):
    """Each of the two gets every other address, or all in `./run faults`."""
    turn = list(ODD).index(odd) + bool(anyone.cookies)
    broken = {
        address: status
        for address in ADDRESSES[turn % EVERY :: EVERY]
        if (status := get(anyone, address.format(ODD[odd]))) not in (200, 301, 302, 400, 403, 404)
    }

    assert broken == {}


@pytest.mark.parametrize("odd", ODD)
def test_no_parameter_breaks(coordinator, odd):
    """Each gets every third value; tests/made_up sends all sorts to all, and more in `./run faults`."""
    turn = list(ODD).index(odd)
    broken = {
        address: status
        for address in PARAMETERS[turn % 3 :: 3]
        if (status := get(coordinator, address.format(ODD[odd]))) not in (200, 302, 403)
    }

    assert broken == {}


@pytest.mark.parametrize("year", ["0000", "9999", "0001", "1", "20166", "２０１６", "²⁰¹⁶", "2016 ", "٢٠١٦"])
def test_a_year_that_is_none_is_not_found(visitor, year):
    for address in ("/planer/4m/revideringar/{}/", "/planer/4m/uppfoljning/{}/"):
        assert visitor.get(address.format(quote(year))).status_code == 404


@settings(
    max_examples=60 // EVERY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["q", "utmaning", "ansvarig", "ar", "lage", "annat"]),
    st.binary(max_size=60).map(lambda raw: "".join(f"%{byte:02X}" for byte in raw)),
)
def test_whatever_bytes_a_filter_holds_a_page_comes_back(coordinator, parameter, raw):
    assert get(coordinator, f"/planer/4m/aktiviteter/?{parameter}={raw}") == 200


@pytest.mark.parametrize("field", ["status", "comment", "result", "reason", "action", "link", "seen"])
def test_no_field_of_a_report_breaks(coordinator, field):
    answers = {}
    for odd, value in ODD.items():
        fields = {"status": "ongoing", "comment": "a", "seen": "0", field: value}
        with transaction.atomic():
            answers[odd] = coordinator.post(
                "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/",
                "&".join(f"{name}={value}" for name, value in fields.items()),
                content_type="application/x-www-form-urlencoded",
            ).status_code
            transaction.set_rollback(True)

    assert set(answers.values()) <= {302, 422}, answers


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00status=ongoing"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"status=ongoing&seen=0"),
        ("multipart/form-data", b"status=ongoing"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="comment"\r\n\r\n\xed\xa0\x80',
        ),
        ("multipart/form-data; boundary=\x00", b"--"),
        ("application/json", b"{}"),
        ("", b""),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
        ("application/x-www-form-urlencoded", b"comment=" + b"x" * 3_000_000),
    ],
)
def test_a_body_that_is_no_form_writes_nothing(coordinator, content_type, body):
    before = StatusReport.objects.count()

    answer = coordinator.generic(
        "POST", "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/", body, content_type
    )

    assert answer.status_code in (400, 413, 422)
    assert StatusReport.objects.count() == before


@pytest.mark.parametrize("field", ["login", "password", "next"])
@pytest.mark.parametrize("odd", ODD)
def test_no_field_of_the_log_in_breaks_or_lets_anyone_in(visitor, field, odd):
    fields = {"login": "samordnare@enkoping.example", "password": "fel", "next": "/", field: ODD[odd]}
    body = "&".join(f"{name}={value}" for name, value in fields.items())

    answer = visitor.post("/konto/logga-in/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert main_of(answer).all("div", class_="notice-bad")


@pytest.mark.parametrize(
    "away",
    ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "\0//example.org"],
)
def test_logging_in_never_leads_away_from_the_portal(visitor, away):
    user = person("samordnare@enkoping")
    user.set_password("hemligt")
    user.save()

    answer = visitor.post("/konto/logga-in/", {"login": user.email, "password": "hemligt", "next": away})

    assert (answer.status_code, answer["Location"]) == (302, "/")


COOKIES = [
    'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"',
    'sessionid="abcdefgh\\000"',
    "sessionid=" + "a" * 7000,
    "sessionid=\xed\xa0\x80\xed\xa0\x80\xed\xa0\x80",
    "sessionid=%00%00%00%00%00%00%00%00",
    "sessionid=åäöåäöåäöåäö",
    "sessionid=",
    'csrftoken="\\000"',
    "csrftoken=" + "a" * 7000,
    'messages="\\000"',
    "=; ;;; =x; sessionid",
    "\x00=\x00",
]


@pytest.mark.parametrize("address", ["/", "/planer/4m/", "/att-gora/", "/konto/logga-in/", "/admin/"])
def test_no_cookie_breaks_reading(visitor, address):
    answers = {cookie: visitor.get(address, HTTP_COOKIE=cookie).status_code for cookie in COOKIES}

    assert set(answers.values()) <= {200, 302}, answers


@pytest.mark.parametrize("cookie", COOKIES)
def test_no_cookie_breaks_logging_in_and_out(visitor, cookie):
    wrong = {"login": "ingen@example.se", "password": "fel"}

    assert visitor.post("/konto/logga-in/", wrong, HTTP_COOKIE=cookie).status_code == 422
    assert visitor.post("/konto/logga-ut/", HTTP_COOKIE=cookie).status_code == 302


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "GET\0"])
def test_a_page_that_is_read_takes_no_odd_method(coordinator, method):
    """The usual ones are tried at every address by tests/rights/test_matrix.py."""
    assert coordinator.generic(method, "/planer/4m/").status_code == 405


@pytest.mark.parametrize("host", ["example.org", "localhost:99999999", "\x00", "a" * 300, "[::1", ""])
def test_a_strange_host_is_refused(visitor, host):
    assert visitor.get("/", HTTP_HOST=host).status_code in (200, 400)


@pytest.mark.parametrize(
    "header",
    [
        "HTTP_REFERER",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_USER_AGENT",
        "HTTP_RANGE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_X_FORWARDED_FOR",
    ],
)
def test_no_header_breaks(visitor, header):
    for value in ("\x00", "a" * 9000, "\xff\xfe", "bytes=0-9999999999999999999,-1"):
        assert visitor.get("/", **{header: value}).status_code == 200


def test_the_browsers_language_is_not_asked(visitor):
    page = visitor.get("/finns-inte/", HTTP_ACCEPT_LANGUAGE="en-US,en").content.decode()

    assert "Sidan finns inte" in page
