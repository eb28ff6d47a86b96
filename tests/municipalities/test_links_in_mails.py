"""Links in mails lead to the portal, also when whoever asked for the mail wrote another name or port."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from tests.builders import make_administrator, make_organisation, make_user

pytestmark = pytest.mark.django_db

OTHER_NAMES = ["127.0.0.1:6666", "portal.example.se:6666", "planer.example.se"]


@pytest.fixture(autouse=True)
def as_in_production(settings) -> None:
    settings.PORTAL_ORIGIN = "https://portal.example.se"
    settings.ALLOWED_HOSTS = ["portal.example.se", "planer.example.se", "127.0.0.1"]


@pytest.fixture(params=OTHER_NAMES)
def client(request) -> Client:
    return Client(headers={"host": request.param})


@pytest.fixture
def links(django_capture_on_commit_callbacks):
    """Which addresses the mails hold that are sent when a form is."""

    def send(client: Client, address: str, form: dict[str, str]) -> set[str]:
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(address, form)
        assert answer.status_code == 302
        [letter] = mail.outbox
        return {
            re.sub(r"(/konto/\w[\w-]*/).*", r"\1", link)
            for link in re.findall(r"\S+://\S+", str(letter.body))
        }

    return send


def test_one_for_a_new_password(client, links):
    assert links(client, "/konto/glomt-losenord/", {"email": make_user().email}) == {
        "https://portal.example.se/",
        "https://portal.example.se/konto/glomt-losenord/",
    }


def test_one_to_whom_there_is_no_account(client, links):
    assert links(client, "/konto/glomt-losenord/", {"email": "ny@example.se"}) == {
        "https://portal.example.se/",
        "https://portal.example.se/konto/registrera/",
    }


def test_one_that_invites(client, links):
    client.force_login(make_administrator())
    make_organisation(key="vi")

    assert links(client, "/personer/vi/bjud-in/", {"email": "ny@example.se", "role": "reader"}) == {
        "https://portal.example.se/",
        "https://portal.example.se/konto/inbjudan/",
    }
