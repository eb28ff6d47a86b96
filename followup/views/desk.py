"""The editor's desk: where a year's round stands, and the deeds that lead it on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplan.crumbs import Crumbs, crumbs_to
from actionplan.models import Plan
from followup import leading, loaders, notices
from followup.checklist import checklist, desk_sentence
from followup.editions import fingerprint, publish_year, registry_number_before
from followup.forms.desk import (
    AssignForm,
    BeginForm,
    DatesForm,
    MoveForm,
    PublishForm,
    RemindForm,
    ReopenForm,
    TakeBackForm,
)
from followup.left import people_with_something_left
from followup.models import Deed, FollowUp, Stage
from followup.models.stages import WHY_NOT
from followup.reports.desk import Desk
from followup.reports.desk import desk as desk_of
from followup.reports.mailing import latest_mailing
from municipalities.access import signed_in
from municipalities.drafts import confirm_saved
from municipalities.models import Organisation
from publishing.editions import NotPublished
from publishing.formats import counted
from publishing.parts import MOST_ROWS
from publishing.pdf import PdfError

REFUSALS = (ValidationError, PermissionDenied)
"""How a deed says that it can't be done: by the table of stages, or by what somebody else has done."""


def begin(request: HttpRequest, plan: str) -> HttpResponse:
    """Begins the follow-up of a year."""
    found = loaders.load_plan_to_lead(request, plan)
    year = next_year(found)
    form = BeginForm(request.POST if request.method == "POST" else None, plan=found, year=year)
    if form.is_valid():
        said = form.cleaned_data
        try:
            begun = leading.begin_year(
                found,
                said["year"],
                revision=form.revisions.get(said["revision"]),
                opens=said["opens"],
                due=said["due"],
                by=signed_in(request),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Uppföljningen %(year)d är planerad.") % {"year": begun.year})
            return redirect("desk", plan, begun.year)
    context = {
        "plan": found,
        "form": form,
        "crumbs": crumbs_to(found),
    }
    return render(request, "followup/desk/begin.html", context, status=422 if form.errors else 200)


def next_year(plan: Plan) -> int:
    """The year to propose: the one after the latest that is followed up, else the revision's in force."""
    years = plan.followups.values_list("year", flat=True)
    latest = max(years, default=None)
    if latest is not None:
        return latest + 1
    return max((each.year for each in plan.revisions.all() if each.is_adopted), default=plan.first_year)


@require_safe
def desk(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Where the year's round stands, and what can be done."""
    standing, followup = loaders.load_desk(request, plan, year)
    at_desk = desk_of(standing, followup)
    found = checklist(at_desk)
    context = {
        "desk": at_desk,
        "checklist": found,
        "says": desk_sentence(at_desk, found),
        "mailing": latest_mailing(followup),
        "may_plan": followup.allows(Deed.PLAN),
        "may_remind": followup.allows(Deed.REMIND),
        "form": AssignForm(desk=at_desk),
        "assigned": Paginator(at_desk.assigned, MOST_ROWS).get_page(1),
        "crumbs": crumbs_to_year(followup),
    }
    return render(request, "followup/desk/desk.html", context)


def dates(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """When the year opens and is due."""
    _standing, followup = loaders.load_desk(request, plan, year)
    now = {"opens": followup.opens, "due": followup.due}
    seen = {f"seen_{name}": day for name, day in now.items()}
    form = DatesForm(request.POST if request.method == "POST" else None, initial={**now, **seen})
    if form.is_valid():
        try:
            leading.set_dates(followup, form.days, seen=form.seen, by=signed_in(request))
        except ValidationError as refusal:
            followup.refresh_from_db()
            form.show_again(followup, refusal)
        except PermissionDenied as refusal:
            return back_to_desk(request, followup, refusal)
        else:
            return back_to_desk(request, followup, told=_("Datumen är sparade."))
    context = {
        "followup": followup,
        "form": form,
        "why_not": "" if followup.allows(Deed.PLAN) else WHY_NOT[Deed.PLAN],
        "crumbs": crumbs_to_desk(followup),
    }
    return render(request, "followup/desk/dates.html", context, status=422 if form.errors else 200)


MOVED = {
    Stage.OPEN: gettext_lazy("Uppföljningen är öppen för rapportering."),
    Stage.CLOSED: gettext_lazy("Uppföljningen är stängd för rapportering."),
}
"""What is told when the year has come to a stage."""


def open_for_reports(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Lets coordinators report, once confirmed."""
    return move(request, plan, year, Stage.OPEN, (Stage.PLANNED, Stage.CLOSED))


def close_for_reports(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Lets coordinators report no longer."""
    return move(request, plan, year, Stage.CLOSED, (Stage.OPEN,))


def open_for_correction(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Lets a published year be corrected, once confirmed and explained."""
    return move(request, plan, year, Stage.CLOSED, (Stage.PUBLISHED,), ReopenForm)


def move(
    request: HttpRequest,
    plan: str,
    year: int,
    to: Stage,
    begin_at: tuple[Stage, ...],
    kind: type[MoveForm] = MoveForm,
) -> HttpResponse:
    """Moves the year from one of the stages `begin_at` to another, once confirmed."""
    _standing, followup = loaders.load_desk(request, plan, year)
    sent = request.POST if request.method == "POST" else None
    form = kind(sent, stages=begin_at, initial={"seen": followup.stage})
    if form.is_valid():
        said = form.cleaned_data
        try:
            leading.move(
                followup, to, seen=said["seen"], reason=said.get("reason", ""), by=signed_in(request)
            )
        except REFUSALS as refusal:
            followup.refresh_from_db()
            if not typed_in(form, "reason"):
                return back_to_desk(request, followup, refusal)
            form.add_error(None, leading.why_not(refusal))
        else:
            return back_to_desk(request, followup, told=str(MOVED[to]))
    context = {
        "followup": followup,
        "to": to,
        "form": form,
        "typed": typed_in(form, "reason"),
        "can_be_done": followup.stage in begin_at,
        "crumbs": crumbs_to_desk(followup),
    }
    return render(request, "followup/desk/move.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests
def publish(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Publishes the year, once confirmed; its PDF is made outside of any transaction."""
    standing, followup = loaders.load_desk(request, plan, year)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        is_correction=followup.is_published,
        initial={
            "corrects": leading.why_reopened(followup),
            "registry_number": registry_number_before(followup),
        },
    )
    if form.is_valid():
        try:
            edition = publish_year(
                followup,
                by=signed_in(request),
                corrects=form.cleaned_data.get("corrects", ""),
                registry_number=form.cleaned_data["registry_number"],
                seen=form.cleaned_data["seen"],
            )
        except (NotPublished, PdfError) as refusal:
            followup.refresh_from_db()
            if followup.stage != Stage.CLOSED and not typed_in(form, "corrects"):
                return back_to_desk(request, followup, ValidationError(str(refusal)))
            form.add_error(None, str(refusal))
        else:
            words = {"year": followup.year, "edition": edition.edition}
            told = _("Uppföljningen %(year)d är publicerad, utgåva %(edition)d.") % words
            return back_to_desk(request, followup, told=told)
    to_be_published = fingerprint(followup)  # first, so that what changes before it is shown is asked about
    at_desk = desk_of(standing, followup)
    context = {
        "followup": followup,
        "desk": at_desk,
        "checklist": checklist(at_desk),
        "form": form,
        "typed": typed_in(form, "corrects", "registry_number"),
        "fingerprint": to_be_published,
        "can_be_done": followup.stage == Stage.CLOSED,
        "crumbs": crumbs_to_desk(followup),
    }
    return render(request, "followup/desk/publish.html", context, status=422 if form.errors else 200)


def remind(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Reminds those who have something left: all of them, or those who are marked."""
    _standing, followup = loaders.load_desk(request, plan, year)
    left = people_with_something_left(followup)
    form = RemindForm(request.POST if request.method == "POST" else None, left=left)
    if form.is_valid():
        try:
            reminded = notices.remind(followup, form.chosen, by=signed_in(request))
        except PermissionDenied as refusal:
            return back_to_desk(request, followup, refusal)
        return back_to_desk(request, followup, told=reminded_words(followup, len(reminded), len(form.chosen)))
    context = {
        "followup": followup,
        "form": form,
        "why_not": "" if followup.allows(Deed.REMIND) else WHY_NOT[Deed.REMIND],
        "crumbs": crumbs_to_desk(followup),
    }
    return render(request, "followup/desk/remind.html", context, status=422 if form.errors else 200)


def reminded_words(followup: FollowUp, reminded: int, chosen: int) -> str:
    """What is told of the reminders: how many go out, and why the others don't."""
    if followup.is_example:
        return _("Inget skickades: det här är exempelinnehåll.")
    told = _("%(count)d får en påminnelse.") % {"count": reminded}
    if reminded == chosen:
        return told
    return _("%(told)s Den som redan har fått en i dag, eller inte har något kvar, får ingen till.") % {
        "told": told
    }


def assign(request: HttpRequest, plan: str, year: int) -> HttpResponse:
    """Says who reports what nobody responsible can, and takes it back."""
    standing, followup = loaders.load_desk(request, plan, year)
    at_desk = desk_of(standing, followup)
    if "take_back" in request.POST:
        return take_back(request, followup, at_desk)
    form = AssignForm(request.POST if request.method == "POST" else None, desk=at_desk)
    if form.is_valid():
        organisation = Organisation.objects.get(key=form.cleaned_data["organisation"])
        activities = followup.activities().filter(key__in=form.cleaned_data["activities"])
        try:
            given = leading.assign(followup, activities, organisation, by=signed_in(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        except PermissionDenied as refusal:
            return back_to_desk(request, followup, refusal)
        else:
            more = counted(len(given), followup.plan.words.activity, followup.plan.words.activities)
            told = _("%(who)s rapporterar nu %(more)s till.") % {"who": organisation.short_name, "more": more}
            return back_to_desk(request, followup, told=told)
    assigned = Paginator(at_desk.assigned, MOST_ROWS)
    context = {
        "desk": at_desk,
        "form": form,
        "assigned": assigned.get_page(request.GET.get("sida")),
        "pages": [(number, f"sida={number}") for number in assigned.page_range],
        "may_plan": followup.allows(Deed.PLAN),
        "crumbs": crumbs_to_desk(followup),
    }
    return render(request, "followup/desk/assign.html", context, status=422 if form.errors else 200)


def take_back(request: HttpRequest, followup: FollowUp, at_desk: Desk) -> HttpResponse:
    """Takes an activity back from whom the button said reports it."""
    form = TakeBackForm(request.POST, desk=at_desk)
    if not form.is_valid():
        return back_to_desk(request, followup, ValidationError(_("Någon annan har redan ändrat det.")))
    key, who = form.cleaned_data["take_back"]
    activity = followup.activities().get(key=key)
    organisation = Organisation.objects.get(key=who)
    try:
        leading.take_back(followup, activity, organisation, by=signed_in(request))
    except REFUSALS as refusal:
        return back_to_desk(request, followup, refusal)
    words = {"who": organisation.short_name, "activity": activity.title}
    told = _("%(who)s rapporterar inte längre ”%(activity)s”.") % words
    return back_to_desk(request, followup, told=told)


# What the pages share


def typed_in(form: Form, *names: str) -> list[str]:
    """What was typed in the fields, to give back where the form can't be shown again."""
    typed = (form[name].value() for name in names if form.is_bound and name in form.fields)
    return [text for text in typed if text and text.strip()]


def back_to_desk(
    request: HttpRequest, followup: FollowUp, refusal: Any = None, *, told: str = ""
) -> HttpResponse:
    """Leads to the desk, which tells what was done, or why it wasn't."""
    if refusal is not None:
        messages.error(request, leading.why_not(refusal))
    else:
        confirm_saved(request)
        messages.success(request, told)
    return redirect("desk", followup.plan.slug, followup.year)


def crumbs_to_year(followup: FollowUp) -> Crumbs:
    title = _("Uppföljning %(year)d") % {"year": followup.year}
    return crumbs_to(followup.plan, (title, reverse("followup", args=[followup.plan.slug, followup.year])))


def crumbs_to_desk(followup: FollowUp) -> Crumbs:
    address = reverse("desk", args=[followup.plan.slug, followup.year])
    return [*crumbs_to_year(followup), (_("Arbetsyta"), address)]
