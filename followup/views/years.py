"""Pages of a year's follow-up."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplan.crumbs import crumbs_to
from followup import documents, loaders
from followup.reports.year import followup_report
from followup.sentences import followup_sentence
from municipalities.journal import note_document
from publishing.responses import pdf_response


@require_safe
def followup(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """A year's follow-up."""
    report = followup_report(*loaders.load_followup(request, plan, year))
    context = {
        "report": report,
        "says": followup_sentence(report),
        "crumbs": crumbs_to(report.plan),
    }
    return render(request, "followup/followup.html", context)


@require_safe
def followup_pdf(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The same as a PDF."""
    report = followup_report(*loaders.load_followup(request, plan, year))
    note_document(request)
    return pdf_response(
        request, partial(documents.followup_pdf, report), documents.followup_file_name(report)
    )
