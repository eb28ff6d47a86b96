"""What has changed since the revision before: in the edition, on its page and as an appendix to its PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from actionplan.documents import revision_pdf
from actionplan.editions import adopt, content_of, proposal, publish_revision, report_of
from actionplan.models import Activity, Plan, Revision
from actionplan.reports import RevisionReport
from municipalities.models import Organisation, Role
from publishing.editions import thawed
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_chapter,
    make_draft,
    make_ending,
    make_goal,
    make_plan,
    make_publication,
    make_revision,
    make_target,
    make_term,
    make_user,
)
from tests.documents import in_a_line, pages_of
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db

LONG_TEXT = "Ett snabbspår för nyanlända. " * 30


@pytest.fixture
def plan() -> Plan:
    return make_plan(slug="4m", title="Näringsliv & arbete")


@pytest.fixture
def first(plan) -> Revision:
    """The plan for 2016, published."""
    revision = make_revision(plan, year=2016)
    challenge = make_challenge(revision, key="service", title="Kommunal service")
    make_activity(challenge, key="moten", title="Möten")
    make_activity(challenge, key="dusys", title="Vidga DUsys", description="Till hela 4M.")
    publish(revision)
    return revision


def revise(plan: Plan, year: int = 2017, **fields: Any) -> Revision:
    """The next revision: one activity has ended, one is reworded, one is new."""
    values = {"note": "Integration är med nu.", "based_on": plan.revisions.first()} | fields
    after = make_revision(plan, year=year, **values)
    challenge = make_challenge(after, key="service", title="Kommunal service")
    make_activity(challenge, key="dusys", title="Vidga DUsys", description="Till halva 4M.")
    make_activity(challenge, key="snabbspar", title="Snabbspår", description=LONG_TEXT, first_year=2017)
    make_ending(after, key="moten", title="Möten", reason="Ingen kom.")
    return after


def publish(revision: Revision, **fields: Any) -> Publication:
    """The revision's next edition, with a PDF that is nobody's."""
    return make_publication(revision.document, content=content_of(revision), **fields)


def appendix(page: Element) -> Element:
    return page.one("section", id="andringar")


class TestWhatIsFrozen:
    def test_the_first_revision_has_changed_nothing(self, first):
        assert report_of(Publication.objects.get()).changes is None

    def test_a_later_one_keeps_what_has_changed_since_the_one_before(self, plan, first):
        changes = report_of(publish(revise(plan))).changes

        assert changes is not None
        assert (changes.before_label, changes.after_label) == ("planen för 2016", "planen för 2017")
        assert changes.says == "1 aktivitet har kommit till, 1 har ändrats och 1 har avslutats."
        assert [each.key for each in changes.changes] == ["moten", "dusys", "snabbspar"]

    def test_it_is_compared_with_what_was_published_and_not_with_what_has_become_of_it(self, plan, first):
        after = revise(plan)
        Activity.objects.filter(revision=first).update(title="Omdöpt")
        Organisation.objects.update(name="Omdöpt")

        content = content_of(after)

        titles = [each.title for each in thawed(RevisionReport, content).challenges[0].activities]
        changes = thawed(RevisionReport, content).changes
        assert changes is not None
        assert titles == ["Vidga DUsys", "Snabbspår"]
        assert [each.title for each in changes.changes if each.kind == "activity"] == [
            "Möten",
            "Vidga DUsys",
            "Snabbspår",
        ]

    def test_it_is_compared_with_the_latest_edition_of_the_one_before(self, plan, first):
        Activity.objects.filter(revision=first, key="dusys").update(description="Till halva 4M.")
        publish(first)

        changes = report_of(publish(revise(plan))).changes

        assert changes is not None
        assert "dusys" not in [each.key for each in changes.changes]

    def test_one_before_that_has_no_edition_is_read_as_it_is(self, plan):
        make_activity(make_challenge(make_revision(plan, year=2016), key="service"), key="moten")

        changes = thawed(RevisionReport, content_of(revise(plan))).changes

        assert changes is not None
        assert "moten" in [each.key for each in changes.changes]

    def test_drafts_and_other_plans_are_nothing_to_compare_with(self, plan):
        make_draft(plan, year=2016)
        make_revision(year=2016)

        assert thawed(RevisionReport, content_of(make_revision(plan, year=2017))).changes is None

    def test_a_correction_tells_what_has_changed_since_the_year_before_and_not_since_the_edition(
        self, plan, first
    ):
        after = revise(plan)
        publish(after)
        Activity.objects.filter(revision=after, key="snabbspar").update(title="Snabbspåret")

        changes = report_of(publish(after)).changes

        assert changes is not None
        assert changes.before_label == "planen för 2016"
        assert changes.says == "1 aktivitet har kommit till, 1 har ändrats och 1 har avslutats."

    def test_a_draft_that_is_adopted_tells_what_its_editor_was_shown(self, plan, first, monkeypatch):
        monkeypatch.setattr("actionplan.editions.revision_pdf", lambda report, imprint: b"%PDF-1.7")
        draft = make_draft(plan, year=2017)
        make_challenge(draft, key="service", title="Kommunal service")
        editor = make_user(Role.EDITOR, plan.owner)

        publication = adopt(draft, seen=proposal(draft)[0], by=editor)

        changes = report_of(publication).changes
        assert changes is not None
        assert changes.after_label == "planen för 2017"
        assert changes.says == "2 aktiviteter har tagits bort."

    def test_nothing_that_is_renamed_afterwards_changes_what_was_published(
        self, client, plan, first, monkeypatch
    ):
        publish(revise(plan))
        before = client.get("/planer/4m/revideringar/2017/").content
        monkeypatch.setattr("actionplan.comparing.LABELS", {})
        Activity.objects.update(title="Omdöpt")
        Plan.objects.update(activity_word="Omdöpt", challenge_word="Omdöpt")

        assert client.get("/planer/4m/revideringar/2017/").content == before


class TestThePage:
    def test_it_is_told_folded_with_the_revisions_own_words(self, client, plan, first):
        publish(revise(plan))

        answer = client.get("/planer/4m/revideringar/2017/")
        section = appendix(main_of(answer))

        assert section.one("h2").text == "Ändrat sedan planen för 2016"
        assert "1 aktivitet har kommit till" in section.text
        assert "Integration är med nu." in section.text
        folded = section.all("details")[0]
        assert "Avslutad · aktivitet Möten Skäl: Ingen kom." in folded.text
        assert [each.text for each in folded.one("ul", class_="changes").all("ins")] == ["Tillagt: halva"]
        assert faults(read(answer)) == []

    def test_the_first_one_tells_nothing_of_it(self, client, first):
        assert not main_of(client.get("/planer/4m/revideringar/2016/")).all("section", id="andringar")

    def test_a_draft_tells_those_who_take_part(self, client, plan, first):
        draft = make_draft(plan, year=2017)
        make_challenge(draft, key="service", title="Kommunal service och bemötande")
        client.force_login(make_user(Role.READER, plan.owner))

        section = appendix(main_of(client.get("/planer/4m/revideringar/2017/")))

        assert "2 aktiviteter är inte med. 1 utmaning skiljer sig också." in section.text

    def test_nothing_that_differs_is_said_and_nothing_folded(self, client, plan, first):
        after = make_revision(plan, year=2017)
        challenge = make_challenge(after, key="service", title="Kommunal service")
        make_activity(challenge, key="moten", title="Möten")
        make_activity(challenge, key="dusys", title="Vidga DUsys", description="Till hela 4M.")

        section = appendix(main_of(client.get("/planer/4m/revideringar/2017/")))

        assert "Inget skiljer sig." in section.text
        assert not section.all("details")


def with_its_appendix(pdf: bytes) -> tuple[list[str], list[str]]:
    """The document's pages, and those of what has changed, which come last."""
    pages = pages_of(pdf)
    first = next(number for number, page in enumerate(pages) if page.startswith("Vad som ändrats sedan"))
    return pages[:first], pages[first:]


