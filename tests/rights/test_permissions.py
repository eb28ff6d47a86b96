"""What no address can show: what is asked of the person alone is had by nobody without an open account."""

from __future__ import annotations

import pytest
import rules
from django.contrib.auth.models import AnonymousUser

from municipalities.models import Role
from portal.rights import RIGHTS
from tests.builders import make_administrator, make_organisation, make_plan, make_user

pytestmark = pytest.mark.django_db

OF_THE_PERSON = sorted({right.permission for right in RIGHTS.values() if right.of_the_person})
ASKED_WITHOUT_A_THING = [*OF_THE_PERSON, "followup.have_to_do"]


@pytest.mark.parametrize("permission", ASKED_WITHOUT_A_THING)
def test_a_visitor_and_a_closed_account_have_none_of_it(permission):
    closed = make_user(Role.EDITOR, is_administrator=True, is_active=False)

    assert not rules.has_perm(permission, AnonymousUser(), None)
    assert not rules.has_perm(permission, closed, None)


@pytest.mark.parametrize("permission", ASKED_WITHOUT_A_THING)
def test_an_administrator_has_all_of_it(permission):
    assert rules.has_perm(permission, make_administrator(), None)


@pytest.mark.parametrize("permission", ["municipalities.have_account", "followup.have_to_do"])
def test_whoever_has_an_account_has_what_everyone_has(permission):
    assert rules.has_perm(permission, make_user(), None)


@pytest.mark.parametrize("permission", ["followup.read_all_outcomes", "followup.read_changes"])
def test_what_those_who_take_part_may_is_had_by_them_and_by_administrators(permission):
    plan, elsewhere = make_plan(), make_organisation()

    assert rules.has_perm(permission, make_user(Role.READER, plan.owner), plan)
    assert rules.has_perm(permission, make_administrator(), plan)
    assert not rules.has_perm(permission, make_user(Role.EDITOR, elsewhere), plan)
    assert not rules.has_perm(permission, AnonymousUser(), plan)
