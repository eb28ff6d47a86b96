"""The real plans, published: what everyone reads is the edition, whatever is renamed afterwards."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from actionplan.documents import revision_pdf
from actionplan.editions import publish_missing_revisions, publish_revision, report_of
from actionplan.models import Activity, Challenge, DocumentType, Plan, Revision, State
from actionplan.reports import RevisionReport, revision_report
from municipalities.models import Organisation
from publishing.editions import Imprint, frozen, thawed
from tests.builders import make_publication
from tests.documents import in_a_line, pages_of
from tests.sources import plain, sentences_of

REVISIONS = {"4m": 2016, "botkyrka": 2018}
PUBLISHED_BEFORE = Path(__file__).parents[1] / "data" / "revision-schema-1"
"""Editions as they were frozen in November 2026, to be read for ever: none of these files may ever change."""

pytestmark = pytest.mark.usefixtures("plans")


def revision_of(plan: str) -> Revision:
    return Revision.objects.get_by_natural_key(plan, REVISIONS[plan])


def address_of(plan: str) -> str:
    return f"/planer/{plan}/revideringar/{REVISIONS[plan]}"


@pytest.mark.parametrize("plan", REVISIONS)
def test_what_is_frozen_comes_back_as_it_was(plan):
    report = revision_report(revision_of(plan))

    assert thawed(RevisionReport, frozen(report)) == report


@pytest.mark.parametrize("plan", REVISIONS)
def test_it_is_published_with_its_content_and_its_pdf(plan):
    publication = publish_revision(revision_of(plan), by="Eva Ek")

    assert (publication.document, publication.edition) == (f"{plan}/revidering/{REVISIONS[plan]}", 1)
    assert (publication.schema, publication.published_by) == (1, "Eva Ek")
    assert report_of(publication) == revision_report(revision_of(plan))
    assert "Utgåva 1, 20" in in_a_line(pages_of(bytes(publication.pdf))[0])


def test_all_that_are_adopted_are_published_once():
    first = publish_missing_revisions()

    assert {each.document for each in first} == {"4m/revidering/2016", "botkyrka/revidering/2018"}
    assert {each.published_by for each in first} == {"Portalen"}
    assert publish_missing_revisions() == []


@pytest.mark.parametrize("plan", REVISIONS)
def test_the_published_page_has_every_sentence_of_the_document(client, plan):
    publish_revision(revision_of(plan), by="Eva Ek")

    page = plain(client.get(f"{address_of(plan)}/").content.decode().replace("<br>", " "))

    assert [sentence for sentence in sentences_of(plan) if sentence not in page] == []


def rename_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """New names in every row that a plan shows, and new words in code for every label."""
    Organisation.objects.update(name="Nynamn", short_name="Nynamn")
    Plan.objects.update(
        title="Nynamn",
        document_name="Nynamn",
        document_type=DocumentType.POLICY,
        owner=Organisation.objects.get(key="vasteras"),
        challenge_word="Nynamn",
        challenge_word_plural="Nynamn",
        activity_word="Nynamn",
        activity_word_plural="Nynamn",
        applies_to="Nynamn",
        first_year=1999,
    )
    Challenge.objects.update(title="Nynamn", purpose="Nynamn", followup_owner=None)
    Activity.objects.update(title="Nynamn", responsible_text="Nynamn", first_year=1999)
    rename(monkeypatch, Revision._meta.get_field("state"), State.ADOPTED)
    for kind in DocumentType:
        rename(monkeypatch, Plan._meta.get_field("document_type"), kind)
    for module in ("facts", "reports"):
        monkeypatch.setattr(f"actionplan.{module}.period", lambda first, last: "Nynamn")
        monkeypatch.setattr(f"actionplan.{module}.joined", lambda words: "Nynamn")


def rename(monkeypatch: pytest.MonkeyPatch, field: Any, member: Enum) -> None:
    """Another label in code for one of a field's choices."""
    monkeypatch.setattr(member, "_label_", "Nynamn")
    labels = [(value, "Nynamn" if value == member else label) for value, label in field.choices]
    monkeypatch.setattr(field, "choices", labels)


def ask(client: Any, plan: str) -> list[bytes]:
    """All that everyone reads of the plan's first edition: its pages, its PDF and its data."""
    rests = ["/", ".pdf", "/utgava/1/", "/utgava/1.pdf", "/utgava/1.json"]
    answers = [client.get(address_of(plan) + rest) for rest in rests]
    assert [each.status_code for each in answers] == [200] * len(answers)
    return [each.content for each in answers]


@pytest.mark.parametrize("plan", REVISIONS)
def test_nothing_that_is_renamed_afterwards_changes_the_page_or_a_byte_of_the_pdf(client, monkeypatch, plan):
    publish_revision(revision_of(plan), by="Eva Ek")
    before = ask(client, plan)

    rename_everything(monkeypatch)

    assert ask(client, plan) == before
    live = revision_report(revision_of(plan))
    for renamed in [live.state_label, live.plan.owner, live.plan.period, live.plan.document_type_label]:
        assert "Nynamn" in renamed  # so what is renamed would have shown


@pytest.mark.parametrize("plan", REVISIONS)
def test_the_same_pdf_can_be_made_of_the_content_alone(monkeypatch, plan):
    publication = publish_revision(revision_of(plan), by="Eva Ek")
    rename_everything(monkeypatch)

    again = revision_pdf(report_of(publication), Imprint(1, timezone.localdate(publication.published_at)))

    assert again == bytes(publication.pdf)


@pytest.mark.parametrize("plan", REVISIONS)
class TestWhatWasPublishedBefore:
    """A field that has no default, or another meaning, is found here before it ruins what is published."""

    def test_its_page_shows_all_of_it_for_ever(self, client, plan):
        make_publication(revision_of(plan).document, content=(PUBLISHED_BEFORE / f"{plan}.json").read_text())

        page = plain(client.get(f"{address_of(plan)}/").content.decode().replace("<br>", " "))

        assert [sentence for sentence in sentences_of(plan) if sentence not in page] == []

    def test_it_becomes_a_pdf_for_ever(self, plan):
        report = thawed(RevisionReport, (PUBLISHED_BEFORE / f"{plan}.json").read_text())

        pages = pages_of(revision_pdf(report))

        assert report.plan.title in in_a_line(pages[0])
        assert all(challenge.title in in_a_line(" ".join(pages)) for challenge in report.challenges)
