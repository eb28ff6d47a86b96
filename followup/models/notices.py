"""Which mails a follow-up has caused: nobody gets the same one twice, and what was sent can be seen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from followup.models.rounds import FollowUp
from municipalities.models import User


class NoticeKind(models.TextChoices):
    """What a mail tells."""

    OPENED = "opened", _("Öppnad")
    SOON_DUE = "soon_due", _("Två veckor kvar")
    DUE = "due", _("Dags att lämna")
    REMINDER = "reminder", _("Påminnelse")
    RETURNED = "returned", _("Returnerad")
    PUBLISHED = "published", _("Publicerad")


class WhyNot(models.TextChoices):
    """Why a mail that was decided on isn't sent."""

    CLOSED_ACCOUNT = "closed_account", _("Kontot är stängt.")
    NOTHING_LEFT = "nothing_left", _("Det fanns inget kvar att göra.")
    OTHER_STAGE = "other_stage", _("Uppföljningen hade gått vidare.")
    LATER_ONE = "later_one", _("Ett senare utskick säger hur det står.")
    EXAMPLE = "example", _("Exempelinnehåll skickar ingen e-post.")
    REFUSED = "refused", _("Mejlservern tar inte emot post till adressen.")
    GIVEN_UP = "given_up", _("Mejlservern svarade inte på två veckor.")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> NoticeQuerySet:
        """Those that are neither sent nor dropped."""
        return self.filter(sent_at=None, dropped="")

    def standing(self) -> NoticeQuerySet:
        """Those that aren't to be decided on again, by what `Notice.stands` says."""
        return self.exclude(dropped=WhyNot.OTHER_STAGE)


class Notice(models.Model):
    """A mail to a person about a follow-up, from when it was decided on to when it was sent."""

    followup = models.ForeignKey(
        FollowUp, models.CASCADE, verbose_name=_("uppföljning"), related_name="notices"
    )
    kind = models.CharField(_("vad"), max_length=10, choices=NoticeKind)
    about = models.CharField(
        _("gäller"),
        max_length=120,
        blank=True,
        help_text=_("Vilken av flera: påminnelsens dag, utmaningens nyckel och nummer, utgåvan."),
    )
    person = models.ForeignKey(User, models.CASCADE, verbose_name=_("till"), related_name="notices")
    decided_at = models.DateTimeField(_("beslutat"), default=timezone.now)
    taken_at = models.DateTimeField(
        _("börjat skickas"), null=True, blank=True, help_text=_("Medan det pågår; tomt före och efter.")
    )
    sent_at = models.DateTimeField(_("skickat"), null=True, blank=True)
    dropped = models.CharField(
        _("skickades inte"),
        max_length=200,
        blank=True,
        choices=WhyNot,
        help_text=_("Varför, när det inte längre behövdes."),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("utskick")
        verbose_name_plural = pgettext_lazy("several", "utskick")
        ordering = ["-decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "kind", "about", "person"], name="nobody_gets_the_same_mail_twice"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dropped=""), name="a_mail_is_sent_or_dropped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"

    @property
    def stands(self) -> bool:
        """Whether it has been decided on; no longer when the year had gone on, and may have come back."""
        return self.dropped != WhyNot.OTHER_STAGE
