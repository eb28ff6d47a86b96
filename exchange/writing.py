"""Tables as files that people open: an Excel workbook, or CSV as Excel reads it here.

The same tables give the same bytes: nothing tells when a file was made, or by whom. What is text stays text,
whatever it begins with; `exchange.reading.read` gives the same cells back.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from publishing.tables import csv_text, decimal_text

Cell = str | int | bool | Decimal | date | None
Styles = dict[type, Any]
"""How texts, numbers and days look."""

LONGEST = 32_767
"""Characters that Excel keeps in a cell."""
LONGEST_HELP = 255
"""Characters that Excel shows beside a chosen cell."""
FIGURES = 15
"""So many Excel keeps of a number; one with more is written as text."""
NARROWEST, WIDEST, LONG = 10, 45, 60
"""Widths of columns, in characters."""

_LISTS = "_listor"
_ROWS = 5_000
"""So many rows below the headers have help and choices, also those that are yet empty; more are not read."""
_NO_TIME = datetime(1980, 1, 1)  # noqa: DTZ001 - a ZIP's times are of no zone, and none is earlier
_CANNOT_BE_WRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\r]|_(?=x[0-9A-Fa-f]{4}_)")


class TooLong(ValueError):
    """A text is longer than a cell of a workbook may be; as CSV it can be written."""


@dataclass(frozen=True)
class ColumnLook:
    """A column's header, and what helps whoever fills it in: words beside the chosen cell, and a list."""

    header: str
    help: str = ""
    width: int = 0
    """In characters; 0: as its content needs."""
    choices: tuple[str, ...] = ()
    """What is offered; something else may be written all the same."""
    is_long: bool = False
    """Longer texts, on several lines."""
    is_text: bool = True
    """What looks like a number or a date is kept as it is written: codes keep their zeros."""


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[ColumnLook, ...]
    rows: Sequence[Sequence[Cell]]


