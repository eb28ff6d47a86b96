"""Pages on which people say how it goes with activities, and what they have left to do.

A row of Att göra is the same page, asked for by htmx: then only the row comes back.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from actionplan.forms.shared import NUMBERS_END
from actionplan.merging import merge
from actionplan.reports import activity_row
from followup import loaders
from followup.forms import ReportForm, ReportMergeForm
from followup.loaders import ReportTask
from followup.models import Conflict, StatusReport
from followup.reporting import SAID, current_report, numbered_report, saved_sentence, says, write_report
from followup.reports import to_do as reports
from followup.reports.said import said
from municipalities.access import may, signed_in
from municipalities.drafts import confirm_saved
from municipalities.unsent import unsent
from publishing.parts import Window


@require_safe
def to_do(request: HttpRequest) -> HttpResponse:
    """What is mine to do in the follow-ups that are under way."""
    may(request, "followup.have_to_do", None)
    found = reports.to_do(signed_in(request))
    window = Window(request)
    context = {
        "to_do": found,
        "rounds": [(each, *each.shown_in(window)) for each in found.rounds],
        "window": window,
        "pages": window.pages(),
    }
    return render(request, "followup/to_do.html", context)


def report_activity(request: HttpRequest, plan: str, year: int, key: str) -> HttpResponse:
    """Says how it goes with an activity, unless someone else has said something meanwhile."""
    task = loaders.load_report_task(request, plan, year, key)
    if request.method != "POST":
        if is_row(request) and "stang" in request.GET:
            return show_closed(request, task)
        return show_form(request, task, begin(request, task))
    if "merging" not in request.POST:
        return save(request, task, ReportForm(request.POST, auto_id=ids_of(request, task)))
    chosen = merge_form(request, task, request.POST)
    if chosen is None:
        return save(request, task, ReportForm(request.POST, auto_id=ids_of(request, task)))
    if not chosen.is_valid():
        return show_conflict(request, task, chosen, status=422)
    words = {**chosen.whole(), "seen": str(chosen.cleaned_data["after"])}
    return save(request, task, ReportForm(words, auto_id=ids_of(request, task)))


def begin(request: HttpRequest, task: ReportTask) -> ReportForm:
    """The form as it begins: with what was last said, else as its address or an ended session has it."""
    latest = current_report(task.followup, task.activity)
    begun: dict[str, Any] = {"seen": latest.number if latest else 0}
    if kept := unsent(request, signed_in(request)):
        begun |= {**kept, "kept": True}
    elif "samma-som-sist" in request.GET and (last_year := task.last_year()):
        begun |= {**says(last_year), "comment": "", "same_as_last": True}
    elif "som-forut" in request.GET and latest and latest.number > 1:
        begun |= says(numbered_report(task.followup, task.activity, latest.number - 1))
    return ReportForm(instance=latest, initial=begun, auto_id=ids_of(request, task))


def save(request: HttpRequest, task: ReportTask, form: ReportForm) -> HttpResponse:
    """Writes what the form says; else shows what is wrong with it, or what someone else has written."""
    if form.is_valid():
        try:
            written = write_report(
                task.followup, task.activity, form.said(), seen=form.saw, by=signed_in(request)
            )
        except Conflict:
            met = {**form.said(), "seen": form.saw}
            if merging := merge_form(request, task, None, met):
                return show_conflict(request, task, merging, status=409)
        else:
            confirm_saved(request)
            if is_row(request):
                return show_closed(request, task, saved=saved_sentence(written))
            messages.success(request, saved_with_way_back(request, written))
            return redirect("activity", task.followup.plan.slug, task.activity.key)
    latest = current_report(task.followup, task.activity)
    newest = latest.number if latest else 0
    if form.saw > newest:
        form = form.after(latest)
    return show_form(request, task, form, is_late=form.saw < newest, status=422)


def saved_with_way_back(request: HttpRequest, written: StatusReport) -> str:
    """What was saved, and where to begin from what stood there before, if anything did."""
    saved = saved_sentence(written)
    if written.number == 1:
        return saved
    return format_html('{} <a href="{}?som-forut=1">{}</a>', saved, request.path, _("Ändra till som det var"))


def merge_form(
    request: HttpRequest, task: ReportTask, sent: Any, met: dict[str, Any] | None = None
) -> ReportMergeForm | None:
    """The saved row put together with what `sent` or `met` holds; None when it tells a number that isn't."""
    latest = current_report(task.followup, task.activity)
    newest = latest.number if latest else 0
    mine = met if met is not None else sent
    started, after = number_in(mine, "seen"), newest if met is not None else number_in(sent, "after")
    if not started < after <= newest:
        return None
    fields = merge(
        SAID,
        says(numbered_report(task.followup, task.activity, started)),
        says(numbered_report(task.followup, task.activity, after)),
        {name: str(mine.get(name, "")) for name in SAID},
    )
    begun = {"seen": started, "after": after}
    return ReportMergeForm(sent, merge=fields, initial=begun, auto_id=ids_of(request, task))


def number_in(sent: Any, name: str) -> int:
    """The number that a form tells; more than there can be when it tells none."""
    text = str(sent.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else NUMBERS_END


def is_row(request: HttpRequest) -> bool:
    """Whether a row of Att göra asks, and is answered with the row."""
    return bool(HtmxDetails(request))


def ids_of(request: HttpRequest, task: ReportTask) -> str:
    """How the form's fields are identified: several rows may be open on a page."""
    return f"id_{task.followup.pk}_{task.activity.key}_%s" if is_row(request) else "id_%s"


def show_form(
    request: HttpRequest, task: ReportTask, form: ReportForm, *, is_late: bool = False, status: int = 200
) -> HttpResponse:
    latest = current_report(task.followup, task.activity)
    context = {
        "form": form,
        "latest": latest,
        "is_kept": form.initial.get("kept", False),
        "is_late": is_late,
    }
    return show(request, task, context, status)


def show_conflict(
    request: HttpRequest, task: ReportTask, merging: ReportMergeForm, *, status: int
) -> HttpResponse:
    after = int(merging["after"].value())
    theirs = numbered_report(task.followup, task.activity, after)
    context = {"merging": merging, "theirs": theirs}
    return show(request, task, context, status)


def show(request: HttpRequest, task: ReportTask, context: dict[str, Any], status: int) -> HttpResponse:
    last_year = task.last_year()
    context |= {
        "followup": task.followup,
        "activity": activity_row(task.activity, task.followup.year),
        "challenge": task.activity.challenge,
        "last_year": said(last_year) if last_year else None,
        "shows_last_year": last_year is not None or task.was_asked_for_last_year,
        "crumbs": [(_("Att göra"), reverse("to-do"))],
    }
    template = "followup/task_open.html" if is_row(request) else "followup/report_activity.html"
    return render(request, template, context, status=status)


def show_closed(request: HttpRequest, task: ReportTask, *, saved: str = "") -> HttpResponse:
    """The row as it stands in the list; after a saving also what was saved, and what is left now."""
    latest = current_report(task.followup, task.activity)
    context: dict[str, Any] = {
        "plan": task.followup.plan.slug,
        "round": task.followup.pk,
        "year": task.followup.year,
        "task": reports.activity_task(task.activity, latest),
        "is_met": True,
        "saved": saved,
    }
    if saved and latest:
        context |= {
            "said": said(latest),
            "has_earlier": latest.number > 1,
            "now": reports.to_do(signed_in(request)).round_of(task.followup),
        }
    return render(request, "followup/task_closed.html", context)
