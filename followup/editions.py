"""The year as it was published: a follow-up's content and PDF, kept for ever as one row."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from actionplan.editions import THE_PORTAL
from actionplan.models import Plan
from followup.checklist import checklist
from followup.documents import followup_pdf
from followup.models import FollowUp, Stage
from followup.models.stages import may_follow
from followup.notices import tell_published
from followup.queries import latest_numbers, standpoint_of_publisher
from followup.reports.desk import desk
from followup.reports.year import FollowUpReport, followup_report
from municipalities.history import remember
from municipalities.journal import note
from municipalities.models import User
from publishing.editions import NotPublished, digest, frozen, next_imprint, publish, thawed
from publishing.models import Publication
from publishing.pdf import PdfError

SCHEMA = 1
"""Which fields the content has. What has been published can never be read in another way than its own."""

logger = logging.getLogger(__name__)


def publish_year(
    followup: FollowUp,
    *,
    by: User | None,
    corrects: str = "",
    registry_number: str = "",
    seen: str | None = None,
) -> Publication:
    """Publishes the year as it is now, as its next edition; `corrects` says what was wrong in the one before.

    `registry_number` is the one that it is filed under; `seen` the `fingerprint` of what its publisher was
    asked about, None when nobody was asked.

    The PDF takes seconds and is made before the transaction, which then makes sure that nothing has changed
    meanwhile. `by` is None for the portal itself. Raises NotPublished, or publishing.pdf.PdfError, with a
    sentence for the one who tried; then nothing has been published and the year stands where it stood.
    """
    imprint = next_imprint(followup.document, corrects)
    content = content_of(followup)
    if seen is not None and seen != digest(content):
        raise NotPublished(_("Något har ändrats sedan du öppnade sidan. Läs igenom och publicera igen."))
    report = replace(thawed(FollowUpReport, content), registry_number=registry_number.strip())
    pdf = followup_pdf(report, imprint)
    with transaction.atomic():
        publication = publish(
            followup.document,
            frozen(report),
            after=imprint.edition - 1,
            schema=SCHEMA,
            pdf=pdf,
            by=by.name if by else THE_PORTAL,
            corrects=imprint.corrects,
            still_so=lambda: imprint.is_of_today and content == content_of(followup, locked=True),
        )
        close(followup, publication, by)
        tell_published(followup, publication)
    note("followup.published", plan=followup.plan.slug, year=followup.year, edition=publication.edition)
    return publication


def fingerprint(followup: FollowUp) -> str:
    """Tells whether what would be published is still the same; empty when nothing can be."""
    try:
        return digest(content_of(followup))
    except NotPublished:
        return ""


def registry_number_before(followup: FollowUp) -> str:
    """The one that its latest edition is filed under; empty when it has none."""
    if not followup.is_published:
        return ""
    return report_of(Publication.objects.of(followup.document).defer("pdf")[0]).registry_number


def close(followup: FollowUp, publication: Publication, by: User | None) -> None:
    """Lets the year stand as published, from the same moment as its edition, and says so in the log."""
    row = FollowUp.objects.get(pk=followup.pk)
    row.stage, row.published_at = Stage.PUBLISHED, publication.published_at
    remember(row, by).save()


def content_of(followup: FollowUp, *, locked: bool = False) -> str:
    """What the database says of the year, as JSON, as a visitor will read it once it has been published.

    `locked`: nobody may write in the year until the transaction is over. Raises NotPublished where its stage
    doesn't let it be published, or something must be mended first.
    """
    rows = FollowUp.objects.filter(pk=followup.pk).select_related("revision")
    found = (rows.select_for_update(of=("self",)) if locked else rows).get()
    if not may_follow(found.stage, Stage.PUBLISHED):
        raise NotPublished(
            _("Året är redan publicerat. Öppna det för rättelse först.")
            if found.stage == Stage.PUBLISHED
            else _("Stäng rapporteringen innan du publicerar.")
        )
    found.stage = Stage.PUBLISHED
    found.plan = Plan.objects.with_parties().get(pk=found.plan_id)
    standing = standpoint_of_publisher(found)
    if refusal := checklist(desk(standing, found)).refusal:
        raise NotPublished(refusal)
    with translation.override(settings.LANGUAGE_CODE):
        return frozen(followup_report(standing, found))


def publish_missing_examples() -> list[Publication]:
    """Publishes every example year that is ready and has no edition; takes one statement when there is none.

    One that can't be made is written in the log and doesn't stop the others.
    """
    published = []
    ready = FollowUp.objects.filter(is_example=True, stage=Stage.CLOSED, published_at=None)
    for followup in ready.select_related("plan"):
        try:
            published.append(publish_year(followup, by=None))
        except (NotPublished, PdfError):
            logger.exception("%s was not published.", followup.document)
    return published


def report_of(publication: Publication) -> FollowUpReport:
    """The year as the edition has it, from that alone."""
    return thawed(FollowUpReport, publication.content)


def newer_values(report: FollowUpReport) -> frozenset[str]:
    """What has a newer value that is public, as "nki-2016" for a target and "nki-2016/enkoping" within it."""
    shown = defaultdict(list)
    for _challenge, goal in report.goals:
        for target in goal.targets:
            for row in target.municipalities:
                shown[target.indicator, row.key, target.year].append((target.key, row.number))
    return frozenset(
        name
        for subject, number in latest_numbers(shown).items()
        for target, seen in shown[subject]
        if number > seen
        for name in (target, f"{target}/{subject[1]}")
    )
