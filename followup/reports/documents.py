"""A plan's documents, each with its addresses and the edition of it that holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actionplan.models import Plan
from actionplan.models.plans import DOCUMENTS as OF_A_REVISION
from followup.models.rounds import DOCUMENTS as OF_A_YEAR
from followup.queries import Standpoint
from publishing.formats import long_date


@dataclass(frozen=True)
class Document:
    """A document that may have editions, by the addresses of the one that holds.

    `state`: how far it has come, such as "Fastställd"; `edition`: which one holds and since when, empty where
    nothing is published.
    """

    title: str
    page: str
    pdf: str
    state: str
    is_example: bool = False
    edition: str = ""

    @property
    def text(self) -> str:
        return f"{self.state} · {self.edition}" if self.edition else self.state


def documents_of(plan: Plan) -> dict[str, Document]:
    """Every document that the plan may have editions of, by its name in publishing, follow-ups first.

    Takes no statement where the plan came `with_parties` and with its follow-ups.
    """
    documents = {}
    for followup in plan.followups.all():
        title, state = followup_title(followup.year), followup.get_stage_display()
        made = document(title, state, plan, "followup", followup.year)
        documents[followup.document] = replace(made, is_example=followup.is_example)
    for revision in plan.revisions.all():
        if revision.corrects_id is not None:  # an edition of the one that it corrects, if of any
            continue
        title, state = revision_title(plan, revision.year), revision.get_state_display()
        documents[revision.document] = document(title, state, plan, "revision", revision.year)
    return documents


def revision_title(plan: Plan, year: int) -> str:
    return _("%(kind)s, revidering %(year)d") % {"kind": plan.kind, "year": year}


def followup_title(year: int) -> str:
    return _("Uppföljning %(year)d") % {"year": year}


class Parts(NamedTuple):
    """What the name of a document tells. `kind`: by which its addresses are named."""

    slug: str
    kind: str
    year: int


KINDS = {OF_A_REVISION: "revision", OF_A_YEAR: "followup"}
"""By what stands in a document's name between the plan and the year."""


def parts_of_name(document: str) -> Parts | None:
    """What "4m/revidering/2016" tells; None for a document of another kind."""
    for between, kind in KINDS.items():
        slug, found, year = document.partition(between)
        if found:
            return Parts(slug, kind, int(year))
    return None


def document(title: str, state: str, plan: Plan, name: str, year: int) -> Document:
    page, pdf = (reverse(each, args=[plan.slug, year]) for each in (name, f"{name}-pdf"))
    return Document(title, page, pdf, state)


def plan_documents(standing: Standpoint) -> list[Document]:
    """The documents that the reader may read, which came with their editions: years, and what is decided."""
    plan, documents = standing.plan, documents_of(standing.plan)
    decided = [each for each in plan.revisions.all() if each.is_adopted or each == standing.revision]
    found: list[Any] = [*standing.followups, *decided]
    return [
        replace(documents[each.document], edition=edition(each.edition, each.edition_at)) for each in found
    ]


def edition(number: int | None, published_at: datetime | None) -> str:
    """Which edition holds, and since when: "utgåva 2 · 12 april 2018"; empty where none does."""
    if number is None or published_at is None:
        return ""
    day = long_date(timezone.localdate(published_at))
    return _("utgåva %(number)d · %(day)s") % {"number": number, "day": day}
