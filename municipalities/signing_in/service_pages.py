"""Pages on the way to a log-in service and back, and of the services of one's own account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from municipalities.access import signed_in
from municipalities.journal import note
from municipalities.models import User
from municipalities.signing_in.configuration import Service
from municipalities.signing_in.openid import Refused, ServiceProvider, strangers_answer
from municipalities.signing_in.services import (
    ServiceAdapter,
    connect,
    log_in,
    may_connect,
    organisation_of,
    service_named,
    services_for,
    tell_by_mail,
    too_late,
)
from municipalities.ways_in import vouching_for

Page = Callable[..., HttpResponseBase]

# Out to a service, and back


class Return(forms.Form):
    """What a service sends someone back with."""

    state = forms.CharField(max_length=200)
    code = forms.CharField(required=False, max_length=8000)
    error = forms.SlugField(required=False, max_length=60)


def leads_to_services(view: Page) -> Page:
    """Lets the forms of a page send people on to the services, which browsers else refuse (form-action)."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if origins := sorted({origin for each in settings.OIDC_PROVIDERS for origin in each.origins}):
            response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
        return response

    return page


def answers_refusals(
    view: Callable[[HttpRequest, Service], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """Finds the service that an address names, and makes a page of a refusal."""

    @wraps(view)
    def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
        service = service_named(provider_id)
        if service is None:
            raise Http404
        try:
            return view(request, service)
        except Refused as refusal:
            return refused(request, service, refusal)

    return answer


def refused(request: HttpRequest, service: Service, refusal: Refused) -> HttpResponse:
    note("service.refused", service=service.id, reason=refusal.reason, detail=refusal.detail)
    context = {"service": service, "sentence": refusal.sentence}
    return render(request, "socialaccount/authentication_error.html", context, status=refusal.status)


def provider_of(request: HttpRequest, service: Service) -> ServiceProvider:
    return ServiceAdapter(request).get_provider(request, service.id)


@require_POST
@answers_refusals
def to_service(request: HttpRequest, service: Service) -> HttpResponse:
    """Leads on to an organisation's own log-in service, to log in or to connect it with one's account."""
    connects = request.POST.get("process") == "connect"
    if connects:
        may_connect(request, service)
        if is_reauthentication_required(request, app="allauth.socialaccount"):
            return redirect("socialaccount_connections")
    organisation_of(service)
    provider = provider_of(request, service)
    with strangers_answer():
        _described = provider.conversation.openid_config
    return provider.redirect(
        request, "connect" if connects else "login", next_url=get_next_redirect_url(request)
    )


@require_GET
@answers_refusals
def return_from_service(request: HttpRequest, service: Service) -> HttpResponse:
    """Where a service sends people back; everything it says is tried before anything is written."""
    provider = provider_of(request, service)
    answer = Return(request.GET)
    try:
        state = provider.unstash_redirect_state(request, answer["state"].value() or "")
    except PermissionDenied:
        raise too_late("state") from None
    if not answer.is_valid():
        raise too_late("answer")
    if answer.cleaned_data["error"] == "access_denied":
        note("service.cancelled", service=service.id)
        return redirect("socialaccount_login_cancelled")
    if answer.cleaned_data["error"] or not answer.cleaned_data["code"]:
        raise Refused(
            "error",
            _("Inloggningstjänsten ville inte logga in dig."),
            detail=answer.cleaned_data["error"],
        )
    with strangers_answer():
        told = provider.conversation.told(
            answer.cleaned_data["code"], nonce=state["nonce"], code_verifier=state["pkce_code_verifier"]
        )
    try:
        with transaction.atomic():
            if state["process"] == "connect":
                return connect(request, service, told)
            return log_in(request, provider, service, told, state)
    except IntegrityError:  # someone else, or the same person twice at once, was a moment earlier
        raise too_late("at_once") from None


# Services of one's own account


class Disconnecting(forms.Form):
    """Which service someone no longer wants to log in through."""

    account = forms.ModelChoiceField(SocialAccount.objects.none())

    def __init__(self, person: User, *args: Any) -> None:
        super().__init__(*args)
        self.person = person
        self.fields["account"].queryset = SocialAccount.objects.filter(user=person)  # type: ignore[attr-defined]

    def clean_account(self) -> SocialAccount:
        account: SocialAccount = self.cleaned_data["account"]
        others = vouching_for(self.person).exclude(pk=account.pk)
        if not self.person.has_usable_password() and not others.exists():
            raise forms.ValidationError(
                _("Det här är ditt enda sätt att logga in. Koppla en annan inloggningstjänst först.")
            )
        return account


@leads_to_services
@reauthentication_required(app="allauth.socialaccount")
def connections(request: HttpRequest) -> HttpResponse:
    """The services that one's account is connected with, and those that it can be."""
    person = signed_in(request)
    form = Disconnecting(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        account = form.cleaned_data["account"]
        service = service_named(account.provider)
        account.delete()
        note("service.disconnected", service=account.provider)
        tell_by_mail("account_disconnected", person, service.name if service else account.provider)
        messages.success(request, _("Inloggningstjänsten är inte längre kopplad till ditt konto."))
        return redirect("socialaccount_connections")

    connected = [
        {"account": account, "service": service_named(account.provider)}
        for account in SocialAccount.objects.filter(user=person).order_by("provider", "pk")
    ]
    taken = [each["account"].provider for each in connected]
    context = {
        "form": form,
        "connected": connected,
        "offered": [service for service in services_for(person) if service.id not in taken],
    }
    return render(request, "socialaccount/connections.html", context, status=422 if form.errors else 200)


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """The library's page for new people to fill in who they are: services tell that themselves."""
    raise Http404
