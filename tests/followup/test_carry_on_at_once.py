"""Editors who go through the plan in the same moment: each activity is decided once, the others are told."""

from __future__ import annotations

import pytest
from django.test import Client

from actionplan import carrying
from actionplan.carrying import NotCarried
from actionplan.drafting import NoLongerDraft, discard, start_next
from actionplan.models import Activity, Ending, How, Revision
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_challenge,
    make_municipality,
    make_plan,
    make_revision,
    make_user,
)
from tests.followup.test_concurrency import WRITERS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

ACTIVITIES = 12


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def draft() -> Revision:
    base = make_revision(make_plan(slug="plan", first_year=2015, last_year=2018), year=2016)
    challenge = make_challenge(base)
    for number in range(ACTIVITIES):
        make_activity(challenge, key=f"nr-{number}", title=f"Nr {number}", responsible=[make_municipality()])
    return start_next(base, 2017, by=make_user())


def test_of_many_who_decide_of_an_activity_one_does_and_the_others_are_told_what(draft):
    clients = [Client() for _each in range(WRITERS)]
    for client in clients:
        client.force_login(make_user(Role.EDITOR, draft.plan.owner))

    def decide(number: int) -> tuple[int, str]:
        said = (
            {"decision": "carried"}
            if number % 3 == 0
            else {"decision": "replaced", "title": f"Ny av {number}"}
            if number % 3 == 1
            else {"decision": "ended", "reason": f"Skrivet av {number}."}
        )
        answer = clients[number].post("/planer/plan/utkast/genomgang/aktiviteter/nr-0/", said)
        return answer.status_code, answer.content.decode()

    told = at_once(decide)

    assert sorted(status for status, _page in told) == [302] + [409] * (WRITERS - 1)
    assert all("Någon annan hann före" in page for status, page in told if status == 409)
    kept = Activity.objects.filter(revision=draft)
    endings = Ending.objects.filter(revision=draft)
    assert (kept.filter(key="nr-0").count(), endings.count()) in ((1, 0), (0, 1))
    assert kept.exclude(key="nr-0").count() == endings.filter(how=How.REPLACED).count()


def test_all_that_are_left_are_decided_once_however_many_press(draft):
    keys = [f"nr-{number}" for number in range(ACTIVITIES)]

    def press(number: int) -> int:
        by = make_user()
        if number % 2:
            return carrying.carry_on_all(draft, keys, by=by)[0]
        return carrying.leave_out_all(draft, dict.fromkeys(keys, (How.DONE, "")), by=by)

    done = at_once(press)

    assert sorted(done) == [0] * (WRITERS - 1) + [ACTIVITIES]
    kept = Activity.objects.filter(revision=draft).count()
    assert (kept, Ending.objects.filter(revision=draft).count()) in ((ACTIVITIES, 0), (0, ACTIVITIES))


def test_nothing_is_decided_in_a_draft_that_is_thrown_away_in_the_same_moment(draft):
    by = [make_user() for _each in range(WRITERS)]

    def decide(number: int) -> str:
        try:
            if number == 0:
                discard(draft, by=by[0])
            else:
                carrying.carry_on(draft, f"nr-{number}", by=by[number])
        except NoLongerDraft:
            return "gone"
        except NotCarried:
            return "told"
        return "done"

    outcomes = at_once(decide)

    assert set(outcomes) <= {"done", "gone"}
    assert not Revision.objects.filter(pk=draft.pk).exists()
    assert not Activity.objects.filter(revision=draft.pk).exists()
