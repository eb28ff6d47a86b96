"""Bringing a correction into the revision that it corrects: by key, so that what points there still does."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from actionplan.drafting import ROWS, NotDrafted, remove_all, take_away
from actionplan.models import Decision, Responsibility, Revision, Row
from municipalities.history import remember
from municipalities.models import User

FACTS = ("decided_by", "decided_on", "registry_number", "note")
REPLACED: tuple[type[Row], ...] = (Responsibility, Decision)
"""Rows that nothing points to and of which each organisation may have one: a changed one is made anew."""


def bring_in(correction: Revision, *, by: User) -> Revision:
    """Makes the corrected revision say what the correction does, and takes the correction away.

    Is part of somebody's transaction, in which the correction is locked. Raises NotDrafted when a row that
    was taken away has been reported on, and leaves the transaction to be undone.
    """
    original = Revision.objects.select_for_update().get(pk=correction.corrects_id)
    original.plan = correction.plan
    reason = f"Rättelse: {correction.correction}"
    after, before = rows_of(correction), rows_of(original)
    for kind in REPLACED:
        changed = [
            key
            for key, row in before[kind].items()
            if key not in after[kind] or differing(row, after[kind][key])
        ]
        drop(before[kind], changed, by, reason)
    for kind in ROWS:
        for key, row in after[kind].items():
            bring_in_row(row, before[kind].get(key), original, before, by, reason)
    for kind in reversed(ROWS):
        drop(before[kind], before[kind].keys() - after[kind].keys(), by, reason)
    if corrected := [name for name in FACTS if getattr(original, name) != getattr(correction, name)]:
        for name in corrected:
            setattr(original, name, getattr(correction, name))
        remember(original, by, reason).save()
    take_away(correction, by, "Rättelsen är införd, så arbetsmaterialet behövs inte mer")
    return original


RowsByKey = dict[str, Row]


def rows_of(revision: Revision) -> dict[type[Row], RowsByKey]:
    """The revision's rows by kind, each with what it stands below."""
    return {
        kind: {
            row.key: row
            for row in kind.objects.filter(revision=revision).select_related("revision", *kind.within)
        }
        for kind in ROWS
    }


def bring_in_row(
    row: Row,
    was: Row | None,
    original: Revision,
    standing: dict[type[Row], RowsByKey],
    by: User,
    reason: str,
) -> None:
    """Gives the corrected revision's own row what the correction's says, or makes it one."""
    if was is not None and not differing(was, row):
        return
    own = was or type(row)(revision=original, key=row.key)
    for field in fields_of(type(row)):
        setattr(own, field.attname, getattr(row, field.attname))
    for name in row.within:
        parent: Any = row._meta.get_field(name).related_model
        above = getattr(row, name)
        setattr(own, name, standing[parent][above.key] if above else None)
    remember(own, by, reason).save()
    standing[type(row)][row.key] = own


def drop(rows: RowsByKey, keys: Collection[str], by: User, reason: str) -> None:
    """Removes those of the rows, all of a kind; raises NotDrafted when one has been reported on."""
    gone = [rows.pop(key) for key in keys]
    if not gone:
        return
    if held := first_held(gone):
        raise NotDrafted(held_sentence(held))
    remove_all(type(gone[0]), gone, by=by, reason=reason)


def differing(one: Row, other: Row) -> bool:
    """Whether two rows of the same key say different things, or stand below different rows."""
    return any(
        getattr(one, field.attname) != getattr(other, field.attname) for field in fields_of(type(one))
    ) or any(key_above(one, name) != key_above(other, name) for name in one.within)


def key_above(row: Row, name: str) -> str | None:
    above = getattr(row, name)
    return above.key if above else None


def fields_of(kind: type[Row]) -> list[Any]:
    """What a row says: all but which it is, and what it stands below."""
    places = {"id", "revision", "key", *kind.within}
    return [field for field in kind._meta.concrete_fields if field.name not in places]


def why_not_removed(*rows: Row) -> str:
    """Why one of a correction's rows, all of a kind, can't be taken away; empty when they all can.

    What has been reported on in the revision that is corrected stays in it, wherever it stands by now.
    """
    if not rows or rows[0].revision.corrects_id is None:
        return ""
    keys = [row.key for row in rows]
    held = first_held(type(rows[0]).objects.filter(revision=rows[0].revision.corrects_id, key__in=keys))
    return held_sentence(held) if held else ""


def first_held(rows: Iterable[Row]) -> Row | None:
    """The first of the rows, all of a kind, to which something points that isn't a row; None when none is."""
    standing = {row.pk: row for row in rows}
    if not standing:
        return None
    for relation in next(iter(standing.values()))._meta.related_objects:
        name, model = relation.field.attname, relation.related_model
        if not issubclass(model, Row):
            pointed_to = model._base_manager.filter(**{f"{name}__in": standing}).values_list(name, flat=True)
            if held := set(pointed_to):
                return next(row for pk, row in standing.items() if pk in held)
    return None


def held_sentence(row: Row) -> str:
    return _("”%(row)s” har rapporter i en uppföljning och kan inte tas bort i en rättelse.") % {"row": row}
