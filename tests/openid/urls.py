"""The provider's addresses: the library's, and one by which a test tells it how to behave."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.openid.misbehaviour import told_by_a_test


def no_icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [
    path("told-by-a-test/", told_by_a_test),
    path("favicon.ico", no_icon),  # browsers ask for one, and complain
    path("", include("allauth.idp.urls")),
    path("accounts/", include("allauth.account.urls")),
]
