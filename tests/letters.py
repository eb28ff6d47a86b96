"""A real mail server on this machine, and the worker that sends to it."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from django.db import connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.management.commands.db_worker import Worker


class Letterbox:
    """What has come to the mail server; `refuses` are the addresses that it won't take mail for.

    `when_it_comes` is done when the server has a mail, before it says so.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.when_it_comes: Callable[[], None] = lambda: None

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, to: str, _options: Any
    ) -> str:
        if to in self.refuses:
            return "550 No such user here"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.when_it_comes()
        return "250 OK"


def work() -> None:
    """What the worker does with all that waits and may run by now; in the test's own transaction, if any."""
    with pytest.MonkeyPatch.context() as patch:
        if connection.in_atomic_block:
            patch.setattr(db_worker, "close_old_connections", lambda: None)
        worker().run()


def worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
