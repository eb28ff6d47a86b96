"""The second step: a code from an app, or a passkey."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets are stored encrypted."""
