"""Invitations: how a person without an account, or without a role, gets one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from municipalities.models.organisations import Organisation
from municipalities.models.users import Role, User

LASTS = timedelta(days=14)
"""How long an invitation can be accepted, to the end of the last day."""

KEPT_AFTER = timedelta(days=90)
"""How long the address of a lapsed invitation is kept, so that it can be sent again."""

signer = Signer(salt="municipalities.invitation")


def two_weeks_from_now() -> datetime:
    """The end of the day in two weeks."""
    return timezone.localtime(timezone.now() + LASTS).replace(hour=23, minute=59, second=59, microsecond=0)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those that nobody has accepted or withdrawn, lapsed ones among them."""
        return self.filter(accepted=None, withdrawn=None)

    def waiting(self, at: datetime | None = None) -> InvitationQuerySet:
        """Those that can still be accepted at a moment, now unless told otherwise."""
        return self.open().filter(expires__gt=at or timezone.now())

    def long_lapsed(self, at: datetime | None = None) -> InvitationQuerySet:
        """Open ones that lapsed so long ago that their address is no longer kept."""
        return self.open().filter(expires__lte=(at or timezone.now()) - KEPT_AFTER)

    def of_token(self, token: str) -> InvitationQuerySet:
        """The one whose link holds `token`; none for a token that the portal hasn't made."""
        try:
            return self.filter(pk=signer.unsign_object(token))
        except BadSignature:
            return self.none()


class Invitation(models.Model):
    """A role in an organisation, offered by mail to whoever reads what is sent to an address.

    The address is kept while the offer is open, and not after.
    """

    email = models.EmailField(_("e-post"), blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="invitations"
    )
    role = models.CharField(_("roll"), max_length=20, choices=Role)
    invited_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("inbjuden av"), related_name="+")
    sent = models.DateTimeField(_("skickad"), default=timezone.now)
    expires = models.DateTimeField(_("gäller till"), default=two_weeks_from_now)
    accepted = models.DateTimeField(_("antagen"), null=True, blank=True)
    withdrawn = models.DateTimeField(_("återkallad"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["email"])

    class Meta:
        verbose_name = _("inbjudan")
        verbose_name_plural = _("inbjudningar")
        ordering = ["-sent"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="an_invitation_goes_to_an_address_in_lower_case",
                violation_error_message=_("Skriv e-postadressen med små bokstäver."),
            ),
            models.CheckConstraint(
                condition=(Q(accepted=None, withdrawn=None) & ~Q(email=""))
                | (~Q(accepted=None, withdrawn=None) & Q(email="")),
                name="an_invitation_has_an_address_while_it_is_open",
                violation_error_message=_("En öppen inbjudan har en e-postadress, en avslutad har ingen."),
            ),
            models.CheckConstraint(
                condition=Q(expires__gt=F("sent")),
                name="an_invitation_expires_after_it_is_sent",
                violation_error_message=_("En inbjudan kan inte gå ut innan den skickas."),
            ),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(withdrawn=None),
                name="an_invitation_is_accepted_or_withdrawn",
                violation_error_message=_("En inbjudan som har antagits kan inte återkallas."),
            ),
            models.UniqueConstraint(
                fields=["email", "organisation", "role"],
                condition=Q(accepted=None, withdrawn=None),
                name="an_offer_is_made_once_at_a_time",
                violation_error_message=_("Adressen har redan en inbjudan till den rollen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation.short_name}"

    @property
    def token(self) -> str:
        """What the link in the mail holds: the row's number, signed, so that no secret is kept."""
        return signer.sign_object(self.pk)

    def is_waiting(self, at: datetime | None = None) -> bool:
        """Whether it can still be accepted at a moment, now unless told otherwise."""
        return self.accepted is None and self.withdrawn is None and self.expires > (at or timezone.now())
