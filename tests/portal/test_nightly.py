"""What is forgotten every night, and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from municipalities import mails
from municipalities.models import Invitation
from tests.builders import make_coordinator, make_invitation

pytestmark = pytest.mark.django_db


def test_sessions_that_have_ended_are_removed_and_others_stay(client):
    client.force_login(make_coordinator())
    Session.objects.create(
        session_key="x" * 32, session_data="", expire_date=timezone.now() - timedelta(minutes=1)
    )

    call_command("nightly")

    assert [each.session_key for each in Session.objects.all()] == [client.session.session_key]


def test_the_address_of_an_invitation_that_lapsed_long_ago_is_forgotten():
    now = timezone.now()
    old = make_invitation(sent=now - timedelta(days=105), expires=now - timedelta(days=91))
    lapsed = make_invitation(sent=now - timedelta(days=103), expires=now - timedelta(days=89))

    call_command("nightly")

    assert Invitation.objects.get(pk=old.pk).email == ""
    assert Invitation.objects.get(pk=lapsed.pk).email == lapsed.email


def test_work_that_was_done_a_fortnight_ago_is_removed_from_the_queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for days in (13, 15):
        mails.deliver.enqueue(f"{days} days old")
    then = {f"{days} days old": timezone.now() - timedelta(days=days) for days in (13, 15)}
    for result in DBTaskResult.objects.all():
        result.status, result.finished_at = "SUCCESSFUL", then[result.args_kwargs["args"][0]]
        result.save()

    call_command("nightly")

    assert [each.args_kwargs["args"] for each in DBTaskResult.objects.all()] == [["13 days old"]]
