"""A program of its own that reads one file with tables: its bytes come in, its sheets go out as JSON.

It knows neither Django nor the settings, opens no file, reaches no network, starts no program, and dies of a
file that takes more than it may use. Whoever starts it (`exchange/reading.py`) says how much that is:

    python -I reader.py SECONDS MEMORY < file > answer.json

The answer has `kind` ("csv", "zip" or "xlsx"), `sheets`, each with its name, headers and lines, and `faults`:
sheet, row (0: all of it), column ("": all of it), and one of the words that reading.py has sentences for.
What cells become is told in docs/decisions/0030-files-are-read-in-a-child-process.md.
"""

import csv
import encodings.cp437
import encodings.cp1252
import encodings.utf_16  # noqa: F401 - with the two above: no file may be opened when they are needed
import gc
import json
import posixpath
import re
import resource
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from xml.parsers import expat

ROWS, COLUMNS, SHEETS = 5_000, 60, 20
"""At most so many rows below the headers, so many columns and so many sheets, of what isn't empty."""
LONGEST = 32_767
"""Characters in a cell; Excel has no more either."""
CELLS, CHARACTERS = 300_000, 10_000_000
"""In all sheets together."""
ENTRIES, UNPACKED, RATIO = 1_000, 50_000_000, 200
"""Files in a ZIP, their bytes together, and how much smaller packing may have made a large one."""
FAULTS = 100
"""So many are told, and then that there are more."""

_LOCKED = "EncryptedPackage".encode("utf-16-le")
_FORBIDDEN_EVENTS = ("open", "os.", "socket.", "subprocess.", "ctypes.", "shutil.", "tempfile.", "pty.")


class Flaw(NamedTuple):
    """Stands where a cell's text would have stood."""

    what: str


Cell = str | Flaw
Row = tuple[int, dict[int, Cell]]
"""A row's number and its cells by the number of their column, both from 1; what is left out is empty.

A flaw in column 0 is the row's own.
"""


class Refused(Exception):
    """The whole file is, for one reason."""


class Enough(Exception):
    """There are more faults than anyone wants to read."""


class Found:
    """What has been read so far: sheets, what is wrong with them, and how much it is."""

    def __init__(self) -> None:
        self.sheets: list[dict[str, Any]] = []
        self.faults: list[tuple[str, int, str, str]] = []
        self.cells = self.characters = 0

    def complain(self, sheet: str, row: int, column: str, what: str) -> None:
        if len(self.faults) == FAULTS:
            self.faults.append(("", 0, "", "more"))
            raise Enough
        self.faults.append((sheet, row, column, what))

    def weigh(self, cells: int, characters: int) -> None:
        self.cells += cells
        self.characters += characters
        if self.cells > CELLS or self.characters > CHARACTERS:
            raise Refused("large")


def main() -> None:
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # it ends before there is much to gain
    sys.addaudithook(_refuse_all_but_reading)
    try:
        answer = json.dumps(_answer(sys.stdin.buffer.read()), ensure_ascii=False).encode()
    except MemoryError:
        answer = b'{"kind": "", "sheets": [], "faults": [["", 0, "", "large"]]}'
    sys.stdout.buffer.write(answer)


