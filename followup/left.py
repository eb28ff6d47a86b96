"""What each person has left to do in a year's follow-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse

from actionplan.models import Challenge, Responsibility, YearlyTarget
from followup.models import Assignment, ChallengeReview, Deed, FollowUp, Outcome, ReviewState, StatusReport
from municipalities.models import Membership, Organisation, Role, User
from publishing.formats import swedish_key

TO_WRITE = (None, ReviewState.DRAFT, ReviewState.RETURNED)
"""How far a review has come when it waits for whoever follows the challenge up."""

Holder = tuple[int, str]
"""An organisation's id and a role in it: those who hold it may do something."""


@dataclass(frozen=True)
class Thing:
    """Something to do: what it is about, and the path of the page where it is done."""

    title: str
    path: str


@dataclass(frozen=True)
class Left:
    """What a person has left in a follow-up, and for which organisations; each thing once."""

    person: User
    organisations: tuple[str, ...]
    reports: tuple[Thing, ...]
    outcomes: tuple[Thing, ...]
    reviews: tuple[Thing, ...]
    answers: tuple[Thing, ...]

    @property
    def total(self) -> int:
        return len(self.reports) + len(self.outcomes) + len(self.reviews) + len(self.answers)


@dataclass(frozen=True)
class Waiting:
    """A thing, of which sort (a field of `Left`), who may do it, and which people mustn't all the same."""

    sort: str
    thing: Thing
    holders: frozenset[Holder]
    not_for: frozenset[int] = frozenset()


def people_with_something_left(followup: FollowUp, people: Iterable[User] | None = None) -> list[Left]:
    """Those with active accounts who have something left, in Swedish order; only `people`, if they are given.

    Activities that nobody has reported are left to coordinators of the organisations that answer for them:
    responsible, representing, assigned. Outcomes that nobody has entered, to coordinators of the
    municipality. Reviews not sent in, or returned, to coordinators of those who follow the challenge up.
    Reviews sent in, to editors of the plan's owner who haven't written in them. Nothing that the stage
    doesn't allow is left.
    Takes as many statements however much is left, and to however many.
    """
    things = list(waiting_in(followup))
    holders = {holder for each in things for holder in each.holders}
    memberships = Membership.objects.filter(
        organisation__in={organisation for organisation, _role in holders}, user__is_active=True
    )
    if people is not None:
        memberships = memberships.filter(user__in=[person.pk for person in people])
    held: dict[User, dict[Holder, str]] = defaultdict(dict)
    known = memberships.select_related("user", "organisation")
    for each in sorted(known, key=lambda each: swedish_key(each.organisation.short_name)):
        if (each.organisation_id, each.role) in holders:
            held[each.user][each.organisation_id, each.role] = each.organisation.short_name
    found = (left_to(person, roles, things) for person, roles in held.items())
    return sorted((each for each in found if each.total), key=lambda each: swedish_key(str(each.person)))


def left_to(person: User, roles: dict[Holder, str], things: Iterable[Waiting]) -> Left:
    """What of `things` is left to someone who has `roles`, each with its organisation's name."""
    mine = [each for each in things if each.holders & roles.keys() and person.pk not in each.not_for]
    concerned = {holder for each in mine for holder in each.holders}
    return Left(
        person=person,
        organisations=tuple(dict.fromkeys(name for holder, name in roles.items() if holder in concerned)),
        **{
            sort: tuple(each.thing for each in mine if each.sort == sort)
            for sort in ("reports", "outcomes", "reviews", "answers")
        },
    )


def waiting_in(followup: FollowUp) -> Iterator[Waiting]:
    """All that waits for somebody in the follow-up, in the plan's order."""
    if followup.allows(Deed.REPORT):
        yield from reports_waiting(followup)
    if followup.allows(Deed.REVIEW):
        yield from outcomes_waiting(followup)
        yield from reviews_waiting(followup)


