"""A plan's workbook on its way out: the same plan always gives the same cells, and no time of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from actionplan.models import Decision, Indicator, Plan, Responsibility, Revision, Row, SeriesBreak
from actionplan.workbook.rows import SHEETS, BreakSheet, IndicatorSheet, RowSheet
from actionplan.workbook.sheets import DecisionSheet, PlanSheet, RevisionSheet, WorkSheet, with_partners
from actionplan.workbook.work import Work
from exchange.resources import Column, Known, Said
from exchange.writing import ColumnLook, Table
from municipalities.models import Organisation

READ_ME = "Läs mig"
"""The name of the sheet that explains the others; on its way in it is passed over."""

MOST_CHOICES = 500
"""How long a list in a cell may be."""

AT_ONCE = 500
"""So many rows are fetched at a time."""

ALL_SHEETS: tuple[type[WorkSheet], ...] = (PlanSheet, RevisionSheet, DecisionSheet, *SHEETS)


def tables_of(revision: Revision) -> list[Table]:
    """The workbook of a revision, whole: what it says is public when the revision is."""
    work = Work(revision.plan, revision)
    sheets = [kind(work) for kind in ALL_SHEETS]
    organisations = names_in(work)
    return [read_me(sheets), *(table_of(each, things_of(each, revision), organisations) for each in sheets)]


def sheets_of(revision: Revision) -> Iterator[tuple[WorkSheet, Iterator[Sequence[Any]]]]:
    """The same sheets with their rows one by one, for a plan of any size: without lists to choose from."""
    for kind in ALL_SHEETS:
        sheet = kind(Work(revision.plan, None))
        yield sheet, map(sheet.row_of, things_of(sheet, revision))


def empty_tables(work: Work, organisations: Sequence[str]) -> list[Table]:
    """The workbook of no plan, to fill in. `organisations`: those that may be picked from lists."""
    sheets = [kind(work) for kind in ALL_SHEETS]
    return [read_me(sheets), *(table_of(each, (), organisations) for each in sheets)]


def table_of(sheet: WorkSheet, things: Iterable[Any], organisations: Sequence[str]) -> Table:
    columns = tuple(look_of(sheet, column, organisations) for column in sheet.columns.values())
    return Table(sheet.sheet, columns, list(sheet.export(things)))


def look_of(sheet: WorkSheet, column: Column, organisations: Sequence[str]) -> ColumnLook:
    widget = column.widget
    chosen = column.choices
    if widget in (sheet.work.organisations, sheet.work.municipalities):
        chosen = tuple(organisations)
    elif isinstance(widget, Known):
        chosen = tuple(widget.by_key)
    return ColumnLook(
        header=column.header,
        help=column.says,
        width=column.width,
        choices=chosen if len(chosen) <= MOST_CHOICES else (),
        is_long=column.is_long,
        is_text=not is_number(column),
    )


def is_number(column: Column) -> bool:
    return type(column.widget) is Said


def read_me_of_all() -> Table:
    """What each column is for, of no plan's workbook in particular."""
    return read_me(kind(Work(Plan(), None)) for kind in ALL_SHEETS)


def read_me(sheets: Iterable[WorkSheet]) -> Table:
    """What each column is for, with an example."""
    columns = (
        ColumnLook("Blad", width=20),
        ColumnLook("Kolumn", width=28),
        ColumnLook("Måste finnas", width=14),
        ColumnLook("Vad du skriver", width=60, is_long=True),
        ColumnLook("Till exempel", width=40, is_long=True),
    )
    rows = [
        [sheet.sheet, column.header, "ja" if column.is_needed else "", what_to_write(column), column.example]
        for sheet in sheets
        for column in sheet.columns.values()
    ]
    return Table(READ_ME, columns, rows)


def what_to_write(column: Column) -> str:
    choices = f"Något av: {', '.join(column.choices)}." if column.choices else ""
    return " ".join(filter(None, (column.says, choices)))


def names_in(work: Work) -> list[str]:
    """What those who have a part in the revision are called: nobody else stands in its file."""
    answering = Responsibility.objects.filter(revision=work.draft).values("organisation")
    found = Organisation.objects.filter(pk__in=answering) | Organisation.objects.filter(
        pk__in=work.plan.partners.values("pk")
    )
    return sorted({work.organisations.render(each) for each in found})


def offered_names(work: Work) -> list[str]:
    """What those are called that whoever works with the draft may choose."""
    return sorted({work.organisations.render(each) for each in work.organisations.by_key.values()})


def things_of(sheet: WorkSheet, revision: Revision) -> Iterable[Any]:
    """What stands on the sheet, as the document is read."""
    match sheet:
        case PlanSheet():
            return [with_partners(revision.plan)]
        case RevisionSheet():
            return [revision]
        case DecisionSheet():
            decisions = Decision.objects.filter(revision=revision).select_related("municipality")
            return list(decisions.order_by("municipality__key"))
        case IndicatorSheet():
            return list(indicators_of(revision))
        case BreakSheet():
            breaks = SeriesBreak.objects.filter(indicator__in=indicators_of(revision))
            return list(breaks.select_related("indicator").order_by("indicator__slug", "year"))
        case RowSheet():
            return in_reading_order(sheet._meta.model, revision)
    raise LookupError(sheet.sheet)


def indicators_of(revision: Revision) -> Any:
    """Those by which the revision's goals are measured."""
    return Indicator.objects.filter(targets__revision=revision).distinct().order_by("slug")


def in_reading_order(model: Any, revision: Revision) -> Iterator[Row]:
    """Rows of a kind, by what they stand below and then in their own order; never many of them at once."""
    related = [field.name for field in model._meta.concrete_fields if field.is_relation]
    ids = ids_in_reading_order(model, revision)
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        found = {row.pk: row for row in model.objects.filter(pk__in=some).select_related(*related)}
        yield from (found[each] for each in some)


def ids_in_reading_order(model: Any, revision: Revision) -> list[int]:
    """The rows' ids; takes a statement a level."""
    rows = model.objects.filter(revision=revision).order_by("order", "pk")
    found = list(rows.values_list("pk", *(f"{name}_id" for name in model.within)))
    for number, name in enumerate(model.within, 1):
        above = ids_in_reading_order(model._meta.get_field(name).related_model, revision)
        places = {each: place for place, each in enumerate(above)}
        found.sort(key=lambda row: places.get(row[number], -1))
    return [pk for pk, *_above in found]
