"""Organisations: who owns plans, decides on them and answers for what is in them."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Kind(models.TextChoices):
    """What sort of organisation something is."""

    MUNICIPALITY = "municipality", _("Kommun")
    NETWORK = "network", _("Nätverk")
    AGENCY = "agency", _("Myndighet")
    COMPANY = "company", _("Bolag")
    UNIT = "unit", _("Enhet")


class OrganisationManager(models.Manager["Organisation"]):
    def get_by_natural_key(self, key: str) -> Organisation:
        return self.get(key=key)


class Organisation(models.Model):
    """Anyone who can own a plan, take part in it or be responsible for something in it."""

    key = models.SlugField(_("nyckel"), unique=True, help_text=_("Står kvar även om namnet ändras."))
    name = models.CharField(_("namn"), max_length=200)
    short_name = models.CharField(_("kort namn"), max_length=60, help_text=_("Så som det skrivs i tabeller."))
    kind = models.CharField(_("slag"), max_length=20, choices=Kind)
    municipal_code = models.CharField(
        _("kommunkod"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Kommunkoden har fyra siffror, till exempel 0486."))],
    )
    represented_by: models.ManyToManyField[Municipality, Any] = models.ManyToManyField(
        "Municipality",
        verbose_name=_("företräds av"),
        related_name="represents",
        blank=True,
        help_text=_("Kommuner som får rapportera för organisationen."),
    )

    objects = OrganisationManager()
    history = HistoricalRecords(m2m_fields=[represented_by])

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=Kind.MUNICIPALITY) & ~Q(municipal_code=""))
                | (~Q(kind=Kind.MUNICIPALITY) & Q(municipal_code="")),
                name="municipalities_and_only_they_have_a_code",
                violation_error_message=_("En kommun har en kommunkod, och ingen annan har det."),
            ),
            models.UniqueConstraint(
                fields=["municipal_code"],
                condition=~Q(municipal_code=""),
                name="municipal_code_belongs_to_one_municipality",
                violation_error_message=_("En annan kommun har redan den kommunkoden."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class MunicipalityManager(models.Manager["Municipality"]):
    def get_queryset(self) -> models.QuerySet[Municipality]:
        return super().get_queryset().filter(kind=Kind.MUNICIPALITY)

    def get_by_natural_key(self, key: str) -> Municipality:
        return self.get(key=key)


class Municipality(Organisation):
    """An organisation that is a municipality; what must be one points here."""

    objects = MunicipalityManager()  # type: ignore[assignment, misc]

    class Meta:
        proxy = True
        verbose_name = _("kommun")
        verbose_name_plural = _("kommuner")
