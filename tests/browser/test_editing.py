"""A draft is written in a real browser, by keyboard alone; what is typed is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from actionplan import drafting
from actionplan.models import Activity, Revision
from municipalities.models import Role, User
from tests.builders import (
    PASSWORD,
    make_activity,
    make_challenge,
    make_draft,
    make_organisation,
    make_plan,
    make_user,
)

pytestmark = pytest.mark.browser

CHALLENGE = "/planer/p/utkast/utmaningar/jobb/"
OFFER = "Du har en text som inte är sparad"


@pytest.fixture
def draft(live_server) -> Revision:
    """A draft with three activities in a challenge."""
    draft = make_draft(make_plan(slug="p", owner=make_organisation("Nätverket", key="natverket")), year=2017)
    challenge = make_challenge(draft, key="jobb", title="Jobb")
    for number, title in enumerate(("Alfa", "Beta", "Gamma"), 1):
        make_activity(challenge, key=title.lower(), title=title, order=number)
    return draft


@pytest.fixture
def rut(draft) -> User:
    return make_user(Role.EDITOR, draft.plan.owner, name="Rut Hägg")


def log_in(page: Page, person: User, to: str) -> None:
    page.goto(f"/konto/logga-in/?next={to}")
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url(f"**{to}")
    page.wait_for_load_state()


def press(page: Page, role: str, name: str) -> None:
    """Comes to a link or a button by the keyboard, and presses it."""
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def titles(page: Page) -> list[str]:
    return [
        each.strip() for each in page.locator("#aktiviteter .at-work .what > p:first-child").all_inner_texts()
    ]


def test_a_row_is_moved_by_keyboard_and_the_focus_stays_on_it(page, draft, rut):
    log_in(page, rut, CHALLENGE)

    press(page, "button", "Upp Gamma")
    expect(page.get_by_text("”Gamma” står nu som nummer 2 av 3.")).to_be_visible()
    expect(page.get_by_role("button", name="Upp Gamma")).to_be_focused()
    expect(page.locator(".htmx-settling")).to_have_count(0)  # for 20 ms the button leads to a new page
    page.keyboard.press("Enter")
    expect(page.get_by_text("”Gamma” står nu som nummer 1 av 3.")).to_be_visible()
    expect(page.get_by_role("button", name="Upp Gamma")).to_be_focused()

    assert titles(page) == ["Gamma", "Alfa", "Beta"]
    assert [each.title for each in Activity.objects.all()] == ["Gamma", "Alfa", "Beta"]
    assert page.url.endswith(CHALLENGE)


def test_without_scripts_it_is_moved_too(open_page, draft, rut):
    page = open_page(java_script_enabled=False)
    log_in(page, rut, CHALLENGE)

    press(page, "button", "Ned Alfa")

    expect(page.get_by_text("”Alfa” står nu som nummer 2 av 3.")).to_be_visible()
    assert titles(page) == ["Beta", "Alfa", "Gamma"]


def test_a_row_is_written_looked_at_saved_removed_and_put_back(page, draft, rut):
    log_in(page, rut, CHALLENGE)

    press(page, "link", "Lägg till aktivitet")
    page.get_by_label("Aktivitet", exact=True).fill("Delta")
    page.reload()
    expect(page.get_by_text(OFFER)).to_have_count(1)
    press(page, "button", "Kasta")
    page.get_by_label("Aktivitet", exact=True).fill("Delta på mässan")
    page.get_by_label("Beskrivning", exact=True).fill("Med **montrar**.")
    press(page, "button", "Förhandsgranska Beskrivning")
    expect(page.locator("[aria-live=polite] strong")).to_have_text("montrar")
    expect(page.get_by_role("button", name="Förhandsgranska Beskrivning")).to_be_focused()
    page.get_by_role("group", name="Huvudansvarig").get_by_label("Nätverket").press("Space")
    page.get_by_label("Aktivitet", exact=True).press("Enter")

    expect(page.get_by_text("Sparat: ”Delta på mässan”.")).to_be_visible()
    saved = Activity.objects.get(key="delta-pa-massan")
    assert saved.description == "Med **montrar**."
    assert saved.responsibilities.get().organisation.key == "natverket"

    press(page, "link", "Ta bort Delta på mässan")
    press(page, "button", "Ta bort")
    expect(page.get_by_text("”Delta på mässan” är borttagen.")).to_be_visible()
    press(page, "button", "Ångra")
    expect(page.get_by_text("”Delta på mässan” är tillbaka.")).to_be_visible()
    assert Activity.objects.get(key="delta-pa-massan").pk == saved.pk


def test_what_was_typed_is_offered_back_when_the_draft_was_thrown_away_meanwhile(page, draft, rut):
    log_in(page, rut, "/planer/p/utkast/aktiviteter/beta/andra/")
    page.get_by_label("Förväntat resultat").fill("En lång text om resultatet.")
    drafting.discard(draft, by=rut)

    press(page, "button", "Spara ändringen")

    expect(page.get_by_role("alert")).to_contain_text("har fastställts eller kastats")
    expect(page.get_by_label("Förväntat resultat")).to_have_value("En lång text om resultatet.")
    expect(page.get_by_text(OFFER)).to_have_count(0)
