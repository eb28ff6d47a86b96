"""The real plans, published: what everyone reads is the edition, whatever is renamed afterwards."""

from __future__ import annotations

import pytest

from actionplan.editions import publish_missing_revisions, publish_revision, report_of
from actionplan.models import Revision
from actionplan.reports import RevisionReport, revision_report
from publishing.editions import frozen, thawed
from tests.documents import in_a_line, pages_of

REVISIONS = {"4m": 2016, "botkyrka": 2018}


def revision_of(plan: str) -> Revision:
    return Revision.objects.get_by_natural_key(plan, REVISIONS[plan])


@pytest.mark.usefixtures("plans")
class TestTheRealPlans:
    @pytest.mark.parametrize("plan", REVISIONS)
    def test_what_is_frozen_comes_back_as_it_was(self, plan):
        report = revision_report(revision_of(plan))

        assert thawed(RevisionReport, frozen(report)) == report

    @pytest.mark.parametrize("plan", REVISIONS)
    def test_it_is_published_with_its_content_and_its_pdf(self, plan):
        publication = publish_revision(revision_of(plan), by="Eva Ek")

        assert (publication.document, publication.edition) == (f"{plan}/revidering/{REVISIONS[plan]}", 1)
        assert (publication.schema, publication.published_by) == (1, "Eva Ek")
        assert report_of(publication) == revision_report(revision_of(plan))
        assert "Utgåva 1, 20" in in_a_line(pages_of(bytes(publication.pdf))[0])

    def test_all_that_are_adopted_are_published_once(self):
        first = publish_missing_revisions()

        assert {each.document for each in first} == {"4m/revidering/2016", "botkyrka/revidering/2018"}
        assert {each.published_by for each in first} == {"Portalen"}
        assert publish_missing_revisions() == []
