"""Fetching what a request may have of a follow-up: the loader is the check."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from actionplan.loaders import load_plan
from actionplan.models import Activity, Challenge, Indicator, YearlyTarget
from followup.models import FollowUp
from followup.models.stages import WHY_NOT, Deed
from followup.queries import Standpoint, standpoint
from municipalities.access import or_403, or_404
from municipalities.models import Municipality


def load_standpoint(request: HttpRequest, slug: str) -> Standpoint:
    """The plan and the year that its pages speak of to this reader; 404 where there is nothing to read."""
    return standpoint(load_plan(request, slug), request.user)


def load_followup(request: HttpRequest, slug: str, year: int) -> tuple[Standpoint, FollowUp]:
    """A year's follow-up; 404 for those who may not know of it."""
    standing = load_standpoint(request, slug)
    for followup in standing.plan.followups.all():
        if followup.year == year:
            return standing, or_404(request, "followup.read_followup", followup)
    raise Http404


def load_challenge(request: HttpRequest, slug: str, key: str) -> tuple[Standpoint, Challenge]:
    standing = load_standpoint(request, slug)
    challenges = Challenge.objects.select_related("area", "followup_owner")
    return standing, get_object_or_404(challenges, revision=standing.revision, key=key)


def load_activity(request: HttpRequest, slug: str, key: str) -> tuple[Standpoint, Activity]:
    """The activity in the revision spoken of, else in the latest adopted one that has it."""
    standing = load_standpoint(request, slug)
    revisions = [standing.revision, *(each for each in standing.plan.revisions.all() if each.is_adopted)]
    activities = Activity.objects.filter(key=key, revision__in=revisions).with_responsible()
    found = {each.revision_id: each for each in activities.select_related("challenge", "revision")}
    for revision in revisions:
        if revision.pk in found:
            return standing, found[revision.pk]
    raise Http404


def load_indicator(request: HttpRequest, slug: str, indicator: str) -> tuple[Standpoint, Indicator]:
    """An indicator that the revision spoken of has a target for."""
    standing = load_standpoint(request, slug)
    used = YearlyTarget.objects.filter(revision=standing.revision).values("indicator")
    return standing, get_object_or_404(Indicator, slug=indicator, pk__in=used)


def load_report_task(request: HttpRequest, slug: str, year: int, key: str) -> tuple[FollowUp, Activity]:
    """An activity of a year to report; 403 for those who may see the follow-up but not report this."""
    _standing, followup = load_followup(request, slug, year)
    activities = followup.activities().select_related("challenge").with_responsible()
    activity = get_object_or_404(activities, key=key)
    sentence = (
        _("Bara den som ansvarar för aktiviteten kan rapportera den.")
        if followup.allows(Deed.REPORT)
        else WHY_NOT[Deed.REPORT]
    )
    or_403(request, "followup.report_activity", (followup, activity), str(sentence))
    return followup, activity


def load_measure(
    request: HttpRequest, slug: str, year: int, indicator: str, municipality: str
) -> tuple[Standpoint, FollowUp, Indicator, Municipality]:
    """An outcome to enter: of an indicator that the year's revision has a target for, in one of the partners.

    403 for those who may see the follow-up but not enter this.
    """
    standing, followup = load_followup(request, slug, year)
    used = YearlyTarget.objects.filter(revision=followup.revision_id).values("indicator")
    measured = get_object_or_404(Indicator, slug=indicator, pk__in=used)
    partner = next((each for each in standing.plan.partners.all() if each.key == municipality), None)
    if partner is None:
        raise Http404
    sentence = _("Bara kommunens egen samordnare och planens redaktör kan lämna dess utfall.")
    or_403(request, "followup.enter_outcome", (followup, measured, partner), sentence)
    return standing, followup, measured, partner
