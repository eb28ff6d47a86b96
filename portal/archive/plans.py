"""Each plan as it reads for each year: the sheets of its workbook, as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.text import slugify

from actionplan.models import Revision
from actionplan.workbook.exporting import read_me_of_all, sheets_of
from exchange.writing import as_text
from portal.archive.folder import Folder
from portal.archive.tables import safe, write_csv_file

PLANS = "planer"


def write_plans(folder: Folder) -> dict[str, int]:
    """Writes every revision there is, drafts and corrections too; how many rows each file has, by path."""
    written = {path: rows for revision in revisions() for path, rows in write_revision(folder, revision)}
    return written | explain(folder) if written else {}


def explain(folder: Folder) -> dict[str, int]:
    """Writes what each column of the sheets is for."""
    table, path = read_me_of_all(), f"{PLANS}/las-mig.csv"
    return {path: write_sheet(folder, path, [column.header for column in table.columns], table.rows)}


def revisions() -> Iterator[Revision]:
    rows = Revision.objects.select_related("plan__owner").order_by("plan__slug", "year", "pk")
    yield from rows.iterator(chunk_size=10)


def write_revision(folder: Folder, revision: Revision) -> Iterator[tuple[str, int]]:
    for sheet, rows in sheets_of(revision):
        path = f"{PLANS}/{safe(revision.plan.slug)}/{named(revision)}/{slugify(sheet.sheet)}.csv"
        headers = [column.header for column in sheet.columns.values()]
        yield path, write_sheet(folder, path, headers, rows)


def write_sheet(folder: Folder, path: str, headers: list[str], rows: Iterable[Sequence[Any]]) -> int:
    return write_csv_file(folder, path, headers, ([as_data(each) for each in row] for row in rows))


def named(revision: Revision) -> str:
    """What its folder is called: a plan has one draft at most, which may correct what was decided."""
    if revision.is_correction:
        return f"{revision.year}-rattelse"
    return str(revision.year) if revision.is_adopted else f"{revision.year}-arbetsmaterial"


def as_data(value: Any) -> Any:
    return as_text(value) if isinstance(value, bool | date) else value
