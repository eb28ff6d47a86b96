"""What is typed and not saved is offered back, in a real browser: nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from followup.models import FollowUp, Stage, StatusReport
from municipalities.models import Role, User
from tests.builders import (
    PASSWORD,
    make_activity,
    make_administrator,
    make_challenge,
    make_coordinator,
    make_followup,
    make_municipality,
    make_plan,
    make_report,
    make_revision,
    make_user,
)

pytestmark = pytest.mark.browser

FORM = "/planer/gemensam/uppfoljning/2016/rapportera/mote/"
OFFER = "Du har en text som inte är sparad"


@pytest.fixture
def followup(live_server) -> FollowUp:
    enkoping = make_municipality("Enköping")
    followup = make_followup(make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016))
    challenge = make_challenge(followup.revision)
    make_activity(challenge, key="mote", title="Möte", responsible=[enkoping])
    make_activity(challenge, key="massa", title="Mässa", responsible=[enkoping])
    return followup


@pytest.fixture
def eva(followup) -> User:
    return make_coordinator(followup.plan.partners.get(), name="Eva Ek")


def log_in(page: Page, person: User, to: str = FORM) -> None:
    page.goto(f"/konto/logga-in/?next={to}")
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url(f"**{to}")  # with its scripts


def type_something(page: Page, words: str = "Två möten är hållna.") -> None:
    page.get_by_label("Pågår").check()
    page.get_by_label("Vad har gjorts?").fill(words)


def kept(page: Page) -> dict[str, Any]:
    """The drafts in the browser's storage, by their names."""
    found = page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('draft:'))")
    return {name: json.loads(text) for name, text in found}


def test_what_was_typed_before_the_page_was_closed_is_offered_back(page, eva):
    log_in(page, eva)
    type_something(page)
    other = page.context.new_page()
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto("/om/")
    assert asked.value.type == "beforeunload"
    page.close()

    other.goto(FORM)
    expect(other.get_by_role("status")).to_contain_text(OFFER)
    expect(other.get_by_label("Vad har gjorts?")).to_have_value("")
    other.get_by_role("button", name="Hämta tillbaka").click()

    expect(other.get_by_label("Vad har gjorts?")).to_have_value("Två möten är hållna.")
    expect(other.get_by_label("Pågår")).to_be_checked()
    expect(other.get_by_text(OFFER)).to_have_count(0)
    other.get_by_role("button", name="Spara läget").click()
    expect(other.get_by_text("Läget är sparat")).to_be_visible()
    assert StatusReport.objects.get().comment == "Två möten är hållna."
    assert kept(other) == {}


def test_what_is_saved_is_forgotten_and_what_is_refused_is_not(page, eva):
    log_in(page, eva)
    page.get_by_label("Genomförd").check()
    page.get_by_label("Vad har gjorts?").fill("Allt.")
    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv vad det gav.")

    assert [each["values"] for each in kept(page).values()]

    page.get_by_label("Vad gav det?").fill("En lista.")
    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_text("Läget är sparat")).to_be_visible()
    assert kept(page) == {}


def test_what_is_thrown_away_is_not_offered_again(page, eva):
    log_in(page, eva)
    type_something(page)
    page.reload()

    page.get_by_role("button", name="Kasta").click()
    page.reload()

    expect(page.get_by_label("Vad har gjorts?")).to_have_value("")
    expect(page.get_by_text(OFFER)).to_have_count(0)
    assert kept(page) == {}


def test_taking_a_draft_back_loses_nothing_that_was_typed_since(page, eva):
    log_in(page, eva)
    type_something(page, "Det första.")
    page.goto("/att-gora/")
    page.goto(FORM)
    type_something(page, "Det andra.")

    page.get_by_role("button", name="Hämta tillbaka").click()
    expect(page.get_by_label("Vad har gjorts?")).to_have_value("Det första.")
    page.get_by_role("button", name="Hämta tillbaka").click()
    expect(page.get_by_label("Vad har gjorts?")).to_have_value("Det andra.")

    expect(page.get_by_text(OFFER)).to_have_count(1)


