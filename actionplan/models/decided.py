"""What is said of a revision beside the plan's own text: who decided it, and what it doesn't carry on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actionplan.models.rows import Row
from municipalities.models import Municipality


class Decision(Row):
    """A municipality's own decision, where each of the partners decides for itself."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("kommun"), related_name="decisions"
    )
    decided_by = models.CharField(_("beslutat av"), max_length=200)
    decided_on = models.DateField(_("beslutsdatum"), null=True, blank=True)
    registry_number = models.CharField(_("diarienummer"), max_length=60, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("beslut")
        verbose_name_plural = pgettext_lazy("several", "beslut")
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                fields=["revision", "municipality"],
                name="a_municipality_decides_once_on_a_revision",
                violation_error_message=_("Kommunens beslut finns redan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.decided_by}"


class How(models.TextChoices):
    """Why an activity stands in the plan no longer."""

    DONE = "done", _("Genomförd")
    ENDED = "ended", _("Avslutad")
    REPLACED = "replaced", _("Ersatt")


class Ending(Row):
    """An activity of the revision before that isn't carried on; it has that activity's key."""

    title = models.CharField(_("aktivitet"), max_length=300)
    how = models.CharField(_("hur"), max_length=10, choices=How)
    reason = models.TextField(_("varför"), blank=True)

    class Meta(Row.Meta):
        verbose_name = _("avslut")
        verbose_name_plural = pgettext_lazy("several", "avslut")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(how=How.ENDED) | ~Q(reason=""),
                name="what_is_ended_has_a_reason",
                violation_error_message=_("Skriv varför aktiviteten avslutas."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
