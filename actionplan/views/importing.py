"""A plan in and out as a workbook."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplan import importing, loaders
from actionplan.crumbs import Crumbs, crumbs_to_draft, crumbs_to_plans
from actionplan.drafting import draft_of
from actionplan.forms.importing import WorkbookForm
from actionplan.importing import INTO_DRAFT, NEW_PLAN
from actionplan.models import Plan, Revision
from actionplan.workbook.exporting import empty_tables, offered_names, tables_of
from actionplan.workbook.work import Work
from exchange import pages, steps
from exchange.forms import FileForm
from exchange.pages import takes_files
from exchange.responses import tables_response, xlsx_response
from municipalities.access import signed_in
from municipalities.journal import note_document

# Out


@require_safe
def revision_workbook(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The plan for a year as a workbook."""
    revision = loaders.load_revision(request, plan, year).revision
    return note_document(request, xlsx_response(request, tables_of(revision), file_name(revision)))


@require_safe
def revision_tables(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """The same, each sheet as CSV."""
    revision = loaders.load_revision(request, plan, year).revision
    return note_document(request, tables_response(request, tables_of(revision), file_name(revision)))


@require_safe
def draft_workbook(request: HttpRequest, plan: str) -> HttpResponse:
    """The draft as a workbook, to go on with and send back."""
    draft = loaders.load_draft(request, plan)
    name = f"{file_name(draft)}-arbetsmaterial"
    return note_document(request, xlsx_response(request, tables_of(draft), name))


def file_name(revision: Revision) -> str:
    return f"{revision.plan.slug}-{revision.year}"


@require_safe
def template(request: HttpRequest, plan: str) -> HttpResponse:
    """An empty workbook to fill in, with what its lists may offer whoever writes the plan's draft."""
    draft = loaders.load_draft(request, plan)
    work = Work(draft.plan, draft, by=signed_in(request))
    return empty_workbook(request, work)


@require_safe
def new_plan_template(request: HttpRequest) -> HttpResponse:
    """The same for a plan that isn't there yet."""
    return empty_workbook(request, Work(Plan(), None, by=signed_in(request)))


def empty_workbook(request: HttpRequest, work: Work) -> HttpResponse:
    return xlsx_response(request, empty_tables(work, offered_names(work)), "plan-mall")


# In


@takes_files
@transaction.non_atomic_requests
def import_draft(request: HttpRequest, plan: str) -> HttpResponse:
    """Takes a workbook for the draft, and leads to what would happen."""
    draft = loaders.load_draft(request, plan)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_valid():
        asked = {"draft": draft.pk, "removes": form.cleaned_data["removes"]}
        number = send(request, form, INTO_DRAFT, draft.plan.slug, asked)
        return redirect("draft-imported", draft.plan.slug, number)
    context = {"draft": draft, "form": form, "crumbs": crumbs_to_draft(draft.plan, draft)}
    return render(request, "actionplan/draft/import.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def draft_imported(request: HttpRequest, plan: str, upload: UUID) -> HttpResponse:
    """What the workbook would do with the draft, and whether it should."""
    found = loaders.load_plan_to_edit(request, plan)
    again = reverse("import-draft", args=[found.slug])
    crumbs = crumbs_to_draft(found, draft_of(found), (_("Läs in en arbetsbok"), again))
    return step(request, upload, INTO_DRAFT, found.slug, again, crumbs)


@takes_files
@transaction.non_atomic_requests
def import_plan(request: HttpRequest) -> HttpResponse:
    """Takes the workbook of a plan that isn't there yet."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        return redirect("plan-imported", send(request, form, NEW_PLAN, "", {}))
    context = {"form": form, "crumbs": crumbs_to_new()}
    return render(request, "actionplan/import_plan.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def plan_imported(request: HttpRequest, upload: UUID) -> HttpResponse:
    """What the new plan would be, and whether it should."""
    again = reverse("import-plan")
    crumbs = [*crumbs_to_new(), (_("Läs in en arbetsbok"), again)]
    return step(request, upload, NEW_PLAN, "", again, crumbs)


def crumbs_to_new() -> Crumbs:
    return [*crumbs_to_plans(), (_("Ny plan"), reverse("new-plan"))]


def send(request: HttpRequest, form: FileForm, purpose: str, about: str, asked: dict[str, Any]) -> str:
    """Keeps the file and has it read through; gives its number."""
    file = form.cleaned_data["file"]
    upload = steps.keep(file, purpose=purpose, about=about, by=signed_in(request), asked=asked)
    importing.look_through.enqueue(str(upload.pk), purpose)
    return str(upload.pk)


def step(
    request: HttpRequest, number: UUID, purpose: str, about: str, again: str, crumbs: Crumbs
) -> HttpResponse:
    upload = pages.load_upload(request, number, purpose, about)
    carry_out = partial(importing.carry_out.enqueue, purpose=purpose)
    return pages.answer(request, upload, carry_out=carry_out, again=again, context={"crumbs": crumbs})
