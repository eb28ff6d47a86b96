"""Hands a made-up request to the portal inside this process, and tells what was wrong with the answer."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import TestCase

from tests.made_up.requests import MadeUp

HERE = ("localhost",)
"""The hosts that an answer may lead to."""


class Answer:
    """What came back: status, headers and body, what was raised and what was logged on the way."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.raised: list[str] = []
        self.logged: list[str] = []

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
        self.status, self.headers = int(status.split()[0]), headers

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]

    @property
    def faults(self) -> list[str]:
        """What no answer may be, whatever was asked."""
        found = [*self.raised, *self.logged]
        if not 200 <= self.status < 500:
            found.append(f"answered {self.status}")
        found += [f"leads to {to}" for to in self.all("Location") if not is_here(to)]
        if "default-src 'none'" not in "".join(self.all("Content-Security-Policy")):
            found.append("no content security policy")
        if any(set(value) & set("\r\n\0") for _name, value in self.headers):
            found.append("a line break in a header")
        return found


def is_here(address: str) -> bool:
    """Whether a browser at the portal would stay there: it reads "\\" as "/" and passes over odd spaces."""
    seen = "".join(character for character in address if character > " ").replace("\\", "/")
    try:
        parts = urlsplit(seen)
        if parts.scheme:
            return parts.scheme == "http" and parts.hostname in HERE
        leads_nowhere = parts.hostname is None and not seen.startswith("///")
        return not seen.startswith("//") or leads_nowhere or parts.hostname in HERE
    except ValueError:
        return False


class LogReader(logging.Handler):
    """Keeps what one of the settings' handlers would write of an error: any traceback, and any line of one.

    A refusal is an error to Django, but one line of it is news and no fault.
    """

    def __init__(self, writer: logging.Handler, lines: list[str]) -> None:
        super().__init__(writer.level)
        self.formatter = writer.formatter
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        written = self.format(record)
        is_refusal = record.name.startswith("django.security.")
        if "Traceback" in written or (record.levelno >= logging.ERROR and not is_refusal):
            self.lines.append(f"logged by {record.name}: {written}")


@contextmanager
def reading_the_log(lines: list[str]) -> Iterator[None]:
    """Reads along wherever the settings let the log be written."""
    said: Any = settings.LOGGING
    loggers = [logging.getLogger(), *map(logging.getLogger, said["loggers"])]
    readers = [
        (logger, LogReader(handler, lines))
        for logger in loggers
        for handler in logger.handlers
        if handler.name in said["handlers"] and not isinstance(handler, logging.NullHandler)
    ]
    for logger, reader in readers:
        logger.addHandler(reader)
    try:
        yield
    finally:
        for logger, reader in readers:
            logger.removeHandler(reader)


class Portal:
    """The portal as a WSGI server has it. Nothing of what it writes is kept."""

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def ask(self, made: MadeUp) -> Answer:
        answer = Answer()

        def remember(**_said: Any) -> None:
            answer.raised.append(traceback.format_exc())

        got_request_exception.connect(remember)
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)  # here the transaction is the test's
        try:
            with transaction.atomic(), reading_the_log(answer.logged):
                self.answer(made, answer)
                transaction.set_rollback(True)
        finally:
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)
            got_request_exception.disconnect(remember)
        return answer

    def answer(self, made: MadeUp, answer: Answer) -> None:
        try:
            with TestCase.captureOnCommitCallbacks(execute=True):
                response = self.application(made.environ(), answer.start)
                try:
                    answer.body = b"".join(response)
                finally:
                    response.close()
        except Exception:
            answer.raised.append(traceback.format_exc())
