"""Days that have been: what of a plan had been published at the end of one, and what its readers knew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import rules
from django.db.models import prefetch_related_objects
from django.utils.timezone import localdate, make_aware

from actionplan.models import Plan, Revision
from followup.models import FollowUp, Stage, StatusReport
from followup.queries import Standpoint, reads
from municipalities.models import Municipality
from publishing.models import Publication

if TYPE_CHECKING:
    from followup.queries import Reader


@dataclass(frozen=True)
class Day:
    """What had been published of a plan at the end of a day.

    `revision`: the one in force then; None where there was none. `first`: the first day that some was.
    `editions`: the latest then of each document, by its name, without what is large in it.
    """

    plan: Plan
    day: date
    revision: Revision | None
    editions: Mapping[str, Publication]
    first: date | None

    @property
    def end(self) -> datetime:
        return make_aware(datetime.combine(self.day, time.max))

    def published_at(self, followup: FollowUp) -> datetime | None:
        """When the latest edition then of the follow-up had been published; None where there was none."""
        edition = self.editions.get(followup.document)
        return edition.published_at if edition else None


def day_of(plan: Plan, day: date) -> Day:
    """The day, in two statements. The plan comes `with_parties`."""
    prefetch_related_objects([plan], "followups")
    revisions = {each.document: each for each in plan.revisions.all() if not each.is_correction}
    every = Publication.objects.of_any([*revisions, *(each.document for each in plan.followups.all())])
    editions: dict[str, Publication] = {}
    for edition in every:
        if localdate(edition.published_at) <= day:
            editions.setdefault(edition.document, edition)
    published = [each for document, each in revisions.items() if document in editions]
    in_force_since = (
        max(localdate(each.published_at), date(revisions[each.document].year, 1, 1))
        for each in every
        if each.document in revisions
    )
    return Day(
        plan=plan,
        day=day,
        revision=next((each for each in published if each.year <= day.year), None),
        editions=editions,
        first=min(in_force_since, default=None),
    )


def standpoint_at(
    day: Day, revision: Revision, reader: Reader, *, partners: tuple[Municipality, ...]
) -> Standpoint:
    """Where the plan's pages stood for the reader then. Takes a statement for those who take part.

    A follow-up that had no edition was under way for them if it had opened, or somebody had reported in it.
    """
    every = list(day.plan.followups.all())
    inside = [each for each in every if reads(reader, "followup.read_under_way", each)]
    begun = begun_by(day, inside)
    known = {each.pk: moment for each in every if (moment := day.published_at(each))}
    followups = tuple(each for each in every if each.pk in known or each in begun)
    followup = next((each for each in followups if each.pk not in known), next(iter(followups), None))
    return Standpoint(
        plan=day.plan,
        year=followup.year if followup else revision.year,
        revision=revision,
        followup=followup,
        followups=followups,
        sees_all_outcomes=rules.has_perm("followup.read_all_outcomes", reader, day.plan),
        at=day.end,
        until={**known, **{each.pk: day.end for each in inside}},
        partners_then=partners,
    )


def begun_by(day: Day, followups: list[FollowUp]) -> list[FollowUp]:
    """Those that had opened on the day, or in which somebody had reported."""
    if not followups:
        return []
    reports = StatusReport.objects.filter(followup__in=followups, written_at__lte=day.end)
    reported = set(reports.order_by().values_list("followup", flat=True).distinct())
    return [
        each
        for each in followups
        if each.pk in reported or (each.stage != Stage.PLANNED and each.has_opened(day.day))
    ]
