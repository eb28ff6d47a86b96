"""How two texts, or two lists, differ: what has been kept, added and removed, in the order it is read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise, takewhile
from operator import itemgetter

from actionplan.changes import ADDED, KEPT, REMOVED, Span, Spans
from publishing.markdown import to_text

_TOKENS = re.compile(r"\s+|\w+(?:[^\w\s]+\w+)*|[^\w\s]")
"""Space, a word ("75,5", "e-post"), or a sign. Together they are the text, whole."""

MOST_PAIRS = 100_000
"""Pairs of equal words that are looked through for the best way to read the difference; takes some 50 ms."""

DEEPEST = 20
"""How many times a text is divided at words that it has only once."""

_Run = tuple[int, int, int]
"""Where the same tokens begin in the one and in the other, and how many they are; none is nothing."""

_Piece = tuple[bool, str, str]
"""Whether a piece of text is the same in both, and how it reads in each."""


def whole(before: str, after: str) -> Spans:
    """A value that is replaced by another; nothing when they are the same."""
    if before == after:
        return ()
    return tuple(Span(what, text) for what, text in ((REMOVED, before), (ADDED, after)) if text)


def by_item(before: Sequence[str], after: Sequence[str]) -> Spans:
    """Things in a list: those that remain or have come, in their order, then those that are gone.

    In which order a list tells them is no difference.
    """
    if set(before) == set(after):
        return ()
    now = [Span(KEPT if each in before else ADDED, each) for each in after]
    return (*now, *(Span(REMOVED, each) for each in before if each not in after))


def by_markdown(before: str, after: str) -> Spans:
    """Markdown word by word, as it reads; as it is written, where only its marks or its links differ."""
    if not differ(before, after):
        return ()
    return by_word(to_text(before), to_text(after)) or by_word(before, after)


def by_word(before: str, after: str) -> Spans:
    """Text word by word, with its space kept; nothing when only the space differs.

    Two texts of 20 000 words take less than a second, whatever they hold: where it would take long to find
    what is alike, more is told as replaced.
    """
    if not differ(before, after):
        return ()
    return tuple(_spans(_TOKENS.findall(_tidied(before)), _TOKENS.findall(_tidied(after))))


def differ(before: str, after: str) -> bool:
    """Whether they have other words, or the same in another order."""
    return before != after and before.split() != after.split()


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """Places of as many of the numbers, all different, as can be read in rising order."""
    ends: list[int] = []  # the lowest number that a row of each length can end with, and its place
    places: list[int] = []
    before: list[int] = []  # the place that stands before each in its row; -1 for none
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        places[length : length + 1] = [place]
    rising = places[-1:]
    while rising and before[rising[-1]] >= 0:
        rising.append(before[rising[-1]])
    return rising[::-1]


def _tidied(text: str) -> str:
    """The text with lines that end alike, whichever way it came in, and no space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _spans(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    """What the tokens tell, put together so that it can be read: space between two differences is of both."""
    pieces = list(_pieces(old, new))
    for alike, run in groupby(_with_space_joined(pieces), itemgetter(0)):
        before, after = ("".join(texts) for texts in list(zip(*run, strict=True))[1:])
        if alike:
            yield Span(KEPT, after)
        else:
            yield from whole(before, after)


def _with_space_joined(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    last = len(pieces) - 1
    for place, (alike, before, after) in enumerate(pieces):
        if before.isspace() and after.isspace():
            alike = not 0 < place < last or pieces[place - 1][0] or pieces[place + 1][0]
        yield alike, before, after


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[_Piece]:
    at_old = at_new = 0
    for run in [*_runs(old, new, DEEPEST), (len(old), len(new), 0)]:
        begins_old, begins_new, length = run
        if begins_old > at_old or begins_new > at_new:
            yield False, "".join(old[at_old:begins_old]), "".join(new[at_new:begins_new])
        at_old, at_new = begins_old + length, begins_new + length
        if length:
            yield True, "".join(old[begins_old:at_old]), "".join(new[begins_new:at_new])


def _runs(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[_Run]:
    """Where the two have the same tokens after one another, in order.

    What they begin with alike is taken first. What follows is compared, or, where that would take too long,
    divided at words that both have once, and each part is taken by itself.
    """
    begins = _alike(old, new)
    yield 0, 0, begins
    ends = 0
    if _pairs(old[begins:], new[begins:]) > MOST_PAIRS:
        ends = _alike(reversed(old[begins:]), reversed(new[begins:]))
    inner_old, inner_new = old[begins : len(old) - ends], new[begins : len(new) - ends]
    if _pairs(inner_old, inner_new) <= MOST_PAIRS:
        matcher = SequenceMatcher(str.isspace, inner_old, inner_new, autojunk=False)
        inner: Iterable[_Run] = matcher.get_matching_blocks()
    else:
        inner = _runs_divided(inner_old, inner_new, depth - 1) if depth else ()
    yield from ((begins + old_place, begins + new_place, length) for old_place, new_place, length in inner)
    yield len(old) - ends, len(new) - ends, ends


def _runs_divided(old: Sequence[str], new: Sequence[str], depth: int) -> Iterator[_Run]:
    """Runs in each part between the words that both have once and in the same order."""
    old_places, new_places = _places_of_single(old), _places_of_single(new)
    shared = [token for token in old_places if token in new_places]
    rising = longest_rising([new_places[token] for token in shared])
    firsts = [(old_places[shared[place]], new_places[shared[place]]) for place in rising]
    for (old_place, new_place), (old_end, new_end) in pairwise([(0, 0), *firsts, (len(old), len(new))]):
        if firsts:
            for run in _runs(old[old_place:old_end], new[new_place:new_end], depth):
                yield old_place + run[0], new_place + run[1], run[2]


def _places_of_single(tokens: Sequence[str]) -> dict[str, int]:
    counted = Counter(tokens)
    return {token: place for place, token in enumerate(tokens) if counted[token] == 1}


def _alike(old: Iterable[str], new: Iterable[str]) -> int:
    """How many tokens the two begin with alike."""
    return sum(1 for _each in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _pairs(old: Iterable[str], new: Iterable[str]) -> int:
    """How many pairs of the same word there are, one before and one after."""
    counted = Counter(token for token in new if not token.isspace())
    return sum(counted[token] for token in old)
