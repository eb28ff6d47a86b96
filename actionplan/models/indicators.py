"""What is measured; an indicator outlives revisions and plans."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords


class Direction(models.TextChoices):
    """Which way is better."""

    HIGHER = "higher", _("Högre är bättre")
    LOWER = "lower", _("Lägre är bättre")


class IndicatorManager(models.Manager["Indicator"]):
    def get_by_natural_key(self, slug: str) -> Indicator:
        return self.get(slug=slug)


class Indicator(models.Model):
    """A measure that goals use, such as how satisfied companies are with the municipality's service."""

    slug = models.SlugField(_("adress"), unique=True)
    name = models.CharField(_("namn"), max_length=200)
    short_name = models.CharField(_("kort namn"), max_length=30, blank=True)
    description = models.TextField(_("vad den mäter"), blank=True)
    unit = models.CharField(_("enhet"), max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField(
        _("decimaler som visas"), default=1, validators=[MaxValueValidator(8)]
    )
    direction = models.CharField(
        _("önskad riktning"), max_length=10, choices=Direction, default=Direction.HIGHER
    )
    source = models.CharField(_("källa"), max_length=200, blank=True)
    source_url = models.URLField(_("källans adress"), blank=True)
    kolada_id = models.CharField(_("nyckeltal i Kolada"), max_length=20, blank=True)

    objects = IndicatorManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikatorer")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def is_in_kolada(self) -> bool:
        """Whether it is a KPI there in any year."""
        return bool(self.kolada_id or any(each.kolada_id for each in self.series_breaks.all()))

    def kolada_id_of(self, year: int) -> str:
        """The KPI that it is in Kolada in a year: the latest series' that names one; "" where none does."""
        breaks = sorted(self.series_breaks.all(), key=lambda each: each.year)
        begun = [each.kolada_id for each in breaks if each.kolada_id and each.year <= year]
        return begun[-1] if begun else self.kolada_id


class SeriesBreakManager(models.Manager["SeriesBreak"]):
    def get_by_natural_key(self, indicator: str, year: int) -> SeriesBreak:
        return self.get(indicator__slug=indicator, year=year)


class SeriesBreak(models.Model):
    """The first year of a new definition: values on either side of it can't be compared."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="series_breaks")
    year = models.PositiveSmallIntegerField(_("från år"))
    note = models.CharField(_("vad som ändrades"), max_length=300)
    kolada_id = models.CharField(_("nyckeltal i Kolada från det året"), max_length=20, blank=True)

    objects = SeriesBreakManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("tidsseriebrott")
        verbose_name_plural = pgettext_lazy("several", "tidsseriebrott")
        ordering = ["indicator", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="a_series_breaks_once_a_year",
                violation_error_message=_("Tidsseriebrottet finns redan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.year}"

    def natural_key(self) -> tuple[str, int]:
        return (self.indicator.slug, self.year)

    natural_key.dependencies = ["actionplan.indicator"]  # type: ignore[attr-defined]
