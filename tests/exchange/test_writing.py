"""What is written can be opened by anyone, never runs, and is read back as it was."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from exchange import reader, writing
from exchange.reading import read
from exchange.writing import ColumnLook, Table, as_text, csv_file, xlsx, zip_of_csv

NAMES = ColumnLook("Namn", help="Vad det heter.")
VALUES = ColumnLook("Värde", is_text=False)
STATUSES = ColumnLook("Status", choices=("Klar", "Pågår, snart klar"))
TEXTS = ColumnLook("Text", is_long=True)


def table(*rows, name="Mål", columns=(NAMES, VALUES)):
    return Table(name, columns, rows)


def written(content: bytes):
    """The workbook as another program reads it."""
    return load_workbook(BytesIO(content))


def cells(content: bytes, name: str) -> list[list[tuple[str, ...]]]:
    """All that is read of a file, headers too."""
    return [[sheet.headers, *(line.cells for line in sheet.lines)] for sheet in read(content, name).sheets]


def seen(text: str) -> str:
    """A text as files keep it."""
    found = reader._cell(text)
    assert isinstance(found, str)
    return found


LEGIBLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t=+-@'\";_x0D"),
    max_size=30,
)
KEPT = (
    LEGIBLE
    | st.sampled_from(
        ["=1+1", "'=1", "''", "_x000D_", "_x005F_x0041_", "#REF!", "TRUE", "2026-11-22", "１", "＝1"]
    )
    | st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9)
    | st.dates(date(1900, 1, 1), date(9999, 12, 31))
    | st.booleans()
    | st.none()
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(KEPT, min_size=3, max_size=3), min_size=1, max_size=12))
@example([["", "", "\n"]])
def test_what_is_written_is_read_back(rows):
    tables = [table(*rows, columns=(NAMES, VALUES, TEXTS)), table(["a", 1], name="Åtgärder")]
    for content, point in ((xlsx(tables), "."), (zip_of_csv(tables), ",")):
        told = [tuple(seen(as_text(cell, point)) for cell in row) for row in rows]
        told = [row for row in told if any(row)]
        assert cells(content, "prov") == [
            [("Namn", "Värde", "Text"), *told],
            [("Namn", "Värde"), ("a", "1")],
        ]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(KEPT, min_size=2, max_size=2), min_size=1, max_size=12))
def test_another_program_reads_the_same_of_a_workbook(rows):
    sheet = written(xlsx([table(*rows)])).active

    for row, read_row in zip(rows, sheet.iter_rows(min_row=2, max_row=len(rows) + 1), strict=True):
        for cell, found in zip(row, read_row, strict=True):
            if isinstance(cell, str) and cell:
                assert found.data_type == "s"
                assert reader._unescaped(found.value) == cell


@pytest.mark.parametrize(
    "trap", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=HYPERLINK(1)", "#REF!", "{=1}"]
)
def test_a_text_is_never_a_formula(trap):
    [[_head], [cell]] = written(xlsx([table([trap], columns=(NAMES,))])).active.iter_rows()

    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", trap, True)
    assert b"<f>" not in sheet_xml(xlsx([table([trap], columns=(NAMES,))]))


def sheet_xml(content: bytes) -> bytes:
    return zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_numbers_are_numbers_unless_excel_would_lose_figures():
    rows = [
        [Decimal("57.89505229")],
        [2016],
        [Decimal("75.00")],
        [1234567890123456],
        [Decimal("0.1234567890123456")],
    ]

    [[_head], *found] = written(xlsx([table(*rows, columns=(VALUES,))])).active.iter_rows(values_only=True)

    assert found == [(57.89505229,), (2016,), (75,), ("1234567890123456",), ("0.1234567890123456",)]


def test_days_and_yes_and_no_are_written_as_people_read_them():
    [_head, [day, answer]] = written(xlsx([table([date(2026, 11, 22), True])])).active.iter_rows()

    assert (day.is_date, day.number_format, answer.value) == (True, "yyyy-mm-dd", "ja")


def test_the_headers_stay_in_view_and_help_whoever_fills_the_table_in():
    book = written(
        xlsx([table(["a", "Klar"], columns=(NAMES, STATUSES)), table(columns=(STATUSES,), name="Fler")])
    )
    sheet = book["Mål"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")
    assert sheet["A1"].font.bold
    helped, offered = sheet.data_validations.dataValidation
    assert (helped.promptTitle, helped.prompt, str(helped.sqref)) == ("Namn", "Vad det heter.", "A2:A5001")
    assert (offered.type, offered.formula1) == ("list", "'_listor'!$A$1:$A$2")
    assert book["_listor"].sheet_state == "veryHidden"
    assert [row[0] for row in book["_listor"].values] == ["Klar", "Pågår, snart klar"]
    assert [found[0] for found in cells(xlsx([table(["a", "Klar"], columns=(NAMES, STATUSES))]), "x")] == [
        ("Namn", "Status")
    ]


def test_long_texts_are_wrapped_and_codes_keep_their_zeros_when_they_are_typed():
    sheet = written(xlsx([table(["0381", "a\nb"], columns=(NAMES, TEXTS))])).active

    assert sheet["B2"].alignment.wrap_text
    assert sheet.column_dimensions["B"].width == writing.LONG
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet["A2"].value == "0381"


def test_a_help_or_a_text_that_excel_cannot_show_is_refused():
    with pytest.raises(ValueError, match="longer than 255"):
        xlsx([table(columns=(ColumnLook("A", help="å" * 256),))])
    with pytest.raises(ValueError, match="longer than Excel"):
        xlsx([table(["å" * 32_768, ""])])


def test_the_same_tables_give_the_same_bytes_and_tell_nobody_when(monkeypatch):
    tables = [table(["a", 1], columns=(NAMES, STATUSES))]
    before = xlsx(tables, "Plan"), zip_of_csv(tables)
    monkeypatch.setattr("time.localtime", lambda *_at: (2031, 1, 1, 0, 0, 0, 0, 1, 0))

    assert (xlsx(tables, "Plan"), zip_of_csv(tables)) == before
    with zipfile.ZipFile(BytesIO(before[0])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"1980-01-01T00:00:00Z"}
    assert "<dc:creator />" in core
    assert b"openpyxl" not in everything


def test_csv_is_as_excel_reads_it_here():
    assert csv_file(table(["Å; ä", Decimal("3.50")], ["=1", True])) == (
        '\ufeffNamn;Värde\r\n"Å; ä";3,5\r\n\'=1;ja\r\n'.encode()
    )
