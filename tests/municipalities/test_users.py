"""People: how they are found, what they may, and that a closed account may nothing."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser

from municipalities.models import Municipality, Role, User
from municipalities.own_account import standings_of
from municipalities.permissions import is_administrator, is_signed_in, organisations_as
from tests.builders import (
    PASSWORD,
    make_administrator,
    make_municipality,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_an_address_is_the_same_however_it_was_typed():
    user = make_user(email="Eva.Ek@Enkoping.SE")

    assert user.email == "eva.ek@enkoping.se"
    assert User.objects.get_by_natural_key("EVA.EK@enkoping.se") == user


def test_the_password_is_kept_as_a_hash_that_lets_its_owner_in():
    user = make_user()

    assert PASSWORD not in user.password
    assert authenticate(username=user.email, password=PASSWORD) == user
    assert authenticate(username=user.email, password="något annat") is None


def test_a_closed_account_gets_in_nowhere_and_has_no_roles():
    organisation = make_organisation()
    user = make_user(Role.EDITOR, organisation, is_active=False, is_administrator=True)

    assert authenticate(username=user.email, password=PASSWORD) is None
    assert organisations_as(user, Role.EDITOR) == frozenset()
    assert not is_signed_in(user)
    assert not is_administrator(user)
    assert not user.has_perm("portal.whatever")
    assert not user.has_module_perms("actionplan")
    assert not user.may_write
    assert not user.manages_people


def test_someone_is_confined_to_the_organisation_whose_service_let_them_in():
    here, there = make_organisation(), make_organisation(key="dar")
    user = make_user(Role.EDITOR, here, is_administrator=True)
    user.memberships.create(organisation=there, role=Role.READER)

    user.confined_to = "dar"

    assert organisations_as(user, *Role.values) == {there.pk}
    assert not user.has_perm("municipalities.administrate")
    assert not user.may_write
    assert not user.manages_people
    assert [each.organisation for each in standings_of(user)] == [there.name]


def test_who_may_write_and_who_manages_people():
    reader, coordinator, editor = (make_user(role) for role in Role)

    assert [user.may_write for user in (reader, coordinator, editor, make_administrator())] == [0, 1, 1, 1]
    assert [user.manages_people for user in (reader, coordinator, editor, make_administrator())] == [
        0,
        0,
        1,
        1,
    ]


def test_a_visitor_has_no_roles():
    assert organisations_as(AnonymousUser(), *Role.values) == frozenset()
    assert not is_signed_in(AnonymousUser())
    assert not is_administrator(AnonymousUser())


def test_each_role_holds_in_its_own_organisation():
    here, there = make_organisation(), make_organisation()
    user = make_user(Role.COORDINATOR, here)
    user.memberships.create(organisation=there, role=Role.READER)

    assert organisations_as(user, Role.COORDINATOR) == {here.pk}
    assert organisations_as(user, Role.READER, Role.COORDINATOR) == {here.pk, there.pk}
    assert organisations_as(user, Role.EDITOR) == frozenset()


def test_what_has_no_rule_of_its_own_is_for_administrators():
    assert make_administrator().has_perm("actionplan.change_plan")
    assert not make_user(Role.EDITOR).has_perm("actionplan.change_plan")


def test_a_person_is_shown_by_name_and_without_one_by_address():
    assert str(make_user(name="Eva Ek")) == "Eva Ek"
    assert str(make_user(name="", email="eva@example.se")) == "eva@example.se"


def test_only_municipalities_are_municipalities():
    municipality = make_municipality("Enköping")
    make_organisation("DUsys")

    assert list(Municipality.objects.all()) == [municipality]


def test_the_log_of_changes_never_holds_a_password():
    user = make_user()

    assert not hasattr(user.history.first(), "password")
