"""Pages on which a draft is written row by row: a form for every kind, and what is done with a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionplan import editing, loaders
from actionplan.crumbs import Crumbs, crumbs_to_draft
from actionplan.drafting import NoLongerDraft, NotDrafted
from actionplan.editing import KINDS, Kind, NoLongerThere, Overtaken
from actionplan.forms.rows import (
    FORMS,
    VERSION,
    Asked,
    MoveForm,
    RowForm,
    RowMergeForm,
    Sent,
    boxes_of,
    refusals,
)
from actionplan.merging import merge
from actionplan.models import Activity, Challenge, Goal, Indicator, Part, Plan, Revision, Row, YearlyTarget
from actionplan.views.outline import show_challenge, show_outline
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved
from municipalities.unsent import unsent


@dataclass(frozen=True)
class Task:
    """What one writes in: a thing of the draft, or a new one, below `above` where there is something above.

    The draft and the thing may be gone since the page was shown.
    """

    plan: Plan
    draft: Revision | None
    kind: Kind
    key: str = ""
    thing: Any = None
    above: Row | None = None

    @property
    def is_new(self) -> bool:
        return not self.key

    @property
    def address(self) -> str:
        if self.is_new:
            return reverse("add-draft-row", args=[self.plan.slug, self.kind.word])
        return reverse("draft-row", args=[self.plan.slug, self.kind.word, self.key])

    @property
    def name(self) -> str:
        return name_of(self.kind, self.plan)


def name_of(kind: Kind, plan: Plan) -> str:
    """What a thing of the kind is called: by the plan's own word where it has one."""
    own: dict[Any, str] = {Challenge: plan.challenge_word, Activity: plan.activity_word}
    return own.get(kind.model) or str(kind.model._meta.verbose_name)


