"""Where the parts of a drawing stand. Templates draw them; here are only the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GAP = 3
"""Between two segments, in the drawing's own units."""
DIGIT = 7
"""How wide a digit is, with some air, in the same."""


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

    A segment under four per cent, or narrower than its number, leaves that to the key.
    """
    shown = [(code, count) for code, count in counts if count]
    total = sum(count for _code, count in shown)
    room = width - GAP * (len(shown) - 1)
    parts, before = [], 0
    for place, (code, count) in enumerate(shown):
        start, end = (round(room * reached / total) for reached in (before, before + count))
        width_of_part = max(end - start, 1)
        shows_count = count * 25 >= total and width_of_part > DIGIT * len(str(count))
        parts.append(Segment(code, count, start + GAP * place, width_of_part, shows_count))
        before += count
    return tuple(parts)
