"""Where in the round a follow-up can stand, and what may be done in each stage: the one table of both."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where in the round a follow-up stands."""

    PLANNED = "planned", _("Planerad")
    OPEN = "open", _("Öppen för rapportering")
    CLOSED = "closed", _("Stängd för rapportering")
    PUBLISHED = "published", _("Publicerad")


class Deed(StrEnum):
    """What people do in a follow-up."""

    PLAN = "plan"
    """Set its dates, and say who reports what nobody responsible can."""
    REPORT = "report"
    """Say how it goes with an activity."""
    REVIEW = "review"
    """Write and send in how it goes with a challenge, and what is made of its goals."""
    ANSWER = "answer"
    """Return or approve what was sent in."""
    REMIND = "remind"
    """Remind those who have something left."""


ALLOWED = {
    Stage.PLANNED: {Deed.PLAN},
    Stage.OPEN: {Deed.PLAN, Deed.REPORT, Deed.REVIEW, Deed.ANSWER, Deed.REMIND},
    Stage.CLOSED: {Deed.PLAN, Deed.REVIEW, Deed.ANSWER, Deed.REMIND},
    Stage.PUBLISHED: set(),
}
"""What may be done in each stage. Outcomes belong to no follow-up, and may always be entered."""

MOVES = {
    Stage.PLANNED: {Stage.OPEN},
    Stage.OPEN: {Stage.CLOSED},
    Stage.CLOSED: {Stage.OPEN, Stage.PUBLISHED},
    Stage.PUBLISHED: {Stage.CLOSED},
}
"""Which stage may follow on which."""

EXPLAINED = {(Stage.PUBLISHED, Stage.CLOSED)}
"""The moves that whoever makes them gives a reason for."""

WHY_NOT = {
    Deed.PLAN: _("Året är publicerat och stängt. Öppna det för rättelse först."),
    Deed.REPORT: _("Uppföljningen är inte öppen för rapportering."),
    Deed.REVIEW: _("Uppföljningen tar inte emot texter om utmaningarna nu."),
    Deed.ANSWER: _("Uppföljningen tar inte emot beslut om utmaningarnas texter nu."),
    Deed.REMIND: _("Det finns inget att påminna om: uppföljningen pågår inte."),
}
"""What whoever tries a deed is told where the stage doesn't allow it."""


def allows(stage: str, deed: Deed) -> bool:
    return deed in ALLOWED[Stage(stage)]


def may_follow(before: str, after: str) -> bool:
    return Stage(after) in MOVES[Stage(before)]
