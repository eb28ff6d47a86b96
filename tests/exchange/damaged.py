"""Files that are broken or made to hurt: XLSX, CSV and fixtures in JSON, each made again by its number.

`damaged_files("xlsx", 100)` gives a hundred of them, in turn of every sort that there is of the kind.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from random import Random
from typing import Any, NamedTuple

from django.conf import settings

from exchange.books import Book
from exchange.reading import read
from exchange.writing import Cell, ColumnLook, Table, as_text, csv_file, xlsx, zip_of_csv
from publishing import tables as open_data
from tests.exchange.workbooks import parts_of, texts, worksheet, zipped


class Damaged(NamedTuple):
    """A file, and what was done to it."""

    number: int
    how: str
    name: str
    content: bytes

    def __str__(self) -> str:
        return f"{self.name} ({self.how}, {len(self.content)} bytes)"


Good = Sequence[bytes]
"""Files that nothing is wrong with, to begin from."""
Damage = Callable[[Random, Good], bytes]


def damaged_files(kind: str, count: int, good: Good = ()) -> Iterator[Damaged]:
    """So many files of the kind: "xlsx", "csv" or "json". `good`: what they have been, else what is here."""
    return (damaged_file(kind, number, good) for number in range(count))


def damaged_file(kind: str, number: int, good: Good = ()) -> Damaged:
    how = SORTS[kind][number % len(SORTS[kind])]
    content = how(Random(f"{kind} {number}"), good or GOOD[kind]())
    return Damaged(number, how.__name__, f"{kind}-{number}.{kind}", content)


# Good files

NASTY_NUMBERS = (
    "1e308", "-1e308", "1e309", "-1e400", "inf", "-Infinity", "nan", "NaN", "1_000", "0x10", "١٢", "1,5",
    "--1", "1e", ".", "", " ", "1e-400", "9" * 400, "9" * 5_000, "-0", "00012", "1e99999999",
    "1.7976931348623157E+308",
)  # fmt: skip
NASTY_TEXTS = (
    "=1+1", "\u202e", "\ufeff", "\U0001f600" * 9, "å" * 40_000, "<b>", "&amp;", "]]>", "'", '"', "\t",
    "\n" * 9, "%s", "A\u030a" * 99, "_x0000_", "_xD800_", "_xFFFF_", "_x005F_", "../../etc/passwd",
    "{{ 7*7 }}", "\u2028",
)  # fmt: skip
CONTROL = "\0\x01\x08\x0b\x0c\x1b\x7f\x85\x9f"


def tables() -> list[Table]:
    look = ColumnLook
    goals: list[list[Cell]] = [
        [
            f"mal-{number}",
            f"Målet är nått; ”{number}”",
            Decimal(number) / 8,
            date(2016, 1, number + 1),
            number % 2 == 0,
        ]
        for number in range(20)
    ]
    columns = (
        look("Nyckel", "Ändra den inte."),
        look("Mål", is_long=True),
        look("Värde", is_text=False),
        look("Dag", is_text=False),
        look("Klar", choices=("ja", "nej")),
    )
    activities: list[list[Cell]] = [
        [f"a-{number}", "Starta ett nätverk\nför företag", "0486"] for number in range(40)
    ]
    return [
        Table("Mål", columns, goals),
        Table("Aktiviteter", (look("Nyckel"), look("Aktivitet"), look("Kommun")), activities),
    ]


@cache
def good_workbooks() -> list[bytes]:
    rows = texts(1, "Namn", "Text") + "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>{number % 3}</v></c><c><v>{number}.5</v></c></row>'
        for number in range(2, 30)
    )
    return [
        xlsx(tables(), "Plan"),
        zipped(parts_of({"Blad1": rows, "Blad2": rows}, ["<t>a</t>", "<t>b</t>", "<r><t>c</t></r>"])),
        zip_of_csv(tables()),
    ]


@cache
def good_csv() -> list[bytes]:
    table = tables()[0]
    text = csv_file(table).decode("utf-8-sig")
    rows = [[as_text(cell) for cell in row] for row in table.rows]
    return [
        csv_file(table),
        open_data.csv_text([column.header for column in table.columns], rows).encode(),
        text.replace(";", "\t").encode("utf-16"),
        text.encode("cp1252"),
        b"sep=;\r\n" + text.encode(),
    ]


@cache
def good_fixtures() -> list[bytes]:
    """A plan, and organisations: as short as they can be, since each is loaded a hundred times."""
    folder = settings.BASE_DIR / "fixtures"
    organisations = json.loads((folder / "organisations.json").read_bytes())
    plan = json.loads((folder / "nki.json").read_bytes())
    return [
        as_json(organisations),
        as_json([*organisations, *plan]),
        as_json([*organisations, *json.loads((folder / "botkyrka.json").read_bytes())[:25]]),
    ]


# Bytes, whatever they mean


def flipped(chance: Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 20, 200])):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut(chance: Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def beheaded(chance: Random, content: bytes) -> bytes:
    return content[chance.randrange(1, len(content)) :]


def repeated(chance: Random, content: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(content)) for _ in range(2))
    return content[:end] + content[start:end] * chance.choice([1, 2, 9]) + content[end:]


def with_noise(chance: Random, content: bytes) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + chance.randbytes(chance.choice([1, 10, 1_000])) + content[place:]


def with_a_hole(chance: Random, content: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(content)) for _ in range(2))
    return content[:start] + bytes(end - start if chance.random() < 0.5 else 0) + content[end:]


def swapped(chance: Random, content: bytes) -> bytes:
    one, two, three = sorted(chance.randrange(len(content)) for _ in range(3))
    return content[:one] + content[two:three] + content[one:two] + content[three:]


IN_BYTES = (flipped, cut, beheaded, repeated, with_noise, with_a_hole, swapped)


def in_bytes(damage: Callable[[Random, bytes], bytes]) -> Damage:
    """One of the damages that bytes can have, done to a good file."""

    def done(chance: Random, good: Good) -> bytes:
        return damage(chance, chance.choice(good))

    done.__name__ = damage.__name__
    return done


def noise(chance: Random, good: Good) -> bytes:
    return chance.choice([b"", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe", b"[", b'"']) + chance.randbytes(
        chance.randrange(9_000)
    )


# Cells


@cache
def tables_in(content: bytes) -> Book:
    return read(content, "Tabell.csv")


def changed(chance: Random, content: bytes) -> list[Table]:
    """The tables of a good file with something else in their cells, rows, columns or names."""
    sheets = [
        (sheet.name, [list(sheet.headers), *(list(line.cells) for line in sheet.lines)])
        for sheet in tables_in(content).sheets
    ]
    for _ in range(chance.choice([1, 1, 2, 5])):
        place = chance.randrange(len(sheets))
        name, lines = sheets[place]
        row, column = chance.randrange(len(lines)), chance.randrange(len(lines[0]))
        elsewhere = chance.choice(chance.choice(sheets)[1])
        texts = [each for each in (*NASTY_TEXTS, *NASTY_NUMBERS, *elsewhere) if len(each) < 9_000]
        what = chance.randrange(10)
        if what < 5:
            lines[row][column] = chance.choice(texts)
        elif what == 5:
            lines.append(list(lines[row]))
        elif what == 6 and len(lines) > 1:
            del lines[row]
        elif what == 7:
            chance.shuffle(lines)
        elif what == 8:
            for line in lines:
                line.insert(column, chance.choice(["", line[column], "x"]))
        elif len(sheets) > 1:
            sheets[place] = (name + chance.choice(["x", " ", "2"]), lines)
    return [Table(name[:31], tuple(map(ColumnLook, lines[0])), lines[1:]) for name, lines in sheets if lines]


def cells_changed(chance: Random, good: Good) -> bytes:
    return xlsx(changed(chance, chance.choice(good)))


def values_changed(chance: Random, good: Good) -> bytes:
    return csv_file(changed(chance, chance.choice(good))[0])


# XLSX


def parts(chance: Random, good: Good) -> dict[str, bytes]:
    """The parts of a good workbook."""
    books = [each for each in good if b"xl/workbook.xml" in each]
    with zipfile.ZipFile(BytesIO(chance.choice(books))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def a_sheet(chance: Random, found: dict[str, bytes]) -> str:
    return chance.choice([name for name in found if name.startswith("xl/worksheets/sheet")])


def part_missing(chance: Random, good: Good) -> bytes:
    found = parts(chance, good)
    for _ in range(chance.choice([1, 1, 3])):
        del found[chance.choice(list(found))]
    return zipped(found)


def part_empty(chance: Random, good: Good) -> bytes:
    found = parts(chance, good)
    return zipped(
        found | {chance.choice(list(found)): chance.choice([b"", b" ", b"\xef\xbb\xbf", b"<a/>", b"\0"])}
    )


def parts_exchanged(chance: Random, good: Good) -> bytes:
    found = parts(chance, good)
    one, two = chance.sample(list(found), 2)
    return zipped(found | {one: found[two], two: found[one]})


def part_damaged(chance: Random, good: Good) -> bytes:
    """The ZIP is whole, and its XML isn't."""
    found = parts(chance, good)
    name = chance.choice([*found, *[each for each in found if "worksheets" in each] * 3])
    return zipped(found | {name: chance.choice(IN_BYTES)(chance, found[name])})


