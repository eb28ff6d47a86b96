"""An activity and its story: what has been said of it, year by year."""

from __future__ import annotations

from dataclasses import dataclass

from actionplan.models import Activity
from actionplan.models.rows import runs_in
from followup.queries import Standpoint
from followup.reports.said import Said, said


@dataclass(frozen=True)
class YearOfStory:
    """What has been said of the activity in a year: the current report first, then those before it."""

    year: int
    is_example: bool
    reports: tuple[Said, ...]

    @property
    def current(self) -> Said | None:
        return self.reports[0] if self.reports else None

    @property
    def earlier(self) -> tuple[Said, ...]:
        return self.reports[1:]


def activity_story(standing: Standpoint, activity: Activity) -> tuple[YearOfStory, ...]:
    """The years that the reader may see and the activity was in, the latest first, in one statement.

    It was in a year that its own years include, and in one that has a report on it, whatever has been decided
    of its years since; the key tells that it is the same.
    """
    rows = standing.reports().filter(activity__key=activity.key)
    reports = list(rows.select_related("organisation", "author").order_by("-number"))
    reported = {row.followup_id for row in reports}
    return tuple(
        YearOfStory(
            year=followup.year,
            is_example=followup.is_example,
            reports=tuple(said(row) for row in reports if row.followup_id == followup.pk),
        )
        for followup in sorted(standing.followups, key=lambda each: -each.year)
        if followup.pk in reported or runs_in(activity.first_year, activity.last_year, followup.year)
    )
