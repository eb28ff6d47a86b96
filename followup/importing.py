"""An indicator's outcomes out of a file, and as a file to fill in: a row for each municipality and year.

What a row may say is what the page takes where outcomes are typed, and it is saved as there: as the next
numbered row, by whoever sent the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task
from import_export.results import RowResult

from actionplan.models import Indicator, Plan
from exchange import steps
from exchange.books import Book, Sheet
from exchange.models import Upload
from exchange.resources import Choice, Column, Flag, Known, Said, SheetResource, gather
from exchange.telling import Deed, Fault, NotImported, RowTold, Told, faults_alone
from exchange.writing import ColumnLook, Table
from followup.forms.outcomes import OutcomeForm, contradictions
from followup.measuring import enter_outcome, says
from followup.models import Conflict, MissingReason, Outcome
from followup.queries import latest_outcomes, years_to_measure
from followup.reports.outcome import far_outside
from municipalities.models import Municipality, User
from publishing.formats import joined, long_date, swedish_key

PURPOSE = "outcomes"

ATTEMPTS = 3
"""How many times a file is begun with from the start, when somebody saves one of its outcomes meanwhile."""

Outcomes = Mapping[tuple[str, int, int], Outcome]
"""What is said now, by indicator's slug, municipality's id and year."""


@dataclass(frozen=True)
class Measuring:
    """An indicator in a plan: where and in which years it is measured, and what is said so far."""

    plan: Plan
    indicator: Indicator
    partners: tuple[Municipality, ...]
    years: tuple[int, ...]
    outcomes: Outcomes

    def now(self, municipality: Municipality, year: int) -> Outcome | None:
        return self.outcomes.get((self.indicator.slug, municipality.pk, year))


def measuring(plan: Plan, indicator: Indicator) -> Measuring:
    """In three statements. The years are those in which the page takes the outcome."""
    partners = sorted(plan.partners.all(), key=lambda each: swedish_key(each.short_name))
    return Measuring(
        plan=plan,
        indicator=indicator,
        partners=tuple(partners),
        years=tuple(years_to_measure(plan, indicator)),
        outcomes=latest_outcomes([indicator.slug], partners, public_only=False),
    )


def about(plan: Plan, indicator: Indicator) -> str:
    """What a file of the indicator's outcomes is imported into."""
    return f"{plan.slug}/{indicator.slug}"


class Partner(Known):
    """One of the plan's municipalities, by name, key or municipal code, from which Excel may take a zero."""

    def of(self, partners: Iterable[Municipality]) -> None:
        self.called = [each.short_name for each in partners]
        for each in partners:
            code = each.municipal_code
            self.offer(each, each.key, each.name, each.short_name, code, code.lstrip("0"))
        sentence = _("Ingen av planens kommuner heter ”%(name)s”. De är %(partners)s.")
        self.missing = sentence % {"name": "%(name)s", "partners": joined(self.called).replace("%", "%%")}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The name that the pages' tables have, unless another municipality of the plan has it as well."""
        if value is None:
            return ""
        return value.short_name if self.called.count(value.short_name) == 1 else value.key


class Year(Said):
    """A year with four figures."""

    def __init__(self) -> None:
        sentence = gettext_lazy("Skriv året med fyra siffror, till exempel 2016.")
        messages = {"required": sentence, "invalid": sentence, "min_value": sentence, "max_value": sentence}
        super().__init__(forms.IntegerField(min_value=1000, max_value=9999, error_messages=messages))


def as_typed(name: str) -> Said:
    """What the page's field of that name takes."""
    return Said(OutcomeForm.base_fields[name])


