"""Who may read what has been decided, and what has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from actionplan.models import Plan, Revision
from municipalities.models import Role
from municipalities.permissions import is_administrator, organisations_as

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from municipalities.models import User


@rules.predicate
def is_decided(user: User | AnonymousUser, plan: Plan) -> bool:
    """Something of the plan has been adopted, and is public with that."""
    return any(revision.is_adopted for revision in plan.revisions.all())


@rules.predicate
def takes_part(user: User | AnonymousUser, plan: Plan) -> bool:
    """The person's organisation owns it, decided on it, answers for a part of it, or represents who does."""
    mine = organisations_as(user, *Role.values)
    if not mine:
        return False
    if plan.owner_id in mine or any(partner.pk in mine for partner in plan.partners.all()):
        return True
    return not mine.isdisjoint(plan.answering)


@rules.predicate
def edits(user: User | AnonymousUser, plan: Plan) -> bool:
    """The person is an editor in the organisation that owns the plan."""
    return plan.owner_id in organisations_as(user, Role.EDITOR)


@rules.predicate
def is_adopted(user: User | AnonymousUser, revision: Revision) -> bool:
    return revision.is_adopted


@rules.predicate
def takes_part_in_its_plan(user: User | AnonymousUser, revision: Revision) -> bool:
    return takes_part(user, revision.plan)


rules.add_perm("actionplan.read_plan", is_decided | takes_part | is_administrator)
rules.add_perm("actionplan.read_revision", is_adopted | takes_part_in_its_plan | is_administrator)
