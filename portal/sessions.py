"""Sessions in the database that end after an hour's idleness, and after twelve hours in any case.

A session's row says when it ends unless something is asked for: `expire_date`, which Django, `clearsessions`
and the list of one's sessions go by as well. It is moved on at most once a minute, in a statement of its own
that touches nothing else: two requests at once don't undo what the other put in the session, and one that
ends while another reads stays ended. When it began stands in the session itself (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipalities.journal import note

BEGAN = "began"
"""Where a session keeps when its owner logged in, in seconds as Unix counts them."""

A_MINUTE = timedelta(minutes=1)

WHY_ENDED: dict[str, str | Promise] = {
    "idle": _("Du har varit borta i en timme, så du har loggats ut."),
    "age": _("Du har varit inloggad i tolv timmar, så du har loggats ut."),
}


class SessionStore(db.SessionStore):
    """Django's own, with two limits, and keys that could be keys."""

    ends_at: datetime | None = None
    """When the session's row says that it ends; None for one that isn't stored."""

    ended: Session | None = None
    """Someone's session that the browser still asked for, and that is over."""

    why_ended = ""
    """A key of WHY_ENDED."""

    def _validate_session_key(self, key: str | None) -> bool:
        """PostgreSQL fails on a key with a NUL."""
        is_like_one = super()._validate_session_key(key)  # type: ignore[misc]
        return is_like_one and set(key or "") <= set(VALID_KEY_CHARS)

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when there is none, and when it has ended."""
        row = Session.objects.filter(session_key=self.session_key).first()
        data: dict[str, Any] = self.decode(row.session_data) if row else {}
        if row and row.expire_date > timezone.now():
            self.ends_at = row.expire_date
            return data
        if SESSION_KEY in data:
            self.ended = row
            self.why_ended = "idle" if last_end(data) > timezone.now() else "age"
        self._session_key = None
        return {}

    def exists(self, session_key: str | None) -> bool:
        """Whether there is such a session, which hasn't ended."""
        return Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The session's row; if someone is logged in and it hasn't begun, it begins now."""
        if SESSION_KEY in data:
            data.setdefault(BEGAN, int(timezone.now().timestamp()))
        row = super().create_model_instance(data)
        row.expire_date = end_of(data)
        return row  # type: ignore[return-value]

    def move_on(self) -> None:
        """Lets the session last from now on, unless it was told so less than a minute ago."""
        if self.ends_at is None or self.modified:
            return
        if SESSION_KEY in self and BEGAN not in self:  # stored by an earlier version
            self.modified = True
        elif (end := end_of(dict(self.items()))) - self.ends_at > A_MINUTE:
            with in_passing():
                Session.objects.filter(session_key=self.session_key).update(expire_date=end)

    def forget_ended(self) -> None:
        """Removes the row of a session that is over, and where it was used."""
        if self.ended is None:
            return
        with in_passing():
            removed, _rows = Session.objects.filter(
                session_key=self.ended.session_key, expire_date__lte=timezone.now()
            ).delete()
            if removed:
                UserSession.objects.filter(session_key=self.ended.session_key).delete()
        if removed:
            person = int(self.ended.get_decoded()[SESSION_KEY])
            note("session.timed_out", person=person, why=self.why_ended)

    @classmethod
    def clear_expired(cls) -> None:
        """For `clearsessions`: sessions that ended, where they were used, and failures of some time ago."""
        super().clear_expired()
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM cache WHERE expires < %s", [now])


@contextmanager
def in_passing() -> Iterator[None]:
    """Something small to write after a request; when it fails, what the request wrote is kept.

    Raises DatabaseError. On SQLite, where all writers wait for each other, it fails rather than waits.
    """
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def end_of(data: dict[str, Any]) -> datetime:
    """When a session with `data` ends if nothing more is asked for."""
    return min(timezone.now() + timedelta(seconds=settings.SESSION_IDLE_AGE), last_end(data))


def last_end(data: dict[str, Any]) -> datetime:
    """When a session with `data` ends whatever is asked for."""
    began = datetime.fromtimestamp(data[BEGAN], UTC) if BEGAN in data else timezone.now()
    return began + timedelta(seconds=settings.SESSION_COOKIE_AGE)


class LimitedSessions:
    """Moves the session on for each request, and removes one that has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session: SessionStore = request.session  # type: ignore[assignment]
        # Whoever reads isn't to be stopped by someone who writes for long: the next request tries again.
        with suppress(DatabaseError):
            session.move_on()
            session.forget_ended()
        return response


def tell_why_ended(request: HttpRequest) -> None:
    """Says on the page that comes next that a session has ended, if that is why nobody is logged in."""
    if why := WHY_ENDED.get(request.session.why_ended):  # type: ignore[attr-defined]
        messages.info(request, str(why))
