"""The kinds of things that are written in drafts, and what of each may be found or chosen in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from actionplan.drafting import NotDrafted
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Goal,
    Indicator,
    Part,
    Plan,
    Responsibility,
    Revision,
    Row,
    State,
    Term,
    YearlyTarget,
)
from municipalities.models import Kind as OrganisationKind
from municipalities.models import Organisation, User


class NoLongerThere(NotDrafted):
    """What was written in, or was to be moved, has been removed since its page was shown."""


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is written in drafts.

    `word` stands in addresses; `fields` are written, `texts` of them may be long and `markdown` of those are
    Markdown. Rows that are alike in all of `beside` stand in one order, in which each can be moved.
    """

    word: str
    model: type[models.Model]
    fields: tuple[str, ...]
    texts: tuple[str, ...] = ()
    markdown: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    can_be_moved: bool = True
    can_be_removed: bool = True

    @cached_property
    def above(self) -> str:
        """Name of the foreign key to what rows of the kind stand below; empty where that is the revision."""
        within = getattr(self.model, "within", ())
        return within[0] if within else ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all that is written: of an activity also who answers for it."""
        return (*self.fields, *Part.values) if self.model is Activity else self.fields

    @cached_property
    def key(self) -> str:
        """Name of the field that addresses know a thing by."""
        return "slug" if self.model is Indicator else "key"

    @cached_property
    def model_above(self) -> type[Row]:
        model: Any = self.model._meta.get_field(self.above).related_model
        return model

    @cached_property
    def needs_above(self) -> bool:
        field: Any = self.model._meta.get_field(self.above) if self.above else None
        return field is not None and not field.null


KINDS: dict[str, Kind] = {
    each.word: each
    for each in (
        Kind(
            "avsnitt",
            Chapter,
            ("title", "placement", "text"),
            texts=("text",),
            markdown=("text",),
            beside=("area_id", "placement"),
        ),
        Kind("omraden", Area, ("title",)),
        Kind(
            "utmaningar",
            Challenge,
            ("title", "purpose", "strategy", "text", "followup_owner"),
            texts=("purpose", "strategy", "text"),
            markdown=("strategy", "text"),
            beside=("area_id",),
        ),
        Kind("mal", Goal, ("text",), texts=("text",), beside=("challenge_id",)),
        Kind(
            "malvarden",
            YearlyTarget,
            ("indicator", "year", "over", "operator", "value", "nearly", "reason"),
            texts=("reason",),
            beside=("goal_id", "year"),
            can_be_moved=False,
        ),
        Kind(
            "aktiviteter",
            Activity,
            (
                "title",
                "heading",
                "description",
                "expected_result",
                "first_year",
                "last_year",
                "responsible_text",
            ),
            texts=("description", "expected_result"),
            markdown=("description",),
            beside=("challenge_id",),
        ),
        Kind("ord", Term, ("term", "explanation"), texts=("explanation",)),
        Kind(
            "indikatorer",
            Indicator,
            (
                "name",
                "short_name",
                "description",
                "unit",
                "decimals",
                "direction",
                "source",
                "source_url",
                "kolada_id",
            ),
            texts=("description",),
            can_be_moved=False,
            can_be_removed=False,
        ),
    )
}
"""By their words in addresses."""


def kind_of(thing: models.Model) -> Kind:
    [found] = [kind for kind in KINDS.values() if kind.model is type(thing)]
    return found


# What can be found


def things_of(kind: Kind, draft: Revision) -> models.QuerySet[Any]:
    """What of the kind may be written in the draft."""
    if kind.model is Indicator:
        return indicators_of(draft.plan)
    model: Any = kind.model
    return model.objects.filter(revision=draft.pk).select_related("revision", *model.within)


def indicators_of(plan: Plan) -> models.QuerySet[Indicator]:
    """Indicators that the plan uses, and those that nobody does."""
    own = YearlyTarget.objects.filter(revision__plan=plan)
    used = YearlyTarget.objects.values("indicator")
    return Indicator.objects.filter(Q(pk__in=own.values("indicator")) | ~Q(pk__in=used))


def indicators_to_choose(plan: Plan) -> models.QuerySet[Indicator]:
    """Those that a target of the plan may have: the plan's, nobody's, and all that have been decided on."""
    decided = YearlyTarget.objects.filter(revision__state=State.ADOPTED)
    own = indicators_of(plan)
    return Indicator.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=decided.values("indicator")))


def organisations_open_to(person: User, plan: Plan) -> models.QuerySet[Organisation]:
    """Those that the person may let answer for an activity: all, for an administrator."""
    return Organisation.objects.all() if person.administers else organisations_to_choose(plan)


def organisations_to_choose(plan: Plan) -> models.QuerySet[Organisation]:
    """Those that may answer for an activity: municipalities, those near the plan, and all that publicly do.

    Others may be known to nobody but those who work with another plan.
    """
    publicly = Responsibility.objects.filter(revision__state=State.ADOPTED)
    plans = Plan.objects.filter(pk=plan.pk)
    near = Q(pk__in=plans.parties().values("pk")) | Q(represented_by__in=plans.values("partners"))
    known = Q(kind=OrganisationKind.MUNICIPALITY) | Q(pk__in=publicly.values("organisation"))
    return Organisation.objects.filter(near | known).distinct()


def is_decided_on(indicator: Indicator) -> bool:
    """Whether an adopted revision uses the indicator."""
    return YearlyTarget.objects.filter(indicator=indicator, revision__state=State.ADOPTED).exists()


def found(kind: Kind, draft: Revision, key: str) -> Any:
    """What of the kind has the key; raises NoLongerThere when nothing does."""
    thing = things_of(kind, draft).filter(**{kind.key: key}).first()
    if thing is None:
        raise NoLongerThere(no_longer_there())
    if isinstance(thing, Row):
        thing.revision = draft
    return thing


def is_there(kind: Kind, draft: Revision, key: str) -> bool:
    return things_of(kind, draft).filter(**{kind.key: key}).exists()


def no_longer_there() -> str:
    return _("Någon har tagit bort det här sedan du öppnade sidan, så inget sparades.")


def no_place() -> str:
    return _("Det som raden skulle stå under finns inte längre, så inget sparades.")
