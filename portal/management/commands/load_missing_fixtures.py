from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management import BaseCommand, CommandError, call_command


class Command(BaseCommand):
    help = "Load those of the named fixtures whose content is absent, in the order given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fixtures", nargs="+", metavar="fixture", help="such as 4m, for fixtures/4m.json")

    def handle(self, *args: Any, fixtures: list[str], **options: Any) -> None:
        if settings.PRODUCTION and "demo" in fixtures:
            raise CommandError("I drift läses inget exempelinnehåll in.")
        for name in fixtures:
            if not is_loaded(find(name)):
                call_command("loaddata", name, verbosity=0)
                self.stdout.write(f"Loaded {name}.")


def find(name: str) -> Path:
    for folder in settings.FIXTURE_DIRS:
        if (path := Path(folder) / f"{name}.json").exists():
            return path
    raise CommandError(f"There is no fixture {name}.")


def is_loaded(path: Path) -> bool:
    """Whether the database has the fixture's first object; if so, its natural key gives it a primary key."""
    first = next(serializers.deserialize("json", path.read_text(), handle_forward_references=True))
    return first.object.pk is not None
