"""Names of organisations in a table's cells: taken apart, and held against those that the portal knows.

How is told in docs/decisions/0031-names-in-a-table-from-elsewhere.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from exchange.resources import folded
from municipalities.models import Organisation

MUNICIPALITY = re.compile(r"\b(?:kommun(?:en)?s?|kommunes?|municipality|kunta)\b")
SURELY = (re.compile(r"[\n\t;|•]"), re.compile(r","), re.compile(r"/(?!\s*(?:eller|or|oder|tai)\b)"))
"""What stands between names, and hardly ever in one."""

PERHAPS = re.compile(
    r"\s*&\s*|\s\+\s|(?<!-)\s(?:och|samt|and|og|und|ja|sekä)(?:/(?:eller|or|oder|tai))?\s", re.IGNORECASE
)
"""What as often stands in a name."""

BEGINS = re.compile(r"^(?:och|samt|and|og|und|ja|sekä|&)\s+", re.IGNORECASE)

AROUND = " \n\t;,/|•&"

ALIKE = 0.84
"""How like one another two names are that may be the same."""
CLEARLY = 0.06
"""So much more alike is a name than any other, if it is to be suggested."""


class Register:
    """The organisations that may answer for an activity, by all that they may be called."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.organisations = list(organisations)
        self.by_key = {each.key: each for each in self.organisations}
        self.by_name: dict[str, set[str]] = {}
        self.by_stem: dict[str, set[str]] = {}
        for each in self.organisations:
            for name in (each.key, each.name, each.short_name):
                self.by_name.setdefault(folded(name), set()).add(each.key)
                self.by_stem.setdefault(stem(name), set()).add(each.key)

    def exactly(self, name: str) -> Organisation | None:
        """The one that is called so, whatever the case, and with or without "kommun"; None if several are."""
        if not name.strip():
            return None
        return self.only(self.by_name.get(folded(name))) or self.only(self.by_stem.get(stem(name)))

    def nearly(self, name: str) -> Organisation | None:
        """The one whose name is clearly most like this one, for somebody to say whether it is meant."""
        wanted = stem(name)
        likeness: dict[str, float] = {}
        for other, keys in self.by_stem.items():
            for key in keys:
                likeness[key] = max(likeness.get(key, 0), alike(wanted, other))
        best, *others = sorted(likeness.items(), key=lambda each: -each[1]) or [("", 0.0)]
        is_clear = not others or best[1] - others[0][1] >= CLEARLY
        return self.by_key[best[0]] if best[1] >= ALIKE and is_clear else None

    def only(self, keys: set[str] | None) -> Organisation | None:
        return self.by_key[next(iter(keys))] if keys and len(keys) == 1 else None


def stem(name: str) -> str:
    """A name as it is compared: without case, marks and the word for municipality."""
    words = re.sub(r"[^\w\s-]", " ", folded(name))
    return folded(MUNICIPALITY.sub(" ", words)) or folded(name)


def alike(one: str, other: str) -> float:
    """How like each other two names are, from 0 to 1; one that has the other in it is very like it."""
    if len(min(one, other, key=len)) > 3 and (f" {one} " in f" {other} " or f" {other} " in f" {one} "):
        return 0.9
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0
    return matcher.ratio()


def names_in(cell: str, is_known: Callable[[str], bool]) -> list[str]:
    """The names in a cell; one that is known whole isn't taken apart."""
    whole = BEGINS.sub("", cell.strip(AROUND))
    name = " ".join(whole.split())
    if not any(sign.isalnum() for sign in name):
        return []
    if is_known(name):
        return [name]
    for between in (*SURELY, PERHAPS):
        parts = [part for part in between.split(whole) if part.strip()]
        if len(parts) > 1 and (between is not PERHAPS or any(is_known(part.strip()) for part in parts)):
            found = [name for part in parts for name in names_in(part, is_known)]
            return list({folded(each): each for each in found}.values())
    return [name]


def names_in_all(cells: Iterable[str], is_known: Callable[[str], bool]) -> Callable[[str], list[str]]:
    """How to take the cells of a table apart: what is a name by itself in one of them is known in all."""
    alone = {folded(name) for cell in cells for name in names_in(cell, is_known)}

    def taken_apart(cell: str) -> list[str]:
        return names_in(cell, lambda name: is_known(name) or folded(cell) != folded(name) in alone)

    return taken_apart
