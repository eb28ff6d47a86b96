"""The portal in English for those who switch; everyone else, and all that is kept, in Swedish."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from actionplan.documents import revision_manuscript
from actionplan.drafting import start_next
from actionplan.editions import publish_missing_revisions, whole_report
from actionplan.models import Plan
from followup.documents import followup_manuscript
from followup.models import FollowUp
from followup.queries import standpoint_of_publisher
from followup.reports.year import followup_report
from publishing.languages import in_the_portals_language
from tests.pages import read
from tests.plans import person
from tests.safe import is_kept_nowhere

pytestmark = pytest.mark.usefixtures("plans")


@pytest.fixture
def published(monkeypatch) -> None:
    """The plan's editions, with a PDF that is nobody's: how one is made is tried elsewhere."""
    monkeypatch.setattr("publishing.pdf.kept", lambda html, data: b"%PDF-1.7")
    publish_missing_revisions()


def switched(client: Client, *, back: str = "/") -> Client:
    client.post("/sprak/", {"language": "en", "next": back})
    return client


def test_whoever_switches_goes_on_in_english_where_they_were(client):
    page = read(client.get("/planer/4m/aktiviteter/?ansvarig=saknas"))
    [switch, _the_same] = page.all("form", action="/sprak/")
    sent = {each["name"]: each["value"] for each in (*switch.all("input"), *switch.all("button"))}

    answer = client.post("/sprak/", sent, follow=True)

    assert answer.request["PATH_INFO"] == "/planer/4m/aktiviteter/"
    assert answer.request["QUERY_STRING"] == "ansvarig=saknas"
    assert read(answer).one("html")["lang"] == "en"
    assert "Clear" in answer.content.decode()
    assert read(client.get("/finns-inte/")).one("h1").text == "The page doesn’t exist"


def test_whoever_switches_back_has_no_cookie_left(client):
    switched(client)

    client.post("/sprak/", {"language": "sv", "next": "/om/"})

    assert client.cookies["language"].value == ""
    assert read(client.get("/om/")).one("html")["lang"] == "sv"


@pytest.mark.parametrize("chosen", ["", "de", "sv-SE", "../en"])
def test_a_language_that_the_portal_does_not_speak_is_none(client, chosen):
    client.post("/sprak/", {"language": chosen})
    client.cookies["language"] = chosen

    assert read(client.get("/om/")).one("html")["lang"] == "sv"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "a\r\nX: y"]
)
def test_nobody_is_led_elsewhere(client, elsewhere):
    answer = client.post("/sprak/", {"language": "en", "next": elsewhere})

    assert answer.status_code == 302
    assert answer["Location"] in ("/", "a%0D%0AX:%20y")


def test_what_the_browser_prefers_is_not_asked(client):
    answer = client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})

    assert read(answer).one("html")["lang"] == "sv"


def test_no_cache_gives_one_reader_another_ones_language(client):
    assert "Cookie" in client.get("/planer/4m/")["Vary"]
    assert is_kept_nowhere(client.post("/sprak/", {"language": "en", "next": "/"}))
    assert "Cookie" in client.get("/planer/4m/")["Vary"]


def test_what_someone_has_typed_is_not_left_by_switching(client):
    """An answer to a form has no way to switch: it would be asked for anew, without what was typed."""
    answer = client.post("/konto/logga-in/", {"login": "ingen@example.se", "password": "fel"})

    assert not read(answer).all("form", action="/sprak/")


def test_figures_and_days_are_written_as_the_readers_language_has_them(client):
    address = "/planer/4m/indikatorer/nki/"

    assert "70,3" in read(client.get(address)).one("main").text
    assert "70.3" in read(switched(client).get(address)).one("main").text
    assert "31 January 2018" in read(client.get("/planer/4m/vid/2018-01-31/")).one("main").text


@pytest.mark.parametrize(
    "address",
    [
        "/planer/4m/revideringar/2016/utgava/1.pdf",
        "/planer/4m/revideringar/2016/utgava/1.json",
        "/planer/4m/data.json",
        "/planer/4m/handelser.atom",
        "/planer/4m/indikatorer/nki.csv",
    ],
)
def test_what_is_published_is_the_same_whoever_fetches_it(client, published, address):
    in_swedish = client.get(address)
    in_english = switched(client).get(address)

    assert in_swedish.status_code == 200
    assert in_english.content == in_swedish.content
    assert in_english.get("ETag") == in_swedish.get("ETag")


def test_the_document_within_a_page_in_english_is_in_swedish_and_says_so(client, published):
    page = read(switched(client).get("/planer/4m/revideringar/2016/")).one("main")

    [document] = [each for each in page.all("div") if each["lang"] == "sv" and each.all("section")]
    assert "Om dokumentet" in document.text
    assert "Download as PDF" in page.text
    assert "Download as PDF" not in document.text


def test_a_document_is_made_of_the_same_whoever_asks_for_it(client):
    """By which the background work knows it again, and what is published of it is frozen."""
    revision = Plan.objects.with_parties().get(slug="4m").revisions.get(year=2016)
    followup = FollowUp.objects.select_related("plan", "revision").first()

    def manuscripts() -> tuple[object, ...]:
        year = in_the_portals_language(followup_report)(standpoint_of_publisher(followup), followup)
        return revision_manuscript(whole_report(revision)), followup_manuscript(year)

    with translation.override("en"):
        in_english = manuscripts()

    assert manuscripts() == in_english


def test_the_log_and_the_mails_are_in_swedish_whoever_causes_them(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    plan = Plan.objects.get(slug="4m")
    with translation.override("en"):
        draft = start_next(plan.revisions.get(year=2016), 2017, by=person("redaktor@4m"))
    assert draft.history.first().history_change_reason == "Arbetsmaterial för 2017, från planen för 2016"

    with django_capture_on_commit_callbacks(execute=True):
        switched(client).post("/konto/glomt-losenord/", {"email": "ingen@example.se"})
    assert mailoutbox[0].subject == "Det finns inget konto med den här adressen"
