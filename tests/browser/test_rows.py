"""Att göra in a real browser: activities reported in their rows, one by one, and by two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from followup.models import FollowUp, Stage, StatusReport
from municipalities.models import User
from tests.builders import (
    PASSWORD,
    make_activity,
    make_challenge,
    make_coordinator,
    make_followup,
    make_municipality,
    make_plan,
    make_report,
    make_revision,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def followup(live_server) -> FollowUp:
    """A year with two activities of Enköping's; of one of them something was said last year."""
    enkoping = make_municipality("Enköping")
    plan = make_plan(slug="gemensam", partners=[enkoping])
    followup = make_followup(make_revision(plan, year=2016))
    challenge = make_challenge(followup.revision, title="Service")
    make_activity(challenge, key="mote", title="Möte", responsible=[enkoping])
    make_activity(challenge, key="massa", title="Mässa", responsible=[enkoping])
    before = make_followup(make_revision(plan, year=2015), stage=Stage.CLOSED)
    old = make_activity(make_challenge(before.revision), key="mote", responsible=[enkoping])
    make_report(before, old, status="delayed", comment="Förra årets ord.", reason="Valet.")
    return followup


@pytest.fixture
def eva(followup) -> User:
    return make_coordinator(followup.plan.partners.get(), name="Eva Ek")


def log_in(page: Page, person: User, to: str = "/att-gora/") -> None:
    page.goto(f"/konto/logga-in/?next={to}")
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Att göra")
    page.wait_for_load_state()  # until its scripts have run, a row's link leads to a page of its own


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))


def open_row(page: Page, title: str = "Möte") -> Locator:
    page.wait_for_load_state()
    found = row(page, title)
    found.get_by_role("link", name=f"Rapportera {title}").or_(
        found.get_by_role("link", name=f"Ändra {title}")
    ).click()
    expect(found.get_by_role("button", name="Spara läget")).to_be_visible()
    return found


