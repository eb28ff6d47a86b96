"""How the log's lines look."""

from __future__ import annotations

import copy
import logging


class Line(logging.Formatter):
    """An error comes with its traceback; what a visitor sent wrong is one line, whatever stood in it.

    Django logs each refused request as an error of `django.security`, with a traceback that tells nothing,
    so that anyone could fill the log.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security."):
            record = copy.copy(record)
            record.msg = record.getMessage().encode("unicode_escape").decode("ascii")
            record.args, record.exc_info, record.exc_text = (), None, None
        return super().format(record)
