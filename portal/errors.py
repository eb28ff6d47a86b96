"""Pages for what went wrong.

Django's own look for a CSRF token in what was sent, and when that is what can't be read they fail in turn:
a body in a strange encoding is then answered with 500 instead of 400.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"exception": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the request: whatever broke may break again.

    A database that doesn't answer, or not in time, is nothing broken: it is there again in a while.
    """
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "60"})
    return HttpResponseServerError(render_to_string("500.html"))