def as_text(cell: Cell, point: str = ".") -> str:
    """A cell as reading it gives it back: from a workbook, or from CSV with that decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else decimal_text(Decimal(cell)).replace(".", point)


def csv_file(table: Table) -> bytes:
    """The table as Excel reads CSV in Sweden: UTF-8 that says so, semicolons and decimal commas.

    It would take 1.5 for a day in May.
    """
    rows = [[as_text(cell) if isinstance(cell, bool | date) else cell for cell in row] for row in table.rows]
    headers = [column.header for column in table.columns]
    return ("\ufeff" + csv_text(headers, rows, separator=";", point=",")).encode()


def zip_of_csv(tables: Iterable[Table]) -> bytes:
    """Each table as a CSV file with its name."""
    return packed({f"{table.name}.csv": csv_file(table) for table in tables})


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP that tells nothing of when it was made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _NO_TIME.timetuple()[:6])
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            archive.writestr(entry, content)
    return out.getvalue()


def xlsx(tables: Iterable[Table], title: str = "") -> bytes:
    """A workbook with a sheet for each table, its headers always in view. Raises TooLong for a text, and
    ValueError for a name or a help, that Excel can't show.
    """
    from openpyxl import Workbook  # a quarter of a second, for those who need it
    from openpyxl.packaging.core import DocumentProperties

    book = Workbook()
    book.remove(book.active)
    lists, looks = Lists(), Looks()
    for table in tables:
        _write(book.create_sheet(table.name), table, lists, looks)
    lists.write(book, looks)
    book.properties = DocumentProperties(creator="", title=title or None, created=_NO_TIME)
    out = BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    moment = _NO_TIME.isoformat().encode()
    core = "docProps/core.xml"
    parts[core] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment + b"Z", parts[core])
    return packed(parts)


class Lists:
    """The lists to choose from, each a column of a sheet that nobody sees."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, ...], int] = {}

    def place(self, choices: tuple[str, ...]) -> str:
        """Where the list is, as Excel says it."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(self.columns.setdefault(choices, len(self.columns) + 1))
        return f"'{_LISTS}'!${letter}$1:${letter}${len(choices)}"

    def write(self, book: Any, looks: Looks) -> None:
        if not self.columns:
            return
        sheet = book.create_sheet(_LISTS)
        sheet.sheet_state = "veryHidden"
        styles = looks.of(sheet)
        for choices, column in self.columns.items():
            for number, choice in enumerate(choices, 1):
                _put(sheet.cell(number, column), choice, styles)


class Looks:
    """How the cells of a workbook look, each look made once, since making it takes longer than writing."""

    def __init__(self) -> None:
        self.made: dict[tuple[bool, bool, bool], Styles] = {}

    def of(self, sheet: Any, *, is_text: bool = True, is_long: bool = False, is_head: bool = False) -> Styles:
        look = (is_text, is_long, is_head)
        if look not in self.made:
            self.made[look] = _styles(sheet, is_text=is_text, is_long=is_long, is_head=is_head)
        return self.made[look]


def _write(sheet: Any, table: Table, lists: Lists, looks: Looks) -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(table.columns, 1):
        letter = get_column_letter(number)
        _put(sheet.cell(1, number), column.header, looks.of(sheet, is_head=True))
        styles = looks.of(sheet, is_text=column.is_text, is_long=column.is_long)
        texts = [column.header]
        for place, row in enumerate(table.rows, 2):
            value = row[number - 1]
            if value is not None and value != "":
                _put(sheet.cell(place, number), value, styles)
                texts.append(as_text(value))
        dimensions = sheet.column_dimensions[letter]
        dimensions._style = styles[str if column.is_text else int]
        dimensions.width = column.width or (LONG if column.is_long else _width(texts))
        if column.help or column.choices:
            _offer(sheet, column, letter, lists)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"


def _styles(sheet: Any, *, is_text: bool, is_long: bool, is_head: bool) -> Styles:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.styles import Alignment, Font

    styles: Styles = {}
    for kind, form in {str: "@" if is_text else "General", int: "General", date: "yyyy-mm-dd"}.items():
        cell = SheetCell(sheet, row=1, column=1)
        cell.alignment = Alignment(vertical="top", wrap_text=is_long or is_head or None)
        cell.font = Font(bold=is_head)
        cell.number_format = form
        cell.quotePrefix = kind is str
        styles[kind] = cell._style
    return styles


def _width(texts: Iterable[str]) -> int:
    longest = max(len(line) for text in texts for line in text.split("\n"))
    return min(max(longest + 3, NARROWEST), WIDEST)


def _offer(sheet: Any, column: ColumnLook, letter: str, lists: Lists) -> None:
    """Shows the column's help beside whichever of its cells is chosen, and what there is to choose from."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if len(column.help) > LONGEST_HELP:
        raise ValueError(f"The help of {column.header} is longer than {LONGEST_HELP} characters.")
    offer = DataValidation(
        type="list" if column.choices else None,
        formula1=lists.place(column.choices) if column.choices else None,
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=bool(column.choices),
        error="Det står inte i listan. Vill du skriva det ändå?" if column.choices else None,
        showInputMessage=bool(column.help),
        promptTitle=column.header[:32] if column.help else None,
        prompt=column.help or None,
    )
    offer.add(f"{letter}2:{letter}{_ROWS + 1}")
    sheet.add_data_validation(offer)


def _put(cell: Any, value: Cell, styles: Styles) -> None:
    """A number as a number where Excel keeps it whole, a day as a day, and everything else as text."""
    if isinstance(value, date) and value.year >= 1900:
        cell.value, cell._style = value, styles[date]
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and _is_kept(Decimal(value)):
        cell.value, cell._style = value, styles[int]
    else:
        text = _CANNOT_BE_WRITTEN.sub(lambda sign: f"_x{ord(sign[0]):04X}_", as_text(value))
        if len(text) > LONGEST:
            raise TooLong(f"A cell in {cell.parent.title} is longer than Excel's {LONGEST} characters.")
        cell.value, cell._style = text, styles[str]
        cell.data_type = "s"  # also when it looks like a formula, an error or a moment


def _is_kept(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= FIGURES and abs(value.adjusted()) < 100
