"""What is published stays as it was, whoever asks for something else."""

from __future__ import annotations

import hashlib
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from publishing.models import Publication, Rendering
from tests.builders import make_publication
from tests.promises import Promise, assert_the_database_refuses, promises_of

pytestmark = pytest.mark.django_db


def an_edition(**fields):
    values = {"document": "4m/uppfoljning/2016", "edition": 1, "schema": 1, "content": "{}", "pdf": b"%PDF"}
    return Publication(**values | {"published_by": "Eva Ek"} | fields)


def a_rendering(**fields):
    return Rendering(digest="a", document="4m/uppfoljning/2017", **fields)


def an_edition_that_is_out_already():
    make_publication()
    return an_edition()


PROMISES = [
    Promise("an_edition_is_published_once", "", an_edition_that_is_out_already),
    Promise("editions_are_numbered_from_one", "", lambda: an_edition(edition=0, corrects="Något.")),
    Promise(
        "a_later_edition_tells_what_it_corrects", "Skriv vad som rättats.", lambda: an_edition(edition=2)
    ),
    Promise(
        "a_later_edition_tells_what_it_corrects",
        "Skriv vad som rättats.",
        lambda: an_edition(edition=1, corrects="Inget fanns att rätta."),
    ),
    *(
        Promise("a_rendering_is_waited_for_or_made_or_impossible", "", partial(a_rendering, **fields))
        for fields in (
            {},
            {"manuscript": "{}", "pdf": b"%PDF"},
            {"manuscript": "{}", "problem": "Den är för stor."},
            {"pdf": b"%PDF", "problem": "Den är för stor."},
        )
    ),
]


def test_every_promise_is_tried():
    assert {promise.name for promise in PROMISES} == promises_of("publishing")


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_the_database_refuses_what_breaks_a_promise(promise):
    assert_the_database_refuses(promise)


def test_checksums_are_of_what_is_stored():
    edition = make_publication(content='{"år": 2016}', pdf=b"%PDF-1.7 \x00\xff")

    edition.refresh_from_db()

    assert edition.content_sha256 == hashlib.sha256('{"år": 2016}'.encode()).hexdigest()
    assert edition.pdf_sha256 == hashlib.sha256(bytes(edition.pdf)).hexdigest()
    assert bytes(edition.pdf) == b"%PDF-1.7 \x00\xff"


def test_the_latest_edition_of_each_document():
    first = make_publication("4m/uppfoljning/2016")
    second = make_publication("4m/uppfoljning/2016")
    other = make_publication("4m/uppfoljning/2017")

    assert set(Publication.objects.latest_of_each()) == {second, other}
    assert list(Publication.objects.of("4m/uppfoljning/2016")) == [second, first]


def test_the_code_refuses_to_change_or_remove_an_edition():
    edition = make_publication()

    with pytest.raises(TypeError, match="never changes"):
        edition.save()
    with pytest.raises(TypeError, match="never removed"):
        edition.delete()
    with pytest.raises(TypeError, match="never changes"):
        Publication.objects.update(published_by="Någon annan")
    with pytest.raises(TypeError, match="never removed"):
        Publication.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publishing_publication SET published_by = 'Någon annan'",
        "UPDATE publishing_publication SET content = content",
        "DELETE FROM publishing_publication",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_edition(statement):
    make_publication()

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Publication.objects.get().published_by == "Eva Ek"
