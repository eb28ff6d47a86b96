"""The columns of a table: their names, what they hold, and how its values are written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.archive.contents import COLUMNS_LEFT_OUT, Kept
from publishing.tables import Cell, decimal_text

KINDS = {
    "AutoField": "integer",
    "BigAutoField": "integer",
    "BigIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "integer",
    "CharField": "string",
    "SlugField": "string",
    "TextField": "string",
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "number",
    "JSONField": "object",
}
"""What Table Schema calls what Django's fields hold. A field of another sort has to be thought of first."""

IN_FILES = {"content": ".json", "pdf": ".pdf"}
"""What of an edition is a file of its own, byte for byte; the column has its path in the archive."""

EVERYWHERE = {
    "id": ("nummer", "Radens nummer. Andra tabeller hänvisar till det."),
    "history_id": ("nummer i loggen", ""),
    "m2m_history_id": ("nummer i loggen", ""),
    "history_date": ("när", "När ändringen gjordes."),
    "history_change_reason": ("varför", "Skälet, när det finns ett."),
    "history_type": ("vad", "+ är ny, ~ är ändrad och - är borttagen."),
    "history_user": ("av vem", "Tomt när portalen gjorde det själv."),
    "history": ("ändring", "Raden i loggen som listan hör till."),
}
"""What the libraries' own fields are called here, by name."""

NUMBER_OF_WHAT_CHANGED = ("nummer", "Numret på raden som ändrades.")


@dataclass(frozen=True)
class Column:
    """A column as the archive has it. `kind` is as in Table Schema."""

    name: str
    title: str
    says: str
    kind: str
    refers_to: str = ""
    """The table whose `id` it holds."""
    is_needed: bool = True
    """Whether it always has a value."""
    suffix: str = ""
    """Of the file in which the value is, where it isn't in the table."""


def columns_of(kept: Kept) -> list[Column]:
    """The table's columns in the order of the database, without those that are left out."""
    left_out = COLUMNS_LEFT_OUT.get(kept.model._meta.label, {})
    return [
        column_of(kept, field) for field in kept.model._meta.concrete_fields if field.name not in left_out
    ]


def column_of(kept: Kept, field: Any) -> Column:
    title, says = words_of(kept, field)
    if kept.is_editions and field.name in IN_FILES:
        path = f"{says} Här står var filen finns.".strip()
        return Column(f"{field.name}_file", title, path, "string", suffix=IN_FILES[field.name])
    return Column(
        name=field.attname,
        title=title,
        says=says,
        kind=KINDS[of_what(field).get_internal_type()],
        refers_to=of_what(field).model._meta.db_table if field.is_relation else "",
        is_needed=not field.null,
    )


def of_what(field: Any) -> Any:
    """The field itself, or the one that it refers to."""
    return of_what(field.target_field) if field.is_relation else field


def words_of(kept: Kept, field: Any) -> tuple[str, str]:
    """What the column is called, and what is to be said of it."""
    if field.name == "id" and kept.is_log:
        return NUMBER_OF_WHAT_CHANGED
    if field._verbose_name is None or field.name in EVERYWHERE:
        return EVERYWHERE.get(field.name) or (str(field.related_model._meta.verbose_name), "")
    choices = ", ".join(f"{value} = {label}" for value, label in field.flatchoices)
    return str(field.verbose_name), " ".join(filter(None, (str(field.help_text), choices and f"{choices}.")))


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers with decimals as text, so that none is rounded; moments in UTC."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def as_cell(value: Any) -> Cell:
    """A value as the writer of CSV takes it."""
    if isinstance(value, dict | list):
        return as_json(value)
    return value if isinstance(value, Decimal) else plain(value)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
