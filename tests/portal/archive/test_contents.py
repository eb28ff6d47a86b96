"""Every model, every table and every column is exported, or left out with a reason."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection

from portal.archive.columns import column_of, columns_of
from portal.archive.contents import COLUMNS_LEFT_OUT, EXPORTED, LEFT_OUT, NO_MODELS, kept_tables

SECRET = re.compile(
    r"email|passw|secret|token|session|salt|hash|^ip|user_agent|last_login|^key_|_key$|_code$"
)
NO_SECRETS = {"municipal_code"}
"""Columns that are called as secrets are, and aren't."""


def test_every_model_is_exported_or_left_out_with_a_reason():
    exported = {kept.model._meta.label for kept in kept_tables()}

    assert exported.isdisjoint(LEFT_OUT)
    assert {model._meta.label for model in apps.get_models(include_auto_created=True)} == exported | {
        *LEFT_OUT
    }
    assert set(EXPORTED) <= exported


def test_every_reason_is_a_sentence():
    columns = [reason for columns in COLUMNS_LEFT_OUT.values() for reason in columns.values()]

    for sentence in (*EXPORTED.values(), *LEFT_OUT.values(), *NO_MODELS.values(), *columns):
        assert re.fullmatch(r"[A-ZÅÄÖ].{12,}\.", sentence)


@pytest.mark.django_db
def test_every_table_of_the_database_is_one_of_a_model_or_left_out_with_a_reason():
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}

    assert set(connection.introspection.table_names()) - models <= set(NO_MODELS)


def test_each_table_is_written_once_and_under_a_plain_name():
    names = [kept.name for kept in kept_tables()]

    assert len({*names}) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z_]+", name)] == []


@pytest.mark.parametrize("kept", kept_tables(), ids=lambda kept: kept.name)
def test_each_column_is_explained_and_none_is_called_as_a_secret_is(kept):
    columns = columns_of(kept)

    assert all(column.title and column.kind for column in columns)
    assert [each.name for each in columns if SECRET.search(each.name) and each.name not in NO_SECRETS] == []


@pytest.mark.parametrize("kept", kept_tables(), ids=lambda kept: kept.name)
def test_each_column_is_written_but_those_that_are_left_out(kept):
    left_out = COLUMNS_LEFT_OUT.get(kept.model._meta.label, {})
    fields = {field.name: field for field in kept.model._meta.concrete_fields}

    assert set(left_out) <= set(fields)
    assert [column.name for column in columns_of(kept)] == [
        column_of(kept, field).name for name, field in fields.items() if name not in left_out
    ]


def test_what_is_referred_to_is_in_the_archive():
    names = {kept.name for kept in kept_tables()}

    assert {
        column.refers_to for kept in kept_tables() for column in columns_of(kept) if column.refers_to
    } <= names
