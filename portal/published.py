"""What has been published last, as the start page lists it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from actionplan.models import Plan
from followup.reports.documents import Document, documents_of, edition
from publishing.languages import as_content
from publishing.models import Publication

SHOWN = 5


@dataclass(frozen=True)
class PublishedDocument:
    """A document that has editions, and the one that holds: of which plan, which it is and since when."""

    document: Document
    text: SafeString


def latest_documents(plans: Iterable[Plan]) -> list[PublishedDocument]:
    """The plans' documents that were published last, the newest first.

    Takes one statement where the plans came `with_parties` and with their follow-ups.
    """
    found = {name: (plan, each) for plan in plans for name, each in documents_of(plan).items()}
    latest = Publication.objects.filter(document__in=list(found)).latest_of_each().without_contents()
    newest = latest.order_by("-published_at", "document")[:SHOWN]
    return [told(*found[each.document], each) for each in newest]


def told(plan: Plan, document: Document, publication: Publication) -> PublishedDocument:
    which = edition(publication.edition, publication.published_at)
    return PublishedDocument(document, format_html("{} · {}", as_content(plan.title), which))
