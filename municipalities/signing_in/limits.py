"""Failed log-ins are limited, for each account and for each address on the network.

The library counts in the cache that all processes share, and lets one request at a time count for a key: the
row that locks a key is inserted within the request's transaction, so the next one waits until that is
committed. That is right for an account, where every guess must wait for the one before. For a network address
it would make a whole town hall log in one by one, so there only failures are counted, when the password has
been checked (docs/decisions/0015).
"""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from municipalities.journal import note
from municipalities.models import User

NOWHERE = "0.0.0.0"  # noqa: S104  # nosec B104
"""The network address of a request that has none, such as over a socket in a file; nothing listens there."""

FROM_ADDRESS = "login_failed_from"
"""What the limit for each network address is called in ACCOUNT_RATE_LIMITS."""


class LimitedLogIns(DefaultAccountAdapter):
    """An account adapter that counts failures, known and unknown accounts alike, and notes them."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return network_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses who has failed too often; else the try counts against the account until it succeeds."""
        try:
            if too_many_from(request):
                raise self.validation_error("too_many_login_attempts")
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note("log_in.limited", person=number_of(credentials))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        ratelimit.consume(request, app="allauth.account", action=FROM_ADDRESS)
        note("log_in.failed", person=number_of(credentials))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account is the same by whichever of its names the portal was asked."""
        return str(credentials.get("email", "")).lower()


def too_many_from(request: HttpRequest) -> bool:
    """Whether the request's network address has failed too often; asking doesn't count."""
    for rate in ratelimit.get_rates(app="allauth.account", action=FROM_ADDRESS):
        key = ratelimit.get_cache_key(request, app="allauth.account", action=FROM_ADDRESS, rate=rate)
        allowed, _history = ratelimit.apply_rate(cache.get(key, []), time.time(), rate, dry_run=True)
        if not allowed:
            return True
    return False


def number_of(credentials: dict[str, Any]) -> int | None:
    """The account that someone tried; None when there is none. What they typed may be a password."""
    address = str(credentials.get("email", "")).lower()
    return User.objects.filter(email=address).values_list("pk", flat=True).first()


def network_address(request: HttpRequest) -> str:
    """Where the request comes from on the network: what the outermost of the trusted proxies saw.

    Each proxy writes last in X-Forwarded-For whom it was asked by. What stands before what the trusted ones
    wrote is the visitor's own word and means nothing; a request that passed fewer of them has none to go by.
    """
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    trusted = settings.TRUSTED_PROXIES
    seen = passed[-trusted] if 0 < trusted <= len(passed) else ""
    address = clean_client_ip(seen) or clean_client_ip(request.META.get("REMOTE_ADDR", "")) or NOWHERE
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return address
