"""A plan that begins from nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from actionplan.crumbs import crumbs_to_plans
from actionplan.drafting import NotDrafted, start_plan
from actionplan.forms.plans import PlanForm
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved


def new_plan(request: HttpRequest) -> HttpResponse:
    """Makes a plan and the draft of its first year, and leads to whoever is to write it."""
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        partners = form.cleaned_data["partners"]
        try:
            plan = start_plan(form.save(commit=False), partners, by=signed_in(request))
        except NotDrafted as refusal:
            form.add_error("slug", str(refusal))
        else:
            confirm_saved(request)
            told = _("%(plan)s är upplagd. Bjud in den som ska skriva den som redaktör i %(owner)s.")
            messages.success(request, told % {"plan": plan.title, "owner": plan.owner.name})
            return redirect("draft", plan.slug)
    context = {"form": form, "crumbs": crumbs_to_plans()}
    return render(request, "actionplan/new_plan.html", context, status=422 if form.errors else 200)
