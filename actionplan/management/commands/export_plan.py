"""Writes a plan as decided for a year, or its draft, to a workbook."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from actionplan.models import Revision
from actionplan.workbook.exporting import tables_of
from exchange.writing import xlsx, zip_of_csv
from publishing.files import NotWritten, write_whole


class Command(BaseCommand):
    help = "Write a plan for a year to a workbook (.xlsx), or to a ZIP of its sheets as CSV (.zip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", help="the plan's address, such as 4m")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, plan: str, year: int, output: Path, **options: Any) -> None:
        revisions = Revision.objects.select_related("plan__owner").filter(corrects=None)
        revision = revisions.filter(plan__slug=plan, year=year).first()
        if revision is None:
            sentence = _("Det finns ingen plan med adressen %(slug)s för %(year)d.")
            raise CommandError(sentence % {"slug": plan, "year": year})
        tables = tables_of(revision)
        try:
            write_whole(output, zip_of_csv(tables) if output.suffix == ".zip" else xlsx(tables))
        except NotWritten as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(file)s är skriven.") % {"file": output})
