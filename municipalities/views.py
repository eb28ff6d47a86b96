"""Pages of one's own account, and of how one gets one."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from municipalities import people
from municipalities.access import signed_in
from municipalities.forms import NameForm, NewAccountForm
from municipalities.journal import note
from municipalities.models import Invitation, User
from municipalities.own_account import standings_of, ways_of


def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may do, and how one signs in; the name can be changed at once."""
    person = signed_in(request)
    form = NameForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        form.save()
        note("account.renamed")
        messages.success(request, _("Namnet är sparat."))
        return redirect("account")
    context = {"form": form, "standings": standings_of(person), "ways": ways_of(person)}
    return render(request, "municipalities/account.html", context, status=422 if form.is_bound else 200)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation is accepted, by someone new or by the one who has an account with its address.

    What can't be accepted answers alike, whether it lapsed, was withdrawn, has been used or never was, or
    whoever sent it may no longer give the role.
    """
    invitations = Invitation.objects.waiting().select_related("organisation", "invited_by")
    found = invitations.of_token(token).first()
    if found is None or not people.is_backed(found):
        return nothing_to_accept(request)
    if request.user.is_authenticated:
        return accept_as_oneself(request, found)
    if User.objects.filter(email=found.email).exists():
        return render(request, "municipalities/invitation_log_in.html", {"invitation": found})
    return accept_as_someone_new(request, found)


def accept_as_oneself(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Lets the person whom the invitation went to accept it, and asks anyone else to log out."""
    person = signed_in(request)
    context = {"invitation": found}
    if person.email != found.email:
        return render(request, "municipalities/invitation_somebody_elses.html", context, status=403)
    if person.confined_to not in (None, found.organisation.key):
        return render(request, "municipalities/invitation_elsewhere.html", context, status=403)
    if request.method != "POST":
        return render(request, "municipalities/invitation_accept.html", context)
    try:
        people.accept(found, by=person)
    except ValidationError:
        return nothing_to_accept(request)
    return welcomed(request, found, redirect("start"))


def accept_as_someone_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Makes an account of the name and password that are chosen, and signs the person in."""
    sent = request.POST if request.method == "POST" else None
    form = NewAccountForm(sent, email=found.email)
    if not form.is_valid():
        context = {"invitation": found, "form": form}
        return render(request, "municipalities/invitation.html", context, status=422 if form.errors else 200)
    try:
        person = people.accept_with_new_account(found, **form.cleaned_data)
    except ValidationError:
        return nothing_to_accept(request)
    return welcomed(request, found, perform_login(request, person, redirect_url=reverse("start")))


def welcomed(request: HttpRequest, found: Invitation, response: HttpResponse) -> HttpResponse:
    words = {"role": found.get_role_display().lower(), "organisation": found.organisation}
    messages.success(request, _("Välkommen! Du är nu %(role)s för %(organisation)s.") % words)
    return response


def nothing_to_accept(request: HttpRequest) -> HttpResponse:
    return render(request, "municipalities/invitation_gone.html", status=404)
