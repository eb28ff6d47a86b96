"""What a follow-up owner says of a challenge in a year, and what is made of its goals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from actionplan.models import Challenge, Goal
from followup.models.numbered import NumberedQuerySet, NumberedRow, OfAYearQuerySet
from followup.models.rounds import FollowUp


class Verdict(models.TextChoices):
    """How a goal or a target came out."""

    MET = "met", _("Uppnått")
    PARTLY_MET = "partly_met", _("Delvis uppnått")
    NOT_MET = "not_met", _("Ej uppnått")
    CANNOT_BE_JUDGED = "cannot_be_judged", _("Kan ej bedömas")


class ReviewState(models.TextChoices):
    """How far a review has come on its way from the follow-up owner to the editor."""

    DRAFT = "draft", _("Påbörjad")
    SUBMITTED = "submitted", _("Inskickad")
    RETURNED = "returned", _("Returnerad")
    APPROVED = "approved", _("Godkänd")


FOLLOWS = {
    None: {ReviewState.DRAFT, ReviewState.SUBMITTED},
    ReviewState.DRAFT: {ReviewState.DRAFT, ReviewState.SUBMITTED},
    ReviewState.SUBMITTED: {ReviewState.DRAFT, ReviewState.RETURNED, ReviewState.APPROVED},
    ReviewState.RETURNED: {ReviewState.DRAFT, ReviewState.SUBMITTED},
    ReviewState.APPROVED: {ReviewState.DRAFT, ReviewState.RETURNED},
}
"""Which state may follow on which; None before anybody has written.

A draft after what was sent in takes it back, and one after what was approved takes it up again.
"""

ANSWERS = (ReviewState.RETURNED, ReviewState.APPROVED)
"""The states in which the editor leaves a review; the follow-up owner leaves it in the others."""


def may_follow(before: str | None, after: str) -> bool:
    """Whether a review in state `before`, None when there is none, may become `after`."""
    return ReviewState(after) in FOLLOWS[ReviewState(before) if before else None]


class ChallengeReviewManager(models.Manager.from_queryset(OfAYearQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str, year: int, key: str, number: int) -> Any:
        return self.get(followup__plan__slug=slug, followup__year=year, challenge__key=key, number=number)


class ChallengeReview(NumberedRow):
    """A challenge's follow-up as somebody left it: each saving, sending, return and approval is a row."""

    followup = models.ForeignKey(
        FollowUp, models.PROTECT, verbose_name=_("uppföljning"), related_name="reviews"
    )
    challenge = models.ForeignKey(
        Challenge, models.PROTECT, verbose_name=_("utmaning"), related_name="reviews"
    )
    state = models.CharField(_("läge"), max_length=10, choices=ReviewState)
    purpose = models.TextField(_("hur det går med syftet"), blank=True)
    deviations = models.TextField(_("avvikelser och vad som görs åt dem"), blank=True)
    proposals = models.TextField(_("förslag till nästa revidering"), blank=True)
    note = models.TextField(_("vad som behöver ändras"), blank=True)

    objects = ChallengeReviewManager()  # type: ignore[misc]

    subject = ("followup", "challenge")

    class Meta:
        verbose_name = _("utmaningens uppföljning")
        verbose_name_plural = _("utmaningarnas uppföljning")
        ordering = ["followup", "challenge", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "challenge", "number"], name="a_review_is_never_overwritten"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="reviews_are_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(state=ReviewState.DRAFT) | ~Q(purpose=""),
                name="a_review_sent_in_tells_of_the_purpose",
                violation_error_message=_("Skriv hur det går med syftet innan du skickar in."),
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.RETURNED) ^ Q(note=""),
                name="a_returned_review_tells_what_to_change",
                violation_error_message=_("Skriv vad som behöver ändras."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge}: {self.get_state_display()}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.followup.natural_key(), self.challenge.key, self.number)

    natural_key.dependencies = ["followup.followup", "actionplan.challenge"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Raises ValidationError when the challenge isn't of the revision that the year follows up."""
        if not self.followup_id or not self.challenge_id:
            return
        if self.challenge.revision_id != self.followup.revision_id:
            raise ValidationError({"challenge": _("Utmaningen ingår inte i årets uppföljning.")})


class GoalAssessmentQuerySet(NumberedQuerySet):
    def approved(self, *, until: datetime | None = None) -> GoalAssessmentQuerySet:
        """The latest of each goal whose challenge has a review that is approved; `until`: as it was then."""
        reviews = ChallengeReview.objects.filter(
            followup=OuterRef("followup"), challenge=OuterRef("goal__challenge")
        )
        rows = GoalAssessment.objects.filter(followup=OuterRef("followup"), goal=OuterRef("goal"))
        if until is not None:
            reviews, rows = reviews.filter(written_at__lte=until), rows.filter(written_at__lte=until)
        state, number = (
            Subquery(latest.order_by("-number").values(name)[:1])
            for latest, name in ((reviews, "state"), (rows, "number"))
        )
        return self.alias(review_state=state).filter(review_state=ReviewState.APPROVED, number=number)


class GoalAssessmentManager(models.Manager.from_queryset(GoalAssessmentQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str, year: int, key: str, number: int) -> Any:
        return self.get(followup__plan__slug=slug, followup__year=year, goal__key=key, number=number)


class GoalAssessment(NumberedRow):
    """What a follow-up owner makes of a goal: a verdict of their own, and what is done where it isn't met.

    It belongs to the review of the goal's challenge, is written with it, and holds when that is approved.
    """

    followup = models.ForeignKey(
        FollowUp, models.PROTECT, verbose_name=_("uppföljning"), related_name="assessments"
    )
    goal = models.ForeignKey(Goal, models.PROTECT, verbose_name=_("mål"), related_name="assessments")
    verdict = models.CharField(
        _("egen bedömning"),
        max_length=20,
        choices=Verdict,
        blank=True,
        help_text=_("Tom när den uträknade bedömningen gäller."),
    )
    reason = models.TextField(_("varför"), blank=True)
    action = models.TextField(_("åtgärd"), blank=True)
    no_action = models.TextField(_("varför ingen åtgärd behövs"), blank=True)

    objects = GoalAssessmentManager()  # type: ignore[misc]

    subject = ("followup", "goal")

    class Meta:
        verbose_name = _("måluppfyllelse")
        verbose_name_plural = _("måluppfyllelser")
        ordering = ["followup", "goal", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "goal", "number"], name="a_goal_assessment_is_never_overwritten"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="goal_assessments_are_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.goal}: {self.get_verdict_display() or _('uträknad bedömning')}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.followup.natural_key(), self.goal.key, self.number)

    natural_key.dependencies = ["followup.followup", "actionplan.goal"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Raises ValidationError when the goal isn't of the revision that the year follows up."""
        if not self.followup_id or not self.goal_id:
            return
        if self.goal.challenge.revision_id != self.followup.revision_id:
            raise ValidationError({"goal": _("Målet ingår inte i årets uppföljning.")})
