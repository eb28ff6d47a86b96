"""Pages on which one sees a draft whole, and works on one of its challenges."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actionplan import drafting, loaders
from actionplan.carrying import activities_left
from actionplan.crumbs import crumbs_to, crumbs_to_draft
from actionplan.kinds import KINDS, NoLongerThere, found, is_there
from actionplan.models import Plan, Revision
from actionplan.outline import challenge_at_work, outline


@require_safe
def draft(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan's draft whole, with the ways to all that is done with it; or how one is begun."""
    owner, found_draft = loaders.load_draft_if_any(request, plan)
    if found_draft is None:
        return show_none(request, owner)
    return show_outline(request, found_draft)


@require_safe
def challenge(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """A challenge of the draft with its goals and activities, to work on."""
    working_on = loaders.load_draft(request, plan)
    return show_challenge(request, working_on, key)


def show_none(request: HttpRequest, plan: Plan) -> HttpResponse:
    """A plan that nobody works on: what can be begun."""
    context = {
        "plan": plan,
        "years": drafting.years_to_begin(plan),
        "adopted": [each for each in plan.revisions.all() if each.is_adopted],
        "crumbs": crumbs_to(plan),
    }
    return render(request, "actionplan/draft/none.html", context)


def show_outline(request: HttpRequest, draft: Revision, *, told: str = "") -> HttpResponse:
    """The draft whole; `told` is what has just been done."""
    context = {
        "draft": draft,
        "outline": outline(draft),
        "left": activities_left(draft).count() if draft.is_next_year else 0,
        "removed": removed_here(request, draft),
        "told": told,
        "crumbs": crumbs_to(draft.plan),
    }
    return render(request, "actionplan/draft/outline.html", context)


def removed_here(request: HttpRequest, draft: Revision) -> dict[str, Any] | None:
    """What this session removed last from the draft, for as long as it is gone."""
    removed = loaders.removed_here(request, draft)
    if removed and is_there(KINDS[removed["kind"]], draft, removed["key"]):
        return None
    return removed


def show_challenge(request: HttpRequest, draft: Revision, key: str, *, told: str = "") -> HttpResponse:
    """A challenge at work; `told` is what has just been done."""
    try:
        row = found(KINDS["utmaningar"], draft, key)
    except NoLongerThere as error:
        raise Http404 from error
    context: dict[str, Any] = {
        "draft": draft,
        "challenge": challenge_at_work(draft, row),
        "removed": removed_here(request, draft),
        "told": told,
        "crumbs": crumbs_to_draft(draft.plan, draft),
    }
    return render(request, "actionplan/draft/challenge.html", context)
