"""Publishes what is ready to be read and has no edition yet: adopted revisions, and the example years."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from actionplan.editions import publish_missing_revisions
from followup.editions import publish_missing_examples


class Command(BaseCommand):
    help = "Publish adopted revisions and example years that have no edition. Does nothing when all have."

    def handle(self, *args: Any, **options: Any) -> None:
        for publication in [*publish_missing_revisions(), *publish_missing_examples()]:
            self.stdout.write(f"Published {publication.document}.")
