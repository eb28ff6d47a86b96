"""The page on which a challenge is followed up: written, sent in, returned and approved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.crumbs import crumbs_to
from followup import loaders, reviewing
from followup.forms.reviews import NoteForm, ReviewDeed, ReviewForms, SeeingForm
from followup.left import TO_WRITE
from followup.models import ChallengeReview, Conflict, ReviewState
from followup.reports.reviews import earlier_review, goals_reviewed, review_of
from followup.reports.year import ChallengeStanding, followup_report
from followup.reviewing import Now
from municipalities.access import may, signed_in
from municipalities.drafts import confirm_saved
from municipalities.unsent import unsent


@dataclass
class Page:
    """What the page is about, and what its user may do there."""

    request: HttpRequest
    task: loaders.LoadedReview
    facts: ChallengeStanding
    may_write: bool
    may_answer: bool
    leads: bool

    @property
    def computed(self) -> dict[str, str]:
        """The goals' computed verdicts, by key."""
        return {goal.key: goal.computed for goal in self.facts.goals}

    def now(self) -> Now:
        return reviewing.now(self.task.followup, self.task.challenge)


def review(request: HttpRequest, plan: str, year: int, key: str) -> HttpResponse:
    """What is said of a challenge in a year: to write, to answer or to read."""
    task = loaders.load_review(request, plan, year, key)
    report = followup_report(task.standing, task.followup)
    page = Page(
        request,
        task,
        facts=next(each for each in report.challenges if each.key == key),
        may_write=may(request, "followup.write_review", task.subject),
        may_answer=may(request, "followup.answer_review", task.subject),
        leads=may(request, "followup.lead", task.followup),
    )
    if request.method != "POST":
        return shown(page)
    try:
        answer = DEEDS[ReviewDeed(request.POST.get("deed", ReviewDeed.SAVE))]
    except ValueError as error:
        raise BadRequest from error
    return answer(page)


def written(page: Page) -> HttpResponse:
    """Saves or sends in what was written."""
    loaders.write_review_or_403(page.request, page.task)
    sends_in = page.request.POST.get("deed") == ReviewDeed.SEND_IN
    current = page.now()
    forms = ReviewForms(page.facts.goals, current, page.request.POST)
    if not forms.is_valid(to_send_in=sends_in):
        return shown(page, forms=forms, status=422)
    about = (page.task.followup, page.task.challenge, forms.words, forms.words_of_goals)
    by = signed_in(page.request)
    try:
        if sends_in:
            reviewing.send_in(*about, computed=page.computed, by=by)
        else:
            reviewing.save_draft(*about, by=by)
    except Conflict:
        seen_of_goals = {goal: words.seen for goal, words in forms.words_of_goals.items()}
        base = reviewing.as_seen(page.task.followup, page.task.challenge, forms.words.seen, seen_of_goals)
        return shown(page, forms=forms.after(base, page.now()), came_between=True, status=409)
    return done(page, _("Texten är inskickad.") if sends_in else _("Utkastet är sparat."))


def taken_back(page: Page) -> HttpResponse:
    """Makes a draft again of what was sent in or approved."""
    loaders.write_review_or_403(page.request, page.task)
    return answered(
        page,
        lambda seen, by: reviewing.take_back(page.task.followup, page.task.challenge, seen=seen, by=by),
        _("Texten är ett utkast igen."),
    )


def returned(page: Page) -> HttpResponse:
    """Returns what was sent in, with a note."""
    loaders.answer_review_or_403(page.request, page.task)
    form = NoteForm(page.request.POST)
    if not form.is_valid():
        return shown(page, note=form, status=422)
    return answered(
        page,
        lambda seen, by: reviewing.give_back(
            page.task.followup, page.task.challenge, note=form.cleaned_data["note"], seen=seen, by=by
        ),
        _("Texten är returnerad."),
        note=form,
    )


def approved(page: Page) -> HttpResponse:
    """Approves what was sent in."""
    loaders.answer_review_or_403(page.request, page.task)
    return answered(
        page,
        lambda seen, by: reviewing.approve(
            page.task.followup, page.task.challenge, computed=page.computed, seen=seen, by=by
        ),
        _("Texten är godkänd."),
    )


DEEDS: dict[ReviewDeed, Callable[[Page], HttpResponse]] = {
    ReviewDeed.SAVE: written,
    ReviewDeed.SEND_IN: written,
    ReviewDeed.TAKE_BACK: taken_back,
    ReviewDeed.RETURN: returned,
    ReviewDeed.APPROVE: approved,
}


def answered(
    page: Page, deed: Callable[[int, Any], ChallengeReview], sentence: str, *, note: NoteForm | None = None
) -> HttpResponse:
    """Does what moves the review on without a change in its words."""
    form = SeeingForm(page.request.POST)
    form.is_valid()
    try:
        deed(form.saw, signed_in(page.request))
    except Conflict:
        return shown(page, note=note, came_between=True, status=409)
    except reviewing.Incomplete as incomplete:
        return shown(page, lacking=incomplete.lacks, status=422)
    return done(page, sentence)


def done(page: Page, sentence: str) -> HttpResponse:
    confirm_saved(page.request)
    messages.success(page.request, sentence)
    return redirect("review", *page.task.address)


def shown(
    page: Page,
    *,
    forms: ReviewForms | None = None,
    note: NoteForm | None = None,
    lacking: list[reviewing.Lack] | None = None,
    came_between: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was sent to it where that could not be done."""
    followup, challenge = page.task.subject
    current = page.now()
    writes = page.may_write and (forms is not None or current.state in TO_WRITE)
    answers = page.may_answer and current.state in (ReviewState.SUBMITTED, ReviewState.APPROVED)
    kept = unsent(page.request, signed_in(page.request)) if writes or answers else {}
    if writes and forms is None:
        forms = ReviewForms(page.facts.goals, current, kept or None)
    if answers and note is None:
        note = NoteForm(initial={"note": kept.get("note", "")})
    year = (
        _("Uppföljning %(year)d") % {"year": followup.year},
        reverse("followup", args=page.task.address[:2]),
    )
    context = {
        "followup": followup,
        "challenge": page.facts,
        "review": review_of(followup, challenge),
        "goals": goals_reviewed(page.facts.goals, current.goals),
        "forms": forms if writes else None,
        "came_between": came_between,
        "earlier": earlier_review(page.task.standing, followup, challenge.key),
        "lacking": [sentence_on(each, page.facts) for each in lacking or []],
        "note_form": note if answers else None,
        "is_kept": bool(kept),
        "may_approve": answers and current.state == ReviewState.SUBMITTED,
        "may_take_back": page.may_write and not writes,
        "seen": current.number,
        "wrote_it": current.state == ReviewState.SUBMITTED and not page.may_answer and page.leads,
        "crumbs": crumbs_to(followup.plan, year),
    }
    return render(page.request, "followup/reviews/review.html", context, status=status)


def sentence_on(lack: reviewing.Lack, facts: ChallengeStanding) -> str:
    """What is lacking, and of which goal."""
    texts = {goal.key: goal.text for goal in facts.goals}
    return f"{texts[lack.goal]}: {lack.sentence}" if lack.goal else lack.sentence
