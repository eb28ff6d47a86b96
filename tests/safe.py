"""What every answer of the portal carries."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from portal.open_data.middleware import is_open_data

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FROM_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""What open data carries, which other sites' scripts may read."""
ALLOWED_POWERS = {"publickey-credentials-create=(self)", "publickey-credentials-get=(self)"}
DENIED_POWERS = {"camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()", "clipboard-read=()"}


def lacks(answer: Any) -> list[str]:
    """What the answer should carry and doesn't, or carries and shouldn't.

    Answers that lead to an organisation's log-in service name it in `form-action`, and nothing else differs.
    """
    headers = answer.headers
    always = ALWAYS | (FROM_ANYWHERE if is_of_open_data(answer) else {})
    found = [f"{name}: {value}" for name, value in always.items() if headers.get(name) != value]
    policy = {
        "form-action 'self'" if only_adds_services(directive) else directive
        for directive in headers.get("Content-Security-Policy", "").split("; ")
    }
    if policy != POLICY:
        found.append(f"Content-Security-Policy: differs by {policy ^ POLICY}")
    powers = set(headers.get("Permissions-Policy", "").split(", "))
    if {each for each in powers if not each.endswith("=()")} != ALLOWED_POWERS or not powers >= DENIED_POWERS:
        found.append(f"Permissions-Policy: {powers}")
    return found


def only_adds_services(directive: str) -> bool:
    services = {origin for service in settings.OIDC_PROVIDERS for origin in service.origins}
    return directive.startswith("form-action 'self' ") and set(directive.split(" ")[2:]) <= services


def is_of_open_data(answer: Any) -> bool:
    """Whether it is what everyone gets alike, whoever they are signed in as."""
    return is_open_data(getattr(answer, "request", {}).get("PATH_INFO", ""))


def is_kept_nowhere(answer: Any) -> bool:
    return answer.headers.get("Cache-Control") == "private, no-store"


def unsafe(who: str, method: str, answer: Any) -> list[str]:
    """What is wrong with the answer's headers; what someone signed in reads may be kept by no cache."""
    is_theirs = who not in ("visitor", "closed") and not is_of_open_data(answer)
    kept = method == "GET" and is_theirs and not is_kept_nowhere(answer)
    return [*lacks(answer), *([f"Cache-Control: {answer.headers.get('Cache-Control')}"] if kept else [])]
