"""What a page shows at once of something long."""

from dataclasses import dataclass

import pytest
from django.test import RequestFactory

from publishing.parts import MOST_ROWS, Window, page_of, parts_on_page


@dataclass(frozen=True)
class Part:
    key: str
    activities: tuple[int, ...]


def shown(query: str, *parts: Part):
    return parts_on_page(RequestFactory().get(f"/?{query}"), parts)


@pytest.mark.parametrize("query", ["", "del=lang", "del=lang&sida=2"])
def test_a_document_of_ordinary_length_is_whole_whatever_is_asked(query):
    parts = shown(query, Part("lang", tuple(range(MOST_ROWS))))

    assert not parts.folds
    assert parts.alone is None


def test_a_long_document_is_folded_and_shows_a_part_alone_a_page_at_a_time():
    parts = (Part("kort", (1,)), Part("lang", tuple(range(MOST_ROWS + 2))))

    assert shown("", *parts).folds
    assert shown("del=finns-inte", *parts).alone is None
    assert shown("del=kort", *parts).alone == parts[0]
    assert shown("del=lang&sida=2", *parts).alone.activities == (MOST_ROWS, MOST_ROWS + 1)
    assert shown("del=lang", *parts).pages == [(1, "del=lang&sida=1"), (2, "del=lang&sida=2")]


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        (None, [60, 40, 0]),
        ("1", [60, 40, 0]),
        ("2", [0, 20, 60]),
        ("3", [0, 0, 0]),
        ("0", [60, 40, 0]),
        ("-1", [60, 40, 0]),
        ("²", [60, 40, 0]),
        ("9" * 5000, [60, 40, 0]),
    ],
)
def test_a_window_takes_its_own_of_each_group(asked, groups):
    window = Window(RequestFactory().get("/", {} if asked is None else {"sida": asked}))

    assert [len(window.of(range(60))) for _group in groups] == groups
    assert [number for number, _query in window.pages()] == [1, 2]


def test_each_row_stands_on_its_page():
    assert [page_of(place) for place in (0, MOST_ROWS - 1, MOST_ROWS)] == [1, 1, 2]
