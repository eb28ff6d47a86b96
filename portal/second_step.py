"""Leads whoever may write and has no second step to where they set one up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from municipalities.second_steps import BOUND_FOR, is_owed
from portal.rights import PUBLIC, Right, typed_in


class SecondStepDemand:
    """Demands a second step everywhere but in one's account and where everyone is told the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        right: Right = request.right  # type: ignore[attr-defined]  # the table has been asked before
        if request.path.startswith(reverse("account")) or right.same_for_all:
            return None
        return self.send_to_set_one_up(request) if is_owed(request) else None

    def send_to_set_one_up(self, request: HttpRequest) -> HttpResponse:
        """Where to set up a second step; someone who has just written something gets back what they wrote."""
        request.right = PUBLIC  # type: ignore[attr-defined]  # the page that asks for more doesn't answer
        if request.method == "GET":
            request.session[BOUND_FOR] = request.get_full_path()
        if typed := typed_in(request):
            return render(request, "portal/second_step_first.html", {"typed": typed}, status=403)
        return redirect("mfa_index")
