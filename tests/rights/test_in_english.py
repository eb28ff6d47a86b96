"""Every page in English: nothing of the portal's own is in Swedish, and what people have written says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import models

from actionplan.models import Indicator, Plan, Revision
from actionplan.models.rows import Row
from followup.models import NumberedRow
from municipalities.models import Organisation, User
from tests.pages import Element, read
from tests.rights.tables import Line, is_page, read_table

pytestmark = pytest.mark.django_db

READERS = ("editor", "coordinator", "administrator", "visitor")
"""Each page is read by the first of them who may; what is different for each, by each."""
DIFFERENT_FOR_EACH = re.compile(r"/|/att-gora/|/konto/|/planer/gemensam/(?!utkast|arbetsyta).*")

SPOKEN = ("aria-label", "title", "placeholder", "alt")
UNSPOKEN = ("script", "style", "code", "textarea", "option")
SWEDISH = re.compile(
    r"\w*[åäö]\w*|\b(?:och|att|inte|som|av|det|den|ett|till|med|från|har|kan|om|utan|alla|ingen|visa|mot)\b",
    re.IGNORECASE,
)
NO_LANGUAGE = re.compile(r"https?://\S+|^[(,] ?\S+$")
"""Addresses, and numbers in registers, which stand in brackets or after what they are about."""


def texts_of(model: type[models.Model], *but: str) -> set[str]:
    """What people have written in the model's rows, line by line."""
    names = [
        each.name
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField | models.TextField)
        and not isinstance(each, models.SlugField | models.URLField)
        and not each.choices
        and each.name not in but
    ]
    texts = {str(text or "") for row in model._base_manager.values_list(*names) for text in row}
    return {line.strip() for text in texts for line in text.splitlines() if re.search(r"[^\W\d]{3}", line)}


def any_of(words: set[str]) -> re.Pattern[str]:
    """Finds the longest of the words first."""
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(words, key=len, reverse=True)))


def kinds_of(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for each in model.__subclasses__():
        yield from kinds_of(each)
        if not each._meta.abstract and not each.__name__.startswith("Historical"):
            yield each


def spoken(element: Element, *, is_swedish: bool = False) -> Iterator[tuple[str, bool]]:
    """What the element says, piece by piece, but for what it says is in Swedish; and whether it is a label.

    A label is an attribute, which can't say in which language a part of it is.
    """
    is_swedish = element["lang"] == "sv" if element["lang"] else is_swedish
    if element.tag in UNSPOKEN:
        return
    if not is_swedish:
        yield from ((element[name], True) for name in SPOKEN if element[name])
    for each in element.content:
        if isinstance(each, Element):
            yield from spoken(each, is_swedish=is_swedish)
        elif each.strip() and not is_swedish:
            yield each.strip(), False


def readers_of(line: Line) -> tuple[str, ...]:
    may = tuple(who for who in READERS if line.answers[who] == "200")
    return may if DIFFERENT_FOR_EACH.fullmatch(line.address) else may[:1]


def test_every_page_in_english_is_in_english(world):
    names = any_of(texts_of(Organisation) | texts_of(User, "password", "email"))
    kinds: tuple[type[models.Model], ...] = (
        Plan,
        Revision,
        Indicator,
        *kinds_of(Row),
        *kinds_of(NumberedRow),
    )
    written = any_of({text for kind in kinds for text in texts_of(kind)})

    for who in READERS:
        world.clients[who].cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    swedish: dict[str, str] = {}
    for line in filter(lambda each: is_page(each.address), read_table("reading.txt")):
        for who in readers_of(line):
            address = world.address(line.address, who)
            answer = world.ask(who, "GET", address)
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            page = read(answer).one("body")
            for text, is_label in spoken(page):
                about = NO_LANGUAGE.sub("", names.sub("", text))
                rest = written.sub("", about)
                stands_alone = rest != about and not re.search(r"[^\W\d_]", rest)
                if SWEDISH.search(rest) or (stands_alone and not is_label):
                    swedish[text] = address

    assert swedish == {}
