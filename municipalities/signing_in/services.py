"""Organisations' own log-in services: each speaks for one organisation, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.internal.stagekit import clear_login
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from municipalities.access import signed_in
from municipalities.journal import note
from municipalities.lines import ShortLine
from municipalities.models import Organisation, User
from municipalities.signing_in.configuration import Service
from municipalities.signing_in.openid import Refused, ServiceProvider, Told
from municipalities.ways_in import opened_by, rests_on_a_service, shown_by

LARGEST = 1_000_000
LONGEST = 10
"""Bytes and seconds that a service's answer may take."""

# Which services there are


def service_named(name: str) -> Service | None:
    """The configured service with that id; none when it isn't configured any longer."""
    return next((each for each in settings.OIDC_PROVIDERS if each.id == name), None)


def organisation_of(service: Service) -> Organisation:
    """The organisation that the service speaks for. Raises Refused when there is none by that key."""
    organisation = Organisation.objects.filter(key=service.organisation).first()
    if organisation is None:
        raise Refused(
            "organisation",
            _("Inloggningstjänsten är inte färdiginställd. Hör av dig till portalens administratör."),
        )
    return organisation


class ServiceAdapter(DefaultSocialAccountAdapter):
    """Tells the library which services there are, and how it may talk with them."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The services of the settings alone: a row in the database must not become a way in."""
        return [
            SocialApp(
                provider=ServiceProvider.id,
                provider_id=service.id,
                name=service.name,
                client_id=service.client_id,
                secret=service.client_secret,
                settings={"server_url": service.server},
            )
            for service in settings.OIDC_PROVIDERS
            if provider in (None, ServiceProvider.id, service.id) and client_id in (None, service.client_id)
        ]

    def get_requests_session(self) -> ShortLine:
        return ShortLine(pause=settings.SOCIALACCOUNT_REQUESTS_TIMEOUT, longest=LONGEST, largest=LARGEST)


# Who one is in a session that a service opened


def confined(request: HttpRequest, person: User | AnonymousUser) -> User | AnonymousUser:
    """Who makes the request, as far as what opened their session can vouch for them.

    A service that isn't configured any longer vouches for nobody: its sessions end.
    """
    if not isinstance(person, User) or (opened := opened_by(request, person)) is None:
        return person
    if service := service_named(opened):
        person.confined_to = service.organisation
        return person
    request.session.flush()
    request.user = AnonymousUser()
    note("service.gone", service=opened, person=person.pk)
    return request.user


def without_their_service(request: HttpRequest, person: User) -> HttpResponse | None:
    """The refusal of a log-in in which the service that vouches for the person had no part; none otherwise.

    Someone without a password here may have a passkey as their second step. On its own it would keep the
    portal open to those whom their organisation no longer lets in.
    """
    if not rests_on_a_service(person) or shown_by(request, person) is not None:
        return None
    clear_login(request)
    sentence = _("Ditt konto öppnas av din organisations inloggningstjänst. Logga in genom den.")
    note("service.refused", reason="passed_by", person=person.pk)
    return render(request, "socialaccount/authentication_error.html", {"sentence": sentence}, status=403)


class Confinement:
    """In a session that a service opened, only its own organisation counts, and nobody administers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(confined, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)


# Logging in


def log_in(
    request: HttpRequest, provider: ServiceProvider, service: Service, told: Told, state: dict[str, Any]
) -> HttpResponse:
    """Logs someone in as the account that the service has opened before, or as a new one without roles."""
    account = (
        SocialAccount.objects.filter(provider=service.id, uid=told.subject).select_related("user").first()
    )
    is_new = account is None
    person = account.user if account else make_account(service, told)
    if not person.is_active:
        raise Refused("closed", _("Kontot är stängt. Hör av dig till portalens administratör."))

    login = SocialLogin(provider=provider, account=SocialAccount(provider=service.id, uid=told.subject))
    login.state = state
    response = complete_social_login(request, login)
    if is_new:
        messages.info(
            request,
            _("Nu har du ett konto här. Vad du får göra bestämmer redaktören för din organisations plan."),
        )
        if not told.name:
            messages.warning(
                request,
                _("Inloggningstjänsten talade inte om vad du heter. Skriv ditt namn under Mitt konto."),
            )
    return response


def make_account(service: Service, told: Told) -> User:
    """A new account, which the service alone opens: without roles, and without a password."""
    may_get_account(service, told)
    person = User.objects.create_user(told.email, name=told.name or "Namn saknas")
    SocialAccount.objects.create(provider=service.id, uid=told.subject, user=person)
    note("account.made", person=person.pk, service=service.id)
    return person


def may_get_account(service: Service, told: Told) -> None:
    """Raises Refused when no account can be made; nobody is who they are because of an address."""
    organisation_of(service)
    if not told.email:
        raise Refused(
            "no_address",
            _(
                "Inloggningstjänsten talade inte om din e-postadress, och den behövs här. "
                "Hör av dig till dem som sköter din organisations inloggning."
            ),
        )
    if User.objects.filter(email=told.email).exists():
        raise Refused(
            "address_taken",
            _(
                "Det finns redan ett konto med din e-postadress. Logga in med ditt lösenord, "
                "och koppla sedan inloggningstjänsten till kontot under Mitt konto."
            ),
        )


# Services of one's own account


def may_connect(request: HttpRequest, service: Service) -> None:
    """Raises Refused unless the person has a role in the service's organisation, in this session."""
    person = request.user
    if not isinstance(person, User) or service not in services_for(person):
        raise Refused(
            "not_ones_own",
            _("Du kan bara koppla inloggningstjänster hos organisationer där du har en roll."),
        )


def services_for(person: User) -> list[Service]:
    """The services of the organisations in which the person has a role."""
    organisations = [organisation for organisation, _role in person.roles]
    keys = set(Organisation.objects.filter(pk__in=organisations).values_list("key", flat=True))
    return [service for service in settings.OIDC_PROVIDERS if service.organisation in keys]


def connect(request: HttpRequest, service: Service, told: Told) -> HttpResponse:
    """Lets the signed-in person log in through the service from now on, as the one whom it let in."""
    may_connect(request, service)
    person = signed_in(request)
    if is_reauthentication_required(request, app="allauth.socialaccount"):
        raise too_late("reauthentication")
    account, is_new = SocialAccount.objects.get_or_create(
        provider=service.id, uid=told.subject, defaults={"user": person}
    )
    if account.user != person:
        raise Refused(
            "somebody_elses",
            _("Den inloggningen är redan kopplad till ett annat konto. Ingenting har ändrats."),
        )
    if is_new:
        note("service.connected", service=service.id)
        tell_by_mail("account_connected", person, service.name)
    messages.success(request, _("Nu kan du logga in med %(service)s.") % {"service": service.name})
    return redirect("socialaccount_connections")


def tell_by_mail(template: str, person: User, service_name: str) -> None:
    """Tells the person by mail, in case it was somebody else who did it."""
    get_account_adapter().send_notification_mail(
        f"socialaccount/email/{template}", person, {"service": service_name}, email=person.email
    )


def too_late(reason: str) -> Refused:
    return Refused(
        reason,
        _("Inloggningen hann bli för gammal, eller så har den redan använts. Logga in en gång till."),
        status=400,
    )
