"""A sum of everything in the database, to see whether anything has changed."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection

NOT_COUNTED = {
    "django_session": "that someone asks renews their session",
    "usersessions_usersession": "the same, as its owner sees it",
    "cache": "attempts are counted there, so that they can be limited",
}
"""The tables that an answer may touch whoever asked, and why."""


def counted_tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - set(NOT_COUNTED))


def checksums() -> dict[str, str]:
    """A sum of every row of each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in counted_tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = sha256("\n".join(rows).encode()).hexdigest()
    return found
