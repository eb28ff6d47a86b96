"""What stands in a thing of a draft, and what stood there at an earlier line of its log, as a form has it.

The number of a thing's last line in the log of changes is its version, which tells a form's `seen`: what
stood there when its user opened it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from actionplan.kinds import Kind
from actionplan.models import Activity, Indicator, Part, Responsibility, Row
from municipalities.models import Organisation
from publishing.formats import written_whole


def says(kind: Kind, thing: Any) -> dict[str, str]:
    """What a thing of the kind says, by field, as a form has it."""
    words = {name: written(getattr(thing, name)) for name in kind.fields}
    if isinstance(thing, Activity):
        words |= answering((each.part, each.organisation.key) for each in responsibilities(thing))
    return words


def written(value: Any) -> str:
    """A field's value as a form has it: a thing by its key, a figure with its decimal comma."""
    match value:
        case None:
            return ""
        case Decimal():
            return written_whole(value)
        case Indicator():
            return value.slug
        case Row() | Organisation():
            return value.key
        case list():
            return " ".join(sorted(each.key for each in value))
    return str(value)


def answering(parts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Who answers for an activity, by part: their keys in order, with a space between."""
    pairs = sorted(parts)
    return {part: " ".join(key for of, key in pairs if of == part) for part in Part.values}


def responsibilities(activity: Activity) -> models.QuerySet[Responsibility]:
    return Responsibility.objects.filter(activity=activity.pk).select_related("organisation")


def version_of(thing: Any) -> str:
    """The number of its last line in the log of changes; of an activity also of who answers for it."""
    last = str(last_line(type(thing).history.filter(pk_of(thing))))
    if isinstance(thing, Activity):
        return f"{last}.{last_line(Responsibility.history.filter(activity=thing.pk))}"
    return last


def pk_of(thing: Any) -> Q:
    return Q(**{thing._meta.pk.attname: thing.pk})


def last_line(lines: models.QuerySet[Any]) -> int:
    return lines.aggregate(last=models.Max("history_id"))["last"] or 0


def said_at(kind: Kind, thing: Any, version: str) -> dict[str, str]:
    """What the thing said at that version; nothing in any field when the log has no such line of it."""
    number, _point, of_parts = version.partition(".")
    line = type(thing).history.filter(pk_of(thing), history_id=int(number or 0)).first()
    if line is None:
        if version == version_of(thing):
            return says(kind, thing)
        return dict.fromkeys(kind.names, "")
    words = {name: written(told(line, name)) for name in kind.fields}
    return words | (answered_at(thing, int(of_parts or 0)) if isinstance(thing, Activity) else {})


def told(line: Any, name: str) -> Any:
    """What a line of the log says in a field; nothing where it points to what isn't there."""
    try:
        return getattr(line, name)
    except ObjectDoesNotExist:
        return None


def answered_at(activity: Activity, number: int) -> dict[str, str]:
    """Who answered for the activity at that line of the log; those of whom it says nothing always have."""
    lines = Responsibility.history.filter(activity=activity.pk).order_by("history_id")
    now = {each.pk: (each.part, each.organisation.key) for each in responsibilities(activity)}
    standing = {pk: pair for pk, pair in now.items() if pk not in {line.id for line in lines}}
    for line in lines.select_related("organisation"):
        if line.history_id <= number:
            standing.pop(line.id, None)
            if line.history_type != "-":
                standing[line.id] = (line.part, line.organisation.key)
    return answering(standing.values())


def who_saved(thing: Any) -> Any:
    """The last line in the log of changes of the thing, or of who answers for it: by whom, and when."""
    lines = [type(thing).history.filter(pk_of(thing))]
    if isinstance(thing, Activity):
        lines.append(Responsibility.history.filter(activity=thing.pk))
    last = [line for each in lines if (line := each.select_related("history_user").first())]
    return max(last, key=lambda line: line.history_date, default=None)
