"""Sixty injections in every text, in a real browser: nothing runs, nothing is fetched, nothing complains."""

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
def injected(live_server) -> list[Injected]:
    return make_injected_world()


@pytest.fixture
def reader(injected: list[Injected], page: Page) -> Page:
    """An administrator's browser, in which an injection that runs or fetches is noted."""
    page.add_init_script(TRAP)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page.goto("/konto/logga-in/")
    page.get_by_label("E-post").fill(make_administrator().email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    return page


def addresses(injected: list[Injected]) -> list[str]:
    """Pages that hold all of them, then pages of a plan for every tenth, and the admin's."""
    everything = {"plan": "alla", "year": YEAR}
    found = ["/", "/att-gora/", "/personer/", "/konton/", "/konto/"]
    found += [reverse(name, kwargs={"plan": "alla"}) for name in ("plan", "activities")]
    found += [reverse(name, kwargs=everything) for name in ("revision", "followup")]
    for each in injected[::10]:
        plan, key = {"plan": each.plan.slug}, {"plan": each.plan.slug, "key": "en"}
        found += [reverse(name, kwargs=key) for name in ("activity", "challenge")]
        found += [reverse("indicator", kwargs=plan | {"indicator": each.parameters["indicator"]})]
        found += [reverse("report-activity", kwargs=key | {"year": YEAR}), reverse("plan", kwargs=plan)]
    for model in ("actionplan_chapter", "actionplan_activity", "municipalities_organisation"):
        found.append(reverse(f"admin:{model}_changelist"))
    first = injected[0].plan
    found += [reverse(f"admin:actionplan_plan_{page}", args=[first.pk]) for page in ("change", "history")]
    return [*found, reverse("admin:index")]


def test_no_injection_runs_or_fetches_anything(reader: Page, injected: list[Injected], live_server) -> None:
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))

    for address in addresses(injected):
        answer = reader.goto(address)
        assert answer
        assert answer.status == 200, address
        assert reader.evaluate("window.hits") == [], address

    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()


def test_no_injection_runs_when_it_is_typed_and_given_back(reader: Page, injected: list[Injected]) -> None:
    plan = injected[0].plan.slug
    reader.goto(reverse("report-activity", kwargs={"plan": plan, "key": "en", "year": YEAR}))
    reader.get_by_label("Genomförd").check()
    reader.get_by_label("Vad har gjorts?").fill("\n\n".join(INJECTIONS))
    reader.get_by_label("Vad gav det?").fill("")
    reader.get_by_role("button", name="Spara läget").click()

    assert reader.get_by_label("Vad har gjorts?").input_value() == "\n\n".join(INJECTIONS).replace(
        "\r\n", "\n"
    )
    assert reader.evaluate("window.hits") == []


def test_no_link_of_a_page_runs_when_it_is_followed(reader: Page, injected: list[Injected]) -> None:
    """Markdown may make links of them: every link of the texts is one that leads to a page or an address."""
    for name in ("revision", "followup"):
        reader.goto(reverse(name, kwargs={"plan": "alla", "year": YEAR}))
        links = reader.eval_on_selector_all("main a", "links => links.map(link => link.protocol)")

        assert links
        assert set(links) <= {"http:", "https:", "mailto:"}


def test_an_injection_that_ran_would_be_noticed(reader: Page) -> None:
    reader.goto("/om/")

    reader.evaluate("document.querySelector('main').innerHTML = '<a href=\"javascript:hit(1)\">x</a>'")
    reader.evaluate("hit(1)")

    assert reader.evaluate("window.hits") == [1]
