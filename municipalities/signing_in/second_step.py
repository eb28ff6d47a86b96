"""The second step: a code from an app, or a passkey.

The sign-in library knows the protocols; here is what the portal asks of it besides: secrets that are sealed
in the database, a code that works once, passkeys that say who verified them, and no way to remove the last
step while one is demanded.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities.models import User
from municipalities.sealing import seal, unseal
from municipalities.second_steps import SECRETS, is_demanded_of, steps_of


class Unreadable(ValidationError):
    """A secret that none of the portal's keys opens, since SECRET_KEY is another than when it was sealed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Portalens nyckel har bytts, så koder för ditt konto kan inte kontrolleras längre. "
                "Använd en passnyckel om du har en. Annars kan portalens administratör ta bort ditt andra "
                "steg, så att du kan lägga till ett nytt."
            ),
            code="unreadable",
        )


class SecondStepAdapter(DefaultMFAAdapter):
    """Sealed secrets, sentences of our own, and a last step that stays while it is demanded."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Du kan skriva i portalen, och då måste kontot ha ett andra steg. Lägg till det nya innan du tar "
            "bort det gamla."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Lägg till en app eller en passnyckel först. Reservkoder är till för den som har tappat bort dem."
        ),
        "incorrect_code": gettext_lazy(
            "Koden stämmer inte. Vänta tills appen visar nästa kod och skriv den."
        ),
        "incorrect_passkey": gettext_lazy("Passnyckeln gick inte att använda här. Försök igen."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text, SECRETS)
        except InvalidToken as error:
            raise Unreadable from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether a step is left without this one, or none is needed; of two at once one is the last."""
        if not is_demanded_of(authenticator.user):
            return True
        with transaction.atomic():
            User.objects.select_for_update().get(pk=authenticator.user_id)
            return steps_of(authenticator.user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new passkey is called until its owner says something better."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passnyckel %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return super().get_public_key_credential_rp_entity() | {"name": _("Handlingsplaner")}
