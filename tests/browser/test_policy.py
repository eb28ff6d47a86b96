"""Every page there is, in a real browser: no policy stops anything in it, and axe finds nothing to mend.

axe looks at each page once, as the role that sees most of it, in one of the looks of tests/accessibility.py;
with AXE_ALL=1 at every page as each role, in all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.accessibility import LOOKS, violations
from tests.rights.addresses import name_of
from tests.rights.tables import is_page, read_table
from tests.rights.test_administration import READ, SITE, TABLE, pages_of, site_addresses
from tests.rights.world import SERVICES, World, make_world

pytestmark = pytest.mark.browser

TELL_OF_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  tell(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`))
"""
WITHOUT_PAGE = "ERR_HTTP_RESPONSE_CODE_FAILURE"
"""How Chromium with windows refuses an answer that has nothing to show, such as 405."""

NOT_EVERYWHERE = re.compile(r"Unrecognized feature: '(bluetooth|web-share)'")
"""Powers that Chromium knows on other systems than Linux, and which the portal denies itself there."""

ALL = "AXE_ALL" in os.environ
VISITORS = ("visitor", "stepless", "coordinator", "editor", "administrator", *(["reader"] if ALL else []))

REFUSING = {
    *("account_change_password", "account_email", "account_login", "add-draft-row", "enter-outcome"),
    *("import-outcomes", "import-people", "invite", "new-plan", "report-accessibility", "report-activity"),
}
"""Pages whose form is refused when it is sent empty."""

EMPTY = """(form) => {
  for (const each of form.elements) {
    if (["checkbox", "radio"].includes(each.type)) each.checked = false
    else if (!["hidden", "submit"].includes(each.type)) each.value = ""
  }
  form.submit()
}"""

LAST = ("account_reset_password_from_key",)
"""Pages that end the session of whoever opens them."""


Looks = tuple[str, ...]
NO_LOOKS: Mapping[str, Looks] = {}


@pytest.fixture
def world(settings, live_server) -> World:
    settings.REQUIRE_MFA = True
    settings.OIDC_PROVIDERS = SERVICES
    return make_world()


class Visitor:
    """Someone's browser, and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.expose_function("tell", lambda text: self.complaints.append(text))
        page.add_init_script(TELL_OF_VIOLATIONS)
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def listen(self, message: ConsoleMessage) -> None:
        """Chromium's complaint of a page that isn't there, or isn't theirs, is as it should be."""
        own_status = "the server responded with a status of 40" in message.text
        if message.type in ("error", "warning") and not (own_status or NOT_EVERYWHERE.search(message.text)):
            self.complaints.append(message.text)

    def visit(self, places: Iterable[str], looks: Mapping[str, Looks] = NO_LOOKS) -> dict[str, list[str]]:
        """What was complained of, or can't be used, at each place; nothing where all was well."""
        found = {}
        for place in places:
            try:
                answer = self.page.goto(place, wait_until="load")
            except Error as error:
                if WITHOUT_PAGE not in error.message:
                    raise
                self.page.wait_for_url("chrome-error://chromewebdata/")
            else:
                empty = answer and answer.headers.get("content-length") == "0"
                self.complaints += [] if empty else violations(self.page, *looks.get(place, ()))
            if self.complaints:
                found[place] = [*self.complaints]
                self.complaints.clear()
        return found

    def send_empty(self, places: Iterable[str], looks: Mapping[str, Looks]) -> dict[str, list[str]]:
        """What can't be used of each place's page when its form is refused."""
        found = {}
        for place in places:
            self.page.goto(place)
            form = self.page.locator("main form[method=post]").first
            if not form.count():
                continue  # closed, or another page of that name
            with self.page.expect_navigation():
                form.evaluate(EMPTY)
            expect(self.page.locator("main [aria-invalid=true]").first).to_be_visible()
            if wrong := violations(self.page, *looks[place]):
                found[place] = wrong
        self.complaints.clear()
        return found


@pytest.fixture
def visitor(browser: Browser, live_server) -> Iterator[Visitor]:
    context = browser.new_context(base_url=live_server.url, locale="sv-SE")
    yield Visitor(context.new_page())
    context.close()


