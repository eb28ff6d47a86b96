"""Tells the browser which of the drafts that it keeps have been saved, so that it can forget them.

Whatever form a script keeps sends the draft's number along (static/portal/js/drafts.js). A view that has
saved what the form said confirms it (municipalities/drafts.py); nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from municipalities.drafts import has_saved

SAVED = "saved_drafts"
"""Where the session keeps the numbers until the next page tells the browser."""

HEADER = "Draft-Saved"
"""The number, in an answer that shows by itself what was saved."""

NUMBER = re.compile(r"[a-z0-9]{1,12}")
AT_MOST = 20


class SavedDrafts:
    """Notes the number of a draft that a view says it has saved.

    An answer that shows what was saved tells it by itself; one that leads on leaves it to the next page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not has_saved(request) or response.status_code >= 400:
            return response
        number = request.POST.get("draft", "")
        if not NUMBER.fullmatch(number):
            return response
        if response.status_code == 200:
            response[HEADER] = number
        else:
            request.session[SAVED] = [*request.session.get(SAVED, []), number][-AT_MOST:]
        return response


def saved_drafts(request: HttpRequest) -> dict[str, Any]:
    """For a page's context: the numbers of the drafts saved since the last page, parted by spaces."""
    return {"saved_drafts": SimpleLazyObject(lambda: " ".join(request.session.pop(SAVED, [])))}
