"""A plan's workbook in a real browser: fetched, changed, sent back, waited for, looked at and imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from actionplan.models import Activity
from municipalities.models import Role
from tests.browser.test_drafts import log_in
from tests.builders import make_activity, make_challenge, make_draft, make_plan, make_user
from tests.letters import work

pytestmark = pytest.mark.browser


def test_a_workbook_is_fetched_changed_and_imported(page: Page, live_server, queue, tmp_path: Path) -> None:
    draft = make_draft(make_plan(slug="plan"), year=2016)
    make_activity(make_challenge(draft, key="u"), key="a", title="En aktivitet")
    log_in(page, make_user(Role.EDITOR, draft.plan.owner), "/planer/plan/utkast/")
    page.get_by_role("link", name="Läs in eller hämta som Excel").click()

    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta arbetsmaterialet").click()
    file = tmp_path / fetched.value.suggested_filename
    fetched.value.save_as(file)
    book = load_workbook(file)
    [title] = [each for each in book["Aktiviteter"][1] if each.value == "Aktivitet"]
    book["Aktiviteter"].cell(2, title.column).value = "Ett annat namn"
    book.save(file)

    page.get_by_label("Fil", exact=True).set_input_files(file)
    page.get_by_role("button", name="Visa vad som skulle hända").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen läses igenom")
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ska filen läsas in?")
    expect(page.get_by_role("deletion")).to_have_text("Före: En aktivitet")
    expect(page.get_by_role("insertion")).to_have_text("Efter: Ett annat namn")
    assert Activity.objects.get().title == "En aktivitet"

    page.get_by_role("button", name="Ja, läs in filen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen läses in")
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen är inläst")
    page.get_by_role("link", name="Visa det som lästes in").click()
    expect(page).to_have_url(re.compile(r"/planer/plan/utkast/$"))
    assert Activity.objects.get().title == "Ett annat namn"
