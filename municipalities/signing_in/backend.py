"""Who a session belongs to, fetched with what every page asks of them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef

from municipalities.models import User
from municipalities.second_steps import are_steps


class AccountBackend(ModelBackend):
    """An account's own address and password, and nothing else."""

    def get_user(self, user_id: int) -> User | None:
        """The person; where a second step is demanded, the same statement tells whether they have one."""
        people = User.objects.filter(pk=user_id)
        if settings.REQUIRE_MFA:
            steps = Authenticator.objects.filter(are_steps, user=OuterRef("pk"))
            people = people.annotate(has_second_step=Exists(steps))
        person = people.first()
        return person if person and self.user_can_authenticate(person) else None
