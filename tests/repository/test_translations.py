"""The portal's words and their translations keep step, in the files alone."""

import re
from collections import Counter
from html import unescape
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


TEMPLATE_TAG = re.compile(
    r"\{#.*?#\}|\{% (comment|blocktranslate)\b.*?\{% end\1 %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
NOT_READ = re.compile(
    r"<!--.*?-->|<(script|style|code|svg)\b.*?</\1>|<\w+[^>]* lang=\"\w+\"[^>]*>[^<]*", re.DOTALL
)
READ_ALOUD = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
NAMES = {"Windows", "Mac", "Linux", ".pdf", ".json"}


def unmarked(template: Path) -> list[str]:
    """What the template says without marking it for translation, between its tags and in attributes."""
    bare = NOT_READ.sub("", TEMPLATE_TAG.sub("", template.read_text()))
    said = (unescape(each).strip() for each in READ_ALOUD.findall(bare) + re.split(r"<[^>]*>", bare))
    return [each for each in said if each not in NAMES and re.search(r'[^\W\d_]{2}(?!.*=")', each)]


def test_each_word_of_a_template_is_marked():
    templates = [path for path in sources() if path.suffix != ".py"]

    assert {str(path): found for path in templates if (found := unmarked(path))} == {}


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
