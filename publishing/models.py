"""What has been made public, for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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
