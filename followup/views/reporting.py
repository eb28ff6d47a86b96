"""Pages on which people say how it goes, and what they have left to say."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionplan.reports import activity_row
from followup import loaders
from followup.forms import ReportForm
from followup.models import Conflict
from followup.queries import organisations_reported_for, rounds_of
from followup.reporting import current_report, saved_sentence, write_report
from municipalities.access import may, signed_in


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
