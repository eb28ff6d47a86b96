"""Pages of who may do what where, for those who manage people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The organisations whose people one manages."""
    raise NotImplementedError


@require_safe
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """Who may do what for an organisation."""
    raise NotImplementedError


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, organisation: str) -> HttpResponse:
    """Invites someone to a role in an organisation."""
    raise NotImplementedError


@require_POST
def change_invitation(request: HttpRequest, organisation: str, invitation: int) -> HttpResponse:
    """Withdraws an invitation or sends it again."""
    raise NotImplementedError


@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: HttpRequest, organisation: str, membership: int) -> HttpResponse:
    """Ends a role in an organisation, once confirmed."""
    raise NotImplementedError


@require_http_methods(["GET", "HEAD", "POST"])
def give_membership(request: HttpRequest, organisation: str, person: int) -> HttpResponse:
    """Gives someone with an account a role in an organisation."""
    raise NotImplementedError


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account, found by name or address."""
    raise NotImplementedError


@require_safe
def account_of(request: HttpRequest, person: int) -> HttpResponse:
    """A person's account: how they sign in and what they may."""
    raise NotImplementedError


@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest, person: int) -> HttpResponse:
    """Closes an account, once confirmed."""
    raise NotImplementedError


@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_step(request: HttpRequest, person: int) -> HttpResponse:
    """Takes away the second step of someone who can't use it any more, once confirmed."""
    raise NotImplementedError
