"""The log of a plan's changes, as django-simple-history keeps it: who changed what, and how it was before.

A version is a row of history: what a thing was from one moment on, and who made it so. What was written
without one, such as fixtures that were loaded, isn't there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from string import Formatter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    DecimalField,
    Exists,
    F,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject

from actionplan.editions import THE_PORTAL
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    Indicator,
    Plan,
    Responsibility,
    Revision,
    SeriesBreak,
    State,
    Term,
    YearlyTarget,
)
from followup.models import Assignment, ComparedArea, FollowUp
from municipalities.models import Organisation
from publishing.formats import counted


@dataclass(frozen=True)
class Kind:
    """A model whose changes are in the log.

    `called`: what a thing of the kind is called, with its fields in braces. `within`: what it belongs to, by
    which it is known whose it is; itself, where that is what is known.
    """

    model: type[Model]
    called: str = "{title}"
    within: type[Model] = Revision

    @property
    def code(self) -> str:
        """The kind in addresses: "activity"."""
        return str(self.model._meta.model_name)

    @property
    def column(self) -> str:
        """The column that tells what a version belongs to."""
        return "id" if self.within is self.model else f"{self.within._meta.model_name}_id"

    @cached_property
    def called_by(self) -> frozenset[str]:
        """Names of the fields that make up what a thing is called."""
        return frozenset(name for _text, name, *_rest in Formatter().parse(self.called) if name)

    @property
    def label(self) -> str:
        """The kind as a word of its own: "Aktivitet"."""
        return str(self.model._meta.verbose_name).capitalize()

    @property
    def history(self) -> Any:
        return self.model.history.model  # type: ignore[attr-defined]

    @property
    def versions(self) -> QuerySet[Any]:
        return self.history.objects.order_by()

    def counted(self, number: int) -> str:
        """So many things of the kind: "40 aktiviteter"."""
        words = self.model._meta
        return counted(number, str(words.verbose_name), str(words.verbose_name_plural))

    @cached_property
    def fields(self) -> tuple[Any, ...]:
        """What a version says of its thing, but for which it is and what it belongs to."""
        untold = {"id", self.column.removesuffix("_id")} - self.called_by
        own = (each for each in self.history.tracked_fields if each.name not in untold)
        return (*own, *self.history._history_m2m_fields)


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(Plan, within=Plan),
        Kind(Revision, called="{year}", within=Plan),
        Kind(Area),
        Kind(Chapter),
        Kind(Challenge),
        Kind(Goal, called="{text}"),
        Kind(YearlyTarget, called="{indicator} {year}"),
        Kind(Indicator, called="{name}", within=Indicator),
        Kind(SeriesBreak, called="{indicator} {year}", within=Indicator),
        Kind(Activity),
        Kind(Responsibility, called="{organisation}: {activity}"),
        Kind(Term, called="{term}"),
        Kind(Ending),
        Kind(Decision, called="{municipality}: {decided_by}"),
        Kind(FollowUp, called="{year}", within=Plan),
        Kind(Assignment, called="{organisation}: {activity}", within=FollowUp),
        Kind(ComparedArea, within=Plan),
    )
}
"""All that the log tells of, by code."""

NAMED: Mapping[type[Model], str] = {
    Organisation: "short_name",
    Indicator: "name",
    Area: "title",
    Challenge: "title",
    Goal: "text",
    Activity: "title",
}
"""The things that a version points to, and the column that tells what each is called."""


class Change(NamedTuple):
    """Something was added (+), changed (~) or removed (-); `number` is its version's among its kind's."""

    kind: str
    number: int
    at: datetime
    who: int | None
    how: str
    reason: str | None
    thing: int
    within: int


class Version(NamedTuple):
    """What a thing was, by column; what it was before, where the log knows; and whether it still is there."""

    now: Mapping[str, Any]
    before: Mapping[str, Any] | None
    is_there: bool

    @property
    def known(self) -> list[Mapping[str, Any]]:
        return [each for each in (self.now, self.before) if each is not None]


Place = tuple[str, int]
"""A change's kind and number, which tell it from all others."""

Thing = tuple[type[Model], int]
"""A model and a primary key."""


@dataclass(frozen=True)
class RevisionOfLog:
    """A revision that a change was made in, as it is now, or was last."""

    year: int
    is_adopted: bool
    is_correction: bool
    is_there: bool


@dataclass(frozen=True)
class Scope:
    """What a plan's log is about: all that it has had for things to belong to, and who has changed any.

    `followups` has the year of each; `people` the name of each, and the portal's.
    """

    plan: Plan
    revisions: Mapping[int, RevisionOfLog]
    followups: Mapping[int, int]
    indicators: Collection[int]
    people: Mapping[int, str]

    def versions(self, kind: Kind) -> QuerySet[Any]:
        """The versions of the plan's things of the kind, and of no other plan's."""
        whose = {
            Plan: [self.plan.pk],
            Revision: self.revisions,
            FollowUp: self.followups,
            Indicator: self.indicators,
        }
        return kind.versions.filter(**{f"{kind.column}__in": list(whose[kind.within])})


