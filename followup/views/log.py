"""The page of a plan's log of changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplan.crumbs import crumbs_to
from followup import loaders
from followup.forms.log import LogFilter
from followup.log import scope_of
from followup.reports.log import log_page


@require_safe
def changes(request: HttpRequest, plan: str) -> HttpResponse:
    """Who changed what in the plan, and when, as the address asks for."""
    found = loaders.load_log(request, plan)
    scope = scope_of(found)
    form = LogFilter(request.GET, scope=scope)
    log = log_page(scope, form.asked(), one_by_one=form.is_one_by_one)
    context = {
        "plan": found,
        "form": form,
        "log": log,
        "is_filtered": form.is_filtered,
        "older": form.address(andring=log.older),
        "latest": form.address(andring=""),
        "crumbs": crumbs_to(found),
    }
    return render(request, "followup/log/log.html", context)
