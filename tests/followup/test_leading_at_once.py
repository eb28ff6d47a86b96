"""Editors who lead the same year in the same moment: one of them does it, and the others are told."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from followup import leading
from followup.models import Assignment, FollowUp, Stage
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_challenge,
    make_followup,
    make_organisation,
    make_plan,
    make_revision,
    make_user,
)
from tests.followup.test_concurrency import WRITERS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def revision():
    return make_revision(make_plan(slug="plan"), year=2016)


@pytest.fixture
def press(revision):
    """Sends a form to a page of the year's desk as one of many editors; what the desk then tells."""
    clients = [Client() for _each in range(WRITERS)]
    for client in clients:
        client.force_login(make_user(Role.EDITOR, revision.plan.owner))

    def press(number, page, args, said):
        answer = clients[number].post(reverse(page, args=args), said, follow=True)
        return answer.status_code, answer.content.decode()

    return press


def test_many_who_open_a_year_open_it_once(press, revision):
    followup = make_followup(revision, stage=Stage.PLANNED)

    told = at_once(lambda number: press(number, "open-followup", ["plan", 2016], {"seen": "planned"}))

    opened = [page for _status, page in told if "Uppföljningen är öppen för rapportering." in page]
    too_late = [page for _status, page in told if "Uppföljningen är redan öppen för rapportering." in page]
    assert (len(opened), len(too_late)) == (1, WRITERS - 1)
    assert followup.history.filter(stage=Stage.OPEN).count() == 1


def test_many_who_begin_a_year_begin_it_once(press, revision):
    told = at_once(lambda number: press(number, "begin-followup", ["plan"], {"year": "2016"}))

    assert sorted(status for status, _page in told) == [200] + [422] * (WRITERS - 1)
    assert FollowUp.objects.get().history.count() == 1


def test_of_many_who_choose_a_reporter_one_chooses_and_the_others_see_whom(press, revision):
    make_followup(revision)
    activity = make_activity(make_challenge(revision), key="aktivitet")
    parties = [make_organisation(f"Den {number}") for number in range(WRITERS)]
    others = make_challenge(revision)
    for party in parties:
        make_activity(others, responsible=[party])

    def choose(number):
        said = {"activities": ["aktivitet"], "organisation": parties[number].key}
        return press(number, "assign", ["plan", 2016], said)

    told = at_once(choose)

    chosen = Assignment.objects.get(activity=activity).organisation
    assert sum(f"{chosen} rapporterar nu 1 aktivitet till." in page for _status, page in told) == 1
    assert sum(status == 422 for status, _page in told) == WRITERS - 1


def test_nothing_is_planned_in_a_year_that_is_published_in_the_same_moment(revision):
    """Whoever comes after the publishing is refused, and whoever came before has been published."""
    followup = make_followup(revision, stage=Stage.CLOSED)
    editor = make_user(Role.EDITOR, revision.plan.owner)
    organisation = revision.plan.owner
    activities = [make_activity(make_challenge(revision)) for _each in range(WRITERS)]

    def deed(number):
        if number == 0:
            FollowUp.objects.filter(pk=followup.pk).update(stage=Stage.PUBLISHED)
            return "published"
        try:
            leading.assign(followup, [activities[number]], organisation, by=editor)
        except (PermissionDenied, ValidationError) as refusal:
            return leading.why_not(refusal)
        return "assigned"

    outcomes = at_once(deed)

    assert outcomes.count("assigned") == Assignment.objects.count()
    assert set(outcomes) <= {
        "published",
        "assigned",
        "Året är publicerat och stängt. Öppna det för rättelse först.",
    }
    assert deed(1) == "Året är publicerat och stängt. Öppna det för rättelse först."
