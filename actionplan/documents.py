"""A revision as a document on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from actionplan.reports import RevisionReport
from publishing.pdf import document_pdf


def revision_pdf(report: RevisionReport) -> bytes:
    """The revision as PDF. Raises publishing.pdf.PdfError with a sentence when it can't be made."""
    with translation.override(settings.LANGUAGE_CODE):
        return document_pdf("actionplan/revision_pdf.html", revision_context(report))


def revision_context(report: RevisionReport) -> dict[str, Any]:
    """The revision, and what the frame of documents asks of it."""
    plan = report.plan
    title = f"{plan.kind} {report.year}"
    foot = [title, plan.title] if report.is_draft else [title, plan.title, _("Fastställd")]
    return {
        "report": report,
        "title": title,
        "plan_name": plan.title,
        "kind": f"{_('Styrdokument')} {plan.period}",
        "partners": plan.partner_names if len(plan.partners) > 1 else plan.owner,
        "foot": " · ".join(foot),
        "is_draft": report.is_draft,
        "created": report.decided_on,
        "author": plan.owner,
    }


def revision_file_name(report: RevisionReport) -> str:
    """Readable and lasting, without å, ä, ö or spaces: "plan-4m-2016.pdf"."""
    return f"plan-{report.plan.slug}-{report.year}.pdf"
