"""Files that have been sent to be imported: kept while whoever sent them looks at what would happen."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from exchange.telling import Told, told_of

KEPT_FOR = timedelta(days=1)
KEPT = 5
"""How many of a person's uploads are kept: the latest."""

WAITED_FOR = timedelta(minutes=5)
"""After that, whoever was to read a file is taken to be gone. Nothing of it has been imported."""


class Stage(models.TextChoices):
    """How far an import has come."""

    READING = "reading", _("Läses igenom")
    TOLD = "told", _("Väntar på svar")
    SAVING = "saving", _("Läses in")
    DONE = "done", _("Inläst")
    FAILED = "failed", _("Gick inte")


AT_WORK = (Stage.READING, Stage.SAVING)
"""Somebody is at work with the file, or was."""


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, owner: Any, purpose: str, about: str) -> Self:
        """What somebody has sent for a purpose, in a session with the same rights."""
        confined_to = owner.confined_to or ""
        return self.filter(owner=owner, confined_to=confined_to, purpose=purpose, about=about)

    def to_work_with(self, number: str, stage: str) -> Upload | None:
        """The file at that stage, whose owner may do what they might when they sent it, and no more."""
        upload = self.select_related("owner").filter(pk=number, stage=stage).first()
        if upload is not None:
            upload.owner.confined_to = upload.confined_to or None
        return upload

    def under_way(self) -> Self:
        return self.filter(stage__in=AT_WORK)

    def old(self, at: datetime | None = None) -> Self:
        return self.filter(since__lt=(at or timezone.now()) - KEPT_FOR)

    def forget_all_but_the_latest(self, owner: Any, number: int = KEPT) -> None:
        """But what is being imported: whoever said yes to it waits to see how it goes."""
        others = self.filter(owner=owner).exclude(stage=Stage.SAVING)
        latest = others.order_by("-since").values_list("pk", flat=True)
        self.filter(pk__in=list(latest[number:])).delete()


class Upload(models.Model):
    """A file on its way in: read through, told of, answered yes to, and then forgotten.

    It is its owner's alone, with what they may do in the session in which it was sent: `confined_to` is the
    key of the organisation whose log-in service opened that, empty where none did. `purpose` is which import
    it is for and `about` what it is imported into, such as the address of a plan: this app knows none above
    it. `asked` is what its owner has chosen, as JSON, and `told` what would happen, or has happened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("ägare"), related_name="uploads"
    )
    confined_to = models.CharField(_("inloggad genom"), max_length=50, blank=True)
    purpose = models.CharField(_("syfte"), max_length=40)
    about = models.CharField(_("läses in i"), max_length=200, blank=True)
    name = models.CharField(_("filens namn"), max_length=200)
    content = models.BinaryField(_("innehåll"))
    asked = models.JSONField(_("val"), default=dict, blank=True)
    stage = models.CharField(_("läge"), max_length=10, choices=Stage, default=Stage.READING)
    told = models.TextField(_("vad som skulle hända"), blank=True)
    problem = models.TextField(_("varför det inte gick"), blank=True)
    language = models.CharField(_("språk"), max_length=10, default=settings.LANGUAGE_CODE)
    since = models.DateTimeField(_("sedan"), default=timezone.now, db_index=True)

    objects = models.Manager.from_queryset(UploadQuerySet)()

    class Meta:
        verbose_name = _("fil på väg in")
        verbose_name_plural = _("filer på väg in")
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage__in=("told", "saving", "done")) | ~Q(told=""),
                name="an_import_is_told_of_before_it_is_done",
            ),
            models.CheckConstraint(
                condition=~Q(stage="failed") | ~Q(problem=""), name="what_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is taken to be at work with it."""
        return self.stage in AT_WORK and not self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether whoever was at work with it must have stopped half-way, by which all is undone."""
        return self.stage in AT_WORK and self.since < timezone.now() - WAITED_FOR

    @property
    def is_given_up(self) -> bool:
        """Whether nothing comes of it, and another one has to be sent."""
        return self.is_lost or self.stage == Stage.FAILED

    @property
    def is_old(self) -> bool:
        """Whether it is as good as forgotten, which it is by night."""
        return self.since < timezone.now() - KEPT_FOR

    @property
    def is_told(self) -> bool:
        return self.stage == Stage.TOLD

    @property
    def is_done(self) -> bool:
        return self.stage == Stage.DONE

    @cached_property
    def would(self) -> Told | None:
        """What would happen, or has happened; None while it isn't known."""
        return told_of(self.told) if self.told else None
