"""Makes the accounts that let a newcomer try the portal as each kind of user."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from municipalities.models import Membership, Organisation, Role, User

ACCOUNTS = [
    ("samordnare@enkoping.example", "Eva Ek", Role.COORDINATOR, "enkoping"),
    ("samordnare@eskilstuna.example", "Erik Alm", Role.COORDINATOR, "eskilstuna"),
    ("samordnare@strangnas.example", "Sara Lind", Role.COORDINATOR, "strangnas"),
    ("samordnare@vasteras.example", "Vera Björk", Role.COORDINATOR, "vasteras"),
    ("redaktor@4m.example", "Rut Hägg", Role.EDITOR, "4m"),
    ("lasare@4m.example", "Lars Rönn", Role.READER, "4m"),
    ("admin@4m.example", "Asta Lönn", None, None),
]
"""Address, name, role and the key of the organisation; the administrator has neither of the last two."""


class Command(BaseCommand):
    help = "Make the demo accounts and print them. Never in production."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("I drift görs inga demokonton.")
        password = settings.DEMO_PASSWORD
        absent = [each for each in ACCOUNTS if not User.objects.filter(email=each[0]).exists()]
        if not password and absent:
            password = secrets.token_urlsafe(12)
        for email, name, role, organisation in ACCOUNTS:
            self.make(email, name, role, organisation, password)
        self.tell(password)

    def make(self, email: str, name: str, role: str | None, organisation: str | None, password: str) -> None:
        """Makes the account where it is absent; gives it the password where there is one to give."""
        user, _made = User.objects.get_or_create(
            email=email, defaults={"name": name, "is_administrator": role is None}
        )
        if password and not user.check_password(password):
            user.set_password(password)  # as it is: the rule is for what reaches production
            user.save()
        if role and organisation:
            Membership.objects.get_or_create(
                user=user, organisation=Organisation.objects.get(key=organisation), role=role
            )

    def tell(self, password: str) -> None:
        self.stdout.write("Demokonton:")
        for email, name, role, organisation in ACCOUNTS:
            what = f"{Role(role).label}, {organisation}" if role else "Administratör"
            self.stdout.write(f"  {email:<32} {name} – {what}")
        self.stdout.write(
            f"Lösenord för alla: {password}"
            if password
            else "Lösenordet skrevs ut vid första starten. DEMO_PASSWORD=… ./run sätter ett nytt."
        )
