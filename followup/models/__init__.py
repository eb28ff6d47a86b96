"""What has happened: the yearly follow-up, its reports and the outcomes that indicators show."""

from followup.models.numbered import Conflict, NumberedRow
from followup.models.outcomes import MissingReason, Outcome
from followup.models.reports import NO_REPORT, Status, StatusReport
from followup.models.rounds import Assignment, FollowUp, Stage

__all__ = [
    "NO_REPORT",
    "Assignment",
    "Conflict",
    "FollowUp",
    "MissingReason",
    "NumberedRow",
    "Outcome",
    "Stage",
    "Status",
    "StatusReport",
]
