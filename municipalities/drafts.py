"""A view's own word that it has saved what a form said: only then does the browser forget its draft.

An answer that leads on isn't enough: also one who is refused is led on, to log in for example.
"""

from __future__ import annotations

from django.http import HttpRequest


def confirm_saved(request: HttpRequest) -> None:
    """Says that everything that the request's form said has been saved."""
    request.has_saved = True  # type: ignore[attr-defined]


def has_saved(request: HttpRequest) -> bool:
    return getattr(request, "has_saved", False)
