"""A plan's activities by status, year after year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from actionplan.models import Activity
from actionplan.models.rows import runs_in
from followup.counts import StatusCounts
from followup.models import Stage
from followup.queries import Standpoint


@dataclass(frozen=True)
class YearCounts:
    """How it went, or is going, with the activities that a year follows up."""

    year: int
    counts: StatusCounts


def counts_by_year(standing: Standpoint) -> tuple[YearCounts, ...]:
    """The years that the reader may see, the first of them first, in two statements; none unless several."""
    followups = sorted(
        (each for each in standing.followups if each.stage != Stage.PLANNED), key=lambda each: each.year
    )
    if len(followups) < 2:
        return ()
    activities = defaultdict(list)
    decided = Activity.objects.filter(revision__in={each.revision_id for each in followups})
    for pk, revision, first, last in decided.values_list("pk", "revision_id", "first_year", "last_year"):
        activities[revision].append((pk, first, last))
    said = standing.reports().order_by("number").values_list("followup_id", "activity_id", "status")
    statuses = {(followup, activity): status for followup, activity, status in said}
    return tuple(
        YearCounts(
            each.year,
            StatusCounts.of(
                statuses.get((each.pk, activity))
                for activity, first, last in activities[each.revision_id]
                if runs_in(first, last, each.year)
            ),
        )
        for each in followups
    )