@pytest.fixture
def browser_of(visitor: Visitor, live_server, world) -> Callable[[str], Visitor]:
    """The visitor's browser as that of one of the world's people, signed in as they are."""

    def sign_in(who: str) -> Visitor:
        cookies = world.clients[who].cookies.items()
        visitor.page.context.add_cookies(
            [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in cookies]
        )
        return visitor

    return sign_in


def places(world: World, who: str) -> list[str]:
    """An address for each name that they are shown the page of, and for each sort of refusal.

    What the editor is shown is looked at by the editor and by visitors.
    """
    found = {}
    for line in read_table("reading.txt"):
        address, answer = world.address(line.address, who), line.answers[who]
        by_the_editor = who not in ("visitor", "editor") and line.answers["editor"] == answer == "200"
        if is_page(address) and (ALL or not by_the_editor):
            found[name_of(address) if answer == "200" else answer] = address
    return sorted(found.values(), key=lambda address: (name_of(address) in LAST, address))


def looks_at(places: Iterable[str]) -> dict[str, Looks]:
    """In which looks each place is looked at: all of them, or one after another."""
    return dict(zip(places, cycle([tuple(LOOKS)] if ALL else [(look,) for look in LOOKS]), strict=False))


@pytest.mark.parametrize("who", VISITORS)
def test_no_page_is_stopped_from_being_what_it_is(world, browser_of, who):
    visited = places(world, who)
    editors = {name_of(place) for place in places(world, "editor")} if who == "visitor" and not ALL else set()

    looks = looks_at(place for place in visited if name_of(place) not in editors)

    one = browser_of(who)
    refusing = [place for place in looks if name_of(place) in REFUSING]
    assert one.send_empty(refusing, looks) == {}
    assert one.visit(visited, looks) == {}


ALIKE = {
    what.removesuffix("/draft") for what in TABLE if what.endswith("/draft")
} - {"actionplan.Activity"}  # fmt: skip
"""Kinds of rows that have the same pages in a draft, where they can be changed, too."""


def test_no_page_of_the_admin_is_stopped_from_being_what_it_is(world, browser_of):
    """Of each kind of rows the page that one is changed on, and one of the others in turn, unless all are."""
    of_models = {
        address: word
        for turn, (what, words) in enumerate(TABLE.items())
        for place, ((method, address), word) in enumerate(zip(pages_of(what), words, strict=True))
        if method == "GET" and address and not what.endswith("/no") and (what not in ALIKE)
        if ALL or READ[place] in ("change", READ[turn % len(READ)])
    }
    of_the_site = {address: SITE[name].partition(" ")[0] for name, address in site_addresses(world).items()}
    visitor = browser_of("administrator")
    looks = looks_at(address for address in of_models | of_the_site if ALL or "/plan/" in address)

    for address, word in sorted((of_models | of_the_site).items()):
        assert visitor.visit([address], looks) == {}
        if word == "200" and name_of(address) != "admin:jsi18n":
            expect(visitor.page.locator("#site-name")).to_have_text("Handlingsplaner – administration")


def test_every_page_that_anyone_is_shown_is_visited(world):
    shown = {
        name_of(address)
        for line in read_table("reading.txt")
        for who, answer in line.answers.items()
        if answer == "200" and is_page(address := world.address(line.address, who))
    }

    assert shown - {name_of(place) for who in VISITORS for place in places(world, who)} == set()


@pytest.mark.parametrize(
    "unsafe",
    [
        "<p style='color: red'>",
        "<style>p { color: red }</style>",
        "<script>document.title = 'x'</script>",
        "<p onclick='x()'>",
        "<img src='https://example.org/x.png'>",
        "<iframe src='/'></iframe>",
        "<base href='/x/'>",
    ],
)
def test_a_page_that_is_stopped_is_found(visitor, unsafe):
    def plant(route, request):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main", f"{unsafe}<main"))

    visitor.page.route("**/om/", plant)

    assert visitor.visit(["/om/"])["/om/"]
