"""The page that lays two versions of a plan side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from actionplan.crumbs import crumbs_to, crumbs_to_version
from actionplan.editions import compare_versions
from actionplan.forms.comparing import CompareForm
from actionplan.versions import load_versions
from publishing.parts import Window


@require_safe
def compare_revisions(request: HttpRequest, plan: str) -> HttpResponse:
    """What has changed from one version of the plan to another, as the reader chooses."""
    found, versions = load_versions(request, plan)
    form = CompareForm(request.GET, versions=versions)
    before, after = form.pair() or (None, None)
    if before and after:
        form = CompareForm({"fran": before.value, "till": after.value}, versions=versions)
    comparison = compare_versions(before, after) if before and after else None
    window = Window(request)
    groups = comparison.groups_in(window) if comparison else ()
    asked = urlencode({"fran": before.value, "till": after.value}) if before and after else ""
    context = {
        "plan": found,
        "form": form if len(versions) > 1 else None,
        "before": before,
        "after": after,
        "is_draft": any(each and not each.revision.is_adopted for each in (before, after)),
        "comparison": comparison,
        "groups": groups,
        "window": window,
        "pages": window.pages(f"{asked}&"),
        "crumbs": crumbs_to_version(request, after.revision) if after else crumbs_to(found),
    }
    return render(request, "actionplan/compare.html", context)
