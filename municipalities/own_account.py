"""What one's own account is: the roles, the ways in, and the sessions that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities import browsers
from municipalities.models import Membership, Organisation, Role, User
from municipalities.second_steps import steps_of
from municipalities.ways_in import rests_on_a_service


@dataclass(frozen=True)
class Standing:
    """What someone is in one organisation: its name, and the roles in words."""

    organisation: str
    roles: list[str]


def standings_of(person: User) -> list[Standing]:
    """Where the person has roles that count in this session, by the organisation's name."""
    memberships = Membership.objects.filter(user=person).select_related("organisation")
    if person.confined_to is not None:
        memberships = memberships.filter(organisation__key=person.confined_to)
    roles: dict[Organisation, list[str]] = {}
    for each in memberships.order_by("organisation__name", "organisation", "role"):
        roles.setdefault(each.organisation, []).append(str(Role(each.role).label))
    return [Standing(organisation.name, names) for organisation, names in roles.items()]


@dataclass(frozen=True)
class Way:
    """Something that one signs in by: what it is now, and where it is changed, if it can be."""

    name: str
    now: str
    verb: str = ""
    url: str = ""


def ways_of(person: User) -> list[Way]:
    """What the person signs in by, and where they are signed in."""
    services = SocialAccount.objects.filter(user=person)
    names = {service.id: service.name for service in settings.OIDC_PROVIDERS}
    connected = ", ".join(sorted(names.get(each.provider, each.provider) for each in services))
    ways = []
    if not rests_on_a_service(person):
        has_password = person.has_usable_password()
        ways += [
            Way(_("E-postadress"), person.email, _("Byt"), reverse("account_email")),
            Way(_("Lösenord"), _("Finns"), _("Byt"), reverse("account_change_password"))
            if has_password
            else Way(_("Lösenord"), _("Inget"), _("Välj"), reverse("account_set_password")),
        ]
    else:
        ways.append(Way(_("E-postadress"), person.email))
    ways.append(Way(_("Tvåstegsinloggning"), second_steps_in_words(person), _("Ändra"), reverse("mfa_index")))
    if connected or names:
        ways.append(
            Way(
                _("Inloggningstjänster"),
                connected or _("Ingen"),
                _("Ändra"),
                reverse("socialaccount_connections"),
            )
        )
    number = len(sessions_of(person))
    open_now = ngettext("Inloggad i %d webbläsare", "Inloggad i %d webbläsare", number) % number
    return [*ways, Way(_("Dina inloggningar"), open_now, _("Visa"), reverse("usersessions_list"))]


def second_steps_in_words(person: User) -> str:
    """Such as "Kod från en app, 2 passnycklar"."""
    types = list(steps_of(person).values_list("type", flat=True))
    words = [_("kod från en app")] if Authenticator.Type.TOTP in types else []
    if passkeys := types.count(Authenticator.Type.WEBAUTHN):
        words.append(ngettext("%d passnyckel", "%d passnycklar", passkeys) % passkeys)
    text = _(" och ").join(words) or _("ingen")
    return text[0].upper() + text[1:]


@dataclass(frozen=True)
class Session:
    """A browser in which someone is signed in: since when, what it is in words, and from where."""

    number: int
    began: datetime
    browser: str
    address: str
    is_this: bool


def sessions_of(person: User) -> list[Session]:
    """The person's sessions, this one first and then the latest; those that have run out are cleared away."""
    sessions = [
        Session(each.pk, each.created_at, browsers.in_words(each.user_agent), each.ip, each.is_current())
        for each in UserSession.objects.purge_and_list(person)
    ]
    return sorted(sessions, key=lambda session: (session.is_this, session.began), reverse=True)
