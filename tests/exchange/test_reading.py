"""What is read of the files that people have, and what is said of those that can't be read."""

from __future__ import annotations

import ast
import subprocess
import zipfile
from pathlib import Path

import pytest

from exchange import reader, reading
from exchange.books import Line
from exchange.reading import SENTENCES, Unreadable, read
from exchange.telling import Fault
from tests.exchange.workbooks import MAIN, parts_of, relations, sheet, texts, zipped

HEAD = texts(1, "Namn", "Värde")


def lines(content: bytes, name: str = "prov.xlsx") -> list[tuple[str, ...]]:
    """The cells of the first sheet's lines."""
    return [line.cells for line in read(content, name).sheets[0].lines]


def faults(content: bytes, name: str = "prov.xlsx") -> list[tuple[str, int, str, str]]:
    """What is wrong with a file, by the word for it."""
    words = {str(sentence): word for word, sentence in SENTENCES.items()}
    with pytest.raises(Unreadable) as refusal:
        read(content, name)
    return [(fault.sheet, fault.row, fault.column, words[fault.says]) for fault in refusal.value.faults]


def refused(content: bytes, name: str = "prov.xlsx") -> str:
    """The word for why the whole file is refused."""
    [(sheet, row, column, word)] = faults(content, name)
    assert (sheet, row, column) == ("", 0, "")
    return word


def cell(inside: str) -> str:
    """What becomes of a cell of a workbook."""
    [(value,)] = lines(sheet(texts(1, "Värde") + f'<row r="2">{inside}</row>'))
    return value


# What a file is, its bytes tell


def test_a_workbook_is_read_with_its_rows_numbers():
    [found] = read(sheet(HEAD + texts(3, "Örebro", "75") + texts(7, "", "Å") + texts(9, " ")), "x").sheets

    assert found.name == "Blad1"
    assert found.headers == ("Namn", "Värde")
    assert found.lines == (Line(3, ("Örebro", "75")), Line(7, ("", "Å")))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"%PDF-1.7\n", "pdf"),
        (b"<!DOCTYPE html><table>", "web"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "web"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_text"),
        (b"PK\x03\x04 and no more", "damaged"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
            "open_document",
        ),
        (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "other"),
        (zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "binary_excel"),
        (zipped({"[Content_Types].xml": "<Types/>"}), "damaged"),
        (zipped(parts_of({"Blad1": HEAD}) | {"xl/vbaProject.bin": b"\0"}), "macros"),
        (zipped(parts_of({"Blad1": ""})), "empty"),
        (zipped({"bild.png": b"\x89PNG"}), "other_zip"),
        (zipped({}), "other_zip"),
        (zipped({"a/mål.csv": "a", "b/Mål.csv": "a"}), "double_files"),
        (zipped({"mål.csv": "a"}, zipfile.ZIP_LZMA), "packing"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence_of_its_own(content, word):
    assert refused(content) == word


def test_the_name_does_not_decide_what_a_file_is():
    assert lines(sheet(HEAD + texts(2, "a", "b")), "prov.csv") == [("a", "b")]
    assert lines(b"Namn;V\xc3\xa4rde\na;b", "prov.xlsx") == [("a", "b")]


def test_sheets_that_only_programs_see_are_left_out_and_other_hidden_ones_are_read():
    parts = parts_of({"Ett": HEAD, "_Listor": HEAD, "Gömt": HEAD, "Djupt gömt": HEAD, "Tomt": ""})
    workbook = str(parts["xl/workbook.xml"])
    workbook = workbook.replace('name="Gömt"', 'name="Gömt" state="hidden"')
    parts["xl/workbook.xml"] = workbook.replace('name="Djupt gömt"', 'name="Djupt gömt" state="veryHidden"')

    assert [each.name for each in read(zipped(parts), "x").sheets] == ["Ett", "Gömt"]


def test_every_word_of_the_reader_has_a_sentence_and_no_sentence_is_left_over():
    tree = ast.parse(Path(reader.__file__).read_text())
    strings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert SENTENCES.keys() - strings == {"slow"}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Refused", "Flaw")
        ):
            assert {
                each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)
            } <= SENTENCES.keys()


