"""Signing in and looking after one's account, in a real browser."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from municipalities.models import Role, User
from tests.builders import PASSWORD, make_organisation, make_user

pytestmark = pytest.mark.browser

ANOTHER = "en annan mening som ingen känner"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def eva(live_server) -> User:
    return make_user(
        Role.COORDINATOR, make_organisation("Enköpings kommun"), name="Eva Ek", email="eva.ek@example.se"
    )


def log_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/konto/logga-in/")
    page.get_by_label("E-post").fill("eva.ek@example.se")
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Logga in", exact=True).click()


def go_to_account(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link", name="Eva").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitt konto")


def test_a_wrong_password_is_told_of_and_the_right_one_lets_in(page, eva):
    log_in(page, "fel lösenord")
    refusal = page.locator(".notice-bad")
    expect(refusal).to_be_focused()
    expect(refusal).to_contain_text("E-postadressen eller lösenordet stämmer inte. Försök igen.")
    expect(page.get_by_label("E-post")).to_have_value("eva.ek@example.se")

    page.get_by_label("Lösenord").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def paste(page: Page, label: str, text: str) -> None:
    """Puts the text in the field as Ctrl-V does, by way of another field that it is copied from."""
    page.get_by_label(label, exact=True).focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_a_forgotten_password_is_replaced_by_following_the_mailed_link(open_page, eva):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("link", name="Logga in").click()
    page.get_by_role("link", name="Glömt lösenordet?").click()
    page.get_by_label("E-post").fill("eva.ek@example.se")
    page.get_by_role("button", name="Skicka länken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titta i din e-post")

    [link] = re.findall(r"http\S+/konto/glomt-losenord/\S+", str(mail.outbox[0].body))
    page.goto(link)
    assert link.split("/")[-2] not in page.url  # the secret is in no address that could be passed on
    paste(page, "Nytt lösenord", ANOTHER)
    paste(page, "Nytt lösenord igen", ANOTHER)
    page.get_by_role("button", name="Spara lösenordet").click()
    page.get_by_role("link", name="Till inloggningen").click()
    page.get_by_label("E-post").fill("eva.ek@example.se")
    paste(page, "Lösenord", ANOTHER)
    page.get_by_role("button", name="Logga in", exact=True).click()

    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Länken gäller inte längre")
    page.get_by_role("link", name="Begär en ny länk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glömt lösenordet")


def test_the_name_and_the_password_are_changed_on_ones_own_page(page, eva):
    log_in(page)
    go_to_account(page)
    expect(page.get_by_text("Du är samordnare för Enköpings kommun.")).to_be_visible()

    page.get_by_label("Namn").fill("Eva Ek Lind")
    page.get_by_role("button", name="Spara namnet").click()
    expect(page.get_by_role("status")).to_contain_text("Namnet är sparat.")
    expect(page.get_by_role("banner")).to_contain_text("Eva Ek Lind")
    page.get_by_role("link", name="Byt Lösenord").click()
    page.get_by_label("Nuvarande lösenord").fill(PASSWORD)
    page.get_by_label("Nytt lösenord", exact=True).fill("kort")
    page.get_by_label("Nytt lösenord igen").fill("kort")
    page.get_by_role("button", name="Byt lösenord").click()
    page.get_by_role("alert").get_by_role("link", name="Nytt lösenord").first.click()
    expect(page.get_by_label("Nytt lösenord", exact=True)).to_be_focused()
    page.get_by_label("Nuvarande lösenord").fill(PASSWORD)
    page.get_by_label("Nytt lösenord", exact=True).fill(ANOTHER)
    page.get_by_label("Nytt lösenord igen").fill(ANOTHER)
    page.get_by_role("button", name="Byt lösenord").click()
    expect(page.get_by_role("status")).to_contain_text("Lösenordet är bytt.")

    page.get_by_role("button", name="Logga ut").click()
    log_in(page, ANOTHER)
    expect(page.get_by_role("banner")).to_contain_text("Eva Ek Lind")


def test_the_address_is_changed_once_the_password_and_the_link_have_been_given(page, eva):
    log_in(page)
    go_to_account(page)
    page.get_by_role("link", name="Byt E-postadress").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bekräfta att det är du")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_label("Ny e-postadress").fill("eva.lind@example.se")
    page.get_by_role("button", name="Skicka länken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titta i din e-post")

    [link] = re.findall(r"http\S+/konto/e-post/\S+", str(mail.outbox[-1].body))
    page.goto(link)
    page.get_by_role("button", name="Byt adress").click()

    expect(page.get_by_role("status")).to_contain_text(
        "Från och med nu loggar du in med eva.lind@example.se."
    )
    eva.refresh_from_db()
    assert eva.email == "eva.lind@example.se"


def test_a_session_in_another_browser_is_ended_from_here(open_page: Callable[..., Page], eva):
    here, phone = open_page(), open_page(user_agent=IPHONE)
    log_in(phone)
    go_to_account(phone)
    log_in(here)
    go_to_account(here)

    here.get_by_role("link", name="Visa Dina inloggningar").click()
    expect(here.get_by_text("Du är inloggad här och i en webbläsare till.")).to_be_visible()
    here.get_by_role("button", name="Avsluta Safari på iPhone").click()

    expect(here.get_by_role("status")).to_contain_text("Inloggningen är avslutad.")
    expect(here.get_by_text("Du är inloggad här och ingen annanstans.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Logga in")


PAGES = ["", "losenord/", "sessioner/", "logga-ut/", "bekrafta/", "e-post/skickat/"]
OPEN_PAGES = [
    "logga-in/",
    "registrera/",
    "stangt/",
    "glomt-losenord/",
    "glomt-losenord/skickat/",
    "glomt-losenord/1-x/",
]


def test_no_page_of_an_account_is_wider_than_a_phone(open_page: Callable[..., Page], eva):
    page = open_page(viewport={"width": 320, "height": 640})
    widths = {}

    for path in OPEN_PAGES:
        page.goto(f"/konto/{path}")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    log_in(page)
    for path in PAGES:
        page.goto(f"/konto/{path}")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: width for path, width in widths.items() if width > 320} == {}


def test_all_of_it_works_without_javascript(open_page: Callable[..., Page], eva):
    page = open_page(java_script_enabled=False)
    log_in(page)
    go_to_account(page)

    page.get_by_label("Namn").fill("Eva Lind")
    page.get_by_role("button", name="Spara namnet").click()

    expect(page.get_by_role("banner")).to_contain_text("Eva Lind")
