"""Pages of how it goes. Each loads what the reader may have, asks a report what to show, and shows it."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionplan.crumbs import crumbs_to, crumbs_to_plans
from actionplan.loaders import load_plan
from actionplan.reports import activity_row, goal_rows, plan_facts
from followup import data, documents, loaders
from followup.forms import ActivityFilter, ReportForm
from followup.models import Conflict
from followup.queries import organisations_reported_for, rounds_of, standpoint
from followup.reporting import current_report, saved_sentence, write_report
from followup.reports.glance import plan_glance
from followup.reports.goals import goal_standing, outcomes_for, partners_of
from followup.reports.indicator import indicator_report
from followup.reports.listing import activity_list, grouped
from followup.reports.story import activity_story
from followup.reports.year import followup_report
from followup.sentences import followup_sentence, plan_sentence
from municipalities.access import may, signed_in
from municipalities.journal import note_document
from publishing.responses import pdf_response


@require_safe
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan in force and how it stands."""
    standing = loaders.load_standpoint(request, plan)
    glance = plan_glance(standing)
    context = {
        "standing": standing,
        "facts": plan_facts(standing.plan),
        "glance": glance,
        "says": plan_sentence(standing.plan, glance),
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
    outcomes = outcomes_for(standing, goals)
    partners = partners_of(standing)
    rows = activity_list(standing, only=found).rows
    context = {
        "standing": standing,
        "challenge": found,
        "goals": [goal_standing(goal, standing.year, outcomes, partners) for goal in goals],
        "rows": rows,
        "crumbs": crumbs_to(standing.plan),
    }
    return render(request, "followup/challenge.html", context)


@require_safe
def activities(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan's activities, filtered by what the address asks for."""
    standing = loaders.load_standpoint(request, plan)
    listed = activity_list(standing)
    last_year = standing.plan.last_year or standing.year
    form = ActivityFilter(
        request.GET,
        activities=listed,
        years=range(standing.plan.first_year, last_year + 1),
        followed_up=standing.followup.year if standing.followup else None,
        word=standing.plan.challenge_word,
    )
    rows = listed.matching(**form.asked())
    context = {
        "standing": standing,
        "form": form,
        "groups": list(grouped(rows)),
        "shown": len(rows),
        "total": len(listed.rows),
        "is_filtered": any(form.asked().values()),
        "crumbs": crumbs_to(standing.plan),
    }
    return render(request, "followup/activities.html", context)


@require_safe
def activity(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """An activity: what was decided and what has been said of it."""
    standing, found = loaders.load_activity(request, plan, key)
    followup = standing.followup if standing.revision == found.revision else None
    context = {
        "standing": standing,
        "activity": activity_row(found, standing.year),
        "revision": found.revision,
        "challenge": found.challenge,
        "story": activity_story(standing, found),
        "followup": followup,
        "may_report": followup and may(request, "followup.report_activity", (followup, found)),
        "crumbs": crumbs_to(
            standing.plan,
            (standing.plan.activity_word_plural.capitalize(), reverse("activities", args=[plan])),
        ),
    }
    return render(request, "followup/activity.html", context)


@require_safe
def indicator(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """An indicator's values, targets, and how the joint figure is worked out."""
    standing, found = loaders.load_indicator(request, plan, indicator)
    context = {
        "standing": standing,
        "report": indicator_report(standing, found),
        "crumbs": crumbs_to(standing.plan),
    }
    return render(request, "followup/indicator.html", context)


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


@require_safe
def to_do(request: HttpRequest) -> HttpResponse:
    """What is mine to report in the follow-ups that are open."""
    may(request, "followup.have_to_do", None)
    organisations = organisations_reported_for(signed_in(request))
    context = {
        "organisations": organisations,
        "rounds": rounds_of([each.pk for each in organisations]),
        "today": timezone.localdate(),
    }
    return render(request, "followup/to_do.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_activity(request: HttpRequest, plan: str, year: int, key: str) -> HttpResponse:
    """Says how it goes with an activity, unless someone else has said something meanwhile."""
    found, reported = loaders.load_report_task(request, plan, year, key)
    latest = current_report(found, reported)
    conflict = False
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid():
            try:
                written = write_report(found, reported, form.said(), seen=form.saw, by=signed_in(request))
            except Conflict:
                latest = current_report(found, reported)
            else:
                messages.success(request, saved_sentence(written))
                return redirect("activity", plan, key)
        conflict = latest is not None and latest.number > form.saw
        form = form.after(latest)
    else:
        form = ReportForm(instance=latest, initial={"seen": latest.number if latest else 0})
    context = {
        "followup": found,
        "activity": activity_row(reported, year),
        "form": form,
        "latest": latest,
        "conflict": conflict,
        "crumbs": [(_("Att göra"), reverse("to-do"))],
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "followup/report_activity.html", context, status=status)
