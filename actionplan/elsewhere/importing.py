"""Importing a table from elsewhere: made into our own sheets, imported as those are, and told of as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from actionplan.elsewhere.choices import ORGANISATIONS, Choices, Role, choices_of, table_of
from actionplan.elsewhere.guessing import tells_status
from actionplan.elsewhere.names import Register
from actionplan.elsewhere.turning import PARTS, Names, Source, Turned, turn
from actionplan.importing import held_draft
from actionplan.keys import free_key
from actionplan.kinds import organisations_open_to
from actionplan.models import Part, Plan, Responsibility
from actionplan.workbook.importing import take_in
from actionplan.workbook.rows import ActivitySheet, AreaSheet, ChallengeSheet, ResponsibleSheet
from actionplan.workbook.work import Work
from exchange import steps
from exchange.books import Book, Sheet
from exchange.models import Upload
from exchange.resources import folded, labels_of, shortened
from exchange.telling import CellTold, Deed, Fault, NotImported, RowTold, SheetTold, Told, in_order
from municipalities.history import from_file, remember
from municipalities.models import Kind, Organisation, User

TABLE = "table"
"""What the file is sent for."""

UNSAID = ("Nyckel", "Ordning", "Utmaning")
"""Columns of our own that aren't told of by themselves: the table doesn't have them as they are."""


@task(priority=steps.SOMEBODY_WAITS)
def look_through(number: str) -> None:
    steps.look_through(number, take_in_table)


@task(priority=steps.SOMEBODY_WAITS)
def carry_out(number: str) -> None:
    steps.carry_out(number, take_in_table)


def organisations_known_to(person: User, plan: Plan) -> Register:
    """Those that the person may let answer for an activity, to find names among."""
    return Register(organisations_open_to(person, plan).order_by("key"))


def take_in_table(upload: Upload, book: Book) -> Told:
    """Imports the table as chosen, and tells what becomes of each of its rows."""
    draft, choices = held_draft(upload), choices_of(upload.asked)
    sheet = table_of(book, choices.sheet)
    if sheet is None or not choices.is_made or not {*choices.columns} <= {*sheet.headers}:
        raise NotImported(_("Det är inte valt vad kolumnerna är. Välj det först."))
    by, why = upload.owner, from_file(upload.name)
    register = organisations_known_to(by, draft.plan)
    new = new_organisations(Names(sheet, choices, register), sheet) if by.administers else []
    for organisation in new:
        remember(organisation, by, why).save()
    if new:
        register = Register([*register.organisations, *new])
    turned = turn(sheet, choices, draft, register)
    before = who_answers(turned)
    work = Work(draft.plan, draft, by=by, why=why)
    told = take_in(work, turned.book) if turned.book.sheets else Told(())
    relieve(turned, choices, by, why)
    return retold(told, turned, sheet, choices, before, new)


# Organisations


def names_of(names: Names, sheet: Sheet) -> Counter[str]:
    """The names of those who answer, as each is first written, and in how many rows it stands."""
    columns = [sheet.headers.index(header) for header in names.choices.of(*ORGANISATIONS)]
    written: dict[str, str] = {}
    found: Counter[str] = Counter()
    for line in sheet.lines:
        here = {folded(name): name for column in columns for name in names.taken_apart(line.cells[column])}
        for same, name in here.items():
            found[written.setdefault(same, name)] += 1
    return found


def names_to_ask(names: Names, sheet: Sheet) -> dict[str, int]:
    """Names that no organisation is called, and in how many rows each stands."""
    return {name: rows for name, rows in names_of(names, sheet).items() if names.exactly(name) is None}


def new_organisations(names: Names, sheet: Sheet) -> list[Organisation]:
    """Those that it has been said that names in the table are, and that aren't there yet; not saved."""
    taken = set(Organisation.objects.values_list("key", flat=True))
    made: dict[str, Organisation] = {}
    for name in names_to_ask(names, sheet):
        who = names.choices.who(name)
        if who is None or not who.kind or folded(who.name) in made or names.exactly(who.name):
            continue
        new = Organisation(
            key=free_key(who.name[:40], taken), name=who.name, short_name=who.name[:60], kind=Kind(who.kind)
        )
        new.full_clean()
        taken.add(new.key)
        made[folded(who.name)] = new
    return list(made.values())


