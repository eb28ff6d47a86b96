"""Tables as open data: CSV by RFC 4180, in UTF-8, with figures as computers write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

Cell = str | int | bool | Decimal | None
Record = TypeVar("Record", bound=NamedTuple)

DANGEROUS = re.compile(r"'* *[=+\-@\t\r\n＝＋－＠]")
"""How a text may not begin, since spreadsheets would run it as a formula; nor as what is written instead."""


def csv_text(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ",", point: str = "."
) -> str:
    """The rows under their columns' names. What isn't known is empty, and codes keep their zeros.

    `point`: what stands between a figure's whole and its decimals.
    """
    out = StringIO()
    write_csv(out, columns, rows, separator, point)
    return out.getvalue()


def write_csv(
    out: SupportsWrite[str],
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    separator: str = ",",
    point: str = ".",
) -> None:
    """The same, row by row to where they are to be."""
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([written(cell, point) for cell in row] for row in rows)


def records_csv(kind: type[Record], records: Iterable[Record]) -> str:
    """The records, whose fields are the columns; all of the fields are cells."""
    return csv_text(kind._fields, records)


def written(cell: Cell, point: str = ".") -> str:
    """A cell as data has it: decimal point, true or false, and a text that would be run begins with '."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if DANGEROUS.match(cell) and not cell.isspace() else cell
    return decimal_text(Decimal(cell)).replace(".", point)


def unprotected(text: str) -> str:
    """A cell's text as it was before it was written."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text, 1) else text


def decimal_text(value: Decimal) -> str:
    """A number whole, without the zeros that only its storage adds: "75", "57.89505229"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
