"""Organisations' own log-in services, over OpenID Connect."""

from __future__ import annotations

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class ServiceAdapter(DefaultSocialAccountAdapter):
    """A service speaks for one organisation, and for nobody else."""
