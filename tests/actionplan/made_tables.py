"""A made-up table as a region might have it: climate measures under three levels, in Norwegian."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from itertools import groupby

from openpyxl import Workbook

HEADERS = ("Innsatsområde", "Mål", "Delmål", "Tiltak", "Beskrivelse", "Ansvarlig", "Samarbeidspartnere",
           "Periode", "Status")  # fmt: skip

AREAS = ("Transport", "Bygg og energi", "Natur og areal", "Forbruk og avfall", "Læring og deltakelse")
GOALS = ("Utslippene er halvert", "Flere velger det klimavennlige", "Vi er forberedt på endringer")
SUBGOALS = ("Kunnskap", "Investeringer", "Samarbeid")
MEASURES = ("Kartlegge utslipp", "Bygge ladepunkter", "Kurse ansatte", "Stille krav i anskaffelser",
            "Lage en veileder", "Prøve ut nye løsninger")  # fmt: skip
RESPONSIBLE = ("Bergsund kommune", "Klimaenheten", "Bergsund og Vikdal", "Vikdal; Klimaenheten",
               "Næringslag & co", "BERGSUND")  # fmt: skip
PERIODS = ("2025–2027", "2026", "Q1 2026 - Q4 2027", "fra 2026", "Løpende", "2025-2030")
STATUSES = ("Ikke startet", "I gang", "Fullført", "", "25 % ferdig")

Cells = tuple[str, ...]


def rows_of_a_region(number: int) -> list[Cells]:
    """So many rows: some are called as the row above, one in five has no status, some have odd text."""
    places = [(area, goal, subgoal) for area in AREAS for goal in GOALS for subgoal in SUBGOALS]
    below = -(-number // len(places))
    return [
        (
            *places[each // below],
            title_of(each - 1 if each % 50 == 8 else each),
            f"Måles i prosent: {each} % av {each + 1} %.\n\n- Første steg\n- =Andre steg",
            RESPONSIBLE[each % len(RESPONSIBLE)],
            "Vikdal" if each % 4 == 0 else "",
            PERIODS[each % len(PERIODS)],
            STATUSES[each % len(STATUSES)],
        )
        for each in range(number)
    ]


def title_of(number: int) -> str:
    if number % 20 == 3:
        return f"Kutt {number} % av utslippene <i dag> & «i morgen» = bra"
    return f"{MEASURES[number % len(MEASURES)]}, del {number}"


def as_csv(headers: Sequence[str], rows: Sequence[Cells]) -> bytes:
    """As Excel saves CSV here, with every cell filled in."""
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([headers, *rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(headers: Sequence[str], rows: Sequence[Cells], *, levels: int = 3, name: str = "Tiltak") -> bytes:
    """A workbook in which the cells of the levels are merged over the rows that have the same in them."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    sheet.append([*headers])
    for row in rows:
        sheet.append([*row])
    for row_of_cells in sheet.iter_rows(min_row=2):
        for cell in row_of_cells:
            cell.data_type = "s" if cell.value else "n"
    for level in range(levels):
        first = 2
        for _place, same in groupby(rows, key=lambda row: row[: level + 1]):
            last = first + len([*same]) - 1
            if last > first:
                sheet.merge_cells(start_row=first, end_row=last, start_column=level + 1, end_column=level + 1)
            first = last + 1
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsx_of(sheets: Mapping[str, Sequence[Cells]]) -> bytes:
    """A workbook with those sheets, whose first row are the headers."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([*row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