def reports_waiting(followup: FollowUp) -> Iterator[Waiting]:
    """The year's activities that nobody has reported, in three statements."""
    reported = StatusReport.objects.filter(followup=followup, activity=OuterRef("pk"))
    area = F("challenge__area__order").asc(nulls_first=True)
    waiting = followup.activities().filter(~Exists(reported))
    activities = list(waiting.order_by(area, "challenge__order", "order", "pk"))
    holders = reporters(followup, [each.pk for each in activities])
    for activity in activities:
        path = reverse("report-activity", args=[followup.plan.slug, followup.year, activity.key])
        yield Waiting("reports", Thing(activity.title, path), frozenset(holders[activity.pk]))


def reporters(followup: FollowUp, activities: Collection[int]) -> dict[int, set[Holder]]:
    """Who may report each of the activities with those ids, by its id."""
    holders: dict[int, set[Holder]] = defaultdict(set)
    responsible = Responsibility.objects.filter(activity__in=activities)
    for activity, *organisations in responsible.values_list(
        "activity", "organisation", "organisation__represented_by"
    ):
        holders[activity] |= {(each, Role.COORDINATOR.value) for each in organisations if each}
    assigned = Assignment.objects.filter(followup=followup, activity__in=activities)
    for activity, organisation in assigned.values_list("activity", "organisation"):
        holders[activity].add((organisation, Role.COORDINATOR.value))
    return holders


def outcomes_waiting(followup: FollowUp) -> Iterator[Waiting]:
    """The outcomes of the year's targets that nobody has entered, by partner, in three statements."""
    targets = YearlyTarget.objects.filter(revision=followup.revision_id, year=followup.year)
    indicators = {target.indicator for target in targets.select_related("indicator")}
    partners = sorted(followup.plan.partners.all(), key=lambda each: swedish_key(each.short_name))
    said = Outcome.objects.filter(indicator__in=indicators, municipality__in=partners, year=followup.year)
    entered = set(said.values_list("indicator", "municipality"))
    for indicator in sorted(indicators, key=lambda each: swedish_key(each.name)):
        for municipality in partners:
            if (indicator.pk, municipality.pk) not in entered:
                title = f"{indicator.name} {followup.year}, {municipality.short_name}"
                where = [followup.plan.slug, followup.year, indicator.slug, municipality.key]
                thing = Thing(title, reverse("enter-outcome", args=where))
                yield Waiting("outcomes", thing, frozenset({(municipality.pk, Role.COORDINATOR.value)}))


def reviews_waiting(followup: FollowUp) -> Iterator[Waiting]:
    """The reviews that aren't sent in, and those that wait for an answer, in three statements."""
    reviews = ChallengeReview.objects.filter(followup=followup)
    state = reviews.filter(challenge=OuterRef("pk")).order_by("-number").values("state")[:1]
    challenges = Challenge.objects.filter(revision=followup.revision_id).in_reading_order()
    writers: dict[int, set[int]] = defaultdict(set)
    for challenge, author in reviews.filter(state__in=[ReviewState.DRAFT, ReviewState.SUBMITTED]).values_list(
        "challenge", "author"
    ):
        writers[challenge].add(author)
    owners: dict[int, set[Holder]] = defaultdict(set)
    for owner, *representing in Organisation.objects.filter(
        followed_up_challenges__revision=followup.revision_id
    ).values_list("pk", "represented_by"):
        owners[owner] |= {(each, Role.COORDINATOR.value) for each in (owner, *representing) if each}
    editors = frozenset({(followup.plan.owner_id, Role.EDITOR.value)})
    for challenge in challenges.annotate(state=Subquery(state)):
        thing = Thing(challenge.title, review_path(followup, challenge.key))
        if challenge.state in TO_WRITE and challenge.followup_owner_id:
            yield Waiting("reviews", thing, frozenset(owners[challenge.followup_owner_id]))
        elif challenge.state == ReviewState.SUBMITTED:
            yield Waiting("answers", thing, editors, not_for=frozenset(writers[challenge.pk]))


def review_path(followup: FollowUp, key: str) -> str:
    """Where the review of the challenge with `key` is written, and answered."""
    return reverse("review", args=[followup.plan.slug, followup.year, key])