def add_row(request: HttpRequest, plan: str, kind: str) -> HttpResponse:
    """Adds a thing to the draft."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = Task(owner, draft, KINDS[kind])
    if request.method != "POST":
        return show_form(request, *new_form(request, task))
    return take(request, task, request.POST)


def change_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Changes a thing of the draft, unless someone else has changed it meanwhile."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = Task(owner, draft, KINDS[kind], key, thing_of(draft, KINDS[kind], key))
    if request.method != "POST":
        if task.thing is None:
            raise Http404
        kept = unsent(request, signed_in(request))
        return show_form(request, task, form_of(task, initial=kept), is_kept=bool(kept))
    return take(request, task, request.POST)


def thing_of(draft: Revision | None, kind: Kind, key: str) -> Any:
    """The draft's thing with the key; None when it isn't there, or there is no draft."""
    try:
        return editing.found(kind, draft, key) if draft else None
    except NoLongerThere:
        return None


def new_form(request: HttpRequest, task: Task) -> tuple[Task, RowForm]:
    """An empty form below what the address asks for; 404 where there is no such thing."""
    asked = Asked(request.GET)
    if task.draft is None or not asked.is_valid():
        raise Http404
    task = below(task, asked.cleaned_data["under"])
    if task.kind.needs_above and task.above is None:
        raise Http404
    begun = {name: value for name, value in asked.cleaned_data.items() if value}
    return task, form_of(task, initial=begun | unsent(request, signed_in(request)))


def below(task: Task, key: str) -> Task:
    """The task below the row with that key, if there is one."""
    above = None
    if task.kind.above and task.draft and key:
        above = task.kind.model_above.objects.filter(revision=task.draft, key=key).first()
    return replace(task, above=above)


def form_of(task: Task, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> RowForm:
    form = FORMS[task.kind.word]
    return form(data, plan=task.plan, draft=task.draft, thing=task.thing, above=task.above, initial=initial)


def take(request: HttpRequest, task: Task, data: Any) -> HttpResponse:
    """Does with what was sent what its button says, if there is still something to do it with."""
    sent = Sent(data)
    asked = sent.cleaned_data if sent.is_valid() else {}
    typed = form_of(task, data)
    task = below(task, typed.typed("under"))
    if task.draft is None or asked.get("revision") not in (None, task.draft.pk):
        return show_lost(request, task, typed, no_longer_draft())
    if not task.is_new and task.thing is None:
        return show_lost(request, task, typed, no_longer_there())
    if asked.get("preview"):
        form = form_of(task, initial=typed.carried())
        return show_form(request, task, form, previews=form.previews)
    if asked.get("merging") and not task.is_new:
        return settle(request, task, data, typed)
    return save(request, task, form_of(task, data))


def save(request: HttpRequest, task: Task, form: RowForm) -> HttpResponse:
    """Saves what the form says; else shows what is wrong with it, or what someone else has written."""
    if not form.is_valid():
        return show_form(request, task, form, status=422)
    try:
        saved = write(request, task, form)
    except NoLongerDraft as gone:
        return show_lost(request, task, form, str(gone))
    except NoLongerThere as gone:
        return show_lost(request, task, form, str(gone))
    except Overtaken:
        task = replace(task, thing=editing.found(task.kind, held(task), task.key))  # as it is saved
        return show_conflict(request, task, merge_form(task, form, form["seen"].value()), status=409)
    except ValidationError as error:
        refusals(form, error)
        return show_form(request, task, form, status=422)
    confirm_saved(request)
    loaders.forget_removed(request)
    messages.success(request, _("Sparat: ”%(row)s”.") % {"row": saved})
    return redirect(after_saving(task, form, saved))


def write(request: HttpRequest, task: Task, form: RowForm) -> Any:
    """Adds or changes what the form says."""
    by, said = signed_in(request), form.said()
    if task.is_new:
        key = form.cleaned_data.get("key", "")
        return editing.add(held(task), task.kind, said, by=by, above=form.cleaned_data["under"], key=key)
    return editing.change(held(task), task.thing, said, seen=form.cleaned_data["seen"], by=by)


def held(task: Task) -> Revision:
    """The draft; raises NoLongerDraft where there is none."""
    if task.draft is None:
        raise NoLongerDraft(no_longer_draft())
    return task.draft


def after_saving(task: Task, form: RowForm, saved: Any) -> str:
    """Where to go on: where the row stands; from a new indicator to the target that asked for it."""
    under = form.cleaned_data["under"]
    if isinstance(saved, Indicator) and under:
        target = reverse("add-draft-row", args=[task.plan.slug, "malvarden"])
        return f"{target}?under={under}&indicator={saved.slug}"
    return where_it_stands(task.plan, task.kind, saved)


def where_it_stands(plan: Plan, kind: Kind, thing: Any) -> str:
    """The address of the place where the thing is worked on."""
    challenge = challenge_of(thing)
    page = (
        reverse("draft-challenge", args=[plan.slug, challenge])
        if challenge
        else reverse("draft", args=[plan.slug])
    )
    key = "" if isinstance(thing, (Challenge, Indicator)) else f"#{kind.word}-{thing.key}"
    return page + key


def challenge_of(thing: Any) -> str:
    """The key of the challenge on whose page the thing stands; empty for what stands on the draft's own."""
    match thing:
        case Challenge():
            return thing.key
        case Goal() | Activity():
            return str(thing.challenge.key)
        case YearlyTarget():
            return str(thing.goal.challenge.key)
    return ""


# When somebody else came first


def merge_form(task: Task, form: RowForm, seen: str, data: Any = None) -> RowMergeForm:
    """What stands there now put together with what the form holds, written by someone who saw `seen`."""
    fields = merge(
        task.kind.names,
        editing.said_at(task.kind, task.thing, seen or "0"),
        editing.says(task.kind, task.thing),
        form.words(),
    )
    begun = {
        "seen": seen,
        "after": editing.version_of(task.thing),
        "revision": task.draft.pk if task.draft else "",
    }
    return RowMergeForm(data, form=form, merge=fields, initial=begun)


