"""A challenge followed up in two browsers: written, sent in, returned, mended and approved."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from followup.models import ChallengeReview
from tests.plans import load_plans

pytestmark = pytest.mark.browser

PASSWORD = "en lång mening för demokonton"
REVIEW = "/planer/4m/uppfoljning/2016/utmaningar/kommunal-service/"


@pytest.fixture(autouse=True)
def portal(live_server, settings, capsys) -> None:
    """The real plans with an open example year, and the demo accounts with their password."""
    settings.DEMO_PASSWORD = PASSWORD
    load_plans()
    call_command("demo_accounts")


def open_as(page: Page, email: str) -> Page:
    """The challenge's page, as that person sees it; they are sent to log in first."""
    page.goto(REVIEW)
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kommunal service")
    return page


def test_two_people_take_a_text_from_its_first_words_to_approved(open_page):
    eva = open_as(open_page(), "samordnare@enkoping.example")
    rut = open_as(open_page(viewport={"width": 390, "height": 844}), "redaktor@4m.example")
    expect(rut.get_by_role("button", name="Godkänn")).to_have_count(0)

    eva.get_by_label("Hur går det med syftet?").fill("Företagen är **nöjdare** än förra året.")
    eva.get_by_role("button", name="Spara utkast").click()
    expect(eva.get_by_role("status")).to_contain_text("Utkastet är sparat.")

    eva.get_by_role("button", name="Skicka in").click()
    expect(eva.get_by_role("alert")).to_contain_text("Skriv vad ni gör för att nå målet")
    eva.get_by_role("link", name="Vad gör ni för att nå målet?").click()
    action = eva.get_by_label("Vad gör ni för att nå målet?")
    expect(action).to_be_in_viewport()
    action.fill("Fler företagsbesök i Enköping.")
    eva.get_by_role("button", name="Skicka in").click()
    expect(eva.get_by_role("status")).to_contain_text("Texten är inskickad.")

    rut.reload()
    expect(rut.locator("strong", has_text="nöjdare")).to_be_visible()
    rut.get_by_label("Vad behöver ändras?").fill("Skriv om upphandlingarna också.")
    rut.get_by_role("button", name="Returnera").click()
    expect(rut.get_by_role("status")).to_contain_text("Texten är returnerad.")

    eva.reload()
    expect(eva.get_by_text("Skriv om upphandlingarna också.").first).to_be_visible()
    eva.get_by_label("Vilka avvikelser finns, och vad görs åt dem?").fill("Enkäten om upphandling dröjer.")
    eva.get_by_role("button", name="Skicka in").click()
    expect(eva.get_by_role("status")).to_contain_text("Texten är inskickad.")

    rut.reload()
    expect(rut.get_by_text("Enkäten om upphandling dröjer.")).to_be_visible()
    rut.get_by_role("button", name="Godkänn").click()
    expect(rut.get_by_role("status")).to_contain_text("Texten är godkänd.")
    assert rut.evaluate("document.documentElement.scrollWidth") == 390

    rut.get_by_role("navigation", name="Du är här").get_by_role("link", name="Uppföljning 2016").click()
    expect(rut.get_by_text("Enkäten om upphandling dröjer.")).to_be_visible()
    states = ChallengeReview.objects.filter(followup__year=2016).order_by("number")
    assert [row.state for row in states] == ["draft", "submitted", "returned", "submitted", "approved"]


def test_what_two_coordinators_wrote_at_once_is_put_together_without_javascript(open_page):
    eva = open_as(open_page(java_script_enabled=False), "samordnare@enkoping.example")
    asta = open_as(open_page(java_script_enabled=False), "admin@4m.example")

    eva.get_by_label("Hur går det med syftet?").fill("Evas text.")
    eva.get_by_label("Vad föreslår ni till nästa revidering?").fill("Evas förslag.")
    eva.get_by_role("button", name="Spara utkast").click()
    asta.get_by_label("Hur går det med syftet?").fill("Astas text.")
    asta.get_by_role("button", name="Spara utkast").click()

    conflict = asta.get_by_role("alert")
    expect(conflict).to_contain_text("Någon annan hann före.")
    expect(conflict).to_contain_text("Evas text.")
    expect(asta.get_by_label("Hur går det med syftet?")).to_have_value("Astas text.")
    expect(asta.get_by_label("Vad föreslår ni till nästa revidering?")).to_have_value("Evas förslag.")
    asta.get_by_role("button", name="Spara utkast").click()
    expect(asta.get_by_role("status")).to_contain_text("Utkastet är sparat.")
    row = ChallengeReview.objects.get(followup__year=2016, number=2)
    assert (row.purpose, row.proposals) == ("Astas text.", "Evas förslag.")
