"""The check that every loader makes."""

from __future__ import annotations

from typing import cast

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from municipalities.access import checked_on, may, or_403, or_404, signed_in
from municipalities.administration import TrackedAdmin
from municipalities.models import Organisation, User
from tests.builders import make_administrator, make_coordinator, make_organisation

pytestmark = pytest.mark.django_db


def request_by(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_a_check_is_noted_whatever_it_said():
    request = request_by(AnonymousUser())

    assert not may(request, "municipalities.administrate", None)
    assert not may(request, "municipalities.have_account", None)
    assert checked_on(request) == {"municipalities.administrate", "municipalities.have_account"}


def test_a_name_that_no_rule_has_is_a_mistake_and_no_answer():
    with pytest.raises(LookupError, match=r"no rule is named municipalities\.adminstrate"):
        may(request_by(make_administrator()), "municipalities.adminstrate", None)


def test_what_one_may_have_is_let_through():
    request = request_by(make_administrator())

    assert or_404(request, "municipalities.administrate", "thing") == "thing"
    assert or_403(request, "municipalities.administrate", "thing") == "thing"


def test_what_one_may_not_have_is_not():
    request = request_by(make_coordinator())

    with pytest.raises(Http404):
        or_404(request, "municipalities.administrate", "thing")
    with pytest.raises(PermissionDenied, match="Du har inte behörighet att göra det här"):
        or_403(request, "municipalities.administrate", "thing")
    with pytest.raises(PermissionDenied, match="Bara ibland"):
        or_403(request, "municipalities.administrate", "thing", "Bara ibland.")


def test_a_visitor_is_nobody_who_is_signed_in():
    coordinator = make_coordinator()

    assert signed_in(request_by(coordinator)) == coordinator
    with pytest.raises(PermissionDenied):
        signed_in(request_by(AnonymousUser()))


def test_an_old_version_in_the_admin_is_for_those_who_may_see_the_admin():
    organisation = make_organisation()
    version = Organisation.history.filter(id=organisation.pk).get()
    page = cast(TrackedAdmin, site.get_model_admin(Organisation)).history_form_view

    assert page(request_by(make_administrator()), str(organisation.pk), str(version.pk)).status_code == 200
    with pytest.raises(PermissionDenied):
        page(request_by(make_coordinator()), str(organisation.pk), str(version.pk))
