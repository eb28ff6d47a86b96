"""Pages of what was decided."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplan import documents, loaders
from actionplan.crumbs import crumbs_to
from actionplan.reports import revision_report
from municipalities.journal import note_document
from publishing.responses import pdf_response


@require_safe
def revision(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The plan as decided for a year."""
    found = loaders.load_revision(request, plan, year)
    context = {
        "report": revision_report(found),
        "years": sorted(each.year for each in found.plan.revisions.all() if each.is_adopted),
        "crumbs": crumbs_to(found.plan),
    }
    return render(request, "actionplan/revision.html", context)


@require_safe
def revision_pdf(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The same as a PDF."""
    report = revision_report(loaders.load_revision(request, plan, year))
    note_document(request)
    return pdf_response(
        request,
        partial(documents.revision_pdf, report),
        documents.revision_file_name(report.plan.slug, report.year),
    )
