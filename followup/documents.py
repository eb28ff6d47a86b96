"""A year's follow-up as a document on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from followup.reports.year import FollowUpReport
from publishing.editions import Imprint
from publishing.formats import long_date
from publishing.pdf import document_pdf


def followup_pdf(report: FollowUpReport, imprint: Imprint | None = None) -> bytes:
    """The follow-up as PDF; with `imprint` as the edition that it tells of.

    Raises publishing.pdf.PdfError with a sentence when it can't be made.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return document_pdf("followup/followup_pdf.html", followup_context(report, imprint))


def followup_context(report: FollowUpReport, imprint: Imprint | None = None) -> dict[str, Any]:
    """The follow-up, and what the frame of documents asks of it."""
    plan = report.plan
    title = _("Uppföljning %(year)d") % {"year": report.year}
    foot = [title, plan.title]
    if report.is_published:
        foot.append(report.stage_label)
    if imprint:
        foot.append(_("Utgåva %(number)d") % {"number": imprint.edition})
    if report.is_example:
        foot.append(_("Exempelinnehåll"))
    return {
        "report": report,
        "imprint": imprint,
        "title": title,
        "plan_name": plan.title,
        "kind": f"{plan.kind} {plan.period}",
        "partners": plan.partner_names if len(plan.partners) > 1 else plan.owner,
        "facts": facts(report, imprint),
        "foot": " · ".join(foot),
        "is_draft": not report.is_published,
        "created": imprint.published_on if imprint else None,
        "author": plan.owner,
    }


def facts(report: FollowUpReport, imprint: Imprint | None) -> list[tuple[str, str]]:
    """What the cover says at its foot; what is empty is left out."""
    plan = report.plan
    return [
        (_("Läge"), report.stage_label),
        (_("Utgåva"), str(imprint.edition) if imprint else ""),
        (_("Publicerad"), long_date(imprint.published_on) if imprint else ""),
        (_("Följer upp"), f"{plan.kind} {report.revision_year}"),
        (_("Rapporteras senast"), long_date(report.due) if report.due and not report.is_published else ""),
        (_("Ägare"), plan.owner),
    ]


def followup_file_name(slug: str, year: int) -> str:
    """Readable and lasting, and without its ending: "uppfoljning-4m-2016"."""
    return f"uppfoljning-{slug}-{year}"
