"""Pages on which a draft is written row by row: a form for every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan import editing, kinds, loaders, stands
from actionplan.drafting import NoLongerDraft, no_longer_draft
from actionplan.editing import Overtaken
from actionplan.forms.rows import FORMS, VERSION, Asked, RowForm, RowMergeForm, Sent, boxes_of, refusals
from actionplan.kinds import KINDS, NoLongerThere
from actionplan.merging import merge
from actionplan.models import Indicator, Part, Revision, YearlyTarget
from actionplan.views.tasks import Task, task_of, where_it_stands
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved
from municipalities.unsent import unsent


def add_row(request: HttpRequest, plan: str, kind: str) -> HttpResponse:
    """Adds a thing to the draft, below what the address asks for."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = Task(owner, draft, KINDS[kind])
    if request.method == "POST":
        return take(request, task, request.POST)
    asked = Asked(request.GET)
    if not asked.is_valid():
        raise Http404
    return begin(request, task, {name: value for name, value in asked.cleaned_data.items() if value})


def change_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Changes a thing of the draft, unless someone else has changed it meanwhile."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = task_of(owner, draft, KINDS[kind], key)
    if request.method == "POST":
        return take(request, task, request.POST)
    return begin(request, task, {})


def begin(request: HttpRequest, task: Task, asked: Mapping[str, str]) -> HttpResponse:
    """The form as it begins, or with what an ended session had sent; 404 where nothing can be written in."""
    kept = unsent(request, signed_in(request))
    begun = {**asked, **kept}
    task = below(task, begun.get("under", ""))
    form = form_of(task, initial=begun)
    if not (why := why_gone(task)):
        return show_form(request, task, form, is_kept=bool(kept))
    if not kept:
        raise Http404
    return show_lost(request, task, form, why)


def below(task: Task, key: str) -> Task:
    """The task below the row with that key, if there is one."""
    above = None
    if task.kind.above and task.draft and key:
        above = task.kind.model_above.objects.filter(revision=task.draft, key=key).first()
    return replace(task, above=above)


def why_gone(task: Task) -> str:
    """Why there is nothing to write in any more; empty when there is."""
    if task.draft is None:
        return no_longer_draft()
    if not task.is_new and task.thing is None:
        return kinds.no_longer_there()
    if task.is_new and task.kind.needs_above and task.above is None:
        return kinds.no_place()
    return ""


