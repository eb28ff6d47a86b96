"""What has happened: the yearly follow-up, its reports and the outcomes that indicators show."""

from followup.models.comparing import AreaKind, ComparedArea, ComparedValue
from followup.models.notices import Notice, NoticeKind, WhyNot
from followup.models.numbered import Conflict, NumberedRow
from followup.models.outcomes import MissingReason, Outcome
from followup.models.reports import NO_REPORT, Status, StatusReport
from followup.models.reviews import ChallengeReview, GoalAssessment, ReviewState, Verdict
from followup.models.rounds import Assignment, FollowUp
from followup.models.stages import Deed, Stage

__all__ = [
    "NO_REPORT",
    "AreaKind",
    "Assignment",
    "ChallengeReview",
    "ComparedArea",
    "ComparedValue",
    "Conflict",
    "Deed",
    "FollowUp",
    "GoalAssessment",
    "MissingReason",
    "Notice",
    "NoticeKind",
    "NumberedRow",
    "Outcome",
    "ReviewState",
    "Stage",
    "Status",
    "StatusReport",
    "Verdict",
    "WhyNot",
]
