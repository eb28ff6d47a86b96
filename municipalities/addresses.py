"""Changing the address that someone logs in by: it counts once its reader has followed a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse

from municipalities import mails
from municipalities.journal import note
from municipalities.models import User

SALT = "municipalities.addresses"
LASTS = timedelta(hours=24)
"""How long the link can be followed."""


@dataclass(frozen=True)
class Change:
    """That someone wants to log in by another address; both are in lower case."""

    person: int
    old: str
    new: str

    @property
    def key(self) -> str:
        """The end of the link's address. It says it all, so nothing is kept until it is followed."""
        return signing.dumps([self.person, self.old, self.new], salt=SALT)


def ask_to_confirm(request: HttpRequest, person: User, new: str) -> None:
    """Sends the link to the new address; its reader is told instead when it already has an account."""
    if User.objects.filter(email=new).exists():
        mails.send("account/email/address_taken", new, {})
        return
    change = Change(person.pk, person.email, new)
    link = request.build_absolute_uri(reverse("account_confirm_email", args=[change.key]))
    mails.send("account/email/email_confirmation", new, {"person": person, "link": link})


def read_change(key: str, person: User) -> Change | None:
    """What a link asks for; None when it has expired, has been followed, or is somebody else's."""
    try:
        change = Change(*signing.loads(key, salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        return None
    return change if (change.person, change.old) == (person.pk, person.email) else None


@transaction.atomic
def carry_out(change: Change, by: User) -> bool:
    """Gives the person the new address and tells the old one; False if another account has it by now."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.email = change.new
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        return False
    follow(change, person)
    return True


def follow(change: Change, person: User) -> None:
    """Lets no other address than the new one let the person in, once it is saved, and tells the old one."""
    EmailAddress.objects.filter(user=person).delete()  # the library's copies, where it has made any
    get_adapter().send_notification_mail(
        "account/email/email_changed", person, {"change": change}, change.old
    )
    note("account.address_changed", person=person.pk)
