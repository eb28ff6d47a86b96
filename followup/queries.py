"""What a page speaks of, and how it stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import rules
from django.db.models import Exists, Max, OuterRef, Q, prefetch_related_objects
from django.http import Http404

from actionplan.models import Activity, Ending, Indicator, Plan, Revision, YearlyTarget
from followup.models import (
    ChallengeReview,
    FollowUp,
    GoalAssessment,
    Outcome,
    ReviewState,
    Stage,
    StatusReport,
)
from municipalities.models import Membership, Municipality, Organisation, Role
from municipalities.permissions import organisations_as
from publishing.formats import swedish_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from municipalities.models import User

    Reader = User | AnonymousUser


@dataclass(frozen=True)
class Standpoint:
    """The year that a plan's pages speak of to a reader, and what of it the reader may see."""

    plan: Plan
    year: int
    revision: Revision
    followup: FollowUp | None
    followups: tuple[FollowUp, ...]
    sees_all_outcomes: bool
    being_corrected: tuple[FollowUp, ...] = ()
    """Follow-ups that are being corrected, of which the reader may see what the latest edition tells."""
    publishing: FollowUp | None = None
    """A follow-up that counts as published already, for whoever makes its edition."""
    at: datetime | None = None
    """The end of a day that has been; what is known since isn't told. None for now."""
    until: Mapping[int, datetime] = field(default_factory=dict)
    """Until when the reader knows what was said in a follow-up, by its id, where there is an end to it."""
    partners_then: tuple[Municipality, ...] | None = None
    """Those who took part on the day that has been."""

    @property
    def partners(self) -> Collection[Municipality]:
        return self.plan.partners.all() if self.partners_then is None else self.partners_then

    def reports(self) -> Any:
        """What the reader may see of all that has been reported."""
        return seen_of(StatusReport, [self])

    @property
    def is_example(self) -> bool:
        return self.followup is not None and self.followup.is_example

    @property
    def newer(self) -> Revision | None:
        """What has been adopted for a later year than the revision that the follow-up keeps to."""
        adopted = [each for each in self.plan.revisions.all() if each.is_adopted]
        latest = max(adopted, key=lambda each: each.year, default=self.revision)
        return latest if latest.year > self.revision.year else None


def standpoint(plan: Plan, reader: Reader) -> Standpoint:
    """The open follow-up's year, else the latest published one's, else the revision's; never the calendar's.

    One that is open again for correction counts as published.

    Takes one statement where the plan came `with_parties`. Raises Http404 when no revision may be read.
    """
    prefetch_related_objects([plan], "followups")
    for each in plan.followups.all():
        each.revision = next(revision for revision in plan.revisions.all() if revision.pk == each.revision_id)
    revisions = [each for each in plan.revisions.all() if reads(reader, "actionplan.read_revision", each)]
    followups = tuple(each for each in plan.followups.all() if reads(reader, "followup.read_followup", each))
    followup = next((each for each in followups if is_under_way(each)), None) or next(
        (each for each in followups if each.is_published), None
    )
    if followup is not None:
        revision = followup.revision
    elif revisions:
        revision = next((each for each in revisions if each.is_adopted), revisions[0])
    else:
        raise Http404
    being_corrected = tuple(
        each for each in followups if each.is_reopened and not reads(reader, "followup.read_under_way", each)
    )
    return Standpoint(
        plan=plan,
        year=followup.year if followup else revision.year,
        revision=revision,
        followup=followup,
        followups=followups,
        sees_all_outcomes=rules.has_perm("followup.read_all_outcomes", reader, plan),
        being_corrected=being_corrected,
        until={each.pk: each.published_at for each in being_corrected if each.published_at},
    )


def standpoint_of_publisher(followup: FollowUp) -> Standpoint:
    """How visitors will see the year once it has been published. Its plan comes `with_parties`."""
    return Standpoint(
        plan=followup.plan,
        year=followup.year,
        revision=followup.revision,
        followup=followup,
        followups=(followup,),
        sees_all_outcomes=False,
        publishing=followup,
    )


