"""What is read belongs together, and nobody waits for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from municipalities.models import Organisation
from portal.archive.everything import export_all
from portal.archive.snapshot import snapshot
from tests.builders import make_organisation
from tests.portal.archive.world import rows_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


def in_another_connection() -> None:
    """Makes an organisation with its line in the log; returns when it is saved."""

    def make() -> None:
        make_organisation("Under tiden")
        connection.close()

    thread = threading.Thread(target=make)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "the other one had to wait"


def test_what_others_write_meanwhile_is_in_none_of_the_files(tmp_path: Path):
    make_organisation("Före")

    def after_a_row(_rows: int) -> None:
        if not Organisation.objects.filter(name="Under tiden").exists() and not written:
            written.append(True)
            in_another_connection()

    written: list[bool] = []
    export_all(tmp_path / "allt", after_a_row)

    assert Organisation.objects.filter(name="Under tiden").exists()
    for table in ("tabeller/municipalities_organisation", "loggar/municipalities_historicalorganisation"):
        assert [row["name"] for row in rows_in(tmp_path / "allt", f"{table}.jsonl")] == ["Före"]


def test_nothing_can_be_written_in_it():
    with pytest.raises(DatabaseError), snapshot():
        make_organisation()

    make_organisation("Efteråt")
    assert [each.name for each in Organisation.objects.all()] == ["Efteråt"]
