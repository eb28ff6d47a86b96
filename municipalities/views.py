"""Pages of one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from municipalities.access import signed_in
from municipalities.forms import NameForm
from municipalities.journal import note
from municipalities.own_account import standings_of, ways_of


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may do, and how one signs in; the name can be changed at once."""
    person = signed_in(request)
    form = NameForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        note("account.renamed")
        messages.success(request, _("Namnet är sparat."))
        return redirect("account")
    context = {"form": form, "standings": standings_of(person), "ways": ways_of(person)}
    return render(request, "municipalities/account.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation is accepted."""
    raise NotImplementedError
