"""The provider's addresses: the library's, and one by which a test tells it how to behave."""

from django.urls import include, path

from tests.openid.misbehaviour import told_by_a_test

urlpatterns = [
    path("told-by-a-test/", told_by_a_test),
    path("", include("allauth.idp.urls")),
    path("accounts/", include("allauth.account.urls")),
]