def settle(request: HttpRequest, task: Task, data: Any, typed: RowForm) -> HttpResponse:
    """Saves the merge as chosen, unless somebody has come first once more."""
    again = form_of(task, initial=typed.carried())
    seen = again.typed("seen")
    chosen = merge_form(task, again, seen if VERSION.fullmatch(seen) else "0", data)
    if not chosen.is_valid():
        return show_conflict(request, task, chosen, status=422)
    if chosen.cleaned_data["after"] != editing.version_of(task.thing):
        return show_conflict(request, task, merge_form(task, again, seen), status=409)
    words = {**again.carried(), **chosen.whole(), "seen": chosen.cleaned_data["after"]}
    return save(request, task, form_of(task, words))


# What is done with a row


def move_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Moves a row up or down, or below another; asked for by GET, it asks below which."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = Task(owner, draft, KINDS[kind], key, thing_of(draft, KINDS[kind], key))
    if task.draft is None or task.thing is None or not task.kind.can_be_moved:
        return show_gone(request, task)
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent, label=_("Flytta till"), above=places_of(task), initial={"above": place_of(task)})
    if not form.is_valid():
        context = {"task": task, "form": form, "crumbs": crumbs_of(task)}
        return render(request, "actionplan/draft/move.html", context, status=422 if form.errors else 200)
    try:
        told = moved(request, task, form)
    except NotDrafted as refusal:
        return show_gone(request, task, refusal)
    loaders.forget_removed(request)
    return show_moved(request, task, told)


def moved(request: HttpRequest, task: Task, form: MoveForm) -> str:
    if way := form.cleaned_data["way"]:
        return editing.move(held(task), task.thing, way, by=signed_in(request))
    return editing.move_to(held(task), task.thing, form.target, by=signed_in(request))


def show_moved(request: HttpRequest, task: Task, told: str) -> HttpResponse:
    """The page that the row was moved on, within it when htmx asks; else the way to where the row stands."""
    if request.headers.get("HX-Request") == "true":
        challenge = "" if isinstance(task.thing, Challenge) else challenge_of(task.thing)
        if challenge:
            return show_challenge(request, held(task), challenge, told=told)
        return show_outline(request, held(task), told=told)
    messages.success(request, told)
    task.thing.refresh_from_db()
    if isinstance(task.thing, Challenge):
        return redirect(f"{reverse('draft', args=[task.plan.slug])}#{task.kind.word}-{task.key}")
    return redirect(where_it_stands(task.plan, task.kind, task.thing))


def places_of(task: Task) -> list[tuple[str, str]]:
    """What the row may stand below."""
    if not (task.kind.above and task.draft):
        return []
    rows: Any = task.kind.model_above.objects.filter(revision=task.draft)
    rows = rows.in_reading_order() if task.kind.model_above is Challenge else rows
    outside = [] if task.kind.needs_above else [(MoveForm.NOWHERE, _("Utanför områdena"))]
    return outside + [(each.key, str(each)) for each in rows]


def place_of(task: Task) -> str:
    above = getattr(task.thing, task.kind.above) if task.kind.above else None
    return above.key if above else MoveForm.NOWHERE


def remove_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Removes a row with what stands below it, once confirmed; it can be put back."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = Task(owner, draft, KINDS[kind], key, thing_of(draft, KINDS[kind], key))
    if task.draft is None or task.thing is None or not task.kind.can_be_removed:
        return show_gone(request, task)
    going = editing.with_what_is_below(task.thing)
    if request.method != "POST":
        context = {
            "task": task,
            "why_not": editing.why_it_stays(task.thing, going),
            "going": what_goes_with_it(task, going),
            "back": where_it_stands(task.plan, task.kind, task.thing),
            "crumbs": crumbs_of(task),
        }
        return render(request, "actionplan/draft/remove.html", context)
    try:
        editing.remove(task.draft, task.thing, by=signed_in(request))
    except NotDrafted as refusal:
        return show_gone(request, task, refusal)
    loaders.remember_removed(request, task.draft, kind, task.thing)
    return redirect(place_left(task))