def part_doubled(chance: Random, good: Good) -> bytes:
    """A part that is there twice, or another one that is the same where capitals don't matter."""
    found = parts(chance, good)
    name = chance.choice(list(found))
    twin = name.swapcase() if chance.random() < 0.5 else name[:-1] + "~"
    return zipped(found | {twin: b"<a/>"}).replace(name[:-1].encode() + b"~", name.encode())


def directory_lies(chance: Random, good: Good) -> bytes:
    """A field of the ZIP's directory, or of a part's own head, says something else."""
    content = bytearray(zipped(parts(chance, good)))
    mark, fields = chance.choice(
        [
            (b"PK\x01\x02", {8: "<H", 10: "<H", 16: "<I", 20: "<I", 24: "<I", 28: "<H", 42: "<I"}),
            (b"PK\x03\x04", {6: "<H", 8: "<H", 14: "<I", 18: "<I", 22: "<I", 26: "<H"}),
            (b"PK\x05\x06", {8: "<H", 10: "<H", 12: "<I", 16: "<I", 20: "<H"}),
        ]
    )
    place = chance.choice([each.start() for each in re.finditer(re.escape(mark), bytes(content))])
    offset, form = chance.choice(list(fields.items()))
    largest = 256 ** struct.calcsize(form) - 1
    value = chance.choice([0, 1, 9, 12, 14, 99, chance.randrange(largest), largest - 1, largest])
    struct.pack_into(form, content, place + offset, value)
    return bytes(content)


