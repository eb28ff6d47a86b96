"""A form that was sent just after the session had ended stands in the form again, for that person only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from followup.models import Outcome, StatusReport
from municipalities.unsent import AT_MOST
from tests.builders import (
    PASSWORD,
    make_activity,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_revision,
    make_target,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db

FORM = "/planer/gemensam/uppfoljning/2016/rapportera/mote/"
OTHER = "/planer/gemensam/uppfoljning/2016/rapportera/massa/"
SAID = {"status": "ongoing", "comment": "Två möten är hållna.", "seen": 0}
KEPT = "Här är det du skrev innan du loggades ut."


@pytest.fixture
def enkoping():
    enkoping = make_municipality("Enköping", key="enkoping")
    followup = make_followup(make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016))
    challenge = make_challenge(followup.revision)
    for key in ("mote", "massa"):
        make_activity(challenge, key=key, responsible=[enkoping])
    return enkoping


@pytest.fixture
def eva(enkoping):
    return make_coordinator(enkoping)


@pytest.fixture
def client(eva) -> Client:
    """Eva's browser, just after her session has ended."""
    client = Client()
    client.force_login(eva)
    client.get(FORM)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    return client


def log_in(client: Client, person: Any) -> None:
    answer = client.post("/konto/logga-in/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302


def comment_of(answer: Any) -> str:
    return main_of(answer).one("textarea", name="comment").text


def test_it_stands_in_the_form_after_log_in_once_and_is_not_saved(client, eva):
    sent = client.post(FORM, SAID)
    assert sent.status_code == 403
    assert "Logga in, så står det i formuläret igen." in main_of(sent).text

    log_in(client, eva)
    answer = client.get(FORM)

    assert KEPT in main_of(answer).text
    assert comment_of(answer) == "Två möten är hållna."
    assert "checked" in main_of(answer).one("input", value="ongoing").attributes
    assert "data-unsaved" in main_of(answer).one("form").attributes
    assert not StatusReport.objects.exists()
    assert comment_of(client.get(FORM)) == ""


def test_someone_else_who_logs_in_gets_none_of_it(client, eva, enkoping):
    client.post(FORM, SAID)

    log_in(client, make_coordinator(enkoping))

    answer = client.get(FORM)
    assert KEPT not in main_of(answer).text
    assert comment_of(answer) == ""


def test_it_is_of_its_own_address(client, eva):
    client.post(FORM, SAID)
    log_in(client, eva)

    assert comment_of(client.get(OTHER)) == ""
    assert comment_of(client.get(FORM)) == "Två möten är hållna."


def test_a_visitor_whose_session_nobody_knows_is_told_to_copy(eva):
    client = Client()

    sent = client.post(FORM, SAID)

    assert "Kopiera det, logga in och klistra in det igen." in main_of(sent).text
    log_in(client, eva)
    assert comment_of(client.get(FORM)) == ""


def test_no_more_is_kept_than_a_form_may_hold(client, eva):
    sent = client.post(FORM, {**SAID, "comment": "x" * AT_MOST})

    assert "Kopiera det" in main_of(sent).text
    log_in(client, eva)
    assert comment_of(client.get(FORM)) == ""


def test_what_is_sent_elsewhere_is_not_kept(client):
    sent = client.post("/konto/losenord/", {"oldpassword": PASSWORD, "name": "Eva"})

    assert sent.status_code == 403
    assert "unsent" not in client.session
    assert "Kopiera det" in main_of(sent).text


def test_the_old_number_comes_along_so_that_nobody_is_overwritten(client, eva, enkoping):
    client.post(FORM, SAID)
    other = Client()
    other.force_login(make_coordinator(enkoping))
    other.post(FORM, {**SAID, "comment": "Någon annans."})
    log_in(client, eva)

    assert main_of(client.get(FORM)).one("input", name="seen")["value"] == "0"
    assert client.post(FORM, SAID).status_code == 409


def test_a_choice_alone_is_kept_too(client, eva):
    sent = client.post(FORM, {"status": "ongoing", "comment": " ", "seen": 0})

    assert sent.status_code == 403
    assert "Det du skrev" not in [each.text for each in main_of(sent).all("h2")]
    log_in(client, eva)
    assert "checked" in main_of(client.get(FORM)).one("input", value="ongoing").attributes


@pytest.mark.parametrize("nothing", [{}, {"seen": 0, "comment": " "}, {"seen": 0, "deed": "approve"}])
def test_where_nothing_was_filled_in_one_is_just_sent_to_log_in(client, nothing):
    assert client.post(FORM, nothing).status_code == 302
    assert "unsent" not in client.session


OUTCOME = "/planer/gemensam/uppfoljning/2016/utfall/nki/enkoping/"
MEASURED = {"value": "57,9", "missing_reason": "", "source": "", "source_url": "", "seen": 0}


@pytest.fixture
def nki(enkoping):
    nki = make_indicator(slug="nki")
    challenge = make_challenge(enkoping.plans.get().revisions.get(), key="service")
    make_target(make_goal(challenge), indicator=nki, year=2016)
    return nki


def sent_of(answer: Any) -> dict[str, str]:
    form = main_of(answer).one("form")
    return {each["name"]: each["value"] for each in form.all("input") if "value" in each.attributes}


class TestOutcomes:
    def test_a_number_alone_stands_in_the_form_after_log_in(self, nki, client, eva):
        sent = client.post(OUTCOME, MEASURED)

        assert sent.status_code == 403
        assert "Logga in, så står det i formuläret igen." in main_of(sent).text
        assert "57,9" in main_of(sent).text
        log_in(client, eva)
        answer = client.get(OUTCOME)
        assert KEPT in main_of(answer).text
        assert "data-unsaved" in main_of(answer).one("form").attributes
        assert sent_of(answer)["value"] == "57,9"
        assert not Outcome.objects.exists()
        assert KEPT not in main_of(client.get(OUTCOME)).text

    def test_what_was_taken_away_does_not_come_back_with_what_is_saved(self, nki, client, eva, enkoping):
        make_outcome(nki, enkoping, year=2016, value=50, preliminary=True, source="Kolada")
        client.post(OUTCOME, {**MEASURED, "value": "", "missing_reason": "not_measured", "seen": 1})
        log_in(client, eva)

        answer = client.get(OUTCOME)

        held = sent_of(answer)
        assert (held.get("value", ""), held.get("source", ""), held["seen"]) == ("", "", "1")
        assert "checked" not in main_of(answer).one("input", name="preliminary").attributes
        assert "selected" in main_of(answer).one("option", value="not_measured").attributes

    def test_a_number_sent_by_nobody_known_is_given_back_to_copy(self, nki):
        sent = Client().post(OUTCOME, MEASURED)

        assert "57,9" in main_of(sent).text
        assert "Kopiera det" in main_of(sent).text
