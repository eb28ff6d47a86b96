"""Tells whoever tried what could not be done with a draft, and gives back what they had written."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from actionplan.drafting import NotDrafted
from portal.rights import typed_in


class GoneDrafts:
    """Answers for every view that a draft, or a row of it, is gone from: adopted, thrown away or removed.

    A view that can say it beside its own form does so itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotDrafted) or request.resolver_match is None:
            return None
        plan = request.resolver_match.kwargs["plan"]  # which is whose draft it was
        if typed := typed_in(request):
            context = {"plan": plan, "why": str(exception), "typed": typed}
            return render(request, "portal/not_saved.html", context, status=409)
        messages.error(request, str(exception))
        return redirect("draft", plan)