class TestThePdf:
    @pytest.fixture
    def pdf(self, plan, first) -> bytes:
        after = revise(plan)
        area = make_area(after, title="Näringsliv")
        make_chapter(after, title="Nytt avsnitt", text="Kort text.", area=area)
        make_target(make_goal(after.challenge_rows.get(), text="Nöjda företag"), value="75.5")
        make_term(after, term="NLE", explanation="Näringslivsenhet")
        return bytes(publish_revision(after, by="Eva Ek").pdf)

    def test_it_stands_last_as_an_appendix(self, pdf):
        _document, appendix = with_its_appendix(pdf)
        text = in_a_line(*appendix)

        assert text.startswith("Vad som ändrats sedan planen för 2016 1 aktivitet har kommit till")
        assert "Integration är med nu." in text
        assert "Avslutad · aktivitet Möten Skäl: Ingen kom." in text
        assert "Beskrivning Till hela halva 4M." in text
        assert "Tillagt · målvärde" in text
        assert "Tillagt · ord NLE Förklaring Näringslivsenhet" in text

    def test_its_contents_lead_there(self, pdf):
        contents = [
            str(each["/Title"]) for each in PdfReader(BytesIO(pdf)).outline if not isinstance(each, list)
        ]
        under_the_title = [
            str(each["/Title"])
            for inner in PdfReader(BytesIO(pdf)).outline
            if isinstance(inner, list)
            for each in inner
            if not isinstance(each, list)
        ]

        assert "Vad som ändrats sedan planen för 2016" in [*contents, *under_the_title]

    def test_a_long_text_that_is_new_stands_in_the_document_alone(self, pdf):
        document, appendix = with_its_appendix(pdf)

        assert "Ett snabbspår för nyanlända." in in_a_line(*document)
        assert "Ett snabbspår för nyanlända." not in in_a_line(*appendix)
        assert "Snabbspår" in in_a_line(*appendix)

    def test_the_first_one_has_none(self, first):
        report = report_of(Publication.objects.get())

        assert "Vad som ändrats" not in in_a_line(*pages_of(revision_pdf(report)))

    def test_it_is_made_of_what_was_frozen_alone(self, plan, first):
        report = report_of(publish(revise(plan)))
        Activity.objects.update(title="Omdöpt")

        _document, appendix = with_its_appendix(revision_pdf(report))

        assert "Omdöpt" not in in_a_line(*appendix)
        assert "Vidga DUsys" in in_a_line(*appendix)