def test_a_draft_is_of_its_own_form_and_its_own_person(page, eva):
    log_in(page, eva)
    type_something(page)

    page.goto(FORM.replace("mote", "massa"))
    expect(page.get_by_text(OFFER)).to_have_count(0)
    page.context.clear_cookies()
    log_in(page, make_coordinator(eva.memberships.get().organisation))
    expect(page.get_by_label("Vad har gjorts?")).to_be_visible()
    expect(page.get_by_text(OFFER)).to_have_count(0)


def test_logging_out_forgets_ones_drafts_and_nobody_elses(page, eva):
    log_in(page, eva)
    type_something(page)
    page.evaluate(
        """localStorage.setItem("draft:999999:/x/:a", JSON.stringify({at: Date.now(), values: []}))"""
    )
    page.evaluate("""localStorage.setItem("annat", "står kvar")""")

    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("link", name="Logga in")).to_be_visible()

    assert list(kept(page)) == ["draft:999999:/x/:a"]
    assert page.evaluate("localStorage.getItem('annat')") == "står kvar"


def test_logging_out_of_the_admin_forgets_them_too(page, followup):
    asta = make_administrator()
    log_in(page, asta)
    type_something(page)
    page.goto("/admin/")
    assert kept(page)

    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("button", name="Logga ut")).to_have_count(0)

    assert kept(page) == {}


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_a_draft_is_forgotten_after_thirty_days(page, eva, days, is_kept):
    log_in(page, eva)
    type_something(page)
    page.evaluate(
        """days => {
            const [name] = Object.keys(localStorage).filter((each) => each.startsWith("draft:"));
            const draft = JSON.parse(localStorage.getItem(name));
            draft.at -= days * 86400000;
            localStorage.setItem(name, JSON.stringify(draft));
        }""",
        days,
    )

    page.reload()

    expect(page.get_by_text(OFFER)).to_have_count(int(is_kept))
    assert len(kept(page)) == int(is_kept)


def test_a_storage_full_of_nonsense_stops_nothing(page, eva):
    log_in(page, eva)
    page.evaluate(f"""localStorage.setItem("draft:{eva.pk}:{FORM}:a", "{{")""")
    page.evaluate("""localStorage.setItem("draft:", "null")""")

    page.reload()
    type_something(page)
    page.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("Läget är sparat")).to_be_visible()
    assert kept(page) == {}


def test_a_draft_taken_back_after_someone_else_saved_meets_theirs(page, eva, followup):
    log_in(page, eva)
    type_something(page)
    activity = followup.activities().get(key="mote")
    make_report(followup, activity, status="delayed", comment="Olles ord.", reason="Valet.")

    page.reload()
    page.get_by_role("button", name="Hämta tillbaka").click()
    page.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("Någon annan hann före.")).to_be_visible()
    assert StatusReport.objects.count() == 1


def test_a_row_that_was_answered_with_another_page_is_not_forgotten(page, eva, settings):
    log_in(page, eva, to="/att-gora/")
    page.get_by_role("link", name="Rapportera Möte").click()
    page.get_by_label("Pågår").check()
    settings.REQUIRE_MFA = True

    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_role("button", name="Spara läget")).to_have_count(0)

    assert not StatusReport.objects.exists()
    settings.REQUIRE_MFA = False
    page.goto(FORM)
    page.get_by_role("button", name="Hämta tillbaka").click()
    expect(page.get_by_label("Pågår")).to_be_checked()


def test_a_reason_that_came_too_late_is_shown_and_kept(page, followup):
    FollowUp.objects.update(stage=Stage.PUBLISHED)
    address = "/planer/gemensam/uppfoljning/2016/arbetsyta/ratta/"
    log_in(page, make_user(Role.EDITOR, followup.plan.owner), to=address)
    page.get_by_label("Varför öppnas den för rättelse?").fill("Fel siffra.")
    FollowUp.objects.update(stage=Stage.CLOSED)

    page.get_by_role("button", name="Öppna för rättelse").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Det går inte nu")
    expect(page.get_by_role("blockquote")).to_have_text("Fel siffra.")
    assert len(kept(page)) == 1


