"""An adopted revision is published as it was, once and for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from actionplan import editions
from actionplan.editions import publish_missing_revisions, publish_revision, report_of
from actionplan.models import Activity, Revision, State
from municipalities.models import Organisation
from publishing.editions import NotPublished
from publishing.models import Publication
from publishing.pdf import PdfError
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_draft,
    make_goal,
    make_municipality,
    make_revision,
    make_target,
    make_term,
)
from tests.documents import in_a_line, pages_of

PUBLISHERS = 4


@pytest.fixture
def quick(monkeypatch) -> None:
    """A PDF that takes no time, for tests that are about something else."""
    monkeypatch.setattr(editions, "revision_pdf", lambda report, imprint: b"%PDF-1.7")


def make_full_revision(activities: int = 1) -> Revision:
    """An adopted revision with a row of each kind."""
    revision = make_revision()
    revision.plan.partners.add(partner := make_municipality())
    challenge = make_challenge(revision, area=make_area(revision), followup_owner=partner)
    make_target(make_goal(challenge), nearly="70.5")
    for _each in range(activities):
        make_activity(challenge, responsible=[partner], first_year=2015)
    make_term(revision)
    return revision


@pytest.mark.django_db
def test_the_content_is_in_the_portals_language_whoever_publishes_it(quick):
    revision = make_full_revision()

    with translation.override("en"):
        publication = publish_revision(revision, by="Eva Ek")

    assert '"state_label": "Fastställd"' in publication.content
    assert '"over_label": "Medeltal för kommunerna"' in publication.content
    assert '"period": "från 2015"' in publication.content


@pytest.mark.django_db
def test_a_draft_is_never_published(quick):
    draft = make_draft()

    with pytest.raises(NotPublished, match="Bara en fastställd revidering"):
        publish_revision(draft, by="Eva Ek")

    assert publish_missing_revisions() == []
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_what_the_database_says_is_published_and_not_what_someone_has_in_hand(quick):
    revision = make_revision(note="Ny ordning.")
    revision.note, revision.plan.title = "Något annat", "Något annat"

    report = report_of(publish_revision(revision, by="Eva Ek"))

    assert report.note == "Ny ordning."
    assert report.plan.title != "Något annat"


@pytest.mark.django_db
def test_a_correction_is_a_new_edition_that_tells_what_it_corrects():
    revision = make_full_revision()
    publish_revision(revision, by="Eva Ek")
    Activity.objects.update(title="Rättad")

    second = publish_revision(revision, by="Eva Ek", corrects="Aktivitetens namn.\nInget annat.")

    assert (second.edition, second.corrects) == (2, "Aktivitetens namn.\nInget annat.")
    assert [each.title for each in report_of(second).activities] == ["Rättad"]
    pages = [in_a_line(page) for page in pages_of(bytes(second.pdf))]
    assert "Utgåva 2, 20" in pages[0]
    assert "Rättat i den här utgåvan Aktivitetens namn. Inget annat." in pages[0]
    assert all("Fastställd · Utgåva 2" in page for page in pages[1:])


@pytest.mark.django_db
def test_a_correction_needs_something_to_correct_and_a_reason(quick):
    revision = make_revision()

    with pytest.raises(NotPublished, match="ingen utgåva att rätta"):
        publish_revision(revision, by="Eva Ek", corrects="Ett namn.")
    publish_revision(revision, by="Eva Ek")
    with pytest.raises(NotPublished, match="Skriv vad som rättats"):
        publish_revision(revision, by="Eva Ek", corrects=" \n")

    assert [each.edition for each in Publication.objects.all()] == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("meanwhile", ["renamed", "reopened"])
def test_nothing_is_published_when_something_changes_while_the_pdf_is_made(monkeypatch, meanwhile):
    revision = make_full_revision()

    def slowly(report, imprint) -> bytes:
        if meanwhile == "renamed":
            Organisation.objects.update(short_name="Ny")
        else:
            Revision.objects.update(state=State.DRAFT)
        return b"%PDF-1.7"

    monkeypatch.setattr(editions, "revision_pdf", slowly)
    sentence = "Något ändrades" if meanwhile == "renamed" else "Bara en fastställd"
    with pytest.raises(NotPublished, match=sentence):
        publish_revision(revision, by="Eva Ek")

    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_publishing_takes_as_many_statements_for_300_activities_as_for_three(quick):
    taken = []
    for activities in (3, 300):
        revision = make_full_revision(activities)
        with CaptureQueriesContext(
            connection,
        ) as statements:
            publish_revision(revision, by="Eva Ek")
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 30


@pytest.mark.django_db
def test_nothing_missing_takes_one_statement(quick, django_assert_num_queries):
    make_full_revision()
    make_draft()
    assert len(publish_missing_revisions()) == 1

    with django_assert_num_queries(1):
        publish_missing_revisions()


@pytest.mark.django_db
def test_a_revision_that_cannot_be_made_does_not_stop_the_others(monkeypatch, caplog):
    impossible, possible = make_revision(), make_revision()

    def sometimes(report, imprint) -> bytes:
        if report.plan.slug == impossible.plan.slug:
            raise PdfError("Dokumentet är för stort för att bli en PDF.")
        return b"%PDF-1.7"

    monkeypatch.setattr(editions, "revision_pdf", sometimes)

    assert [each.document for each in publish_missing_revisions()] == [possible.document]
    assert impossible.document in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_of_many_who_publish_at_once_one_does_and_the_others_are_told(monkeypatch):
    revision = make_full_revision()
    together = Barrier(PUBLISHERS, timeout=20)

    def once_all_have_begun(report, imprint) -> bytes:
        together.wait()
        return b"%PDF-1.7"

    monkeypatch.setattr(editions, "revision_pdf", once_all_have_begun)

    def publish_one(number: int) -> str:
        try:
            publish_revision(revision, by=f"Person {number}")
        except NotPublished as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(PUBLISHERS) as threads:
        refusals = sorted(threads.map(publish_one, range(PUBLISHERS)))

    assert refusals.count("") == Publication.objects.count() == 1
    assert all(refusal.startswith("Någon har redan publicerat") for refusal in refusals[1:])
