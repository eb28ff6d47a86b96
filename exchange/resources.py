"""Sheets as resources of django-import-export: what a column holds, and what becomes of each row.

The library walks through the rows; what a row may say is up to form fields and models, as it is on the pages.
What has changed is told here, since the library would copy each row with all that it knows, and make HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import tablib
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import RowResult
from import_export.widgets import Widget

from exchange.books import Sheet
from exchange.telling import CellTold, Deed, Fault, RowTold, SheetTold
from exchange.writing import Cell, as_text
from publishing.languages import in_the_portals_language

WHAT_BECAME = {
    RowResult.IMPORT_TYPE_NEW: Deed.NEW,
    RowResult.IMPORT_TYPE_UPDATE: Deed.CHANGED,
    RowResult.IMPORT_TYPE_SKIP: Deed.UNCHANGED,
    RowResult.IMPORT_TYPE_INVALID: Deed.REFUSED,
}

TITLE_LENGTH = 100


# What a cell may hold


class Said(Widget):
    """What a form's field would take, held against the same demands."""

    def __init__(self, field: forms.Field) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Raises ValidationError."""
        return self.field.clean(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class Choice(Widget):
    """One of some choices, by what it is called in files; its value will do as well."""

    def __init__(self, choices: type[models.TextChoices], *, unsaid: str | None = None) -> None:
        super().__init__()
        self.labels = labels_of(choices)
        self.unsaid = unsaid

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Raises ValidationError; `unsaid` is what an empty cell means."""
        if not value and self.unsaid is not None:
            return self.unsaid
        for each, label in self.labels.items():
            if folded(value) in (folded(each), folded(label)):
                return each
        words = ", ".join(self.labels.values())
        raise ValidationError(_("Skriv något av: %(words)s.") % {"words": words})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self.labels.get(value, "")


@in_the_portals_language
def labels_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """What the choices are called in files, whoever asks, by value."""
    return {str(value): str(label) for value, label in choices.choices}


