"""Tables out of the files that people have: Excel workbooks, CSV, and CSV files in a ZIP.

What a file is, its bytes tell. A child process reads them, and whatever becomes of it is a sentence for the
one who sent the file; why it is so, and what cells become, is told in
docs/decisions/0030-files-are-read-in-a-child-process.md.
"""

import json
import logging
import signal
import unicodedata
from pathlib import Path, PurePosixPath
from subprocess import TimeoutExpired
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.books import Book, Line, Sheet
from exchange.telling import Fault
from publishing.apart import run_apart
from publishing.tables import unprotected

SECONDS = 4
"""Of a core; the largest workbook that is read takes 2 to 3."""
PATIENCE = 20
"""Seconds by the clock, for a machine that others keep busy."""
MEMORY = 280_000_000
LARGEST = 10 * 1024**2
"""Bytes; what comes through the browser is limited to as much before (FILES_MAX_SIZE)."""

_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
_READER = Path(__file__).with_name("reader.py")

logger = logging.getLogger(__name__)

SENTENCES: dict[str, str | Promise] = {
    "empty": _("Det står ingenting i filen. Välj en fil med en tabell."),
    "large": _("Filen är för stor. Ta bort det som inte hör till tabellerna, eller dela upp den."),
    "slow": _(
        "Det tog för lång tid att läsa filen. Ta bort det som inte hör till tabellerna, eller dela upp den."
    ),
    "damaged": _(
        "Filen är skadad och går inte att läsa. Öppna den i Excel, spara den på nytt och försök igen."
    ),
    "many_sheets": _("Filen har fler än 20 blad. Ta bort dem som inte behövs."),
    "more": _("Det finns fler fel än så. Rätta de här först."),
    # What is no table at all, or of another sort
    "old_excel": _(
        "Filen är en äldre Excel-fil (.xls). Spara den som Excel-arbetsbok (.xlsx) och försök igen."
    ),
    "binary_excel": _(
        "Filen är en binär Excel-fil (.xlsb). Spara den som Excel-arbetsbok (.xlsx) och försök igen."
    ),
    "open_document": _(
        "Filen är i OpenDocument-format (.ods). Spara den som Excel-arbetsbok (.xlsx) och försök igen."
    ),
    "macros": _(
        "Arbetsboken innehåller makron. Spara den som Excel-arbetsbok utan makron (.xlsx) och försök igen."
    ),
    "locked": _("Filen är låst med ett lösenord. Ta bort lösenordet, spara filen och försök igen."),
    "pdf": _("Filen är en PDF. Välj tabellen som Excel-arbetsbok (.xlsx) eller CSV."),
    "web": _("Filen är en webbsida eller XML. Öppna den i Excel och spara den som Excel-arbetsbok (.xlsx)."),
    "other": _("Filen är ingen tabell. Välj en Excel-arbetsbok (.xlsx) eller en CSV-fil."),
    "other_zip": _("I zip-filen finns annat än CSV-filer. Packa bara CSV-filer, en för varje tabell."),
    "double_files": _("I zip-filen finns två CSV-filer med samma namn. Ge varje tabell ett eget namn."),
    "packing": _("Zip-filen är packad på ett sätt som inte kan läsas. Packa den som en vanlig zip-fil."),
    "not_text": _(
        "Filen är varken en Excel-arbetsbok eller läsbar text. Spara den som Excel-arbetsbok (.xlsx) "
        "eller som CSV i UTF-8 och försök igen."
    ),
    # What is wrong in a sheet
    "many_rows": _("Bladet har fler än 5 000 rader. Dela upp det, eller ta bort det som står längre ner."),
    "many_columns": _("Bladet har fler än 60 kolumner. Ta bort det som står längre till höger."),
    "double_header": _("Rubriken står över två kolumner. Ta bort eller döp om den ena."),
    "no_header": _(
        "Kolumnen har innehåll men ingen rubrik. Skriv en rubrik på rubrikraden, eller töm kolumnen."
    ),
    "extra_cells": _(
        "Raden har fler celler än rubriker. Ta bort dem, eller sätt citattecken om text med skiljetecken i."
    ),
    "quotes": _(
        'Citattecknen går inte ihop från och med den här raden. Skriv ett citattecken i en text som "".'
    ),
    # What is wrong in a cell
    "formula": _("Cellen innehåller en formel. Klistra in värdet i stället."),
    "error": _("Cellen visar ett fel, som #SAKNAS!. Skriv in värdet i stället."),
    "unreadable": _("Värdet går inte att läsa. Skriv in det på nytt."),
    "control": _("Texten innehåller ett osynligt styrtecken. Skriv om texten där det står."),
    "long": _("Texten är längre än 32 767 tecken. Korta den."),
}
"""What is said of a file, by the words that reader.py has for it."""


class Unreadable(Exception):
    """The file could not be read. `faults` tell why, to the one who sent it; the message is the first one."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].says)
        self.faults = faults

    @property
    def sheet(self) -> str:
        return self.faults[0].sheet

    @property
    def row(self) -> int:
        return self.faults[0].row

    @property
    def column(self) -> str:
        return self.faults[0].column


def read(content: bytes, name: str) -> Book:
    """The tables of a file, whose name is what a table in CSV is called, without its ending.

    Takes a tenth of a second, and another for every 10 000 cells of a workbook. Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable(_fault("large"))
    answer = _answer(content)
    is_csv = answer["kind"] == "csv"
    title = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).stem)
    if answer["faults"]:
        raise Unreadable(
            *(
                _fault(what, title if is_csv and row else sheet, row, column)
                for sheet, row, column, what in answer["faults"]
            )
        )
    plain = str if answer["kind"] == "xlsx" else unprotected
    return Book(
        tuple(
            Sheet(
                title if is_csv else sheet["name"],
                tuple(map(plain, sheet["headers"])),
                tuple(Line(number, tuple(map(plain, cells))) for number, cells in sheet["lines"]),
            )
            for sheet in answer["sheets"]
        )
    )


def _fault(what: str, sheet: str = "", row: int = 0, column: str = "") -> Fault:
    return Fault(sheet, row, column, str(SENTENCES[what]))


def _answer(content: bytes) -> Any:
    try:
        child = run_apart(
            _READER,
            content,
            seconds=SECONDS,
            memory=MEMORY,
            patience=PATIENCE,
            passed_on=("LD_LIBRARY_PATH",),  # without LANG, whose letters could take much of the memory
        )
    except TimeoutExpired as error:
        raise Unreadable(_fault("slow")) from error
    complaints = child.stderr.decode(errors="replace")[-2000:]
    if child.returncode in _OUT_OF_TIME:
        raise Unreadable(_fault("slow"))
    if child.returncode:
        logger.error("The reader of files gave up (%d). %s", child.returncode, complaints)
        raise Unreadable(_fault("damaged"))
    if complaints:
        logger.info("A file could not be read: %s", complaints)
    return json.loads(child.stdout)
