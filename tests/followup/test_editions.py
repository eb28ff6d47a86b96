"""A year that is published stays as it was, whole or not at all, and is corrected by new editions."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionplan.models import Challenge, Goal
from followup import counts
from followup.editions import content_of, publish_year, report_of
from followup.models import FollowUp, Stage, Status
from followup.reports.year import FollowUpReport
from municipalities.models import Municipality
from publishing.editions import NotPublished, frozen, thawed
from publishing.models import Publication
from publishing.pdf import PdfError
from tests.builders import (
    make_activity,
    make_assessment,
    make_challenge,
    make_coordinator,
    make_edition,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_report,
    make_revision,
    make_target,
    make_user,
)
from tests.documents import in_a_line, pages_of

pytestmark = pytest.mark.django_db

ADDRESS = "/planer/4m/uppfoljning/2016/"


@pytest.fixture
def enkoping() -> Municipality:
    return make_municipality("Enköping", key="enkoping")


@pytest.fixture
def year(enkoping) -> FollowUp:
    """A year that is ready to be published: one activity reported, one not, and a goal with a typed value."""
    revision = make_revision(make_plan(slug="4m", title="Näringsliv", partners=[enkoping]), year=2016)
    challenge = make_challenge(revision, key="service", title="Service", followup_owner=enkoping)
    nki = make_indicator(slug="nki", name="NKI")
    make_target(make_goal(challenge, key="nojda"), indicator=nki, year=2016, key="nki-2016", value=60)
    followup = make_followup(revision, stage=Stage.CLOSED)
    reporter = make_coordinator(enkoping, name="Rut Rapportör")
    make_outcome(nki, enkoping, year=2016, value="61.5", author=reporter)
    activity = make_activity(challenge, key="mote", title="Möte", responsible=[enkoping])
    said = {"status": Status.DELAYED, "reason": "Sjukdom.", "action": "Hålls i maj."}
    make_report(followup, activity, organisation=enkoping, author=reporter, **said)
    make_activity(challenge, key="utbildning", title="Utbildning")
    return followup


@pytest.fixture
def editor():
    return make_user(name="Eva Ek")


def state_of(followup: FollowUp) -> tuple[str, bool, int]:
    """Its stage, whether it counts as published, and how many editions there are."""
    followup = FollowUp.objects.get(pk=followup.pk)
    return followup.stage, followup.is_published, Publication.objects.count()


def reopen(followup: FollowUp) -> None:
    FollowUp.objects.filter(pk=followup.pk).update(stage=Stage.CLOSED)


class TestPublishing:
    def test_it_makes_an_edition_and_closes_the_year_at_the_same_moment(self, year, editor):
        publication = publish_year(year, by=editor)

        year.refresh_from_db()
        assert (publication.document, publication.edition) == ("4m/uppfoljning/2016", 1)
        assert publication.published_by == "Eva Ek"
        assert (year.stage, year.published_at) == (Stage.PUBLISHED, publication.published_at)
        assert year.history.first().history_user == editor

    def test_its_pdf_tells_which_edition_it_is_and_when(self, year, editor):
        cover = in_a_line(pages_of(bytes(publish_year(year, by=editor).pdf))[0])

        assert "Utgåva 1" in cover
        assert f"Publicerad {timezone.localdate().day} " in cover
        assert "Arbetsmaterial" not in cover

    def test_what_is_frozen_is_what_a_visitor_will_read(self, year, editor):
        report = report_of(publish_year(year, by=editor))

        [(_challenge, goal)] = report.goals
        assert goal.verdict_label == "Uppnått"
        assert report.is_published
        assert "Rut Rapportör" not in Publication.objects.get().content

    def test_the_journal_tells_of_it(self, year, editor, caplog):
        with caplog.at_level("INFO", logger="journal"):
            publish_year(year, by=editor)

        [line] = [each for each in caplog.records if each.message == "followup.published"]
        assert (line.plan, line.year, line.edition) == ("4m", 2016, 1)

    @pytest.mark.parametrize(
        ("stage", "sentence"),
        [
            (Stage.PLANNED, "Stäng rapporteringen innan du publicerar."),
            (Stage.OPEN, "Stäng rapporteringen innan du publicerar."),
            (Stage.PUBLISHED, "Året är redan publicerat. Öppna det för rättelse först."),
        ],
    )
    def test_only_a_year_that_is_closed_is_published(self, year, editor, stage, sentence):
        FollowUp.objects.update(stage=stage)

        with pytest.raises(NotPublished, match=sentence):
            publish_year(year, by=editor)

        assert state_of(year) == (stage, False, 0)

    def test_nothing_is_left_when_the_pdf_can_not_be_made(self, year, editor, monkeypatch):
        monkeypatch.setattr("publishing.pdf.LARGEST_PDF", 10)

        with pytest.raises(PdfError):
            publish_year(year, by=editor)

        assert state_of(year) == (Stage.CLOSED, False, 0)

    def test_nothing_is_left_when_something_changed_while_the_pdf_was_made(self, year, editor, monkeypatch):
        meanwhile(monkeypatch, lambda: Municipality.objects.update(short_name="Ekköping"))

        with pytest.raises(NotPublished, match="Något ändrades"):
            publish_year(year, by=editor)

        assert state_of(year) == (Stage.CLOSED, False, 0)

    def test_nothing_is_left_when_the_year_was_opened_while_the_pdf_was_made(self, year, editor, monkeypatch):
        meanwhile(monkeypatch, lambda: FollowUp.objects.update(stage=Stage.OPEN))

        with pytest.raises(NotPublished, match="Stäng rapporteringen"):
            publish_year(year, by=editor)

        assert state_of(year) == (Stage.OPEN, False, 0)

    def test_of_two_who_publish_at_once_one_does(self, year, editor, monkeypatch):
        other = make_user(name="Olle Ohlsson")
        meanwhile(monkeypatch, lambda: publish_year(year, by=other))

        with pytest.raises(NotPublished):
            publish_year(year, by=editor)

        assert state_of(year) == (Stage.PUBLISHED, True, 1)
        assert Publication.objects.get().published_by == "Olle Ohlsson"

    def test_nothing_is_left_when_the_year_can_not_be_closed(self, year, editor, monkeypatch):
        def fail(*args: Any, **kwargs: Any) -> None:
            raise ImproperlyConfigured

        monkeypatch.setattr(FollowUp, "save", fail)

        with pytest.raises(ImproperlyConfigured):
            publish_year(year, by=editor)

        assert state_of(year) == (Stage.CLOSED, False, 0)

    def test_its_statements_do_not_grow_with_activities(self, year, editor):
        few = statements_to_publish(year, editor)
        reopen(year)
        service = Challenge.objects.get()
        for _each in range(25):
            make_report(year, make_activity(service, responsible=[year.plan.owner]))

        many = statements_to_publish(year, editor, corrects="Fler aktiviteter.")

        assert few == many


def statements_to_publish(year: FollowUp, editor, **asked: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        publish_year(year, by=editor, **asked)
    return len(captured)


def meanwhile(monkeypatch, deed) -> None:
    """Does `deed` once, when the PDF of an edition has been made."""
    from followup import editions

    make = editions.followup_pdf
    done: list[bool] = []

    def made(*args: Any) -> bytes:
        pdf = make(*args)
        if not done:
            done.append(True)
            deed()
        return pdf

    monkeypatch.setattr(editions, "followup_pdf", made)


class TestCorrections:
    def test_a_correction_is_the_next_edition_and_says_on_its_cover_what_it_corrects(self, year, editor):
        publish_year(year, by=editor)
        reopen(year)

        second = publish_year(
            year, by=editor, corrects="Enköpings värde var fel.", registry_number="KS 2017/118"
        )

        cover = in_a_line(pages_of(bytes(second.pdf))[0])
        assert "Diarienummer KS 2017/118" in cover
        assert second.edition == 2
        assert "Utgåva 2" in cover
        assert "Rättat i den här utgåvan: Enköpings värde var fel." in cover

    def test_a_correction_tells_what_it_corrects(self, year, editor):
        make_edition(year)
        reopen(year)

        with pytest.raises(NotPublished, match="Skriv vad som rättats"):
            publish_year(year, by=editor, corrects="  ")

        assert state_of(year) == (Stage.CLOSED, True, 1)

    def test_a_first_edition_corrects_nothing(self, year, editor):
        with pytest.raises(NotPublished, match="ingen utgåva att rätta"):
            publish_year(year, by=editor, corrects="Något.")


class TestByValue:
    def test_it_comes_back_from_json_as_it_was(self, year):
        make_assessment(year, Goal.objects.get(), verdict="not_met", reason="Vi ser annat.")
        report = thawed(FollowUpReport, content_of(year))

        assert thawed(FollowUpReport, frozen(report)) == report
        assert frozen(report) == content_of(year)

    def test_renaming_changes_neither_the_page_nor_a_byte_of_the_pdf(
        self, client, year, enkoping, editor, monkeypatch
    ):
        publish_year(year, by=editor)
        page, pdf = client.get(ADDRESS).content, client.get(f"{ADDRESS[:-1]}.pdf").content

        enkoping.name = enkoping.short_name = "Ekköping"
        enkoping.save()
        editor.name = "Eva Berg"
        editor.save()
        for row in [*year.activities(), Challenge.objects.get()]:
            type(row).objects.filter(pk=row.pk).update(title="Något annat")
        for label in (Status.DELAYED, Stage.PUBLISHED):
            monkeypatch.setattr(label, "_label_", "Nytt namn")
        monkeypatch.setitem(counts.LABELS, Status.DELAYED.value, "Nytt namn")
        monkeypatch.setitem(counts.LABELS, counts.NO_REPORT, "Nytt namn")

        assert str(Status.DELAYED.label) == "Nytt namn"
        assert client.get(ADDRESS).content == page
        assert client.get(f"{ADDRESS[:-1]}.pdf").content == pdf
        assert "Försenad" in page.decode()
