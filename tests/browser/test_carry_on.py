"""Going through the plan in a real browser: by the keyboard, row by row, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from actionplan import carrying
from actionplan.drafting import start_next
from actionplan.models import Activity, How, Revision
from followup.models import Stage, Status
from municipalities.models import Role, User
from tests.builders import (
    PASSWORD,
    make_activity,
    make_challenge,
    make_followup,
    make_municipality,
    make_plan,
    make_report,
    make_revision,
    make_user,
)

pytestmark = pytest.mark.browser

LIST = "/planer/gemensam/utkast/genomgang/"


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def base(live_server) -> Revision:
    """A meeting that goes on, and a fair that is reported as done."""
    base = make_revision(make_plan(slug="gemensam", first_year=2015, last_year=2018), year=2016)
    challenge = make_challenge(base, title="Service")
    partner = make_municipality("Enköping")
    for key, title in (("mote", "Möte"), ("massa", "Mässa")):
        make_activity(challenge, key=key, title=title, last_year=2018, responsible=[partner])
    massa = Activity.objects.get(key="massa")
    make_report(make_followup(base, stage=Stage.CLOSED), massa, status=Status.COMPLETED, result="Hundra.")
    return base


@pytest.fixture
def editor(base) -> User:
    return make_user(Role.EDITOR, base.plan.owner)


@pytest.fixture
def draft(base, editor) -> Revision:
    return start_next(base, 2017, by=editor)


def log_in(page: Page, person: User) -> None:
    page.goto(f"/konto/logga-in/?next={LIST}")
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad ska föras vidare från 2016?")
    page.wait_for_load_state()


def row(page: Page, key: str) -> Locator:
    return page.locator(f"#aktivitet-{key}")


def test_a_row_is_decided_and_taken_back_by_the_keyboard_where_it_stands(page, draft, editor):
    log_in(page, editor)

    page.get_by_role("button", name="För vidare Möte").focus()
    page.keyboard.press("Enter")

    expect(row(page, "mote")).to_contain_text("Förs vidare")
    expect(row(page, "mote").get_by_role("heading")).to_be_focused()
    expect(page.locator("#announced")).to_have_text("”Möte” förs vidare.")
    expect(page.locator("#hur-langt")).to_contain_text("1 av 2")
    page.get_by_role("button", name="Ångra Möte").click()
    expect(page.get_by_role("button", name="För vidare Möte")).to_be_visible()
    expect(page.locator("#hur-langt")).to_contain_text("0 av 2")


def test_whoever_comes_second_sees_what_the_first_decided(page, draft, editor):
    log_in(page, editor)
    carrying.leave_out(draft, "mote", How.ENDED, reason="Ingen kommer.", by=editor)

    page.get_by_role("button", name="För vidare Möte").click()

    expect(row(page, "mote")).to_contain_text("Ingen kommer.")
    expect(page.locator("#announced")).to_contain_text("Någon annan hann före")


def test_what_would_be_lost_is_asked_about_in_the_row(page, draft, editor):
    copy = carrying.carry_on(draft, "mote", by=editor)
    Activity.objects.filter(pk=copy.pk).update(title="Många möten")
    log_in(page, editor)

    page.get_by_role("button", name="Ångra Möte").click()

    expect(row(page, "mote")).to_contain_text("Många möten")
    page.get_by_role("button", name="Ta bort och gå igenom igen").click()
    expect(page.get_by_role("button", name="För vidare Möte")).to_be_visible()


def test_only_what_a_decision_asks_for_is_shown(page, draft, editor):
    log_in(page, editor)
    page.get_by_role("link", name="Annat … Möte").click()
    expect(page.get_by_label("Varför avslutas den?")).to_be_hidden()

    page.get_by_role("radio", name="Avslutas").check()
    expect(page.get_by_label("Från år")).to_be_hidden()
    page.get_by_label("Varför avslutas den?").fill("Ingen kommer.")
    page.get_by_role("button", name="Spara beslutet").click()

    expect(row(page, "mote")).to_contain_text("Ingen kommer.")


def test_without_javascript_everything_can_be_done(open_page: Callable[..., Page], draft, editor):
    page = open_page(java_script_enabled=False)
    log_in(page, editor)

    page.get_by_role("button", name="Lämna ut den som är genomförd eller avbruten").click()
    expect(row(page, "massa")).to_contain_text("Klar, lämnas ut")
    page.get_by_role("button", name="För vidare Möte").click()
    expect(page.locator("#hur-langt")).to_contain_text("2 av 2")
    page.get_by_role("button", name="Ångra Mässa").click()
    page.get_by_role("link", name="Annat … Mässa").click()
    page.get_by_role("radio", name="Ersätts av en ny").check()
    page.get_by_label("Den nya", exact=True).fill("En större mässa")
    page.get_by_role("button", name="Spara beslutet").click()
    expect(row(page, "massa")).to_contain_text("Ersatt av ”En större mässa”")
