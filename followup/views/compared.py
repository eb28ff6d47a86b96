"""The page on which a plan's editors choose what its outcomes are compared with."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.crumbs import crumbs_to
from actionplan.models import Plan
from followup import loaders
from followup.compared import THE_COUNTRY, choose, find_areas, leave
from followup.forms.compared import Choice, ChooseAreaForm, FindAreasForm
from followup.models import ComparedArea
from kolada.client import NotFetched
from municipalities.access import signed_in
from publishing.formats import swedish_key

SHOWN = 50


@transaction.non_atomic_requests  # Kolada is asked for its areas
def comparison(request: HttpRequest, plan: str) -> HttpResponse:
    """What the plan is compared with, and a search for more."""
    found = loaders.load_plan_to_compare(request, plan)
    if request.method != "POST":
        return show(request, found, FindAreasForm(request.GET))
    form = ChooseAreaForm(request.POST)
    search = FindAreasForm(request.POST)
    if not form.is_valid():
        return show(request, found, search, trouble=_("Välj ett område i listan."), status=422)
    try:
        sentence = carry_out(request, found, form)
    except NotFetched as error:
        return show(request, found, search, trouble=error.sentence, status=422)
    except ValidationError as error:
        return show(request, found, search, trouble=" ".join(error.messages), status=422)
    messages.success(request, sentence)
    words = form.cleaned_data["words"]
    return redirect(reverse("comparison", args=[plan]) + (f"?{urlencode({'words': words})}" if words else ""))


def carry_out(request: HttpRequest, plan: Plan, form: ChooseAreaForm) -> str:
    """Does what was chosen; a sentence that says so."""
    code, by = form.cleaned_data["code"], signed_in(request)
    if form.cleaned_data["choice"] == Choice.REMOVE:
        leave(plan, code, by=by)
        return _("Borttaget ur jämförelsen.")
    area = choose(plan, code, by=by)
    return _("%(area)s är med i jämförelsen. Värdena kommer när utfallen hämtas från Kolada.") % {
        "area": area
    }


def show(
    request: HttpRequest, plan: Plan, form: FindAreasForm, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    chosen = sorted(ComparedArea.objects.filter(plan=plan), key=lambda each: swedish_key(each.title))
    taken = {each.code for each in chosen} | {each.municipal_code for each in plan.partners.all()}
    words = form.cleaned_data["words"] if form.is_valid() else ""
    found = None
    if words and not trouble:
        try:
            found = [each for each in find_areas(words) if each.code not in taken]
        except NotFetched as error:
            trouble = error.sentence
    context = {
        "plan": plan,
        "chosen": chosen,
        "country": None if THE_COUNTRY.code in taken else THE_COUNTRY,
        "form": form,
        "words": words,
        "found": found and found[:SHOWN],
        "count": len(found or []),
        "has_asked": found is not None,
        "trouble": trouble,
        "crumbs": crumbs_to(plan),
    }
    return render(request, "followup/compare/choose.html", context, status=422 if form.errors else status)
