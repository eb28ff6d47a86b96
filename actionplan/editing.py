"""Writing in a draft: each thing is added, changed and moved by itself.

Every deed holds the draft first, is one transaction, goes through `full_clean`, and has its lines in the log
of changes. Those lines are what a form's `seen` tells: what stood there when its user opened it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from actionplan.drafting import NotDrafted, locked
from actionplan.keys import free_key
from actionplan.kinds import Kind, NoLongerThere, found, is_decided_on, kind_of, no_place
from actionplan.merging import alike
from actionplan.models import Activity, Ending, Indicator, Part, Responsibility, Revision, Row
from actionplan.stands import responsibilities, said_at, says, version_of, written
from municipalities.history import remember
from municipalities.models import User


class Overtaken(NotDrafted):
    """Somebody else has saved since the form was opened."""


@transaction.atomic
def add(
    draft: Revision, kind: Kind, said: Mapping[str, Any], *, by: User, above: str = "", key: str = ""
) -> Any:
    """Adds what is said below the row with key `above`, last of those that stand there.

    A key that isn't given is made of the wording, and is one that the plan has never had. Raises
    NoLongerDraft, NoLongerThere when there is nothing to stand below, or ValidationError.
    """
    draft = locked(draft)
    thing: Any = kind.model(**{name: said[name] for name in kind.fields})
    if isinstance(thing, Indicator):
        thing.slug = free_key(thing.name, set(Indicator.objects.values_list("slug", flat=True)))
        thing.full_clean()
        remember(thing, by).save()
        return thing
    thing.revision = draft
    if kind.above:
        setattr(thing, kind.above, row_above(kind, draft, above))
    thing.key = key
    refuse_ended(thing)
    thing.order = next_order(kind, thing)
    thing.full_clean()
    remember(thing, by).save()
    answer_for(thing, said, by)
    return thing


def row_above(kind: Kind, draft: Revision, key: str) -> Row | None:
    """What a row of the kind is to stand below; None where that is the revision itself."""
    if not key and not kind.needs_above:
        return None
    row = kind.model_above.objects.filter(revision=draft.pk, key=key).first()
    if row is None:
        raise NoLongerThere(no_place())
    return row


def refuse_ended(row: Row) -> None:
    """Raises ValidationError when the draft says of an activity with the key that it isn't carried on."""
    if isinstance(row, Activity) and Ending.objects.filter(revision=row.revision_id, key=row.key).exists():
        raise ValidationError({"key": not_carried_on()})


def not_carried_on() -> str:
    return _("Aktiviteten med den nyckeln förs inte vidare i den här planen.")


@transaction.atomic
def change(draft: Revision, thing: Any, said: Mapping[str, Any], *, seen: str, by: User) -> Any:
    """Lets the thing say what is said, by someone who saw its version `seen`; gives it as it is then.

    Saying what stands there writes nothing. Raises NoLongerDraft, NoLongerThere, Overtaken when what stood
    there at `seen` doesn't any more, or ValidationError.
    """
    draft, kind = locked(draft), kind_of(thing)
    now = found(kind, draft, getattr(thing, kind.key))
    words = says(kind, now)
    if all(alike(written(said[name]), words[name]) for name in kind.names):
        return now
    if seen != version_of(now) and said_at(kind, now, seen) != words:
        raise Overtaken(_("Någon annan har sparat under tiden."))
    stood = tuple(getattr(now, name) for name in kind.beside)
    for name in kind.fields:
        setattr(now, name, said[name])
    if stood != tuple(getattr(now, name) for name in kind.beside):
        now.order = next_order(kind, now)
    if isinstance(now, Indicator):
        refuse_another_measure(now, words, by)
    now.full_clean()
    if any(written(said[name]) != words[name] for name in kind.fields):
        remember(now, by).save()
    answer_for(now, said, by)
    return now


FIXED = ("unit", "direction")
"""What makes an indicator another one if it is changed."""


def refuse_another_measure(indicator: Indicator, before: Mapping[str, str], by: User) -> None:
    """Raises ValidationError when what is decided on would be measured otherwise, unless by those who may."""
    changed = [name for name in FIXED if written(getattr(indicator, name)) != before[name]]
    if changed and not by.administers and is_decided_on(indicator):
        sentence = _("Indikatorn används i en fastställd plan. Bara en administratör kan ändra det här.")
        raise ValidationError(dict.fromkeys(changed, sentence))


