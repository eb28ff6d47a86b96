"""A report by value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from followup.models import Status, StatusReport

DEVIATING = (Status.DELAYED, Status.CANCELLED)
"""The statuses that ask for a reason and for what is done about it."""


@dataclass(frozen=True)
class Said:
    """What was said of an activity, for whom, by whom and when. What everyone may read names nobody."""

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


def said(report: StatusReport, *, by_name: bool = True) -> Said:
    """The report by value, without a name unless `by_name`.

    A reason from before is left out once the activity no longer deviates.
    """
    deviates = report.status in DEVIATING
    return Said(
        number=report.number,
        status=report.status,
        status_label=report.get_status_display(),
        comment=report.comment,
        result=report.result,
        reason=report.reason if deviates else "",
        action=report.action if deviates else "",
        link=report.link,
        organisation=report.organisation.short_name,
        author=str(report.author) if report.author and by_name else "",
        written_at=report.written_at,
    )
