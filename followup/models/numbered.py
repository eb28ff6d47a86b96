"""Numbered rows: what happened is added, never changed, so nobody can overwrite anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import User


class Conflict(Exception):
    """Someone else wrote the next row first; nothing was saved."""


class NumberedQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """The latest row of each subject."""
        same = {name: OuterRef(name) for name in self.model.subject}
        return self.filter(~Exists(self.model.objects.filter(**same, number__gt=OuterRef("number"))))

    def last_of_these(self) -> Self:
        """The latest of each subject among these rows, whatever there is besides."""
        same = {name: OuterRef(name) for name in self.model.subject}
        return self.filter(~Exists(self.filter(**same, number__gt=OuterRef("number"))))

    def update(self, **values: Any) -> int:
        raise TypeError("numbered rows are added, never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("numbered rows are added, never removed")


class OfAYearQuerySet(NumberedQuerySet):
    """What is said in a year's follow-up."""

    def until(self, moments: Mapping[int, datetime]) -> Self:
        """Without what was written in follow-ups after a moment, by the follow-ups' ids."""
        later = (Q(followup=followup, written_at__gt=moment) for followup, moment in moments.items())
        return self.exclude(reduce(or_, later)) if moments else self


class NumberedRow(models.Model):
    """One of the rows 1, 2, 3 … about a subject; the current one has the highest number.

    Whoever writes states the number they saw and writes the next. The unique constraint on subject and
    number, which each model declares, lets one of two people who saw the same number succeed and refuses
    the other. A trigger refuses every change of a row that has been written.
    """

    number = models.PositiveIntegerField(_("nummer"))
    written_at = models.DateTimeField(_("skrivet"), default=timezone.now)
    author = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("skrivet av"), related_name="+", null=True, blank=True
    )

    objects = models.Manager.from_queryset(NumberedQuerySet)()

    subject: ClassVar[tuple[str, ...]]
    """Names of the fields that say what a row is about."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("numbered rows are added, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("numbered rows are added, never removed")

    def write_after(self, seen: int) -> None:
        """Saves the row as number `seen` + 1; raises Conflict when that number is taken already."""
        self.number = seen + 1
        same = {name: getattr(self, name) for name in self.subject}
        if type(self).objects.filter(**same).count() != seen:
            raise Conflict
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except IntegrityError as error:
            if type(self).objects.filter(**same, number=self.number).exists():
                raise Conflict from error
            raise