def seen_of(model: Any, standings: Iterable[Standpoint]) -> Any:
    """What their reader may see of all that has been said in the plans' years, of reports or of reviews."""
    standings = list(standings)
    followups = [followup.pk for each in standings for followup in each.followups]
    until = {followup: moment for each in standings for followup, moment in each.until.items()}
    return model.objects.filter(followup__in=followups).until(until)


def reports_in(standings: Iterable[Standpoint]) -> Any:
    """What was said last of each activity in each of the years, as far as the reader may see."""
    return seen_of(StatusReport, standings).last_of_these()


def reviews_in(standings: Iterable[Standpoint]) -> Any:
    """What is approved of each challenge in each of the years, as far as the reader may see."""
    return seen_of(ChallengeReview, standings).last_of_these().filter(state=ReviewState.APPROVED)


def assessments_in(standings: Iterable[Standpoint]) -> Any:
    """What approved reviews make of each goal in each of the years, as far as the reader may see."""
    standings = list(standings)
    until = {followup: moment for each in standings for followup, moment in each.until.items()}
    now = [each.pk for standing in standings for each in standing.followups if each.pk not in until]
    seen = Q(pk__in=GoalAssessment.objects.filter(followup__in=now).approved().values("pk"))
    for followup, moment in until.items():
        then = GoalAssessment.objects.filter(followup=followup).approved(until=moment)
        seen |= Q(pk__in=then.values("pk"))
    return GoalAssessment.objects.filter(seen)


@dataclass(frozen=True)
class Thread:
    """An activity through the revisions that a reader may see, known by its key.

    `revisions`: all that the reader may see, the first year first. `activities` and `endings` are by the
    revision's id. `replaced` are those that it has taken the place of, `replacing` those that have taken its.
    """

    key: str
    revisions: tuple[Revision, ...]
    activities: Mapping[int, Activity]
    endings: Mapping[int, Ending]
    replaced: tuple[Activity, ...]
    replacing: tuple[Activity, ...]

    def last_in(self, revisions: Iterable[Revision]) -> Activity | None:
        """The activity as it stands in the first of the revisions that has it."""
        return next((self.activities[each.pk] for each in revisions if each.pk in self.activities), None)


def thread_of(standing: Standpoint, key: str, reader: Reader) -> Thread:
    """The activity through the revisions, in three statements however many there are."""
    seen = [
        each
        for each in standing.plan.revisions.all()
        if not each.is_correction and reads(reader, "actionplan.read_revision", each)
    ]
    there = Activity.objects.filter(revision__in=seen)
    predecessors = there.filter(key=key).exclude(predecessor="").order_by().values("predecessor")
    rows = there.filter(Q(key=key) | Q(predecessor=key) | Q(key__in=predecessors)).with_responsible()
    found = list(rows.select_related("challenge", "revision").order_by("revision__year"))
    own = {each.revision_id: each for each in found if each.key == key}
    before = {each.predecessor for each in own.values()}
    return Thread(
        key=key,
        revisions=tuple(sorted(seen, key=lambda each: each.year)),
        activities=own,
        endings={each.revision_id: each for each in Ending.objects.filter(revision__in=seen, key=key)},
        replaced=tuple({each.key: each for each in found if each.key in before}.values()),
        replacing=tuple({each.key: each for each in found if each.predecessor == key}.values()),
    )


def is_under_way(followup: FollowUp) -> bool:
    return followup.stage in (Stage.OPEN, Stage.CLOSED) and not followup.is_published


def reads(reader: Reader, permission: str, thing: object) -> bool:
    return rules.has_perm(permission, reader, thing)


def with_status(activities: Any, followup: FollowUp | None, reports: Any = None) -> Any:
    """`activities`, each with its current `status` in `followup`; None where nobody has reported.

    `reports`: those that its reader may see; all of them when it isn't given.
    """
    reports = StatusReport.objects.all() if reports is None else reports
    return activities.annotate(status=reports.status_of_activity(followup))


