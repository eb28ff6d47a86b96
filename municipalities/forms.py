"""Logging in, and what people change in their own accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from municipalities.models import User

A_GOOD_PASSWORD = _("Minst 12 tecken. En mening som bara du kommer på är lätt att minnas och svår att gissa.")


class OurWords:
    """A form of the library's with the portal's labels and hints, and no words inside its fields."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class LogInForm(OurWords, LoginForm):
    """E-mail address and password; an address is the same however its letters were typed."""

    labels = {"login": _("E-post"), "password": _("Lösenord")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"  # what passwords are kept under


class ConfirmForm(OurWords, ReauthenticateForm):
    """The password once more, before something that matters is changed."""

    labels = {"password": _("Lösenord")}


class ForgottenPasswordForm(OurWords, ResetPasswordForm):
    """Whose password has been forgotten; the answer is the same whether there is such an account or not."""

    labels = {"email": _("E-post")}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email


class NewPasswordForm(OurWords, ResetPasswordKeyForm):
    """A new password instead of a forgotten one."""

    labels = {"password1": _("Nytt lösenord"), "password2": _("Nytt lösenord igen")}
    hints = {"password1": A_GOOD_PASSWORD}


class ChangedPasswordForm(OurWords, ChangePasswordForm):
    """A new password instead of one that is known."""

    labels = {"oldpassword": _("Nuvarande lösenord"), **NewPasswordForm.labels}
    hints = NewPasswordForm.hints


class FirstPasswordForm(OurWords, SetPasswordForm):
    """A password for an account that has none."""

    labels = {"password1": _("Lösenord"), "password2": _("Lösenord igen")}
    hints = NewPasswordForm.hints


class NameForm(forms.ModelForm[User]):
    """What one is called."""

    class Meta:
        model = User
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class AddressForm(forms.Form):
    """The address that one wants to log in by from now on."""

    email = forms.EmailField(
        label=_("Ny e-postadress"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise forms.ValidationError(_("Den adressen har du redan."))
        return email


class EndSessionForm(forms.Form):
    """Which of one's sessions to end; without a number all but the one that asks."""

    session = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class NewAccountForm(forms.Form):
    """Who someone is who has been invited, and the password that they will log in by."""

    name = forms.CharField(
        label=_("Namn"),
        max_length=200,
        help_text=_("Så som andra inloggade ser det vid det du rapporterar."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Skriv ditt namn.")},
    )
    password = forms.CharField(
        label=_("Lösenord"),
        strip=False,
        help_text=A_GOOD_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Välj ett lösenord.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Measures the password with who the person is in mind."""
        said = super().clean() or {}
        if "password" in said:
            try:
                validate_password(said["password"], User(email=self.email, name=said.get("name", "")))
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return said
