"""What differs between two revisions, as plain values: pages and documents are made from these.

A revision's edition keeps what has changed since the one before it (actionplan/reports.py), so all that is
said of a difference stands here in words. How two revisions are compared is in actionplan/comparing.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from publishing.parts import Window

KEPT, ADDED, REMOVED = "kept", "added", "removed"
"""What has happened to words, and to things in a list."""

AROUND = 12
"""Words of what both have alike that are shown on each side of a difference."""

LONG = 60
"""Words that a row's text may have and still be read at a glance."""


@dataclass(frozen=True)
class Span:
    """Words one after another that have been kept, added or removed, with the space between them."""

    what: str
    text: str


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class FieldChange:
    """How something of a row reads before and after; of a row that is new or gone, only one of them.

    `is_list`: each span is a thing of its own, such as an organisation.
    """

    label: str
    spans: Spans
    is_list: bool = False

    @property
    def before(self) -> str:
        return self.without(ADDED)

    @property
    def after(self) -> str:
        return self.without(REMOVED)

    @property
    def text(self) -> str:
        """How it reads now, or read last."""
        return self.after or self.before

    def without(self, what: str) -> str:
        return (", " if self.is_list else "").join(each.text for each in self.spans if each.what != what)

    @property
    def is_replaced(self) -> bool:
        """Whether all of it reads otherwise."""
        return [each.what for each in self.spans] == [REMOVED, ADDED]

    @property
    def is_long(self) -> bool:
        return len(self.text.split()) > LONG

    @property
    def passages(self) -> Spans:
        """The differences with the words around them; of what else is alike, only that it is left out."""
        if self.is_list:
            return self.spans
        last = len(self.spans) - 1
        return tidied(
            Span(KEPT, nearest(each.text, place > 0, place < last)) if each.what == KEPT else each
            for place, each in enumerate(self.spans)
        )


@dataclass(frozen=True)
class Change:
    """What has happened to one row, known by its kind and key.

    `title` is what it is called, now or last; `renamed` tells a change of that word by word. `what` is added,
    removed, changed or moved, or how an activity ended (actionplan.models.How). `reason` is the editor's own.
    """

    kind: str
    kind_label: str
    key: str
    title: str
    what: str
    what_label: str
    renamed: Spans = ()
    fields: tuple[FieldChange, ...] = ()
    remarks: tuple[str, ...] = ()
    reason: str = ""

    @property
    def renaming(self) -> Spans:
        return tidied(self.renamed)

    @property
    def is_whole(self) -> bool:
        """Whether all of the row is new or gone, so that nothing in it needs to be pointed out."""
        return self.what not in ("changed", "moved")

    @property
    def at_a_glance(self) -> tuple[FieldChange, ...]:
        return tuple(each for each in self.fields if not (self.is_whole and each.is_long))

    @property
    def at_length(self) -> tuple[FieldChange, ...]:
        """Long texts of a row that is new or gone: they stand in the document, or stood in the one before."""
        return tuple(each for each in self.fields if self.is_whole and each.is_long)


@dataclass(frozen=True)
class ChangeGroup:
    """What has changed in a part of the document: in a challenge, an area, the chapters before them."""

    kind: str
    key: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """What has changed from one revision to another, in the document's order.

    `says` sums it up; `note` is what the later one itself says of what has changed and why.
    """

    before_label: str
    after_label: str
    says: str
    note: str
    groups: tuple[ChangeGroup, ...]

    @property
    def changes(self) -> Iterator[Change]:
        return (change for group in self.groups for change in group.changes)

    @property
    def is_empty(self) -> bool:
        return not self.groups

    def groups_in(self, window: Window) -> tuple[ChangeGroup, ...]:
        """The groups with those of their changes that are on the page."""
        groups = [replace(each, changes=window.of(each.changes)) for each in self.groups]
        return tuple(each for each in groups if each.changes)


def tidied(spans: Iterable[Span]) -> Spans:
    """The spans as they are shown: what has been added stands apart, and the space around it isn't marked."""
    shown: list[Span] = []
    for each in spans:
        words = each.text.strip()
        if each.what != ADDED or not words:
            shown.append(each)
            continue
        before, after = each.text.split(words)
        if not before and shown and shown[-1].what == REMOVED:
            before = " "
        shown += [Span(KEPT, before), Span(ADDED, words), Span(KEPT, after)]
    return tuple(each for each in shown if each.text)


def nearest(text: str, follows: bool, leads: bool) -> str:
    """The words of `text` that stand nearest to what it follows and what it leads to."""
    words = list(re.finditer(r"\S+", text))
    if len(words) <= AROUND * (follows + leads) + 1:
        return text
    begins = text[: words[AROUND - 1].end()] + " " if follows else ""
    ends = " " + text[words[-AROUND].start() :] if leads else ""
    return f"{begins}…{ends}"