class OutcomeSheet(SheetResource):
    """What an indicator shows, and where it shows nothing why."""

    sheet = "Utfall"

    municipality = Column(
        "municipality",
        "Kommun",
        Partner(missing="", needed=gettext_lazy("Skriv vilken kommun det gäller.")),
        says="Kommunens namn, som Enköping, eller dess kommunkod, som 0381.",
        is_needed=True,
    )
    year = Column("year", "År", Year(), says="Året som mättes, med fyra siffror.", is_needed=True, width=10)
    value = Column(
        "value",
        "Värde",
        as_typed("value"),
        says="Ett tal med alla decimaler du har, som 74,5. Lämna tomt där det inte finns något värde.",
    )
    missing_reason = Column(
        "missing_reason",
        "Varför värdet saknas",
        Choice(MissingReason, unsaid=""),
        says="Bara där det inte finns något värde. Välj i listan.",
        width=24,
    )
    preliminary = Column(
        "preliminary",
        "Preliminärt",
        Flag(),
        says="Skriv ja om värdet kan komma att ändras, annars nej.",
        width=13,
    )
    source = Column(
        "source",
        "Källa",
        as_typed("source"),
        says="Till exempel Kolada, SCB eller kommunens egen mätning.",
        width=30,
    )
    source_url = Column(
        "source_url",
        "Källans adress",
        as_typed("source_url"),
        says="Om källan finns på webben, till exempel https://www.kolada.se",
        width=40,
    )

    NUMBERS: ClassVar[tuple[str, ...]] = ("year", "value")

    class Meta(SheetResource.Meta):
        model = Outcome

    def __init__(self, measured: Measuring, by: User) -> None:
        super().__init__()
        self.measured, self.by = measured, by
        self.fields["municipality"].widget.of(measured.partners)
        self.told_at: dict[tuple[int, int], int] = {}

    # Out

    def table(self) -> Table:
        """What is said so far, with a row for all that can be said: read in again it changes nothing."""
        measured = self.measured
        rows = [
            self.row_of(measured.now(partner, year) or self.unsaid(partner, year))
            for year in measured.years
            for partner in measured.partners
        ]
        return Table(self.sheet, tuple(self.look_of(name) for name in self.columns), rows)

    def unsaid(self, municipality: Municipality, year: int) -> Outcome:
        """A row to fill in, which begins as the page's form does."""
        indicator = self.measured.indicator
        return Outcome(
            municipality=municipality, year=year, source=indicator.source, source_url=indicator.source_url
        )

    def look_of(self, name: str) -> ColumnLook:
        column = self.columns[name]
        partners = tuple(column.widget.called) if isinstance(column.widget, Partner) else ()
        return ColumnLook(
            header=column.header,
            help=column.says,
            width=column.width,
            choices=partners or column.choices,
            is_text=name not in self.NUMBERS,
        )

    # In

    def find(self, row: dict[str, str]) -> Outcome | None:
        """What is said now. A row that doesn't tell of what is told so when all its columns are read."""
        try:
            municipality, year = (self.columns[name].clean(row) for name in ("municipality", "year"))
        except ValidationError:
            return None
        now = self.measured.now(municipality, year)
        return copy(now) if now else None

    def begin(self, row: dict[str, str]) -> Outcome:
        return Outcome(indicator=self.measured.indicator, number=1, author=self.by)

    def import_instance(self, instance: Outcome, row: dict[str, str], **kwargs: Any) -> None:
        wrong: dict[str, Any] = {}
        gather(wrong, super().import_instance, instance, row, **kwargs)
        gather(wrong, self.refuse_twice, instance)
        if wrong:
            raise ValidationError(wrong)
        self.let_go_of_what_is_no_more(instance, row)

    def refuse_twice(self, outcome: Outcome) -> None:
        if outcome.municipality_id is None or outcome.year is None:
            return
        first = self.told_at.setdefault((outcome.municipality_id, outcome.year), self.number)
        if first != self.number:
            sentence = _("Kommunen och året står redan på rad %(number)d. Ta bort en av raderna.")
            raise ValidationError({"municipality": sentence % {"number": first}})

    def let_go_of_what_is_no_more(self, outcome: Outcome, row: dict[str, str]) -> None:
        """Where the file has no column for it, a reason goes when a value comes, and the other way round."""
        if outcome.value is not None and outcome.missing_reason:
            if self.headers["missing_reason"] not in row:
                outcome.missing_reason = ""
            elif self.headers["value"] not in row:
                outcome.value = None
        if outcome.value is None:
            outcome.preliminary = False

    def skip_row(
        self, instance: Any, original: Any, row: dict[str, str], import_validation_errors: Any = None
    ) -> bool:
        """Whether the row says what is said already, or nothing of what nothing is said of."""
        if super().skip_row(instance, original, row, import_validation_errors):
            return True
        return self.is_new and not import_validation_errors and self.is_as_handed_out(instance)

    def is_as_handed_out(self, outcome: Outcome) -> bool:
        blank = says(self.unsaid(outcome.municipality, outcome.year))
        return all(said in (blank[name], "") for name, said in says(outcome).items())

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """As the page's form does; whose number it is, is asked when it is saved."""
        wrong: dict[str, Any] = dict(import_validation_errors or {})
        if "year" not in wrong:
            gather(wrong, self.refuse_other_years, instance.year)
        if not wrong.keys() & {"value", "missing_reason"}:
            gather(wrong, refuse_contradictions, instance)
        gather(wrong, instance.clean_fields, exclude={*wrong, "indicator", "municipality", "author"})
        if wrong:
            raise ValidationError(wrong)

    def refuse_other_years(self, year: int) -> None:
        if year in self.measured.years:
            return
        if not self.measured.years:
            raise ValidationError({"year": _("Planen har ingen uppföljning där indikatorn mäts.")})
        sentence = _("Planen följer inte upp indikatorn %(year)d. Utfall går att lämna för %(years)s.")
        years = joined([str(each) for each in self.measured.years])
        raise ValidationError({"year": sentence % {"year": year, "years": years}})

    def save(self, thing: Outcome, *, is_new: bool, row: dict[str, str]) -> None:
        seen = 0 if is_new else thing.number
        enter_outcome(
            self.measured.indicator, thing.municipality, thing.year, says(thing), seen=seen, by=self.by
        )

    # What is told

    def called(self, thing: Outcome) -> str:
        return f"{thing.municipality.short_name} {thing.year}"

    def import_row(self, row: dict[str, str], instance_loader: Any, **kwargs: Any) -> Any:
        result = super().import_row(row, instance_loader, **kwargs)
        result.remark = ""
        if result.import_type in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE):
            result.remark = " ".join(self.remarks_on(self.now))
        return result

    def told(self, number: int, row: RowResult) -> RowTold:
        told = super().told(number, row)
        cells = () if told.what == Deed.UNCHANGED else told.cells
        return replace(told, cells=cells, remark=row.remark)

    def remarks_on(self, outcome: Outcome) -> Iterable[str]:
        """Whose word it replaces, and whether it may be mistyped."""
        if now := self.measured.now(outcome.municipality, outcome.year):
            yield replaced(now)
        if odd := far_outside(
            outcome.value,
            self.measured.outcomes,
            outcome.municipality,
            outcome.year,
            self.measured.indicator.decimals,
        ):
            yield odd


