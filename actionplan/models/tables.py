"""How tables from elsewhere are read into a plan, as it was chosen last."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actionplan.models.plans import Plan


class KnownTable(models.Model):
    """A table that has been read into a plan: what its columns were, and who the names in it are.

    Another with the same headers is taken to be alike, until somebody says otherwise. `fingerprint` is the
    headers', and `choices` what was chosen, as JSON.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name=_("plan"), related_name="known_tables")
    fingerprint = models.CharField(_("rubrikernas kontrollsumma"), max_length=64)
    choices = models.JSONField(_("val"), default=dict)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("valt av"), related_name="+"
    )
    chosen_at = models.DateTimeField(_("valt"), default=timezone.now)

    class Meta:
        verbose_name = _("tabell som känns igen")
        verbose_name_plural = _("tabeller som känns igen")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "fingerprint"],
                name="a_plan_knows_a_table_once",
                violation_error_message=_("Planen känner redan igen en tabell med de rubrikerna."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.fingerprint[:8]}"
