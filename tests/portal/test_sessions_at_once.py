"""A session's row that someone else holds stops nobody, and takes nothing from what its owner wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import path
from django.utils import timezone

import portal.urls
from tests.builders import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
    pytest.mark.urls(__name__),
]

SECONDS_HELD = 8
"""Less than anyone waits for SQLite, and more than a page takes."""


def write(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    Group.objects.create(name="Skrivet")
    return redirect("about")


# named like a public page, since an address without a right is closed to all
urlpatterns = [*portal.urls.urlpatterns, path("write/", write, name="start")]


@pytest.fixture
def browser_of_someone() -> Client:
    """Someone whose session is to be moved on at the next request."""
    client = Client()
    client.force_login(make_user())
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=30))
    return client


def end() -> datetime:
    return Session.objects.get().expire_date


@contextmanager
def held_by_another() -> Iterator[None]:
    """While this lasts another connection holds the one session's row; on SQLite, all that can be written."""
    holds, over = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                list(Session.objects.select_for_update())
                holds.set()
                over.wait(SECONDS_HELD)
        finally:
            connections.close_all()

    thread = Thread(target=hold)
    thread.start()
    try:
        assert holds.wait(20)
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def patient_for(milliseconds: int) -> Iterator[None]:
    """On PostgreSQL, where a row is waited for: no longer than this."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {milliseconds}")
        yield
        cursor.execute("RESET lock_timeout")


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite whoever writes holds all that can be written"
)
def test_what_was_written_is_kept_when_the_session_could_not_be_moved_on(browser_of_someone):
    before = end()

    with held_by_another(), patient_for(milliseconds=200):
        answer = browser_of_someone.post("/write/")

    assert answer.status_code == 302
    assert Group.objects.count() == 1
    assert end() == before


def test_a_reader_does_not_wait_for_someone_who_writes(browser_of_someone):
    """If it waited on SQLite, the session would be moved on once the other one is done."""
    before = end()

    with held_by_another(), patient_for(milliseconds=200):
        answer = browser_of_someone.get("/om/")

    assert answer.status_code == 200
    assert end() == before
