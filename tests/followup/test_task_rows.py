"""The rows of Att göra as htmx asks for them: only the row comes back, and what has changed beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from followup.models import FollowUp, StatusReport
from municipalities.models import User
from tests.builders import (
    make_activity,
    make_challenge,
    make_coordinator,
    make_followup,
    make_municipality,
    make_plan,
    make_report,
    make_revision,
)
from tests.pages import Element, read

pytestmark = pytest.mark.django_db

ADDRESS = "/planer/gemensam/uppfoljning/2016/rapportera/mote/"
SAID = {"status": "ongoing", "comment": "Två möten.", "seen": 0}


@pytest.fixture
def followup() -> FollowUp:
    enkoping = make_municipality("Enköping")
    followup = make_followup(make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016))
    challenge = make_challenge(followup.revision)
    make_activity(challenge, key="mote", title="Möte", responsible=[enkoping])
    make_activity(challenge, key="massa", title="Mässa", responsible=[enkoping])
    return followup


@pytest.fixture
def eva(followup) -> User:
    return make_coordinator(followup.plan.partners.get(), name="Eva Ek")


@pytest.fixture
def client(eva) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(eva)
    return client


def row_of(answer: Any) -> Element:
    page = read(answer)
    assert not page.all("html")
    return next(each for each in page.all("li") if each["id"].startswith("task-"))


def test_a_row_opens_with_ids_of_its_own_that_lead_nowhere_else(client, followup):
    answer = client.get(ADDRESS)

    row = row_of(answer)
    ids = {each["id"] for each in row if "id" in each.attributes}
    assert row["id"] == f"task-{followup.pk}-mote"
    assert f"id_{followup.pk}_mote_comment" in ids
    assert {each["for"] for each in row.all("label")} <= ids
    assert row.one("form")["action"] == row.one("form")["hx-post"] == ADDRESS


def test_a_row_that_is_saved_comes_back_closed_with_what_was_saved_and_what_is_left(client, followup):
    answer = client.post(ADDRESS, SAID)

    page = read(answer)
    assert answer.status_code == 200
    assert "Två möten." in row_of(answer).text
    assert "Ändra" in row_of(answer).text
    assert page.one("div", id="announced").text == "Läget är sparat: Möte – Pågår."
    assert "En aktivitet kvar." in page.one("div", id=f"round-{followup.pk}-says").text
    assert not read(client.get("/att-gora/")).all("div", class_="messages")


def test_a_first_saving_has_nothing_to_go_back_to_and_a_second_has(client):
    first = row_of(client.post(ADDRESS, SAID))
    second = row_of(client.post(ADDRESS, {**SAID, "comment": "Tre möten.", "seen": 1}))

    assert "Som förut" not in first.text
    assert "Som förut" in second.text


def test_a_row_is_closed_as_it_stands(client, followup):
    assert "Rapportera" in row_of(client.get(f"{ADDRESS}?stang=1")).text

    make_report(followup, followup.activities().get(key="mote"))

    assert "Ändra" in row_of(client.get(f"{ADDRESS}?stang=1")).text


def test_what_is_wrong_comes_back_in_the_row(client):
    answer = client.post(ADDRESS, {**SAID, "status": "completed"})

    assert answer.status_code == 422
    assert "Skriv vad det gav." in row_of(answer).text
    assert "Två möten." in row_of(answer).text


def test_a_conflict_comes_back_in_the_row(client, followup):
    make_report(followup, followup.activities().get(key="mote"), comment="Deras.")

    answer = client.post(ADDRESS, SAID)

    assert answer.status_code == 409
    assert "Deras." in row_of(answer).text
    assert StatusReport.objects.count() == 1


def test_sending_twice_saves_once_and_says_saved_both_times(client):
    answers = [client.post(ADDRESS, SAID), client.post(ADDRESS, SAID)]

    assert ["Två möten." in row_of(each).text for each in answers] == [True, True]
    assert StatusReport.objects.count() == 1


def test_the_page_itself_takes_no_part_in_closing(eva):
    client = Client()
    client.force_login(eva)

    assert read(client.get(f"{ADDRESS}?stang=1")).all("html")


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_who_may_not_report_gets_no_row(followup, method):
    stranger = Client(headers={"HX-Request": "true"})
    stranger.force_login(make_coordinator())

    assert getattr(stranger, method)(ADDRESS, SAID).status_code == 404
    assert not StatusReport.objects.exists()


def test_htmx_is_told_to_run_and_keep_nothing(client):
    page = read(client.get("/att-gora/"))

    [told] = [each["content"] for each in page.all("meta", name="htmx-config")]
    settings = json.loads(told)
    assert settings["selfRequestsOnly"] is True
    assert [settings[each] for each in ("allowEval", "includeIndicatorStyles", "historyEnabled")] == [
        False
    ] * 3


@pytest.mark.parametrize("address", ["/", "/planer/gemensam/", ADDRESS])
def test_htmx_is_loaded_only_where_rows_are(eva, address):
    client = Client()
    client.force_login(eva)

    assert not [each for each in read(client.get(address)).all("script") if "htmx" in each["src"]]
