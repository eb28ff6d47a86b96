"""The portal's word on how accessible it is, and what people report of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

STANDARD = Path(__file__).parent / "data" / "accessibility.md"

KEPT = timedelta(days=365)
"""How long a report is kept."""


def standard_text() -> str:
    return STANDARD.read_text()


class AccessibilityStatementQuerySet(models.QuerySet["AccessibilityStatement"]):
    def current(self) -> AccessibilityStatement:
        """What the administrators have written, or the statement that a portal comes with."""
        return self.first() or AccessibilityStatement()


class AccessibilityStatement(models.Model):
    """What the law asks whoever runs the portal to say: how accessible it is, what isn't, where to report it.

    A new portal has one that holds for the portal as it comes, and no row until an administrator changes it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    text = models.TextField(
        _("text"), default=standard_text, help_text=_("Skrivs i Markdown. Rubriker börjar med ##.")
    )
    changed = models.DateTimeField(_("ändrad"), auto_now=True)

    objects = AccessibilityStatementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("tillgänglighetsredogörelse")
        verbose_name_plural = _("tillgänglighetsredogörelse")  # there is one
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="there_is_one_accessibility_statement",
                violation_error_message=_("Portalen har en tillgänglighetsredogörelse."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Tillgänglighetsredogörelse"))


class AccessibilityReportQuerySet(models.QuerySet["AccessibilityReport"]):
    def old(self, at: datetime | None = None) -> AccessibilityReportQuerySet:
        """Those that came so long ago that they are no longer kept."""
        return self.filter(sent__lte=(at or timezone.now()) - KEPT)


class AccessibilityReport(models.Model):
    """Something on the portal that somebody couldn't use, in their own words."""

    problem = models.TextField(
        _("Vad fungerar inte?"),
        max_length=5000,
        help_text=_("Berätta gärna på vilken sida, vad du ville göra och vilka hjälpmedel du använder."),
    )
    name = models.CharField(_("Namn (frivilligt)"), max_length=100, blank=True)
    email = models.EmailField(
        _("E-post (frivilligt)"), blank=True, help_text=_("Skriv den om du vill ha svar.")
    )
    sent = models.DateTimeField(_("skickad"), default=timezone.now, db_index=True, editable=False)

    objects = AccessibilityReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("rapport om bristande tillgänglighet")
        verbose_name_plural = _("rapporter om bristande tillgänglighet")
        ordering = ["-sent"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.sent):%Y-%m-%d %H:%M}"
