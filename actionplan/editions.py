"""The plan as it was published: an adopted revision's content and PDF, kept for ever as one row."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from actionplan.documents import revision_pdf
from actionplan.models import Plan, Revision
from actionplan.reports import RevisionReport, revision_report
from municipalities.journal import note
from publishing.editions import NotPublished, frozen, next_imprint, publish, thawed
from publishing.models import Publication
from publishing.pdf import PdfError

SCHEMA = 1
"""Which fields the content has. What has been published can never be read in another way than its own."""

THE_PORTAL = "Portalen"
"""Who publishes what was adopted before it could be published, or without anybody's publishing it."""

logger = logging.getLogger(__name__)


def publish_revision(revision: Revision, by: str, corrects: str = "") -> Publication:
    """Publishes the adopted revision as it is now; `corrects` says why, when there is an edition already.

    The PDF takes a second or more and is made before the transaction, which then makes sure that nothing
    changed meanwhile. Raises NotPublished, or publishing.pdf.PdfError, with a sentence for the one who tried.
    """
    imprint = next_imprint(revision.document, corrects)
    content = content_of(revision)
    pdf = revision_pdf(thawed(RevisionReport, content), imprint)
    publication = publish(
        revision.document,
        content,
        after=imprint.edition - 1,
        schema=SCHEMA,
        pdf=pdf,
        by=by,
        corrects=imprint.corrects,
        still_so=lambda: imprint.is_of_today and content == content_of(revision, locked=True),
    )
    note("revision.published", plan=revision.plan.slug, year=revision.year, edition=publication.edition)
    return publication


def publish_missing_revisions() -> list[Publication]:
    """Publishes every adopted revision that has no edition; takes one statement when there is none.

    One that can't be made is written in the log and doesn't stop the others.
    """
    published = []
    for revision in Revision.objects.adopted().without_edition().select_related("plan"):
        try:
            published.append(publish_revision(revision, by=THE_PORTAL))
        except (NotPublished, PdfError):
            logger.exception("%s was not published.", revision.document)
    return published


def content_of(revision: Revision, *, locked: bool = False) -> str:
    """What the database says of the revision, as JSON in the portal's own language, whoever publishes it.

    `locked`: nobody may take back its adoption until the transaction is over. Raises NotPublished when it
    isn't adopted.
    """
    revisions = Revision.objects.adopted().filter(pk=revision.pk)
    found = (revisions.select_for_update() if locked else revisions).first()
    if found is None:
        raise NotPublished(_("Bara en fastställd revidering kan publiceras."))
    found.plan = Plan.objects.with_parties().get(pk=found.plan_id)
    with translation.override(settings.LANGUAGE_CODE):
        return frozen(revision_report(found))


def report_of(publication: Publication) -> RevisionReport:
    """The revision as the edition has it, from that alone."""
    return thawed(RevisionReport, publication.content)
