"""On whose behalf people report, who else may not, and what those are told who may see but not do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from municipalities.models import Organisation, Role
from tests.builders import (
    make_activity,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_municipality,
    make_organisation,
    make_plan,
    make_revision,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_step_is_enough(settings) -> None:
    settings.REQUIRE_MFA = False


@pytest.mark.parametrize("year", [2016, 2017, 2019])
def test_one_who_may_see_but_not_report_is_told_why(world, year):
    answer = world.ask("coordinator", "GET", f"/planer/gemensam/uppfoljning/{year}/rapportera/aktivitet/")

    assert "Uppföljningen är inte öppen för rapportering." in answer.content.decode()


def test_someone_elses_activity_is_told_to_be_someone_elses(world):
    answer = world.ask("partner", "GET", "/planer/gemensam/uppfoljning/2018/rapportera/aktivitet/")

    assert "Bara den som ansvarar för aktiviteten kan rapportera den." in answer.content.decode()


def test_an_organisation_that_answers_for_a_part_of_a_plan_may_read_all_of_it():
    dusys = make_organisation("DUsys")
    draft = make_draft()
    make_activity(make_challenge(draft), responsible=[dusys])
    client = Client()
    client.force_login(make_coordinator(dusys))

    assert client.get(f"/planer/{draft.plan.slug}/revideringar/{draft.year}/").status_code == 200


class TestReporters:
    """On whose behalf people report, and who else may not."""

    @pytest.fixture
    def eskilstuna(self):
        return make_municipality("Eskilstuna")

    def may_report(self, organisation: Organisation, activity: Any, followup: Any) -> bool:
        client = Client()
        client.force_login(make_coordinator(organisation))
        address = reverse("report-activity", args=[followup.plan.slug, followup.year, activity.key])
        return client.get(address).status_code == 200

    def test_a_municipality_reports_for_one_it_represents(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        dusys = make_organisation("DUsys", represented_by=[eskilstuna])
        activity = make_activity(make_challenge(followup.revision), responsible=[dusys])

        assert self.may_report(eskilstuna, activity, followup)
        assert self.may_report(dusys, activity, followup)

    def test_one_who_is_represented_does_not_report_for_its_representative(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        dusys = make_organisation("DUsys", represented_by=[eskilstuna])
        challenge = make_challenge(followup.revision)
        activity = make_activity(challenge, responsible=[eskilstuna])
        make_activity(challenge, responsible=[dusys])

        assert not self.may_report(dusys, activity, followup)

    def test_the_assigned_one_reports_only_what_it_is_assigned_in_that_year(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        next_year = make_followup(followup.revision, year=2017)
        challenge = make_challenge(followup.revision)
        assigned, other = make_activity(challenge), make_activity(challenge)
        make_assignment(followup, assigned, eskilstuna)

        assert self.may_report(eskilstuna, assigned, followup)
        assert not self.may_report(eskilstuna, other, followup)
        assert not self.may_report(eskilstuna, assigned, next_year)

    def test_a_reader_in_the_responsible_organisation_does_not_report(self, eskilstuna):
        followup = make_followup(make_revision(make_plan(partners=[eskilstuna])))
        activity = make_activity(make_challenge(followup.revision), responsible=[eskilstuna])
        client = Client()
        client.force_login(make_user(Role.READER, eskilstuna))

        address = reverse("report-activity", args=[followup.plan.slug, followup.year, activity.key])

        assert client.get(address).status_code == 403
