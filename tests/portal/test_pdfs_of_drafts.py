"""Asking for the PDF of what isn't published: a page that waits, then the PDF, for those who may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplan.drafting import discard
from actionplan.models import Revision
from followup.models import FollowUp
from municipalities.models import Role
from publishing import renderings
from publishing.models import Rendering
from publishing.pdf import Manuscript, PdfError
from tests.builders import make_activity, make_challenge, make_draft, make_followup, make_revision, make_user
from tests.letters import work
from tests.safe import is_kept_nowhere, lacks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def made(monkeypatch) -> list[str]:
    """The HTML of what has been made into PDFs, of which each is just that."""
    found: list[str] = []

    def note_and_make(manuscript: Manuscript) -> bytes:
        found.append(manuscript.html)
        return b"%PDF-" + manuscript.html.encode()

    monkeypatch.setattr(renderings, "document_pdf", note_and_make)
    return found


@pytest.fixture(params=["revision", "followup"])
def document(request) -> Any:
    """A draft, or a year under way."""
    return make_draft() if request.param == "revision" else make_followup(make_revision())


def address_of(document: Any) -> str:
    name = "revision-pdf" if isinstance(document, Revision) else "followup-pdf"
    return reverse(name, args=[document.plan.slug, document.year])


def reader_of(document: Any) -> Client:
    client = Client()
    client.force_login(make_user(Role.READER, document.plan.owner))
    return client


def write_in(document: Any) -> None:
    """Changes what its PDF holds."""
    revision = document.revision if isinstance(document, FollowUp) else document
    make_activity(make_challenge(revision))


def poll(client: Client, address: str) -> Any:
    """As the page that waits asks."""
    return client.get(address, headers={"HX-Request": "true"})


def test_where_work_is_done_at_once_the_pdf_comes_at_once_and_is_made_when_it_changes(document, made):
    client, address = reader_of(document), address_of(document)

    first, again = client.get(address), client.get(address)
    write_in(document)
    changed = client.get(address)

    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert first.content == again.content != changed.content
    assert first["ETag"] == again["ETag"] != changed["ETag"]
    assert len(made) == 2


def test_who_has_it_already_is_sent_nothing_until_it_changes(document):
    client, address = reader_of(document), address_of(document)
    etag = client.get(address)["ETag"]

    same = client.get(address, headers={"If-None-Match": etag})
    write_in(document)
    changed = client.get(address, headers={"If-None-Match": etag})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    assert changed.status_code == 200


def test_until_the_worker_has_made_it_a_page_waits_for_it(document, queue, made):
    client, address = reader_of(document), address_of(document)

    page = client.get(address)
    waiting = poll(client, address)
    work()
    ready = poll(client, address)
    document_itself = client.get(address)

    assert (page.status_code, waiting.status_code) == (202, 202)
    text = page.content.decode()
    assert "PDF:en görs" in text
    assert f'<a href="{address}">Försök igen</a>' in text  # without JavaScript
    assert f'hx-get="{address}"' in waiting.content.decode()
    assert (ready.status_code, ready["HX-Redirect"], ready.content) == (200, address, b"")
    assert document_itself["Content-Type"] == "application/pdf"
    assert len(made) == 1


def test_the_page_that_waits_is_safe_and_kept_nowhere(document, queue):
    page = reader_of(document).get(address_of(document))

    assert lacks(page) == []
    assert is_kept_nowhere(page)


def test_nor_is_the_one_that_a_visitor_gets_kept(queue):
    """Of what is adopted and has no edition, which anyone may read."""
    page = Client().get(address_of(make_revision()))

    assert (page.status_code, page["Cache-Control"]) == (202, "no-store")


def test_when_it_cannot_be_made_the_page_that_waits_leads_to_the_reason(document, queue, monkeypatch):
    def refuse(manuscript: Manuscript) -> bytes:
        raise PdfError("Dokumentet är för stort för att bli en PDF.")

    monkeypatch.setattr(renderings, "document_pdf", refuse)
    client, address = reader_of(document), address_of(document)
    client.get(address)
    work()

    ended, reason = poll(client, address), client.get(address)

    assert ended["HX-Redirect"] == address
    assert reason.status_code == 503
    assert "Dokumentet är för stort för att bli en PDF." in reason.content.decode()
    assert not reason.has_header("ETag")


def test_nobody_else_gets_it_or_lets_it_be_made(document, queue):
    address = address_of(document)
    reader_of(document).get(address)
    work()
    outsider = reader_of(make_draft())
    write_in(document)

    answers = [each.get(address) for each in (Client(), outsider)] + [poll(outsider, address)]

    assert {each.status_code for each in answers} == {404}
    assert Rendering.objects.count() == 1


def test_only_a_document_is_told_in_the_journal(document, queue, caplog):
    client, address = reader_of(document), address_of(document)

    with caplog.at_level("INFO", "journal"):
        client.get(address)
        work()
        poll(client, address)
        assert told(caplog) == []
        client.get(address)

    assert told(caplog) == ["document.made"]


def told(caplog: Any) -> list[str]:
    return [each.message for each in caplog.records if each.name == "journal"]


def test_a_draft_that_is_thrown_away_takes_its_pdfs_with_it():
    draft = make_draft()
    other = make_draft()
    for each in (draft, other):
        reader_of(each).get(address_of(each))

    discard(draft, by=make_user())

    assert [each.document for each in Rendering.objects.all()] == [other.document]


def test_what_a_pdf_that_is_there_costs_is_not_more_the_more_there_are(document):
    client, address = reader_of(document), address_of(document)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(3):
        Rendering.objects.create(digest=str(number), document=document.document, pdf=b"%PDF")
    with CaptureQueriesContext(connection) as more:
        client.get(address)

    assert len(more) == len(few)
