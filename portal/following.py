"""What has been adopted, published and corrected, as Atom feeds (RFC 4287) for those who follow along.

An entry is an edition: the first of a revision tells that it is adopted, the first of a year's follow-up that
it is published, and each later one what it corrects. What has no edition yet isn't told of. The texts are
Swedish, whoever asks, and what an entry says is from when its edition was published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actionplan.models import Plan
from followup.models import FollowUp
from followup.reports.documents import followup_title, parts_of_name, revision_title
from publishing.formats import long_date
from publishing.languages import in_the_portals_language
from publishing.models import Publication, PublicationQuerySet
from publishing.xml import in_xml

TOLD = 100
"""How many editions a feed tells of, the newest first: all that a plan has in its time, as a rule."""

OURS = UUID("d4513093-e967-4f63-9ca3-02ac3871fc82")
"""Of which the ids are made, by name and SHA-1 (RFC 9562, version 5). Never changed."""


@dataclass(frozen=True)
class Feed:
    """A feed as it is sent, and the moment of the latest that it tells of."""

    content: str
    modified: datetime


@dataclass(frozen=True)
class Event:
    """That an edition of a plan's document was published. `name`: of the document's addresses."""

    publication: Publication
    plan: Plan
    name: str
    year: int

    @property
    def id(self) -> str:
        """Stays the same for ever, wherever the portal is moved: it is made of what is published alone."""
        each = self.publication
        return urn(f"{each.document}/{each.edition}/{each.content_sha256}")

    @property
    def is_example(self) -> bool:
        return bool(self.publication.is_example)  # type: ignore[attr-defined]

    @property
    def what(self) -> str:
        if self.publication.edition > 1:
            return "Rättad"
        return "Fastställd" if self.name == "revision" else "Publicerad"

    @property
    def title(self) -> str:
        """What has happened to what: "Publicerad: Uppföljning 2016 – Handlingsplan för …"."""
        titled = (
            revision_title(self.plan, self.year) if self.name == "revision" else followup_title(self.year)
        )
        example = " (exempelinnehåll)" if self.is_example else ""
        return f"{self.what}: {titled}{example} – {self.plan.title}"

    def says(self, pdf: str) -> SafeString:
        publication = self.publication
        day = long_date(timezone.localdate(publication.published_at))
        edition = format_html("<p>Utgåva {}, publicerad {}.</p>", publication.edition, day)
        corrects = publication.corrects
        corrected = format_html("<p>Det här är rättat: {}</p>", corrects) if corrects else ""
        return format_html('{}{}<p><a href="{}">Läs som PDF</a></p>', edition, corrected, pdf)

    def address(self, ending: str = "") -> str:
        """Where the edition is, for ever."""
        arguments = [self.plan.slug, self.year, self.publication.edition]
        return reverse(f"{self.name}-edition{ending}", args=arguments)


def urn(name: str) -> str:
    return uuid5(OURS, name).urn


def events_of(publications: Iterable[Publication], plans: Mapping[str, Plan]) -> Iterator[Event]:
    """What was published, of the plans that are there."""
    for publication in publications:
        parts = parts_of_name(publication.document)
        if parts and parts.slug in plans:
            yield Event(publication, plans[parts.slug], parts.kind, parts.year)


@in_the_portals_language
def plan_feed(plan: Plan, origin: str) -> Feed | None:
    """The plan's feed, None before anything of it is published; `origin` as in "https://portal.example.se".

    Takes one statement, or two when the plan has more editions than are told of.
    """
    return feed_of(
        Publication.objects.filter(document__startswith=f"{plan.slug}/"),
        {plan.slug: plan},
        name=plan.slug,
        title=f"{plan.title}: fastställt, publicerat och rättat",
        page=origin + reverse("plan", args=[plan.slug]),
        address=origin + reverse("plan-feed", args=[plan.slug]),
        origin=origin,
        author_name=in_xml(plan.owner.name),
    )


@in_the_portals_language
def portal_feed(origin: str) -> Feed | None:
    """The feed of all plans; None before anything is published. Takes two or three statements."""
    return feed_of(
        Publication.objects.all(),
        {each.slug: each for each in Plan.objects.select_related("owner")},
        name="",
        title="Handlingsplaner: fastställt, publicerat och rättat",
        page=origin + reverse("start"),
        address=origin + reverse("portal-feed"),
        origin=origin,
    )


def feed_of(
    publications: PublicationQuerySet,
    plans: Mapping[str, Plan],
    *,
    name: str,
    title: str,
    page: str,
    address: str,
    origin: str,
    author_name: str | None = None,
) -> Feed | None:
    """The feed of what was published. Its id is made of its name and of what came first, which stays so."""
    found = publications.without_contents().order_by("-published_at", "document", "-edition")
    newest = list(found.annotate(is_example=Exists(EXAMPLES), pdf_size=Length("pdf"))[:TOLD])
    events = list(events_of(newest, plans))
    if not events:
        return None
    first = newest[-1] if len(newest) < TOLD else found.reverse()[0]
    feed = Atom1Feed(
        title=in_xml(title),
        link=page,
        description=None,
        language=settings.LANGUAGE_CODE,
        feed_url=address,
        feed_guid=urn(f"{name}/{first.document}/{first.content_sha256}"),
        author_name=author_name,
    )
    for event in events:
        feed.add_item(**item_of(event, origin))
    return Feed(feed.writeString("utf-8"), events[0].publication.published_at)


EXAMPLES = FollowUp.objects.named().filter(is_example=True, document_name=OuterRef("document"))
"""Years that are made up, by the name of their document."""


def item_of(event: Event, origin: str) -> dict[str, Any]:
    """The event as Django's generator takes it, with absolute addresses."""
    publication, pdf = event.publication, origin + event.address("-pdf")
    size = publication.pdf_size  # type: ignore[attr-defined]
    return {
        "title": in_xml(event.title),
        "link": origin + event.address(),
        "description": in_xml(event.says(pdf)),
        "unique_id": event.id,
        "pubdate": publication.published_at,
        "updateddate": publication.published_at,
        "author_name": in_xml(event.plan.owner.name),
        "enclosures": [Enclosure(pdf, str(size), "application/pdf")],
    }
