"""Who has a second step, who must have one, and what happens when it is lost."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest

from municipalities.journal import note
from municipalities.models import User
from municipalities.sealing import reseal
from municipalities.ways_in import opened_by

SECRETS = "second step"
"""What secrets of second steps are sealed for."""

BOUND_FOR = "bound_for"
"""Where a session remembers what its person was on the way to when they were led to set up a second step."""


are_steps = ~models.Q(type=Authenticator.Type.RECOVERY_CODES)
"""Apps and passkeys; recovery codes stand in for them, and are none on their own."""


def steps_of(person: User) -> models.QuerySet[Authenticator]:
    return Authenticator.objects.filter(are_steps, user=person)


def has_second_step(person: User) -> bool:
    """Whether the person has one; what the session's own statement said of it is believed."""
    known: bool | None = getattr(person, "has_second_step", None)
    return steps_of(person).exists() if known is None else known


def codes_left(recovery_codes: Authenticator) -> int:
    """How many of the codes haven't been used; they needn't be readable for that."""
    used: int = recovery_codes.data["used_mask"]
    return app_settings.RECOVERY_CODE_COUNT - used.bit_count()


def is_demanded_of(person: User) -> bool:
    """Whether the person must have a second step, by what they may do in this session."""
    return settings.REQUIRE_MFA and person.may_write


def is_owed(request: HttpRequest) -> bool:
    """Whether the person must set up a second step before they do anything else.

    Costs no statement besides those for the person and their roles. It is asked every time, since the last
    step may have been removed in another session.
    """
    if not settings.REQUIRE_MFA:
        return False
    person = request.user
    if not isinstance(person, User) or not is_demanded_of(person):
        return False
    return not (came_by_a_service_that_asks_for_two_steps(request) or has_second_step(person))


def came_by_a_service_that_asks_for_two_steps(request: HttpRequest) -> bool:
    """Whether the session was opened through a log-in service that is configured with `second_factor`."""
    asking = {service.id for service in settings.OIDC_PROVIDERS if service.second_factor}
    return isinstance(request.user, User) and opened_by(request, request.user) in asking


@transaction.atomic
def take_away(person: User, by: User | None) -> None:
    """Removes what the person has for a second step, for someone who has lost it, and ends their sessions.

    `by` is None when it is done at the server. At their next log-in the password is enough, and whoever must
    have a second step sets up a new one.
    """
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    note("second_step.taken_away", person=person.pk, **({} if by else {"at": "server"}))


@transaction.atomic
def reseal_secrets() -> int:
    """Seals every secret with the SECRET_KEY of today, so that an earlier one can be thrown away.

    Returns how many there were; raises `cryptography.fernet.InvalidToken` for one that no key opens.
    """
    kept = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    for authenticator in kept:
        name = "secret" if authenticator.type == Authenticator.Type.TOTP else "seed"
        authenticator.data[name] = reseal(authenticator.data[name], SECRETS)
        authenticator.save(update_fields=["data"])
    return len(kept)
