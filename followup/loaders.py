"""Fetching what a request may have of a follow-up: the loader is the check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from actionplan.loaders import load_draft, load_plan, load_plan_with_documents
from actionplan.models import Activity, Challenge, Indicator, Plan, Revision, YearlyTarget
from followup.days import Day, day_of
from followup.models import FollowUp, Stage, StatusReport
from followup.models.stages import WHY_NOT, Deed
from followup.queries import Standpoint, Thread, standpoint, thread_of
from municipalities.access import may, or_403, or_404
from municipalities.models import Municipality
from publishing.formats import swedish_key
from publishing.models import Publication
from publishing.reading import find_edition


def load_standpoint(request: HttpRequest, slug: str) -> Standpoint:
    """The plan and the year that its pages speak of to this reader; 404 where there is nothing to read."""
    return standpoint(load_plan(request, slug), request.user)


def load_standpoint_with_documents(request: HttpRequest, slug: str) -> Standpoint:
    """The same, and which editions of the plan's documents hold."""
    plan = load_plan_with_documents(request, slug)
    prefetch_related_objects([plan], Prefetch("followups", FollowUp.objects.with_editions()))
    return standpoint(plan, request.user)


def load_followup(request: HttpRequest, slug: str, year: int) -> tuple[Standpoint, FollowUp]:
    """A year's follow-up; 404 for those who may not know of it."""
    standing = load_standpoint(request, slug)
    for followup in standing.plan.followups.all():
        if followup.year == year:
            return standing, or_404(request, "followup.read_followup", followup)
    raise Http404


def load_log(request: HttpRequest, slug: str) -> Plan:
    """A plan whose log of changes one may read, without its revisions; 404 for those who take no part."""
    plan = get_object_or_404(Plan.objects.select_related("owner"), slug=slug)
    return or_404(request, "followup.read_changes", plan)


@dataclass(frozen=True)
class YearFound:
    """A year's follow-up as a reader may have it: as it is under way, or what has been published of it.

    `editions`: the latest first, without what is large in them.
    """

    followup: FollowUp
    editions: list[Publication]
    shows_edition: bool


def load_year(request: HttpRequest, slug: str, year: int) -> YearFound:
    """A year's follow-up; 404 for those who may not know of it, and where none of it is to be read.

    What has been published is what everyone reads, also while the year is open again for correction; then
    those who take part get what is under way.
    """
    plan = get_object_or_404(Plan.objects.with_parties().prefetch_related("followups"), slug=slug)
    followup = next((each for each in plan.followups.all() if each.year == year), None)
    if followup is None:
        raise Http404
    or_404(request, "followup.read_followup", followup)
    takes_part = may(request, "followup.read_under_way", followup)
    editions = list(Publication.objects.of_any([followup.document])) if followup.is_published else []
    if not editions and not takes_part:
        raise Http404
    is_closed = followup.stage == Stage.PUBLISHED
    return YearFound(followup, editions, shows_edition=bool(editions) and (is_closed or not takes_part))


def load_year_edition(
    request: HttpRequest, slug: str, year: int, number: int
) -> tuple[YearFound, Publication]:
    """An edition of a year's follow-up: what has been published is public, for ever."""
    found = load_year(request, slug, year)
    return found, find_edition(found.editions, number)


def load_day(request: HttpRequest, slug: str, day: date) -> Day:
    """A plan at the end of a day; 404 for those who may not know of the plan."""
    return day_of(load_plan(request, slug), day)


def load_challenge(request: HttpRequest, slug: str, key: str) -> tuple[Standpoint, Challenge]:
    standing = load_standpoint(request, slug)
    challenges = Challenge.objects.select_related("area", "followup_owner")
    return standing, get_object_or_404(challenges, revision=standing.revision, key=key)


@dataclass(frozen=True)
class ActivityFound:
    """An activity as it stands in the revision spoken of, else in the latest adopted one that has it."""

    standing: Standpoint
    activity: Activity
    thread: Thread


