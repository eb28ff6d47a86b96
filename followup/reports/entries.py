"""A change of one thing by value: what it is called, and how each of its fields reads before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, CharField, DateField, DateTimeField, DecimalField, TextField
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.changes import ADDED, KEPT, FieldChange, Span
from actionplan.models import Activity, Challenge, Plan, Revision
from actionplan.wording import by_item, by_word, whole
from followup.log import (
    KINDS,
    NOBODY,
    Change,
    Kind,
    Names,
    Place,
    RevisionOfLog,
    Scope,
    Thing,
    Version,
    concrete,
    names_of,
    versions,
)
from followup.models import FollowUp
from publishing.formats import long_date, written_whole

WHAT = {"+": gettext_lazy("lades till"), "~": gettext_lazy("ändrades"), "-": gettext_lazy("togs bort")}

WORDS = 40
"""So many words are shown of a text that is new or gone."""

NAME_WORDS = 12
"""So many words of a text stand for its name."""

PLACES = {"key", "order"}
"""Fields that say which row it is and where it stands, and nothing of what is said in it."""


@dataclass(frozen=True)
class Entry:
    """A change of one thing. `code` is what addresses and the page's anchors know it by.

    `is_whole`: all of it is new or gone, or the log doesn't know how it was before; then its fields are told
    as they are. `within`: the revision or the follow-up that it stands in. `url`: its page. Each is empty
    where there is none.
    """

    code: str
    kind: str
    name: str
    url: str
    within: str
    how: str
    what: str
    is_whole: bool
    fields: tuple[FieldChange, ...]
    remark: str


@dataclass(frozen=True)
class Facts:
    """What is needed to tell of changes: the things' versions, and what all that they point to is called."""

    scope: Scope
    versions: Mapping[Place, Version]
    names: Names

    def person(self, who: int | None) -> str:
        """Who made a change; the portal where nobody was signed in."""
        return self.scope.people.get(who or NOBODY, "")

    def revision(self, number: int | None) -> RevisionOfLog | None:
        return self.scope.revisions.get(number or 0)


def facts_for(scope: Scope, changes: Collection[Change]) -> Facts:
    """What is needed to tell of the changes, in two statements."""
    found = versions(changes)
    pointed_at: set[Thing] = set()
    lists: set[tuple[Any, int]] = set()
    for (code, _number), version in found.items():
        for field in KINDS[code].fields:
            for values in version.known:
                if field.many_to_many:
                    lists.add((field, values["history_id"]))
                elif field.is_relation and concrete(field) is not Revision and values[field.attname]:
                    pointed_at.add((concrete(field), values[field.attname]))
    return Facts(scope, found, names_of(pointed_at, lists))


def entry(change: Change, facts: Facts) -> Entry:
    """The change by value."""
    kind, version = KINDS[change.kind], facts.versions[change.kind, change.number]
    now = read(kind, version.now, facts)
    is_whole = change.how != "~" or version.before is None
    fields = tuple(whole_fields(kind, now) if is_whole else changed_fields(kind, version, now, facts))
    return Entry(
        code=code_of(change),
        kind=kind.label,
        name=name_of(kind, version, now),
        url=address_of(change, kind, version, facts),
        within=place_of(change, kind, facts),
        how=change.how,
        what=str(WHAT[change.how]),
        is_whole=is_whole,
        fields=fields,
        remark=remark(change, version, fields),
    )


def code_of(change: Change) -> str:
    return f"{change.kind}-{change.number}"


def remark(change: Change, version: Version, fields: Collection[FieldChange]) -> str:
    """What the fields don't tell; empty where they tell all."""
    if change.how == "~" and version.before is None:
        return _("Hur det stod förut vet inte loggen. Så här stod det sedan:")
    if change.how == "~" and not fields:
        return _("Sparades utan att något ändrades.")
    return ""


def place_of(change: Change, kind: Kind, facts: Facts) -> str:
    """The revision or the follow-up that the thing stands in, in words."""
    if kind.within is FollowUp:
        return _("uppföljning %(year)d") % {"year": facts.scope.followups[change.within]}
    revision = facts.revision(change.within) if kind.within is Revision else None
    return called(revision) if revision else ""


def called(revision: RevisionOfLog) -> str:
    if revision.is_correction:
        return _("rättelse av revidering %(year)d") % {"year": revision.year}
    return _("revidering %(year)d") % {"year": revision.year}


