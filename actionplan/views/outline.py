"""The draft as a whole: what stands in it, and what is left to do with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplan import drafting, loaders
from actionplan.crumbs import crumbs_to


@require_safe
def outline(request: HttpRequest, plan: str) -> HttpResponse:
    """What stands in the plan's draft; where it has none, how to begin one."""
    found = loaders.load_plan_to_edit(request, plan)
    context = {
        "plan": found,
        "draft": drafting.draft_of(found),
        "years": drafting.years_to_begin(found),
        "adopted": [each for each in found.revisions.all() if each.is_adopted],
        "crumbs": crumbs_to(found),
    }
    return render(request, "actionplan/draft/draft.html", context)