def load_activity(request: HttpRequest, slug: str, key: str) -> ActivityFound:
    """An activity by its key; 404 for one that stands in a draft alone, unless that is what is spoken of."""
    standing = load_standpoint(request, slug)
    thread = thread_of(standing, key, request.user)
    adopted = (each for each in reversed(thread.revisions) if each.is_adopted)
    activity = thread.last_in([standing.revision, *adopted])
    if activity is None:
        raise Http404
    return ActivityFound(standing, activity, thread)


def load_indicator(request: HttpRequest, slug: str, indicator: str) -> tuple[Standpoint, Indicator]:
    """An indicator that the revision spoken of has a target for."""
    standing = load_standpoint(request, slug)
    used = YearlyTarget.objects.filter(revision=standing.revision).values("indicator")
    return standing, get_object_or_404(Indicator, slug=indicator, pk__in=used)


@dataclass(frozen=True)
class ReportTask:
    """An activity of a year to report, and what the reporter may see of other years."""

    standing: Standpoint
    followup: FollowUp
    activity: Activity

    def last_year(self) -> StatusReport | None:
        """What was last said of the activity in the year before."""
        reports = self.standing.reports().filter(
            followup__year=self.followup.year - 1, activity__key=self.activity.key
        )
        return reports.select_related("followup", "organisation").order_by("-number").first()

    @property
    def was_asked_for_last_year(self) -> bool:
        """Whether the year before was followed up, as the reporter may know, by a plan that had it then."""
        year = self.followup.year - 1
        before = next((each for each in self.standing.followups if each.year == year), None)
        return before is not None and before.activities().filter(key=self.activity.key).exists()


def load_report_task(request: HttpRequest, slug: str, year: int, key: str) -> ReportTask:
    """An activity of a year to report; 403 for those who may see the follow-up but not report this."""
    standing, followup = load_followup(request, slug, year)
    activities = followup.activities().select_related("challenge").with_responsible()
    activity = get_object_or_404(activities, key=key)
    sentence = (
        _("Bara den som ansvarar för aktiviteten kan rapportera den.")
        if followup.allows(Deed.REPORT)
        else WHY_NOT[Deed.REPORT]
    )
    or_403(request, "followup.report_activity", (followup, activity), str(sentence))
    return ReportTask(standing, followup, activity)


def load_plan_to_lead(request: HttpRequest, slug: str) -> Plan:
    """A plan whose next year one may begin; 403 for those who may only read it."""
    plan = load_plan(request, slug)
    return or_403(request, "followup.begin", plan, _("Bara planens redaktör börjar en uppföljning."))


def load_desk(request: HttpRequest, slug: str, year: int) -> tuple[Standpoint, FollowUp]:
    """A year's follow-up that one leads; 403 for those who may see it but not lead it."""
    standing, followup = load_followup(request, slug, year)
    sentence = _("Bara planens redaktör leder uppföljningen.")
    return standing, or_403(request, "followup.lead", followup, sentence)


@dataclass(frozen=True)
class LoadedReview:
    """A challenge in a year's follow-up, to be written of."""

    standing: Standpoint
    followup: FollowUp
    challenge: Challenge

    @property
    def subject(self) -> tuple[FollowUp, Challenge]:
        return self.followup, self.challenge

    @property
    def address(self) -> tuple[str, int, str]:
        return self.followup.plan.slug, self.followup.year, self.challenge.key


def load_review(request: HttpRequest, slug: str, year: int, key: str) -> LoadedReview:
    """A challenge of the revision that the year follows up, for those who take part in the plan.

    404 for those who may not know of the follow-up, 403 for the others who may only read it as published.
    """
    standing, followup = load_followup(request, slug, year)
    challenges = Challenge.objects.select_related("followup_owner")
    challenge = get_object_or_404(challenges, revision=followup.revision, key=key)
    sentence = _("Bara de som deltar i planen läser det som ännu skrivs.")
    or_403(request, "followup.read_under_way", followup, sentence)
    return LoadedReview(standing, followup, challenge)


