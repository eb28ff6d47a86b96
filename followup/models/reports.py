"""What is said of an activity in a year."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actionplan.models import Activity
from followup.models.numbered import NumberedRow, OfAYearQuerySet
from followup.models.rounds import FollowUp
from followup.models.stages import Stage
from municipalities.models import Organisation

NO_REPORT = "none"
"""The absence of a report, where statuses are counted; never shown as not started."""


class Status(models.TextChoices):
    """How it goes with an activity."""

    NOT_STARTED = "not_started", _("Ej påbörjad")
    ONGOING = "ongoing", _("Pågår")
    DELAYED = "delayed", _("Försenad")
    COMPLETED = "completed", _("Genomförd")
    CANCELLED = "cancelled", _("Avbruten")


class StatusReportQuerySet(OfAYearQuerySet):
    def public(self) -> StatusReportQuerySet:
        """What anyone may see: what was said in published years, and in one that is being corrected no
        later than its edition.
        """
        published = self.filter(followup__published_at__isnull=False)
        return published.filter(
            Q(followup__stage=Stage.PUBLISHED) | Q(written_at__lte=F("followup__published_at"))
        )

    def status_of_activity(self, followup: FollowUp | None) -> Any:
        """The current status of the outer query's activity in `followup`, as a subquery."""
        reports = self.filter(followup=followup, activity=models.OuterRef("pk"))
        return models.Subquery(reports.order_by("-number").values("status")[:1])


class StatusReportManager(models.Manager.from_queryset(StatusReportQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str, year: int, key: str, number: int) -> StatusReport:
        return self.get(followup__plan__slug=slug, followup__year=year, activity__key=key, number=number)


class StatusReport(NumberedRow):
    """What someone said of an activity in a year's follow-up, on behalf of an organisation."""

    followup = models.ForeignKey(
        FollowUp, models.PROTECT, verbose_name=_("uppföljning"), related_name="reports"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, verbose_name=_("aktivitet"), related_name="reports"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("för"), related_name="reports"
    )
    status = models.CharField(_("läge"), max_length=20, choices=Status)
    comment = models.TextField(_("vad har gjorts"), blank=True)
    result = models.TextField(_("resultat"), blank=True)
    reason = models.TextField(_("orsak"), blank=True)
    action = models.TextField(_("vad ni gör åt det"), blank=True)
    link = models.URLField(_("länk"), blank=True, max_length=500)

    objects = StatusReportManager()  # type: ignore[misc]

    subject = ("followup", "activity")

    class Meta:
        verbose_name = _("lägesrapport")
        verbose_name_plural = _("lägesrapporter")
        ordering = ["followup", "activity", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "activity", "number"],
                name="a_status_report_is_never_overwritten",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="status_reports_are_numbered_from_one"),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED) | ~Q(result=""),
                name="completed_tells_its_result",
                violation_error_message=_("Skriv vad det gav. Det behövs när läget är Genomförd."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.DELAYED, Status.CANCELLED]) | ~Q(reason=""),
                name="delayed_and_cancelled_tell_why",
                violation_error_message=_("Skriv varför. Det behövs när läget är Försenad eller Avbruten."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.get_status_display()}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.followup.natural_key(), self.activity.key, self.number)

    natural_key.dependencies = ["followup.followup", "actionplan.activity"]  # type: ignore[attr-defined]

    def check_whole(self) -> None:
        """Raises ValidationError unless the activity is one of those that the year follows up."""
        if self.activity_id is None or self.followup_id is None:
            return
        if not self.followup.activities().filter(pk=self.activity_id).exists():
            raise ValidationError({"activity": _("Aktiviteten ingår inte i årets uppföljning.")})

    def clean(self) -> None:
        self.check_whole()
