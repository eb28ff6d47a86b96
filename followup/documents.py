"""A year's follow-up as a document on paper."""

from __future__ import annotations

from publishing.pdf import document_pdf

from followup.reports.year import FollowUpReport


def followup_pdf(report: FollowUpReport) -> bytes:
    """The follow-up as PDF. Raises publishing.pdf.PdfError with a sentence when it can't be made."""
    return document_pdf("followup/followup_pdf.html", {"report": report})


def followup_file_name(report: FollowUpReport) -> str:
    return f"uppfoljning-{report.plan.slug}-{report.year}.pdf"
