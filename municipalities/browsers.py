"""What a browser says that it is, in words for the person who used it."""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
]
"""A word that gives the browser away, and its name. Most claim to be others as well, so the order matters."""

SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
]


def in_words(user_agent: str) -> str:
    """Such as "Firefox på Windows", of what the header User-Agent says."""
    browser = first(BROWSERS, user_agent)
    system = first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s på %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Okänd webbläsare")


def first(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for word, name in names if word in user_agent), "")
