"""Finding an indicator's KPI in Kolada, while the indicator is set up.

Everything that is typed in the indicator's form goes along, and comes back with it; nothing is saved here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from actionplan import loaders
from actionplan.forms.measures import FindMeasureForm
from actionplan.forms.rows import RowForm
from actionplan.kinds import KINDS
from actionplan.models import Indicator
from actionplan.views.rows import form_of, show_form, show_lost, why_gone
from actionplan.views.tasks import Task, task_of
from kolada.answers import Measure
from kolada.client import Kolada, NotFetched
from municipalities.access import signed_in
from municipalities.unsent import unsent
from publishing.formats import swedish_key

SHOWN = 50
KIND = KINDS["indikatorer"]


@transaction.non_atomic_requests  # Kolada may take its time, and nothing is written
def find_measure(request: HttpRequest, plan: str) -> HttpResponse:
    """Searches among Kolada's KPIs, and fills in the chosen one."""
    owner, draft = loaders.load_draft_if_any(request, plan)
    data = request.POST if request.method == "POST" else unsent(request, signed_in(request))
    asked = FindMeasureForm(data)
    key = asked.cleaned_data.get("of", "") if asked.is_valid() else ""
    task = task_of(owner, draft, KIND, key) if key else Task(owner, draft, KIND)
    typed = form_of(task, data or None)
    if why := why_gone(task):
        return show_lost(request, task, typed, why)
    if asked.is_valid() and asked.cleaned_data["chosen"]:
        return fill_in(request, task, typed, asked.cleaned_data["chosen"])
    if asked.is_valid() and asked.cleaned_data["back"]:
        return show_form(request, task, form_of(task, initial=typed.carried()), previews={})
    return show_search(request, task, typed, asked)


def fill_in(request: HttpRequest, task: Task, typed: RowForm, chosen: str) -> HttpResponse:
    """The indicator's form with the KPI: its id, and what Kolada says of it where nothing is written yet."""
    carried = typed.carried()
    try:
        measure = Kolada().measures([chosen]).get(chosen)
    except NotFetched as error:
        messages.warning(request, error.sentence)
        measure = None
    else:
        messages.info(request, _("Nyckeltalet är ifyllt från Kolada. Läs igenom och spara."))
    told = told_by(measure) if measure else {}
    filled = {name: carried[name] if carried[name].strip() else said for name, said in told.items()}
    form = form_of(task, initial=carried | filled | {"kolada_id": chosen})
    return show_form(request, task, form, previews={})


def told_by(measure: Measure) -> dict[str, str]:
    """What Kolada says of an indicator, by field."""
    longest = Indicator._meta.get_field("name").max_length
    return {"name": measure.title[:longest], "description": measure.description, "source": "Kolada"}


def published_first(measure: Measure) -> tuple[Any, ...]:
    return (not measure.is_published, swedish_key(measure.title))


def show_search(request: HttpRequest, task: Task, typed: RowForm, asked: FindMeasureForm) -> HttpResponse:
    """The search with what it found, or why it found nothing. An id that is typed already is looked up."""
    carried = typed.carried()
    words, trouble, found = asked["words"].value() or "", "", None
    if not words and not asked.errors:
        words = carried["kolada_id"] or carried["name"][:100]
        asked = FindMeasureForm(initial={"words": words})
        asks = bool(carried["kolada_id"])
    else:
        asks = asked.is_valid()
    if asks:
        try:
            found = sorted(Kolada().search(words), key=published_first)
        except NotFetched as error:
            trouble = error.sentence
    context = {
        "task": task,
        "form": asked,
        "carried": {**carried, "of": task.key},
        "words": words,
        "trouble": trouble,
        "found": found and found[:SHOWN],
        "count": len(found or []),
        "has_asked": found is not None,
        "crumbs": task.crumbs,
    }
    status = 422 if asked.errors else 200
    return render(request, "actionplan/draft/find_measure.html", context, status=status)
