"""The language that the portal speaks to its reader: Swedish, unless they have switched."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LANGUAGES = dict(settings.LANGUAGES)


class Languages:
    """Lets each request be answered in the language that its reader has chosen.

    What the browser prefers isn't asked: most readers have never set that, and the plans are in Swedish.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE):
            return self.get_response(request)


@csrf_exempt  # a token would set a cookie on every page, and nothing is won by switching someone's language
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Leads back to the page where it was chosen. Swedish needs no cookie, and takes the other one away."""
    back, chosen = request.POST.get("next", ""), request.POST.get("language")
    if not url_has_allowed_host_and_scheme(back, None):
        back = "/"
    answer = HttpResponseRedirect(back)
    if chosen in LANGUAGES and chosen != settings.LANGUAGE_CODE:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return answer