def name_of(kind: Kind, version: Version, now: Mapping[str, Any]) -> str:
    """What the thing is called, in no more words than fit in a line."""
    if kind.model is Revision and version.now["corrects_id"]:
        return _("%(year)s (rättelse)") % now
    words = kind.called.format_map(defaultdict(str, now)).split()
    return " ".join(words[:NAME_WORDS]) + (" …" if len(words) > NAME_WORDS else "")


def address_of(change: Change, kind: Kind, version: Version, facts: Facts) -> str:
    """The thing's page; empty when it has none, or is gone."""
    slug = facts.scope.plan.slug
    if not version.is_there:
        return ""
    if kind.model is Plan:
        return reverse("plan", args=[slug])
    if FollowUp in (kind.model, kind.within):
        number = change.thing if kind.model is FollowUp else change.within
        return reverse("followup", args=[slug, facts.scope.followups[number]])
    number = change.thing if kind.model is Revision else change.within
    revision = facts.revision(number) if Revision in (kind.model, kind.within) else None
    if revision is None or revision.is_correction:
        return ""
    if kind.model is Activity and revision.is_adopted:
        return reverse("activity", args=[slug, version.now["key"]])
    page = reverse("revision", args=[slug, revision.year])
    return f"{page}#{version.now['key']}" if kind.model is Challenge else page


# How a version reads


def read(kind: Kind, values: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What each field says, in words, by its name; a list of names where it has several."""
    return {
        field.name: facts.names.lists.get((field, values["history_id"]), [])
        if field.many_to_many
        else in_words(field, values[field.attname], facts)
        for field in kind.fields
    }


def in_words(field: Any, value: Any, facts: Facts) -> str:
    """A value as people write it; empty when there is none."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return name_of_thing(field, value, facts)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, BooleanField):
        return _("ja") if value else _("nej")
    if isinstance(field, DecimalField):
        return written_whole(Decimal(value))
    if isinstance(field, DateTimeField):
        return date_format(moment(value), "j F Y, H.i")
    if isinstance(field, DateField):
        return long_date(date.fromisoformat(value))
    return str(value)


def moment(text: str) -> datetime:
    """A moment as the database writes it in JSON: SQLite leaves out that it is in UTC."""
    parsed = datetime.fromisoformat(text)
    return localtime(parsed.replace(tzinfo=UTC) if is_naive(parsed) else parsed)


def name_of_thing(field: Any, number: int, facts: Facts) -> str:
    if concrete(field) is Revision:
        revision = facts.revision(number)
        return called(revision) if revision else ""
    return facts.names.things.get((concrete(field), number), "")


def whole_fields(kind: Kind, now: Mapping[str, Any]) -> Iterator[FieldChange]:
    """All that the thing says, shortened, but for what its name has told already."""
    told = {name for name in kind.called_by if len(str(now[name]).split()) <= NAME_WORDS}
    for field in kind.fields:
        value = now[field.name]
        if value and field.name not in PLACES | told:
            texts = [shortened(value)] if isinstance(value, str) else value
            spans = tuple(Span(ADDED, each) for each in texts)
            yield FieldChange(label_of(field), spans, is_list=field.many_to_many)


def changed_fields(
    kind: Kind, version: Version, now: Mapping[str, Any], facts: Facts
) -> Iterator[FieldChange]:
    """The fields that read otherwise than before; texts word by word."""
    before = read(kind, version.before or {}, facts)
    for field in kind.fields:
        was, now_is = before[field.name], now[field.name]
        if field.many_to_many:
            spans = by_item(was, now_is)
        elif is_text(field) and was and now_is:
            spans = by_word(was, now_is)
        else:
            spans = whole(was, now_is)
        if spans:
            yield read_at_a_glance(FieldChange(label_of(field), spans, is_list=field.many_to_many))


def read_at_a_glance(change: FieldChange) -> FieldChange:
    """The change with the differences and the words around them; the beginning of what is long."""
    spans = change.spans if change.is_list or change.is_replaced else change.passages
    return replace(change, spans=tuple(map(brief, spans)))


def is_text(field: Any) -> bool:
    return isinstance(field, CharField | TextField) and not field.choices


def brief(span: Span) -> Span:
    """The span with no more words than can be read at a glance, if it is new or gone."""
    return span if span.what == KEPT else Span(span.what, shortened(span.text))


def shortened(text: str) -> str:
    words = text.split()
    if len(words) <= WORDS:
        return text
    rest = len(words) - WORDS
    return _("%(words)s … (och %(rest)d ord till)") % {"words": " ".join(words[:WORDS]), "rest": rest}


def label_of(field: Any) -> str:
    return str(field.verbose_name).capitalize()
