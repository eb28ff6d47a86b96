"""Who may see how it goes, and who may say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from actionplan.models import Activity
from actionplan.permissions import edits, takes_part
from followup.models import FollowUp
from followup.models.rounds import answered_for_by
from municipalities.models import Role
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
    return task[0].is_open


@rules.predicate
def edits_its_plan(user: User | AnonymousUser, task: tuple[FollowUp, Activity]) -> bool:
    return edits(user, task[0].plan)


@rules.predicate
def answers_for_it(user: User | AnonymousUser, task: tuple[FollowUp, Activity]) -> bool:
    """A coordinator of an organisation that is responsible, represents one that is, or is assigned."""
    followup, activity = task
    mine = organisations_as(user, Role.COORDINATOR)
    return answered_for_by(followup.activities().filter(pk=activity.pk), followup, mine).exists()


rules.add_perm("followup.read_all_outcomes", takes_part | is_administrator)
rules.add_perm(
    "followup.read_followup",
    is_published | takes_part_in_its_plan | is_assigned_in_it | is_administrator,
)
rules.add_perm("followup.report_activity", is_open & (edits_its_plan | answers_for_it | is_administrator))
rules.add_perm("followup.have_to_do", is_signed_in)
