"""Follow-ups in the admin site; and numbered rows, which are read there and added to."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from followup.models import Assignment, FollowUp, Outcome, Stage, Status, StatusReport
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_draft,
    make_followup,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_report,
    make_user,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db

ADD = "admin:followup_statusreport_add"


@pytest.fixture
def administrator(client):
    administrator = make_administrator(name="Asta Lönn")
    client.force_login(administrator)
    return administrator


def change(row):
    return reverse(f"admin:followup_{row._meta.model_name}_change", args=[row.pk])


def delete(row):
    return reverse(f"admin:followup_{row._meta.model_name}_delete", args=[row.pk])


def said_of(followup, activity, **said):
    """What a form about the activity sends."""
    values = {"followup": followup.pk, "activity": activity.pk, "organisation": followup.plan.owner.pk}
    return values | {"status": Status.ONGOING, "seen": 0} | said


def current(followup, activity):
    return StatusReport.objects.get(followup=followup, activity=activity, number=1)


def test_a_follow_up_is_opened_and_the_log_says_by_whom(client, administrator):
    followup = make_followup(stage=Stage.PLANNED)

    client.post(change(followup), sent(client.get(change(followup)), stage=Stage.OPEN))

    followup.refresh_from_db()
    assert followup.is_open
    assert followup.history.first().history_user == administrator


def test_a_follow_up_of_a_draft_is_refused(client, administrator):
    draft = make_draft()
    said = {"plan": draft.plan.pk, "year": draft.year, "revision": draft.pk, "stage": Stage.PLANNED}

    page = client.post(reverse("admin:followup_followup_add"), said)

    assert "Bara en fastställd revidering kan följas upp." in page.content.decode()


def test_an_empty_follow_up_is_asked_about(client, administrator):
    page = client.post(reverse("admin:followup_followup_add"), {})

    assert page.context["adminform"].form.errors["revision"] == ["Detta fält måste fyllas i."]


def test_someone_is_assigned_to_report_an_activity_of_the_year(client, administrator):
    followup, organisation = make_followup(), make_organisation()
    challenge = make_challenge(followup.revision)
    activity = make_activity(challenge)
    make_activity(challenge, title="Först senare", first_year=followup.year + 1)
    page = client.get(change(followup))
    line = {"assignments-0-activity": activity.pk, "assignments-0-organisation": organisation.pk}

    client.post(change(followup), sent(page, **line, **{"assignments-TOTAL_FORMS": 1}))

    assert "Först senare" not in page.content.decode()
    assert Assignment.objects.get().organisation == organisation
    assert Assignment.history.get().history_user == administrator


def test_a_follow_up_with_reports_is_never_removed(client, administrator):
    followup = make_report().followup
    empty = make_followup()
    action = {"action": "delete_selected", "_selected_action": [followup.pk], "post": "yes"}

    refused = client.post(delete(followup), {"post": "yes"})
    client.post(reverse("admin:followup_followup_changelist"), action)
    client.post(delete(empty), {"post": "yes"})

    assert "En uppföljning med lägesrapporter tas aldrig bort." in refused.content.decode()
    assert list(FollowUp.objects.all()) == [followup]


def test_a_report_is_added_in_the_administrators_name(client, administrator):
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))

    client.post(reverse(ADD), said_of(followup, activity, comment="Ringde och frågade."))

    report = StatusReport.objects.get()
    assert (report.number, report.author, report.comment) == (1, administrator, "Ringde och frågade.")


def test_the_next_report_starts_from_the_latest_and_takes_the_next_number(client, administrator):
    first = make_report(comment="Så här långt.", author=make_user(name="Eva Ek"))
    subject = {"followup": first.followup.pk, "activity": first.activity.pk}

    page = client.get(reverse(ADD), subject)
    client.post(reverse(ADD), sent(page, status=Status.COMPLETED, result="Alla möts."))

    second = StatusReport.objects.get(number=2)
    assert (second.comment, second.status, second.author) == ("Så här långt.", "completed", administrator)
    assert StatusReport.objects.get(number=1).author.name == "Eva Ek"


def test_whoever_has_not_seen_the_latest_report_is_shown_it_and_may_save_again(client, administrator):
    first = make_report(status=Status.DELAYED, reason="Ingen tid.", author=make_user(name="Eva Ek"))
    said = said_of(first.followup, first.activity, comment="Det går bra.")

    page = client.post(reverse(ADD), said)

    text = page.content.decode()
    assert "Det finns redan en rad: nr 1, Försenad (Eva Ek" in text
    assert "Det går bra." in text
    assert StatusReport.objects.count() == 1

    client.post(reverse(ADD), sent(page))

    assert StatusReport.objects.get(number=2).comment == "Det går bra."


def test_a_report_keeps_the_promises_of_its_status(client, administrator):
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))

    page = client.post(reverse(ADD), said_of(followup, activity, status=Status.COMPLETED))

    assert "Skriv vad det gav. Det behövs när läget är Genomförd." in page.content.decode()
    assert not StatusReport.objects.exists()


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.CLOSED, Stage.PUBLISHED])
def test_nothing_is_reported_in_a_follow_up_that_is_not_open(client, administrator, stage):
    followup = make_followup(stage=stage)
    activity = make_activity(make_challenge(followup.revision))

    page = client.post(reverse(ADD), said_of(followup, activity))

    assert "Uppföljningen är inte öppen för rapportering." in page.content.decode()
    assert not StatusReport.objects.exists()


def test_an_activity_that_the_year_does_not_follow_up_is_refused(client, administrator):
    followup = make_followup()
    later = make_activity(make_challenge(followup.revision), first_year=followup.year + 1)

    page = client.post(reverse(ADD), said_of(followup, later))

    assert "Aktiviteten ingår inte i årets uppföljning." in page.content.decode()


def test_an_outcome_is_added_with_a_comma_and_corrected_by_the_next(client, administrator):
    indicator, municipality = make_indicator(), make_municipality()
    address = reverse("admin:followup_outcome_add")
    subject = {"indicator": indicator.pk, "municipality": municipality.pk, "year": 2016}

    client.post(address, subject | {"value": "74,46", "seen": 0})
    page = client.get(address, subject)
    client.post(address, sent(page, value=None, missing_reason="too_few_answers"))

    rows = Outcome.objects.order_by("number")
    assert [(row.number, str(row.value), row.missing_reason) for row in rows] == [
        (1, "74.46000000", ""),
        (2, "None", "too_few_answers"),
    ]
    assert {row.author for row in rows} == {administrator}


def test_an_outcome_without_a_value_tells_why(client, administrator):
    said = {"indicator": make_indicator().pk, "municipality": make_municipality().pk, "year": 2016, "seen": 0}

    page = client.post(reverse("admin:followup_outcome_add"), said)

    assert "Ange ett värde, eller varför det saknas." in page.content.decode()


@pytest.mark.parametrize("make", [make_report, make_outcome])
def test_what_has_been_written_is_neither_changed_nor_removed(client, administrator, make):
    row = make(author=make_user(name="Eva Ek"))
    before = type(row).objects.values().get()
    changelist = reverse(f"admin:followup_{row._meta.model_name}_changelist")

    page = client.get(change(row))
    refused = client.post(change(row), {"comment": "Annat", "value": "1"})
    kept = client.post(delete(row), {"post": "yes"})
    client.post(changelist, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert "Det som är skrivet ändras aldrig." in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert (refused.status_code, kept.status_code) == (403, 403)
    assert type(row).objects.values().get() == before


def test_a_report_shows_all_that_was_said_before_and_after_it(client, administrator):
    first = make_report(author=make_user(name="Eva Ek"))
    make_report(first.followup, first.activity, status=Status.DELAYED, reason="Ont om tid.")

    story = client.get(change(first)).content.decode()

    assert "nr 1, Pågår (Eva Ek" in story
    assert "nr 2, Försenad (utan konto" in story


def test_the_list_shows_all_rows_or_those_that_hold(client, administrator):
    first = make_report()
    second = make_report(first.followup, first.activity)
    address = reverse("admin:followup_statusreport_changelist")

    assert set(client.get(address).context["cl"].queryset) == {first, second}
    assert set(client.get(address, {"rader": "gallande"}).context["cl"].queryset) == {second}


def test_what_goes_wrong_half_way_leaves_nothing(client, administrator, monkeypatch):
    followup = make_followup(stage=Stage.PLANNED)
    page = client.get(change(followup))
    monkeypatch.setattr(admin.site._registry[FollowUp], "log_change", fail)
    client.raise_request_exception = False

    response = client.post(change(followup), sent(page, stage=Stage.OPEN))

    followup.refresh_from_db()
    assert response.status_code == 500
    assert followup.stage == Stage.PLANNED
    assert followup.history.count() == 1


def fail(*args):
    raise RuntimeError("The server stops half-way.")
