"""Tells the browser which of the drafts that it keeps have been saved, so that it can forget them.

Whatever form a script keeps sends the draft's number along (static/portal/js/drafts.js). A view that takes a
form answers by leading on; one that doesn't take it shows it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

SAVED = "saved_drafts"
"""Where the session keeps the numbers until the next page tells the browser."""

NUMBER = re.compile(r"[a-z0-9]{1,12}")
AT_MOST = 20


class SavedDrafts:
    """Notes the number of a draft whose form a view has taken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == 302 and hasattr(request, "reached_its_view"):
            number = request.POST.get("draft", "")
            if NUMBER.fullmatch(number) and request.user.is_authenticated:
                saved = [*request.session.get(SAVED, []), number]
                request.session[SAVED] = saved[-AT_MOST:]
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Comes last: whoever must log in or set up a second step first has been led there already."""
        request.reached_its_view = True  # type: ignore[attr-defined]


def saved_drafts(request: HttpRequest) -> dict[str, Any]:
    """For a page's context: the numbers of the drafts saved since the last page, parted by spaces."""
    return {"saved_drafts": SimpleLazyObject(lambda: " ".join(request.session.pop(SAVED, [])))}