@require_POST
def put_back_row(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """Undoes the removal of a row."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    task = Task(owner, draft, KINDS[kind], key)
    if task.draft is None or not task.kind.can_be_removed:
        return show_gone(request, task, no_longer_draft())
    try:
        row = editing.put_back(task.draft, task.kind, key, by=signed_in(request))
    except NotDrafted as refusal:
        return show_gone(request, task, refusal)
    loaders.forget_removed(request)
    messages.success(request, _("”%(row)s” är tillbaka.") % {"row": row})
    return redirect(where_it_stands(task.plan, task.kind, row))


def what_goes_with_it(task: Task, going: editing.Rows) -> list[tuple[str, list[Row]]]:
    """What is removed with the task's row, by what it is called; who answers for what is left out."""
    of_kind: dict[Any, list[Row]] = dict(going)
    return [
        (name_of(kind, task.plan) if len(rows) == 1 else names_of(kind, task.plan), rows)
        for kind in KINDS.values()
        if (rows := [each for each in of_kind.get(kind.model, []) if each != task.thing])
    ]


def names_of(kind: Kind, plan: Plan) -> str:
    own: dict[Any, str] = {Challenge: plan.challenge_word_plural, Activity: plan.activity_word_plural}
    return own.get(kind.model) or str(kind.model._meta.verbose_name_plural)


def place_left(task: Task) -> str:
    """The page where the row stood."""
    page = where_it_stands(task.plan, task.kind, task.thing).partition("#")[0]
    return reverse("draft", args=[task.plan.slug]) if isinstance(task.thing, Challenge) else page


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
    challenge = challenge_of(task.thing or task.above)
    context = {
        "task": task,
        "form": form,
        "boxes": [boxes_of(form[part]) for part in Part.values if part in form.fields],
        "previews": previews or {},
        "is_kept": is_kept,
        "is_unsaved": is_kept or form.is_bound or previews is not None or bool(lost),
        "lost": lost,
        "back": back_from(task, challenge),
        "crumbs": crumbs_of(task),
    }
    return render(request, "actionplan/draft/row.html", context, status=status)


def back_from(task: Task, challenge: str) -> str:
    if task.thing is not None:
        return where_it_stands(task.plan, task.kind, task.thing)
    if challenge:
        return reverse("draft-challenge", args=[task.plan.slug, challenge])
    return reverse("draft", args=[task.plan.slug])


def show_lost(request: HttpRequest, task: Task, typed: RowForm, why: str) -> HttpResponse:
    """What was typed in something that isn't there any more: it can't be saved, and isn't lost."""
    form = form_of(Task(task.plan, task.draft, task.kind), initial=typed.carried())
    return show_form(request, task, form, lost=why, status=409)


def show_conflict(request: HttpRequest, task: Task, merging: RowMergeForm, *, status: int) -> HttpResponse:
    """What stands there now beside what was written, to be put together."""
    context = {
        "task": task,
        "merging": merging,
        "line": editing.who_saved(task.thing),
        "back": where_it_stands(task.plan, task.kind, task.thing),
        "crumbs": crumbs_of(task),
    }
    return render(request, "actionplan/draft/conflict.html", context, status=status)


def show_gone(request: HttpRequest, task: Task, refusal: NotDrafted | str = "") -> HttpResponse:
    """Leads to where one can go on from, when what was to be done with a row can't be."""
    if request.method != "POST":
        raise Http404
    messages.error(request, str(refusal) or (no_longer_there() if task.draft else no_longer_draft()))
    return redirect("draft", task.plan.slug)


def no_longer_draft() -> str:
    return _("Arbetsmaterialet har fastställts eller kastats sedan du öppnade sidan, så inget sparades.")


def no_longer_there() -> str:
    return _("Någon har tagit bort det här sedan du öppnade sidan, så inget sparades.")


def crumbs_of(task: Task) -> Crumbs:
    """The way to a row: by the draft, and the challenge where it stands in one."""
    at = task.thing if task.thing is not None else task.above
    challenge = (
        at if isinstance(at, Challenge) else at.goal.challenge if isinstance(at, YearlyTarget) else None
    )
    if isinstance(at, (Goal, Activity)):
        challenge = at.challenge
    if challenge is None or (task.kind.model is Challenge and task.is_new):
        return crumbs_to_draft(task.plan, task.draft)
    return crumbs_to_draft(
        task.plan,
        task.draft,
        (challenge.title, reverse("draft-challenge", args=[task.plan.slug, challenge.key])),
    )
