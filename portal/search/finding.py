"""What is found: the page of hits that is asked for, each as it is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from portal.search.engines import MOST, Engine, Hit, engine, words_of
from portal.search.readable import Readable
from portal.search.sources import SOURCES, Place
from publishing.markdown import to_text

ON_A_PAGE = 20


@dataclass(frozen=True)
class Found:
    """Something that was found; its title and the passages of its text have what was asked for marked.

    `year` is that of the revision that it stands in, if it stands in one.
    """

    place: Place
    plan: str
    year: int | None
    title: SafeString
    text: SafeString


@dataclass(frozen=True)
class Result:
    """`count` says how many there are, up to MOST; `is_cut` that there are more."""

    count: int
    is_cut: bool
    page: Page
    found: Sequence[Found]


def find(readable: Readable, asked: str, *, kind: str = "", number: int = 1) -> Result | None:
    """What answers `asked`, the best first; None when there is no word in it."""
    if not words_of(asked):
        return None
    searching = engine(asked)
    searched = [
        (place, source, source.rows(readable))
        for place, source in enumerate(SOURCES)
        if kind in ("", source.kind)
    ]
    hits = searching.hits(searched) if readable.standings else []
    page = Paginator(hits[:MOST], ON_A_PAGE).get_page(number)
    return Result(
        count=min(len(hits), MOST),
        is_cut=len(hits) > MOST,
        page=page,
        found=shown(list(page), readable, searching) if hits else (),
    )


def shown(hits: Sequence[Hit], readable: Readable, searching: Engine) -> list[Found]:
    """The hits as they are shown, in a statement for each kind of them and one for the marks."""
    rows = rows_of(hits, readable)
    there = [(SOURCES[hit.source], rows[hit.source][hit.row]) for hit in hits if hit.row in rows[hit.source]]
    standings = [readable.standings[source.plan_of(row)] for source, row in there]
    places = [source.place(row, standing) for (source, row), standing in zip(there, standings, strict=True)]
    texts = [" · ".join(filter(None, (plain(row, name) for name in source.texts))) for source, row in there]
    titles, passages = searching.marked([each.title for each in places], texts)
    return [
        Found(
            place=place,
            plan=standing.plan.title,
            year=standing.revision.year if source.of == "revision" else None,
            title=title,
            text=passage,
        )
        for (source, _row), standing, place, title, passage in zip(
            there, standings, places, titles, passages, strict=True
        )
    ]


def rows_of(hits: Sequence[Hit], readable: Readable) -> dict[int, dict[int, Any]]:
    """The rows by their ids, by source."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for hit in hits:
        wanted[hit.source].append(hit.row)
    return {source: SOURCES[source].rows(readable).in_bulk(ids) for source, ids in wanted.items()}


def plain(row: Any, name: str) -> str:
    """The words of a field, such as `indicator__description`, without what is Markdown in them."""
    for part in name.split("__"):
        row = getattr(row, part)
    return to_text(row)
