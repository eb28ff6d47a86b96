"""Pages on which a row of a draft is moved, removed and put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from actionplan import editing, kinds, loaders, removing
from actionplan.forms.rows import MoveForm, words_of_decided
from actionplan.kinds import KINDS, NoLongerThere
from actionplan.models import Challenge, Revision, Row, YearlyTarget
from actionplan.views.outline import show_challenge, show_outline
from actionplan.views.tasks import (
    Task,
    challenge_of,
    name_of,
    names_of,
    page_of,
    task_of,
    where_it_stands,
)
from municipalities.access import signed_in
from publishing.languages import as_content


def move_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Moves a row up or down, or below another; asked for by GET, it asks below which."""
    draft = loaders.load_draft(request, plan)
    task = standing(request, draft, kind, key)
    if not task.kind.can_be_moved:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(
        sent,
        label=_("Flytta till"),
        above=places_of(draft, task.kind),
        initial={"above": place_of(task.kind, task.thing)},
    )
    if form.is_valid():
        return show_moved(request, draft, task, moved(request, draft, task.thing, form))
    if not task.kind.above:
        raise Http404  # it stands below the draft alone, so there is nowhere else
    context = {"task": task, "form": form, "crumbs": task.crumbs}
    return render(request, "actionplan/draft/move.html", context, status=422 if form.errors else 200)


def standing(request: HttpRequest, draft: Revision, kind: str, key: str) -> Task:
    """The row with that key, to do something with; one that has just been removed is told of."""
    task = task_of(draft.plan, draft, KINDS[kind], key)
    if task.thing is not None:
        return task
    if request.method == "POST":
        raise NoLongerThere(kinds.no_longer_there())
    raise Http404


def moved(request: HttpRequest, draft: Revision, row: Any, form: MoveForm) -> str:
    if way := form.cleaned_data["way"]:
        return editing.move(draft, row, way, by=signed_in(request))
    return editing.move_to(draft, row, form.target, by=signed_in(request))


def show_moved(request: HttpRequest, draft: Revision, task: Task, told: str) -> HttpResponse:
    """The page that the row was moved on, within it when htmx asks; else the way to where the row stands."""
    is_challenge = isinstance(task.thing, Challenge)
    if HtmxDetails(request):
        if task.challenge and not is_challenge:
            return show_challenge(request, draft, task.challenge.key, told=told)
        return show_outline(request, draft, told=told)
    messages.success(request, told)
    if is_challenge:
        return redirect(f"{page_of(draft.plan, None)}#{task.kind.word}-{task.key}")
    task.thing.refresh_from_db()
    return redirect(where_it_stands(draft.plan, task.kind, task.thing))


def places_of(draft: Revision, kind: kinds.Kind) -> list[tuple[str, str]]:
    """What a row of the kind may stand below."""
    if not kind.above:
        return []
    rows: Any = kind.model_above.objects.filter(revision=draft)
    rows = rows.in_reading_order() if kind.model_above is Challenge else rows
    outside = [] if kind.needs_above else [(MoveForm.NOWHERE, _("Utanför områdena"))]
    return outside + [(each.key, as_content(str(each))) for each in rows]


def place_of(kind: kinds.Kind, row: Any) -> str:
    above = getattr(row, kind.above) if kind.above else None
    return above.key if above else MoveForm.NOWHERE


def remove_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Removes a row with what stands below it, once confirmed; it can be put back."""
    draft = loaders.load_draft(request, plan)
    task = standing(request, draft, kind, key)
    if not task.kind.can_be_removed:
        raise Http404
    if request.method == "POST":
        removing.remove(draft, task.thing, by=signed_in(request))
        loaders.remember_removed(request, draft, kind, task.thing)
        is_challenge = isinstance(task.thing, Challenge)
        return redirect(page_of(draft.plan, None if is_challenge else challenge_of(task.thing)))
    going = removing.with_what_is_below(task.thing)
    context = {
        "task": task,
        "why_not": removing.why_it_stays(task.thing, going),
        "going": what_goes_with_it(task, going),
        "decided": decided_of(task.thing),
        "crumbs": task.crumbs,
    }
    return render(request, "actionplan/draft/remove.html", context)


def decided_of(thing: Any) -> str:
    """What is decided already of a target, to be told before it is removed; empty where nothing is."""
    decided = thing.decided if isinstance(thing, YearlyTarget) else None
    return words_of_decided(decided) if decided else ""


def what_goes_with_it(task: Task, going: removing.Rows) -> list[tuple[str, list[Row]]]:
    """What is removed with the task's row, by what it is called; who answers for what is left out."""
    of_kind: dict[Any, list[Row]] = dict(going)
    return [
        (name_of(kind, task.plan) if len(rows) == 1 else names_of(kind, task.plan), rows)
        for kind in KINDS.values()
        if (rows := [each for each in of_kind.get(kind.model, []) if each != task.thing])
    ]


@require_POST
def put_back_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Undoes the removal of a row."""
    draft = loaders.load_draft(request, plan)
    if not KINDS[kind].can_be_removed:
        raise Http404
    row = removing.put_back(draft, KINDS[kind], key, by=signed_in(request))
    messages.success(request, _("”%(row)s” är tillbaka.") % {"row": row})
    return redirect(where_it_stands(draft.plan, KINDS[kind], row))
