"""Django's createsuperuser, which also notes in the journal that there is one administrator more."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from municipalities.journal import note
from municipalities.models import User


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        administrators = User.objects.filter(is_administrator=True)
        before = set(administrators.values_list("pk", flat=True))
        super().handle(*args, **options)
        for person in set(administrators.values_list("pk", flat=True)) - before:
            note("administrator.given", person=person, at="server")