def form_of(task: Task, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> RowForm:
    form = FORMS[task.kind.word]
    return form(data, plan=task.plan, draft=task.draft, thing=task.thing, above=task.above, initial=initial)


def take(request: HttpRequest, task: Task, data: Any) -> HttpResponse:
    """Does with what was sent what its button says, if there is still something to do it with."""
    sent = Sent(data)
    asked = sent.cleaned_data if sent.is_valid() else {}
    typed = form_of(task, data)
    task = below(task, typed.typed("under"))
    why = why_gone(task)
    if why or task.draft is None:
        return show_lost(request, task, typed, why)
    if asked.get("preview"):
        form = form_of(task, initial=typed.carried())
        return show_form(request, task, form, previews=form.previews)
    if asked.get("merging") and not task.is_new:
        return settle(request, task, task.draft, data, typed)
    return save(request, task, task.draft, form_of(task, data))


def save(request: HttpRequest, task: Task, draft: Revision, form: RowForm) -> HttpResponse:
    """Saves what the form says; else shows what is wrong with it, or what someone else has written."""
    if not form.is_valid():
        return show_form(request, task, form, status=422)
    try:
        saved = write(request, task, draft, form)
    except (NoLongerDraft, NoLongerThere) as gone:
        return show_lost(request, task, form, str(gone))
    except Overtaken:
        task = replace(task, thing=kinds.found(task.kind, draft, task.key))  # as it is saved
        return show_conflict(request, task, merge_form(task, form, form["seen"].value()), status=409)
    except ValidationError as error:
        refusals(form, error)
        return show_form(request, task, form, status=422)
    confirm_saved(request)
    messages.success(request, _("Sparat: ”%(row)s”.") % {"row": saved})
    return redirect(after_saving(task, form, saved))


def write(request: HttpRequest, task: Task, draft: Revision, form: RowForm) -> Any:
    """Adds or changes what the form says."""
    by, said = signed_in(request), form.said()
    if task.is_new:
        key = form.cleaned_data.get("key", "")
        return editing.add(draft, task.kind, said, by=by, above=form.cleaned_data["under"], key=key)
    return editing.change(draft, task.thing, said, seen=form.cleaned_data["seen"], by=by)


def after_saving(task: Task, form: RowForm, saved: Any) -> str:
    """Where to go on: where the row stands; from an indicator to the target that asked for it, or has it."""
    if not isinstance(saved, Indicator):
        return where_it_stands(task.plan, task.kind, saved)
    if under := form.cleaned_data["under"]:
        target = reverse("add-draft-row", args=[task.plan.slug, "malvarden"])
        return f"{target}?under={under}&indicator={saved.slug}"
    used = YearlyTarget.objects.filter(revision=task.draft, indicator=saved).first()
    return where_it_stands(task.plan, KINDS["malvarden"] if used else task.kind, used or saved)


# When somebody else came first


def merge_form(task: Task, form: RowForm, seen: str, data: Any = None) -> RowMergeForm:
    """What stands there now put together with what the form holds, written by someone who saw `seen`."""
    fields = merge(
        task.kind.names,
        stands.said_at(task.kind, task.thing, seen or "0"),
        stands.says(task.kind, task.thing),
        form.words(),
    )
    begun = {
        "seen": seen,
        "after": stands.version_of(task.thing),
        "revision": task.draft.pk if task.draft else "",
    }
    return RowMergeForm(data, form=form, merge=fields, initial=begun)


def settle(request: HttpRequest, task: Task, draft: Revision, data: Any, typed: RowForm) -> HttpResponse:
    """Saves the merge as chosen, unless somebody has come first once more."""
    again = form_of(task, initial=typed.carried())
    seen = again.typed("seen")
    chosen = merge_form(task, again, seen if VERSION.fullmatch(seen) else "0", data)
    if not chosen.is_valid():
        return show_conflict(request, task, chosen, status=422)
    if chosen.cleaned_data["after"] != stands.version_of(task.thing):
        return show_conflict(request, task, merge_form(task, again, seen), status=409)
    words = {**again.carried(), **chosen.whole(), "seen": chosen.cleaned_data["after"]}
    return save(request, task, draft, form_of(task, words))


# What is shown


def show_form(
    request: HttpRequest,
    task: Task,
    form: RowForm,
    *,
    previews: Mapping[str, Any] | None = None,
    is_kept: bool = False,
    lost: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form; `lost` says why what it holds can't be saved."""
    context = {
        "task": task,
        "form": form,
        "boxes": [boxes_of(form[part]) for part in Part.values if part in form.fields],
        "previews": previews or {},
        "is_kept": is_kept,
        "is_unsaved": is_kept or form.is_bound or previews is not None or bool(lost),
        "lost": lost,
        "crumbs": task.crumbs,
    }
    return render(request, "actionplan/draft/row.html", context, status=status)


def show_lost(request: HttpRequest, task: Task, typed: RowForm, why: str) -> HttpResponse:
    """What was typed in something that isn't there any more: it can't be saved, and isn't lost."""
    form = form_of(Task(task.plan, task.draft, task.kind), initial=typed.carried())
    return show_form(request, task, form, lost=why, status=409)


def show_conflict(request: HttpRequest, task: Task, merging: RowMergeForm, *, status: int) -> HttpResponse:
    """What stands there now beside what was written, to be put together."""
    context = {
        "task": task,
        "merging": merging,
        "line": stands.who_saved(task.thing),
        "crumbs": task.crumbs,
    }
    return render(request, "actionplan/draft/conflict.html", context, status=status)
