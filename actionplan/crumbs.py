"""The way from the start page to where the reader is."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.facts import PlanFacts
from actionplan.models import Plan, Revision
from municipalities.access import may
from publishing.languages import as_content

Crumbs = list[tuple[str, str]]
"""Pairs of title and address; the page itself is left out."""


def crumbs_to_plans() -> Crumbs:
    return [(_("Planer"), reverse("start"))]


def crumbs_to(plan: Plan | PlanFacts, *further: tuple[str, str]) -> Crumbs:
    """The way to below a plan's page."""
    return [*crumbs_to_plans(), (as_content(plan.title), reverse("plan", args=[plan.slug])), *further]


def crumbs_to_draft(plan: Plan, draft: Revision | None = None, *further: tuple[str, str]) -> Crumbs:
    """The way to below the draft; to the plan's page where there is none."""
    if draft is None:
        return crumbs_to(plan)
    title = _("Arbetsmaterial %(year)d") % {"year": draft.year}
    return crumbs_to(plan, (title, reverse("draft", args=[plan.slug])), *further)


def crumbs_to_version(request: HttpRequest, revision: Revision) -> Crumbs:
    """The way to what is read of a revision: by the draft's own page for those who write it."""
    if revision.is_adopted or not may(request, "actionplan.edit_draft", revision.plan):
        return crumbs_to(revision.plan)
    return crumbs_to_draft(revision.plan, revision)
