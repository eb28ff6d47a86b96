"""What those who manage people fill in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.models import Role

WHAT_THEY_DO = {
    Role.READER: _("Läsare läser det som inte är publicerat."),
    Role.COORDINATOR: _("Samordnare rapporterar också för organisationen."),
    Role.EDITOR: _("Redaktör sköter organisationens egna planer och bjuder in."),
}


class RoleForm(forms.Form):
    """Which role to give; only those that the giver may give are there to choose."""

    role = forms.ChoiceField(
        label=_("Roll"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj en roll."), "invalid_choice": _("Välj en av rollerna.")},
    )

    def __init__(self, *args: Any, roles: Collection[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["role"].help_text = " ".join(str(WHAT_THEY_DO[role]) for role in roles)


class InvitationForm(RoleForm):
    """Whom to invite to which role."""

    email = forms.EmailField(
        label=_("E-post"),
        max_length=254,
        help_text=_("Hit skickas en länk som bara mottagaren kan använda."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv adressen till den du vill bjuda in.")},
    )
    field_order = ["email", "role"]


class Change(models.TextChoices):
    """What is done with an invitation."""

    SEND_AGAIN = "send-again"
    WITHDRAW = "withdraw"


class ChangeForm(forms.Form):
    change = forms.ChoiceField(choices=Change)


class AccountSearch(forms.Form):
    """Words of someone's name or address."""

    q = forms.CharField(label=_("Namn eller e-postadress"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"

    @property
    def words(self) -> str:
        """What to look for; nothing when the form isn't valid."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""
