"""Injections in every text, in a real browser: nothing runs, nothing is fetched, nothing complains."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.builders import PASSWORD, make_administrator
from tests.made_up.injected import YEAR, Injected, make_injected_world
from tests.made_up.injections import INJECTIONS

pytestmark = pytest.mark.browser

TRAP = "window.hits = []; window.hit = window.alert = number => window.hits.push(number);"
"""What the injections call is there to be called."""


@pytest.fixture
def watched(page: Page) -> Page:
    """A browser in which an injection that runs is noted."""
    page.add_init_script(TRAP)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return page


def addresses(injected: list[Injected]) -> list[str]:
    """Pages that hold all of them, then pages of three of the plans, and the admin's."""
    everything = {"plan": "alla", "year": YEAR}
    found = ["/", "/att-gora/", "/personer/", "/konton/", "/konto/"]
    found += [reverse(name, kwargs={"plan": "alla"}) for name in ("plan", "activities")]
    found += [reverse(name, kwargs=everything) for name in ("revision", "followup")]
    for each in injected[:: len(injected) // 3]:
        plan, key = {"plan": each.plan.slug}, {"plan": each.plan.slug, "key": "en"}
        found += [reverse(name, kwargs=key) for name in ("activity", "challenge")]
        found += [reverse("indicator", kwargs=plan | {"indicator": each.parameters["indicator"]})]
        found += [reverse("report-activity", kwargs=key | {"year": YEAR}), reverse("plan", kwargs=plan)]
    for model in ("actionplan_chapter", "actionplan_activity", "municipalities_organisation"):
        found.append(reverse(f"admin:{model}_changelist"))
    first = injected[0].plan
    found += [reverse(f"admin:actionplan_plan_{page}", args=[first.pk]) for page in ("change", "history")]
    return [*found, reverse("admin:index")]


def test_no_injection_runs_or_fetches_anything(watched: Page, live_server) -> None:
    injected, asked = make_injected_world(), list[str]()
    watched.on("request", lambda request: asked.append(request.url))
    watched.goto("/konto/logga-in/")
    watched.get_by_label("E-post").fill(make_administrator().email)
    watched.get_by_label("Lösenord").fill(PASSWORD)
    watched.get_by_role("button", name="Logga in", exact=True).click()

    for address in addresses(injected):
        answer = watched.goto(address)
        assert answer
        assert answer.status == 200, address
        assert watched.evaluate("window.hits") == [], address
    look_at_the_links(watched)
    type_them_and_get_them_back(watched, injected[0].plan.slug)

    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()


def look_at_the_links(page: Page) -> None:
    """Markdown may make links of them: every link of the texts is one that leads to a page or an address."""
    for name in ("revision", "followup"):
        page.goto(reverse(name, kwargs={"plan": "alla", "year": YEAR}))
        links = page.eval_on_selector_all("main a", "links => links.map(link => link.protocol)")

        assert links
        assert set(links) <= {"http:", "https:", "mailto:"}


def type_them_and_get_them_back(page: Page, plan: str) -> None:
    page.goto(reverse("report-activity", kwargs={"plan": plan, "key": "en", "year": YEAR}))
    page.get_by_label("Genomförd").check()
    page.get_by_label("Vad har gjorts?").fill("\n\n".join(INJECTIONS))
    page.get_by_label("Vad gav det?").fill("")
    page.get_by_role("button", name="Spara läget").click()

    given_back = page.get_by_label("Vad har gjorts?").input_value()
    assert given_back == "\n\n".join(INJECTIONS).replace("\r\n", "\n")
    assert page.evaluate("window.hits") == []


def test_an_injection_that_ran_would_be_noticed(watched: Page) -> None:
    watched.goto("/om/")

    watched.evaluate("document.querySelector('main').innerHTML = '<a href=\"javascript:hit(1)\">x</a>'")
    watched.evaluate("hit(1)")

    assert watched.evaluate("window.hits") == [1]
