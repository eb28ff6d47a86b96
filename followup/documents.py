"""A year's follow-up as a document on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from followup.reports.year import FollowUpReport
from followup.sentences import followup_sentence
from publishing.formats import long_date
from publishing.pdf import document_pdf


def followup_pdf(report: FollowUpReport) -> bytes:
    """The follow-up as PDF. Raises publishing.pdf.PdfError with a sentence when it can't be made."""
    with translation.override(settings.LANGUAGE_CODE):
        return document_pdf("followup/followup_pdf.html", followup_context(report))


def followup_context(report: FollowUpReport) -> dict[str, Any]:
    """The follow-up, the sentence it opens with, and what the frame of documents asks of it."""
    plan = report.plan
    title = _("Uppföljning %(year)d") % {"year": report.year}
    foot = [title, plan.title]
    if report.is_published:
        foot.append(report.stage_label)
    if report.is_example:
        foot.append(_("Exempelinnehåll"))
    return {
        "report": report,
        "says": followup_sentence(report),
        "title": title,
        "plan_name": plan.title,
        "kind": f"{plan.kind} {plan.period}",
        "partners": plan.partner_names if len(plan.partners) > 1 else plan.owner,
        "facts": [
            (_("Läge"), report.stage_label),
            (_("Följer upp"), f"{plan.kind} {report.revision_year}"),
            (_("Rapporteras senast"), long_date(report.due) if report.due else ""),
            (_("Ägare"), plan.owner),
        ],
        "foot": " · ".join(foot),
        "is_draft": not report.is_published,
        "author": plan.owner,
    }


def followup_file_name(report: FollowUpReport) -> str:
    return f"uppfoljning-{report.plan.slug}-{report.year}.pdf"
