"""What a plan's indicators are compared with: the country, regions, groups and other municipalities."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from actionplan.models import Indicator, Plan
from followup.models.numbered import NumberedQuerySet, NumberedRow


class AreaKind(models.TextChoices):
    """What sort of area it is, with Kolada's own letters."""

    MUNICIPALITY = "K", _("Kommun")
    REGION = "L", _("Riket eller region")
    GROUP = "G", _("Grupp av kommuner")


class ComparedAreaManager(models.Manager["ComparedArea"]):
    def get_by_natural_key(self, plan: str, code: str) -> ComparedArea:
        return self.get(plan__slug=plan, code=code)


class ComparedArea(models.Model):
    """An area whose values a plan shows beside its own; its name is as Kolada had it when it was chosen."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name=_("plan"), related_name="compared_areas")
    code = models.CharField(_("kod i Kolada"), max_length=10)
    title = models.CharField(_("namn"), max_length=300)
    kind = models.CharField(_("slag"), max_length=1, choices=AreaKind)

    objects = ComparedAreaManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("område att jämföra med")
        verbose_name_plural = _("områden att jämföra med")
        ordering = ["plan", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="an_area_is_compared_with_once",
                violation_error_message=_("Området är redan med i jämförelsen."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str, str]:
        return (self.plan.slug, self.code)

    natural_key.dependencies = ["actionplan.plan"]  # type: ignore[attr-defined]


class ComparedValueManager(models.Manager.from_queryset(NumberedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, indicator: str, area: str, year: int, number: int) -> ComparedValue:
        found: ComparedValue = self.get(indicator__slug=indicator, area=area, year=year, number=number)
        return found


class ComparedValue(NumberedRow):
    """An indicator's value of an area that somebody compares with, as Kolada told it; it has no author.

    Without a value: Kolada doesn't have it any more.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indikator"), related_name="compared_values"
    )
    area = models.CharField(_("kod i Kolada"), max_length=10)
    year = models.PositiveSmallIntegerField(_("mätår"))
    value = models.DecimalField(_("värde"), max_digits=20, decimal_places=8, null=True, blank=True)
    source_url = models.URLField(_("källans adress"), max_length=500)
    kolada_id = models.CharField(_("nyckeltal i Kolada"), max_length=20)
    kolada_title = models.CharField(_("nyckeltalets namn då"), max_length=300)

    objects = ComparedValueManager()  # type: ignore[misc]

    subject = ("indicator", "area", "year")

    class Meta:
        verbose_name = _("värde att jämföra med")
        verbose_name_plural = pgettext_lazy("several", "värden att jämföra med")
        ordering = ["indicator", "area", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "year", "number"],
                name="a_compared_value_is_never_overwritten",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="compared_values_are_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(author__isnull=True), name="a_compared_value_is_nobodys_but_the_sources"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.area} {self.year}"

    def natural_key(self) -> tuple[str, str, int, int]:
        return (self.indicator.slug, self.area, self.year, self.number)

    natural_key.dependencies = ["actionplan.indicator"]  # type: ignore[attr-defined]