NOBODY = 0
"""Stands among people for what was changed with nobody signed in."""


@dataclass(frozen=True)
class Asked:
    """Which changes to look for: of some kinds, by a person (or NOBODY), in a period.

    `start`: that change and those before it.
    """

    kinds: Sequence[Kind] = tuple(KINDS.values())
    person: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    start: Place | None = None

    def of(self, kind: Kind, scope: Scope) -> Q:
        asked = Q()
        if self.person is not None:
            asked &= Q(history_user=self.person or None)
        if self.since:
            asked &= Q(history_date__gte=self.since)
        if self.until:
            asked &= Q(history_date__lt=self.until)
        if self.start:
            asked &= not_after(self.start, kind, scope)
        return asked


def not_after(start: Place, kind: Kind, scope: Scope) -> Q:
    """Changes of the kind that are `start`, or come after it in the log, which goes backwards."""
    first, number = start
    found = scope.versions(KINDS[first]).filter(history_id=number)
    moment = Subquery(found.values("history_date"))
    if kind.code < first:
        return Q(history_date__lt=moment)
    if kind.code > first:
        return Q(history_date__lte=moment)
    return Q(history_date__lte=moment) & (Q(history_date__lt=moment) | Q(history_id__lte=number))


def scope_of(plan: Plan) -> Scope:
    """What the plan's log is about, in one statement."""
    rows = sorted(together([*of_revisions(plan), *of_others(plan), *of_people(plan)]), key=itemgetter(-1))
    return Scope(
        plan=plan,
        revisions={
            number: RevisionOfLog(year, state == State.ADOPTED, bool(corrects), order == IS_THERE)
            for word, number, year, state, corrects, order in rows
            if word == "revision"
        },
        followups={number: year for word, number, year, *_rest in rows if word == "followup"},
        indicators=[number for word, number, *_rest in rows if word == "indicator"],
        people={number or NOBODY: name for word, number, _year, name, *_rest in rows if word == "person"},
    )


def of_revisions(plan: Plan) -> Iterator[QuerySet[Any]]:
    """The plan's revisions, as each was, and as those are that are there."""
    told = ("year", "state", Coalesce("corrects_id", 0))
    now, before = had(KINDS["revision"], plan)
    yield before.values_list(Value("revision"), "id", *told, "history_id")
    yield now.values_list(Value("revision"), "id", *told, Value(IS_THERE))


def of_others(plan: Plan) -> Iterator[QuerySet[Any]]:
    """The years that have been followed up, and the indicators that the plan was first to measure."""
    nothing = (Value(""), Value(0), Value(0))
    for each in had(KINDS["followup"], plan):
        yield each.values_list(Value("followup"), "id", "year", *nothing)
    yield measured(plan).values_list(Value("indicator"), "indicator", Value(0), *nothing)


def of_people(plan: Plan) -> Iterator[QuerySet[Any]]:
    """Those who have changed anything, by kind: all changes are gone through for it."""
    name = Coalesce("history_user__name", Value(THE_PORTAL))
    for kind in KINDS.values():
        told = (Value("person"), "history_user_id", Value(0), name, Value(0), Value(0))
        yield kind.versions.filter(belonging_to(plan, kind)).values_list(*told).distinct()


def had(kind: Kind, plan: Plan) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What the plan has of the kind, and the versions of what it has had."""
    return kind.model._default_manager.filter(plan=plan).order_by(), kind.versions.filter(plan=plan)


def measured(plan: Plan) -> QuerySet[Any, dict[str, Any]]:
    """The indicators that the plan was first to measure by; in the words of its draft, maybe.

    Asked without nesting, so that it stays quick where the database knows nothing yet of how much there is.
    """
    first, own = Min("pk"), Min("pk", filter=Q(revision__plan=plan))
    by_indicator = YearlyTarget.objects.order_by().values("indicator").annotate(first=first, own=own)
    return by_indicator.filter(first=F("own"))


def belonging_to(plan: Plan, kind: Kind) -> Q:
    """What tells the plan's versions of the kind from others, before it is known what they belong to."""
    if kind.within is Plan:
        return Q((kind.column, plan.pk))
    if kind.within is Indicator:
        return Q((f"{kind.column}__in", measured(plan).values("indicator")))
    now, before = (each.values("id") for each in had(KINDS[str(kind.within._meta.model_name)], plan))
    return Q((f"{kind.column}__in", now)) | Q((f"{kind.column}__in", before))


IS_THERE = 2**31 - 1
"""Stands for a version's number where something is told as it is now: it is later than all of them."""


