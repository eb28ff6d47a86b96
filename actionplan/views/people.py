"""Pages of who may do what where, for those who manage people."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionplan import loaders
from actionplan.crumbs import Crumbs
from actionplan.forms.people import AccountSearch, Change, ChangeForm, InvitationForm, RoleForm
from actionplan.people import (
    account_of,
    accounts_matching,
    organisation_people,
    organisation_rows,
    organisations_managed_by,
)
from municipalities import people as deeds
from municipalities.access import may, signed_in
from municipalities.models import Organisation, Role, User


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The organisations whose people one manages."""
    rows = organisation_rows(organisations_managed_by(signed_in(request)))
    return render(request, "actionplan/people/people.html", {"rows": rows, "form": AccountSearch()})


@require_safe
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """Who may do what for an organisation."""
    found = loaders.load_organisation(request, organisation)
    context = {
        "page": organisation_people(found),
        "roles": roles_to_give(request, found),
        "ended": ended_role(request, found),
        "crumbs": crumbs_to_people(),
    }
    return render(request, "actionplan/people/organisation.html", context)


def invite(request: HttpRequest, organisation: str) -> HttpResponse:
    """Invites someone to a role in an organisation."""
    found = loaders.load_organisation(request, organisation)
    sent = request.POST if request.method == "POST" else None
    form = InvitationForm(sent, roles=roles_to_give(request, found))
    if form.is_valid():
        try:
            invitation = deeds.invite(
                form.cleaned_data["email"], found, form.cleaned_data["role"], by=signed_in(request)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Inbjudan är på väg till %(email)s.") % {"email": invitation.email})
            return redirect("organisation-people", organisation)
    context = {"organisation": found, "form": form, "crumbs": crumbs_to_people(found)}
    return render(request, "actionplan/people/invite.html", context, status=422 if form.errors else 200)


@require_POST
def change_invitation(request: HttpRequest, organisation: str, invitation: int) -> HttpResponse:
    """Withdraws an invitation or sends it again."""
    found = loaders.load_invitation(request, organisation, invitation)
    form = ChangeForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Välj om inbjudan ska skickas igen eller återkallas."))
        elif form.cleaned_data["change"] == Change.WITHDRAW:
            deeds.withdraw(found, by=signed_in(request))
            messages.success(request, _("Inbjudan till %(email)s är återkallad.") % {"email": found.email})
        else:
            deeds.send_again(found, by=signed_in(request))
            messages.success(request, _("Inbjudan är på väg till %(email)s igen.") % {"email": found.email})
    except ValidationError as refusal:
        tell(request, refusal)
    return redirect("organisation-people", organisation)


def end_membership(request: HttpRequest, organisation: str, membership: int) -> HttpResponse:
    """Ends a role in an organisation, once confirmed."""
    found = loaders.load_membership(request, organisation, membership)
    if request.method != "POST":
        context = {"membership": found, "crumbs": crumbs_to_people(found.organisation)}
        return render(request, "actionplan/people/end_membership.html", context)
    try:
        deeds.end(found, by=signed_in(request))
    except ValidationError as refusal:
        tell(request, refusal)
    else:
        if found.user == request.user:  # who may have lost the right to the page
            return redirect("account")
        loaders.remember_ended(request, found)
    return redirect("organisation-people", organisation)


def give_membership(request: HttpRequest, organisation: str, person: int) -> HttpResponse:
    """Gives someone with an account a role in an organisation."""
    found, user = loaders.load_person(request, organisation, person)
    sent = request.POST if request.method == "POST" else None
    form = RoleForm(sent, roles=roles_to_give(request, found))
    if form.is_valid():
        try:
            membership = deeds.give(user, found, form.cleaned_data["role"], by=signed_in(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            loaders.forget_ended(request)
            words = {"name": user, "role": membership.get_role_display().lower()}
            messages.success(request, _("%(name)s är nu %(role)s.") % words)
            return redirect("organisation-people", organisation)
    context = {
        "organisation": found,
        "person": user,
        "held": user.memberships.filter(organisation=found),
        "form": form,
        "crumbs": crumbs_to_people(found),
    }
    return render(request, "actionplan/people/give.html", context, status=422 if form.errors else 200)


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account, found by name or address."""
    form = AccountSearch(request.GET)
    context = {"form": form, "accounts": accounts_matching(form.words), "crumbs": crumbs_to_people()}
    return render(request, "actionplan/people/accounts.html", context)


@require_safe
def account(request: HttpRequest, person: int) -> HttpResponse:
    """A person's account: how they sign in and what they may."""
    user = get_object_or_404(User, pk=person)
    context = {"person": account_of(user), "crumbs": crumbs_to_accounts()}
    return render(request, "actionplan/people/account.html", context)


def close_account(request: HttpRequest, person: int) -> HttpResponse:
    """Closes an account, once confirmed."""
    user = get_object_or_404(User, pk=person)
    if request.method != "POST":
        context = {"person": account_of(user), "crumbs": crumbs_to_accounts(user)}
        return render(request, "actionplan/people/close_account.html", context)
    try:
        deeds.close_account(user, by=signed_in(request))
        messages.success(request, _("Kontot för %(name)s är stängt.") % {"name": user})
    except ValidationError as refusal:
        tell(request, refusal)
    return redirect("account-of", person)


def remove_second_step(request: HttpRequest, person: int) -> HttpResponse:
    """Takes away the second step of someone who can't use it any more, once confirmed."""
    user = get_object_or_404(User, pk=person)
    if request.method != "POST":
        context = {"person": account_of(user), "crumbs": crumbs_to_accounts(user)}
        return render(request, "actionplan/people/remove_second_step.html", context)
    try:
        deeds.remove_second_step(user, by=signed_in(request))
        messages.success(request, _("Det andra steget för %(name)s är borttaget.") % {"name": user})
    except ValidationError as refusal:
        tell(request, refusal)
    return redirect("account-of", person)


# What the pages share


def roles_to_give(request: HttpRequest, organisation: Organisation) -> list[Role]:
    """The roles that the request's user may give and end in the organisation."""
    return [role for role in Role if may(request, "actionplan.give_role", (organisation, role))]


def ended_role(request: HttpRequest, organisation: Organisation) -> dict[str, object] | None:
    """Whose role was ended last, and which: `person`, and `role` with its `label`."""
    ended = loaders.ended_here(request, organisation)
    if ended is None:
        return None
    return {"person": User.objects.get(pk=ended["person"]), "role": Role(ended["role"])}


def tell(request: HttpRequest, refusal: ValidationError) -> None:
    """Shows why a deed couldn't be done on the next page."""
    messages.error(request, " ".join(refusal.messages))


def crumbs_to_people(organisation: Organisation | None = None) -> Crumbs:
    """The way to below the people's page, or to below an organisation's."""
    crumbs = [(_("Personer"), reverse("people"))]
    if organisation:
        crumbs.append((organisation.name, reverse("organisation-people", args=[organisation.key])))
    return crumbs


def crumbs_to_accounts(user: User | None = None) -> Crumbs:
    crumbs = [*crumbs_to_people(), (_("Konton"), reverse("accounts"))]
    if user:
        crumbs.append((str(user), reverse("account-of", args=[user.pk])))
    return crumbs
