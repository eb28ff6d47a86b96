"""What has been published last, as the start page lists it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from actionplan.models import Plan
from publishing.formats import long_date
from publishing.languages import as_content
from publishing.models import Publication

SHOWN = 5


@dataclass(frozen=True)
class PublishedDocument:
    """A document that has editions, with the addresses of the one that holds."""

    title: str
    text: str
    page: str
    pdf: str
    is_example: bool = False


def latest_documents(plans: Iterable[Plan]) -> list[PublishedDocument]:
    """The plans' documents that were published last, the newest first.

    Takes one statement where the plans came `with_parties` and with their follow-ups.
    """
    documents = {name: document for plan in plans for name, document in documents_of(plan).items()}
    latest = Publication.objects.filter(document__in=list(documents)).latest_of_each().without_contents()
    newest = latest.order_by("-published_at", "document")[:SHOWN]
    return [told(documents[each.document], each) for each in newest]


def documents_of(plan: Plan) -> dict[str, PublishedDocument]:
    """Every document that the plan may have editions of, by its name in publishing."""
    documents = {}
    for revision in plan.revisions.all():
        title = revision_title(plan, revision.year)
        documents[revision.document] = document(title, plan, "revision", revision.year)
    for followup in plan.followups.all():
        made = document(followup_title(followup.year), plan, "followup", followup.year)
        documents[followup.document] = replace(made, is_example=followup.is_example)
    return documents


def revision_title(plan: Plan, year: int) -> str:
    return _("%(kind)s, revidering %(year)d") % {"kind": plan.kind, "year": year}


def followup_title(year: int) -> str:
    return _("Uppföljning %(year)d") % {"year": year}


def document(title: str, plan: Plan, name: str, year: int) -> PublishedDocument:
    page, pdf = (reverse(each, args=[plan.slug, year]) for each in (name, f"{name}-pdf"))
    return PublishedDocument(title, as_content(plan.title), page, pdf)


def told(document: PublishedDocument, publication: Publication) -> PublishedDocument:
    """The document with its plan and which edition of it holds."""
    return replace(document, text=format_html("{} · {}", document.text, edition(publication)))


def edition(publication: Publication) -> str:
    """Which edition holds, and since when: "utgåva 2 · 12 april 2018"."""
    day = long_date(timezone.localdate(publication.published_at))
    return _("utgåva %(number)d · %(day)s") % {"number": publication.edition, "day": day}
