"""Who someone is, as predicates that the other apps build their own on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from municipalities.models import User


@rules.predicate
def is_signed_in(user: User | AnonymousUser) -> bool:
    """Someone with an account that isn't closed; a visitor is never active."""
    return user.is_active


@rules.predicate
def is_administrator(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and user.administers


def organisations_as(user: User | AnonymousUser, *roles: str) -> frozenset[int]:
    """Ids of the organisations in which `user` has one of `roles`; none for a visitor or a closed account."""
    return user.organisations_as(*roles) if user.is_active else frozenset()


rules.add_perm("municipalities.have_account", is_signed_in)
rules.add_perm("municipalities.administrate", is_administrator)
