"""Freezing a document by value, and publishing it as one row or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from publishing.editions import NotPublished, frozen, publish, thawed
from publishing.models import Publication

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Figure:
    value: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Yearly:
    title: str
    due: date | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class YearlySince(Yearly):
    note: str = ""


YEAR = Yearly("Företag", date(2017, 1, 31), (Figure(Decimal("74.46000000"), ()), Figure(None, ("Enköping",))))


def test_what_is_frozen_comes_back_as_it_was_to_the_last_decimal():
    back = thawed(Yearly, frozen(YEAR))

    assert back == YEAR
    assert str(back.figures[0].value) == "74.46000000"


def test_the_same_content_is_frozen_to_the_same_bytes_and_can_be_read_by_eye():
    assert frozen(YEAR) == frozen(thawed(Yearly, frozen(YEAR)))
    assert '"title": "Företag"' in frozen(YEAR)


def test_a_field_that_came_later_has_its_default():
    assert thawed(YearlySince, frozen(YEAR)).note == ""


def test_what_is_something_else_is_refused():
    with pytest.raises(msgspec.ValidationError):
        thawed(Yearly, '{"title": 2016, "due": null, "figures": []}')


def published(after: int = 0, **fields: Any) -> Publication:
    values: dict[str, Any] = {"schema": 1, "pdf": b"%PDF-1.7", "by": "Eva Ek"} | fields
    return publish("4m/uppfoljning/2016", frozen(YEAR), after=after, **values)


def test_the_first_edition_and_one_that_corrects_it():
    first, second = published(), published(after=1, corrects="Ett namn är rättat.")

    assert (first.edition, second.edition) == (1, 2)
    assert thawed(Yearly, second.content) == YEAR


def test_nothing_is_published_when_something_changed_meanwhile():
    with pytest.raises(NotPublished, match="Något ändrades"):
        published(still_so=lambda: False)

    assert not Publication.objects.exists()


def test_nothing_is_published_when_somebody_else_was_first():
    first = published()

    with pytest.raises(NotPublished, match="redan publicerat"):
        published(pdf=b"%PDF-2")

    assert Publication.objects.get() == first


def test_a_later_edition_has_to_tell_what_it_corrects():
    published()

    with pytest.raises(NotPublished, match="Skriv vad som rättats"):
        published(after=1)
