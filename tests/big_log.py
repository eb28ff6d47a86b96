"""A made-up log of any size, written by the database itself: 200 000 changes in seconds."""

from __future__ import annotations

from typing import Any

from django.db import connection

from actionplan.models import (
    Activity,
    Challenge,
    Goal,
    Plan,
    Responsibility,
    Revision,
    Row,
    Term,
    YearlyTarget,
)
from municipalities.models import User

KINDS: tuple[type[Row], ...] = (Activity, Responsibility, Challenge, Goal, YearlyTarget, Term)

MINUTES = {
    "postgresql": "TIMESTAMPTZ '2010-01-01 00:00:00+00' + ({}) * INTERVAL '1 minute'",
    "sqlite": "DATETIME('2010-01-01 00:00:00', ({}) || ' minutes')",
}
"""The moment that is so many minutes after the beginning of 2010."""


def make_big_log(plan: Plan, versions: int, *, by: User) -> None:
    """Adds so many changes of the rows of the plan's revisions, a few each minute from 2010 on."""
    rows = sum(kind.objects.filter(revision__plan=plan).count() for kind in KINDS)
    each = versions // rows + 1
    for place, kind in enumerate(KINDS):
        write(kind, plan, each, by, first=place * 13)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def write(kind: type[Row], plan: Plan, each: int, by: User, *, first: int) -> None:
    history: Any = kind.history.model
    columns = [str(field.column) for field in kind._meta.concrete_fields]
    named = ", ".join(columns)
    moment = MINUTES[connection.vendor].format(f"number * 997 + thing.id * 2 + {first}")
    values = ", ".join('thing."order" + number' if name == "order" else f"thing.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE numbers(number) AS (
                SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < %s
            )
            INSERT INTO {history._meta.db_table}
                ({named.replace("order", '"order"')}, history_date, history_type, history_user_id)
            SELECT {values}, {moment}, '~', %s
            FROM {kind._meta.db_table} thing, numbers
            WHERE revision_id IN (SELECT id FROM {Revision._meta.db_table} WHERE plan_id = %s)
            ORDER BY number, thing.id
            """,
            [each, by.pk, plan.pk],
        )
