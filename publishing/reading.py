"""Reading what has been published: which editions a document has, where they are and what each corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from publishing.models import Publication


@dataclass(frozen=True)
class Edition:
    """An edition as pages tell of it, with its addresses and the name that its files are saved under."""

    number: int
    published_on: date
    corrects: str
    content_sha256: str
    pdf_sha256: str
    page: str
    pdf: str
    content: str
    file_name: str


@dataclass(frozen=True)
class Editions:
    """A document's editions, the one that holds first, and the one that a page shows.

    The templates publishing/edition.html and publishing/edition_check.html are made of it.
    """

    all: tuple[Edition, ...]
    shown: Edition

    @property
    def latest(self) -> Edition:
        return self.all[0]

    @property
    def is_latest(self) -> bool:
        return self.shown == self.latest

    @property
    def corrections(self) -> tuple[Edition, ...]:
        """The editions that have corrected the one shown, the first first."""
        return tuple(each for each in reversed(self.all) if each.number > self.shown.number)


def find_edition(publications: Sequence[Publication], number: int) -> Publication:
    """The edition of that number; 404 when there is none."""
    for publication in publications:
        if publication.edition == number:
            return publication
    raise Http404


def edition_file_name(file_name: str, number: int) -> str:
    """What an edition's files are saved as, without ending: "plan-4m-2016-utgava-1"."""
    return f"{file_name}-utgava-{number}"


def editions(
    publications: Sequence[Publication],
    shown: Publication,
    *,
    name: str,
    about: tuple[str, int],
    file_name: str,
) -> Editions:
    """A document's editions with their addresses, which are named "<name>-edition", "…-pdf" and "…-content".

    `publications`: the document's, the latest first. `about`: what stands in the addresses before the number,
    the plan and the year. `file_name`: the document's, without ending, such as "plan-4m-2016".
    """

    def edition(publication: Publication) -> Edition:
        arguments = [*about, publication.edition]
        return Edition(
            number=publication.edition,
            published_on=timezone.localdate(publication.published_at),
            corrects=publication.corrects,
            content_sha256=publication.content_sha256,
            pdf_sha256=publication.pdf_sha256,
            page=reverse(f"{name}-edition", args=arguments),
            pdf=reverse(f"{name}-edition-pdf", args=arguments),
            content=reverse(f"{name}-edition-content", args=arguments),
            file_name=edition_file_name(file_name, publication.edition),
        )

    every = tuple(edition(each) for each in publications)
    return Editions(every, next(each for each in every if each.number == shown.edition))
