"""How words are found and marked: by PostgreSQL, which knows Swedish, or plainly wherever there is none.

PostgreSQL finds a word in all its forms, and whatever begins with it: "utbildningar" finds "utbildning", and
"kompetens" finds "kompetensförsörjning". Elsewhere what holds every word is found, in capitals or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple, Protocol

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Left
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.search.sources import Source

MOST = 400
"""How many are shown at most: nobody reads on so far."""
RANKED = 5000
"""How many rows of a table are weighed against each other at most, since weighing one takes longer."""
SHORTEST_BEGINNING = 3
"""The fewest letters that also find what begins with them."""
LONGEST = 50_000
"""How many characters of a text are searched: PostgreSQL refuses to index too many words."""
OPEN, CLOSE = "\ue000", "\ue001"
"""What stands around a word that was found until the text has become HTML: no text has them."""

Searched = tuple[int, Source, Any]
"""A source with its place among them, and those of its rows that the reader may see."""


class Hit(NamedTuple):
    """A row of a source, by the source's place among them, and how well it answers."""

    source: int
    row: int
    rank: float


Marked = tuple[list[SafeString], list[SafeString]]
"""Titles and texts with what was asked for marked."""


class Engine(Protocol):
    def __init__(self, asked: str) -> None: ...

    def hits(self, searched: Iterable[Searched]) -> list[Hit]:
        """The best first, no more than one above MOST."""

    def marked(self, titles: Sequence[str], texts: Sequence[str]) -> Marked:
        """Titles as they are, and of texts the passages that answer."""


def engine(asked: str) -> Engine:
    found: Callable[[str], Engine] = PostgreSQL if connection.vendor == "postgresql" else Plain
    return found(asked)


def words_of(asked: str) -> list[str]:
    return re.findall(r"\w+", asked.casefold())


class PostgreSQL:
    """With the Swedish dictionary that PostgreSQL comes with."""

    CONFIG = "swedish"
    WHOLE = f"HighlightAll=true, StartSel={OPEN}, StopSel={CLOSE}"
    PASSAGES = (
        f'MaxFragments=2, MaxWords=24, MinWords=10, FragmentDelimiter=" … ", StartSel={OPEN}, StopSel={CLOSE}'
    )

    def __init__(self, asked: str) -> None:
        self.asked = asked
        self.beginnings = " & ".join(
            f"'{word}':*" if len(word) >= SHORTEST_BEGINNING else f"'{word}'" for word in words_of(asked)
        )

    def hits(self, searched: Iterable[Searched]) -> list[Hit]:
        query = SearchQuery(self.asked, config=self.CONFIG) | SearchQuery(
            self.beginnings, config=self.CONFIG, search_type="raw"
        )
        first, *others = (
            self.ranked(rows.alias(words=self.words_in(source)).order_by(), query)
            .annotate(hit_source=Value(place))
            .values_list("hit_source", "pk", "hit_rank")
            for place, source, rows in searched
        )
        best = first.union(*others, all=True).order_by("-hit_rank", "hit_source", "pk")
        return [Hit(*each) for each in best[: MOST + 1]]

    def ranked(self, rows: Any, query: Any) -> Any:
        """Rows that answer the query; of a word that stands nearly everywhere any RANKED of them."""
        answering = rows.filter(words=query).values("pk")[:RANKED]
        rank = SearchRank(F("words"), query, normalization=Value(1))
        return rows.filter(pk__in=answering).annotate(hit_rank=rank)

    def words_in(self, source: Source) -> Any:
        """What the indexes of the tables are made of, as the migrations `index_words` have it."""
        parts = (
            SearchVector(*(Left(field, LONGEST) for field in fields), config=self.CONFIG, weight=weight)
            for fields, weight in weighed(source)
        )
        return reduce(add, parts)

    def marked(self, titles: Sequence[str], texts: Sequence[str]) -> Marked:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ts_headline(%s::regconfig, text, query, how)"
                " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS each (text, how, place),"
                " (SELECT plainto_tsquery(%s::regconfig, %s) || to_tsquery(%s::regconfig, %s) AS query) asked"
                " ORDER BY place",
                [
                    self.CONFIG,
                    [unmarked(each) for each in (*titles, *texts)],
                    [self.WHOLE] * len(titles) + [self.PASSAGES] * len(texts),
                    self.CONFIG, self.asked, self.CONFIG, self.beginnings,
                ],
            )  # fmt: skip
            html = [as_html(text) for (text,) in cursor.fetchall()]
        return html[: len(titles)], html[len(titles) :]


def weighed(source: Source) -> Iterable[tuple[tuple[str, ...], str]]:
    """What of a row weighs most, and what less."""
    if source.title:
        yield (source.title,), "A"
    if source.texts:
        yield source.texts, "B"


class Plain:
    """Reads all that there is: for trying out, where there is little."""

    AROUND = 90
    """How many letters of a text are shown on either side of the first word that was found."""

    def __init__(self, asked: str) -> None:
        self.words = words_of(asked)
        either = "|".join(re.escape(word) for word in self.words)
        self.pattern = re.compile(rf"\w*(?:{either})\w*", re.IGNORECASE)

    def hits(self, searched: Iterable[Searched]) -> list[Hit]:
        found = [
            Hit(place, row, self.rank(texts, has_title=bool(source.title)))
            for place, source, rows in searched
            for row, *texts in rows.order_by().values_list("pk", *source.fields)
            if self.answers(texts)
        ]
        return sorted(found, key=lambda hit: (-hit.rank, hit.source, hit.row))[: MOST + 1]

    def answers(self, texts: Iterable[str]) -> bool:
        text = " ".join(texts).casefold()
        return bool(self.words) and all(word in text for word in self.words)

    def rank(self, texts: Sequence[str], *, has_title: bool) -> float:
        """How many of the words stand in the title."""
        title = texts[0].casefold() if has_title else ""
        return sum(word in title for word in self.words)

    def marked(self, titles: Sequence[str], texts: Sequence[str]) -> Marked:
        passages = [self.passage(text) for text in texts]
        return [self.mark(each) for each in titles], [self.mark(each) for each in passages]

    def mark(self, text: str) -> SafeString:
        return as_html(self.pattern.sub(lambda word: f"{OPEN}{word[0]}{CLOSE}", unmarked(text)))

    def passage(self, text: str) -> str:
        found = self.pattern.search(text)
        start = max(0, found.start() - self.AROUND) if found else 0
        end = (found.end() if found else 0) + self.AROUND
        start = text.rfind(" ", 0, start) + 1
        end = text.find(" ", end) if " " in text[end:] else len(text)
        return f"{'… ' * (start > 0)}{text[start:end]}{' …' * (end < len(text))}"


def unmarked(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def as_html(text: str) -> SafeString:
    """The text escaped, with `<mark>` around what stands between OPEN and CLOSE."""
    before, *rest = text.split(OPEN)
    parts = (each.partition(CLOSE) for each in rest)
    marks = format_html_join("", "<mark>{}</mark>{}", ((found, after) for found, _close, after in parts))
    return format_html("{}{}", before, marks)
