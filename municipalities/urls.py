"""Addresses of one's account."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from municipalities.forms import LogInForm

urlpatterns = [
    path(
        "konto/logga-in/",
        LoginView.as_view(
            template_name="municipalities/log_in.html",
            authentication_form=LogInForm,
            redirect_authenticated_user=True,
        ),
        name="log-in",
    ),
    path("konto/logga-ut/", LogoutView.as_view(), name="log-out"),
]
