"""The way from the start page to where the reader is."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.facts import PlanFacts
from actionplan.models import Plan

Crumbs = list[tuple[str, str]]
"""Pairs of title and address; the page itself is left out."""


def crumbs_to_plans() -> Crumbs:
    return [(_("Planer"), reverse("start"))]


def crumbs_to(plan: Plan | PlanFacts, *further: tuple[str, str]) -> Crumbs:
    """The way to below a plan's page."""
    return [*crumbs_to_plans(), (plan.title, reverse("plan", args=[plan.slug])), *further]