def answer_for(row: Any, said: Mapping[str, Any], by: User) -> None:
    """Lets those who are said to answer for the activity, and nobody else; others' rows stay as they are.

    A row's organisation never changes: one goes and another comes.
    """
    if not isinstance(row, Activity):
        return
    wanted = {each.pk: (each, part) for part in Part.values for each in said[part]}
    standing = list(responsibilities(row).order_by("order", "pk"))
    for each in standing:
        if each.organisation_id not in wanted:
            remember(each, by).delete()
        elif each.part != (part := wanted.pop(each.organisation_id)[1]):
            each.part = part
            remember(each, by).save()
    order = max((each.order for each in standing), default=0)
    for number, (organisation, part) in enumerate(wanted.values(), order + 1):
        new = Responsibility(
            revision=row.revision, activity=row, organisation=organisation, part=part, order=number
        )
        new.full_clean()
        remember(new, by).save()


# Places


class Way(models.TextChoices):
    """Where a row is moved among those beside it."""

    UP = "up"
    DOWN = "down"


def beside(kind: Kind, row: Any) -> models.QuerySet[Any]:
    """The rows that stand in one order with this one, itself included."""
    same = {name: getattr(row, name) for name in kind.beside}
    return kind.model._default_manager.filter(revision=row.revision_id, **same).order_by("order", "pk")


def next_order(kind: Kind, row: Any) -> int:
    last: int | None = beside(kind, row).exclude(pk=row.pk).aggregate(last=models.Max("order"))["last"]
    return (last or 0) + 1


@transaction.atomic
def move(draft: Revision, row: Any, way: str, *, by: User) -> str:
    """Moves the row past the one before or after it; gives a sentence of where it stands.

    An activity that comes to another heading stands under that first, at the end nearest. Raises
    NoLongerDraft or NoLongerThere.
    """
    draft, kind = locked(draft), kind_of(row)
    now = found(kind, draft, row.key)
    rows = list(beside(kind, now))
    place = [each.pk for each in rows].index(now.pk)
    other = place + (-1 if way == Way.UP else 1)
    if not 0 <= other < len(rows):
        first, last = _("”%(row)s” står redan först."), _("”%(row)s” står redan sist.")
        return (first if way == Way.UP else last) % {"row": now}
    if isinstance(now, Activity) and now.heading != rows[other].heading:
        now.heading = rows[other].heading
        remember(now, by, "Flyttad").save()
        return (
            _("”%(row)s” står nu under rubriken ”%(heading)s”.") % {"row": now, "heading": now.heading}
            if now.heading
            else _("”%(row)s” står nu utan rubrik.") % {"row": now}
        )
    rows[place], rows[other] = rows[other], rows[place]
    put_in_order(kind, rows, by)
    words = {"row": now, "number": other + 1, "of": len(rows)}
    return _("”%(row)s” står nu som nummer %(number)d av %(of)d.") % words


def put_in_order(kind: Kind, rows: list[Any], by: User) -> None:
    """Gives the rows their places, in that order, with a line in the log for each that gets another one."""
    orders = sorted(row.order for row in rows)
    if len(set(orders)) < len(orders):
        orders = list(range(1, len(rows) + 1))
    moved = []
    for row, order in zip(rows, orders, strict=True):
        if row.order != order:
            row.order = order
            moved.append(row)
    bulk_update_with_history(
        moved, kind.model, ["order"], default_user=by, default_change_reason="Flyttad", batch_size=500
    )


@transaction.atomic
def move_to(draft: Revision, row: Any, above: str, *, by: User) -> str:
    """Moves the row, and what stands below it, last below another; gives a sentence of where it stands.

    Raises NoLongerDraft or NoLongerThere.
    """
    draft, kind = locked(draft), kind_of(row)
    now = found(kind, draft, row.key)
    target = row_above(kind, draft, above)
    where = {"row": now, "above": target or now.revision.plan}
    if getattr(now, f"{kind.above}_id") == (target.pk if target else None):
        return _("”%(row)s” står redan under ”%(above)s”.") % where
    setattr(now, kind.above, target)
    now.order = next_order(kind, now)
    now.full_clean()
    remember(now, by, "Flyttad").save()
    return _("”%(row)s” står nu sist under ”%(above)s”.") % where
