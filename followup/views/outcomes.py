"""Pages on which people say what an indicator shows in their municipality."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from followup import loaders
from followup.forms.outcomes import OutcomeForm
from followup.measuring import enter_outcome as enter
from followup.measuring import saved_sentence
from followup.models import Conflict
from followup.queries import outcome_rows
from followup.reports.outcome import outcome_page
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved
from municipalities.unsent import unsent


def enter_outcome(
    request: HttpRequest, plan: str, year: int, indicator: str, municipality: str
) -> HttpResponse:
    """Says what the indicator shows, or why there is no value, unless someone else has meanwhile."""
    standing, followup, measured, partner = loaders.load_measure(request, plan, year, indicator, municipality)
    rows = outcome_rows(measured, partner, year)
    latest = rows.first()
    conflict = is_kept = False
    if request.method == "POST":
        form = OutcomeForm(request.POST, indicator=measured)
        if form.is_valid():
            try:
                by = signed_in(request)
                written = enter(measured, partner, year, form.said(), seen=form.saw, by=by)
            except Conflict:
                pass
            else:
                confirm_saved(request)
                messages.success(request, saved_sentence(written))
                return redirect("enter-outcome", plan, year, indicator, municipality)
        latest = rows.first()
        conflict = latest is not None and latest.number > form.saw
        form = form.after(latest)
    else:
        form = OutcomeForm.holding(latest, measured)
        if kept := unsent(request, signed_in(request)):
            form.go_on_from(kept)
            is_kept = True
    context = {
        "followup": followup,
        "indicator": measured,
        "municipality": partner,
        "page": outcome_page(standing, followup, measured, partner),
        "form": form,
        "conflict": conflict,
        "is_kept": is_kept,
        "crumbs": [(_("Att göra"), reverse("to-do"))],
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "followup/outcome.html", context, status=status)
