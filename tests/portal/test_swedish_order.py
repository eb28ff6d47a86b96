"""Names in lists stand in Swedish order, whatever the database thinks of å, ä and ö."""

from __future__ import annotations

import pytest
from django.urls import reverse

from followup.left import people_with_something_left
from municipalities.models import Membership, Role
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_plan,
    make_target,
    make_user,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db

NAMES = ("Zinkby", "Åby", "Ängby", "Öby")


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def municipalities():
    return [make_municipality(name) for name in reversed(NAMES)]


def in_order(text: str) -> list[str]:
    return sorted(NAMES, key=text.index)


def test_whoever_has_something_left_in_several_places_is_told_in_order(municipalities):
    followup = make_followup()
    person = make_coordinator(municipalities[0])
    for each in municipalities[1:]:
        Membership.objects.create(user=person, organisation=each, role=Role.COORDINATOR)
    make_activity(make_challenge(followup.revision), responsible=municipalities)

    [left] = people_with_something_left(followup)

    assert left.organisations == NAMES


def test_the_roles_of_an_account_stand_in_order(client, municipalities):
    person = make_coordinator(municipalities[0])
    for each in municipalities[1:]:
        Membership.objects.create(user=person, organisation=each, role=Role.READER)
    client.force_login(make_administrator())

    page = main_of(client.get(reverse("account-of", args=[person.pk])))

    assert in_order(page.text) == [*NAMES]


def test_what_a_row_of_a_draft_may_have_is_offered_in_order(client, municipalities):
    plan = make_plan(slug="plan", partners=municipalities)
    draft = make_draft(plan)
    challenge = make_challenge(draft)
    for name in reversed(NAMES):
        target = make_target(make_goal(challenge), indicator=make_indicator(name=name))
    client.force_login(make_user(Role.EDITOR, plan.owner))

    for kind, key, field in (
        ("utmaningar", challenge.key, "followup_owner"),
        ("malvarden", target.key, "indicator"),
    ):
        page = main_of(client.get(reverse("draft-row", args=["plan", kind, key])))
        assert in_order(page.one("select", name=field).text) == [*NAMES]
