"""What a governing document says of itself, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actionplan.models import DocumentType, Plan, Words, words_of
from publishing.formats import joined, period, swedish_key


@dataclass(frozen=True)
class TypeOfDocument:
    """A type of governing document, and whether this plan is of it."""

    label: str
    is_own: bool


@dataclass(frozen=True)
class PlanFacts:
    """What the governing document says of itself; what it doesn't state is empty or None."""

    slug: str
    title: str
    kind: str
    document_type: str
    document_types: tuple[TypeOfDocument, ...]
    first_year: int
    last_year: int | None
    period: str
    owner: str
    partners: tuple[str, ...]
    partner_names: str
    valid_until: date | None
    applies_to: str
    replaces: tuple[str, ...]
    related_documents: tuple[str, ...]
    document_owner: str
    revised_by: str
    followed_up_by: str
    challenge_word: str
    challenge_word_plural: str
    activity_word: str
    activity_word_plural: str

    @property
    def words(self) -> Words:
        return words_of(self)

    @property
    def document_type_label(self) -> str:
        return "".join(each.label for each in self.document_types if each.is_own)


def plan_facts(plan: Plan) -> PlanFacts:
    """The plan by value; takes no statement of its own where the plan came `with_parties`."""
    partners = tuple(sorted((each.short_name for each in plan.partners.all()), key=swedish_key))
    return PlanFacts(
        slug=plan.slug,
        title=plan.title,
        kind=plan.kind,
        document_type=plan.document_type,
        document_types=tuple(
            TypeOfDocument(str(label), value == plan.document_type) for value, label in DocumentType.choices
        ),
        first_year=plan.first_year,
        last_year=plan.last_year,
        period=period(plan.first_year, plan.last_year),
        owner=plan.owner.name,
        partners=partners,
        partner_names=joined(partners),
        valid_until=plan.valid_until,
        applies_to=plan.applies_to,
        replaces=tuple(plan.replaces.splitlines()),
        related_documents=tuple(plan.related_documents.splitlines()),
        document_owner=plan.document_owner,
        revised_by=plan.revised_by,
        followed_up_by=plan.followed_up_by,
        challenge_word=plan.challenge_word,
        challenge_word_plural=plan.challenge_word_plural,
        activity_word=plan.activity_word,
        activity_word_plural=plan.activity_word_plural,
    )
