"""Open data is the same to everyone, and may be read from anywhere."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from portal.open_data.problems import PROBLEM, problem

PAGE = "/oppna-data/"
"""Which is a page like others; what lies below it is data."""

FRESH = {"public": True, "no_cache": True}
"""Anyone may keep an answer, and asks whether it still holds before using it: the ETag tells in no time."""

FROM_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition, Content-Length, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
READING = ("GET", "HEAD")


def is_open_data(path: str) -> bool:
    return path.startswith(PAGE) and path != PAGE


class OpenData:
    """Forgets who asks before anything else can see it, and lets scripts of other sites read the answer.

    So no session is begun, ended or moved on, no cookie is set, and the answer is in Swedish. What goes wrong
    is told as data too. A script that states an ETag asks for leave beforehand (OPTIONS), and gets it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_open_data(request.path_info):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.__dict__.pop("COOKIES", None)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=PREFLIGHT)
        elif request.method not in READING:
            response = problem(405, headers={"Allow": PREFLIGHT["Allow"]})
        else:
            response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != PROBLEM:
            kept = {name: response[name] for name in ("Retry-After",) if name in response}
            response = problem(response.status_code, headers=kept)
        return open_to_all(response)


def open_to_all(response: HttpResponse) -> HttpResponse:
    for name, value in FROM_ANYWHERE.items():
        response[name] = value
    response.headers.pop("Vary", None)
    if response.status_code >= 400:
        response["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response:
        patch_cache_control(response, **FRESH)
    return response
