"""Constraints as promises: each is tried with a row that breaks it, in the database and in a form's check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction


@dataclass(frozen=True)
class Promise:
    """A constraint's name, the sentence that people read, and a row, not saved, that breaks it.

    No sentence means that no form ever meets the constraint.
    """

    name: str
    sentence: str
    broken: Callable[[], models.Model]

    def __str__(self) -> str:
        return self.name


def tables_of(app: str) -> list[type[models.Model]]:
    """The models of an app that people fill in: not those that hold the log of changes."""
    return [
        table
        for table in apps.get_app_config(app).get_models()
        if not table.__name__.startswith("Historical")
    ]


def promises_of(app: str) -> set[str]:
    """The names of the constraints that an app's models declare."""
    return {constraint.name for table in tables_of(app) for constraint in table._meta.constraints}


def assert_the_database_refuses(promise: Promise) -> None:
    row = promise.broken()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save_base(raw=True, force_insert=True)
    assert all(word in str(refusal.value) for word in words_of_refusal(row, promise.name))


def words_of_refusal(row: models.Model, name: str) -> list[str]:
    """What the database says: the promise's name, but of a unique one SQLite tells only the columns."""
    constraint: Any = next(each for each in row._meta.constraints if each.name == name)
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = [row._meta.get_field(field).column for field in constraint.fields]  # type: ignore[union-attr]
        return [f"{row._meta.db_table}.{column}" for column in columns]
    return [name]


def assert_a_form_says_it(promise: Promise) -> None:
    with pytest.raises(ValidationError) as refusal:
        promise.broken().full_clean()
    assert promise.sentence in refusal.value.messages


def assert_an_empty_form_names_its_fields(table: type[models.Model]) -> None:
    """A form that is sent empty is told which fields it needs, and nothing breaks on what isn't there."""
    with pytest.raises(ValidationError) as refusal:
        table().full_clean()
    needed = {field.name for field in table._meta.fields if not field.blank and not field.has_default()}
    assert needed <= set(refusal.value.message_dict)
