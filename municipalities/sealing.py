"""Keeps from the database, its backups and the admin site what only the portal itself may read."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(text: str, purpose: str) -> str:
    """`text`, encrypted with a key of SECRET_KEY's that is for this purpose alone."""
    return box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """What was sealed for the same purpose; raises `cryptography.fernet.InvalidToken` for anything else."""
    return box(purpose).decrypt(sealed.encode()).decode()


def reseal(sealed: str, purpose: str) -> str:
    """The same, sealed with the SECRET_KEY of today, whichever of the keys it was sealed with."""
    return box(purpose).rotate(sealed.encode()).decode()


def box(purpose: str) -> MultiFernet:
    """Seals with SECRET_KEY; opens what was sealed with one of SECRET_KEY_FALLBACKS too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(key_for(purpose, secret)) for secret in secrets])


def key_for(purpose: str, secret: str) -> bytes:
    key = salted_hmac("municipalities.sealing", purpose, secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(key)
