"""Tables as open data: CSV by RFC 4180, in UTF-8, with figures as computers write them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import NamedTuple, TypeVar

Cell = str | int | bool | Decimal | None
Record = TypeVar("Record", bound=NamedTuple)

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
             "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""What a text may not begin with, since spreadsheets would run it as a formula."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The rows under their columns' names. What isn't known is empty, and codes keep their zeros."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([written(cell) for cell in row] for row in rows)
    return out.getvalue()


def records_csv(kind: type[Record], records: Iterable[Record]) -> str:
    """The records, whose fields are the columns; all of the fields are cells."""
    return csv_text(kind._fields, records)


def written(cell: Cell) -> str:
    """A cell as data has it: decimal point, true or false, and a text that would be run begins with '."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(DANGEROUS) else cell
    return decimal_text(Decimal(cell))


def decimal_text(value: Decimal) -> str:
    """A number whole, without the zeros that only its storage adds: "75", "57.89505229"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
