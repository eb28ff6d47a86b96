"""Pages of what was decided, and of its editions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actionplan import documents, loaders
from actionplan.crumbs import crumbs_to, crumbs_to_version
from actionplan.editions import report_of, whole_report
from actionplan.loaders import RevisionFound
from actionplan.reports import RevisionReport
from actionplan.versions import value_of
from municipalities.journal import note_document
from publishing.models import Publication
from publishing.parts import Window, parts_on_page
from publishing.reading import Editions, editions
from publishing.responses import rendered_pdf, stored_content, stored_pdf


@require_safe
def revision(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The plan as decided for a year: as it was published last, else as it is now."""
    found = loaders.load_revision(request, plan, year)
    if found.editions:
        return edition_page(request, found, found.editions[0])
    return page(request, found, whole_report(found.revision))


@require_safe
def revision_pdf(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The same as a PDF."""
    found = loaders.load_revision(request, plan, year)
    name = documents.revision_file_name(plan, year)
    if found.editions:
        return note_document(request, stored_pdf(request, found.editions[0], name))
    manuscript = documents.revision_manuscript(whole_report(found.revision))
    answer = rendered_pdf(request, manuscript, found.revision.document, f"{name}.pdf")
    return note_document(request, answer)


@require_safe
def revision_edition(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The plan as an edition has it, for ever."""
    return edition_page(request, *loaders.load_revision_edition(plan, year, edition))


@require_safe
def edition_pdf(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The edition's PDF, as it was published."""
    _found, publication = loaders.load_revision_edition(plan, year, edition)
    name = documents.revision_file_name(plan, year)
    return note_document(request, stored_pdf(request, publication, name))


@require_safe
def edition_content(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The edition's content as data, as it was published."""
    _found, publication = loaders.load_revision_edition(plan, year, edition)
    return stored_content(request, publication, documents.revision_file_name(plan, year))


# What the pages share


def edition_page(request: HttpRequest, found: RevisionFound, publication: Publication) -> HttpResponse:
    """The document as the edition has it."""
    return page(request, found, report_of(publication), editions_of(found, publication))


def page(
    request: HttpRequest, found: RevisionFound, report: RevisionReport, shown: Editions | None = None
) -> HttpResponse:
    """The document whole; `shown` when it is an edition of it."""
    window = Window(request)
    changes = report.changes
    context = {
        "report": report,
        "parts": parts_on_page(request, report.challenges),
        "shows_changes": bool(changes and request.GET.get("del") == "andringar"),
        "change_groups": changes.groups_in(window) if changes else (),
        "window": window,
        "change_pages": window.pages("del=andringar&"),
        "editions": shown,
        "years": found.years,
        "compare": address_to_compare(found, shown),
        "crumbs": crumbs_to_version(request, found.revision) if report.is_draft else crumbs_to(report.plan),
    }
    return render(request, "actionplan/revision.html", context)


def address_to_compare(found: RevisionFound, shown: Editions | None) -> str:
    """Where what is shown is compared with what came before it; empty while there is nothing else."""
    years = {*found.years, found.revision.year}
    if len(years) == 1 and len(found.editions) < 2:
        return ""
    version = value_of(found.revision, shown.shown.number if shown and not shown.is_latest else None)
    return f"{reverse('compare-revisions', args=[found.revision.plan.slug])}?till={version}"


def editions_of(found: RevisionFound, shown: Publication) -> Editions:
    about = (found.revision.plan.slug, found.revision.year)
    file_name = documents.revision_file_name(*about)
    return editions(found.editions, shown, name="revision", about=about, file_name=file_name)
