"""What made-up requests have broken once, each told as the request that did it."""

from __future__ import annotations

import pytest
from django.test import Client

from municipalities.models import Role
from tests.builders import make_user

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

    assert answer.status_code in (400, 403, 404)
    assert "Handlingsplaner</title>" in answer.content.decode()
