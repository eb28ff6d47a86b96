"""Accounts of the portal's own: an e-mail address and a password."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """There is no open registration: an account comes from an invitation or a log-in service."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
