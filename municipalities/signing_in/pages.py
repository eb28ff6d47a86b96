"""The sign-in library's pages where the portal answers otherwise, and those of address and sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.decorators import rate_limit
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import FormView

from municipalities import addresses
from municipalities.access import signed_in
from municipalities.forms import AddressForm, EndSessionForm
from municipalities.journal import note
from municipalities.own_account import sessions_of
from municipalities.ways_in import rests_on_a_service

if TYPE_CHECKING:
    Page = FormView[Form]
else:
    Page = object

TOO_MANY = frozenset({"too_many_login_attempts", "rate_limited"})


class SaysWhenWrong(Page):
    """Answers a form that isn't accepted with 422, and one that was sent too often with 429."""

    def form_invalid(self, form: Form) -> HttpResponse:
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        status = 429 if codes & TOO_MANY else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)


class NotForServices(Page):
    """Is closed to those for whom an organisation's log-in service vouches: they have no password here."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        refuse_services(request)
        return super().dispatch(request, *args, **kwargs)


def refuse_services(request: HttpRequest) -> None:
    if rests_on_a_service(signed_in(request)):
        raise PermissionDenied(
            _("Du loggar in genom din organisations inloggningstjänst. Lösenord och adress byter du där.")
        )


class LogIn(SaysWhenWrong, views.LoginView):
    pass


class ForgottenPassword(SaysWhenWrong, views.PasswordResetView):
    pass


class NewPassword(SaysWhenWrong, views.PasswordResetFromKeyView):
    """A password instead of a forgotten one; whoever guessed at the old one for too long needn't wait."""

    def form_valid(self, form: Form) -> HttpResponse:
        get_adapter()._delete_login_attempts_cached_email(self.request, email=self.reset_user.email)
        note("password.reset", person=self.reset_user.pk)
        return super().form_valid(form)


class ChangePassword(SaysWhenWrong, NotForServices, views.PasswordChangeView):
    def form_valid(self, form: Form) -> HttpResponse:
        note("password.changed")
        return super().form_valid(form)


class SetPassword(SaysWhenWrong, NotForServices, views.PasswordSetView):
    """A first password; asks for a second step first, where there is one.

    The library keeps what was sent while it asks. A password is not to be kept, so it is sent anew.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            raise_if_reauthentication_required(request, app="allauth.account")
        except ReauthenticationRequired:
            if request.method == "POST":
                return redirect("account_set_password")
            raise
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        note("password.set")
        return super().form_valid(form)


class Confirm(SaysWhenWrong, views.ReauthenticateView):
    """The password once more; those who have none and no second step have nothing to confirm by."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not get_adapter().get_reauthentication_methods(request.user):
            raise PermissionDenied(_("Ditt konto har inget lösenord att bekräfta med."))
        return super().dispatch(request, *args, **kwargs)


@rate_limit(action="manage_email")
@reauthentication_required(app="allauth.account")
def change_address(request: HttpRequest) -> HttpResponse:
    """Asks for a link to the new address; the old one holds until the link is followed."""
    refuse_services(request)
    person = signed_in(request)
    form = AddressForm(request.POST if request.method == "POST" else None, user=person)
    if form.is_valid():
        addresses.ask_to_confirm(request, person, form.cleaned_data["email"])
        return redirect("account_email_verification_sent")
    status = 422 if form.is_bound else 200
    return render(request, "account/email_change.html", {"form": form}, status=status)


def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """Where the link leads: a page with a button, since some mail programs follow links on their own."""
    person = signed_in(request)
    change = addresses.read_change(key, person)
    if change and request.method == "POST":
        if addresses.carry_out(change, by=person):
            messages.success(request, _("Från och med nu loggar du in med %s.") % change.new)
            return redirect("account")
        change = None
    return render(request, "account/email_confirm.html", {"change": change})


def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; one of the sessions can be ended, or all but this one."""
    person = signed_in(request)
    form = EndSessionForm(request.POST)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["session"]
        others = UserSession.objects.filter(user=person).exclude(session_key=request.session.session_key)
        chosen = list(others.filter(pk=number) if number else others)
        end_sessions(request, chosen)
        note("session.ended", sessions=len(chosen))
        messages.success(
            request, _("Inloggningen är avslutad.") if number else _("Alla andra inloggningar är avslutade.")
        )
        return redirect("usersessions_list")
    status = 200 if request.method != "POST" else 422
    context = {"sessions": sessions_of(person)}
    return render(request, "usersessions/usersession_list.html", context, status=status)