# What cells become


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<c><v>75</v></c>", "75"),
        ("<c><v>75.0</v></c>", "75"),
        ("<c><v>7.5E1</v></c>", "75"),
        ("<c><v>57.895052290000002</v></c>", "57.89505229"),
        ("<c><v>0.30000000000000004</v></c>", "0.3"),
        ("<c><v>1.0000000000000001E-5</v></c>", "0.00001"),
        ("<c><v>-0</v></c>", "0"),
        ("<c><v>12345678901234567890</v></c>", "12345678901234567890"),
        ('<c s="6"><v>3.5</v></c>', "3.5"),
        ('<c s="7"><v>1200</v></c>', "1200"),
        ('<c s="1"><v>0.12</v></c>', "12 %"),
        ('<c s="1"><v>7.0000000000000007E-2</v></c>', "7 %"),
        ('<c s="5"><v>381</v></c>', "0381"),
        ('<c s="2"><v>46348</v></c>', "2026-11-22"),
        ('<c s="2"><v>1</v></c>', "1900-01-01"),
        ('<c s="3"><v>46348.5</v></c>', "2026-11-22 12:00:00"),
        ('<c s="3"><v>46348</v></c>', "2026-11-22"),
        ('<c s="4"><v>0.35416666666666669</v></c>', "08:30"),
        ('<c t="d"><v>2026-11-22T00:00:00</v></c>', "2026-11-22"),
        ('<c t="b"><v>1</v></c>', "ja"),
        ('<c t="b"><v>0</v></c>', "nej"),
        ('<c t="inlineStr"><is><t>=SUMMA(A1)</t></is></c>', "=SUMMA(A1)"),
        ('<c t="str"><v>text</v></c>', "text"),
        ('<c t="inlineStr"><is><t>a_x000D_\nb</t></is></c>', "a\nb"),
        ('<c t="inlineStr"><is><t>_x005F_x0041_</t></is></c>', "_x0041_"),
        ('<c t="inlineStr"><is><t>A\u030a</t></is></c>', "Å"),
        (
            '<c t="inlineStr"><is><r><t>Han </t></r><r><rPr/><t>sa</t></r><rPh><t>x</t></rPh></is></c>',
            "Han sa",
        ),
    ],
)
def test_cells_become_the_text_that_is_seen_with_figures_as_computers_write_them(inside, text):
    assert cell(inside) == text


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    parts = parts_of({"Blad1": texts(1, "Dag") + '<row r="2"><c s="2"><v>44886</v></c></row>'})
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )

    assert lines(zipped(parts)) == [("2026-11-22",)]


@pytest.mark.parametrize(
    ("inside", "word"),
    [
        ("<c><f>A1+1</f><v>2</v></c>", "formula"),
        ('<c t="shared"><f t="shared" si="0"/></c>', "formula"),
        ('<c t="e"><v>#REF!</v></c>', "error"),
        ('<c t="s"><v>7</v></c>', "unreadable"),
        ('<c t="s"><v>-1</v></c>', "unreadable"),
        ('<c t="b"><v>2</v></c>', "unreadable"),
        ('<c t="okänd"><v>2</v></c>', "unreadable"),
        ('<c s="99"><v>2</v></c>', "unreadable"),
        ('<c s="-1"><v>2</v></c>', "unreadable"),
        ('<c t="d"><v>i går</v></c>', "unreadable"),
        ('<c s="2"><v>-3</v></c>', "unreadable"),
        ('<c s="2"><v>1e300</v></c>', "unreadable"),
        ("<c><v>nan</v></c>", "unreadable"),
        ("<c><v>inf</v></c>", "unreadable"),
        ("<c><v>1e400</v></c>", "unreadable"),
        ("<c><v>1_000</v></c>", "unreadable"),
        ("<c><v>" + "9" * 5000 + "</v></c>", "unreadable"),
        ('<c t="inlineStr"><is><t>a_x000B_b</t></is></c>', "control"),
        ('<c t="inlineStr"><is><t>a_xD83D_b</t></is></c>', "control"),
        ('<c t="inlineStr"><is><t>a&#x85;b</t></is></c>', "control"),
        (f'<c t="inlineStr"><is><t>{"å" * 32_768}</t></is></c>', "long"),
    ],
)
def test_a_cell_that_is_wrong_is_told_by_its_place(inside, word):
    assert faults(sheet(HEAD + f'<row r="4"><c/>{inside}</row>')) == [("Blad1", 4, "Värde", word)]


