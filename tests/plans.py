"""The real plans for tests that want real content, and the people of the demo accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from municipalities.management.commands.demo_accounts import ACCOUNTS
from municipalities.models import Membership, Organisation, User

OPEN_YEAR = str(Path(__file__).with_name("data") / "open_year.json")
"""4M's follow-up of 2016 when half of its activities have been reported; made up, like the demo's."""


KEPT: dict[type[models.Model], list[tuple[Any, ...]]] = {}
"""The rows of each table, once they have been loaded: putting rows back takes a tenth of the time."""


def load_plans() -> None:
    """Both plans, the real values of NKI, a year that is open, and the demo accounts without passwords.

    A process loads them by the portal's own way once, and afterwards puts the same rows back, where the
    database is empty of such.
    """
    begins_empty = not any(model._base_manager.exists() for model in tables())
    if KEPT and begins_empty:
        put_back()
        return
    load()
    if begins_empty:
        KEPT.update({model: rows for model in tables() if (rows := rows_of(model))})


def tables() -> list[type[models.Model]]:
    """All that the plans could have rows in."""
    own = ("municipalities", "actionplan", "followup", "publishing")
    models_of = (apps.get_app_config(app).get_models(include_auto_created=True) for app in own)
    return [model for found in models_of for model in found if model._meta.managed and not model._meta.proxy]


def columns_of(model: type[models.Model]) -> str:
    return ", ".join(connection.ops.quote_name(str(each.column)) for each in model._meta.concrete_fields)


def rows_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns_of(model)} FROM {table}")
        return list(cursor.fetchall())


def put_back() -> None:
    """Every row with its number; those to come get numbers after it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in KEPT.items():
            table = connection.ops.quote_name(model._meta.db_table)
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} ({columns_of(model)}) VALUES ({places})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(KEPT)):
            cursor.execute(statement)


def load() -> None:
    call_command("loaddata", "organisations", "4m", "botkyrka", "nki", OPEN_YEAR, verbosity=0)
    for email, name, role, organisation in ACCOUNTS:
        user = User.objects.create_user(email, name=name, is_administrator=role is None)
        if role:
            Membership.objects.create(
                user=user, organisation=Organisation.objects.get(key=organisation), role=role
            )


def person(name: str) -> User:
    """Someone of the demo accounts: `person("samordnare@enkoping")`."""
    return User.objects.get(email=f"{name}.example")
