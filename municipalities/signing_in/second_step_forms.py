"""Forms of the second step: codes from an app, recovery codes, passkeys."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from municipalities.journal import note
from municipalities.second_steps import codes_left
from municipalities.signing_in.second_step import SecondStepAdapter, Unreadable

FEW = 3
"""So few recovery codes left that their owner is told."""


def code_field(help_text: str = "") -> forms.CharField:
    """Where a code is typed, with or without spaces; the browser may fill it in."""
    widget = forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=_("Kod"), help_text=help_text, max_length=40, widget=widget)


def name_field(required: bool = True) -> forms.CharField:
    hint = _("Så att du känner igen den, till exempel Tjänstetelefonen.")
    return forms.CharField(label=_("Namn på passnyckeln"), help_text=hint, max_length=60, required=required)


class CredentialField(forms.JSONField):
    """What the browser got from the passkey; a script on the page fills it in."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        problem = _("Webbläsaren lämnade ingen passnyckel. Försök igen.")
        super().__init__(label=_("Passnyckel"), error_messages={"required": problem, "invalid": problem})

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):  # thousands of brackets, or of digits
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return InvalidJSONInput("")  # what a passkey has answered is of no use twice, so it isn't shown again


class OnceACode:
    """A code from an app or a recovery code, which works once.

    The library marks an app's code as used for one period, but with tolerance it is accepted for longer.
    The mark is a row that only one process can insert, and it is written in the same transaction as the
    log-in that used the code.
    """

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError as refusal:
            note("second_step.refused", person=self.user.pk, kind="code", why=refusal.code)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP:
            mark = TOTP(self.authenticator)._get_used_cache_key(code)
            cache.touch(mark, (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD)
        return code

    def save(self) -> None:
        super().save()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            self.authenticator.refresh_from_db()
            left = codes_left(self.authenticator)
            if left <= FEW:
                few = ngettext(
                    "Du har %(left)d reservkod kvar. Gör nya under Mitt konto, Tvåstegsinloggning.",
                    "Du har %(left)d reservkoder kvar. Gör nya under Mitt konto, Tvåstegsinloggning.",
                    left,
                )
                messages.warning(context.request, few % {"left": left})


class CodeForm(OnceACode, AuthenticateForm):
    """The second step of a log-in."""

    code = code_field()


class ConfirmByCodeForm(OnceACode, ReauthenticateForm):
    """The same person again, before they change how they log in."""

    code = code_field()


class ConnectAppForm(ActivateTOTPForm):
    """The first code from an app shows that it has got the secret.

    Until then the secret is kept in the session, and there too it is sealed.
    """

    code = code_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        kept = session.pop(SECRET_SESSION_KEY, "")
        super().__init__(*args, **kwargs)  # makes a new secret
        adapter = SecondStepAdapter()
        if self.is_bound and kept:
            with suppress(Unreadable):  # then the page comes back with the new one
                self.secret = adapter.decrypt(kept)
        session[SECRET_SESSION_KEY] = adapter.encrypt(self.secret)


@contextmanager
def refused_when_malformed() -> Iterator[None]:
    """What isn't from a passkey at all is refused like one that doesn't fit, however the parser failed."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, struct.error) as error:
        raise SecondStepAdapter().validation_error("incorrect_passkey") from error
    except ValidationError as error:
        if error.code != "incorrect_code":  # as the library calls it, whatever was incorrect
            raise
        raise SecondStepAdapter().validation_error("incorrect_passkey") from error


class AddPasskeyForm(SignupWebAuthnForm):
    """A passkey that the browser has just made, and what its owner calls it."""

    name = name_field(required=False)  # the browser has made it already, so a missing name is made up
    credential = CredentialField()

    field_order = ["name", "credential"]

    def clean(self) -> dict[str, Any]:
        with refused_when_malformed():
            cleaned: dict[str, Any] = super().clean()
            if credential := cleaned.get("credential"):
                cleaned["credential"] = what_is_kept(credential)
        return cleaned


def what_is_kept(credential: dict[str, Any]) -> dict[str, Any]:
    """The parts of a new passkey that are needed to know it again, and nothing else that was sent."""
    return {
        "id": credential["id"],
        "rawId": credential["rawId"],
        "type": "public-key",
        "response": {name: credential["response"][name] for name in ("clientDataJSON", "attestationObject")},
    }


class RenamePasskeyForm(EditWebAuthnForm):
    name = name_field()


class ByPasskey:
    """A passkey that the browser has just asked for."""

    def clean_credential(self) -> Authenticator:
        try:
            with refused_when_malformed():
                return super().clean_credential()  # type: ignore[misc]
        except ValidationError as refusal:
            person = getattr(self, "user", None)
            note("second_step.refused", person=person and person.pk, kind="passkey", why=refusal.code)
            raise


class PasskeyForm(ByPasskey, AuthenticateWebAuthnForm):
    """The second step of a log-in."""

    credential = CredentialField()


class ConfirmByPasskeyForm(ByPasskey, ReauthenticateWebAuthnForm):
    """The same person again, before they change how they log in."""

    credential = CredentialField()


class LogInByPasskeyForm(ByPasskey, LoginWebAuthnForm):
    """Both steps at once: the passkey is had, and it has verified its owner by itself."""

    credential = CredentialField()