SEND_AND_TYPE = """([name, words]) => {
    setTimeout(() => document.querySelector("form[data-report]").requestSubmit());
    setTimeout(() => {
        const field = document.querySelector(`form[data-report] [name=${name}]`);
        field.value = words;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        document.activeElement.blur();
    }, 300);
}"""


def send_and_type(page: Page, name: str, words: str) -> Route:
    """Sends the form, holds it until the test lets it go on, and types meanwhile in the field `name`."""
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/rapportera/**", hold_the_first)
    page.evaluate(SEND_AND_TYPE, [name, words])
    page.wait_for_timeout(1500)
    return held[0]


@pytest.mark.parametrize("place", ["row", "page"])
def test_what_is_typed_while_a_saving_is_under_way_is_offered_back(page, eva, place):
    log_in(page, eva, to="/att-gora/" if place == "row" else FORM)
    if place == "row":
        page.get_by_role("link", name="Rapportera Möte").click()
    type_something(page, "Två möten.")
    request = send_and_type(page, "comment", "Två möten. Ett tredje är bokat.")

    request.continue_()
    expect(page.get_by_text("Läget är sparat")).to_have_count(1)
    assert StatusReport.objects.get().comment == "Två möten."
    page.goto(FORM)
    expect(page.get_by_text(OFFER)).to_have_count(1)
    page.get_by_role("button", name="Hämta tillbaka").click()

    expect(page.get_by_label("Vad har gjorts?")).to_have_value("Två möten. Ett tredje är bokat.")


def test_what_is_typed_while_a_refused_form_is_under_way_is_offered_beside_it(page, eva):
    log_in(page, eva, to="/att-gora/")
    page.get_by_role("link", name="Rapportera Möte").click()
    page.get_by_label("Genomförd").check()
    page.get_by_label("Vad har gjorts?").fill("Allt.")
    request = send_and_type(page, "result", "En lista.")

    request.continue_()
    expect(page.get_by_role("alert")).to_contain_text("Skriv vad det gav.")
    expect(page.get_by_text(OFFER)).to_have_count(1)
    page.get_by_role("button", name="Hämta tillbaka").click()
    page.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("Läget är sparat")).to_have_count(1)
    assert StatusReport.objects.get().result == "En lista."
    assert kept(page) == {}


def test_what_is_typed_while_a_sending_fails_is_the_forms_one_draft(lenient: Callable[..., Page], eva):
    page = lenient()
    log_in(page, eva, to="/att-gora/")
    page.get_by_role("link", name="Rapportera Möte").click()
    type_something(page, "Två möten.")
    request = send_and_type(page, "comment", "Tre möten.")

    request.abort()
    expect(page.get_by_role("alert")).to_contain_text("Det gick inte att spara just nu.")
    assert len(kept(page)) == 1
    page.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("Läget är sparat")).to_have_count(1)
    assert StatusReport.objects.get().comment == "Tre möten."
    assert kept(page) == {}


def end_sessions() -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def lenient(browser, live_server) -> Any:
    """A browser that may be refused."""
    contexts = []

    def open_one(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, locale="sv-SE", **options))
        return contexts[-1].new_page()

    yield open_one
    for each in contexts:
        each.close()


def test_what_was_sent_after_the_session_had_ended_is_offered_back(lenient: Callable[..., Page], eva):
    page = lenient()
    log_in(page, eva)
    type_something(page)
    end_sessions()

    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är inte inloggad längre")
    log_in(page, eva)
    if page.get_by_role("button", name="Hämta tillbaka").count():
        page.get_by_role("button", name="Hämta tillbaka").click()
    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_text("Läget är sparat")).to_be_visible()

    assert StatusReport.objects.get().comment == "Två möten är hållna."
    assert kept(page) == {}
