"""A table of activities from elsewhere: sent, asked about, shown as it would be, and read in."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actionplan import loaders
from actionplan.crumbs import Crumbs, crumbs_to_draft
from actionplan.drafting import draft_of
from actionplan.elsewhere.choices import Choices, choices_of, table_of, tables_of
from actionplan.elsewhere.forms import ColumnsForm, NamesForm, SheetForm
from actionplan.elsewhere.guessing import guess
from actionplan.elsewhere.importing import (
    TABLE,
    carry_out,
    look_through,
    names_to_ask,
    organisations_known_to,
    statuses_are_reported,
)
from actionplan.elsewhere.names import names_in
from actionplan.elsewhere.remembering import remember_choices, remembered
from actionplan.elsewhere.turning import Names
from actionplan.models import Revision
from exchange import pages, steps
from exchange.books import Book, Sheet
from exchange.forms import FileForm
from exchange.models import Stage, Upload
from exchange.pages import takes_files
from exchange.reading import Unreadable, read
from exchange.telling import Fault, faults_alone
from municipalities.access import signed_in
from publishing.formats import swedish_key

NAMES_ON_A_PAGE = 40


@takes_files
@transaction.non_atomic_requests
def import_table(request: HttpRequest, plan: str) -> HttpResponse:
    """Takes a table with headers of its own, and leads to what it is asked of it."""
    draft = loaders.load_draft(request, plan)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        by, file = signed_in(request), form.cleaned_data["file"]
        upload = steps.keep(file, purpose=TABLE, about=plan, by=by, asked={"draft": draft.pk})
        return redirect("table-columns" if is_readable(upload) else "table-imported", plan, upload.pk)
    context = {"draft": draft, "form": form, "crumbs": crumbs_to_tables(draft)[:-1]}
    return render(request, "actionplan/draft/import_table.html", context, status=422 if form.errors else 200)


def is_readable(upload: Upload) -> bool:
    """Whether there is a table in the file; if not, what is wrong with it is told."""
    try:
        book = read(bytes(upload.content), upload.name)
    except Unreadable as problem:
        steps.settle(upload, faults_alone(problem.faults), "")
        return False
    if not tables_of(book):
        sentence = _("Det finns inga rader under rubrikerna. Välj en fil med en rad för varje aktivitet.")
        steps.settle(upload, faults_alone([Fault("", 0, "", sentence)]), "")
    return bool(tables_of(book))


@transaction.non_atomic_requests
def columns(request: HttpRequest, plan: str, upload: UUID) -> HttpResponse:
    """Asks which column is what; filled in as it was chosen before, else as it seems to be."""
    draft = loaders.load_draft(request, plan)
    found = pages.load_upload(request, upload, TABLE, plan)
    book = book_of(found)
    table = table_of(book, sheet_asked_for(request) or choices_of(found.asked).sheet) if book else None
    if book is None or table is None:
        return redirect("table-imported", plan, upload)
    choices = known(draft, table, choices_of(found.asked))
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, table=table, draft=draft, choices=choices or guessed(request, draft, table))
    if form.is_valid():
        return go_on(request, draft, found, table, form.chosen())
    context = {
        "draft": draft,
        "upload": found,
        "form": form,
        "table": table,
        "tables": tables_of(book),
        "is_known": choices is not None,
        "status_note": statuses_are_reported() if form.has_status else "",
        "crumbs": crumbs_to_tables(draft),
    }
    return render(request, "actionplan/draft/table_columns.html", context, status=422 if form.errors else 200)


def sheet_asked_for(request: HttpRequest) -> str:
    """The name of the sheet that the page, or what is sent of it, is about; empty when that isn't said."""
    form = SheetForm(request.GET)
    if request.method == "POST":
        form = SheetForm(request.POST)
    return form.cleaned_data["sheet"] if form.is_valid() else ""


def book_of(upload: Upload) -> Book | None:
    """The file's tables, for as long as something may be chosen of them."""
    if upload.stage in (Stage.SAVING, Stage.DONE):
        return None
    try:
        return read(bytes(upload.content), upload.name)
    except Unreadable:
        return None


def known(draft: Revision, table: Sheet, choices: Choices) -> Choices | None:
    """What has been chosen of this table, or of one with the same headers before it."""
    if choices.is_made and choices.sheet == table.name:
        return choices
    return remembered(draft.plan, table)


