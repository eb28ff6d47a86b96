"""What made-up requests have broken once, each told as the request that did it."""

from __future__ import annotations

import logging
import sys

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from municipalities.models import Role
from portal.log_lines import Line
from tests.builders import make_administrator, make_user
from tests.made_up.requests import MadeUp
from tests.made_up.sending import Portal

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "an encoding that forms don't have": ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
    "parts without their boundary": ("multipart/form-data", b"a=1"),
    "parts in an encoding that isn't there": ("multipart/form-data; boundary=x; charset=none", b"--x--"),
    "more fields than any form has": ("application/x-www-form-urlencoded", b"a=1&" * 2000),
}


@pytest.fixture
def browser() -> Client:
    """Someone logged in, and stopped when a form isn't the portal's own."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_user(Role.READER))
    client.cookies["csrftoken"] = "x" * 32
    return client


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("address", ["/", "/konto/logga-in/", "/finns-inte/", "/admin/"])
def test_a_body_that_cannot_be_read_is_refused_with_a_page(browser, address, what):
    content_type, body = UNREADABLE[what]

    answer = browser.generic("POST", address, body, content_type)

    assert answer.status_code in (400, 403, 404, 413)
    assert "Handlingsplaner</title>" in answer.content.decode()


def test_a_long_question_to_a_page_behind_the_log_in_leaves_no_traceback_in_the_log():
    answer = Portal().ask(MadeUp(0, "visitor", "to-do", "query", "GET", b"/att-gora/", b"a=" + b"(" * 20_000))

    assert answer.faults == []


@pytest.mark.parametrize("odd", ["abc", "9" * 30, "1.5", "\u00b2", "\0"])
def test_a_choice_in_the_admin_that_is_no_key_comes_back_as_a_form_to_mend(client, odd):
    client.force_login(make_administrator())

    answer = client.post("/admin/actionplan/chapter/add/", {"title": "Ett", "area": odd})

    assert answer.status_code == 200
    assert "area" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("odd", ["abc", "9" * 30, " ", "2026-W53-7", "\0"])
def test_rows_marked_in_the_admin_that_cannot_be_rows_lead_back_to_the_list(client, odd):
    client.force_login(make_administrator())
    marked = {"action": "delete_selected", "_selected_action": odd}

    answer = client.post("/admin/municipalities/organisation/", marked)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/municipalities/organisation/")


def record_of(error: Exception, name: str) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord(name, logging.ERROR, __file__, 1, str(error), (), sys.exc_info())


def test_what_a_visitor_sent_wrong_is_one_line_in_the_log():
    record = record_of(SuspiciousOperation("no\nsuch\x1b[31m line"), "django.security.SuspiciousOperation")

    assert Line("{message}", style="{").format(record) == "no\\nsuch\\x1b[31m line"


def test_an_error_of_the_portals_own_has_its_traceback_in_the_log():
    assert "Traceback" in Line("{message}", style="{").format(record_of(RuntimeError("x"), "django.request"))
