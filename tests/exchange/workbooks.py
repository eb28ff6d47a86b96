"""Workbooks made by hand, so that they can hold what no program writes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

FORMATS = (
    "General",
    "0%",
    "yyyy\\-mm\\-dd",
    "yyyy-mm-dd hh:mm",
    "hh:mm",
    "0000",
    '[Red]0.0" st"',
    "0.00E+00",
)
"""How numbers look by the number of their style."""

Part = str | bytes


def parts_of(sheets: Mapping[str, str], strings: Sequence[str] = ()) -> dict[str, Part]:
    """The parts of a workbook by their paths. `sheets`: the XML of each one's rows."""
    numbers = range(1, len(sheets) + 1)
    formats = "".join(
        f'<numFmt numFmtId="{200 + number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(FORMATS)
    )
    styles = "".join(f'<xf numFmtId="{200 + number}"/>' for number in range(len(FORMATS)))
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{CONTENT_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{CONTENT_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{CONTENT_TYPES}.sharedStrings+xml"/>'
        "</Types>",
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in numbers}
            | {"rId98": ("styles", "styles.xml"), "rId99": ("sharedStrings", "/xl/sharedStrings.xml")}
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts><font/></fonts>'
        f"<fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(map("<si>{}</si>".format, strings))}</sst>',
        **{
            f"xl/worksheets/sheet{number}.xml": worksheet(rows)
            for number, rows in zip(numbers, sheets.values(), strict=True)
        },
    }


def worksheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def zipped(parts: Mapping[str, Part], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a ZIP, the same bytes whenever it is made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, packing)
    return out.getvalue()


def sheet(rows: str, strings: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet, Blad1, of these rows."""
    return zipped(parts_of({"Blad1": rows}, strings))


def texts(number: int, *cells: str) -> str:
    """A row of texts."""
    inside = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inside}</row>'