def test_everything_that_is_wrong_is_told_at_once():
    first = HEAD + '<row r="2"><c><f>1</f></c><c t="e"><v>#N/A</v></c></row>'
    second = texts(1, "A", "a ") + texts(2, "", "", "lös")

    assert faults(zipped(parts_of({"Ett": first, "Två": second}))) == [
        ("Ett", 2, "Namn", "formula"),
        ("Ett", 2, "Värde", "error"),
        ("Två", 1, "a", "double_header"),
        ("Två", 2, "C", "no_header"),
    ]


def test_when_too_much_is_wrong_it_is_said_that_there_is_more():
    rows = "".join(f'<row r="{number}"><c><f>1</f></c></row>' for number in range(2, 500))

    found = faults(sheet(HEAD + rows))

    assert len(found) == reader.FAULTS + 1
    assert found[-1] == ("", 0, "", "more")


def test_a_fault_tells_of_itself_as_it_is_raised():
    with pytest.raises(Unreadable, match=r"Klistra in värdet") as refusal:
        read(sheet(HEAD + '<row r="2"><c><f>1</f></c></row>'), "x")

    assert (refusal.value.sheet, refusal.value.row, refusal.value.column) == ("Blad1", 2, "Namn")
    assert isinstance(refusal.value.faults[0], Fault)


# The form of a sheet


def test_wrong_dimensions_take_no_rows_away():
    parts = parts_of({"Blad1": HEAD + "".join(texts(number, "a", "b") for number in range(2, 102))})
    path = "xl/worksheets/sheet1.xml"
    for wrong in ("A1:A1", "A1", "XFD1048576", "inget"):
        damaged = str(parts[path]).replace("<sheetData>", f'<dimension ref="{wrong}"/><sheetData>')

        assert len(lines(zipped(parts | {path: damaged}))) == 100


def test_cells_far_away_are_refused_and_empty_ones_cost_nothing():
    far_down = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    far_right = '<row r="2"><c r="XFD2"><v>1</v></c></row>'
    formatted = "".join(
        f'<row r="{number}" s="1"><c r="XFD{number}" s="1"/></row>' for number in range(2, 20_002)
    )

    assert faults(sheet(HEAD + far_down)) == [("Blad1", 1048576, "", "many_rows")]
    assert faults(sheet(HEAD + far_right)) == [("Blad1", 2, "XFD", "many_columns")]
    assert lines(sheet(HEAD + formatted)) == []


def test_so_many_rows_and_columns_are_read():
    names = [f"k{number}" for number in range(60)]
    rows = [f'<row r="{number}"><c r="BH{number}"><v>1</v></c></row>' for number in range(2, 5_003)]

    assert len(lines(sheet(texts(1, *names) + "".join(rows[:-1])))) == 5_000
    assert faults(sheet(texts(1, *names) + "".join(rows))) == [("Blad1", 5_002, "", "many_rows")]
    assert faults(sheet(texts(1, *names, "k60"))) == [("Blad1", 1, "BI", "many_columns")]


def test_of_merged_cells_only_the_first_is_seen():
    parts = parts_of({"Blad1": HEAD + texts(2, "a", "b") + texts(3, "c", "d")})
    path = "xl/worksheets/sheet1.xml"
    merged = '</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B1:XFD1"/></mergeCells>'
    parts[path] = str(parts[path]).replace("</sheetData>", merged)

    assert lines(zipped(parts)) == [("a", "b"), ("", "d")]


def test_empty_columns_are_left_out_and_rows_above_the_headers_may_be_empty():
    [found] = read(sheet(texts(4, "A", "", "B", "") + texts(5, "1", "", "2", "")), "x").sheets

    assert (found.headers, found.lines) == (("A", "B"), (Line(5, ("1", "2")),))


