"""What has been made public, for ever; and the PDFs of what hasn't, for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublicationQuerySet(models.QuerySet["Publication"]):
    def of(self, document: str) -> Self:
        return self.filter(document=document)

    def of_any(self, documents: Iterable[str]) -> Self:
        """Every edition of the documents, the latest first of each, without what is large in them."""
        return self.filter(document__in=list(documents)).without_contents()

    def latest_of_each(self) -> Self:
        """The edition that holds, of every document."""
        later = Publication.objects.filter(document=OuterRef("document"), edition__gt=OuterRef("edition"))
        return self.filter(~Exists(later))

    def without_contents(self) -> Self:
        """Leaves what is large in the database until it is asked for."""
        return self.defer("content", "pdf")

    def update(self, **values: Any) -> int:
        raise TypeError("what is published never changes")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("what is published is never removed")


class Publication(models.Model):
    """An edition of a document: its content and its PDF as they were made public. A later one corrects it.

    Which document it is of is a name, such as "4m/uppfoljning/2016": this app knows none above it. The
    database refuses to change or remove it. Both checksums are SHA-256 in hexadecimal digits.
    """

    document = models.CharField(_("dokument"), max_length=200)
    edition = models.PositiveSmallIntegerField(_("utgåva"))
    schema = models.PositiveSmallIntegerField(_("innehållets schema"))
    content = models.TextField(_("innehåll"), help_text=_("JSON, tecken för tecken som det frystes."))
    content_sha256 = models.CharField(_("innehållets kontrollsumma"), max_length=64)
    pdf = models.BinaryField(_("PDF"))
    pdf_sha256 = models.CharField(_("PDF:ens kontrollsumma"), max_length=64)
    published_at = models.DateTimeField(_("publicerad"), default=timezone.now)
    published_by = models.CharField(_("publicerad av"), max_length=200)
    corrects = models.TextField(_("vad som rättats"), blank=True)

    objects = models.Manager.from_queryset(PublicationQuerySet)()

    class Meta:
        verbose_name = _("publicering")
        verbose_name_plural = _("publiceringar")
        ordering = ["document", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["document", "edition"], name="an_edition_is_published_once"),
            models.CheckConstraint(condition=Q(edition__gte=1), name="editions_are_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(edition=1) ^ ~Q(corrects=""),
                name="a_later_edition_tells_what_it_corrects",
                violation_error_message=_("Skriv vad som rättats."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.edition}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("what is published never changes")
        self.content_sha256 = hashlib.sha256(self.content.encode()).hexdigest()
        self.pdf_sha256 = hashlib.sha256(self.pdf).hexdigest()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("what is published is never removed")


WAITED_FOR = timedelta(minutes=2)
"""After that, whoever was to make a PDF is taken to be gone, and it is asked for again."""
PAUSE = timedelta(minutes=1)
"""How long it is before one that couldn't be made is tried again."""
KEPT_FOR = timedelta(days=2)
KEPT = 50
"""How many of the latest are kept, about 0.3 MB each."""


class RenderingQuerySet(models.QuerySet["Rendering"]):
    def of(self, document: str) -> Self:
        return self.filter(document=document)

    def waiting(self) -> Self:
        """Those that are still to be made."""
        return self.exclude(manuscript="")

    def given_up(self, at: datetime | None = None) -> Self:
        """Those that nobody is making any longer, though they aren't there: to be asked for again."""
        at = at or timezone.now()
        return self.filter(
            (~Q(manuscript="") & Q(since__lt=at - WAITED_FOR)) | (~Q(problem="") & Q(since__lt=at - PAUSE))
        )

    def old(self, at: datetime | None = None) -> Self:
        return self.filter(since__lt=(at or timezone.now()) - KEPT_FOR)

    def forget_all_but_the_latest(self, number: int = KEPT) -> None:
        """Older ones are made again if anyone asks for them."""
        self.filter(pk__in=list(self.order_by("-since").values_list("pk", flat=True)[number:])).delete()


class Rendering(models.Model):
    """A PDF of what isn't published, such as a draft: asked for and waited for, then made, or impossible.

    It is known by the SHA-256 of what it is made of, so that the same content is made once. Only as long as
    it is waited for is that kept, too.
    """

    digest = models.CharField(_("kontrollsumma"), max_length=64, primary_key=True)
    document = models.CharField(_("dokument"), max_length=200, db_index=True)
    manuscript = models.TextField(_("manus"), blank=True)
    pdf = models.BinaryField(_("PDF"), null=True)
    problem = models.TextField(_("varför den inte kunde göras"), blank=True)
    since = models.DateTimeField(_("sedan"), default=timezone.now)

    objects = models.Manager.from_queryset(RenderingQuerySet)()

    class Meta:
        verbose_name = _("PDF av arbetsmaterial")
        verbose_name_plural = _("PDF:er av arbetsmaterial")
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(manuscript="") & Q(pdf=None, problem=""))
                | Q(manuscript="", pdf__isnull=False, problem="")
                | (Q(manuscript="", pdf=None) & ~Q(problem="")),
                name="a_rendering_is_waited_for_or_made_or_impossible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.digest}"

    @property
    def is_waiting(self) -> bool:
        return bool(self.manuscript)
