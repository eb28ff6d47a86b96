"""The plan as it was published: an adopted revision's content and PDF, kept for ever as one row."""

from __future__ import annotations

import logging
from dataclasses import replace
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from actionplan.changes import Comparison
from actionplan.comparing import compare
from actionplan.correcting import bring_in
from actionplan.documents import revision_pdf
from actionplan.drafting import NotDrafted, locked
from actionplan.models import Plan, Revision, State
from actionplan.reports import RevisionReport, revision_report, what_is_between
from actionplan.versions import Version
from municipalities.history import remember
from municipalities.journal import note
from municipalities.models import User
from publishing.editions import NotPublished, digest, frozen, next_imprint, publish, thawed
from publishing.languages import in_the_portals_language
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


def adopt(draft: Revision, *, seen: str, by: User) -> Publication:
    """Makes the draft the plan as decided for its year, and publishes it; a correction as the next edition.

    `seen` is the fingerprint of the `proposal` that the editor was shown. The PDF is made before the
    transaction, in which all of it happens or nothing: the draft is adopted, or brought into what it
    corrects, and there is an edition of it. Raises NotPublished, or publishing.pdf.PdfError, with a sentence
    for who tried.
    """
    imprint = next_imprint(draft.document, draft.correction if has_edition(draft) else "")
    content = content_of(draft, expecting=State.DRAFT)
    if seen != digest(content):
        raise NotPublished(_("Något har ändrats sedan du öppnade sidan. Läs igenom och fastställ igen."))
    pdf = revision_pdf(thawed(RevisionReport, content), imprint)
    try:
        with transaction.atomic():
            publication = publish(
                draft.document,
                content,
                after=imprint.edition - 1,
                schema=SCHEMA,
                pdf=pdf,
                by=by.name,
                corrects=imprint.corrects,
                still_so=lambda: (
                    imprint.is_of_today and content == content_of(draft, expecting=State.DRAFT, locked=True)
                ),
            )
            let_stand(locked(draft), by)
    except NotDrafted as refusal:
        raise NotPublished(str(refusal)) from refusal
    about = {"plan": draft.plan.slug, "year": draft.year}
    note("revision.adopted", **about)
    note("revision.published", **about, edition=publication.edition)
    return publication


def let_stand(draft: Revision, by: User) -> None:
    """The draft is what was decided from now on."""
    if draft.is_correction:
        bring_in(draft, by=by)
        return
    draft.state = State.ADOPTED
    remember(draft, by, "Fastställd").save()


def has_edition(revision: Revision) -> bool:
    return Publication.objects.of(revision.document).exists()


def proposal(draft: Revision) -> tuple[str, RevisionReport | None]:
    """The fingerprint of what would be adopted, and that; neither when it has just been, or discarded."""
    try:
        content = content_of(draft, expecting=State.DRAFT)
    except NotPublished:
        return "", None
    return digest(content), thawed(RevisionReport, content)


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


def content_of(revision: Revision, *, expecting: str = State.ADOPTED, locked: bool = False) -> str:
    """What the database says of the revision, as JSON in the portal's own language, whoever publishes it.

    A draft is told as it will be when it has been adopted. `locked`: nobody may change its state until the
    transaction is over. Raises NotPublished when its state isn't the one expected.
    """
    revisions = Revision.objects.filter(pk=revision.pk, state=expecting)
    found = (revisions.select_for_update() if locked else revisions).first()
    if found is None:
        raise NotPublished(
            _("Bara en fastställd revidering kan publiceras.")
            if expecting == State.ADOPTED
            else _("Arbetsmaterialet har redan fastställts eller kastats.")
        )
    found.state = State.ADOPTED
    found.plan = Plan.objects.with_parties().get(pk=found.plan_id)
    return frozen(whole_report(found))


@in_the_portals_language
def whole_report(revision: Revision) -> RevisionReport:
    """The revision as the database has it, with what has changed since the one before, when there is one."""
    report, before = revision_report(revision), report_before(revision)
    return replace(report, changes=compare(before, report)) if before else report


def report_before(revision: Revision) -> RevisionReport | None:
    """The plan as adopted for an earlier year, the last of them: as it was published, else as it is."""
    earlier = [
        each for each in revision.plan.revisions.all() if each.is_adopted and each.year < revision.year
    ]
    if not earlier:
        return None
    before = max(earlier, key=attrgetter("year"))
    edition = Publication.objects.of(before.document).defer("pdf").first()
    return report_of(edition) if edition else revision_report(before)


def compare_versions(before: Version, after: Version) -> Comparison:
    """What has changed between two versions of a plan, which may be years apart.

    What the later one notes is about the year before it; of the same year it says what it corrects.
    """
    comparison = compare(
        report_of_version(before),
        report_of_version(after),
        before_label=before.name,
        after_label=after.name,
        between=what_is_between(before.revision, after.revision),
    )
    is_of_the_same_year = before.revision.year == after.revision.year
    return replace(comparison, note=after.corrects) if is_of_the_same_year else comparison


def report_of_version(version: Version) -> RevisionReport:
    """What was published, where something was; else the revision as it is."""
    return report_of(version.edition) if version.edition else revision_report(version.revision)


def report_of(publication: Publication) -> RevisionReport:
    """The revision as the edition has it, from that alone."""
    return thawed(RevisionReport, publication.content)
