from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.fonts import make_font


class Command(BaseCommand):
    help = "Makes the portal's typeface, a Latin subset of Source Sans 3. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.FONTS)

    def handle(self, *, folder: Path, **options: Any) -> None:
        self.stdout.write(str(make_font(folder)))
