"""Constraints as promises: each is tried with a row that breaks it, in the database and in a form's check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


def promises_of(app: str) -> set[str]:
    """The names of the constraints that an app's models declare."""
    tables: Iterable[type[models.Model]] = apps.get_app_config(app).get_models()
    return {constraint.name for table in tables for constraint in table._meta.constraints}


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
