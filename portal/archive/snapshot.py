"""The database as it is at one moment, while others go on writing in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read within belongs together, and nothing can be written.

    Nobody waits for it: on SQLite it begins as a reader and not, as other transactions do, as a writer.
    Within a transaction that is open already what is read is what that one sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")  # however much there is to read
            yield
    else:
        with begun_as_a_reader(connection), transaction.atomic():
            yield


@contextmanager
def begun_as_a_reader(sqlite: Any) -> Iterator[None]:
    sqlite.ensure_connection()
    mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    with sqlite.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        sqlite.transaction_mode = mode
        with sqlite.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
