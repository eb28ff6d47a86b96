"""A document that isn't made yet, in a real browser: a page waits for it, and then it comes by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from publishing import renderings
from tests.builders import make_plan, make_revision
from tests.letters import work

pytestmark = pytest.mark.browser

ADDRESS = "/planer/plan/revideringar/2016.pdf"


def test_a_page_waits_for_a_document_and_then_shows_it(page: Page, live_server, queue, monkeypatch) -> None:
    make_revision(make_plan(slug="plan"), year=2016)
    monkeypatch.setattr(renderings, "document_pdf", lambda _manuscript: b"%PDF-1.7")

    page.goto(ADDRESS)
    expect(page.get_by_role("heading", level=1)).to_have_text("PDF:en görs")
    expect(page.get_by_role("link", name="Försök igen")).to_have_attribute("href", ADDRESS)
    with page.expect_response(is_the_document):
        work()


def is_the_document(answer: Response) -> bool:
    return answer.url.endswith(ADDRESS) and answer.headers["content-type"] == "application/pdf"