def write_review_or_403(request: HttpRequest, review: LoadedReview) -> None:
    """Stops whoever may not write of the challenge now."""
    sentence = (
        _("Bara den som följer upp utmaningen kan skriva om den.")
        if review.followup.allows(Deed.REVIEW)
        else WHY_NOT[Deed.REVIEW]
    )
    or_403(request, "followup.write_review", review.subject, str(sentence))


def answer_review_or_403(request: HttpRequest, review: LoadedReview) -> None:
    """Stops whoever may not return or approve what was written of the challenge."""
    sentence = (
        _("Bara en redaktör som inte själv har skrivit i texten kan returnera och godkänna den.")
        if review.followup.allows(Deed.ANSWER)
        else WHY_NOT[Deed.ANSWER]
    )
    or_403(request, "followup.answer_review", review.subject, str(sentence))


def load_measure(
    request: HttpRequest, slug: str, year: int, indicator: str, municipality: str
) -> tuple[Standpoint, FollowUp, Indicator, Municipality]:
    """An outcome to enter: of an indicator that the year's revision has a target for, in one of the partners.

    403 for those who may see the follow-up but not enter this.
    """
    standing, followup = load_followup(request, slug, year)
    used = YearlyTarget.objects.filter(revision=followup.revision_id).values("indicator")
    measured = get_object_or_404(Indicator, slug=indicator, pk__in=used)
    partner = next((each for each in standing.plan.partners.all() if each.key == municipality), None)
    if partner is None:
        raise Http404
    sentence = _("Bara kommunens egen samordnare och planens redaktör kan lämna dess utfall.")
    or_403(request, "followup.enter_outcome", (followup, measured, partner), sentence)
    return standing, followup, measured, partner


def load_outcomes_to_import(request: HttpRequest, slug: str, indicator: str) -> tuple[Standpoint, Indicator]:
    """An indicator whose outcomes one may import, of all of the plan's municipalities at once."""
    standing, found = load_indicator(request, slug, indicator)
    sentence = _("Bara planens redaktör läser in utfall från en fil.")
    or_403(request, "followup.import_outcomes", standing.plan, sentence)
    return standing, found


def load_plan_to_fetch(request: HttpRequest, slug: str) -> Plan:
    """A plan for which one may fetch outcomes, of all its municipalities at once."""
    plan = load_plan(request, slug)
    return or_403(request, "followup.fetch_outcomes", plan, _("Bara planens redaktör hämtar utfall."))


def load_series_to_break(request: HttpRequest, slug: str, indicator: str) -> tuple[Standpoint, Indicator]:
    """An indicator of which one may say that it is another KPI from a year on."""
    standing, found = load_indicator(request, slug, indicator)
    sentence = _("Bara planens redaktör anger tidsseriebrott.")
    or_403(request, "followup.fetch_outcomes", standing.plan, sentence)
    sentence = _("Indikatorn används i en fastställd plan som du inte är redaktör för. Be en administratör.")
    return standing, or_403(request, "actionplan.break_series", found, sentence)


def load_plan_to_compare(request: HttpRequest, slug: str) -> Plan:
    """A plan for which one chooses what it is compared with; 403 for those who may only read it."""
    sentence = _("Bara planens redaktör väljer vad den jämförs med.")
    return or_403(request, "followup.choose_comparison", load_plan(request, slug), sentence)


def partners_to_measure(
    request: HttpRequest, standing: Standpoint, indicator: Indicator
) -> list[Municipality]:
    """The partners whose outcome of the indicator the reader may enter in the year that is spoken of."""
    followup = standing.followup
    if followup is None:
        return []
    partners = sorted(standing.plan.partners.all(), key=lambda each: swedish_key(each.short_name))
    return [each for each in partners if may(request, "followup.enter_outcome", (followup, indicator, each))]


def load_next_year(request: HttpRequest, slug: str) -> Revision:
    """The draft of a year to come, to go through from what it is based on; 404 for any other draft."""
    draft = load_draft(request, slug)
    if not draft.is_next_year:
        raise Http404
    return draft