@pytest.mark.parametrize(
    "rows",
    [
        texts(2, "a") + texts(1, "b"),
        texts(1, "a") + texts(1, "b"),
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="första"><c><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        "<row>",
    ],
)
def test_rows_and_cells_that_stand_in_two_places_or_none_are_refused(rows):
    assert refused(sheet(rows)) == "damaged"


# What is made to hurt


def with_doctype(doctype: str, text: str = "&a;") -> bytes:
    parts = parts_of({"Blad1": ""})
    inside = f'<worksheet xmlns="{MAIN}"><sheetData>{texts(1, text)}</sheetData></worksheet>'
    return zipped(
        parts | {"xl/worksheets/sheet1.xml": f"<?xml version='1.0'?><!DOCTYPE worksheet {doctype}>{inside}"}
    )


@pytest.mark.parametrize(
    "doctype",
    [
        '[<!ENTITY a "a">]',
        '[<!ENTITY a SYSTEM "file:///etc/passwd">]',
        'SYSTEM "http://127.0.0.1/a.dtd"',
        "["
        + '<!ENTITY a0 "ha">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        + "]",
    ],
)
def test_entities_are_refused(doctype):
    assert refused(with_doctype(doctype)) == "damaged"
    assert refused(with_doctype(doctype, "text")) == "damaged"


@pytest.mark.parametrize(
    "parts",
    [
        {f"xl/media/{number}": b"" for number in range(1_001)},
        {"xl/media/1": bytes(2_000_000)},
        {"xl/worksheets/sheet1.xml": b" " * 51_000_000},
    ],
)
def test_bombs_are_refused_before_they_are_unpacked(parts):
    assert refused(zipped(parts_of({"Blad1": HEAD}) | parts)) == "large"


@pytest.mark.parametrize("word", ["a", "<row>" * 2_000_000, "<row/>" * 3_000_000])
def test_xml_that_is_deep_or_wide_takes_no_more_than_it_may(word):
    content = zipped(parts_of({"Blad1": word}), zipfile.ZIP_STORED)[: reading.LARGEST]

    assert refused(content) in ("damaged", "large", "slow", "empty")


def test_a_file_that_is_too_large_is_not_read():
    assert refused(b"a" * (reading.LARGEST + 1)) == "large"


def test_texts_that_are_told_of_a_thousand_times_are_not_handed_on():
    rows = "".join(f'<row r="{number}"><c t="s"><v>0</v></c></row>' for number in range(1, 4_000))

    assert refused(sheet(rows, [f"<t>{'å' * 30_000}</t>"])) == "large"


def test_links_to_other_workbooks_lead_nowhere():
    parts = parts_of({"Blad1": HEAD})
    parts["xl/_rels/workbook.xml.rels"] = relations({"rId1": ("worksheet", "../../../etc/passwd")})

    assert refused(zipped(parts)) == "damaged"


