"""A revision as a document on paper."""

from __future__ import annotations

from publishing.pdf import document_pdf

from actionplan.reports import RevisionReport


def revision_pdf(report: RevisionReport) -> bytes:
    """The revision as PDF. Raises publishing.pdf.PdfError with a sentence when it can't be made."""
    return document_pdf("actionplan/revision_pdf.html", {"report": report})


def revision_file_name(report: RevisionReport) -> str:
    """Readable and lasting, without å, ä, ö or spaces: "handlingsplan-4m-2016.pdf"."""
    return f"plan-{report.plan.slug}-{report.year}.pdf"
