"""What an answer says of its asker's rights, in a word."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

METHODS = ("GET", "HEAD", "POST")
"""What is asked of pages."""

OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""What no page takes, whoever asks and whether or not there is such a page."""

GIVE_BACK = {"portal/logged_out.html", "portal/second_step_first.html"}
"""Pages that refuse a form and give back what was typed in it."""


def word_for(answer: Any, address: str) -> str:
    """The word by which the tables know the answer that someone got at `address`."""
    if answer.status_code == 403 and names_of_templates(answer) & GIVE_BACK:
        return "typed"
    if answer.status_code not in (301, 302, 303, 307):
        return str(answer.status_code)
    to = urlsplit(answer["Location"])
    comes_back_to = parse_qs(to.query).get("next", [""])
    if to.path == reverse("account_login") and comes_back_to == [address]:
        return "log-in"
    if to.path == reverse("mfa_index") and not address.startswith(reverse("account")):
        return "step"
    return f"→{to.path}"


def names_of_templates(answer: Any) -> set[str]:
    return {each.name for each in getattr(answer, "templates", []) if each.name}
