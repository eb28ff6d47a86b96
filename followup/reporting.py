"""Saying how it goes with an activity: one deed, all or nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from actionplan.models import Activity
from followup.models import Conflict, FollowUp, StatusReport
from followup.models.stages import Deed
from followup.queries import reporting_organisation
from municipalities.models import User


def current_report(followup: FollowUp, activity: Activity) -> StatusReport | None:
    """The latest report of the activity, with who wrote it and for whom."""
    reports = StatusReport.objects.filter(followup=followup, activity=activity)
    return reports.select_related("author", "organisation").order_by("-number").first()


def numbered_report(followup: FollowUp, activity: Activity, number: int) -> StatusReport | None:
    """The activity's report of that number; None before the first one."""
    reports = StatusReport.objects.filter(followup=followup, activity=activity, number=number)
    return reports.select_related("author", "organisation").first()


def write_report(
    followup: FollowUp, activity: Activity, said: dict[str, Any], *, seen: int, by: User
) -> StatusReport:
    """Writes what `by` says as the row after number `seen`, which they saw.

    Saying once more what one has said writes nothing and gives the row that says it: a double click, or a
    form that was sent unchanged, leaves no row. Raises Conflict, and writes nothing, when someone else's row
    came between; PermissionDenied when the follow-up has just been closed.
    """
    followup.hold(Deed.REPORT)
    if already := said_already(followup, activity, said, by):
        return already
    report = StatusReport(
        followup=followup,
        activity=activity,
        organisation=reporting_organisation(by, followup, activity),
        author=by,
        **said,
    )
    try:
        report.write_after(seen)
    except Conflict:  # perhaps with the same, that was sent twice in the same moment
        if already := said_already(followup, activity, said, by):
            return already
        raise
    return report


def said_already(
    followup: FollowUp, activity: Activity, said: dict[str, Any], by: User
) -> StatusReport | None:
    """The latest report, if it is by the same person and says the same."""
    latest = current_report(followup, activity)
    return latest if latest is not None and latest.author == by and says(latest) == said else None


def says(report: StatusReport | None) -> dict[str, str]:
    """What a report says, by field, as a form has it; nothing where there is none."""
    return {name: getattr(report, name) if report else "" for name in SAID}


SAID = ("status", "comment", "result", "reason", "action", "link")


def saved_sentence(report: StatusReport) -> str:
    return _("Läget är sparat: %(activity)s – %(status)s.") % {
        "activity": report.activity.title,
        "status": report.get_status_display(),
    }
