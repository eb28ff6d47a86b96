"""A plan's workbook on its way out: the same plan always gives the same cells, and no time of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from actionplan.models import Decision, Indicator, Responsibility, Revision, Row, SeriesBreak
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

ALL_SHEETS: tuple[type[WorkSheet], ...] = (PlanSheet, RevisionSheet, DecisionSheet, *SHEETS)


def tables_of(revision: Revision) -> list[Table]:
    """The workbook of a revision, whole: what it says is public when the revision is."""
    work = Work(revision.plan, revision)
    sheets = [kind(work) for kind in ALL_SHEETS]
    organisations = names_in(work)
    return [read_me(sheets), *(table_of(each, things_of(each), organisations) for each in sheets)]


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


def things_of(sheet: WorkSheet) -> Iterable[Any]:
    """What stands on the sheet, as the document is read."""
    draft = sheet.work.draft
    match sheet:
        case PlanSheet():
            return [with_partners(draft.plan)]
        case RevisionSheet():
            return [draft]
        case DecisionSheet():
            decisions = Decision.objects.filter(revision=draft).select_related("municipality")
            return list(decisions.order_by("municipality__key"))
        case IndicatorSheet():
            return list(indicators_of(draft))
        case BreakSheet():
            breaks = SeriesBreak.objects.filter(indicator__in=indicators_of(draft))
            return list(breaks.select_related("indicator").order_by("indicator__slug", "year"))
        case RowSheet():
            return in_reading_order(sheet._meta.model, draft)
    raise LookupError(sheet.sheet)


def indicators_of(revision: Revision) -> Any:
    """Those by which the revision's goals are measured."""
    return Indicator.objects.filter(targets__revision=revision).distinct().order_by("slug")


def in_reading_order(model: Any, revision: Revision) -> list[Row]:
    """Rows of a kind, by what they stand below and then in their own order; takes a statement a level."""
    related = [field.name for field in model._meta.concrete_fields if field.is_relation]
    rows = list(model.objects.filter(revision=revision).select_related(*related).order_by("order", "pk"))
    for name in model.within:
        above = in_reading_order(model._meta.get_field(name).related_model, revision)
        places = {row.pk: place for place, row in enumerate(above)}
        rows.sort(key=lambda row: places.get(getattr(row, f"{name}_id"), -1))
    return rows
