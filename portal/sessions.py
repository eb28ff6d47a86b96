"""Sessions in the database, with keys that could be keys."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS


class SessionStore(db.SessionStore):
    """Django's own, but what can't be a key isn't looked for: PostgreSQL fails on one with a NUL."""

    def _validate_session_key(self, key: str | None) -> bool:
        is_like_one = super()._validate_session_key(key)  # type: ignore[misc]
        return is_like_one and set(key or "") <= set(VALID_KEY_CHARS)
