"""Accounts of the portal's own: an e-mail address and a password."""

from __future__ import annotations

from typing import Any

from allauth.core import context as current
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from municipalities import browsers, mails
from municipalities.models import User
from municipalities.signing_in.limits import LimitedLogIns
from municipalities.signing_in.noting import NotedSessions
from municipalities.signing_in.services import without_their_service
from municipalities.ways_in import remember_what_opened, rests_on_a_service


class AccountAdapter(LimitedLogIns, NotedSessions):
    """Our own words and mails, and nobody who signs up by themselves."""

    error_messages = LimitedLogIns.error_messages | {
        "email_password_mismatch": _("E-postadressen eller lösenordet stämmer inte. Försök igen."),
        "incorrect_password": _("Lösenordet stämmer inte."),
        "enter_current_password": _("Det nuvarande lösenordet stämmer inte."),
        "too_many_login_attempts": _("Det har varit för många försök. Vänta en stund och försök sedan igen."),
        "rate_limited": _("Det har varit för många försök. Vänta en stund och försök sedan igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account comes from an invitation or a log-in service."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Whether an answer is to be JSON: there are only pages."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether someone may be led on to `url`: only within the portal, by the name it was asked for by."""
        request = current.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def pre_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse | None:
        """What stops someone who has shown who they are; None lets them go on."""
        return without_their_service(request, user) or super().pre_login(request, user, **login)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        remember_what_opened(request, user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Messages are for those who are signed in: a visitor would get a cookie for one."""
        if request.user.is_authenticated:
            super().add_message(request, *args, **kwargs)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The pages on which someone can confirm that it is they, in our words."""
        words = {
            "reauthenticate": _("Bekräfta med lösenordet"),
            "mfa_reauthenticate": _("Bekräfta med en kod"),
            "mfa_reauthenticate:webauthn": _("Bekräfta med en passnyckel"),
        }
        return [way | {"description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether it is the person who signed in; guesses count as log-ins that failed."""
        return self.authenticate(current.request, email=user.email, password=password) == user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mails.send(template_prefix, email, context)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        template = "no_password" if rests_on_a_service(user) else "password_reset_key"
        link = self.request.build_absolute_uri(reverse("account_login"))
        self.send_mail(f"account/email/{template}", email, context | {"link": link})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tells someone what has been done with their account, at the address that they log in by."""
        with translation.override(settings.LANGUAGE_CODE):
            browser = browsers.in_words(self.get_http_user_agent(self.request))
        facts = {
            "browser": browser,
            "new_password_link": self.request.build_absolute_uri(reverse("account_reset_password")),
        }
        super().send_notification_mail(template_prefix, user, facts | (context or {}), email or user.email)
