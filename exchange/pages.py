"""The page of a file on its way in, alike for every import: what would happen, a yes or a no, how it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exchange.forms import Answer, AnswerForm
from exchange.models import Upload
from exchange.steps import confirm, forget, taken_of
from exchange.telling import Deed, Fault, RowTold, SheetTold, Told
from municipalities.access import signed_in
from publishing.parts import Window

View = TypeVar("View", bound=Callable[..., HttpResponse])


def takes_files(view: View) -> View:
    """Marks a view whose form has files, which are then as large as FILES_MAX_SIZE: `@takes_files`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def load_upload(request: HttpRequest, number: Any, purpose: str, about: str) -> Upload:
    """A file that the person has sent for this; 404 for any other, which is nobody else's to know of."""
    found = Upload.objects.of(signed_in(request), purpose, about).filter(pk=number).first()
    if found is None or found.is_old:
        raise Http404
    return found


@dataclass(frozen=True)
class Part:
    """What the page shows of a sheet: all of what is counted, and of its rows those of the page."""

    sheet: SheetTold
    faults: tuple[Fault, ...]
    rows: tuple[RowTold, ...]


def parts_of(told: Told, window: Window) -> list[Part]:
    """The sheets with what of them is on the page: what is wrong, or else what would change."""
    if told.is_refused:
        return [Part(each, window.of(each.faults), ()) for each in told.sheets]
    return [Part(each, (), window.of(shown(each))) for each in told.sheets]


SHOWN = (Deed.NEW, Deed.CHANGED, Deed.REMOVED, Deed.LEFT, Deed.VANISHED)


def shown(sheet: SheetTold) -> tuple[RowTold, ...]:
    """The rows that are told of one by one: what changes, and what there is something to say of."""
    is_said = (Deed.UNCHANGED,)
    return tuple(row for row in sheet.rows if row.what in SHOWN or (row.what in is_said and row.remark))


def answer(
    request: HttpRequest,
    upload: Upload,
    *,
    carry_out: Callable[[str], object],
    again: str,
    context: Any,
    template: str = "exchange/told.html",
) -> HttpResponse:
    """Shows how far the file has come, and takes the answer; `again` is where another file is sent.

    `carry_out` has it imported, by its number. `context`: what else the page is told, its crumbs among it,
    and `forgotten`, the sentence for a no. Not for a transaction: where work is done at once, it would hold
    that long.
    """
    choices = upload.would.choices if upload.would else ()
    form = AnswerForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        if form.cleaned_data["answer"] == Answer.NO:
            if not forget(upload):
                return redirect(request.path)
            messages.success(request, context.get("forgotten") or _("Filen är borttagen. Inget lästes in."))
            return redirect(again)
        is_told = upload.would and form.cleaned_data["mark"] == upload.would.mark
        if is_told and confirm(upload, form.taken()):
            carry_out(str(upload.pk))
        return redirect(request.path)
    window = Window(request)
    parts = parts_of(upload.would, window) if upload.would else []
    page = {
        "upload": upload,
        "told": upload.would,
        "parts": parts,
        "window": window,
        "pages": window.pages(),
        "again": again,
        "form": form,
        "taken": taken_of(upload),
    }
    return render(request, template, {**page, **context}, status=422 if form.errors else 200)