def test_an_activity_is_reported_in_its_row_and_the_rest_of_the_page_stands(page, eva):
    log_in(page, eva)
    expect(page.get_by_text("Två aktiviteter kvar.")).to_be_visible()

    opened = open_row(page)
    expect(opened.get_by_role("heading", name="Möte")).to_be_focused()
    opened.get_by_label("Pågår").check()
    opened.get_by_label("Vad har gjorts?").fill("Två möten är hållna.")
    opened.get_by_role("button", name="Spara läget").click()

    saved = row(page, "Möte")
    expect(saved).to_contain_text("Två möten är hållna.")
    expect(saved.get_by_role("heading", name="Möte")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Läget är sparat: Möte – Pågår.")).to_have_count(1)
    expect(page.get_by_text("En aktivitet kvar.")).to_be_visible()
    expect(page.get_by_text("1 av 2 klara")).to_be_visible()
    assert page.url.endswith("/att-gora/")
    assert StatusReport.objects.get(followup__year=2016).comment == "Två möten är hållna."
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_is_wrong_is_told_in_the_row_and_what_was_saved_can_be_changed_and_taken_back(page, eva):
    log_in(page, eva)
    opened = open_row(page)
    opened.get_by_label("Genomförd").check()
    opened.get_by_label("Vad har gjorts?").fill("Allt.")
    opened.get_by_role("button", name="Spara läget").click()
    expect(opened.get_by_role("alert")).to_contain_text("Skriv vad det gav.")
    expect(opened.get_by_role("alert")).to_be_focused()
    opened.get_by_label("Vad gav det?").fill("En lista.")
    opened.get_by_role("button", name="Spara läget").click()
    expect(row(page, "Möte")).to_contain_text("En lista.")

    opened = open_row(page)
    opened.get_by_label("Ej påbörjad").check()
    opened.get_by_label("Vad har gjorts?").fill("Fel rad.")
    opened.get_by_role("button", name="Spara läget").click()
    row(page, "Möte").get_by_role("link", name="Som förut Möte").click()
    expect(opened.get_by_label("Vad gav det?")).to_have_value("En lista.")
    opened.get_by_role("button", name="Spara läget").click()
    expect(row(page, "Möte").get_by_role("link", name="Ändra Möte")).to_be_visible()

    said = StatusReport.objects.filter(followup__year=2016).order_by("number")
    assert [each.comment for each in said] == ["Allt.", "Fel rad.", "Allt."]


def test_a_field_is_shown_when_its_status_is_chosen_and_never_hides_what_it_holds(page, eva):
    log_in(page, eva)
    opened = open_row(page)
    result, reason = opened.get_by_label("Vad gav det?"), opened.get_by_label("Varför är den")

    expect(result).to_be_hidden()
    expect(reason).to_be_hidden()
    opened.get_by_role("radio", name="Försenad").check()
    expect(reason).to_be_visible()
    expect(opened.get_by_label("Vad gör ni åt det?")).to_be_visible()
    expect(result).to_be_hidden()
    reason.fill("Valet.")
    opened.get_by_label("Genomförd").check()
    expect(result).to_be_visible()
    expect(reason).to_be_visible()


def test_the_same_as_last_is_one_click_and_asks_for_this_years_comment(page, eva):
    log_in(page, eva)
    opened = open_row(page)
    expect(opened.get_by_role("complementary")).to_contain_text("Förra årets ord.")

    opened.get_by_role("link", name="Samma som sist").click()
    expect(opened.get_by_role("radio", name="Försenad")).to_be_checked()
    expect(opened.get_by_label("Varför är den")).to_have_value("Valet.")
    expect(opened.get_by_label("Vad har gjorts?")).to_have_value("")
    opened.get_by_role("button", name="Spara läget").click()
    expect(opened.get_by_role("alert")).to_contain_text("Skriv vad som har gjorts i år.")
    opened.get_by_label("Vad har gjorts?").fill("Lika i år.")
    opened.get_by_role("button", name="Spara läget").click()

    expect(row(page, "Möte")).to_contain_text("Lika i år.")
    assert StatusReport.objects.get(followup__year=2016).reason == "Valet."


def test_a_row_is_closed_without_saving_and_what_was_typed_is_offered_when_it_is_opened_again(page, eva):
    log_in(page, eva)
    opened = open_row(page)
    opened.get_by_label("Vad har gjorts?").fill("Halvvägs.")
    opened.get_by_role("link", name="Avbryt").click()
    expect(row(page, "Möte").get_by_role("link", name="Rapportera Möte")).to_be_visible()

    opened = open_row(page)
    opened.get_by_role("button", name="Hämta tillbaka").click()

    expect(opened.get_by_label("Vad har gjorts?")).to_have_value("Halvvägs.")
    assert not StatusReport.objects.filter(followup__year=2016).exists()


def test_two_open_rows_are_two_forms(page, eva):
    log_in(page, eva)
    first, second = open_row(page, "Möte"), open_row(page, "Mässa")

    first.get_by_label("Vad har gjorts?").fill("Om mötet.")
    second.get_by_label("Vad har gjorts?").fill("Om mässan.")
    second.get_by_label("Pågår").check()
    second.get_by_role("button", name="Spara läget").click()

    expect(row(page, "Mässa")).to_contain_text("Om mässan.")
    expect(first.get_by_label("Vad har gjorts?")).to_have_value("Om mötet.")
    expect(first.get_by_label("Pågår")).not_to_be_checked()


def test_a_double_click_saves_once(page, eva):
    log_in(page, eva)
    opened = open_row(page)
    opened.get_by_label("Pågår").check()

    opened.get_by_role("button", name="Spara läget").dblclick()

    expect(page.get_by_text("En aktivitet kvar.")).to_be_visible()
    assert StatusReport.objects.filter(followup__year=2016).count() == 1


def test_two_who_wrote_at_once_choose_field_by_field_and_nothing_is_lost(open_page, eva, followup):
    olle = make_coordinator(eva.memberships.get().organisation, name="Olle Ask")
    evas, olles = open_page(), open_page()
    for page, person in [(evas, eva), (olles, olle)]:
        log_in(page, person)
        open_row(page)
    row(olles, "Möte").get_by_label("Pågår").check()
    row(olles, "Möte").get_by_label("Vad har gjorts?").fill("Olles ord.")
    row(olles, "Möte").get_by_role("button", name="Spara läget").click()
    expect(row(olles, "Möte")).to_contain_text("Olles ord.")

    mine = row(evas, "Möte")
    mine.get_by_role("radio", name="Försenad").check()
    mine.get_by_label("Vad har gjorts?").fill("Evas ord.")
    mine.get_by_label("Varför är den").fill("Valet.")
    mine.get_by_role("button", name="Spara läget").click()
    expect(mine.get_by_role("alert")).to_contain_text("Olle Ask (Enköping) sparade ett läge")
    expect(mine.get_by_role("alert")).to_be_focused()
    mine.get_by_role("group", name="Hur går det?").get_by_label("Det jag skrev").check()
    mine.get_by_role("button", name="Spara sammanslaget").click()
    expect(mine.get_by_role("alert").last).to_contain_text("Välj vad som ska gälla.")
    mine.get_by_role("group", name="Vad har gjorts?").get_by_label("Båda texterna").check()
    mine.get_by_role("button", name="Spara sammanslaget").click()

    expect(row(evas, "Möte").get_by_role("link", name="Ändra Möte")).to_be_visible()
    first, second = StatusReport.objects.filter(followup__year=2016).order_by("number")
    assert (first.comment, first.author) == ("Olles ord.", olle)
    assert (second.status, second.reason, second.author) == ("delayed", "Valet.", eva)
    assert second.comment.split() == ["Olles", "ord.", "Evas", "ord."]
    assert evas.evaluate("Object.keys(localStorage)") == []


def test_one_who_keeps_what_is_saved_gives_up_their_own(page, eva, followup):
    log_in(page, eva)
    mine = open_row(page)
    make_report(followup, followup.activities().get(key="mote"), comment="Deras ord.")
    mine.get_by_label("Pågår").check()
    mine.get_by_label("Vad har gjorts?").fill("Mina ord.")
    mine.get_by_role("button", name="Spara läget").click()

    mine.get_by_role("link", name="Behåll det sparade").click()

    expect(row(page, "Möte").get_by_role("link", name="Ändra Möte")).to_be_visible()
    assert StatusReport.objects.filter(followup__year=2016).count() == 1
    assert page.evaluate("Object.keys(localStorage)") == []


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


def end_sessions() -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def log_in_again(page: Page, person: User) -> None:
    page.locator("main").get_by_role("link", name="Logga in").click()
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_session_that_ends_while_one_writes_takes_nothing_with_it(
    lenient: Callable[..., Page], eva, java_script_enabled
):
    page = lenient(java_script_enabled=java_script_enabled)
    log_in(page, eva)
    row(page, "Möte").get_by_role("link", name="Rapportera Möte").click()
    page.get_by_role("radio", name="Försenad").check()
    page.get_by_label("Vad har gjorts?").fill("Två möten är hållna.")
    page.get_by_label("Varför är den").fill("Valet.")
    end_sessions()
    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är inte inloggad längre")
    expect(page.get_by_text("Två möten är hållna.")).to_be_visible()

    log_in_again(page, eva)

    expect(page.get_by_text("Här är det du skrev innan du loggades ut.")).to_be_visible()
    expect(page.get_by_label("Vad har gjorts?")).to_have_value("Två möten är hållna.")
    expect(page.get_by_role("radio", name="Försenad")).to_be_checked()
    page.get_by_role("button", name="Spara läget").click()
    expect(page.get_by_text("Läget är sparat")).to_be_visible()
    report = StatusReport.objects.get(followup__year=2016)
    assert (report.comment, report.reason) == ("Två möten är hållna.", "Valet.")


def test_a_row_opened_after_the_session_ended_leads_to_log_in(lenient: Callable[..., Page], eva):
    page = lenient()
    log_in(page, eva)
    end_sessions()

    row(page, "Möte").get_by_role("link", name="Rapportera Möte").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_a_round_that_closes_while_one_writes_says_so(lenient: Callable[..., Page], eva, followup):
    page = lenient()
    log_in(page, eva)
    opened = open_row(page)
    opened.get_by_label("Pågår").check()
    followup.stage = Stage.CLOSED
    followup.save()

    opened.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("Uppföljningen är inte öppen för rapportering.")).to_be_visible()


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [("abort", "Ingen kontakt med portalen."), ("broken", "Det gick inte att spara just nu.")],
)
def test_a_server_that_cannot_be_reached_or_fails_leaves_the_text_in_the_row(
    lenient: Callable[..., Page], eva, failure, sentence
):
    page = lenient()
    log_in(page, eva)
    opened = open_row(page)
    opened.get_by_label("Pågår").check()
    opened.get_by_label("Vad har gjorts?").fill("Två möten är hållna.")
    answer = {
        "abort": lambda route: route.abort(),
        "broken": lambda route: route.fulfill(status=500, body="x"),
    }
    page.route("**/rapportera/**", answer[failure])

    opened.get_by_role("button", name="Spara läget").click()
    expect(opened.get_by_role("alert")).to_contain_text(sentence)
    expect(opened.get_by_label("Vad har gjorts?")).to_have_value("Två möten är hållna.")
    page.unroute("**/rapportera/**")
    opened.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("En aktivitet kvar.")).to_be_visible()
    assert StatusReport.objects.filter(followup__year=2016).count() == 1


def test_everything_works_without_javascript(open_page, eva):
    page = open_page(java_script_enabled=False)
    log_in(page, eva)

    row(page, "Möte").get_by_role("link", name="Rapportera Möte").click()
    for label in ("Vad gav det?", "Varför är den", "Vad gör ni åt det?"):
        expect(page.get_by_label(label)).to_be_visible()
    page.get_by_role("link", name="Samma som sist").click()
    page.get_by_label("Vad har gjorts?").fill("Lika i år.")
    page.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("Läget är sparat: Möte – Försenad.")).to_be_visible()
    assert StatusReport.objects.get(followup__year=2016).comment == "Lika i år."


def test_the_row_fits_a_narrow_window(open_page, eva, followup):
    page = open_page(viewport={"width": 320, "height": 640})
    log_in(page, eva)
    opened = open_row(page)
    make_report(followup, followup.activities().get(key="mote"), status="delayed", reason="Valet.")
    opened.get_by_label("Pågår").check()
    opened.get_by_role("button", name="Spara läget").click()
    expect(opened.get_by_role("button", name="Spara sammanslaget")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
