"""Who may read what has been decided, and what has not; who may say which people work with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from actionplan.models import Indicator, Plan, Revision, State
from municipalities.models import Organisation, Role
from municipalities.permissions import is_administrator, organisations_as
from municipalities.ways_in import came_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from municipalities.models import User

Offer = tuple[Organisation, str]
"""A role in an organisation, to be given or ended."""

Acquaintance = tuple[Organisation, "User"]
"""An organisation, and someone who may be known there."""


@rules.predicate
def is_decided(user: User | AnonymousUser, plan: Plan) -> bool:
    """Something of the plan has been adopted, and is public with that."""
    return any(revision.is_adopted for revision in plan.revisions.all())


@rules.predicate
def takes_part(user: User | AnonymousUser, plan: Plan) -> bool:
    """The person's organisation owns it, decided on it, answers for a part of it, or represents who does."""
    mine = organisations_as(user, *Role.values)
    parties = {plan.owner_id, *(partner.pk for partner in plan.partners.all())}
    return any(each in parties or each in plan.answering for each in mine)


@rules.predicate
def edits(user: User | AnonymousUser, plan: Plan) -> bool:
    """The person is an editor in the organisation that owns the plan."""
    return plan.owner_id in organisations_as(user, Role.EDITOR)


@rules.predicate
def edits_all_that_use(user: User | AnonymousUser, indicator: Indicator) -> bool:
    """The person edits every plan in which the indicator is decided on."""
    using = Plan.objects.filter(
        revisions__state=State.ADOPTED, revisions__in=indicator.targets.values("revision")
    )
    owners = set(using.values_list("owner", flat=True))
    return owners <= set(organisations_as(user, Role.EDITOR))


@rules.predicate
def is_adopted(user: User | AnonymousUser, revision: Revision) -> bool:
    return revision.is_adopted


@rules.predicate
def takes_part_in_its_plan(user: User | AnonymousUser, revision: Revision) -> bool:
    return takes_part(user, revision.plan)


@rules.predicate
def is_editor_somewhere(user: User | AnonymousUser) -> bool:
    return bool(organisations_as(user, Role.EDITOR))


@rules.predicate
def edits_a_plan_of(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """The organisation has a part in a plan that the person edits."""
    mine = organisations_as(user, Role.EDITOR)
    return Plan.objects.owned_by(mine).parties().filter(pk=organisation.pk).exists()


@rules.predicate
def edits_a_plan_of_its_organisation(user: User | AnonymousUser, offer: Offer) -> bool:
    return edits_a_plan_of(user, offer[0])


@rules.predicate
def is_below_editor(user: User | AnonymousUser, offer: Offer) -> bool:
    return offer[1] != Role.EDITOR


@rules.predicate
def is_editor_in_it(user: User | AnonymousUser, offer: Offer) -> bool:
    return offer[0].pk in organisations_as(user, Role.EDITOR)


@rules.predicate
def is_known_there(user: User | AnonymousUser, acquaintance: Acquaintance) -> bool:
    """The page of the organisation's people tells of the person: by a role, or by its log-in service."""
    organisation, person = acquaintance
    return (
        person.memberships.filter(organisation=organisation).exists()
        or came_by(organisation).filter(pk=person.pk).exists()
    )


rules.add_perm("actionplan.read_plan", is_decided | takes_part | is_administrator)
rules.add_perm("actionplan.read_revision", is_adopted | takes_part_in_its_plan | is_administrator)
rules.add_perm("actionplan.edit_draft", edits | is_administrator)
rules.add_perm("actionplan.break_series", edits_all_that_use | is_administrator)
rules.add_perm("actionplan.manage_people_somewhere", is_administrator | is_editor_somewhere)
rules.add_perm("actionplan.manage_people", is_administrator | edits_a_plan_of)
rules.add_perm(
    "actionplan.give_role",
    is_administrator | (edits_a_plan_of_its_organisation & (is_below_editor | is_editor_in_it)),
)
rules.add_perm("actionplan.know_person", is_administrator | is_known_there)