def guessed(request: HttpRequest, draft: Revision, table: Sheet) -> Choices:
    register = organisations_known_to(signed_in(request), draft.plan)

    def is_known(name: str) -> bool:
        return register.exactly(name) is not None

    columns = guess(table, lambda cell: any(map(is_known, names_in(cell, is_known))))
    return Choices(sheet=table.name, columns=columns)


def go_on(
    request: HttpRequest, draft: Revision, upload: Upload, table: Sheet, choices: Choices
) -> HttpResponse:
    """Keeps what the columns are, and leads to who the names are, where that has to be asked."""
    register = organisations_known_to(signed_in(request), draft.plan)
    names = names_to_ask(Names(table, choices, register), table)
    settle(request, draft, upload, table, replace(choices, is_settled=not names))
    return redirect("table-names" if names else "table-imported", draft.plan.slug, upload.pk)


def settle(request: HttpRequest, draft: Revision, upload: Upload, table: Sheet, choices: Choices) -> None:
    """Keeps the choices, for the next table like this too; once all are made the table is read through."""
    with transaction.atomic():
        open_to = Upload.objects.filter(pk=upload.pk, stage__in=(Stage.READING, Stage.TOLD, Stage.FAILED))
        asked = {"draft": draft.pk, **choices.as_json()}
        is_kept = open_to.update(asked=asked, stage=Stage.READING, told="", problem="", since=timezone.now())
        if is_kept:
            remember_choices(draft.plan, table, choices, by=signed_in(request))
    if is_kept and choices.is_settled:
        look_through.enqueue(str(upload.pk))


@transaction.non_atomic_requests
def names(request: HttpRequest, plan: str, upload: UUID) -> HttpResponse:
    """Asks who the names are that no organisation has; some at a time where they are many."""
    draft = loaders.load_draft(request, plan)
    found = pages.load_upload(request, upload, TABLE, plan)
    choices, book = choices_of(found.asked), book_of(found)
    table = table_of(book, choices.sheet) if book else None
    if table is None or not choices.is_made:
        return redirect("table-imported", plan, upload)
    register = organisations_known_to(signed_in(request), draft.plan)
    asked = names_to_ask(Names(table, choices, register), table)
    if not asked:
        return go_on(request, draft, found, table, choices)
    page = Paginator(tuple(asked), NAMES_ON_A_PAGE).get_page(request.GET.get("sida"))
    form = NamesForm(
        request.POST if request.method == "POST" else None,
        names={name: asked[name] for name in page},
        register=register,
        choices=choices,
        may_make=signed_in(request).administers,
    )
    if form.is_valid():
        settle(request, draft, found, table, replace(form.chosen(), is_settled=not page.has_next()))
        if page.has_next():
            return redirect(f"{request.path}?sida={page.next_page_number()}")
        return redirect("table-imported", plan, upload)
    context = {
        "draft": draft,
        "upload": found,
        "form": form,
        "page": page,
        "count": len(asked),
        "organisations": sorted({each.name for each in register.organisations}, key=swedish_key),
        "crumbs": crumbs_to_tables(draft),
    }
    return render(request, "actionplan/draft/table_names.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def table_imported(request: HttpRequest, plan: str, upload: UUID) -> HttpResponse:
    """What the table would do with the draft, and whether it should."""
    found_plan = loaders.load_plan_to_edit(request, plan)
    found = pages.load_upload(request, upload, TABLE, found_plan.slug)
    choices = choices_of(found.asked)
    if found.stage == Stage.READING and not choices.is_settled:
        return redirect("table-columns", plan, upload)
    again = reverse("import-table", args=[plan])
    draft = draft_of(found_plan)
    context = {
        "crumbs": crumbs_to_draft(found_plan, draft, (_("Läs in en tabell"), again)),
        "choose": reverse("table-columns", args=[plan, upload]) if draft and choices.is_made else "",
    }
    return pages.answer(request, found, carry_out=carry_out.enqueue, again=again, context=context)


def crumbs_to_tables(draft: Revision) -> Crumbs:
    again = reverse("import-table", args=[draft.plan.slug])
    return crumbs_to_draft(draft.plan, draft, (_("Läs in en tabell"), again))