def test_a_locked_zip_is_refused():
    content = bytearray(zipped({"a.csv": "a"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert refused(bytes(content)) == "locked"


@pytest.mark.usefixtures("started_anew")
@pytest.mark.parametrize(
    ("deed", "word"),
    [
        ("while True: pass", "slow"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "slow"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "damaged"),
        ("sys.exit(1)", "damaged"),
    ],
)
def test_whatever_the_reader_dies_of_is_a_sentence(monkeypatch, tmp_path, deed, word):
    program = tmp_path / "reader.py"
    program.write_text(f"import os, signal, sys\nsys.stdin.buffer.read()\n{deed}")
    monkeypatch.setattr(reading, "PATIENCE", 1)
    monkeypatch.setattr(reading, "_READER", program)

    assert refused(b"a;b") == word


@pytest.mark.usefixtures("started_anew")
def test_a_file_is_read_as_in_production():
    assert lines(sheet(HEAD + texts(2, "Å", "1"))) == [("Å", "1")]
    assert lines("Namn;Värde\nÅ;1".encode("cp1252")) == [("Å", "1")]


@pytest.mark.parametrize(
    "deed", ["open('/etc/passwd')", "socket.socket()", "os.system('true')", "os.listdir('/')"]
)
def test_the_reader_reaches_nothing(deed):
    program = (
        "import os, socket, sys; from exchange import reader;"
        f"sys.addaudithook(reader._refuse_all_but_reading); {deed}"
    )
    child = subprocess.run(["python3", "-c", program], capture_output=True, check=False, text=True)

    assert "PermissionError: A file may not cause" in child.stderr


# CSV


@pytest.mark.parametrize(
    "content",
    [
        "Namn;Värde\r\nÅsa;1\r\n".encode(),
        "Namn,Värde\nÅsa,1".encode(),
        "Namn\tVärde\rÅsa\t1\r".encode(),
        "sep=;\r\nNamn;Värde\r\nÅsa;1".encode(),
        "\ufeffNamn;Värde\nÅsa;1\n\n;\n".encode(),
        "Namn;Värde\nÅsa;1".encode("utf-16"),
        "\ufeffNamn;Värde\nÅsa;1".encode("utf-16-be"),
        "Namn;Värde\nÅsa;1".encode("cp1252"),
        '"Namn";" Värde "\n"Åsa";"1";;'.encode(),
    ],
)
def test_csv_is_read_as_the_programs_write_it(content):
    [found] = read(content, r"C:\Mina filer\Mål 2026.csv").sheets

    assert found.name == "Mål 2026"
    assert found.headers == ("Namn", "Värde")
    assert found.lines == (Line(2, ("Åsa", "1")),)


def test_records_are_numbered_as_excel_shows_them_and_short_ones_are_filled():
    content = 'Namn;Text\n\n"a";"två\r\nrader; och ""citat"""\nb\n'

    assert read(content.encode(), "x.csv").sheets[0].lines == (
        Line(3, ("a", 'två\nrader; och "citat"')),
        Line(4, ("b", "")),
    )


def test_a_header_with_a_comma_does_not_hide_the_semicolons():
    assert read("År;Andel, avrundad, procent\n2016;3,5".encode(), "x").sheets[0].headers == (
        "År",
        "Andel, avrundad, procent",
    )


def test_a_text_that_was_kept_from_being_a_formula_is_itself_again():
    assert lines(b"Namn;Text\n'=1;'citat'\n'-;''+1") == [("=1", "'citat'"), ("-", "'+1")]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"Namn;V\xe4rde\nA\xc3\xa5sa;1", "not_text"),
        (b"Namn;V\xe4rde\x81", "not_text"),
        ("Namn;Mål".encode("cp850"), "not_text"),
        ("Namn;Länk".encode("mac-roman"), "not_text"),
        (b"Namn;V\0", "not_text"),
        ("Namn;Värde".encode("utf-16-le"), "not_text"),
        (b"\xff\xfeN\x00a\x00m", "not_text"),
    ],
)
def test_text_in_broken_encodings_is_refused(content, word):
    assert refused(content) == word


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'Namn;Text\na;"b\nc;d\n', (2, "", "quotes")),
        (b'Namn;Text\na;"b"c\n', (2, "", "quotes")),
        (b"Namn;Text\na;b;c", (2, "", "extra_cells")),
        (b"Namn;;Text\na;b;c", (2, "B", "no_header")),
        (b"Namn;namn \na;b", (1, "namn", "double_header")),
        (b"Namn;Text\na;b\x0bc", (2, "Text", "control")),
        (b"Namn;Text\na;" + b"b" * 32_768, (2, "Text", "long")),
    ],
)
def test_what_is_wrong_in_csv_is_told_by_its_place(content, where):
    assert faults(content, "mål.csv") == [("mål", *where)]


def test_a_zip_of_csv_files_is_a_book():
    files: dict[str, str | bytes] = {
        "__MACOSX/._Mål.csv": b"\0\1",
        "export/": b"",
        "export/Mål.csv": "År;Värde\n2016;75",
        "Åtgärder.csv": "Namn\na",
        "Tom.csv": "\n",
    }

    book = read(zipped(files), "allt.zip")

    assert [(each.name, each.headers) for each in book.sheets] == [
        ("Mål", ("År", "Värde")),
        ("Åtgärder", ("Namn",)),
    ]


def test_what_is_wrong_in_a_zip_names_the_file():
    assert faults(zipped({"Mål.csv": "a;A\n1;2"})) == [("Mål", 1, "A", "double_header")]
