"""What a file of tables holds, as plain values: sheets with headers and rows of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """A row of a sheet: its number as who reads the file sees it, where the header is often 1, and its cells.

    It has as many cells as the sheet has headers; an empty one is "".
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table with its name, such as "Aktiviteter"; rows that are wholly empty aren't in it."""

    name: str
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Book:
    """A workbook, or one table as CSV, which is a book of one sheet."""

    sheets: tuple[Sheet, ...]
