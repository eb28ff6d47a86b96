"""Fetching what a request may have: the loader is the check."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from actionplan.models import Plan, Revision
from municipalities.access import or_404


def load_plan(request: HttpRequest, slug: str) -> Plan:
    """The plan with its owner, partners and revisions; 404 for those who may not know of it."""
    plan = get_object_or_404(Plan.objects.with_parties(), slug=slug)
    return or_404(request, "actionplan.read_plan", plan)


def load_revision(request: HttpRequest, slug: str, year: int) -> Revision:
    """The plan as decided for `year`; 404 for those who may not know of it."""
    plan = load_plan(request, slug)
    for revision in plan.revisions.all():
        if revision.year == year:
            return or_404(request, "actionplan.read_revision", revision)
    raise Http404
