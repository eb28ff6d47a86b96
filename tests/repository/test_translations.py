"""The portal's words and their translations keep step, in the files alone."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tests.translations import (
    CATALOGUES,
    ENGLISH,
    catalogue,
    compiled,
    in_step,
    is_complete,
    messages,
    said,
    sources,
    written,
)

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w[^>]*>")
"""What is put into a text, and its tags."""


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def language(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_each_word_that_is_marked_stands_among_the_english_ones_and_no_other():
    assert written(in_step(catalogue(ENGLISH))) == ENGLISH.read_bytes(), "Run ./run translations"


def test_no_word_is_marked_within_an_f_string_where_it_would_not_be_found():
    assert [path for path in sources() if re.search(r"\{n?p?_?gettext\(|\{_\(", path.read_text())] == []


def test_each_catalogue_is_compiled(language):
    assert language.with_suffix(".mo").read_bytes() == compiled(language), "Run ./run translations"


def test_each_text_is_translated_in_each_form(language):
    assert [each.id for each in messages(catalogue(language)) if not is_complete(each)] == []


def unlike(message: Message) -> bool:
    """Whether a translation holds other places or tags than the text, or begins or ends otherwise.

    The form for one thing needn't hold all: it may not say how many.
    """
    texts = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = [(Counter(PLACES.findall(text)), *edges(text)) for text in texts]
    found = [(Counter(PLACES.findall(text)), *edges(text)) for text in said(message)]
    one, several = wanted[0], wanted[-1]
    return found[-1] != several or found[0][1:] != one[1:] or not found[0][0] <= one[0] | several[0]


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_each_translation_has_the_places_and_the_tags_of_its_text(language):
    translated = [each for each in messages(catalogue(language)) if is_complete(each)]

    assert [(each.id, each.string) for each in translated if unlike(each)] == []
