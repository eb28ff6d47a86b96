"""Pages on which an editor goes through what was decided before, for the draft of the next year.

A row of the list is the same page as its activity's, asked for by htmx: then only the row comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from actionplan import carrying
from actionplan.carrying import Decided, NotCarried, WouldBeLost
from actionplan.crumbs import Crumbs, crumbs_to_draft
from actionplan.loaders import load_draft
from actionplan.models import Challenge, How, Revision
from followup import loaders
from followup.forms.carrying import AimForm, AllForm, DecisionForm, DeedForm, TakeBackAimForm
from followup.gaps import gaps_of
from followup.reports.aiming import targets_ahead
from followup.reports.carrying import ActivityBefore, GoingThrough, going_through, proposal_for
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved
from municipalities.models import User
from municipalities.unsent import unsent
from publishing.formats import counted
from publishing.parts import Window


def overview(request: HttpRequest, plan: str) -> HttpResponse:
    """All that is to be gone through, and what has been decided of it."""
    draft = loaders.load_next_year(request, plan)
    form = AllForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return decide_all(request, draft, going_through(draft), form.cleaned_data["deed"])
    going = going_through(draft)
    window = Window(request)
    context = {
        "draft": draft,
        "going": going,
        "challenges": going.challenges_in(window),
        "window": window,
        "pages": window.pages(),
        "crumbs": crumbs_to_draft(draft.plan, draft),
    }
    return render(request, "followup/carry/overview.html", context, status=422 if form.errors else 200)


def decide_all(request: HttpRequest, draft: Revision, going: GoingThrough, deed: str) -> HttpResponse:
    """Decides of all that are left, by how they were reported."""
    by = signed_in(request)
    if deed == "leave-out-all":
        endings = {row.key: row.ending for row in going.to_leave_out}
        done = carrying.leave_out_all(draft, endings, by=by)
        told = ngettext("%(activities)s lämnas ut.", "%(activities)s lämnas ut.", done)
    else:
        done, _without = carrying.carry_on_all(draft, [row.key for row in going.to_carry_on], by=by)
        told = ngettext("%(activities)s förs vidare.", "%(activities)s förs vidare.", done)
    messages.success(request, told % {"activities": words_for(draft, done)})
    return redirect("carry-on", draft.plan.slug)


def activity(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """An activity, how it goes and what was proposed; and what is to happen with it."""
    draft = loaders.load_next_year(request, plan)
    row = row_or_404(draft, key)
    if request.method != "POST":
        return show(request, draft, row, begin(request, draft, row))
    deed = DeedForm(request.POST)
    if deed.is_valid():
        return act(request, draft, row, deed)
    form = DecisionForm(request.POST, row=row, draft=draft, places=places_of(draft))
    if not form.is_valid():
        return show(request, draft, row, form, status=422)
    try:
        told = decide(draft, row, form, by=signed_in(request))
    except (NotCarried, ValidationError) as refusal:
        return show_late(request, draft, key, form, refusal)
    confirm_saved(request)
    return back(request, draft, key, told)


def begin(request: HttpRequest, draft: Revision, row: ActivityBefore) -> DecisionForm:
    """The form as it begins, or with what an ended session had sent: as sent, where that comes too late."""
    kept, places = unsent(request, signed_in(request)), places_of(draft)
    if kept and not row.is_left:
        return DecisionForm(kept, row=row, draft=draft, places=places)
    form = DecisionForm.begun(row, draft, places)
    if kept:
        form.go_on_from(kept)
        form.initial["kept"] = True
    return form


def decide(draft: Revision, row: ActivityBefore, form: DecisionForm, *, by: User) -> str:
    """Does what the form says; the sentence that tells of it."""
    decision, title = form.cleaned_data["decision"], {"title": row.activity.title}
    if decision == Decided.CARRIED:
        carrying.carry_on(draft, row.key, years=form.years, challenge=form.place, by=by)
        return _("”%(title)s” förs vidare.") % title
    if decision == Decided.REPLACED:
        carrying.replace(draft, row.key, form.words, challenge=form.place, by=by)
        return _("”%(title)s” har fått en ersättare.") % title
    how = How(decision)
    reason = form.cleaned_data["reason"] if how == How.ENDED else ""
    carrying.leave_out(draft, row.key, how, reason=reason, by=by)
    return left_out_sentence(row, how)


def left_out_sentence(row: ActivityBefore, how: How) -> str:
    sentence = _("”%(title)s” avslutas.") if how == How.ENDED else _("”%(title)s” lämnas ut som klar.")
    return sentence % {"title": row.activity.title}


def act(request: HttpRequest, draft: Revision, row: ActivityBefore, form: DeedForm) -> HttpResponse:
    """Does what a button of the list says, and shows the row, or the list, as it is then."""
    try:
        told = do(draft, row, form, by=signed_in(request))
    except WouldBeLost:
        return ask(request, draft, row)
    except (NotCarried, ValidationError) as refusal:
        if HtmxDetails(request):  # a row of the list
            return show_row(request, draft, row.key, sentence_of(refusal), status=409)
        messages.error(request, sentence_of(refusal))
        return redirect(place_in_list(draft, row.key))
    if HtmxDetails(request):  # a row of the list
        return show_row(request, draft, row.key, told)
    return back(request, draft, row.key, told)


def do(draft: Revision, row: ActivityBefore, form: DeedForm, *, by: User) -> str:
    """Does what the button says; the sentence that tells of it."""
    deed, seen, knowing = form.told
    title = {"title": row.activity.title}
    if deed == "take-back":
        carrying.take_back(draft, row.key, seen=seen, knowing=knowing, by=by)
        return _("”%(title)s” ska gås igenom igen.") % title
    if deed == "carry-on":
        words = row.activity
        years = (words.first_year, draft.year if row.is_over else words.last_year)
        carrying.carry_on(draft, row.key, years=years, by=by)
        return _("”%(title)s” förs vidare.") % title
    how, reason = row.ending if deed == "leave-out" else (How.DONE, "")
    carrying.leave_out(draft, row.key, how, reason=reason, by=by)
    return left_out_sentence(row, how)


def targets(request: HttpRequest, plan: str) -> HttpResponse:
    """The goals' targets for the draft's year: what is decided stands, what isn't gets a value."""
    draft = loaders.load_next_year(request, plan)
    if request.method != "POST":
        return show_targets(request, draft, unsent(request, signed_in(request)))
    taking_back = TakeBackAimForm(request.POST)
    form = AimForm(request.POST)
    try:
        if taking_back.is_valid():
            key, seen = taking_back.cleaned_data["take_back"], taking_back.cleaned_data["seen"]
            carrying.take_back_aim(draft, key, seen=seen, by=signed_in(request))
            told = _("Målvärdet är borttaget.")
        elif form.is_valid():
            said = form.cleaned_data
            target = carrying.aim(draft, said["like"], said["value"], by=signed_in(request))
            told = _("Målvärdet %(year)d är sparat: %(words)s.") % {
                "year": target.year,
                "words": target.asks,
            }
        else:
            return show_targets(request, draft, form=form, status=422)
    except (NotCarried, ValidationError) as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        confirm_saved(request)
        messages.success(request, told)
    return redirect("carry-on-targets", plan)


