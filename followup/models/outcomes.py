"""What indicators show: a measured value for a municipality and a year, or why there is none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actionplan.models import Indicator, Plan, Revision, YearlyTarget
from followup.models.numbered import NumberedQuerySet, NumberedRow
from followup.models.rounds import FollowUp
from municipalities.models import Municipality


class MissingReason(models.TextChoices):
    """Why there is no value."""

    NOT_MEASURED = "not_measured", _("Inte mätt")
    TOO_FEW_ANSWERS = "too_few_answers", _("För få svar")
    NOT_REPORTED = "not_reported", _("Inte lämnat")
    NOT_APPLICABLE = "not_applicable", _("Inte tillämpligt")
    NOT_YET_PUBLISHED = "not_yet_published", _("Inte publicerat än")
    WITHDRAWN = "withdrawn", _("Borttaget ur källan")


FROM_KOLADA = (
    ~Q(kolada_id="")
    | Q(source__icontains="kolada")
    | Q(source_url__icontains="kolada.se")
    | Q(source="", source_url="", indicator__source__icontains="kolada")
)


class OutcomeQuerySet(NumberedQuerySet):
    def public(self, *, publishing: FollowUp | None = None, at: datetime | None = None) -> OutcomeQuerySet:
        """Outcomes anyone may see: public statistics at once, typed ones when their year is published.

        `publishing`: a year that counts as published already. `at`: which years were then.
        """
        published = FollowUp.objects.published(also=publishing, at=at).filter(
            year=OuterRef("year"),
            plan__partners=OuterRef("municipality"),
            revision__in=YearlyTarget.objects.filter(indicator=OuterRef(OuterRef("indicator"))).values(
                "revision"
            ),
        )
        return self.filter(Q(author__isnull=True) | Exists(published))

    def of_plan(self, plan: Plan) -> OutcomeQuerySet:
        """Outcomes in the plan's municipalities, of what any of its adopted revisions sets targets for."""
        revisions = Revision.objects.adopted().filter(plan=plan)
        measured = YearlyTarget.objects.filter(revision__in=revisions).values("indicator")
        return self.filter(indicator__in=measured, municipality__in=plan.partners.values("pk"))

    def from_kolada(self) -> OutcomeQuerySet:
        """Those whose source is Kolada; one that states none has its indicator's."""
        return self.filter(FROM_KOLADA)

    def from_elsewhere(self) -> OutcomeQuerySet:
        return self.exclude(FROM_KOLADA)


class OutcomeManager(models.Manager.from_queryset(OutcomeQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, indicator: str, municipality: str, year: int, number: int) -> Any:
        return self.get(indicator__slug=indicator, municipality__key=municipality, year=year, number=number)


class Outcome(NumberedRow):
    """An indicator's value in a municipality and a year: exactly one of a value and a reason for none.

    What was fetched from Kolada is nobody's word but the source's: it has no author, and the KPI with its
    title as it was then.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indikator"), related_name="outcomes"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("kommun"), related_name="outcomes"
    )
    year = models.PositiveSmallIntegerField(_("mätår"))
    value = models.DecimalField(_("värde"), max_digits=20, decimal_places=8, null=True, blank=True)
    missing_reason = models.CharField(
        _("varför värdet saknas"), max_length=20, choices=MissingReason, blank=True
    )
    preliminary = models.BooleanField(_("preliminärt"), default=False)
    source = models.CharField(_("källa"), max_length=200, blank=True)
    source_url = models.URLField(_("källans adress"), blank=True, max_length=500)
    kolada_id = models.CharField(_("nyckeltal i Kolada"), max_length=20, blank=True)
    kolada_title = models.CharField(_("nyckeltalets namn då"), max_length=300, blank=True)

    objects = OutcomeManager()  # type: ignore[misc]

    subject = ("indicator", "municipality", "year")

    class Meta:
        verbose_name = _("utfall")
        verbose_name_plural = pgettext_lazy("several", "utfall")
        ordering = ["indicator", "municipality", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "municipality", "year", "number"],
                name="an_outcome_is_never_overwritten",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="outcomes_are_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing_reason="")
                | (Q(value__isnull=True) & ~Q(missing_reason="")),
                name="an_outcome_has_a_value_or_a_reason_for_none",
                violation_error_message=_("Ange ett värde, eller varför det saknas."),
            ),
            models.CheckConstraint(
                condition=Q(kolada_id="", kolada_title="")
                | (~Q(kolada_id="") & ~Q(kolada_title="") & Q(author__isnull=True)),
                name="what_was_fetched_names_its_kpi_and_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.municipality.short_name} {self.year}"

    def natural_key(self) -> tuple[str, str, int, int]:
        return (self.indicator.slug, self.municipality.key, self.year, self.number)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "actionplan.indicator",
        "municipalities.organisation",
    ]
