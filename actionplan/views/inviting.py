"""Pages where an administrator invites many people at once, by a table."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplan.inviting import PURPOSE, PeopleSheet, carry_out_people, empty_tables, look_through_people
from actionplan.views.people import crumbs_to_accounts
from exchange.forms import FileForm
from exchange.pages import answer, load_upload, takes_files
from exchange.responses import xlsx_response
from exchange.steps import keep
from municipalities.access import signed_in
from municipalities.models import Organisation
from municipalities.people import MOST_IN_A_DAY


@transaction.non_atomic_requests
@takes_files
def import_people(request: HttpRequest) -> HttpResponse:
    """Takes a table of people, to be read through."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        upload = keep(form.cleaned_data["file"], purpose=PURPOSE, about="", by=signed_in(request))
        look_through_people.enqueue(str(upload.pk))
        return redirect("people-imported", upload.pk)
    context = {
        "form": form,
        "columns": PeopleSheet.fields.values(),
        "most": MOST_IN_A_DAY,
        "has_organisations": Organisation.objects.exists(),
        "crumbs": crumbs_to_accounts(),
    }
    return render(request, "actionplan/people/import.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def people_imported(request: HttpRequest, upload: UUID) -> HttpResponse:
    """How far a table has come, and the answer to what would happen."""
    found = load_upload(request, upload, PURPOSE, "")
    again = reverse("import-people")
    crumbs = [*crumbs_to_accounts(), (_("Läs in personer"), again)]
    return answer(request, found, carry_out=carry_out_people.enqueue, again=again, context={"crumbs": crumbs})


@require_safe
def people_template(request: HttpRequest) -> HttpResponse:
    """The empty table, with what may stand in it."""
    return xlsx_response(request, empty_tables(), "personer-mall")