def changes(scope: Scope, asked: Asked, most: int) -> list[Change]:
    """The plan's changes that are asked for, the latest first, at most so many; in one statement."""
    found = [changes_of(kind, scope, asked) for kind in asked.kinds]
    if len(found) > 1 and connection.features.supports_slicing_ordering_in_compound:
        found = [rows.order_by("-log_at", "-history_id")[:most] for rows in found]  # and stop at that
    rows = together(found).order_by("-log_at", "log_kind", "-history_id")[:most]
    return [Change(*row) for row in rows]


def changes_of(kind: Kind, scope: Scope, asked: Asked) -> QuerySet[Any]:
    rows = scope.versions(kind).filter(asked.of(kind, scope))
    return rows.annotate(
        log_kind=Value(kind.code), log_at=F("history_date"), log_within=F(kind.column)
    ).values_list(
        "log_kind", "history_id", "log_at", "history_user_id", "history_type", "history_change_reason",
        "id",
        "log_within",
    )  # fmt: skip


def versions(changes: Iterable[Change]) -> dict[Place, Version]:
    """What the changes have made of their things, and what those were before; in one statement."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        numbers[change.kind].append(change.number)
    if not numbers:
        return {}
    rows = together([versions_of(KINDS[code], each) for code, each in numbers.items()])
    return {(code, number): Version(now, before, is_there) for code, number, now, before, is_there in rows}


def versions_of(kind: Kind, numbers: Collection[int]) -> QuerySet[Any]:
    earlier = kind.versions.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    before = earlier.order_by("-history_id").annotate(log_values=values_of(kind)).values("log_values")[:1]
    return (
        kind.versions.filter(history_id__in=numbers)
        .annotate(
            log_kind=Value(kind.code),
            log_now=values_of(kind),
            log_before=Subquery(before),
            log_is_there=Exists(kind.model._default_manager.filter(pk=OuterRef("id"))),
        )
        .values_list("log_kind", "history_id", "log_now", "log_before", "log_is_there")
    )


def values_of(kind: Kind) -> JSONObject:
    """A version's columns by name, and its number; figures as text, which loses none of their decimals."""
    columns = {each.attname: each for each in kind.fields if each.concrete and not each.many_to_many}
    return JSONObject(
        history_id=F("history_id"),
        **{
            name: Cast(name, TextField()) if isinstance(field, DecimalField) else F(name)
            for name, field in columns.items()
        },
    )


@dataclass(frozen=True)
class Names:
    """What things are called, and the names that stand in lists, by the field and the version's number."""

    things: Mapping[Thing, str]
    lists: Mapping[tuple[Any, int], Sequence[str]]


def names_of(things: Iterable[Thing], lists: Iterable[tuple[Any, int]]) -> Names:
    """What things are called, those too that are gone, and what is in lists of others; in one statement."""
    models: dict[str, type[Model]] = {}
    fields: dict[str, Any] = {}
    numbers: dict[str, set[int]] = defaultdict(set)
    for model, number in things:
        models[model._meta.label] = model
        numbers[model._meta.label].add(number)
    for field, number in lists:
        fields[str(field)] = field
        numbers[str(field)].add(number)
    found = [rows for label, model in models.items() for rows in named(label, model, numbers[label])]
    found += [listed(label, field, numbers[label]) for label, field in fields.items()]
    rows = sorted(together(found), key=itemgetter(-1)) if found else []
    members = defaultdict(list)
    for label, number, name, _order in rows:
        if label in fields:
            members[fields[label], number].append(name)
    things_named = {(models[label], number): name for label, number, name, _o in rows if label in models}
    return Names(things_named, members)


def named(label: str, model: type[Model], numbers: Collection[int]) -> list[QuerySet[Any]]:
    """What things are called now, and what they were called in each version."""
    now = model._default_manager.order_by().filter(pk__in=numbers)
    before = model.history.model.objects.order_by().filter(id__in=numbers)  # type: ignore[attr-defined]
    return [
        now.values_list(Value(label), "pk", NAMED[model], Value(IS_THERE)),
        before.values_list(Value(label), "id", NAMED[model], "history_id"),
    ]


def listed(label: str, field: Any, versions: Collection[int]) -> QuerySet[Any]:
    """The names of those whom versions have in a list, such as a plan's partners."""
    model = getattr(field.model.history.model, field.name).model
    name = f"{field.m2m_reverse_field_name()}__{NAMED[concrete(field)]}"
    return model.objects.order_by().filter(history__in=versions).values_list(
        Value(label), "history_id", name, "m2m_history_id"
    )  # fmt: skip


def concrete(field: Any) -> type[Model]:
    """The model of what a field points to."""
    return field.related_model._meta.concrete_model


def together(found: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    """The rows of all of them, in one statement."""
    return found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
