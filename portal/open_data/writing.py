"""A dataset's rows as CSV by RFC 4180 or as JSON, written one after the other to where they are to be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any

from portal.open_data.datasets import CSV, VERSION, Column, Dataset, Format, Kind
from portal.open_data.rows import Row
from publishing.tables import Cell, decimal_text, write_csv

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

as_line = json.JSONEncoder(ensure_ascii=False).encode
BETWEEN = {"responsible": " ", "responsible_names": "; "}
"""What parts the texts of a list in CSV."""


def write(
    out: IO[bytes], dataset: Dataset, rows: Iterable[Row], form: Format, *, origin: str, plan: str
) -> None:
    """The rows in the format, in UTF-8; `plan`: the slug of the one whose they are, none for all."""
    text = TextIOWrapper(out, "utf-8", newline="", write_through=False)
    if form == CSV:
        write_csv(text, [each.name for each in dataset.columns], (cells(dataset, row) for row in rows))
    else:
        write_json(text, dataset, rows, origin, plan)
    text.flush()
    text.detach()


def cells(dataset: Dataset, row: Row) -> list[Cell]:
    return [cell(column, row[column.name]) for column in dataset.columns]


def cell(column: Column, value: Any) -> Cell:
    if column.kind == Kind.TEXTS:
        return BETWEEN[column.name].join(value)
    return moment(value) if isinstance(value, datetime) else value


def write_json(
    out: SupportsWrite[str], dataset: Dataset, rows: Iterable[Row], origin: str, plan: str
) -> None:
    """An object that names its schema, with the rows as objects, one on each line."""
    head = json.dumps(head_of(dataset, origin, plan), ensure_ascii=False, indent=1)
    out.write(head.removesuffix("\n}"))
    out.write(',\n "rows": [')
    for number, row in enumerate(rows):
        out.write(",\n" if number else "\n")
        out.write(as_line(as_object(dataset, row)))
    out.write("\n ]\n}\n")


def head_of(dataset: Dataset, origin: str, plan: str) -> dict[str, Any]:
    """What stands before the rows; `origin`: where the portal is, as in "https://portal.example.se"."""
    return {
        "$schema": origin + dataset.schema,
        "version": VERSION,
        "dataset": dataset.key,
        "title": dataset.title.sv,
        "plan": plan or None,
        "licence": dataset.licence.address,
        "credit": dataset.licence.credit or None,
    }


def as_object(dataset: Dataset, row: Row) -> dict[str, Any]:
    """The row with its columns in order, as JSON has them."""
    return {column.name: as_json(row[column.name]) for column in dataset.columns}


def as_json(value: Any) -> Any:
    """Decimals are strings, since programs read JSON's numbers as floats."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    return moment(value) if isinstance(value, datetime) else value


def moment(value: datetime) -> str:
    """A moment to the second, in UTC: "2017-03-30T07:15:00Z"."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