def refuse_contradictions(outcome: Outcome) -> None:
    if wrong := contradictions(outcome.value, outcome.missing_reason):
        raise ValidationError(wrong)


def replaced(outcome: Outcome) -> str:
    """That the outcome gets a correction after it, and whose word it was."""
    words = {"number": outcome.number, "day": long_date(localdate(outcome.written_at))}
    if outcome.author is None:
        return _("Rättar uppgift %(number)d, hämtad ur offentlig statistik den %(day)s.") % words
    sentence = _("Rättar uppgift %(number)d, som %(who)s sparade den %(day)s.")
    return sentence % {**words, "who": outcome.author}


# The two steps


@task(priority=steps.SOMEBODY_WAITS)
def look_through_outcomes(upload: str) -> None:
    steps.look_through(upload, import_outcomes)


@task(priority=steps.SOMEBODY_WAITS)
def carry_out_outcomes(upload: str) -> None:
    steps.carry_out(upload, import_outcomes)


def import_outcomes(upload: Upload, book: Book) -> Told:
    """Writes the book's outcomes, and tells what it did. Raises NotImported."""
    plan, indicator = imported_into(upload)
    sheet, others = sheet_of(book)
    if others:
        sentence = _("Utfall läses från ett enda blad. Ta bort det här bladet ur filen.")
        return faults_alone(Fault(each.name, 0, "", sentence) for each in others)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                told = OutcomeSheet(measuring(plan, indicator), upload.owner).take(sheet)
                return Told((told,), leads_to=reverse("indicator", args=[plan.slug, indicator.slug]))
        except Conflict:  # by then the other one's outcome can be seen, and is told of
            continue
    raise NotImported(_("Någon annan sparar utfall just nu, så inget lästes in. Försök igen om en stund."))


def imported_into(upload: Upload) -> tuple[Plan, Indicator]:
    """Raises NotImported when they aren't there any more, or not for whoever sent the file."""
    slug, _slash, measure = upload.about.partition("/")
    plan = Plan.objects.with_parties().filter(slug=slug).first()
    indicator = Indicator.objects.filter(slug=measure).first()
    if plan and indicator and upload.owner.has_perm("followup.import_outcomes", plan):
        return plan, indicator
    raise NotImported(_("Du kan inte längre läsa in utfall här, så inget lästes in."))


def sheet_of(book: Book) -> tuple[Sheet, list[Sheet]]:
    """The sheet with the outcomes, and those that don't belong."""
    ours = next((each for each in book.sheets if each.name == OutcomeSheet.sheet), book.sheets[0])
    return ours, [each for each in book.sheets if each is not ours]
