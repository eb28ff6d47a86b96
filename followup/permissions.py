"""Who may see how it goes, and who may say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from actionplan.models import Activity, Challenge, Indicator
from actionplan.permissions import edits, takes_part
from followup.models import ChallengeReview, Deed, FollowUp, ReviewState
from followup.models.rounds import answered_for_by
from municipalities.models import Municipality, Organisation, Role
from municipalities.permissions import is_administrator, is_signed_in, organisations_as

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from municipalities.models import User


@rules.predicate
def is_published(user: User | AnonymousUser, followup: FollowUp) -> bool:
    return followup.is_published


@rules.predicate
def takes_part_in_its_plan(user: User | AnonymousUser, followup: FollowUp) -> bool:
    return takes_part(user, followup.plan)


@rules.predicate
def is_assigned_in_it(user: User | AnonymousUser, followup: FollowUp) -> bool:
    """The person's organisation reports an activity of the year that nobody responsible can."""
    mine = organisations_as(user, *Role.values)
    return followup.assignments.filter(organisation__in=mine).exists()


@rules.predicate
def is_open(user: User | AnonymousUser, task: tuple[FollowUp, Activity]) -> bool:
    return task[0].allows(Deed.REPORT)


@rules.predicate
def edits_its_plan(user: User | AnonymousUser, task: tuple[FollowUp, Activity]) -> bool:
    return edits(user, task[0].plan)


@rules.predicate
def answers_for_it(user: User | AnonymousUser, task: tuple[FollowUp, Activity]) -> bool:
    """A coordinator of an organisation that is responsible, represents one that is, or is assigned."""
    followup, activity = task
    mine = organisations_as(user, Role.COORDINATOR)
    return answered_for_by(followup.activities().filter(pk=activity.pk), followup, mine).exists()


@rules.predicate
def leads(user: User | AnonymousUser, followup: FollowUp) -> bool:
    return edits(user, followup.plan)


Measure = tuple[FollowUp, Indicator, Municipality]
"""An indicator's outcome in a municipality, of the year that is followed up."""


@rules.predicate
def leads_its_year(user: User | AnonymousUser, measure: Measure) -> bool:
    return leads(user, measure[0])


@rules.predicate
def measures_there(user: User | AnonymousUser, measure: Measure) -> bool:
    """A coordinator of the municipality itself."""
    return measure[2].pk in organisations_as(user, Role.COORDINATOR)


ReviewTask = tuple[FollowUp, Challenge]
"""A challenge in the year that is followed up."""


@rules.predicate
def takes_reviews(user: User | AnonymousUser, task: ReviewTask) -> bool:
    return task[0].allows(Deed.REVIEW)


@rules.predicate
def takes_answers(user: User | AnonymousUser, task: ReviewTask) -> bool:
    return task[0].allows(Deed.ANSWER)


@rules.predicate
def owns_its_followup(user: User | AnonymousUser, task: ReviewTask) -> bool:
    """A coordinator of the organisation that follows the challenge up, or of one that represents it."""
    mine = organisations_as(user, Role.COORDINATOR)
    represented = Organisation.objects.filter(followed_up_challenges=task[1], represented_by__in=mine)
    return task[1].followup_owner_id in mine or represented.exists()


@rules.predicate
def leads_the_year_of_it(user: User | AnonymousUser, task: ReviewTask) -> bool:
    return leads(user, task[0])


@rules.predicate
def has_not_written_it(user: User | AnonymousUser, task: ReviewTask) -> bool:
    """None of the review's texts is the person's own."""
    followup, challenge = task
    written = ChallengeReview.objects.filter(
        followup=followup, challenge=challenge, state__in=[ReviewState.DRAFT, ReviewState.SUBMITTED]
    )
    return not written.filter(author=user.pk).exists()


rules.add_perm("followup.read_all_outcomes", takes_part | is_administrator)
rules.add_perm(
    "followup.read_followup",
    is_published | takes_part_in_its_plan | is_assigned_in_it | is_administrator,
)
rules.add_perm("followup.read_under_way", takes_part_in_its_plan | is_assigned_in_it | is_administrator)
rules.add_perm("followup.report_activity", is_open & (edits_its_plan | answers_for_it | is_administrator))
rules.add_perm("followup.have_to_do", is_signed_in)
rules.add_perm("followup.read_changes", is_administrator | takes_part)
rules.add_perm("followup.lead", leads | is_administrator)
rules.add_perm("followup.begin", edits | is_administrator)
rules.add_perm("followup.enter_outcome", measures_there | leads_its_year | is_administrator)
rules.add_perm("followup.import_outcomes", edits | is_administrator)
rules.add_perm("followup.fetch_outcomes", edits | is_administrator)
rules.add_perm("followup.choose_comparison", edits | is_administrator)
rules.add_perm("followup.write_review", takes_reviews & (owns_its_followup | is_administrator))
rules.add_perm(
    "followup.answer_review",
    takes_answers & (leads_the_year_of_it | is_administrator) & has_not_written_it,
)
