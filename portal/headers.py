"""What every answer carries, so that browsers and caches on the way keep the portal's readers safe.

The content security policy and the powers denied to pages are in the settings and set by their libraries.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseFileResponse

from portal.open_data.middleware import is_open_data

BEHIND_LOG_IN = ("/konto/", "/admin/")
"""Where no answer is kept, whoever asks."""


class Headers:
    """Stands outside of everything that may answer: files, redirects and refusals carry the headers too.

    Some are also set by Django's SecurityMiddleware, which sets none when it is the one that refuses: on the
    way from http to https for a host that isn't the portal's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.always = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.always.items():
            response.headers.setdefault(name, value)
        if not isinstance(response, WhiteNoiseFileResponse):
            self.tell_caches(request, response)
        return response

    def tell_caches(self, request: HttpRequest, response: HttpResponse) -> None:
        """A page for everyone may be kept, apart from signed-in people's; one for someone is kept nowhere.

        Open data says itself how it may be kept: it is the same to all.
        """
        if is_open_data(request.path_info):
            return
        patch_vary_headers(response, ["Cookie"])
        if is_for_someone(request, response):
            response.headers["Cache-Control"] = "private, no-store"


def is_for_someone(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer may hold what only the one who asked may see, or a cookie of theirs."""
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or bool(response.cookies)
        or request.path_info.startswith(BEHIND_LOG_IN)
    )
