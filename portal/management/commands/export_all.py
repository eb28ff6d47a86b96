"""Writes everything that the portal keeps for good to a folder, for an archive or another system."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from municipalities.journal import note
from portal.archive.everything import Told, export_all, rows_in_all
from publishing.files import NotWritten


class Command(BaseCommand):
    help = (
        "Write all plans, reports, outcomes, publications and logs to a folder that isn't there yet, in open "
        "formats and with checksums. It holds personal data: docs/archive.md tells what is in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            told = self.write(folder)
        except NotWritten as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(_("Avbrutet. Inget är skrivet."), returncode=130) from None
        note("archive.written", files=told.files, rows=told.rows)
        sentence = _("%(folder)s är skriven: %(files)d filer, %(rows)d rader, %(megabytes).1f MB.")
        facts = {"folder": folder, "files": told.files, "rows": told.rows, "megabytes": told.size / 1e6}
        self.stdout.write(sentence % facts)

    def write(self, folder: Path) -> Told:
        with tqdm(total=rows_in_all(), unit=_(" rader"), disable=None) as bar:
            return export_all(folder, bar.update)
