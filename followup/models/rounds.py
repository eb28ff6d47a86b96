"""The yearly round, and who reports when nobody responsible can."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actionplan.models import Activity, Plan, Revision
from actionplan.models.documents import DocumentQuerySet
from followup.models.stages import WHY_NOT, Deed, Stage, allows
from municipalities.models import Organisation
from publishing.models import Publication

DOCUMENTS = "/uppfoljning/"
"""Between the plan and the year in the name that a year's editions have in publishing."""


class FollowUpQuerySet(DocumentQuerySet):
    BETWEEN = DOCUMENTS

    def open(self) -> FollowUpQuerySet:
        return self.filter(stage=Stage.OPEN)

    def published(self, *, also: FollowUp | None = None, at: datetime | None = None) -> FollowUpQuerySet:
        """Those with an edition, also while they are open again for correction; and `also` that one.

        `at`: those that had one then.
        """
        if at is not None:
            editions = Publication.objects.filter(document=OuterRef("document_name"), published_at__lte=at)
            return self.named().filter(Exists(editions))
        published = Q(published_at__isnull=False)
        return self.filter(published | Q(pk=also.pk) if also else published)

    def that_allow(self, deed: Deed) -> FollowUpQuerySet:
        return self.filter(stage__in=[stage for stage in Stage if allows(stage, deed)])


class FollowUpManager(models.Manager.from_queryset(FollowUpQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str, year: int) -> FollowUp:
        return self.get(plan__slug=slug, year=year)


class FollowUp(models.Model):
    """How it went with a plan in one year, from opening to the published report."""

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("plan"), related_name="followups")
    year = models.PositiveSmallIntegerField(_("år"))
    revision = models.ForeignKey(
        Revision, models.PROTECT, verbose_name=_("följer upp revideringen"), related_name="followups"
    )
    stage = models.CharField(_("skede"), max_length=10, choices=Stage, default=Stage.PLANNED)
    opens = models.DateField(_("öppnar"), null=True, blank=True)
    due = models.DateField(_("lämnas senast"), null=True, blank=True)
    published_at = models.DateTimeField(
        _("senaste utgåvan publicerad"), null=True, blank=True, editable=False
    )
    is_example = models.BooleanField(
        _("exempelinnehåll"),
        default=False,
        help_text=_("Påhittade rapporter som visar hur portalen fungerar. De märks ut överallt."),
    )

    objects = FollowUpManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("uppföljning")
        verbose_name_plural = _("uppföljningar")
        ordering = ["plan", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year"],
                name="a_plan_is_followed_up_once_a_year",
                violation_error_message=_("Planen har redan en uppföljning för det året."),
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(due__isnull=True) | Q(opens__lte=F("due")),
                name="a_followup_is_due_after_it_opens",
                violation_error_message=_("Uppföljningen kan inte lämnas innan den öppnar."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.title}: uppföljning {self.year}"

    def natural_key(self) -> tuple[str, int]:
        return (self.plan.slug, self.year)

    natural_key.dependencies = ["actionplan.revision"]  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool:
        return self.stage == Stage.OPEN

    def has_opened(self, day: date) -> bool:
        """Whether the day that was set for its opening has come."""
        return self.opens is not None and self.opens <= day

    @property
    def is_published(self) -> bool:
        """Whether it has an edition. It has for ever, also while it is open again for correction."""
        return self.published_at is not None

    @property
    def is_reopened(self) -> bool:
        """Whether it is being corrected: what comes now isn't public until the next edition."""
        return self.is_published and self.stage != Stage.PUBLISHED

    @property
    def document(self) -> str:
        """The name under which its editions are published: "4m/uppfoljning/2016"."""
        return f"{self.plan.slug}{DOCUMENTS}{self.year}"

    def allows(self, deed: Deed) -> bool:
        return allows(self.stage, deed)

    def hold(self, deed: Deed) -> None:
        """Keeps the follow-up in a stage that allows `deed` until the transaction ends.

        Raises PermissionDenied, with a sentence, when it no longer does, whatever it did when it was read.
        """
        allowing = FollowUp.objects.that_allow(deed).select_for_update(no_key=True)
        if not allowing.filter(pk=self.pk).exists():
            raise PermissionDenied(WHY_NOT[deed])

    def clean(self) -> None:
        self.check_whole()

    def check_whole(self) -> None:
        """Raises ValidationError when the revision is another plan's, not adopted, or after the year."""
        if self.plan_id is None or self.revision_id is None or self.year is None:
            return
        if self.revision.plan_id != self.plan_id:
            raise ValidationError({"revision": _("Revideringen hör till en annan plan.")})
        if not self.revision.is_adopted:
            raise ValidationError({"revision": _("Bara en fastställd revidering kan följas upp.")})
        if self.revision.year > self.year:
            raise ValidationError({"revision": _("Revideringen gäller först senare.")})

    def activities(self) -> Any:
        """The activities that the year follows up: those that run in it, or whose years are unknown."""
        return Activity.objects.filter(revision=self.revision_id).running_in(self.year)


class AssignmentManager(models.Manager["Assignment"]):
    def get_by_natural_key(self, slug: str, year: int, key: str) -> Assignment:
        return self.get(followup__plan__slug=slug, followup__year=year, activity__key=key)


class Assignment(models.Model):
    """Who reports an activity when nobody responsible can: the editor's choice, outside the decided plan."""

    followup = models.ForeignKey(
        FollowUp, models.CASCADE, verbose_name=_("uppföljning"), related_name="assignments"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, verbose_name=_("aktivitet"), related_name="assignments"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("rapporterar"), related_name="assignments"
    )

    objects = AssignmentManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rapporterar för")
        verbose_name_plural = _("rapporterar för")
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "activity"],
                name="an_activity_has_one_assigned_reporter_a_year",
                violation_error_message=_("Aktiviteten har redan någon som rapporterar den."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}: {self.activity}"

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.followup.natural_key(), self.activity.key)

    natural_key.dependencies = ["followup.followup", "actionplan.activity"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        self.check_whole()

    def check_whole(self) -> None:
        """Raises ValidationError when the activity isn't one that the year follows up."""
        if self.followup_id is None or self.activity_id is None:
            return
        if not self.followup.activities().filter(pk=self.activity_id).exists():
            raise ValidationError({"activity": _("Aktiviteten ingår inte i årets uppföljning.")})


def answered_for_by(activities: Any, followup: FollowUp, organisations: Any) -> Any:
    """Those of `activities` that one of `organisations` reports in `followup`.

    Responsible itself, representing someone responsible, or assigned by the editor.
    """
    assigned = Assignment.objects.filter(
        followup=followup, activity=OuterRef("pk"), organisation__in=organisations
    )
    return activities.filter(
        Q(pk__in=activities.under_responsibility_of(organisations).values("pk")) | Exists(assigned)
    )
