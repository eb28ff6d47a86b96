"""Removing a row of a draft with all that stands below it, and putting it back.

Both hold the draft first, are one transaction, and have their lines in the log of changes, from which what
was removed is put back.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionplan.correcting import why_not_removed
from actionplan.drafting import ROWS, NotDrafted, create_all, locked, remove_all
from actionplan.editing import not_carried_on
from actionplan.kinds import Kind, found, kind_of
from actionplan.models import Activity, Ending, Revision, Row
from municipalities.models import User

Rows = dict[type[Row], list[Row]]


def with_what_is_below(row: Row) -> Rows:
    """The row and all that goes with it, by kind; takes a statement for each kind that could."""
    gone: Rows = {type(row): [row]}
    for kind in ROWS:
        for name in kind.within:
            parent: Any = kind._meta.get_field(name).related_model
            if parent in gone:
                gone.setdefault(kind, []).extend(kind.objects.filter(**{f"{name}__in": gone[parent]}))
    return gone


def why_it_stays(row: Row, going: Rows) -> str:
    """Why the row can't be removed with all that stands below it; empty when it can."""
    if not row.revision.is_correction:
        return ""
    return next((why for rows in going.values() if (why := why_not_removed(*rows))), "")


@transaction.atomic
def remove(draft: Revision, row: Row, *, by: User) -> None:
    """Removes the row with all that stands below it.

    All of it goes at one moment in the log of changes, by which it can be put back together. Raises
    NoLongerDraft, NoLongerThere, or NotDrafted when it has to stay.
    """
    draft, kind = locked(draft), kind_of(row)
    now: Row = found(kind, draft, row.key)
    going = with_what_is_below(now)
    if why := why_it_stays(now, going):
        raise NotDrafted(why)
    moment, with_it = timezone.now(), f"Borttagen med ”{now}”"
    for model in reversed(ROWS):
        reason = "" if model is type(now) else with_it
        remove_all(model, going.get(model, ()), by=by, reason=reason, at=moment)


@transaction.atomic
def put_back(draft: Revision, kind: Kind, key: str, *, by: User) -> Row:
    """Undoes the removal of a row: puts it back, and all that went in the same moment, with the same keys.

    Raises NoLongerDraft, or NotDrafted when there is nothing to put back or no place for it.
    """
    draft = locked(draft)
    model: Any = kind.model
    last = model.history.filter(revision=draft.pk, key=key).order_by("-history_id").first()
    if last is None or last.history_type != "-":
        raise NotDrafted(_("Det finns inget att ångra. Någon har redan lagt tillbaka det."))
    went = {
        "revision": draft.pk,
        "history_type": "-",
        "history_date": last.history_date,
        "history_user": last.history_user_id,
    }
    for each in ROWS:
        rows = [line.instance for line in each.history.filter(**went).order_by("history_id")]
        asked = [row for row in rows if each is model and row.key == key]
        if why := why_it_stays_away(draft, each, rows) or wrong_with(draft, *asked):
            raise NotDrafted(why)
        create_all(each, rows, by=by, reason="Borttagningen ångrades")
    back: Row = found(kind, draft, key)
    return back


def why_it_stays_away(draft: Revision, model: type[Row], rows: list[Row]) -> str:
    """Why rows of a kind that were removed can't be put back in the draft; empty when they can."""
    keys = [row.key for row in rows]
    if model.objects.filter(revision=draft, key__in=keys).exists():
        return _("Det går inte att lägga tillbaka: nyckeln används redan i revideringen.")
    if model is Activity and Ending.objects.filter(revision=draft, key__in=keys).exists():
        return not_carried_on()
    for field in model._meta.concrete_fields:
        wanted = {getattr(row, field.attname) for row in rows} - {None} if field.is_relation else ()
        there: Any = field.related_model
        if wanted and there._base_manager.filter(pk__in=wanted).count() < len(wanted):
            return _("Det går inte att lägga tillbaka: det som raden stod under finns inte längre.")
    return ""


def wrong_with(draft: Revision, *rows: Row) -> str:
    """What the rows themselves say against standing in the draft; empty when nothing."""
    try:
        for row in rows:
            row.revision = draft
            row.full_clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