Answering = dict[tuple[str, str], list[str]]
"""Names of those who answer for an activity, by its key and their part."""


def who_answers(turned: Turned) -> Answering:
    """Who answers for the activities that stand in the draft already, before anything is imported."""
    standing = [each.standing.pk for each in turned.sources if each.standing]
    found: Answering = {}
    rows = Responsibility.objects.filter(activity__in=standing).select_related("activity", "organisation")
    for each in rows.order_by("order", "pk"):
        found.setdefault((each.activity.key, each.part), []).append(each.organisation.name)
    return found


def relieve(turned: Turned, choices: Choices, by: User, why: str) -> None:
    """Lets those not answer any longer that the table doesn't name, in the parts that it has columns for."""
    parts = [part for role, part in PARTS.items() if choices.of(role)]
    wanted = {each.standing.pk: each.answering for each in turned.sources if each.standing}
    standing = Responsibility.objects.filter(activity__in=wanted, part__in=parts)
    for each in standing.select_related("organisation", "revision"):
        if each.organisation not in wanted[each.activity_id]:
            remember(each, by, why).delete()


# What is told of it


def retold(
    told: Told, turned: Turned, sheet: Sheet, choices: Choices, before: Answering, new: list[Organisation]
) -> Told:
    """What was told of our own sheets, as what becomes of the rows of the table."""
    by_name = {each.name: each for each in told.sheets}
    faults = [*turned.faults, *faults_elsewhere(told, turned, sheet.name)]
    refused = {fault.row for fault in faults}
    activities = {row.number: row for row in of_file(by_name.get(ActivitySheet.sheet))}
    levels = [row.number for name in LEVEL_SHEETS for row in of_file(by_name.get(name))]
    rows = []
    for source in turned.sources:
        if source.number in refused:
            rows.append(RowTold(source.number, Deed.REFUSED, first_said(source)))
        elif source.is_level:
            rows.append(of_level(source, is_new=source.number in levels))
        else:
            rows.append(of_activity(source, activities[source.number], choices, before))
    remarks = tuple(remarks_on(turned, by_name.get(ActivitySheet.sheet)))
    table = SheetTold(sheet.name, tuple(rows), tuple(in_order(faults)), remarks)
    made = [as_new(by_name[name]) for name in LEVEL_SHEETS if name in by_name]
    if new:
        lines = (RowTold(0, Deed.NEW, shortened(each.name)) for each in new)
        made.append(SheetTold("Organisationer", tuple(lines)))
    sheets = (*(each for each in made if each.rows), table)
    return replace(told, sheets=sheets, remarks=tuple(of_columns(choices)))


LEVEL_SHEETS = (AreaSheet.sheet, ChallengeSheet.sheet)


def of_file(told: SheetTold | None) -> list[RowTold]:
    """The rows that came in the sheet; those that only stand in the draft aren't told of."""
    return [row for row in told.rows if row.number] if told else []


def as_new(told: SheetTold) -> SheetTold:
    """What is made new on the way: no rows of the table by themselves."""
    rows = [
        replace(row, number=0, cells=(), remark=_("Från rad %(number)d.") % {"number": row.number})
        for row in of_file(told)
        if row.what == Deed.NEW
    ]
    return SheetTold(told.name, tuple(rows))


def first_said(source: Source) -> str:
    return shortened(source.title or next((cell for cell in source.cells.values() if cell.strip()), ""))


def of_level(source: Source, *, is_new: bool) -> RowTold:
    what = Deed.NEW if is_new else Deed.UNCHANGED
    title = source.place.heading or source.place.challenge or source.place.area
    return RowTold(source.number, what, shortened(title), remark=_("Säger bara var raderna under hör hemma."))


def of_activity(source: Source, told: RowTold, choices: Choices, before: Answering) -> RowTold:
    cells = [*of_place(source, told), *(cell for cell in told.cells if cell.column not in UNSAID)]
    cells += of_answering(source, choices, before)
    is_changed = told.what == Deed.UNCHANGED and cells
    return replace(
        told,
        what=Deed.CHANGED if is_changed else told.what,
        cells=tuple(cells),
        remark=" ".join(source.remarks),
    )


