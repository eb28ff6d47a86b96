"""Who decided on a draft, when, and under what number: said while it is a draft, read-only once adopted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from actionplan.drafting import NotDrafted, locked
from actionplan.models import Decision, Revision
from municipalities.history import remember
from municipalities.models import User


@dataclass(frozen=True)
class OwnDecision:
    """What one municipality decided for itself; nothing while it says nobody who decided."""

    decided_by: str = ""
    decided_on: date | None = None
    registry_number: str = ""


@dataclass(frozen=True)
class Facts:
    """The partners' joint decision, what it changes and why, and each municipality's own.

    `own`: by the municipality's key. `names`: what those are called.
    """

    decided_by: str = ""
    decided_on: date | None = None
    registry_number: str = ""
    note: str = ""
    own: dict[str, OwnDecision] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def by_name(self) -> list[tuple[str, OwnDecision]]:
        """Each municipality's decision, by the name it is shown with."""
        return [(self.names[key], own) for key, own in self.own.items() if own.decided_by]

    @property
    def mark(self) -> str:
        """Tells whether the facts are still the same."""
        return sha256(repr(self).encode()).hexdigest()


JOINT = ("decided_by", "decided_on", "registry_number", "note")


class FactsChanged(NotDrafted):
    """Somebody else has saved other facts since the page was shown."""


def facts_of(draft: Revision) -> Facts:
    """What is said of the decision so far, in one statement beside the draft's own."""
    rows = (
        Decision.objects.filter(revision=draft).select_related("municipality").order_by("municipality__key")
    )
    decisions = {each.municipality.key: each for each in rows}
    return Facts(
        **{name: getattr(draft, name) for name in JOINT},
        own={
            key: OwnDecision(each.decided_by, each.decided_on, each.registry_number)
            for key, each in decisions.items()
        },
        names={key: each.municipality.short_name for key, each in decisions.items()},
    )


@transaction.atomic
def set_facts(draft: Revision, facts: Facts, *, seen: str, by: User) -> None:
    """Saves what the facts say; `seen` is the mark of those that the page showed.

    A municipality that the facts don't name keeps its decision. Raises FactsChanged when they are others by
    now, and NoLongerDraft when the draft is adopted or gone.
    """
    held = locked(draft)
    before = facts_of(held)
    if seen != before.mark:
        raise FactsChanged(_("Någon annan har ändrat beslutet sedan du öppnade sidan."))
    if any(getattr(before, name) != getattr(facts, name) for name in JOINT):
        for name in JOINT:
            setattr(held, name, getattr(facts, name))
        held.clean_fields()
        remember(held, by).save()
    standing = {each.municipality.key: each for each in Decision.objects.filter(revision=held)}
    for municipality in held.plan.partners.filter(key__in=facts.own):
        decision = standing.get(municipality.key) or Decision(
            revision=held, municipality=municipality, key=municipality.key
        )
        set_own(decision, facts.own[municipality.key], by)


def set_own(decision: Decision, own: OwnDecision, by: User) -> None:
    """Saves a municipality's own decision; takes it away when nobody decided."""
    said = OwnDecision(decision.decided_by, decision.decided_on, decision.registry_number)
    if own == said:
        return
    remember(decision, by)
    if not own.decided_by:
        decision.delete()
        return
    decision.decided_by, decision.decided_on = own.decided_by, own.decided_on
    decision.registry_number = own.registry_number
    decision.full_clean()
    decision.save()