class Flag(Widget):
    """Yes or no; nothing means no."""

    WORDS = {"ja": True, "nej": False, "": False, "sant": True, "falskt": False, "true": True, "false": False}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        if folded(value) not in self.WORDS:
            raise ValidationError(_("Skriv ja eller nej."))
        return self.WORDS[folded(value)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "ja" if value else "nej"


class Known(Widget):
    """A thing that the portal, or the file itself, knows by a key or a name.

    `missing` is the sentence for a name that nothing has, with %(name)s in it, and `needed` the one for an
    empty cell; without it that means None.
    """

    def __init__(self, *, missing: Any, needed: Any = "") -> None:
        super().__init__()
        self.missing, self.needed = missing, needed
        self.by_key: dict[str, Any] = {}
        self.by_name: dict[str, list[Any]] = {}
        self.refused: dict[str, str] = {}

    def offer(self, thing: Any, key: str, *names: str) -> None:
        """Lets the cell mean the thing, by its key or any of its names."""
        self.by_key[folded(key)] = thing
        for name in {folded(each) for each in names if each}:
            if thing not in (named := self.by_name.setdefault(name, [])):
                named.append(thing)

    def refuse(self, sentence: str, *names: str) -> None:
        """What is called so is in the file, and can't be imported: the sentence tells where it is."""
        self.refused |= {folded(each): sentence for each in names if each}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value:
            return self.find(value)
        if self.needed:
            raise ValidationError(str(self.needed))
        return None

    def find(self, name: str) -> Any:
        """Raises ValidationError when nothing is called so, or several things are."""
        wanted = folded(name)
        if wanted in self.by_key:
            return self.by_key[wanted]
        found = self.by_name.get(wanted, [])
        if len(found) > 1:
            raise ValidationError(_("Flera heter ”%(name)s”. Skriv nyckeln i stället.") % {"name": name})
        if found:
            return found[0]
        raise ValidationError(self.refused.get(wanted) or str(self.missing) % {"name": name})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value.key


def folded(text: str) -> str:
    """A name as it is compared: case and spaces make no difference."""
    return " ".join(text.split()).casefold()


# Columns and sheets


class Column(Field):
    """A column of a sheet, by its header.

    `says` tells whoever fills it in what to write; `example` stands in the empty template. A file must have
    the column where `is_needed`, and where it lacks another one, what stands in the portal is left as it is.
    """

    def __init__(
        self,
        attribute: str,
        header: str,
        widget: Widget,
        *,
        says: str = "",
        example: str = "",
        is_needed: bool = False,
        is_long: bool = False,
        width: int = 18,
    ) -> None:
        super().__init__(attribute=attribute, column_name=header, widget=widget)
        self.says, self.example = says, example
        self.is_needed, self.is_long, self.width = is_needed, is_long, width

    @property
    def header(self) -> str:
        header: str = self.column_name
        return header

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be picked from a list, where that is known beforehand."""
        if isinstance(self.widget, Choice):
            return tuple(self.widget.labels.values())
        return ("ja", "nej") if isinstance(self.widget, Flag) else ()

    def cell(self, instance: Any) -> Cell:
        """What stands in the cell of a thing, as a written file has it."""
        value: Cell = self.export(instance)
        return value

    def text(self, instance: Any) -> str:
        """The same as text, as it is shown and compared."""
        return as_text(self.cell(instance), point=",")


class SheetResource(ModelResource):
    """A sheet whose rows are rows of a model. Subclasses say which, and how a row is found and saved.

    Rows are saved one by one in the transaction that `take` is called in, so that each can build upon those
    before it; nothing but its faults should be kept of a sheet that has any.
    """

    sheet: ClassVar[str]
    """Its name in files."""

    class Meta:
        skip_diff = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """The columns are those that the class names, in that order, and no other fields of the model."""
        super().__init_subclass__(**kwargs)
        cls.Meta = type("Meta", (cls.Meta,), {"fields": tuple(cls.fields)})  # type: ignore[misc, assignment]

    def __init__(self) -> None:
        super().__init__()
        self.is_read = False
        self.met: set[Any] = set()

    def find(self, row: dict[str, str]) -> Any:
        """The thing that the row is about; None when it is a new one. ValidationError when that is wrong."""
        raise NotImplementedError

    def begin(self, row: dict[str, str]) -> Any:
        """A new thing, of which the columns aren't filled in yet."""
        return self._meta.model()

    def check(self, thing: Any, row: dict[str, str]) -> None:
        """Raises ValidationError for what the model itself doesn't refuse."""

    def save(self, thing: Any, *, is_new: bool, row: dict[str, str]) -> None:
        """Saves the thing with a line in the log of changes; may raise ValidationError."""
        raise NotImplementedError

    def refused(self, number: int, row: dict[str, str]) -> None:
        """Is told of a row that can't be imported, once all of the sheet's have been tried."""

    def called(self, thing: Any) -> str:
        return str(thing)

    # What files have

    @property
    def columns(self) -> dict[str, Column]:
        """By their names as fields, in the order of the file."""
        return {name: self.fields[name] for name in self._meta.fields}

    @property
    def headers(self) -> dict[str, str]:
        """The headers by the name of what they are about."""
        return {column.attribute: column.header for column in self.columns.values()}

    def row_of(self, thing: Any) -> list[Cell]:
        return [column.cell(thing) for column in self.columns.values()]

    def texts_of(self, thing: Any) -> dict[str, str]:
        return {column.header: column.text(thing) for column in self.columns.values()}

    # What comes in

    def take(self, sheet: Sheet) -> SheetTold:
        """Imports the rows, and tells what became of each; every row of the sheet is told of once."""
        known = {folded(column.header): column.header for column in self.columns.values()}
        if faults := self.wrong_headers(sheet, known):
            return replace(refused_whole(sheet), faults=tuple(faults))
        self.lines, self.name = sheet.lines, sheet.name
        self.is_read = True
        headers = [known[folded(header)] for header in sheet.headers]
        table = tablib.Dataset(*(line.cells for line in sheet.lines), headers=headers)
        self.faults: list[Fault] = []
        result = self.import_data(table, use_transactions=False)
        for error in result.base_errors:
            raise error.error
        rows = [self.told(line.number, row) for line, row in zip(sheet.lines, result.rows, strict=True)]
        return SheetTold(sheet.name, tuple(rows), tuple(self.faults), tuple(self.remarks(headers)))

    def wrong_headers(self, sheet: Sheet, known: dict[str, str]) -> list[Fault]:
        """What is wrong with the header: columns that aren't known, and those that are needed."""
        there = {folded(header) for header in sheet.headers}
        all_of_them = ", ".join(column.header for column in self.columns.values())
        sentence = _("Kolumnen finns inte i bladet. Ta bort den, eller byt rubrik. Här finns: %(columns)s.")
        faults = [
            Fault(sheet.name, 0, header, sentence % {"columns": all_of_them})
            for header in sheet.headers
            if folded(header) not in known
        ]
        for column in self.columns.values():
            if column.is_needed and folded(column.header) not in there:
                faults.append(
                    Fault(sheet.name, 0, column.header, _("Kolumnen saknas i filen. Lägg till den."))
                )
        return faults

    def remarks(self, headers: Sequence[str]) -> Iterable[str]:
        """What is to be said of the sheet as a whole: which columns it lacks."""
        lacking = [column.header for column in self.columns.values() if column.header not in headers]
        if lacking:
            sentence = _("Kolumner som inte finns i filen lämnas som de är: %(columns)s.")
            yield sentence % {"columns": ", ".join(lacking)}

    def told(self, number: int, row: RowResult) -> RowTold:
        for error in row.errors:  # nobody's mistake but the portal's
            raise error.error
        what = WHAT_BECAME[row.import_type]
        if row.validation_error is not None:
            self.faults += self.faults_in(number, row.validation_error)
            self.refused(number, row.row)
        return RowTold(number, what, row.title, row.cells if what != Deed.REFUSED else ())

    def faults_in(self, number: int, error: ValidationError) -> Iterable[Fault]:
        """What is wrong with a row, at the column that it is about."""
        by_name = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in by_name.items():
            header = self.headers.get(name, "")
            for sentence in sentences:
                yield Fault(self.name, number, header, sentence)

    # How the library is led through a row

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        return self.find(row)

    def init_instance(self, row: dict[str, str] | None = None) -> Any:
        return self.begin(row or {})

    def import_row(self, row: dict[str, str], instance_loader: Any, **kwargs: Any) -> Any:
        self.before: dict[str, str] = {}
        self.now: Any = None
        result = super().import_row(row, instance_loader, **kwargs)
        self.progress()
        result.row = row
        is_known = result.validation_error is None and not result.errors
        result.title = shortened(self.called(self.now)) if is_known else first_words(row.values())
        result.cells = tuple(self.changed(self.now)) if is_known else ()
        return result

    def after_init_instance(self, instance: Any, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        self.is_new, self.now = new, instance
        if not new:
            self.met.add(instance.pk)
        self.before = {} if new else self.texts_of(instance)

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """Fills in the columns; raises ValidationError for all of them that are wrong at once."""
        wrong: dict[str, Any] = {}
        for column in self.columns.values():
            try:
                self.import_field(column, instance, row, **kwargs)
            except ValidationError as error:
                wrong[column.attribute] = error.messages
        if wrong:
            raise ValidationError(wrong)

    def skip_row(
        self, instance: Any, original: Any, row: dict[str, str], import_validation_errors: Any = None
    ) -> bool:
        """Whether the row says what stands there already."""
        return not (self.is_new or import_validation_errors or any(self.changed(instance)))

    def changed(self, thing: Any) -> Iterable[CellTold]:
        """The cells that say something else than before; of what is new those that say something."""
        for header, after in self.texts_of(thing).items():
            if after != (before := self.before.get(header, "")):
                yield CellTold(header, before, after)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Raises ValidationError for all that is wrong with the row, by what it is about.

        What the fields promise together is asked once each of them is right, as forms do.
        """
        wrong: dict[str, Any] = dict(import_validation_errors or {})
        gather(wrong, instance.clean_fields, exclude={*wrong, *self.settled})
        if not wrong:
            gather(wrong, instance.clean)
        gather(wrong, instance.validate_unique, exclude=set(wrong))
        gather(wrong, instance.validate_constraints, exclude=set(wrong))
        if not wrong:
            gather(wrong, self.check, instance, self.row)
        if wrong:
            raise ValidationError(wrong)

    def progress(self) -> None:
        """Is called when a row has been gone through, for whoever wants to know."""

    settled: tuple[str, ...] = ()
    """Names of foreign keys that were found in the database, and aren't asked for once more."""

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        self.row, self.number = row, self.lines[kwargs["row_number"] - 1].number

    def save_instance(self, instance: Any, is_create: bool, row: dict[str, str], **kwargs: Any) -> None:
        self.save(instance, is_new=is_create, row=row)


def refused_whole(sheet: Sheet, *sentences: str) -> SheetTold:
    """A sheet of which nothing is imported, and what is wrong with it as a whole."""
    rows = [RowTold(line.number, Deed.REFUSED, first_words(line.cells)) for line in sheet.lines]
    return SheetTold(sheet.name, tuple(rows), tuple(Fault(sheet.name, 0, "", each) for each in sentences))


def gather(wrong: dict[str, Any], ask: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Adds what `ask` finds wrong to the rest."""
    try:
        ask(*args, **kwargs)
    except ValidationError as error:
        error.update_error_dict(wrong)


def first_words(cells: Iterable[str]) -> str:
    """What a row that isn't understood is told by."""
    return shortened(next((cell for cell in cells if cell), ""))


def shortened(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
