"""Finding among the activities as one types, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.plans import load_plans

pytestmark = pytest.mark.browser

LIST = "/planer/4m/aktiviteter/"


@pytest.fixture(autouse=True)
def plans(live_server) -> None:
    load_plans()


def test_the_list_follows_what_is_typed_and_keeps_it_until_it_is_cleared(page: Page):
    count = page.locator("#shown")
    page.goto(LIST)

    page.get_by_label("Ord i aktiviteten").press_sequentially("nki")
    expect(count).to_have_text("Visar 2 av 40 aktiviteter")
    expect(page).to_have_url(re.compile(r"\?q=nki$"))
    expect(page.get_by_label("Ord i aktiviteten")).to_be_focused()
    page.get_by_label("Pågår år").select_option("2016")
    expect(count).to_have_text("Visar 1 av 40 aktiviteter")
    page.get_by_role("link", name="När", exact=True).press("Enter")
    expect(page.get_by_role("columnheader", name="När")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("link", name="När", exact=True)).to_be_focused()
    expect(page.get_by_label("Ordning")).to_have_value("nar")
    expect(page).to_have_url(re.compile(r"\?q=nki&ar=2016&ordning=nar$"))

    page.get_by_role("row").get_by_role("link", name="samma som NKI").click()
    page.get_by_role("navigation").get_by_role("link", name="Aktiviteter").click()
    expect(page).to_have_url(re.compile(r"\?q=nki&ar=2016&ordning=nar$"))
    expect(count).to_have_text("Visar 1 av 40 aktiviteter")

    page.get_by_role("link", name="Rensa").click()
    expect(count).to_have_text("Visar 40 av 40 aktiviteter")
    page.goto(LIST)
    expect(count).to_have_text("Visar 40 av 40 aktiviteter")


def test_what_has_just_come_can_be_pressed_at_once(page: Page):
    page.goto(LIST)
    page.evaluate(
        """() => {
          window.isTheSamePage = true;
          const seen = new MutationObserver(() => {
            seen.disconnect();
            document.querySelector("#by-nar").click();
          });
          seen.observe(document.querySelector("#hits").parentNode, { childList: true });
        }"""
    )
    page.get_by_label("Pågår år").select_option("2016")

    expect(page.get_by_role("columnheader", name="När")).to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("window.isTheSamePage")
