"""The plan as it stood on a day that has been."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from actionplan.crumbs import crumbs_to
from actionplan.loaders import load_plan
from actionplan.models import Plan
from followup import loaders
from followup.forms.days import DayForm
from followup.reports.then import plan_then


@require_safe
def choose_day(request: HttpRequest, plan: str) -> HttpResponse:
    """Which day; leads there."""
    found = load_plan(request, plan)
    form = DayForm(request.GET or None)
    if form.is_valid():
        return redirect("plan-at", plan, form.cleaned_data["dag"].isoformat())
    return to_choose(request, found, form)


@require_safe
def plan_at(request: HttpRequest, plan: str, day: str) -> HttpResponse:
    """The plan as it stood at the end of the day, as far as the reader could know it then."""
    form = DayForm({"dag": day})
    if not form.is_valid():
        return to_choose(request, load_plan(request, plan), form)
    found = loaders.load_day(request, plan, form.cleaned_data["dag"])
    then = plan_then(found, request.user)
    if then is None:
        return to_choose(request, found.plan, form, day=found.day, first=found.first)
    context = {"plan": found.plan, "then": then, "form": form, "crumbs": crumbs_to(found.plan)}
    return render(request, "followup/then/plan.html", context)


def to_choose(request: HttpRequest, plan: Plan, form: DayForm, **context: object) -> HttpResponse:
    """The form, with a sentence where the day can't be, or nothing had been published on it."""
    context |= {"plan": plan, "form": form, "crumbs": crumbs_to(plan)}
    return render(request, "followup/then/choose.html", context)
