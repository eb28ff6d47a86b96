"""What was decided: plans, their yearly revisions and the rows of each."""

from actionplan.models.decided import Decision, Ending, How
from actionplan.models.indicators import Direction, Indicator, SeriesBreak
from actionplan.models.plans import DocumentType, Plan, Revision, State, Words, words_of
from actionplan.models.rows import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Goal,
    Operator,
    Over,
    Part,
    Placement,
    Responsibility,
    Row,
    Term,
    YearlyTarget,
)
from actionplan.models.tables import KnownTable

__all__ = [
    "Activity",
    "Area",
    "Challenge",
    "Chapter",
    "Decision",
    "Direction",
    "DocumentType",
    "Ending",
    "Goal",
    "How",
    "Indicator",
    "KnownTable",
    "Operator",
    "Over",
    "Part",
    "Placement",
    "Plan",
    "Responsibility",
    "Revision",
    "Row",
    "SeriesBreak",
    "State",
    "Term",
    "Words",
    "YearlyTarget",
    "words_of",
]
