"""Putting together what two people wrote from the same beginning: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    """Whose words hold in a field that both have changed."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"


class Change(StrEnum):
    """Who has changed a field since both started."""

    NOBODY = "nobody"
    THEY = "they"
    I = "i"  # noqa: E741
    ALIKE = "alike"
    BOTH = "both"


@dataclass(frozen=True)
class MergedField:
    """A field as it was where both started, as it is saved now, and as I wrote it."""

    name: str
    started: str
    theirs: str
    mine: str

    @property
    def change(self) -> Change:
        they_did, i_did = not alike(self.started, self.theirs), not alike(self.started, self.mine)
        if they_did and i_did:
            return Change.ALIKE if alike(self.theirs, self.mine) else Change.BOTH
        return Change.THEY if they_did else Change.I if i_did else Change.NOBODY

    @property
    def needs_choice(self) -> bool:
        return self.change == Change.BOTH

    def value(self, choice: str = "") -> str:
        """What the merge holds; raises ValueError for a field that needs a choice and has none."""
        if not self.needs_choice:
            return self.mine if self.change == Change.I else self.theirs
        match Choice(choice):
            case Choice.THEIRS:
                return self.theirs
            case Choice.MINE:
                return self.mine
            case Choice.BOTH:
                return together(self.theirs, self.mine)


def merge(
    names: Iterable[str], started: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> tuple[MergedField, ...]:
    """The fields of those names, in that order."""
    return tuple(MergedField(name, started[name], theirs[name], mine[name]) for name in names)


def merged(fields: Iterable[MergedField], choices: Mapping[str, str]) -> dict[str, str]:
    """The merge, by field's name; raises ValueError when a field that needs a choice has none."""
    return {field.name: field.value(choices.get(field.name, "")) for field in fields}


def adds_nothing(fields: Iterable[MergedField]) -> bool:
    """Whether I changed nothing that isn't saved already."""
    return all(field.change in (Change.NOBODY, Change.THEY, Change.ALIKE) for field in fields)


def alike(one: str, other: str) -> bool:
    """Whether two texts say the same: browsers end lines in a way of their own."""
    return words(one) == words(other)


def words(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def together(theirs: str, mine: str) -> str:
    """Both texts, theirs first; one that holds the other stands for both."""
    if words(mine) in words(theirs):
        return theirs
    if words(theirs) in words(mine):
        return mine
    return f"{theirs}\n\n{mine}"