def of_place(source: Source, told: RowTold) -> Iterator[CellTold]:
    """Which challenge the activity comes to stand under, by its wording."""
    stood = source.standing.challenge.title if source.standing else ""
    if any(cell.column == "Utmaning" for cell in told.cells) and source.place.challenge:
        yield CellTold("Utmaning", stood, source.place.challenge)


def of_answering(source: Source, choices: Choices, before: Answering) -> Iterator[CellTold]:
    """Who comes to answer for the activity, where somebody else did or nobody."""
    for role, part in PARTS.items():
        if choices.of(*ORGANISATIONS):
            stood = before.get((source.key, part), []) if source.standing else []
            now = [each.name for each, its in source.answering.items() if its == part]
            if not choices.of(role):
                now += [each for each in stood if each not in {org.name for org in source.answering}]
            if {*stood} != {*now}:
                yield CellTold(labels_of(Part)[part], "; ".join(stood), "; ".join(now))


def faults_elsewhere(told: Told, turned: Turned, name: str) -> Iterator[Fault]:
    """What is wrong in our own sheets, where it stands in the table.

    Of a row whose activity is wrong nothing is said of those who would have answered for it.
    """
    wrong = {fault.row for fault in told.faults if fault.sheet != ResponsibleSheet.sheet}
    already = set()
    for fault in told.faults:
        is_of_another = fault.sheet == ResponsibleSheet.sheet and fault.row in wrong
        if not is_of_another and (fault.row, fault.says) not in already:
            yield Fault(name, fault.row, column_elsewhere(fault.column, turned.headers), fault.says)
        already.add((fault.row, fault.says))


def column_elsewhere(header: str, headers: dict[Role, str]) -> str:
    """The table's own header of the column that one of our own was made of."""
    return next((headers[role] for role in MADE_OF.get(header, ()) if role in headers), "")


MADE_OF: dict[str, tuple[Role, ...]] = {
    "Nyckel": (Role.KEY, Role.TITLE),
    "Område": (Role.AREA,),
    "Utmaning": (Role.CHALLENGE,),
    "Rubrik": (Role.HEADING,),
    "Aktivitet": (Role.TITLE,),
    "Beskrivning": (Role.DESCRIPTION,),
    "Förväntat resultat": (Role.EXPECTED_RESULT,),
    "Från år": (Role.FIRST_YEAR, Role.YEARS),
    "Till år": (Role.LAST_YEAR, Role.YEARS),
    "Ansvarig, med dokumentets ord": ORGANISATIONS,
    "Organisation": ORGANISATIONS,
    "Del": ORGANISATIONS,
}
"""Our own headers, and what in the table may have become of them."""


def remarks_on(turned: Turned, activities: SheetTold | None) -> Iterator[str]:
    """What is to be said of the rows as a whole."""
    known = sum(source.standing is not None for source in turned.sources)
    if known:
        yield ngettext(
            "%(number)d rad är en aktivitet som redan står i arbetsmaterialet.",
            "%(number)d rader är aktiviteter som redan står i arbetsmaterialet.",
            known,
        ) % {"number": known}
    left = len(activities.of(Deed.LEFT)) if activities else 0
    if left:
        yield ngettext(
            "%(number)d aktivitet i arbetsmaterialet finns inte i tabellen, och står kvar som den är.",
            "%(number)d aktiviteter i arbetsmaterialet finns inte i tabellen, och står kvar som de är.",
            left,
        ) % {"number": left}


def of_columns(choices: Choices) -> Iterator[str]:
    """What isn't imported of the table."""
    skipped = choices.of(Role.SKIP)
    if skipped:
        yield _("Kolumner som inte läses in: %(columns)s.") % {"columns": ", ".join(skipped)}
    if any(map(tells_status, skipped)):
        yield statuses_are_reported()


def statuses_are_reported() -> str:
    return _("Läget läses inte in i en plan. Det rapporteras i årets uppföljning, aktivitet för aktivitet.")
