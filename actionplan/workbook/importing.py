"""A plan's workbook on its way in: all of its rows or none; what isn't in it may stay, or go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.drafting import NotDrafted, remove_all, start_first
from actionplan.forms.fields import YEARS
from actionplan.models import DocumentType, Plan, Responsibility, Row
from actionplan.removing import why_it_stays, with_what_is_below
from actionplan.workbook.exporting import ALL_SHEETS, READ_ME
from actionplan.workbook.rows import BreakSheet, IndicatorSheet, RowSheet
from actionplan.workbook.sheets import PlanSheet, RevisionSheet, WorkSheet
from actionplan.workbook.work import Work
from exchange.books import Book, Sheet
from exchange.resources import folded, refused_whole, shortened
from exchange.telling import Deed, Fault, NotImported, RowTold, SheetTold, Told
from municipalities.models import Organisation


def nobody() -> None:
    """Wants to know that a row has been gone through."""


def take_in(work: Work, book: Book, *, removes: bool = False, progress: Callable[[], None] = nobody) -> Told:
    """Imports the book's sheets into the work's draft, and tells what became of each of their rows.

    A plan that isn't there yet is begun by its own sheet. `removes`: rows of the draft that a sheet of the
    book doesn't have are removed; they stay without it. Is part of somebody's transaction, of which nothing
    should be kept when anything is told to be wrong.
    """
    sheets, told = sorted_out(book, work)
    taken: list[tuple[WorkSheet, SheetTold]] = []
    for kind in ALL_SHEETS:
        if not work.is_begun and kind is not PlanSheet:
            begin(work, sheets.get(RevisionSheet.sheet))
        if sheet := sheets.get(kind.sheet):
            resource = kind(work)
            resource.progress = progress  # type: ignore[method-assign]
            taken.append((resource, resource.take(sheet)))
    told += with_left_over(work, taken, removes)
    return Told(tuple(told), tuple(remarks_on(taken)), reverse("draft", args=[work.plan.slug]))


def sorted_out(book: Book, work: Work) -> tuple[dict[str, Sheet], list[SheetTold]]:
    """The book's sheets by name, and those that can't be read: what is wrong with each as a whole."""
    names = {folded(kind.sheet): kind.sheet for kind in ALL_SHEETS}
    sheets: dict[str, Sheet] = {}
    wrong = []
    for sheet in book.sheets:
        name = names.get(folded(sheet.name))
        if folded(sheet.name) == folded(READ_ME):
            continue
        if name is None:
            sentence = (
                _("Bladet hör inte hit. Ta bort det. Här finns: %(sheets)s.")
                if len(book.sheets) > 1
                else _("Döp bladet, eller CSV-filen, efter vad som står i det: %(sheets)s.")
            )
            wrong.append(refused_whole(sheet, sentence % {"sheets": ", ".join(names.values())}))
        elif name in sheets:
            wrong.append(refused_whole(sheet, _("Bladet finns två gånger. Ta bort det ena.")))
        else:
            sheets[name] = sheet
    return sheets, wrong + list(sheets_that_lack(sheets, work))


def sheets_that_lack(sheets: dict[str, Sheet], work: Work) -> Iterator[SheetTold]:
    """What is wrong with how many rows there are on sheets that have one, or with there being none at all."""
    if not sheets:
        yield missing(PlanSheet.sheet, _("Filen har inga blad som hör till en plan. Hämta den tomma mallen."))
    for kind in (PlanSheet, RevisionSheet):
        sheet = sheets.get(kind.sheet)
        if sheet and len(sheet.lines) > 1:
            sheets.pop(kind.sheet)
            yield refused_whole(sheet, _("Bladet ska ha en enda rad under rubrikerna."))
    if sheets and not work.is_begun and not (PlanSheet.sheet in sheets and sheets[PlanSheet.sheet].lines):
        yield missing(PlanSheet.sheet, _("En ny plan behöver bladet Plan, med en rad."))


def missing(name: str, says: str) -> SheetTold:
    return SheetTold(name, (), (Fault(name, 0, "", says),))


def begin(work: Work, sheet: Sheet | None) -> None:
    """Begins a new plan's draft, of the year that the file tells, else of the plan's first.

    Where the plan itself was refused another stands in for it, so that the rest of the file is read through;
    nothing is kept then.
    """
    if work.plan.pk is None:
        work.plan = stand_in()
        work.remember(work.plan).save()
    year = year_in(sheet) or work.plan.first_year
    try:
        draft = start_first(work.plan, year, by=work.author)
    except NotDrafted:  # the year is told to be wrong on its own sheet
        draft = start_first(work.plan, work.plan.first_year, by=work.author)
    work.begin(draft)


def stand_in() -> Plan:
    owner = Organisation.objects.first()
    if owner is None:
        raise NotImported(_("Portalen har inga organisationer än. Lägg upp dem först."))
    return Plan(slug="-", title="-", document_type=DocumentType.PLAN, owner=owner, first_year=YEARS.start)


def year_in(sheet: Sheet | None) -> int | None:
    """The year that the revision's own sheet tells; None where it tells none."""
    header = RevisionSheet.fields["year"].column_name
    cells = dict(zip(sheet.headers, sheet.lines[0].cells, strict=True)) if sheet and sheet.lines else {}
    told = cells.get(header, "")
    return int(told) if YEAR.fullmatch(told) else None


