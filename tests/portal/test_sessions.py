"""Sessions end after an hour's idleness and after twelve hours in any case; time is moved in their rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from municipalities.models import User
from portal.sessions import BEGAN, SessionStore
from tests.builders import PASSWORD, make_administrator, make_user

pytestmark = pytest.mark.django_db

BEHIND_LOG_IN = "/konto/"
LOG_IN = "/konto/logga-in/"
IDLE = "Du har varit borta i en timme, så du har loggats ut."
OLD = "Du har varit inloggad i tolv timmar, så du har loggats ut."


@pytest.fixture
def person() -> User:
    return make_user()


@pytest.fixture
def browser_of_person(person) -> Client:
    """Someone who logged in just now, by password."""
    client = Client()
    assert client.post(LOG_IN, {"login": person.email, "password": PASSWORD}).status_code == 302
    return client


def row() -> Session:
    return Session.objects.get()


def pass_time(**time: float) -> None:
    """Moves everything that the one session remembers so much into the past."""
    session, gone = row(), timedelta(**time)
    data = session.get_decoded()
    data[BEGAN] -= int(gone.total_seconds())
    Session.objects.update(session_data=SessionStore().encode(data), expire_date=session.expire_date - gone)


def test_a_session_that_is_used_goes_on_until_it_is_twelve_hours_old(browser_of_person):
    for _each in range(12):
        pass_time(minutes=59)
        assert browser_of_person.get(BEHIND_LOG_IN).status_code == 200

    pass_time(minutes=13)

    answer = browser_of_person.get(BEHIND_LOG_IN, follow=True)
    assert answer.redirect_chain == [(f"{LOG_IN}?next={BEHIND_LOG_IN}", 302)]
    assert OLD in answer.content.decode()


def test_after_an_idle_hour_one_is_sent_to_log_in_and_told_why(browser_of_person):
    pass_time(minutes=61)

    answer = browser_of_person.get(BEHIND_LOG_IN, follow=True)

    assert answer.redirect_chain == [(f"{LOG_IN}?next={BEHIND_LOG_IN}", 302)]
    assert IDLE in answer.content.decode()
    assert IDLE not in browser_of_person.get(LOG_IN).content.decode()


def test_one_who_was_away_reads_public_pages_as_any_visitor_and_the_session_is_gone(browser_of_person):
    pass_time(minutes=61)

    answer = browser_of_person.get("/om/")

    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated
    assert answer.cookies["sessionid"].value == ""
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_what_was_being_written_when_the_session_ended_is_given_back(browser_of_person):
    pass_time(minutes=61)

    answer = browser_of_person.post("/admin/", {"comment": "En lång text."})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "En lång text." in page
    assert IDLE in page
    assert Session.objects.filter(expire_date__lte=timezone.now()).count() == 0


def test_a_visitor_who_never_logged_in_is_told_nothing():
    answer = Client().get(BEHIND_LOG_IN, follow=True)

    page = answer.content.decode()
    assert IDLE not in page
    assert OLD not in page
    assert not Session.objects.exists()


def test_a_made_up_or_forgotten_session_is_nobodys(client):
    client.cookies["sessionid"] = "a" * 32

    answer = client.get(BEHIND_LOG_IN, follow=True)

    assert answer.redirect_chain == [(f"{LOG_IN}?next={BEHIND_LOG_IN}", 302)]
    assert IDLE not in answer.content.decode()


def test_a_session_is_moved_on_at_most_once_a_minute(browser_of_person):
    at_first = row().expire_date
    pass_time(seconds=30)
    browser_of_person.get(BEHIND_LOG_IN)
    after_half_a_minute = row().expire_date
    pass_time(seconds=31)
    browser_of_person.get(BEHIND_LOG_IN)

    assert after_half_a_minute == at_first - timedelta(seconds=30)
    assert row().expire_date >= at_first


def test_moving_on_costs_one_statement_and_reading_otherwise_none(browser_of_person):
    def written() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            browser_of_person.get(BEHIND_LOG_IN)
        return [each["sql"] for each in captured if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]

    assert written() == []
    pass_time(minutes=2)
    [statement] = written()
    assert statement.startswith('UPDATE "django_session" SET "expire_date"')
    assert written() == []


def test_what_another_request_wrote_meanwhile_is_kept(browser_of_person):
    """Two requests at once: what the first read is old when it moves the session on."""
    pass_time(minutes=2)
    first, second = (SessionStore(row().session_key) for _each in range(2))
    first.load()
    second["written"] = "meanwhile"
    second.save()
    first.ends_at = row().expire_date - timedelta(minutes=2)

    first.move_on()

    assert SessionStore(row().session_key)["written"] == "meanwhile"


def test_a_session_that_was_ended_meanwhile_stays_ended(browser_of_person):
    pass_time(minutes=2)
    reading = SessionStore(row().session_key)
    assert reading.get(BEGAN)
    browser_of_person.post("/konto/logga-ut/")

    reading.move_on()

    assert not Session.objects.exists()


def test_a_session_from_before_there_were_limits_begins_now(person):
    client = Client()
    client.force_login(person)
    session = row()
    data = session.get_decoded()
    del data[BEGAN]
    Session.objects.update(session_data=SessionStore().encode(data))

    assert client.get(BEHIND_LOG_IN).status_code == 200
    assert timezone.now().timestamp() - row().get_decoded()[BEGAN] < 60


def test_the_key_is_a_new_one_after_log_in(person, client):
    session = client.session
    session["before"] = "anyone could have planted this key"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    client.post(LOG_IN, {"login": person.email, "password": PASSWORD})

    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_logging_in_again_starts_the_twelve_hours_anew(browser_of_person, person):
    pass_time(hours=11)
    browser_of_person.post("/konto/logga-ut/")

    browser_of_person.post(LOG_IN, {"login": person.email, "password": PASSWORD})

    assert timezone.now().timestamp() - row().get_decoded()[BEGAN] < 60


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites_and_lasts_as_long_as_a_session_can(
    browser_of_person,
):
    cookie = browser_of_person.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""
    assert cookie["max-age"] == 12 * 60 * 60


def test_a_closed_accounts_session_ends_at_the_next_request(browser_of_person, person):
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert browser_of_person.get(BEHIND_LOG_IN).status_code == 302


def test_an_ended_session_isnt_listed(browser_of_person, person):
    pass_time(minutes=61)
    again = Client()
    again.post(LOG_IN, {"login": person.email, "password": PASSWORD})

    assert UserSession.objects.count() == 1


def test_the_nightly_clearing_takes_what_ended_and_leaves_what_goes_on(browser_of_person):
    Client().post(LOG_IN, {"login": make_administrator().email, "password": PASSWORD})
    ended, going_on = Session.objects.all()
    Session.objects.filter(pk=ended.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    cache.set("old", True, timeout=-1)
    cache.set("fresh", True)

    call_command("clearsessions")

    assert list(Session.objects.all()) == [going_on]
    assert [each.session_key for each in UserSession.objects.all()] == [going_on.session_key]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        counters = {key for (key,) in cursor.fetchall()}
    assert ":1:fresh" in counters
    assert ":1:old" not in counters
