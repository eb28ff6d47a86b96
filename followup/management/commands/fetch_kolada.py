"""Fetches the outcomes of indicators from Kolada, for all plans or one, in whole or not at all.

What somebody has typed stays as it is, and so do values of a KPI that may be another one now: an editor
chooses about them, on the plan's page. It names no person as author.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actionplan.models import Plan
from exchange.telling import Deed, RowTold, SheetTold, Told
from followup.fetching import PURPOSE, Answer, Wanted, ask, take, wanted
from kolada.client import NotFetched
from municipalities.journal import note
from publishing.formats import swedish_key


class Command(BaseCommand):
    help = "Fetch outcomes from Kolada: tell what is new, changed and gone there, and save it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", metavar="SLUG", help="the plan's address, such as 4m; all without it")
        parser.add_argument("--dry-run", action="store_true", help="tell, and save nothing")

    def handle(self, *args: Any, plan: str | None, dry_run: bool, **options: Any) -> None:
        asked = [found for each in plans(plan) if (found := wanted(each)).indicators and found.partners]
        try:
            answers = [(each, ask(each.question)) for each in asked]
        except NotFetched as refusal:
            raise CommandError(refusal.sentence) from refusal
        try:
            told = keep(answers, dry_run=dry_run)
        except IntegrityError as error:
            sentence = _("Någon annan sparar utfall just nu, så inget sparades. Försök igen om en stund.")
            raise CommandError(sentence) from error
        for each, what in told:
            self.stdout.writelines(lines(each, what))
        if not told:
            self.stdout.write(_("Ingen indikator har ett nyckeltal i Kolada."))
        elif dry_run:
            self.stdout.write(_("Inget är sparat: det här var ett prov."))


def plans(slug: str | None) -> list[Plan]:
    """All plans, or the one with that address."""
    found = Plan.objects.with_parties()
    if slug is None:
        return sorted(found, key=lambda each: swedish_key(each.title))
    if not (chosen := found.filter(slug=slug)):
        raise CommandError(_("Det finns ingen plan med adressen %(slug)s.") % {"slug": slug})
    return list(chosen)


def keep(answers: list[tuple[Wanted, Answer]], *, dry_run: bool) -> list[tuple[Wanted, Told]]:
    """What was done for each of the plans, or would be; for all of them or none."""
    with transaction.atomic():
        told = [(asked, take(asked, answer, is_alone=True)) for asked, answer in answers]
        if dry_run:
            transaction.set_rollback(True)
        else:
            for asked, _what in told:
                note("outcomes.fetched", purpose=PURPOSE, into=asked.plan.slug)
    return told


def lines(asked: Wanted, told: Told) -> Iterator[str]:
    """What became of a plan's indicators, each with what is to be said of it."""
    yield asked.plan.title
    for remark in told.remarks:
        yield f"  {remark}"
    for sheet in told.sheets:
        yield f"  {sheet.name}: {how_many(sheet)}"
        for warning in sheet.remarks:
            yield "    " + _("Varning: %(sentence)s") % {"sentence": warning}
        for row in sheet.rows:
            if row.what != Deed.UNCHANGED:
                yield f"    {what_happened(row)}"


def how_many(sheet: SheetTold) -> str:
    counts = sheet.counts
    said = _("%(new)d nya, %(changed)d ändrade, %(vanished)d borta, %(unchanged)d som förut") % counts
    if counts[Deed.CHOICE]:
        said += _(", %(choice)d lämnade av någon med ett annat värde") % counts
    if counts[Deed.LEFT]:
        said += _(", %(left)d som väntar på en redaktör") % counts
    return said


def what_happened(row: RowTold) -> str:
    """A value that is, or could be, another one than before."""
    first = row.cells[0]
    if row.what == Deed.NEW:
        return _("Ny: %(where)s, %(value)s") % {"where": row.title, "value": first.after}
    words = {"where": row.title, "before": first.before or "–", "after": first.after}
    if row.what == Deed.CHANGED:
        return _("Ändrad: %(where)s, %(before)s → %(after)s") % words
    if row.what == Deed.VANISHED:
        return _("Borta: %(where)s, %(before)s → saknas") % words
    if row.what == Deed.CHOICE:
        return _("Lämnas: %(where)s, %(before)s står kvar; Kolada säger %(after)s") % words
    return _("Väntar: %(where)s, %(before)s står kvar; Kolada säger %(after)s") % words
