"""What is done to people's roles and accounts: each deed all or nothing, in the log and in the journal.

A deed that can't be done raises ValidationError with the sentence for whoever asked for it. Two who do the
same at once wait for each other in the database, and the second one finds that it has been done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities import mails
from municipalities.history import FROM_A_FILE, from_file, remember
from municipalities.journal import note
from municipalities.models import Invitation, Membership, Organisation, User
from municipalities.models.invitations import two_weeks_from_now
from municipalities.second_steps import take_away
from municipalities.ways_in import counts_in, rests_on_a_service

# Invitations

MOST_IN_AN_HOUR = 50
"""Mails with invitations that one person can send in an hour, one by one."""

MOST_IN_A_DAY = 500
"""Mails with invitations that an administrator can send in a day by files."""


@transaction.atomic
def invite(email: str, organisation: Organisation, role: str, *, by: User) -> Invitation:
    """Offers the role by mail to whoever reads what is sent to the address.

    An offer that has lapsed is made again. Raises ValidationError when it is waiting, or the person has the
    role already.
    """
    forget_long_lapsed(by=by)
    email = email.strip().lower()
    if Membership.objects.filter(user__email=email, organisation=organisation, role=role).exists():
        raise ValidationError(_("Den som har adressen har redan den rollen här."))
    offers = Invitation.objects.select_for_update(of=["self"]).open()
    invitation = offers.filter(email=email, organisation=organisation, role=role).first()
    if invitation is None:
        invitation = Invitation(email=email, organisation=organisation, role=role, invited_by=by)
    elif invitation.is_waiting():
        raise ValidationError(_("Adressen har redan en inbjudan till den rollen. Skicka den igen i stället."))
    return send(invitation, by=by)


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> Invitation:
    """Sends the mail once more, and lets the offer stand for as long again."""
    return send(hold_open(invitation), by=by)


def send(invitation: Invitation, *, by: User) -> Invitation:
    """Sends an invitation that is new or held open.

    Raises ValidationError when another one was faster, and for one who has sent as many as one may for now.
    """
    if sent_lately(by, timedelta(hours=1)) >= MOST_IN_AN_HOUR:
        raise ValidationError(_("Du har skickat många inbjudningar den senaste timmen. Vänta en stund."))
    return mail_offer(invitation, by=by)


def send_as_in_file(invitation: Invitation, *, name: str, by: User) -> Invitation:
    """Sends an invitation that is new or held open, as a file with that name asks for.

    Raises ValidationError when another one was faster. How many there are is asked of the file as a whole.
    """
    return mail_offer(invitation, by=by, reason=from_file(name))


def mail_offer(invitation: Invitation, *, by: User, reason: str = "") -> Invitation:
    invitation.sent, invitation.expires = timezone.now(), two_weeks_from_now()
    invitation.invited_by = by
    try:
        save(invitation, by=by, reason=reason)
    except IntegrityError as error:
        raise ValidationError(_("Adressen har redan en inbjudan till den rollen.")) from error
    link = absolute(reverse("invitation", args=[invitation.token]))
    facts = {"invitation": invitation, "link": link}
    mails.send("municipalities/email/invitation", invitation.email, facts)
    note("invitation.sent", invitation=invitation.pk, **about(invitation))
    return invitation


def sent_lately(sender: User, period: timedelta, *, by_file: bool = False) -> int:
    """How many mails with invitations the person has sent, one by one or by files, by the log."""
    lately = Invitation.history.filter(invited_by=sender, sent__gt=timezone.now() - period)
    mails_sent = lately.order_by().values("id", "sent").distinct()
    by_files: int = mails_sent.filter(history_change_reason__startswith=FROM_A_FILE).count()
    return by_files if by_file else mails_sent.count() - by_files


def left_to_send_by_file(sender: User) -> int:
    """How many more mails with invitations the person can send by files for now."""
    return max(0, MOST_IN_A_DAY - sent_lately(sender, timedelta(days=1), by_file=True))


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Makes the link lead nowhere; the address is forgotten."""
    invitation = hold_open(invitation)
    settle(invitation, withdrawn=timezone.now(), by=by)
    note("invitation.withdrawn", invitation=invitation.pk, **about(invitation))


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> None:
    """Gives the role to someone who has an account with the invitation's address.

    Raises ValidationError when it can't be accepted any more, and for anyone else's account.
    """
    by = hold(by)
    invitation = hold_waiting(invitation)
    if by.email != invitation.email:
        raise ValidationError(_("Inbjudan gick till en annan adress än ditt kontos."))
    settle(invitation, accepted=timezone.now(), by=by)
    held = Membership.objects.filter(user=by, organisation=invitation.organisation, role=invitation.role)
    if not held.exists():
        give(by, invitation.organisation, invitation.role, by=by)
    note("invitation.accepted", invitation=invitation.pk, person=by.pk, **about(invitation))


