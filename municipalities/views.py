"""Pages of one's own account."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from municipalities.access import signed_in


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may do, and how one signs in."""
    context = {"person": signed_in(request)}
    return render(request, "municipalities/account.html", context)


def to_service(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leads on to an organisation's own log-in service."""
    return login(request, provider_id)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation is accepted."""
    raise NotImplementedError
