"""Second steps in a real browser: passkeys by its own hands, an app's codes by ours."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from municipalities.models import User
from tests.builders import PASSWORD, make_coordinator
from tests.municipalities.test_second_step import code_of

pytestmark = pytest.mark.browser


def with_passkeys(page: Page, **options: Any) -> Page:
    """The browser, with a phone of the kind that keeps passkeys and knows its owner's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | options})
    return page


def log_in(page: Page, person: User) -> None:
    page.goto("/konto/logga-in/")
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()


def confirm(page: Page) -> None:
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.locator("main").get_by_role("button").first.click()


def log_out(page: Page) -> None:
    page.context.clear_cookies()


@pytest.fixture
def coordinator(settings, live_server) -> User:
    """Someone of whom a second step is demanded."""
    settings.REQUIRE_MFA = True
    return make_coordinator(name="Eva Ek")


def add_passkey(page: Page, name: str) -> None:
    page.get_by_role("link", name="Lägg till en passnyckel").click()
    if "bekrafta" in page.url:
        confirm(page)
    page.get_by_label("Namn på passnyckeln").fill(name)
    with page.expect_navigation():  # a script of the page asks the phone before it sends the form
        page.get_by_role("button", name="Lägg till passnyckeln").click()


def test_a_coordinator_is_led_to_a_passkey_and_logs_in_by_it_alone_afterwards(page, coordinator):
    with_passkeys(page)
    log_in(page, coordinator)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tvåstegsinloggning")

    add_passkey(page, "Tjänstetelefonen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dina reservkoder")
    page.get_by_role("link", name="Jag har sparat koderna").click()
    expect(page).to_have_url("/")

    log_out(page)
    page.goto("/att-gora/")
    page.get_by_role("button", name="Använd en passnyckel").click()

    expect(page).to_have_url("/att-gora/")
    expect(page.get_by_role("banner")).to_contain_text("Eva Ek")
    assert Authenticator.objects.get(type="webauthn").last_used_at


def test_a_passkey_is_the_second_step_after_a_password_and_confirms_who_one_is(page, coordinator):
    with_passkeys(page)
    log_in(page, coordinator)
    add_passkey(page, "Telefonen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dina reservkoder")
    log_out(page)

    log_in(page, coordinator)
    page.get_by_role("button", name="Använd passnyckel").click()
    expect(page).to_have_url("/")
    page.goto("/konto/tva-steg/app/")
    page.goto("/konto/bekrafta/passnyckel/?next=/konto/tva-steg/app/")
    page.get_by_role("button", name="Använd passnyckel").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lägg till en app")


def test_an_app_is_added_from_the_secret_on_the_page_and_asked_for_at_the_next_log_in(page, coordinator):
    log_in(page, coordinator)
    page.get_by_role("link", name="Lägg till en app").click()
    confirm(page)
    picture = page.get_by_alt_text("QR-kod att läsa av med appen")
    assert picture.evaluate("image => image.naturalWidth") > 100
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Kod").fill(code_of(secret))
    page.get_by_role("button", name="Lägg till appen").click()

    codes = page.locator(".codes code")
    expect(codes).to_have_count(10)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Spara som textfil").click()
    saved = saving.value.path().read_text()
    assert saving.value.suggested_filename == "reservkoder.txt"
    assert all(code in saved for code in codes.all_inner_texts())
    recovery_code = codes.first.inner_text()
    log_out(page)

    log_in(page, coordinator)
    page.get_by_label("Kod").fill("123 456")
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Koden stämmer inte")
    page.get_by_label("Kod").fill(recovery_code)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page).to_have_url("/")


def test_a_passkey_is_renamed_and_removed_but_not_the_last_one(page, coordinator):
    with_passkeys(page)
    log_in(page, coordinator)
    add_passkey(page, "Telefonen")
    page.goto("/konto/tva-steg/")

    page.get_by_role("link", name="Byt namn på Telefonen").click()
    page.get_by_label("Namn på passnyckeln").fill("Läsplattan")
    page.get_by_role("button", name="Spara namnet").click()
    expect(page.get_by_role("rowheader", name="Läsplattan")).to_be_visible()
    page.get_by_role("link", name="Ta bort Läsplattan").click()
    expect(page.locator("main")).to_contain_text("Det här är ditt enda andra steg.")

    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_what_goes_wrong_is_said_in_swedish_on_the_page(page, coordinator):
    with_passkeys(page, isUserVerified=False)  # the finger isn't the owner's
    page.goto("/konto/logga-in/")

    page.get_by_role("button", name="Använd en passnyckel").click()

    expect(page.get_by_text("Det blev avbrutet, eller tog för lång tid. Försök igen.")).to_be_visible()
    expect(page.get_by_role("button", name="Använd en passnyckel")).to_be_enabled()


def test_the_same_phone_is_not_added_twice(page, coordinator):
    with_passkeys(page)
    log_in(page, coordinator)
    add_passkey(page, "Telefonen")
    page.goto("/konto/tva-steg/passnycklar/ny/")

    page.get_by_role("button", name="Lägg till passnyckeln").click()

    expect(page.get_by_text("Den här enheten har redan en passnyckel till ditt konto.")).to_be_visible()


def test_without_scripts_passkeys_say_so_and_codes_work(open_page, coordinator):
    page = open_page(java_script_enabled=False)
    page.goto("/konto/logga-in/")
    expect(page.get_by_text("Passnycklar behöver JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Använd en passnyckel")).to_be_hidden()

    log_in(page, coordinator)
    page.get_by_role("link", name="Lägg till en app").click()
    confirm(page)
    page.get_by_label("Kod").fill(code_of(page.locator("code.secret").inner_text()))
    page.get_by_role("button", name="Lägg till appen").click()

    expect(page.locator(".codes code")).to_have_count(10)
