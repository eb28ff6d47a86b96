"""Pages on which an indicator's outcomes come in from a file."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplan.crumbs import Crumbs, crumbs_to
from actionplan.models import Indicator, Plan
from exchange.forms import FileForm
from exchange.pages import answer, load_upload, takes_files
from exchange.responses import xlsx_response
from exchange.steps import keep
from followup import loaders
from followup.importing import (
    PURPOSE,
    OutcomeSheet,
    about,
    carry_out_outcomes,
    look_through_outcomes,
    measuring,
)
from municipalities.access import signed_in
from publishing.languages import as_content


@takes_files
@transaction.non_atomic_requests  # the file is read through at once where there is no queue
def import_outcomes(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """Takes a file with the indicator's outcomes; its sender is told of them before anything is saved."""
    standing, measured = loaders.load_outcomes_to_import(request, plan, indicator)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        file, by = form.cleaned_data["file"], signed_in(request)
        upload = keep(file, purpose=PURPOSE, about=about(standing.plan, measured), by=by)
        look_through_outcomes.enqueue(str(upload.pk))
        return redirect("imported-outcomes", plan, indicator, upload.pk)
    found = measuring(standing.plan, measured)
    context = {
        "plan": standing.plan,
        "indicator": measured,
        "measuring": found,
        "columns": list(OutcomeSheet(found, signed_in(request)).columns.values()),
        "form": form,
        "crumbs": crumbs_to_indicator(standing.plan, measured),
    }
    return render(request, "followup/import_outcomes.html", context, status=422 if form.errors else 200)


@require_safe
def outcomes_to_fill_in(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """A workbook with what is said so far and a row for all that can be said, to fill in and import."""
    standing, measured = loaders.load_outcomes_to_import(request, plan, indicator)
    sheet = OutcomeSheet(measuring(standing.plan, measured), signed_in(request))
    return xlsx_response(request, [sheet.table()], f"{plan}-{indicator}-utfall")


@transaction.non_atomic_requests
def imported_outcomes(request: HttpRequest, plan: str, indicator: str, upload: Any) -> HttpResponse:
    """What would happen, a yes or a no, and how it went."""
    standing, measured = loaders.load_outcomes_to_import(request, plan, indicator)
    again = reverse("import-outcomes", args=[plan, indicator])
    found = load_upload(request, upload, PURPOSE, about(standing.plan, measured))
    context = {
        "kept": _("Rättelser är sparade som nya uppgifter; inget är överskrivet."),
        "crumbs": [*crumbs_to_indicator(standing.plan, measured), (_("Läs in utfall"), again)],
    }
    return answer(request, found, carry_out=carry_out_outcomes.enqueue, again=again, context=context)


def crumbs_to_indicator(plan: Plan, indicator: Indicator) -> Crumbs:
    title = as_content(indicator.short_name or indicator.name)
    return crumbs_to(plan, (title, reverse("indicator", args=[plan.slug, indicator.slug])))
