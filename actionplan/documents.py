"""A revision as a document on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from actionplan.reports import RevisionReport
from publishing.editions import Imprint
from publishing.pdf import document_pdf


def revision_pdf(report: RevisionReport, imprint: Imprint | None = None) -> bytes:
    """The revision as PDF; with `imprint` as the edition that it tells of.

    Raises publishing.pdf.PdfError with a sentence when it can't be made.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return document_pdf("actionplan/revision_pdf.html", revision_context(report, imprint))


def revision_context(report: RevisionReport, imprint: Imprint | None = None) -> dict[str, Any]:
    """The revision, and what the frame of documents asks of it."""
    plan = report.plan
    title = f"{plan.kind} {report.year}"
    foot = [title, plan.title]
    if not report.is_draft:
        foot.append(report.state_label)
    if imprint:
        foot.append(_("Utgåva %(number)d") % {"number": imprint.edition})
    return {
        "report": report,
        "imprint": imprint,
        "title": title,
        "plan_name": plan.title,
        "kind": f"{_('Styrdokument')} {plan.period}",
        "partners": plan.partner_names if len(plan.partners) > 1 else plan.owner,
        "foot": " · ".join(foot),
        "is_draft": report.is_draft,
        "created": report.decided_on,
        "changed": imprint.published_on if imprint else None,
        "author": plan.owner,
    }


def revision_file_name(slug: str, year: int) -> str:
    """Readable and lasting, without å, ä, ö or spaces, and without its ending: "plan-4m-2016"."""
    return f"plan-{slug}-{year}"
