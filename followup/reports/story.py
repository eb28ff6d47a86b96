"""An activity and its story: what has been said of it, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actionplan.models import Activity
from followup.models import StatusReport
from followup.queries import Standpoint


@dataclass(frozen=True)
class Said:
    """A report: what was said, for whom, by whom and when."""

    number: int
    status: str
    status_label: str
    comment: str
    result: str
    reason: str
    action: str
    link: str
    organisation: str
    author: str
    written_at: datetime


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
    """The years that the reader may see, the latest first, in one statement; the key tells it's the same."""
    rows = StatusReport.objects.filter(followup__in=standing.followups, activity__key=activity.key)
    reports = list(rows.select_related("organisation", "author").order_by("-number"))
    followed_up = [each for each in standing.followups if followed(activity, each.year)]
    return tuple(
        YearOfStory(
            year=followup.year,
            is_example=followup.is_example,
            reports=tuple(said(row) for row in reports if row.followup_id == followup.pk),
        )
        for followup in sorted(followed_up, key=lambda each: -each.year)
    )


def followed(activity: Activity, year: int) -> bool:
    return (activity.first_year is None or activity.first_year <= year) and (
        activity.last_year is None or activity.last_year >= year
    )


def said(report: StatusReport) -> Said:
    return Said(
        number=report.number,
        status=report.status,
        status_label=report.get_status_display(),
        comment=report.comment,
        result=report.result,
        reason=report.reason,
        action=report.action,
        link=report.link,
        organisation=report.organisation.short_name,
        author=str(report.author) if report.author else "",
        written_at=report.written_at,
    )