def show_targets(
    request: HttpRequest,
    draft: Revision,
    kept: Mapping[str, str] | None = None,
    *,
    form: AimForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Every goal with its targets, and a form for each that it lacks; `kept`: what was never saved."""
    page = targets_ahead(draft)
    forms = AimForm.for_each(page, form, kept or {})
    context = {
        "draft": draft,
        "page": page,
        "sheets": [
            (each, [(goal, [forms[lacking.like] for lacking in goal.suggestions]) for goal in each.goals])
            for each in page.challenges
        ],
        "is_kept": bool(kept),
        "wrong": next((each for each in forms.values() if each.errors), None),
        "crumbs": crumbs_to_going_through(draft),
    }
    return render(request, "followup/carry/targets.html", context, status=status)


@require_safe
def gaps(request: HttpRequest, plan: str) -> HttpResponse:
    """What the draft lacks: nothing of it stands in the way."""
    draft = load_draft(request, plan)
    context = {
        "draft": draft,
        "gaps": gaps_of(draft),
        "crumbs": crumbs_to_draft(draft.plan, draft),
    }
    return render(request, "followup/carry/gaps.html", context)


# What the pages share


def row_or_404(draft: Revision, key: str) -> ActivityBefore:
    row = going_through(draft).row(key)
    if row is None:
        raise Http404
    return row


def places_of(draft: Revision) -> dict[str, str]:
    """The draft's challenges, by key, in their order."""
    found = Challenge.objects.filter(revision=draft).in_reading_order()
    return {each.key: each.title for each in found}


def show(
    request: HttpRequest,
    draft: Revision,
    row: ActivityBefore,
    form: DecisionForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The activity with its form; what was sent when it had been decided of already is given back beside."""
    is_late = form.is_bound and not row.is_left
    context = {
        "draft": draft,
        "row": row,
        "form": form,
        "late": carrying.otherwise(row.activity.title, row.course) if is_late else "",
        "typed": form.typed if is_late else [],
        "is_kept": form.initial.get("kept", False),
        "proposal": proposal_for(draft, row.challenge),
        "crumbs": crumbs_to_going_through(draft),
        **more,
    }
    return render(request, "followup/carry/activity.html", context, status=status)


def show_late(
    request: HttpRequest, draft: Revision, key: str, form: DecisionForm, refusal: Exception
) -> HttpResponse:
    """Tells why nothing was decided, shows what has been, and gives back what was written."""
    row = row_or_404(draft, key)
    if row.is_left:
        form = DecisionForm(form.data, row=row, draft=draft, places=places_of(draft))
        form.is_valid()
        form.add_error(None, sentence_of(refusal))
        return show(request, draft, row, form, status=422)
    return show(request, draft, row, form, status=409)


def ask(request: HttpRequest, draft: Revision, row: ActivityBefore) -> HttpResponse:
    """Says what would be lost if the decision were taken back, and asks."""
    lost = carrying.written_since(draft, carrying.known(draft, row.key))
    asked = {"lost": lost, "knowing": carrying.fingerprint(lost)}
    if HtmxDetails(request):  # a row of the list
        context = {"going": going_through(draft), "row": row, "is_met": True, **asked}
        return render(request, "followup/carry/row.html", context, status=409)
    form = DecisionForm.begun(row, draft, places_of(draft))
    return show(request, draft, row, form, status=409, **asked)


def show_row(
    request: HttpRequest, draft: Revision, key: str, told: str, *, status: int = 200
) -> HttpResponse:
    """The row as it stands in the list, with what was done and how far the list has come."""
    going = going_through(draft)
    context = {"going": going, "row": going.row(key), "is_met": True, "told": told}
    return render(request, "followup/carry/row.html", context, status=status)


def back(request: HttpRequest, draft: Revision, key: str, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect(place_in_list(draft, key))


def place_in_list(draft: Revision, key: str) -> str:
    """The row's address in the list."""
    return reverse("carry-on", args=[draft.plan.slug]) + going_through(draft).place_of(key)


def sentence_of(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def words_for(draft: Revision, count: int) -> str:
    return counted(count, draft.plan.words.activity, draft.plan.words.activities)


def crumbs_to_going_through(draft: Revision) -> Crumbs:
    going_through = (_("Genomgång"), reverse("carry-on", args=[draft.plan.slug]))
    return crumbs_to_draft(draft.plan, draft, going_through)