@transaction.atomic
def accept_with_new_account(invitation: Invitation, *, name: str, password: str) -> User:
    """Makes an account with the invitation's address, whose mail its reader has, and gives the role.

    Raises ValidationError when it can't be accepted any more, or the address has got an account meanwhile.
    """
    invitation = hold_waiting(invitation)
    user = User(email=invitation.email, name=name)
    user.set_password(password)
    try:
        save(user, by=user)
        with transaction.atomic():
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        raise ValidationError(_("Adressen har redan ett konto. Logga in för att ta emot.")) from error
    note("account.made", person=user.pk)
    accept(invitation, by=user)
    return user


def forget_long_lapsed(at: datetime | None = None, *, by: User | None = None) -> None:
    """Withdraws what lapsed so long ago that nobody is waiting for it, and its address is forgotten."""
    for invitation in Invitation.objects.long_lapsed(at).select_for_update(of=["self"]):
        settle(invitation, withdrawn=timezone.now(), by=by)


def hold_open(invitation: Invitation) -> Invitation:
    """The invitation as it is now, kept so until the transaction ends; ValidationError when it is settled."""
    found = Invitation.objects.select_for_update(of=["self"]).select_related("organisation")
    invitation = found.get(pk=invitation.pk)
    if invitation.accepted:
        raise ValidationError(_("Inbjudan är redan antagen."))
    if invitation.withdrawn:
        raise ValidationError(_("Inbjudan är redan återkallad."))
    return invitation


def hold_waiting(invitation: Invitation) -> Invitation:
    invitation = hold_open(invitation)
    if not invitation.is_waiting():
        raise ValidationError(_("Inbjudan har gått ut."))
    if not is_backed(invitation):
        raise ValidationError(_("Den som bjöd in får inte längre ge den rollen."))
    return invitation


def is_backed(invitation: Invitation) -> bool:
    """Whether the one who sent it may still give the role; the rule is that of the people's pages."""
    return invitation.invited_by.has_perm("actionplan.give_role", (invitation.organisation, invitation.role))


def withdraw_unbacked(sender: User, *, by: User) -> None:
    """Withdraws what the person has offered and may no longer give."""
    sender = User.objects.get(pk=sender.pk)  # with the roles of now
    offers = Invitation.objects.open().filter(invited_by=sender)
    for invitation in offers.select_for_update(of=["self"]).select_related("organisation"):
        invitation.invited_by = sender
        if not is_backed(invitation):
            withdraw(invitation, by=by)


def settle(invitation: Invitation, *, by: User | None, **when: datetime) -> None:
    """Ends an offer, and forgets the address that it went to."""
    for name, value in when.items():
        setattr(invitation, name, value)
    invitation.email = ""
    save(invitation, by=by)


# Roles


@transaction.atomic
def give(user: User, organisation: Organisation, role: str, *, by: User) -> Membership:
    """Gives the role.

    Raises ValidationError when the person has it, the account is closed, or their way in doesn't lead there.
    """
    membership = Membership(user=hold(user), organisation=organisation, role=role)
    if not counts_in(user, organisation):
        raise ValidationError(elsewhere())
    try:
        save(membership, by=by)
    except IntegrityError as error:
        raise ValidationError(_("Personen har redan den rollen i organisationen.")) from error
    tell_that("given", membership)
    return membership


