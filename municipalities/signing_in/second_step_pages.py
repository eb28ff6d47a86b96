"""Pages of the second step: the library's own, with the portal's forms, and what they leave out."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from municipalities.access import signed_in
from municipalities.journal import note
from municipalities.second_steps import BOUND_FOR, codes_left, is_demanded_of, is_owed, steps_of
from municipalities.signing_in import second_step_forms
from municipalities.signing_in.second_step import SecondStepAdapter, Unreadable

Kind = Authenticator.Type


class Index(base.IndexView):
    """What the person has for a second step, and whether they must have one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = signed_in(self.request)
        found = list(Authenticator.objects.filter(user=person).order_by("created_at"))
        codes = next((each for each in found if each.type == Kind.RECOVERY_CODES), None)
        return {
            "app": next((each for each in found if each.type == Kind.TOTP), None),
            "passkeys": [each for each in found if each.type == Kind.WEBAUTHN],
            "codes": codes,
            "codes_left": codes and codes_left(codes),
            "has_a_step": any(each.type != Kind.RECOVERY_CODES for each in found),
            "is_demanded": is_demanded_of(person),
            "is_owed": is_owed(self.request),
        }


class Authenticate(base.AuthenticateView):
    """The second step of a log-in, by what the person has."""

    form_class = second_step_forms.CodeForm
    webauthn_form_class = second_step_forms.PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = set(steps_of(self.stage.login.user).values_list("type", flat=True))
        return super().get_context_data(**kwargs) | {
            "has_app": Kind.TOTP in kinds,
            "has_passkey": Kind.WEBAUTHN in kinds,
        }


class ConfirmByCode(base.ReauthenticateView):
    form_class = second_step_forms.ConfirmByCodeForm


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnView):
    form_class = second_step_forms.ConfirmByPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not the library's own, which forgets the form that is refused.
        page = super(webauthn.ReauthenticateWebAuthnView, self).get_context_data(**kwargs)
        return page | {"js_data": {"request_options": begin_authentication(signed_in(self.request))}}

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return FormView.form_invalid(self, form)


class LogInByPasskey(webauthn.LoginWebAuthnView):
    """Both steps at once; the script of the log-in page fetches what the passkey is to sign."""

    form_class = second_step_forms.LogInByPasskeyForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Accept") != "application/json":
            return redirect("account_login")
        return JsonResponse({"request_options": begin_authentication()})

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        for problem in form.errors.get("credential", []):
            messages.error(self.request, str(problem))
        return redirect("account_login")


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ConnectApp(totp.ActivateTOTPView):
    """Connects an app, in place of the one there was: whoever has a new phone always has a second step."""

    form_class = second_step_forms.ConnectAppForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return FormView.dispatch(self, request, *args, **kwargs)  # the library leads on to removal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = super().get_context_data(**kwargs)
        secret = page["form"].secret
        return page | {
            "has_app": steps_of(signed_in(self.request)).filter(type=Kind.TOTP).exists(),
            "secret_in_fours": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        steps_of(signed_in(self.request)).filter(type=Kind.TOTP).delete()
        note("second_step.added", kind=Kind.TOTP.value)
        return super().form_valid(form)


class RemoveApp(totp.DeactivateTOTPView):
    def form_valid(self, form: forms.Form) -> HttpResponse:
        note("second_step.removed", kind=Kind.TOTP.value)
        return super().form_valid(form)


class Passkeys(webauthn.ListWebAuthnView):
    def get_queryset(self) -> Any:
        return super().get_queryset().order_by("created_at")


class AddPasskey(webauthn.AddWebAuthnView):
    """Asks for a passkey that can log in by itself: one that finds its owner and verifies who it is."""

    form_class = second_step_forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not the library's own, which forgets the form that is refused.
        page = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        options = begin_registration(signed_in(self.request), passwordless=True)
        return page | {"js_data": {"creation_options": options}}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        note("second_step.added", kind=Kind.WEBAUTHN.value)
        return super().form_valid(form)


class RenamePasskey(webauthn.EditWebAuthnView):
    form_class = second_step_forms.RenamePasskeyForm


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Asks the adapter, as the library does for apps alone."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_be_removed = SecondStepAdapter().can_delete_authenticator(self.object)
        return super().get_context_data(**kwargs) | {
            "refusal": ""
            if may_be_removed
            else SecondStepAdapter.error_messages["cannot_delete_authenticator"]
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if not SecondStepAdapter().can_delete_authenticator(self.object):
            return self.form_invalid(form)
        note("second_step.removed", kind=Kind.WEBAUTHN.value)
        return super().form_valid(form)


class WhileReadable:
    """Recovery codes that can't be read any longer lead to where new ones are made."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Unreadable:
            note("second_step.unreadable")
            unreadable = _("Portalens nyckel har bytts, så dina reservkoder gäller inte längre. Gör nya.")
            messages.error(request, unreadable)
            return redirect("mfa_generate_recovery_codes")


@method_decorator(require_GET, name="dispatch")  # the library counts them as shown before it looks at that
class RecoveryCodes(WhileReadable, recovery_codes.ViewRecoveryCodesView):
    """The codes, the first time; then only how many there are."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        onward = self.request.session.pop(BOUND_FOR, "") if context["can_view_codes"] else ""
        as_text = render_to_string(DownloadRecoveryCodes.template_name, context, self.request)
        return context | {"onward": onward, "as_text": as_text}


@method_decorator(require_GET, name="dispatch")
class DownloadRecoveryCodes(WhileReadable, recovery_codes.DownloadRecoveryCodesView):
    """The codes as text, instead of on the page."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Content-Disposition"] = 'attachment; filename="reservkoder.txt"'
        return response


class NewRecoveryCodes(recovery_codes.GenerateRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not the library's own, which reads the codes there are: they may be replaced for being unreadable.
        return super(recovery_codes.GenerateRecoveryCodesView, self).get_context_data(**kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        note("second_step.codes_replaced")
        return super().form_valid(form)