def _refuse_all_but_reading(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(f"A file may not cause {event}.")


def _answer(content: bytes) -> dict[str, Any]:
    found, kind = Found(), ""
    try:
        kind, tables = _opened(content)
        for name, rows, is_csv in tables:
            if len(found.sheets) == SHEETS:
                raise Refused("many_sheets")
            _read_table(found, name, rows, is_csv)
        if not found.sheets and not found.faults:
            raise Refused("empty")
    except Enough:
        pass
    except Refused as refused:
        found.faults = [("", 0, "", str(refused))]
    except MemoryError:
        raise
    except Exception as error:  # whatever a damaged file leads the libraries into
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        found.faults = [("", 0, "", "damaged")]
    return {"kind": kind, "sheets": [] if found.faults else found.sheets, "faults": found.faults}


Tables = Iterator[tuple[str, Iterable[Row], bool]]
"""Each table's name, its rows, and whether it comes from CSV."""


def _opened(content: bytes) -> tuple[str, Tables]:
    """What kind of file the bytes are, and its tables."""
    if not content.strip(b"\x00\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise Refused("empty")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _unpacked(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused("locked" if _LOCKED in content else "old_excel")
    if b"%PDF-" in content[:1024]:
        raise Refused("pdf")
    if (
        content[:1024]
        .lstrip(b"\xef\xbb\xbf\t\n\r ")
        .lower()
        .startswith((b"<!doctype", b"<html", b"<table", b"<?xml"))
    ):
        raise Refused("web")
    return "csv", iter([("", _csv_rows(_text(content)), True)])


def _unpacked(content: bytes) -> tuple[str, Tables]:
    archive = zipfile.ZipFile(BytesIO(content))
    entries = archive.infolist()
    names = {entry.filename.casefold() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("locked")
    if len(names) < len(entries):
        raise Refused("damaged")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("packing")
    if (
        len(entries) > ENTRIES
        or sum(entry.file_size for entry in entries) > UNPACKED
        or any(entry.file_size > max(1_000_000, RATIO * entry.compress_size) for entry in entries)
    ):
        raise Refused("large")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Refused("macros")
    if "xl/workbook.bin" in names:
        raise Refused("binary_excel")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise Refused("other")
    if "mimetype" in names and "content.xml" in names:
        raise Refused("open_document")
    if "[content_types].xml" in names:
        return "xlsx", _sheets_of(archive)
    return "zip", _csv_files_of(archive)


# From rows to a table


def _read_table(found: Found, name: str, rows: Iterable[Row], is_csv: bool) -> None:
    """Adds the sheet with its headers and lines, unless it is wholly empty; or says what is wrong with it."""
    headers: dict[int, str] = {}
    header_row = 0
    lines: list[tuple[int, dict[int, str]]] = []
    homeless: dict[int, int] = {}
    for number, cells in rows:
        if not cells:
            continue
        if header_row and number - header_row > ROWS:
            found.complain(name, number, "", "many_rows")
            break
        if max(cells) > COLUMNS:
            found.complain(name, number, letters(max(cells)), "many_columns")
            break
        texts = {}
        for column, cell in cells.items():
            if isinstance(cell, Flaw):
                found.complain(name, number, headers.get(column) or letters(column), cell.what)
            texts[column] = letters(column) if isinstance(cell, Flaw) else cell
        found.weigh(0, sum(map(len, texts.values())))
        if not header_row:
            header_row, headers = number, _headers(found, name, number, texts)
            continue
        for column in sorted(texts.keys() - headers.keys() - {0}):
            if is_csv and column > max(headers):
                found.complain(name, number, "", "extra_cells")
                break
            homeless.setdefault(column, number)
        lines.append((number, texts))
    for column, number in homeless.items():
        found.complain(name, number, letters(column), "no_header")
    if header_row:
        columns = sorted(headers)
        found.weigh(len(lines) * len(columns), 0)
        found.sheets.append(
            {
                "name": name,
                "headers": [headers[column] for column in columns],
                "lines": [(number, [cells.get(column, "") for column in columns]) for number, cells in lines],
            }
        )


def _headers(found: Found, name: str, number: int, texts: dict[int, str]) -> dict[int, str]:
    """The headers by column, no two of which are the same but for capitals and spaces."""
    headers = {column: text.strip() for column, text in sorted(texts.items())}
    seen = set()
    for header in headers.values():
        same = "".join(header.split()).casefold()
        if same in seen:
            found.complain(name, number, header, "double_header")
        seen.add(same)
    return headers


def letters(column: int) -> str:
    """A column as Excel calls it: 1 → "A", 28 → "AB"."""
    name = ""
    while column:
        column, left = divmod(column - 1, 26)
        name = chr(65 + left) + name
    return name


def _cell(text: str) -> Cell:
    """A text as all texts here are: composed, with \\n between lines. One of spaces alone is none."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable() and any(_is_control(sign) for sign in text):
        return Flaw("control")
    if len(text) > LONGEST:
        return Flaw("long")
    return "" if text.isspace() else text


def _is_control(sign: str) -> bool:
    return sign not in "\t\n" and (unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffe\uffff")


# CSV

_NOT_WINDOWS = re.compile(rb"\xc3[\x80-\xbf]|[A-Za-z][\x84\x86\x94\x8a\x8c][a-z]")
"""A Swedish letter in UTF-8, which in Windows-1252 would be Ã and another sign; or, within a word, one of
MS-DOS or of an old Mac, which would be „, †, ”, Š or Œ.
"""


def _text(content: bytes) -> str:
    """The text of the bytes, in one of the encodings that tables come in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content:
        raise Refused("not_text")
    try:
        return content.decode()
    except UnicodeDecodeError:
        if _NOT_WINDOWS.search(content):
            raise Refused("not_text") from None
        return _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("not_text") from None
    if "\0" in text:
        raise Refused("not_text")
    return text.removeprefix("\ufeff")


def _csv_rows(text: str) -> Iterator[Row]:
    """The records by number, as Excel would show them."""
    separator = re.match(r"sep=([;,\t])\r?\n", text)
    if separator:
        text = text[separator.end() :]
    text = text.rstrip("\r\n")
    csv.field_size_limit(len(text) + 1)
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=separator[1] if separator else _separator(text), strict=True
    )
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            if any(record):
                cells = ((column, _cell(cell)) for column, cell in enumerate(record, 1) if cell)
                yield number, {column: cell for column, cell in cells if cell}
    except csv.Error:
        yield number + 1, {0: Flaw("quotes")}


def _separator(text: str) -> str:
    """What parts the headers: a tab or a semicolon where there is any, since both are rare in headers."""
    headers = re.sub(r'"[^"]*"', "", text.lstrip("\r\n")).lstrip("\r\n")
    first, _, _ = headers.replace("\r", "\n").partition("\n")
    return next((separator for separator in "\t;" if separator in first), ",")


def _csv_files_of(archive: zipfile.ZipFile) -> Tables:
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and not entry.filename.startswith("__MACOSX/")
        and not posixpath.basename(entry.filename).startswith(".")
    ]
    if not entries or not all(entry.filename.lower().endswith(".csv") for entry in entries):
        raise Refused("other_zip")
    names = [unicodedata.normalize("NFC", posixpath.basename(_file_name(entry))[:-4]) for entry in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("double_files")
    for name, entry in zip(names, entries, strict=True):
        content = archive.read(entry)
        if content.strip(b"\r\n\xef\xbb\xbf "):
            yield name, _csv_rows(_text(content)), True


def _file_name(entry: zipfile.ZipInfo) -> str:
    """Macs write names in UTF-8 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename


# XLSX

_MERGED = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})")
_NUMBER = re.compile(r"\s*[+-]?(\d{1,400}(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?\s*")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSEEN_IN_FORMATS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_PLAIN, _PERCENT, _DATE, _TIME, _MOMENT = "plain", "percent", "date", "time", "moment"
_BUILT_IN = (
    dict.fromkeys((9, 10), _PERCENT)
    | dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), _DATE)
    | dict.fromkeys((*range(18, 22), *range(32, 36), *range(45, 48)), _TIME)
    | {22: _MOMENT}
)
"""How numbers in Excel's own formats are shown, which files name by number alone."""


class Workbook(NamedTuple):
    strings: list[Cell]
    looks: list[str]
    """How a number is shown, by its style: one of the words above, or as many zeros as it is filled to."""
    epoch: datetime


def _sheets_of(archive: zipfile.ZipFile) -> Tables:
    """The sheets, hidden ones too, but for those that are a program's own: _named so or beyond unhiding."""
    main = dict(_related(archive, "").values())["officeDocument"]
    root, related = _xml(archive, main), _related(archive, main)
    by_kind = dict(related.values())
    workbook = Workbook(
        _strings(archive, by_kind["sharedStrings"]) if "sharedStrings" in by_kind else [],
        _looks(archive, by_kind["styles"]) if "styles" in by_kind else [_PLAIN],
        datetime(1904, 1, 1)  # noqa: DTZ001 - Excel's moments are of no zone
        if any(each.get("date1904") in ("1", "true") for each in root.iter() if _name(each) == "workbookPr")
        else datetime(1899, 12, 30),  # noqa: DTZ001
    )
    seen = set()
    for sheet in [each for each in root.iter() if _name(each) == "sheet"]:
        name = unicodedata.normalize("NFC", sheet.attrib["name"])
        [identifier] = [value for key, value in sheet.attrib.items() if key.endswith("}id")]
        kind, target = related[identifier]
        if name.casefold() in seen or target in seen:
            raise Refused("damaged")
        seen |= {name.casefold(), target}
        if kind == "worksheet" and not name.startswith("_") and sheet.get("state") != "veryHidden":
            yield name, _xlsx_rows(archive, target, workbook), False


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The kind and the name of each part that the part leads to, by identifier."""
    folder, base = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{base}.rels")
    if path not in archive.namelist():
        return {}
    return {
        each.attrib["Id"]: (
            posixpath.basename(each.attrib["Type"]),
            posixpath.normpath(posixpath.join("/", folder, each.attrib["Target"])).lstrip("/"),
        )
        for each in _xml(archive, path)
        if each.get("TargetMode") != "External"
    }


def _xml(archive: zipfile.ZipFile, path: str) -> Any:
    return ElementTree.parse(_without_doctype(archive, path)).getroot()  # noqa: S314 # nosec B314


def _ended(archive: zipfile.ZipFile, path: str) -> Iterator[Any]:
    """The part's elements, as they end."""
    content = _without_doctype(archive, path)
    return (element for _, element in ElementTree.iterparse(content, ("end",)))  # noqa: S314 # nosec B314


def _without_doctype(archive: zipfile.ZipFile, path: str) -> BytesIO:
    """The part, refused if it declares entities or the like: that can only stand before the first element."""
    content = archive.read(path)
    parser = expat.ParserCreate()

    def refuse(*_said: object) -> None:
        raise Refused("damaged")

    def stop(*_said: object) -> None:
        parser.StartElementHandler = parser.StartDoctypeDeclHandler = None
        raise StopIteration

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
    with suppress(StopIteration):
        parser.Parse(content, True)
    return BytesIO(content)


def _name(element: Any) -> str:
    """An element's name without its namespace, of which there are two for the same thing."""
    return element.tag.rpartition("}")[2]


def _strings(archive: zipfile.ZipFile, path: str) -> list[Cell]:
    strings = []
    for element in _ended(archive, path):
        if _name(element) == "si":
            strings.append(_cell(_written_in(element)))
            element.clear()
    return strings


def _written_in(element: Any) -> str:
    """The text of a string in one or more pieces, without how it is pronounced."""
    pieces = []
    for child in element:
        if _name(child) == "t":
            pieces.append(child.text or "")
        elif _name(child) == "r":
            pieces += [each.text or "" for each in child if _name(each) == "t"]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _looks(archive: zipfile.ZipFile, path: str) -> list[str]:
    root = _xml(archive, path)
    codes = {
        each.get("numFmtId"): each.get("formatCode", "") for each in root.iter() if _name(each) == "numFmt"
    }
    styles = [style for each in root if _name(each) == "cellXfs" for style in each if _name(style) == "xf"]
    return [_look(style.get("numFmtId", "0"), codes) for style in styles]


def _look(number: str, codes: dict[str, str]) -> str:
    """How numbers are shown that have this format, which the file describes or Excel knows."""
    if number not in codes:
        return _BUILT_IN.get(int(number), _PLAIN)
    code = _UNSEEN_IN_FORMATS.sub("", codes[number].split(";")[0]).lower()
    if code.strip("0") == "" and code:
        return code
    if "%" in code:
        return _PERCENT
    if code.strip() == "general" or not re.search("[dmyhs]", code):
        return _PLAIN
    has_day, has_time = bool(re.search("[dy]", code)), bool(re.search("[hs]", code))
    return _MOMENT if has_day and has_time else _TIME if has_time else _DATE


def _xlsx_rows(archive: zipfile.ZipFile, path: str, workbook: Workbook) -> list[Row]:
    """What the sheet's rows hold, whatever the file says of how many they are."""
    rows: list[Row] = []
    merged: list[str] = []
    last = first = 0
    for element in _ended(archive, path):
        if element.tag.endswith("}row"):
            last = _number_of(element, last)
            cells = _cells(element, last, workbook)
            element.clear()
            if cells:
                rows.append((last, cells))
                first = first or last
                if last - first > ROWS:
                    return rows
        elif element.tag.endswith("}mergeCell"):
            merged.append(element.get("ref", ""))
    return _without_covered(rows, merged)


def _number_of(row: Any, last: int) -> int:
    number = int(row.get("r", last + 1))
    if not last < number <= _LAST_ROW:
        raise Refused("damaged")
    return number


def _cells(row: Any, number: int, workbook: Workbook) -> dict[int, Cell]:
    """The cells that hold something, by column."""
    cells = {}
    last = 0
    for element in row:
        place = element.get("r")
        column = last + 1 if place is None else _column(place, str(number))
        if not last < column <= _LAST_COLUMN:
            raise Refused("damaged")
        last = column
        if len(element):
            value = _value(element, workbook)
            if value:
                cells[column] = value
    return cells


def _column(place: str, row: str) -> int:
    name = place.removesuffix(row)
    if not (place.endswith(row) and name.isascii() and name.isalpha() and name.isupper() and len(name) < 4):
        raise Refused("damaged")
    return _column_number(name)


@cache
def _column_number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def _without_covered(rows: list[Row], merged: list[str]) -> list[Row]:
    """The rows without what merged cells cover, which nobody sees."""
    by_number = dict(rows)
    for reference in merged:
        match = _MERGED.fullmatch(reference)
        if not match:
            raise Refused("damaged")
        left, right = _column_number(match[1]), _column_number(match[3])
        first, last = int(match[2]), int(match[4])
        numbers = range(first, last + 1) if last - first < len(rows) else list(by_number)
        for number in [each for each in numbers if first <= each <= last and each in by_number]:
            for column in [each for each in by_number[number] if left <= each <= right]:
                if (number, column) != (first, left):
                    del by_number[number][column]
    return rows


def _value(cell: Any, workbook: Workbook) -> Cell:
    """A cell as the text that whoever looks at it reads, with figures and dates as computers write them."""
    kind, written = cell.get("t", "n"), ""
    for part in cell:
        name = _name(part)
        if name == "f":
            return Flaw("formula")
        if name == "v":
            written = part.text or ""
        elif name == "is" and kind == "inlineStr":
            return _cell(_written_in(part))
    if kind == "e":
        return Flaw("error")
    if kind == "str":
        return _cell(_unescaped(written))
    written = written.strip()
    if not written:
        return ""
    try:
        return _VALUES[kind](written, cell, workbook)
    except (ArithmeticError, LookupError, ValueError):
        return Flaw("unreadable")


def _shared(written: str, _cell_element: Any, workbook: Workbook) -> Cell:
    if not written.isdecimal():
        return Flaw("unreadable")
    return workbook.strings[int(written)]


def _boolean(written: str, *_rest: Any) -> Cell:
    return {"1": "ja", "true": "ja", "0": "nej", "false": "nej"}[written]


def _iso_date(written: str, *_rest: Any) -> Cell:
    return _moment(datetime.fromisoformat(written.removesuffix("Z")))


def _number(written: str, cell: Any, workbook: Workbook) -> Cell:
    if not _NUMBER.fullmatch(written):
        return Flaw("unreadable")
    style = int(cell.get("s", 0))
    if style < 0:
        return Flaw("unreadable")
    look = workbook.looks[style]
    value = _exact(written)
    if look == _PLAIN:
        return _plainly(value)
    if look == _PERCENT:
        return f"{_plainly(value.scaleb(2))} %"
    if look == _TIME:
        seconds = round(value * 86_400)
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours:02}:{minutes:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    if look in (_DATE, _MOMENT):
        return _moment(_on_the_calendar(value, workbook.epoch))
    if value == value.to_integral_value():
        return f"{int(value):0{len(look)}}"
    return _plainly(value)


def _exact(written: str) -> Decimal:
    """A number in the 15 figures that Excel shows at most; a whole one in all that it is written with."""
    if written.lstrip("+-").isdecimal():
        return Decimal(written)
    value = float(written)
    if value in (float("inf"), float("-inf")):
        raise ValueError(written)
    return Decimal(f"{value:.15g}")


def _plainly(value: Decimal) -> str:
    """Without exponent and needless zeros: "75", "0.00001"."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _on_the_calendar(value: Decimal, epoch: datetime) -> datetime:
    """The moment of so many days, to the second. Excel believes that there was a 29 February in 1900."""
    if value < 0:
        raise ValueError(value)
    if epoch.year < 1900 and value < 60:
        value += 1
    return epoch + timedelta(seconds=round(value * 86_400))


def _moment(moment: datetime) -> str:
    """A day, or a day and a time where there is one."""
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat(" ")


_VALUES = {"s": _shared, "b": _boolean, "d": _iso_date, "n": _number}


if __name__ == "__main__":
    main()
