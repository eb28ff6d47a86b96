"""Where the parts of a drawing stand. Templates draw them; here are only the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GAP = 3
"""Between two segments, in the drawing's own units."""


@dataclass(frozen=True)
class Segment:
    """A part of a bar, in the drawing's own units."""

    code: str
    count: int
    x: int
    width: int
    shows_count: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


def segments(counts: Iterable[tuple[str, int]], width: int) -> tuple[Segment, ...]:
    """A bar of `width` that is shared by `counts`, without those that are nothing.

    A segment under four per cent has no room for its number.
    """
    shown = [(code, count) for code, count in counts if count]
    total = sum(count for _code, count in shown)
    room = width - GAP * (len(shown) - 1)
    parts, before = [], 0
    for place, (code, count) in enumerate(shown):
        start, end = (round(room * reached / total) for reached in (before, before + count))
        parts.append(Segment(code, count, start + GAP * place, max(end - start, 1), count * 25 >= total))
        before += count
    return tuple(parts)
