"""A file on its way in, in a real browser: the template fetched, filled in, looked at and answered yes to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from followup.models import Outcome
from municipalities.models import Role, User
from tests.builders import (
    PASSWORD,
    make_challenge,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_revision,
    make_target,
    make_user,
)

pytestmark = pytest.mark.browser

INDICATOR = "/planer/gemensam/indikatorer/nki/"


@pytest.fixture
def editor(live_server, settings) -> User:
    """Of a plan that measures NKI in two municipalities, one of which has a value."""
    settings.REQUIRE_MFA = False
    partners = [make_municipality("Enköping"), make_municipality("Västerås")]
    revision = make_revision(make_plan(slug="gemensam", partners=partners), year=2016)
    nki = make_indicator(slug="nki", name="NKI")
    make_target(make_goal(make_challenge(revision)), indicator=nki, year=2016)
    make_followup(revision, year=2016)
    make_outcome(nki, partners[0], year=2016, value=60)
    return make_user(Role.EDITOR, revision.plan.owner)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_outcomes_go_out_as_a_workbook_and_come_in_filled_in(open_page, editor, tmp_path: Path, javascript):
    page: Page = open_page(java_script_enabled=javascript)
    page.goto(f"/konto/logga-in/?next={INDICATOR}")
    page.get_by_label("E-post").fill(editor.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()

    page.get_by_role("link", name="Läs in utfall från en fil").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta mallen som Excel").click()
    file = tmp_path / fetched.value.suggested_filename
    fetched.value.save_as(file)
    book = load_workbook(file)
    book.worksheets[0]["C3"] = 71.25
    book.save(file)
    page.get_by_label("Fil", exact=True).set_input_files(file)
    page.get_by_role("button", name="Visa vad som skulle hända").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ska filen läsas in?")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Västerås 2016"])
    assert Outcome.objects.count() == 1

    page.get_by_role("button", name="Ja, läs in filen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen är inläst")
    page.get_by_role("link", name="Visa det som lästes in").click()
    expect(page.get_by_role("rowheader", name="Västerås")).to_be_visible()
    assert Outcome.objects.get(municipality__short_name="Västerås").value == Decimal("71.25")