YEAR = re.compile("[0-9]{4}")


# What the file says nothing of


def with_left_over(work: Work, taken: list[tuple[WorkSheet, SheetTold]], removes: bool) -> list[SheetTold]:
    """What is told of the sheets, with the rows of the draft that they don't have: those stay, or go.

    Whatever stands below goes first. A row below which another one stays can't go.
    """
    told = {resource.sheet: sheet for resource, sheet in taken}
    for resource, sheet in reversed(taken):
        if isinstance(resource, RowSheet) and (rows := resource.not_in_file()):
            told[resource.sheet] = removed(work, rows, sheet) if removes else left(rows, resource, sheet)
    return list(told.values())


def left(rows: list[Row], resource: RowSheet, told: SheetTold) -> SheetTold:
    lines = [RowTold(0, Deed.LEFT, shortened(resource.called(row))) for row in rows]
    return replace(told, rows=(*told.rows, *lines))


def removed(work: Work, rows: list[Row], told: SheetTold) -> SheetTold:
    """Removes the rows, of a kind, with who answers for them; tells of those that have to stay."""
    lines, faults = [], []
    for row in rows:
        going = with_what_is_below(row)
        staying = [
            each for kind, below in going.items() for each in below if kind not in (type(row), Responsibility)
        ]
        if why := why_it_stays(row, going) or (stands_below(row, staying[0]) if staying else ""):
            faults.append(Fault(told.name, 0, "", why))
        lines.append(RowTold(0, Deed.REMOVED, shortened(str(row))))
        if not staying:
            kinds: dict[type[Row], None] = dict.fromkeys((Responsibility, type(row)))
            for kind in kinds:
                remove_all(kind, going.get(kind, ()), by=work.author, reason=work.why)
    return replace(told, rows=(*told.rows, *lines), faults=(*told.faults, *faults))


def stands_below(row: Row, below: Row) -> str:
    sentence = _("”%(row)s” finns inte i filen, men ”%(below)s” hör till den och kan inte bli kvar utan den.")
    return sentence % {"row": shortened(str(row)), "below": shortened(str(below))}


# What is to be thought of


def remarks_on(taken: list[tuple[WorkSheet, SheetTold]]) -> Iterator[str]:
    """What doesn't wait for the draft to be adopted, where any of it changes."""
    changed = [
        told.name
        for resource, told in taken
        if isinstance(resource, PlanSheet | IndicatorSheet | BreakSheet) and told.of(Deed.CHANGED)
    ]
    if changed:
        sentence = _("Det här gäller genast, inte först när arbetsmaterialet fastställs: %(sheets)s.")
        yield sentence % {"sheets": ", ".join(changed)}
