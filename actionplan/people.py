"""Who may do what for an organisation, and how they sign in, as its page tells those who manage them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from actionplan.models import Plan
from municipalities.models import Invitation, Membership, Organisation, Role, User
from municipalities.ways_in import came_by
from publishing.formats import swedish_key

MOST_SHOWN = 100
"""Accounts that a page shows; whoever looks for another one says more of its name."""


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation, how many people have a role in it, and how many are invited to one."""

    key: str
    name: str
    people: int
    waiting: int


@dataclass(frozen=True)
class Person:
    """Someone with an account: what they may, and how they show who they are.

    `roles` are those in one organisation or in all, whatever the page is about. `has_second_step` counts one
    that a service asks for; `has_authenticators` is what can be taken away here, recovery codes among it.
    """

    user: User
    roles: tuple[Membership, ...]
    ways: tuple[str, ...]
    has_second_step: bool
    has_authenticators: bool


@dataclass(frozen=True)
class OrganisationPeople:
    """Those with a role in an organisation, those invited, and those who came by its log-in service."""

    organisation: Organisation
    members: tuple[Person, ...]
    invitations: tuple[Invitation, ...]
    newcomers: tuple[Person, ...]


def organisations_managed_by(user: User) -> QuerySet[Organisation]:
    """Those whose people `user` manages: all for an administrator, else those of the plans they edit."""
    if user.administers:
        return Organisation.objects.all()
    return Plan.objects.owned_by(user.organisations_as(Role.EDITOR)).parties()


def organisation_rows(organisations: QuerySet[Organisation]) -> list[OrganisationRow]:
    """The organisations in Swedish order."""
    here = Invitation.objects.waiting().filter(organisation=OuterRef("pk")).order_by().values("organisation")
    counted = organisations.annotate(
        people=Count("memberships__user", filter=Q(memberships__user__is_active=True), distinct=True),
        waiting=Coalesce(Subquery(here.annotate(count=Count("pk")).values("count")), 0),
    )
    rows = [OrganisationRow(each.key, each.name, each.people, each.waiting) for each in counted]
    return sorted(rows, key=lambda row: swedish_key(row.name))


def organisation_people(organisation: Organisation) -> OrganisationPeople:
    """Everyone with a role in the organisation in Swedish order, and what is under way."""
    memberships = Membership.objects.filter(organisation=organisation)
    members = User.objects.filter(is_active=True, pk__in=memberships.values("user"))
    return OrganisationPeople(
        organisation=organisation,
        members=people_among(members, memberships),
        invitations=tuple(organisation.invitations.open().select_related("invited_by").order_by("email")),
        newcomers=people_among(came_by(organisation).exclude(pk__in=memberships.values("user")), memberships),
    )


def people_among(users: QuerySet[User], memberships: QuerySet[Membership]) -> tuple[Person, ...]:
    """The people in Swedish order, with what each holds of the memberships; in four statements."""
    held = memberships.select_related("organisation")
    found = users.prefetch_related(
        Prefetch("memberships", held, to_attr="held"), "socialaccount_set", "authenticator_set"
    )
    return tuple(as_person(each) for each in sorted(found, key=lambda user: swedish_key(str(user))))


def as_person(user: Any) -> Person:
    vouching = {each.provider for each in user.socialaccount_set.all()}
    services = [service for service in settings.OIDC_PROVIDERS if service.id in vouching]
    kinds = {each.type for each in user.authenticator_set.all()}
    return Person(
        user=user,
        roles=tuple(sorted(user.held, key=lambda each: (swedish_key(each.organisation.name), each.role))),
        ways=(*([_("Lösenord")] if user.has_usable_password() else []), *(each.name for each in services)),
        has_second_step=bool(kinds - {Authenticator.Type.RECOVERY_CODES})
        or any(service.second_factor for service in services),
        has_authenticators=bool(kinds),
    )


def account_of(user: User) -> Person:
    """Someone's account, with their roles everywhere."""
    [person] = people_among(User.objects.filter(pk=user.pk), Membership.objects.all())
    return person


@dataclass(frozen=True)
class Accounts:
    """Accounts whose name and address hold some words: the first of them, and how many there are."""

    shown: tuple[Person, ...]
    total: int


def accounts_matching(words: str) -> Accounts:
    """Accounts in Swedish order; compared here, since databases don't agree on å, ä and ö."""
    wanted = words.casefold().split()
    matching = [
        user
        for user in User.objects.only("name", "email")
        if all(word in f"{user.name} {user.email}".casefold() for word in wanted)
    ]
    first = sorted(matching, key=lambda user: swedish_key(str(user)))[:MOST_SHOWN]
    people = people_among(User.objects.filter(pk__in=[user.pk for user in first]), Membership.objects.all())
    return Accounts(people, len(matching))
