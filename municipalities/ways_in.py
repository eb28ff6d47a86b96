"""The ways in to an account: a password of the portal's own, or an organisation's log-in service.

And which of them opened a session.
"""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from municipalities.models import Organisation, User


def services_of(organisation: Organisation) -> list[str]:
    """Ids of the log-in services that speak for the organisation."""
    return [service.id for service in settings.OIDC_PROVIDERS if service.organisation == organisation.key]


def came_by(organisation: Organisation) -> QuerySet[User]:
    """Those with open accounts whom the organisation's log-in services vouch for."""
    accounts = SocialAccount.objects.filter(provider__in=services_of(organisation))
    return User.objects.filter(is_active=True, pk__in=accounts.values("user"))


def vouching_for(user: User) -> QuerySet[SocialAccount]:
    """What connects the person with the services that are configured now; others open nothing."""
    names = [service.id for service in settings.OIDC_PROVIDERS]
    return SocialAccount.objects.filter(user=user, provider__in=names)


def rests_on_a_service(user: User) -> bool:
    """Whether organisations' services alone vouch for the person, who then has no password here.

    When the last of the services is gone, the account is like any other that has no password yet.
    """
    return not user.has_usable_password() and vouching_for(user).exists()


def counts_in(user: User, organisation: Organisation) -> bool:
    """Whether a role in the organisation would ever count: services let people in to their own alone."""
    return (
        not rests_on_a_service(user)
        or vouching_for(user).filter(provider__in=services_of(organisation)).exists()
    )


# Sessions


OPENED_BY = "opened_by"
"""Where a session keeps the id of the service that opened it."""


def shown_by(request: HttpRequest, person: User) -> str | None:
    """The id of the service through which the person has shown who they are; none when they did it here."""
    proofs = get_authentication_records(request, person)
    services = [proof["provider"] for proof in proofs if proof["method"] == "socialaccount"]
    return services[-1] if services else None


def remember_what_opened(request: HttpRequest, person: User) -> None:
    """Keeps in a session that begins what opened it.

    The library's own notes of that are replaced when anyone else shows who they are in the same browser.
    """
    request.session[OPENED_BY] = shown_by(request, person)


def opened_by(request: HttpRequest, person: User) -> str | None:
    """The id of the service that opened the person's session; none when they logged in here.

    It takes no statement. Proving again who one is, by password, doesn't change what opened the session.
    """
    return request.session.get(OPENED_BY) or shown_by(request, person)
