"""Pages whose authors forgot something are stopped before they tell it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import portal.urls
from municipalities.models import Organisation
from tests.builders import make_administrator, make_organisation

pytestmark = pytest.mark.django_db


def forgetful(request: HttpRequest, plan: str = "") -> HttpResponse:
    if request.method == "POST":
        make_organisation("Skriven av en sida som glömde")
    return HttpResponse("Det ingen får veta.")


urlpatterns = [
    *portal.urls.urlpatterns,
    path("glomsk/<plan>/", forgetful, name="plan"),
    path("utan-ratt/", forgetful, name="utan-ratt"),
    path("utan-namn/", forgetful),
]


@pytest.mark.urls(__name__)
class TestForgotten:
    """Pages whose authors forgot something."""

    def test_a_page_that_forgot_to_check_is_stopped_before_it_tells(self, client):
        with pytest.raises(
            ImproperlyConfigured, match=r"/glomsk/4m/ answered without checking actionplan\.read_plan"
        ):
            client.get("/glomsk/4m/")

    def test_what_a_page_that_forgot_wrote_is_undone(self):
        answer = Client(raise_request_exception=False).post("/glomsk/4m/")

        assert answer.status_code == 500
        assert "Det ingen får veta." not in answer.content.decode()
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize("address", ["/utan-ratt/", "/utan-namn/"])
    def test_an_address_without_a_right_is_closed_to_everyone(self, address):
        client = Client()
        client.force_login(make_administrator())

        answer = client.get(address)

        assert answer.status_code == 404
        assert "Det ingen får veta." not in answer.content.decode()
