"""What always holds of organisations, users, memberships and invitations."""

from datetime import timedelta

import pytest
from django.utils import timezone

from municipalities.models import Invitation, Kind, Membership, Organisation, Role, User
from tests.builders import make_invitation, make_municipality, make_organisation, make_user
from tests.promises import (
    Promise,
    assert_a_form_says_it,
    assert_an_empty_form_names_its_fields,
    assert_the_database_refuses,
    promises_of,
    tables_of,
)

pytestmark = pytest.mark.django_db


def an_organisation(**fields) -> Organisation:
    return Organisation(**{"key": "ny", "name": "Ny", "short_name": "Ny", "kind": Kind.COMPANY} | fields)


def a_second_municipality_with_the_same_code() -> Organisation:
    code = make_municipality().municipal_code
    return an_organisation(kind=Kind.MUNICIPALITY, municipal_code=code)


def a_role_once_more() -> Membership:
    organisation = make_organisation()
    return Membership(user=make_user(Role.READER, organisation), organisation=organisation, role=Role.READER)


def an_invitation(**fields) -> Invitation:
    values = {"email": "eva@example.se", "organisation": make_organisation(), "role": Role.READER}
    return Invitation(**values | {"invited_by": make_user()} | fields)


def an_offer_once_more() -> Invitation:
    first = make_invitation()
    return an_invitation(email=first.email, organisation=first.organisation, role=first.role)


def the_day_before() -> Invitation:
    return an_invitation(expires=timezone.now() - timedelta(days=1))


AN_ADDRESS_WHILE_OPEN = "En öppen inbjudan har en e-postadress, en avslutad har ingen."
ONE_HAS_A_CODE = "En kommun har en kommunkod, och ingen annan har det."

PROMISES = [
    Promise(
        "municipalities_and_only_they_have_a_code",
        ONE_HAS_A_CODE,
        lambda: an_organisation(kind=Kind.MUNICIPALITY),
    ),
    Promise(
        "municipalities_and_only_they_have_a_code",
        ONE_HAS_A_CODE,
        lambda: an_organisation(municipal_code="0486"),
    ),
    Promise(
        "municipal_code_belongs_to_one_municipality",
        "En annan kommun har redan den kommunkoden.",
        a_second_municipality_with_the_same_code,
    ),
    Promise(
        "an_email_address_is_in_lower_case",
        "Skriv e-postadressen med små bokstäver.",
        lambda: User(email="Eva.Ek@example.se", name="Eva Ek", password="!"),
    ),
    Promise(
        "a_role_in_an_organisation_is_given_once",
        "Personen har redan den rollen i organisationen.",
        a_role_once_more,
    ),
    Promise(
        "an_invitation_goes_to_an_address_in_lower_case",
        "Skriv e-postadressen med små bokstäver.",
        lambda: an_invitation(email="Eva.Ek@example.se"),
    ),
    Promise(
        "an_invitation_has_an_address_while_it_is_open",
        AN_ADDRESS_WHILE_OPEN,
        lambda: an_invitation(email=""),
    ),
    Promise(
        "an_invitation_has_an_address_while_it_is_open",
        AN_ADDRESS_WHILE_OPEN,
        lambda: an_invitation(accepted=timezone.now()),
    ),
    Promise(
        "an_invitation_has_an_address_while_it_is_open",
        AN_ADDRESS_WHILE_OPEN,
        lambda: an_invitation(withdrawn=timezone.now()),
    ),
    Promise(
        "an_invitation_expires_after_it_is_sent",
        "En inbjudan kan inte gå ut innan den skickas.",
        the_day_before,
    ),
    Promise(
        "an_invitation_is_accepted_or_withdrawn",
        "En inbjudan som har antagits kan inte återkallas.",
        lambda: an_invitation(email="", accepted=timezone.now(), withdrawn=timezone.now()),
    ),
    Promise(
        "an_offer_is_made_once_at_a_time",
        "Adressen har redan en inbjudan till den rollen.",
        an_offer_once_more,
    ),
]


def test_every_promise_is_tried():
    assert {promise.name for promise in PROMISES} == promises_of("municipalities")


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_the_database_refuses_what_breaks_a_promise(promise):
    assert_the_database_refuses(promise)


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_a_form_says_what_is_wrong_in_swedish(promise):
    assert_a_form_says_it(promise)


def test_organisations_without_a_code_are_many():
    make_organisation().full_clean()
    make_organisation().full_clean()


@pytest.mark.parametrize("table", tables_of("municipalities"), ids=lambda table: table.__name__)
def test_an_empty_form_is_told_what_it_needs(table):
    assert_an_empty_form_names_its_fields(table)
