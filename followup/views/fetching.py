"""Pages on which outcomes are fetched from Kolada, and on which an indicator becomes another KPI."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.crumbs import crumbs_to
from actionplan.models import Indicator, Plan
from actionplan.series import break_series as break_the_series
from exchange.models import Upload
from exchange.pages import answer, load_upload
from exchange.steps import begin
from followup import loaders
from followup.fetching import (
    PURPOSE,
    SOURCE,
    asked_of,
    carry_out_fetched,
    fetched_last,
    look_through_fetched,
    name_of,
    wanted,
)
from followup.forms.fetching import BreakForm, FetchForm
from followup.views.importing import crumbs_to_indicator
from municipalities.access import may, signed_in


@transaction.non_atomic_requests  # Kolada is asked at once where there is no queue
def fetch_outcomes(request: HttpRequest, plan: str) -> HttpResponse:
    """Has the outcomes of a plan's indicators fetched; they are told of before anything is saved."""
    found = loaders.load_plan_to_fetch(request, plan)
    asked = wanted(found)
    form = FetchForm(request.POST if request.method == "POST" else None, offered=asked.measures)
    if form.is_valid():
        chosen = {"indicators": form.cleaned_data["indicators"]}
        upload = begin(SOURCE, purpose=PURPOSE, about=found.slug, by=signed_in(request), asked=chosen)
        look_through_fetched.enqueue(str(upload.pk))
        return redirect("fetched-outcomes", plan, upload.pk)
    context = {
        "plan": found,
        "wanted": asked,
        "fetched_last": fetched_last(asked),
        "form": form,
        "crumbs": crumbs_to(found),
    }
    return render(request, "followup/fetch/fetch.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def fetched_outcomes(request: HttpRequest, plan: str, upload: Any) -> HttpResponse:
    """What is new, changed and gone in Kolada, a yes or a no, and how it went."""
    found = loaders.load_plan_to_fetch(request, plan)
    again = reverse("fetch-outcomes", args=[plan])
    fetched = load_upload(request, upload, PURPOSE, found.slug)
    context = {
        "plan": found,
        "doubted": doubted(request, found, fetched),
        "forgotten": _("Inget sparades."),
        "crumbs": [*crumbs_to(found), (_("Hämta utfall från Kolada"), again)],
    }
    return answer(
        request,
        fetched,
        carry_out=carry_out_fetched.enqueue,
        again=again,
        context=context,
        template="followup/fetch/fetched.html",
    )


def doubted(request: HttpRequest, plan: Plan, fetched: Upload) -> list[Indicator]:
    """The indicators whose KPI may be another one now, of which the reader may say that it is."""
    if not fetched.is_told or fetched.would is None:
        return []
    names = {sheet.name for sheet in fetched.would.sheets if sheet.remarks}
    if not names:
        return []
    found = [each for each in wanted(plan, asked_of(fetched)).indicators if name_of(each) in names]
    return [each for each in found if may(request, "actionplan.break_series", each)]


def break_series(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """Says that an indicator is another KPI from a year on."""
    standing, found = loaders.load_series_to_break(request, plan, indicator)
    form = BreakForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = break_the_series(
                found, said["year"], said["kolada_id"], said["note"], by=signed_in(request)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            sentence = _("Från %(year)d är indikatorn %(measure)s. Hämta värdena igen, så kommer de nya med.")
            messages.success(request, sentence % {"year": made.year, "measure": made.kolada_id})
            return redirect("fetch-outcomes", plan)
    context = {
        "plan": standing.plan,
        "indicator": found,
        "breaks": sorted(found.series_breaks.all(), key=lambda each: each.year),
        "form": form,
        "crumbs": crumbs_to_indicator(standing.plan, found),
    }
    return render(request, "followup/fetch/break_series.html", context, status=422 if form.errors else 200)
