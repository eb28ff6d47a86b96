"""Imports a plan from a workbook into its draft, which is begun if need be: all of it, or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from tqdm import tqdm

from actionplan.drafting import NotDrafted, base_of, draft_of, locked, start
from actionplan.models import Plan, Revision
from actionplan.workbook.importing import take_in
from actionplan.workbook.work import Work
from exchange.books import Book
from exchange.reading import Unreadable, read
from exchange.telling import Deed, Fault, NotImported, Told
from municipalities.history import from_file
from municipalities.journal import held_back, note, pass_on
from municipalities.models import User


class Command(BaseCommand):
    help = "Import a plan from a workbook (.xlsx), or a ZIP of its sheets as CSV, into its draft for a year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--plan", required=True, help="the plan's address, such as 4m; a new one is made")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--by", metavar="EMAIL", help="who the log tells did it")
        parser.add_argument("--remove", action="store_true", help="remove what a sheet of the file lacks")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen, and do nothing")

    def handle(self, *args: Any, file: Path, plan: str, year: int, **options: Any) -> None:
        by, book = author(options["by"]), book_in(file)
        why = from_file(file.name)
        rows = sum(len(sheet.lines) for sheet in book.sheets)
        bar = tqdm(total=rows, unit=_(" rader"), disable=None)
        with bar, held_back() as lines, transaction.atomic():
            work = Work(*plan_and_draft(plan, year, by), by=by, why=why)
            told = self.take(work, book, options["remove"], bar)
            wrong = [*told.faults, *another_plan(work, plan, year)]
            note("file.imported", purpose="plan", into=plan, person=by.pk)
            transaction.set_rollback(bool(wrong) or options["dry_run"])
        self.tell(told)
        if wrong:
            raise CommandError(all_wrong(wrong))
        if options["dry_run"]:
            self.stdout.write(_("Inget är inläst: det här är vad som skulle hända."))
            return
        for line in lines:
            pass_on(line)
        self.stdout.write(_("Inläst i arbetsmaterialet för %(year)d.") % {"year": year})

    def take(self, work: Work, book: Book, removes: bool, bar: Any) -> Told:
        try:
            return take_in(work, book, removes=removes, progress=bar.update)
        except NotImported as refusal:
            raise CommandError(str(refusal)) from refusal

    def tell(self, told: Told) -> None:
        """How many rows of each sheet something happens to."""
        for sheet in told.sheets:
            counts = [
                f"{Deed(deed).label.lower()} {number}" for deed, number in sheet.counts.items() if number
            ]
            self.stdout.write(f"{sheet.name}: {', '.join(counts) or '–'}")
        for remark in told.remarks:
            self.stdout.write(remark)


def author(email: str | None) -> User:
    """Who the log of changes says did it: an administrator."""
    users = User.objects.filter(is_active=True, is_administrator=True).order_by("pk")
    found = (users.filter(email=email.lower()) if email else users).first()
    if found is None:
        raise CommandError(_("Ange en administratör med --by: någon ska stå i loggen som den som läste in."))
    return found


def book_in(file: Path) -> Book:
    try:
        return read(file.read_bytes(), file.name)
    except OSError as error:
        words = {"file": file, "reason": error.strerror}
        raise CommandError(_("%(file)s kunde inte läsas: %(reason)s") % words) from error
    except Unreadable as unreadable:
        raise CommandError(all_wrong(unreadable.faults)) from unreadable


def plan_and_draft(slug: str, year: int, by: User) -> tuple[Plan, Revision | None]:
    """The plan with its draft for the year, begun if need be; a plan that isn't there yet has none."""
    plan = Plan.objects.with_parties().filter(slug=slug).first()
    if plan is None:
        return Plan(), None
    draft = draft_of(plan)
    try:
        draft = locked(draft) if draft else start(plan, base_of(plan), year, by=by)
    except NotDrafted as refusal:
        raise CommandError(str(refusal)) from refusal
    if draft.year != year:
        sentence = _("Arbetsmaterialet är för %(draft)d, inte %(year)d. Fastställ eller kasta det först.")
        raise CommandError(sentence % {"draft": draft.year, "year": year})
    draft.plan = plan
    return plan, draft


def another_plan(work: Work, slug: str, year: int) -> list[Fault]:
    """What is wrong when the file holds a new plan that isn't the one that was asked for."""
    faults = []
    if work.plan.slug not in (slug, "-"):
        words = {"told": work.plan.slug, "asked": slug}
        faults.append(Fault("Plan", 0, "Adress", _("Filen är för %(told)s, inte %(asked)s.") % words))
    if work.draft.year != year:
        words = {"told": str(work.draft.year), "asked": str(year)}
        faults.append(Fault("Revidering", 0, "År", _("Filen är för %(told)s, inte %(asked)s.") % words))
    return faults


def all_wrong(faults: Iterable[Fault]) -> str:
    return "\n".join([*map(fault_line, faults), _("Inget är inläst.")])


def fault_line(fault: Fault) -> str:
    """Where something is wrong, and what."""
    row = _("rad %(number)d") % {"number": fault.row} if fault.row else ""
    place = ", ".join(filter(None, (fault.sheet, row, fault.column)))
    return f"{place}: {fault.says}" if place else fault.says
