"""In which language things are said: what is kept and shared in the portal's own, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def in_the_portals_language(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function in the portal's own language, as for documents, data and the log.

    Django's `override` is no decorator for this: it would remember one reader's language for all threads.
    """

    @wraps(function)
    def spoken(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        with translation.override(settings.LANGUAGE_CODE):
            return function(*args, **kwargs)

    return spoken


def is_the_portals_own() -> bool:
    """Whether the reader reads the portal in its own language, which is that of plans too."""
    return translation.get_language() == settings.LANGUAGE_CODE


def as_content(text: Any) -> Any:
    """What people have written, which says its language where it stands on a page in another one.

    Nothing is added in the portal's own, nor where there is nothing to read.
    """
    return text if is_the_portals_own() or not text else in_its_language("span", text)


def in_its_language(tag: str, text: Any) -> SafeString:
    return format_html('<{} lang="{}">{}</{}>', tag, settings.LANGUAGE_CODE, text, tag)
