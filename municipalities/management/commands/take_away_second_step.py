"""Removes someone's second step, when nobody is left who can do it in the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from municipalities.models import User
from municipalities.second_steps import take_away


class Command(BaseCommand):
    help = "Removes the second step of someone who has lost it, and ends their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that they log in with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(options["email"])
        except User.DoesNotExist:
            raise CommandError("Nobody logs in with that address.") from None
        take_away(person, by=None)
        self.stdout.write("Removed. The password alone is enough at the next log-in.")
