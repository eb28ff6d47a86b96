"""Pages of a plan in force and how it goes: each loads what the reader may have, and shows it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actionplan.crumbs import crumbs_to, crumbs_to_plans
from actionplan.facts import plan_facts
from actionplan.loaders import load_plan
from actionplan.reports import activity_row, goal_rows, term_rows
from exchange.responses import xlsx_response
from followup import data, loaders
from followup.forms import ActivityFilter
from followup.queries import Standpoint, standpoint
from followup.reports import figures
from followup.reports.comparison import comparison_of
from followup.reports.documents import plan_documents
from followup.reports.findings import years_finding
from followup.reports.glance import plan_glance
from followup.reports.goals import evidence_for, goal_standing
from followup.reports.indicator import indicator_report
from followup.reports.listing import activity_list, grouped
from followup.reports.reviews import review_at
from followup.reports.rounds import cycle_of, year_lines
from followup.reports.sentences import plan_sentence
from followup.reports.story import activity_story
from followup.reports.years import counts_by_year
from municipalities.access import may
from publishing.responses import csv_response

ROWS_A_PAGE = 200
"""Of the list of activities: a page of them stays below 150 kB."""


@require_safe
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan in force and how it stands."""
    standing = loaders.load_standpoint_with_documents(request, plan)
    glance = plan_glance(standing)
    years = counts_by_year(standing)
    documents = plan_documents(standing)
    draft = next((each for each in standing.plan.revisions.all() if not each.is_adopted), None)
    context = {
        "standing": standing,
        "facts": plan_facts(standing.plan),
        "documents": documents,
        "is_published": any(each.edition for each in documents),
        "glance": glance,
        "says": plan_sentence(standing.plan, glance),
        "years": years,
        "years_finding": years_finding(years),
        "cycle": cycle_of(standing),
        "year_lines": year_lines(standing),
        "may_read_changes": may(request, "followup.read_changes", standing.plan),
        "may_begin": may(request, "followup.begin", standing.plan) and standing.revision.is_adopted,
        "may_edit": may(request, "actionplan.edit_draft", standing.plan),
        "draft": draft if draft and may(request, "actionplan.read_revision", draft) else None,
        "crumbs": crumbs_to_plans(),
    }
    return render(request, "followup/plan.html", context)


@require_safe
def plan_data(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan in force with the outcomes that are public, the same to everyone."""
    public = standpoint(load_plan(request, plan), AnonymousUser())
    return JsonResponse(data.plan_data(public), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def challenge(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """A challenge: why, how, towards what, and its activities."""
    standing, found = loaders.load_challenge(request, plan, key)
    goals = goal_rows(standing.revision)[found.pk]
    evidence = evidence_for(standing, goals, standing.followup)
    rows = Paginator(activity_list(standing, only=found).rows, ROWS_A_PAGE)
    page = rows.get_page(request.GET.get("sida"))
    followup = standing.followup
    takes_part = followup is not None and may(request, "followup.read_under_way", followup)
    context = {
        "standing": standing,
        "challenge": found,
        "followup": followup if takes_part else None,
        "terms": term_rows(standing.revision),
        "review": review_at(followup, found) if followup and takes_part else None,
        "goals": [goal_standing(goal, standing.year, evidence) for goal in goals],
        "rows": page,
        "pages": [(number, f"sida={number}") for number in rows.page_range],
        "crumbs": crumbs_to(standing.plan),
    }
    return render(request, "followup/challenge.html", context)


@require_safe
def activities(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan's activities, filtered and sorted as the address asks."""
    standing = loaders.load_standpoint(request, plan)
    form = activity_filter(request, standing)
    rows = form.found()
    page = Paginator(rows, ROWS_A_PAGE).get_page(form.said.get("sida"))
    context = {
        "standing": standing,
        "form": form,
        "page": page,
        "groups": list(grouped(page)) if not form.order else None,
        "shown": len(rows),
        "total": len(form.activities.rows),
        "pages": [(number, form.query(sida=number)) for number in page.paginator.page_range],
        "crumbs": crumbs_to(standing.plan),
    }
    return render(request, "followup/activities.html", context)


@require_safe
def activities_csv(request: HttpRequest, plan: str) -> HttpResponse:
    """The same rows in the same order, on all of the pages."""
    standing = loaders.load_standpoint(request, plan)
    form = activity_filter(request, standing)
    return csv_response(form.activities.csv(form.found()), f"{plan}-aktiviteter.csv")


@require_safe
def activities_xlsx(request: HttpRequest, plan: str) -> HttpResponse:
    """The same as an Excel workbook."""
    standing = loaders.load_standpoint(request, plan)
    form = activity_filter(request, standing)
    return xlsx_response(request, [form.activities.table(form.found())], f"{plan}-aktiviteter")


def activity_filter(request: HttpRequest, standing: Standpoint) -> ActivityFilter:
    last_year = standing.plan.last_year or standing.year
    return ActivityFilter(
        request.GET,
        activities=activity_list(standing),
        years=range(standing.plan.first_year, last_year + 1),
        followed_up=standing.followup.year if standing.followup else None,
        word=standing.plan.words.challenge,
    )


@require_safe
def activity(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """An activity through the years: what was decided and what has been said of it."""
    found = loaders.load_activity(request, plan, key)
    standing, shown = found.standing, found.activity
    followup = standing.followup if standing.revision == shown.revision else None
    context = {
        "standing": standing,
        "activity": activity_row(shown, standing.year),
        "terms": term_rows(shown.revision),
        "revision": shown.revision,
        "challenge": shown.challenge,
        "story": activity_story(standing, found.thread),
        "followup": followup,
        "may_report": followup and may(request, "followup.report_activity", (followup, shown)),
        "crumbs": crumbs_to(
            standing.plan,
            (standing.plan.words.activities.capitalize(), reverse("activities", args=[plan])),
        ),
    }
    return render(request, "followup/activity.html", context)


@require_safe
def indicator(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """An indicator's values, targets, and how the joint figure is worked out."""
    standing, found = loaders.load_indicator(request, plan, indicator)
    report = indicator_report(standing, found)
    context = {
        "standing": standing,
        "report": report,
        "comparison": comparison_of(standing.plan, found, report),
        "may_compare": may(request, "followup.choose_comparison", standing.plan),
        "may_enter": loaders.partners_to_measure(request, standing, found),
        "may_import": may(request, "followup.import_outcomes", standing.plan),
        "may_fetch": found.is_in_kolada and may(request, "followup.fetch_outcomes", standing.plan),
        "crumbs": crumbs_to(standing.plan),
    }
    return render(request, "followup/indicator.html", context)


@require_safe
def indicator_csv(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """The same values as data, as far as the reader may see them."""
    standing, found = loaders.load_indicator(request, plan, indicator)
    report = indicator_report(standing, found)
    return csv_response(figures.indicator_csv(report), f"{plan}-{indicator}.csv")
