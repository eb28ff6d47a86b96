"""Follow-ups in the admin site: it obeys the same table of stages as the pages do."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.core.management import call_command
from django.urls import reverse

from followup.models import Assignment, FollowUp, Stage
from followup.models.stages import MOVES
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_followup,
    make_organisation,
    make_revision,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def administrator(client):
    client.force_login(make_administrator())


def change(followup):
    return reverse("admin:followup_followup_change", args=[followup.pk])


@pytest.mark.parametrize(("before", "after"), [*product(Stage, Stage)])
def test_a_stage_follows_on_another_only_where_the_table_says_and_nothing_is_published_here(
    client, before, after
):
    followup = make_followup(stage=before)
    may = after == before or (after in MOVES[before] and Stage.PUBLISHED not in (before, after))
    said = {"stage": after, "seen": before, "due": "2017-01-31", "opens": "", **no_lines()}

    answer = client.post(change(followup), said)

    followup.refresh_from_db()
    assert followup.stage == (after if may else before)
    if before == Stage.PUBLISHED:
        assert (answer.status_code, followup.due) == (403, None)
        assert "Året är publicerat och stängt. Öppna det för rättelse först." in answer.content.decode()


def no_lines():
    return {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}


def test_only_the_stages_that_may_follow_are_offered(client):
    page = client.get(change(make_followup(stage=Stage.CLOSED)))

    offered = page.context["adminform"].form.fields["stage"].choices
    assert [stage for stage, _label in offered] == [Stage.OPEN, Stage.CLOSED]


def test_a_year_begins_as_planned(client):
    revision = make_revision()
    said = {"plan": revision.plan.pk, "year": revision.year, "revision": revision.pk}

    refused = client.post(reverse("admin:followup_followup_add"), said | {"stage": Stage.OPEN})
    client.post(reverse("admin:followup_followup_add"), said | {"stage": Stage.PLANNED})

    assert refused.status_code == 200
    assert FollowUp.objects.get().stage == Stage.PLANNED


def test_a_page_from_before_someone_else_moved_the_year_moves_it_nowhere(client):
    followup = make_followup(stage=Stage.OPEN)
    page = client.get(change(followup))
    FollowUp.objects.update(stage=Stage.CLOSED)

    told = client.post(change(followup), sent(page, due=date(2017, 1, 31)))
    followup.refresh_from_db()
    before = (followup.stage, followup.due)
    client.post(change(followup), sent(told))

    followup.refresh_from_db()
    assert "Någon annan hann före: uppföljningen är nu stängd för rapportering." in told.content.decode()
    assert before == (Stage.CLOSED, None)
    assert (followup.stage, followup.due) == (Stage.CLOSED, date(2017, 1, 31))


def test_a_published_year_can_only_be_read_with_those_who_report_in_it(client):
    followup = make_followup(stage=Stage.PUBLISHED)
    assignment = make_assignment(followup, make_activity(make_challenge(followup.revision)))
    other = make_organisation()

    page = client.get(change(followup))
    line = {
        "assignments-TOTAL_FORMS": 1,
        "assignments-INITIAL_FORMS": 1,
        "assignments-0-id": assignment.pk,
        "assignments-0-followup": followup.pk,
        "assignments-0-activity": assignment.activity.pk,
        "assignments-0-organisation": other.pk,
    }
    answer = client.post(change(followup), {"stage": Stage.PUBLISHED, "seen": Stage.PUBLISHED, **line})

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert 'name="assignments-0-organisation"' not in page.content.decode()
    assert answer.status_code == 403
    assert Assignment.objects.get().organisation == assignment.organisation


@pytest.mark.parametrize("stage", [Stage.PUBLISHED, Stage.CLOSED])
def test_what_has_been_published_is_never_removed(client, stage):
    followup = make_followup(stage=Stage.PUBLISHED)
    FollowUp.objects.update(stage=stage)

    answer = client.post(reverse("admin:followup_followup_delete", args=[followup.pk]), {"post": "yes"})

    assert "En uppföljning som har publicerats tas aldrig bort." in answer.content.decode()
    assert FollowUp.objects.exists()


def test_fixtures_may_hold_a_year_in_any_stage(plans, tmp_path):
    FollowUp.objects.update(stage=Stage.OPEN)
    fixture = tmp_path / "vilken.json"
    call_command(
        "dumpdata", "followup.followup", natural_primary=True, natural_foreign=True, output=str(fixture)
    )
    fixture.write_text(fixture.read_text().replace('"stage": "open"', '"stage": "published"'))

    call_command("loaddata", str(fixture), verbosity=0)

    assert {each.stage for each in FollowUp.objects.all()} == {Stage.PUBLISHED}