def elsewhere() -> str:
    return _("Personen loggar in genom en annan organisations tjänst, och den gäller bara där.")


@transaction.atomic
def end(membership: Membership, *, by: User) -> None:
    """Ends the role, from the person's next request on; raises ValidationError when it has ended."""
    found = Membership.objects.select_for_update(of=["self"]).select_related("organisation", "user")
    membership_now = found.filter(pk=membership.pk).first()
    if membership_now is None:
        raise ValidationError(_("Behörigheten är redan avslutad."))
    remember(membership_now, by).delete()
    tell_that("ended", membership_now)
    withdraw_unbacked(membership_now.user, by=by)


def tell_that(deed: str, membership: Membership) -> None:
    """Notes in the journal that a role was "given" or "ended"."""
    note(f"membership.{deed}", person=membership.user_id, **about(membership))


# Accounts


def welcome(user: User, *, by: User) -> None:
    """Tells someone for whom an account has been made how to choose a password."""
    link = absolute(reverse("account_reset_password"))
    mails.send("municipalities/email/account_made", user.email, {"person": user, "by": by, "link": link})
    note("account.made", person=user.pk)


def why_no_password(user: User) -> str:
    """What stops an account from getting a password from an administrator; empty when nothing does."""
    if not user.is_active:
        return _("Kontot är stängt.")
    if rests_on_a_service(user):
        return _("Personen loggar in genom sin organisations inloggningstjänst och har inget lösenord här.")
    return ""


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """Takes everything from an account but its name, which stands beside what the person has done.

    Raises ValidationError for one's own account, one that is closed, and the last administrator's.
    """
    if user == by:
        raise ValidationError(_("Ditt eget konto stängs av en annan administratör."))
    if not another_administers(user):
        raise ValidationError(LAST_ADMINISTRATOR)
    user = hold(user)
    for invitation in Invitation.objects.open().select_for_update().filter(email=user.email):
        withdraw(invitation, by=by)
    for membership in user.memberships.select_for_update():
        end(membership, by=by)
    for session in UserSession.objects.filter(user=user):
        session.end()
    for table in (Authenticator, SocialAccount, EmailAddress):
        table.objects.filter(user=user).delete()
    user.is_active = user.is_administrator = False
    user.email = f"stangt-konto-{user.pk}@portal.invalid"
    user.last_login = None
    user.set_unusable_password()
    save(user, by=by)
    withdraw_unbacked(user, by=by)
    note("account.closed", person=user.pk)


@transaction.atomic
def remove_second_step(user: User, *, by: User) -> None:
    """Lets someone who lost both phone and codes sign in by password alone, and tells them by mail.

    Raises ValidationError when there is none.
    """
    user = hold(user)
    if not Authenticator.objects.filter(user=user).exists():
        raise ValidationError(_("Kontot har inget andra steg."))
    take_away(user, by)
    mails.send("municipalities/email/second_step_removed", user.email, {"person": user, "by": by})


LAST_ADMINISTRATOR = gettext_lazy("Portalen behöver minst en administratör med aktivt konto.")


def another_administers(user: User) -> bool:
    """Whether anyone but `user` is administrator, and stays so until the transaction ends."""
    administrators = User.objects.select_for_update().filter(is_active=True, is_administrator=True)
    return any(each != user for each in administrators.order_by("pk"))


def hold(user: User) -> User:
    """The person as they are now, kept so until the transaction ends; ValidationError when closed."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise ValidationError(_("Kontot är stängt."))
    return user


# What the deeds share


def save(row: models.Model, *, by: User | None, reason: str = "") -> None:
    """Saves, with who did it in the log and why; a broken promise breaks nothing else in the transaction."""
    with transaction.atomic():
        remember(row, by, reason).save()


def absolute(path: str) -> str:
    """The whole address for a mail, on the site by the name that it was asked for by."""
    return (mails.our_name() or settings.LOCAL_ORIGIN) + path


def about(offer: Invitation | Membership) -> dict[str, str]:
    """Which role and where, for the journal."""
    return {"organisation": offer.organisation.key, "role": offer.role}
