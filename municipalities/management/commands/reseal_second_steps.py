"""Seals the secrets of second steps with the SECRET_KEY of today, after a change of key."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from municipalities.second_steps import reseal_secrets


class Command(BaseCommand):
    help = "Seals the secrets of second steps with the SECRET_KEY of today; run it after a change of key."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = reseal_secrets()
        except InvalidToken:
            raise CommandError(
                "A secret can't be read with SECRET_KEY or any of SECRET_KEY_FALLBACKS. "
                "Name the key that was used before in SECRET_KEY_FALLBACKS, and run this again."
            ) from None
        self.stdout.write(f"Sealed anew: {number}")
