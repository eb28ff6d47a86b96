"""Pages of a year's follow-up: as it stands to those who take part, and as it was published to everyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplan.crumbs import crumbs_to, crumbs_to_plans
from followup import documents, loaders
from followup.editions import newer_values, report_of
from followup.loaders import YearFound
from followup.models import Stage
from followup.queries import standpoint, standpoint_of_publisher
from followup.reports.figures import figures_csv
from followup.reports.year import FollowUpReport, followup_report
from municipalities.access import may
from municipalities.journal import note_document
from publishing.languages import in_the_portals_language
from publishing.models import Publication
from publishing.parts import parts_on_page
from publishing.reading import Editions, edition_file_name, editions
from publishing.responses import csv_response, rendered_pdf, stored_content, stored_pdf


@require_safe
def followup(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """A year's follow-up: its latest edition, or what is under way to those who take part."""
    found = loaders.load_year(request, plan, year)
    if found.shows_edition:
        return edition_page(request, found, found.editions[0])
    published = editions_of(found, found.editions[0]) if found.editions else None
    return page(request, found, live_report(request, found), published=published)


@require_safe
def followup_pdf(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The same as a PDF."""
    found = loaders.load_year(request, plan, year)
    name = documents.followup_file_name(plan, year)
    if found.shows_edition:
        return note_document(request, stored_pdf(request, found.editions[0], name))
    manuscript = documents.followup_manuscript(live_report(request, found))
    answer = rendered_pdf(request, manuscript, found.followup.document, f"{name}.pdf")
    return note_document(request, answer)


@require_safe
def followup_edition(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The year as an edition has it, for ever."""
    return edition_page(request, *loaders.load_year_edition(request, plan, year, edition))


@require_safe
def edition_pdf(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The edition's PDF, as it was published."""
    _found, publication = loaders.load_year_edition(request, plan, year, edition)
    name = documents.followup_file_name(plan, year)
    return note_document(request, stored_pdf(request, publication, name))


@require_safe
def edition_content(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The edition's content as data, as it was published."""
    _found, publication = loaders.load_year_edition(request, plan, year, edition)
    return stored_content(request, publication, documents.followup_file_name(plan, year))


@require_safe
def edition_figures(request: HttpRequest, plan: str, year: int, edition: int) -> HttpResponse:
    """The values that the edition's goals are judged on, as a table, from its content alone."""
    _found, publication = loaders.load_year_edition(request, plan, year, edition)
    name = edition_file_name(documents.followup_file_name(plan, year), edition)
    return csv_response(figures_csv(report_of(publication)), f"{name}.csv")


# What the pages share


@in_the_portals_language
def live_report(request: HttpRequest, found: YearFound) -> FollowUpReport:
    """The year as it is under way; once it is closed, as it will be published."""
    followup = found.followup
    is_closed = followup.stage == Stage.CLOSED
    standing = standpoint_of_publisher(followup) if is_closed else standpoint(followup.plan, request.user)
    return followup_report(standing, followup)


def edition_page(request: HttpRequest, found: YearFound, publication: Publication) -> HttpResponse:
    """The year as the edition has it, and what has become newer since."""
    report = report_of(publication)
    shown = editions_of(found, publication)
    return page(
        request,
        found,
        report,
        editions=shown,
        published_by=publication.published_by,
        newer=newer_values(report) if shown.is_latest else frozenset(),
    )


def page(request: HttpRequest, found: YearFound, report: FollowUpReport, **context: Any) -> HttpResponse:
    """The year whole; with `editions` when it is one of them, `published` when there are some beside it."""
    may_read_plan = may(request, "actionplan.read_plan", found.followup.plan)  # not while all is corrected
    context |= {
        "report": report,
        "parts": parts_on_page(request, report.challenges),
        "leads": may(request, "followup.lead", found.followup),
        "crumbs": crumbs_to(report.plan) if may_read_plan else crumbs_to_plans(),
    }
    return render(request, "followup/followup.html", context)


def editions_of(found: YearFound, shown: Publication) -> Editions:
    about = (found.followup.plan.slug, found.followup.year)
    file_name = documents.followup_file_name(*about)
    return editions(found.editions, shown, name="followup", about=about, file_name=file_name)