def bomb(chance: Random, good: Good) -> bytes:
    found = parts(chance, good)
    size = chance.choice([5_000_000, 30_000_000, 60_000_000])
    filler = chance.choice([b" ", b"<row/>", b'<row r="1"><c/></row>', b"<c><v>1</v></c>", b"\0"])
    name = chance.choice([a_sheet(chance, found), "xl/media/a.bin", "xl/styles.xml", "[Content_Types].xml"])
    inside = filler * (size // len(filler))
    whole = inside if chance.random() < 0.3 else worksheet(inside.decode()).encode()
    return zipped(found | {name: whole})


def many_parts(chance: Random, good: Good) -> bytes:
    count = chance.choice([900, 1_500, 5_000])
    return zipped(parts(chance, good) | {f"xl/media/{number}": b"" for number in range(count)})


def zip_in_zip(chance: Random, good: Good) -> bytes:
    inside = chance.choice(good)
    return zipped({chance.choice(["a.xlsx", "a.csv", "xl/workbook.xml", "[Content_Types].xml"]): inside})


def strange_names(chance: Random, good: Good) -> bytes:
    name = chance.choice(
        [
            "../../a.csv",
            "/etc/passwd.csv",
            "C:\\a.csv",
            "a\\b.csv",
            ".csv",
            "å.CSV",
            "a.csv/",
            "_a.csv",
            "x" * 9_000 + ".csv",
        ]
    )
    return zipped({name: chance.choice(good_csv()), "b.csv": b"a;b\n1;2"})


def packed_otherwise(chance: Random, good: Good) -> bytes:
    return zipped(
        parts(chance, good), chance.choice([zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED])
    )


def with_entities(chance: Random, good: Good) -> bytes:
    found = parts(chance, good)
    name = chance.choice(
        [
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/styles.xml",
            "_rels/.rels",
            "xl/_rels/workbook.xml.rels",
        ]
    )
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = chance.choice(
        [
            f'[<!ENTITY a0 "ha">{laughs}]',
            '[<!ENTITY a11 SYSTEM "file:///etc/passwd">]',
            '[<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]',
            'SYSTEM "http://127.0.0.1:9/x.dtd"',
            f'[<!ENTITY a11 "{"ha" * 100_000}">]',
            '[<!ATTLIST row r CDATA "1">]',
        ]
    )
    xml = re.sub(r"^<\?xml.*?\?>", "", found[name].decode("utf-8", "replace"))
    xml = f'<?xml version="1.0"?><!DOCTYPE a {doctype}>' + xml.replace("<t>", "<t>&a11;", chance.randrange(2))
    return zipped(found | {name: xml.encode(chance.choice(["utf-8", "utf-16"]))})


def strange_xml(chance: Random, good: Good) -> bytes:
    found = parts(chance, good)
    name = chance.choice([a_sheet(chance, found), a_sheet(chance, found), "xl/workbook.xml", "xl/styles.xml"])
    xml = found[name].decode("utf-8", "replace")
    deep = chance.choice([100, 10_000, 300_000])
    changed = chance.choice(
        [
            lambda: "<a>" * deep + xml,
            lambda: xml.replace("<row", "<a>" * deep + "<row", 1),
            lambda: xml.replace("<sheetData>", "<sheetData>" + "<row><c><is>" * deep, 1),
            lambda: xml.replace("<row ", "<row " + " ".join(f'a{n}="1"' for n in range(deep // 10)) + " ", 1),
            lambda: xml.replace('r="', 'r="' + "9" * deep, 1),
            lambda: xml.replace(">", "><!--" + "a" * deep + "-->", 3),
            lambda: xml.replace("<row", "<?a b?>" * (deep // 10) + "<row"),
            lambda: re.sub(r"<t>([^<]*)", r"<t><![CDATA[\1]]>", xml),
            lambda: xml.replace("spreadsheetml", chance.choice(["other", "", "purl"])),
            lambda: xml + xml,
            lambda: (
                '<?xml version="1.0" encoding="'
                + chance.choice(["utf-7", "utf-16", "x-mac", "ascii", "idna"])
                + '"?>'
                + xml
            ),
            lambda: xml.replace("<t>", "<t>" + chance.choice(CONTROL)),
            lambda: xml.replace(
                "<t>", "<t>&#" + chance.choice(["0", "1", "x85", "xD800", "xFFFF", "x110000", ""]) + ";"
            ),
        ]
    )()
    return zipped(
        found | {name: changed.encode(chance.choice(["utf-8", "utf-8", "utf-16", "latin-1"]), "replace")}
    )


def strange_rows(chance: Random, good: Good) -> bytes:
    """A workbook whose rows and cells are where none should be."""
    place = chance.choice(
        ["XFD1048576", "A1048576", "XFD1", "A0", "AAAA1", "a1", "1A", "Å1", "A1:B2", "", "BI2", "A5002"]
    )
    number = chance.choice(["1048576", "1048577", "0", "-1", "1.5", "1e3", "99999999999", "två", "", "2"])
    rows = texts(1, "Namn", "Text") + chance.choice(
        [
            f'<row r="2"><c r="{place}"><v>1</v></c></row>',
            f'<row r="{number}"><c><v>1</v></c></row>',
            f'<row r="{number}"><c r="{place}"><v>1</v></c></row>' * 3,
            f'<row r="2"><c r="A2"><v>1</v></c><c r="{place}"><v>1</v></c></row>' + texts(3, "a", "b"),
            "".join(
                f'<row r="{n}"><c r="XFD{n}" s="1"/></row>' for n in range(2, chance.choice([10, 50_000]))
            ),
            "".join(texts(n, "a") for n in range(2, chance.choice([5_000, 5_003, 20_000]))),
            texts(2, *["a"] * chance.choice([59, 61, 16_385])),
            '<row r="2">' + "<c/>" * chance.choice([10, 16_384, 100_000]) + "</row>",
        ]
    )
    found = {
        name: part if isinstance(part, bytes) else part.encode()
        for name, part in parts_of({"Blad1": rows}).items()
    }
    reference = chance.choice(["A1", "A1:A1", "XFD1048576", "A1:XFD1048576", "", "fel"])
    dimension = f'<dimension ref="{reference}"/><sheetData>'
    name = a_sheet(chance, found)
    return zipped(found | {name: found[name].replace(b"<sheetData>", dimension.encode())})


def strange_cells(chance: Random, good: Good) -> bytes:
    """A workbook with one cell of a sort, and something else in it."""
    inside = chance.choice([*NASTY_NUMBERS, *NASTY_TEXTS]).replace("&", "&amp;").replace("<", "&lt;")
    kind = chance.choice(["n", "s", "b", "e", "d", "str", "inlineStr", "", "x", "sharedString"])
    style = chance.choice(["", "0", "1", "2", "3", "4", "5", "99", "-1", "1.0", "x"])
    strings = chance.choice(
        [[], ["<t>a</t>"], ["<t>å</t>" * 3], [f"<t>{'å' * 40_000}</t>"], ["<r/>"], ["<t/>"]]
    )
    number = chance.choice(
        ["0", "1", "2", "-1", "60", "2958466", "1e15", "999999999", "1.0", "0.999999999", "1e-9"]
    )
    day = chance.choice(["2026-13-01", "9999-12-31T23:59:59", "0000-00-00", "12:00", inside])
    cell = chance.choice(
        [
            f'<c t="{kind}" s="{style}"><v>{inside}</v></c>',
            f'<c t="{kind}"><v>{number}</v></c>',
            f'<c t="inlineStr"><is><t>{inside}</t></is></c>',
            f'<c t="inlineStr"><is><r><t>{inside}</t></r><rPh sb="0" eb="1"><t>b</t></rPh></is></c>',
            f'<c s="{style}"><v>{number}</v></c>',
            f'<c t="d"><v>{day}</v></c>',
            f"<c><f>{inside}</f><v>1</v></c>",
            '<c><f t="shared" si="0"/></c>',
            '<c><f t="array" ref="A1:XFD1048576">SUM(1)</f><v>1</v></c>',
            f"<c><v>{inside}</v><v>2</v><is><t>3</t></is></c>",
        ]
    )
    rows = (
        texts(1, "Namn", "Text")
        + f'<row r="2">{cell * chance.choice([1, 2, 2, 3])}</row>'
        + texts(3, "a", "b")
    )
    return zipped(parts_of({"Blad1": rows}, strings))


def strange_workbook(chance: Random, good: Good) -> bytes:
    """A workbook whose own list of sheets, relations or styles is odd."""
    rows = texts(1, "Namn", "Text") + texts(2, "a", "b")
    found = {
        name: part if isinstance(part, str) else part.decode()
        for name, part in parts_of(
            {f"Blad{n}": rows for n in range(chance.choice([1, 2, 20, 21, 200]))}
        ).items()
    }
    name, one, other = chance.choice(
        [
            (
                "xl/workbook.xml",
                'name="Blad0"',
                chance.choice(["", 'name=""', 'name="Blad1"', f'name="{"å" * 9_000}"', 'name="../x"']),
            ),
            (
                "xl/workbook.xml",
                'r:id="rId1"',
                chance.choice(["", 'r:id="rId2"', 'r:id="rId98"', 'r:id="?"']),
            ),
            (
                "xl/workbook.xml",
                "<sheets>",
                '<workbookPr date1904="' + chance.choice(["1", "true", "maybe"]) + '"/><sheets>',
            ),
            (
                "xl/workbook.xml",
                "<sheet ",
                '<sheet state="' + chance.choice(["hidden", "veryHidden", "x"]) + '" ',
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "worksheets/sheet1.xml",
                chance.choice(["", "/", "../../x", "xl/workbook.xml", "styles.xml", "http://127.0.0.1:9/"]),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "Target=",
                chance.choice(['TargetMode="External" Target=', "X=", 'Id="b" Target=']),
            ),
            (
                "_rels/.rels",
                "xl/workbook.xml",
                chance.choice(["", "_rels/.rels", "xl/styles.xml", "a\0b", "/xl/workbook.xml"]),
            ),
            ("xl/styles.xml", "numFmtId=", chance.choice(["x=", 'numFmtId="x" y=', 'numFmtId="-1" y='])),
            ("xl/styles.xml", "cellXfs", chance.choice(["x", "cellStyleXfs"])),
            (
                "xl/worksheets/sheet1.xml",
                "</sheetData>",
                "</sheetData><mergeCells>"
                + chance.choice(
                    [
                        '<mergeCell ref="A1:XFD1048576"/>',
                        '<mergeCell ref="A2:B2"/>',
                        '<mergeCell ref="x"/>',
                        "<mergeCell/>",
                        '<mergeCell ref="A1:XFD1048576"/>' * 20_000,
                    ]
                )
                + "</mergeCells>",
            ),
        ]
    )
    return zipped(found | {name: found[name].replace(one, other)})


def with_macros(chance: Random, good: Good) -> bytes:
    return zipped(
        parts(chance, good)
        | {chance.choice(["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "XL/VBAPROJECT.BIN"]): b"\0"}
    )


def strings_again_and_again(chance: Random, good: Good) -> bytes:
    """A long text that is told of by many cells."""
    length, count = chance.choice([(32_000, 4_000), (32_000, 100), (1_000, 40_000), (40_000, 3)])
    rows = "".join(
        f'<row r="{n}">' + '<c t="s"><v>0</v></c>' * 10 + "</row>" for n in range(1, count // 10 + 2)
    )
    return zipped(parts_of({"Blad1": rows}, [f"<t>{chance.choice('aåあ😀') * length}</t>"]))


def of_another_sort(chance: Random, good: Good) -> bytes:
    beginning = chance.choice(
        [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"%PDF-1.7\n",
            b"<html>",
            b"<?xml version='1.0'?>",
            b"\x89PNG\r\n\x1a\n",
            b"{\\rtf1",
            b"\x1f\x8b\x08",
            b"Rar!\x1a\x07",
            b"7z\xbc\xaf\x27\x1c",
            b"MZ",
            b"\x7fELF",
            b"SQLite format 3\0",
            b"",
        ]
    )
    return beginning + chance.choice(
        [b"", bytes(900), chance.randbytes(900), b"EncryptedPackage", b"text;text\n" * 9]
    )


# CSV


def csv_text(chance: Random, good: Good) -> str:
    return good[0].decode("utf-8-sig")


def strange_encoding(chance: Random, good: Good) -> bytes:
    content = csv_text(chance, good)
    encoding = chance.choice(
        [
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-7",
            "cp437",
            "mac-roman",
            "latin-1",
            "cp1252",
            "utf-8-sig",
            "cp500",
        ]
    )
    return content.encode(encoding, "replace")


def mixed_encodings(chance: Random, good: Good) -> bytes:
    content = csv_text(chance, good)
    place = chance.randrange(len(content))
    one, two = chance.sample(["utf-8", "cp1252", "utf-16", "utf-8-sig", "utf-16-le"], 2)
    return content[:place].encode(one, "replace") + content[place:].encode(two, "replace")


def strange_signs(chance: Random, good: Good) -> bytes:
    content = csv_text(chance, good)
    sign = chance.choice(
        [*CONTROL, "\ufeff", "\u2028", "\ufffe", "\uffff", "\u202e", "\r", '"', '""', "'", "\x1a"]
    )
    for _ in range(chance.choice([1, 5, 50])):
        place = chance.randrange(len(content))
        content = content[:place] + sign + content[place:]
    return (
        chance.choice([b"", b"\xef\xbb\xbf", b"\xff\xfe"])
        + content.encode()
        + chance.choice([b"", b"\xed\xa0\x80", b"\xff", b"\xc0\x80"])
    )


def strange_form(chance: Random, good: Good) -> bytes:
    content = csv_text(chance, good)
    head, *records = content.split("\r\n")
    return chance.choice(
        [
            lambda: head + ";" + head + "\n" + "\n".join(records),
            lambda: ";;" + content,
            lambda: head + "\n" + "\n".join(each + ";x" * chance.randrange(3) for each in records),
            lambda: head + "\n" + "\n".join(each.split(";", chance.randrange(1, 4))[0] for each in records),
            lambda: content.replace(";", chance.choice([",", "\t", "|", ":", "; ", ";;"])),
            lambda: content.replace("\r\n", chance.choice(["\n", "\r", "\n\n", "\r\r\n", ""])),
            lambda: (
                "sep="
                + chance.choice(["", ";", "x", "\t", ";;", '"'])
                + chance.choice(["\n", "\r\n", ""])
                + content
            ),
            lambda: chance.choice([";", "\n", '"', ",", "\t", " "]) * chance.choice([1, 100, 1_000_000]),
            lambda: "\n".join(chance.choice([*NASTY_NUMBERS, *NASTY_TEXTS]) for _ in range(50)),
            lambda: head + "\n" + ";".join(chance.choice([*NASTY_NUMBERS, *NASTY_TEXTS]) for _ in range(5)),
        ]
    )().encode()


def far_too_much(chance: Random, good: Good) -> bytes:
    size = chance.choice([10, 1_000, 9_000_000])
    return chance.choice(
        [
            b"a;b\n" + b"1;2\n" * chance.choice([5_000, 5_001, 2_000_000]),
            b";".join(b"k%d" % n for n in range(chance.choice([60, 61, 100_000]))),
            b"a;b\n" + b";" * chance.choice([59, 1_000_000]),
            b"a;b\n" + b"x" * size,
            b'a;b\n"' + b"x\n" * (size // 2),
            b'a;b\n"' + b'""' * (size // 2) + b'"',
            b"a;b\n" + b'"",' * (size // 3),
            b"\n" * size + b"a;b\n1;2",
            b"a;b\n1;2" + b"\n" * size,
            b"a;b\n1;2\n" + b";\n" * (size // 2),
            "å;b\n".encode() + "😀;😀\n".encode() * min(size, 4_000),
        ]
    )


# Fixtures in JSON


def as_json(rows: Any) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def rows(chance: Random, good: Good) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(chance.choice(good))
    return found


NASTY_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.1, 1e308, float("inf"), float("-inf"), float("nan"), 10**30, -(10**400),
    2**63, -(2**63) - 1, "", " ", "\0", "\ud800", "å" * 50_000, [], [[]], [None], [1, 2, 3], [["x"]],
    ["\0"], [1e308], [float("nan")], [{}], {}, {"a": 1}, "1", "true", "2016-13-01", "9999999999-01-01",
    "2026-11-22T99:00", "1e308", "NaN", "-Infinity", "../../x", "=1+1", "<script>", "%s", "\U0001f600",
    "\u202e", "0" * 5_000, "1" * 400,
)  # fmt: skip


def strange_value(chance: Random, good: Good) -> bytes:
    """One or some of the fields hold something else."""
    found = rows(chance, good)
    for _ in range(chance.choice([1, 1, 1, 5])):
        row = chance.choice(found)
        row["fields"][chance.choice(list(row["fields"]))] = chance.choice(NASTY_VALUES)
    return json.dumps(found).encode()


def strange_reference(chance: Random, good: Good) -> bytes:
    """A reference leads elsewhere."""
    found = rows(chance, good)
    lists = [
        (row["fields"], name)
        for row in found
        for name, value in row["fields"].items()
        if isinstance(value, list)
    ]
    fields, name = chance.choice(lists)
    fields[name] = chance.choice(
        [
            *NASTY_VALUES,
            ["ingen"],
            [fields[name]],
            fields[name] * 2,
            fields[name][:-1],
            [*fields[name], 1],
            [["a", 1]],
        ]
    )
    return json.dumps(found).encode()


def strange_row(chance: Random, good: Good) -> bytes:
    found: list[Any] = rows(chance, good)
    number = chance.randrange(len(found))
    row = found[number]
    found[number] = chance.choice(
        [
            lambda: chance.choice(NASTY_VALUES),
            lambda: (
                row
                | {
                    "model": chance.choice(
                        [
                            *NASTY_VALUES,
                            "auth.user",
                            "municipalities.user",
                            "sessions.session",
                            "followup.outcome",
                            "a.b.c",
                            ".",
                        ]
                    )
                }
            ),
            lambda: row | {"pk": chance.choice(NASTY_VALUES)},
            lambda: row | {"fields": chance.choice(NASTY_VALUES)},
            lambda: (
                row
                | {
                    "fields": row["fields"]
                    | {
                        chance.choice(["id", "pk", "", "\0", "okänd", "objects", "__class__"]): chance.choice(
                            NASTY_VALUES
                        )
                    }
                }
            ),
            lambda: {key: value for key, value in row.items() if key != chance.choice(["model", "fields"])},
            lambda: (
                row | {"fields": dict(list(row["fields"].items())[: chance.randrange(len(row["fields"]))])}
            ),
        ]
    )()
    return json.dumps(found).encode()


def strange_order(chance: Random, good: Good) -> bytes:
    found = rows(chance, good)
    return json.dumps(
        chance.choice(
            [
                lambda: found[::-1],
                lambda: chance.sample(found, len(found)),
                lambda: found + found,
                lambda: [*found, chance.choice(found)],
                lambda: chance.sample(found, len(found) // 2),
                lambda: [{**row, "fields": {**row["fields"], **found[-1]["fields"]}} for row in found],
                lambda: [found],
                lambda: {"rows": found},
                list,
            ]
        )()
    ).encode()


def strange_json(chance: Random, good: Good) -> bytes:
    text = as_json(rows(chance, good)).decode()
    deep = chance.choice([100, 900, 100_000])
    return chance.choice(
        [
            lambda: "[" * deep,
            lambda: "[" * deep + "]" * deep,
            lambda: '{"a":' * deep + "1" + "}" * deep,
            lambda: text.replace('"fields": {', '"fields": {"name": ' + "[" * deep + "]" * deep + ",", 1),
            lambda: text.replace('"', "'"),
            lambda: text.replace("]", ",]"),
            lambda: text.replace(": ", " "),
            lambda: re.sub(
                r"\d+",
                chance.choice(["1e999", "012", "9" * 5_000, "-", "0x1", "NaN", "Infinity"]),
                text,
                count=2,
            ),
            lambda: text + text,
            lambda: text + "]",
            lambda: "// kommentar\n" + text,
            lambda: text.replace(
                '"name": "', '"name": "' + chance.choice(["\\u0000", "\\ud800", "\\x", "\t", "\n", "\0"])
            ),
        ]
    )().encode(chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-32"]), "replace")


SORTS: dict[str, list[Damage]] = {
    "xlsx": [
        *map(in_bytes, IN_BYTES), noise, part_missing, part_empty, parts_exchanged, part_damaged,
        part_doubled, directory_lies, bomb, many_parts, zip_in_zip, strange_names, packed_otherwise,
        with_entities, strange_xml, strange_rows, strange_cells, strange_workbook, with_macros,
        strings_again_and_again, of_another_sort, cells_changed, cells_changed, part_damaged, strange_xml,
        strange_rows, strange_cells, strange_workbook,
    ],
    "csv": [
        *map(in_bytes, IN_BYTES), noise, strange_encoding, mixed_encodings, strange_signs, strange_form,
        far_too_much, of_another_sort, values_changed, strange_form, strange_signs,
    ],
    "json": [
        *map(in_bytes, IN_BYTES), noise, strange_value, strange_reference, strange_row, strange_order,
        strange_json, strange_value, strange_value, strange_row,
    ],
}  # fmt: skip
"""What can be done to a file of each kind; what stands here more than once is done more often."""

GOOD: dict[str, Callable[[], Good]] = {"xlsx": good_workbooks, "csv": good_csv, "json": good_fixtures}