def latest_outcomes(
    indicators: Iterable[str],
    municipalities: Iterable[Any],
    *,
    public_only: bool,
    publishing: FollowUp | None = None,
    at: datetime | None = None,
) -> dict[tuple[str, int, int], Outcome]:
    """The current outcome by indicator's slug, municipality's id and year, in one statement.

    For the public, the latest of the rows that are public: a later one that isn't yet doesn't hide it.
    `at`: the one that was current then.
    """
    rows = Outcome.objects.filter(indicator__slug__in=set(indicators), municipality__in=municipalities)
    if at is not None:
        rows = rows.filter(written_at__lte=at)
    if public_only:
        rows = rows.public(publishing=publishing, at=at)
    ordered = rows.select_related("indicator", "author").order_by("number")
    return {(row.indicator.slug, row.municipality_id, row.year): row for row in ordered}


def outcomes_of(standing: Standpoint, indicators: Collection[str]) -> dict[tuple[str, int, int], Outcome]:
    """The partners' current outcomes of `indicators`, as far as the reader may see them."""
    if not indicators:
        return {}
    return latest_outcomes(
        indicators,
        standing.partners,
        public_only=not standing.sees_all_outcomes,
        publishing=standing.publishing,
        at=standing.at,
    )


def years_to_measure(plan: Plan, indicator: Indicator) -> Any:
    """The years whose follow-up keeps to a revision with a target for the indicator, the first one first."""
    used = YearlyTarget.objects.filter(indicator=indicator).values("revision")
    followups = FollowUp.objects.filter(plan=plan, revision__in=used)
    return followups.order_by("year").values_list("year", flat=True)


def latest_numbers(subjects: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int], int]:
    """The number of the latest outcome that is public, in one statement.

    `subjects`: indicator's slug, municipality's key and year. One without any is left out.
    """
    asked = set(subjects)
    rows = Outcome.objects.public().filter(
        indicator__slug__in={slug for slug, _key, _year in asked},
        municipality__key__in={key for _slug, key, _year in asked},
        year__in={year for _slug, _key, year in asked},
    )
    latest = rows.values_list("indicator__slug", "municipality__key", "year").annotate(Max("number"))
    return {
        (slug, key, year): number
        for slug, key, year, number in latest.order_by()
        if (slug, key, year) in asked
    }


def outcome_rows(indicator: Indicator, municipality: Municipality, year: int) -> Any:
    """All that has been said of the outcome, the latest first, with who wrote it."""
    rows = Outcome.objects.filter(indicator=indicator, municipality=municipality, year=year)
    return rows.select_related("author").order_by("-number")


def all_outcome_rows(standing: Standpoint, indicator: Indicator) -> Any:
    """All that the reader may see of what has been said of the partners' outcomes, the latest first."""
    rows = Outcome.objects.filter(indicator=indicator, municipality__in=standing.plan.partners.all())
    if not standing.sees_all_outcomes:
        rows = rows.public()
    return rows.select_related("author", "municipality").order_by("-year", "municipality__key", "-number")


def reporting_organisation(reader: User, followup: FollowUp, activity: Activity) -> Any:
    """On whose behalf `reader` reports: someone responsible, else assigned, else the plan's owner."""
    mine = organisations_as(reader, Role.COORDINATOR)
    responsible = [each.organisation for each in activity.responsibilities.all()]
    for organisation in responsible:
        if organisation.pk in mine:
            return organisation
    for organisation in responsible:
        if any(each.pk in mine for each in organisation.represented_by.all()):
            return organisation
    assignment = followup.assignments.filter(activity=activity, organisation__in=mine).first()
    return assignment.organisation if assignment else followup.plan.owner


def can_report(organisations: Any) -> Any:
    """`organisations`, each with whether somebody has an account to report for it, as `can_report`."""
    coordinators = Membership.objects.filter(
        organisation=OuterRef("pk"), role=Role.COORDINATOR, user__is_active=True
    )
    return organisations.annotate(can_report=Exists(coordinators))


def organisations_reported_for(reader: User) -> list[Organisation]:
    """The organisations that `reader` coordinates, in Swedish order."""
    found = Organisation.objects.filter(pk__in=organisations_as(reader, Role.COORDINATOR))
    return sorted(found, key=lambda each: swedish_key(each.short_name))
