"""A plan's draft from its beginning until it is adopted, or thrown away."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from actionplan import drafting, editions, loaders
from actionplan.crumbs import crumbs_to_draft
from actionplan.deciding import FactsChanged, facts_of, set_facts
from actionplan.drafting import NotDrafted, draft_of
from actionplan.forms.draft import AdoptForm, CorrectionForm, DecisionForm, YearForm
from actionplan.gaps import gaps, not_gone_through
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved
from municipalities.unsent import unsent
from publishing.editions import NotPublished
from publishing.pdf import PdfError


def begin(request: HttpRequest, plan: str) -> HttpResponse:
    """Begins the plan's first draft, or next year's from what was decided last."""
    found = loaders.load_plan_to_edit(request, plan)
    base, years = drafting.base_of(found), drafting.years_to_begin(found)
    form = YearForm(request.POST if request.method == "POST" else None, years=years)
    if form.is_valid():
        try:
            draft = drafting.start(found, base, form.cleaned_data["year"], by=signed_in(request))
        except NotDrafted as refusal:
            form.add_error(None, str(refusal))
        else:
            told = _("Arbetsmaterialet för %(year)d är påbörjat. Bara de som deltar i planen kan läsa det.")
            messages.success(request, told % {"year": draft.year})
            return redirect("draft", found.slug)
    context = {
        "plan": found,
        "base": base,
        "years": years,
        "draft": draft_of(found),
        "form": form,
        "crumbs": crumbs_to_draft(found),
    }
    return render(request, "actionplan/draft/begin.html", context, status=422 if form.errors else 200)


def correct(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Begins a correction of what was decided for a year."""
    found = loaders.load_plan_to_edit(request, plan)
    revision = next((each for each in found.revisions.all() if each.year == year and each.is_adopted), None)
    if revision is None:
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            drafting.start_correction(revision, form.cleaned_data["correction"], by=signed_in(request))
        except NotDrafted as refusal:
            form.add_error(None, str(refusal))
        else:
            confirm_saved(request)
            told = _("Rättelsen är påbörjad. Planen för %(year)d gäller som den är tills du fastställer den.")
            messages.success(request, told % {"year": year})
            return redirect("draft", found.slug)
    context = {
        "plan": found,
        "revision": revision,
        "draft": draft_of(found),
        "form": form,
        "typed": [form.data["correction"]] if form.is_bound and form.data.get("correction") else [],
        "crumbs": crumbs_to_draft(found),
    }
    return render(request, "actionplan/draft/correct.html", context, status=422 if form.errors else 200)


def decide(request: HttpRequest, plan: str) -> HttpResponse:
    """Says who decided on the draft, when, and under what number."""
    draft = loaders.load_draft(request, plan)
    saved = facts_of(draft)
    if request.method == "POST":
        form = DecisionForm(request.POST, plan=draft.plan, saved=saved)
    else:
        form = DecisionForm(plan=draft.plan, saved=saved, kept=unsent(request, signed_in(request)))
    changed = False
    if form.is_valid():
        try:
            set_facts(draft, form.facts, seen=form.cleaned_data["seen"], by=signed_in(request))
        except FactsChanged as refusal:
            changed = True
            form.show_again(saved)
            form.add_error(None, str(refusal))
        else:
            confirm_saved(request)
            messages.success(request, _("Beslutet är sparat."))
            return redirect("draft", draft.plan.slug)
    context = {
        "draft": draft,
        "form": form,
        "saved": saved if changed else None,
        "crumbs": crumbs_to_draft(draft.plan, draft),
    }
    return render(request, "actionplan/draft/decide.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def adopt(request: HttpRequest, plan: str) -> HttpResponse:
    """Adopts the draft, once confirmed; its PDF is made outside of any transaction."""
    draft = loaders.load_draft(request, plan)
    form = AdoptForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            edition = editions.adopt(draft, seen=form.cleaned_data["seen"], by=signed_in(request))
        except (NotPublished, PdfError) as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"year": draft.year, "edition": edition.edition}
            told = _("Planen för %(year)d är fastställd och publicerad, utgåva %(edition)d.")
            messages.success(request, told % words)
            return redirect("revision", draft.plan.slug, draft.year)
    fingerprint, proposed = editions.proposal(draft)
    context = {
        "draft": draft,
        "fingerprint": fingerprint,
        "decisions": proposed.decisions if proposed else (),
        "gaps": gaps(proposed, remaining=not_gone_through(draft)) if proposed else None,
        "form": form,
        "crumbs": crumbs_to_draft(draft.plan, draft),
    }
    return render(request, "actionplan/draft/adopt.html", context, status=422 if form.errors else 200)


def discard(request: HttpRequest, plan: str) -> HttpResponse:
    """Throws the draft away, once confirmed."""
    draft = loaders.load_draft(request, plan)
    if request.method == "POST":
        drafting.discard(draft, by=signed_in(request))
        messages.success(request, _("Arbetsmaterialet är kastat. Vad som stod i det finns kvar i loggen."))
        return redirect("draft", draft.plan.slug)
    context = {"draft": draft, "crumbs": crumbs_to_draft(draft.plan, draft)}
    return render(request, "actionplan/draft/discard.html", context)
