"""The two steps of an import: the first leaves nothing, and the second is done once, whole and as told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from exchange.books import Book
from exchange.models import KEPT, Stage, Upload
from exchange.steps import carry_out, confirm, forget, look_through
from exchange.telling import Deed, NotImported, RowTold, SheetTold, Told
from municipalities.journal import note
from municipalities.models import Organisation, User
from tests.builders import make_organisation, make_user

pytestmark = pytest.mark.django_db

WRONG = "Något gick fel, och inget lästes in."


def import_rows(upload: Upload, book: Book) -> Told:
    """Makes an organisation of each row that isn't one yet, and notes it."""
    rows = []
    for line in book.sheets[0].lines:
        [name] = line.cells
        if not Organisation.objects.filter(name=name).exists():
            make_organisation(name)
            note("organisation.made")
            rows.append(RowTold(line.number, Deed.NEW, name))
    return Told((SheetTold("Organisationer", tuple(rows)),))


def refuse(upload: Upload, book: Book) -> Told:
    import_rows(upload, book)
    raise NotImported("Du får inte.")


def break_down(upload: Upload, book: Book) -> Told:
    import_rows(upload, book)
    raise RuntimeError("oväntat")


def be_killed(upload: Upload, book: Book) -> Told:
    import_rows(upload, book)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("survived")


def sent(content: bytes = b"Namn\nEtt\nAndra\n", **fields: Any) -> Upload:
    """A file that has just come."""
    values = {"owner": fields.pop("owner", None) or make_user(), "purpose": "prov", "name": "prov.csv"}
    return Upload.objects.create(content=content, **values, **fields)


def told(**fields: Any) -> Upload:
    """A file that waits for an answer."""
    upload = sent(**fields)
    look_through(str(upload.pk), import_rows)
    return now(upload)


def confirmed(**fields: Any) -> Upload:
    upload = told(**fields)
    assert confirm(upload)
    return now(upload)


def now(upload: Upload) -> Upload:
    return Upload.objects.get(pk=upload.pk)


@pytest.fixture
def journal(caplog) -> Callable[[], list[str]]:
    caplog.set_level("INFO", logger="journal")
    return lambda: [each.message for each in caplog.records if each.name == "journal"]


class TestLookingThrough:
    def test_what_would_happen_is_told_and_undone(self, journal):
        upload = told()

        assert upload.stage == Stage.TOLD
        assert upload.would
        assert [row.title for row in upload.would.sheets[0].rows] == ["Ett", "Andra"]
        assert not Organisation.objects.exists()
        assert journal() == []

    def test_a_refusal_is_given_as_it_is_said(self):
        upload = sent()

        look_through(str(upload.pk), refuse)

        assert (now(upload).stage, now(upload).problem) == (Stage.FAILED, "Du får inte.")
        assert not Organisation.objects.exists()

    def test_what_nobody_foresaw_is_a_sentence_for_the_sender_and_an_error_for_whoever_runs_it(self):
        upload = sent()

        with pytest.raises(RuntimeError, match="oväntat"):
            look_through(str(upload.pk), break_down)

        assert now(upload).stage == Stage.FAILED
        assert WRONG in now(upload).problem
        assert not Organisation.objects.exists()

    def test_a_file_that_cannot_be_read_is_told_of(self):
        upload = sent(b"%PDF-1.7 nej")

        look_through(str(upload.pk), import_rows)

        would = now(upload).would
        assert would
        assert would.is_refused
        assert "PDF" in would.faults[0].says

    def test_it_is_told_in_the_senders_language(self):
        upload = sent(language="en")

        with pytest.raises(RuntimeError):
            look_through(str(upload.pk), break_down)

        assert "nothing was imported" in now(upload).problem

    @pytest.mark.parametrize("stage", [Stage.TOLD, Stage.SAVING, Stage.DONE, Stage.FAILED])
    def test_what_is_not_to_be_read_is_left_alone(self, stage):
        upload = told()
        Upload.objects.update(stage=stage, problem="-")

        look_through(str(upload.pk), break_down)

        assert now(upload).stage == stage


class TestCarryingOut:
    def test_what_was_told_is_done_and_the_file_forgotten(self, journal):
        upload = confirmed()

        carry_out(str(upload.pk), import_rows)

        assert now(upload).stage == Stage.DONE
        assert bytes(now(upload).content) == b""
        assert Organisation.objects.count() == 2
        assert journal() == ["organisation.made", "organisation.made", "file.imported"]

    def test_what_would_be_something_else_by_now_is_told_anew_and_undone(self, journal):
        upload = confirmed()
        make_organisation("Ett")

        carry_out(str(upload.pk), import_rows)

        assert now(upload).stage == Stage.TOLD
        assert "Något har ändrats" in now(upload).problem
        would = now(upload).would
        assert would
        assert [row.title for row in would.sheets[0].rows] == ["Andra"]
        assert [each.name for each in Organisation.objects.all()] == ["Ett"]
        assert journal() == []

        assert confirm(upload)
        carry_out(str(upload.pk), import_rows)
        assert Organisation.objects.count() == 2

    @pytest.mark.parametrize(("importer", "problem"), [(refuse, "Du får inte."), (break_down, WRONG)])
    def test_one_that_fails_leaves_nothing(self, journal, importer, problem):
        upload = confirmed()

        with suppress(RuntimeError):
            carry_out(str(upload.pk), importer)

        assert now(upload).stage == Stage.FAILED
        assert problem in now(upload).problem
        assert not Organisation.objects.exists()
        assert journal() == []

    def test_it_is_done_once_however_often_it_is_asked_for(self):
        upload = confirmed()

        for _time in range(2):
            carry_out(str(upload.pk), import_rows)

        assert Organisation.objects.count() == 2

    @pytest.mark.parametrize("stage", [Stage.READING, Stage.TOLD, Stage.DONE, Stage.FAILED])
    def test_what_nobody_has_said_yes_to_is_not_imported(self, stage):
        upload = told()
        Upload.objects.update(stage=stage, problem="-")

        carry_out(str(upload.pk), import_rows)

        assert not Organisation.objects.exists()

    def test_what_has_been_given_up_is_not_imported_later(self):
        """Its page has said that nothing was, and the sender may have sent it again."""
        upload = confirmed()
        Upload.objects.update(since=timezone.now() - timedelta(minutes=6))

        carry_out(str(upload.pk), import_rows)

        assert now(upload).is_lost
        assert not Organisation.objects.exists()


@pytest.mark.parametrize("step", ["look_through", "carry_out"])
def test_one_whose_worker_is_killed_leaves_nothing_and_is_told_to_be_lost(shared_database, step):
    upload = confirmed() if step == "carry_out" else sent()
    connections.close_all()

    child = os.fork()
    if child == 0:
        try:
            {"look_through": look_through, "carry_out": carry_out}[step](str(upload.pk), be_killed)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    assert not Organisation.objects.exists()
    assert now(upload).is_under_way
    Upload.objects.update(since=timezone.now() - timedelta(minutes=6))
    assert now(upload).is_lost
    assert not now(upload).is_under_way


class TestAnswering:
    def test_a_yes_counts_once(self):
        upload = told()
        another_tab = now(upload)

        assert [confirm(upload), confirm(another_tab)] == [True, False]

    @pytest.mark.parametrize("stage", [Stage.READING, Stage.SAVING, Stage.DONE, Stage.FAILED])
    def test_there_is_nothing_to_say_yes_to_otherwise(self, stage):
        upload = told()
        Upload.objects.update(stage=stage, problem="-")

        assert not confirm(upload)

    @pytest.mark.parametrize("stage", [Stage.SAVING, Stage.DONE])
    def test_a_no_after_a_yes_is_too_late(self, stage):
        upload = told()
        Upload.objects.update(stage=stage)

        assert not forget(upload)
        assert Upload.objects.exists()

    @pytest.mark.parametrize("stage", [Stage.READING, Stage.TOLD, Stage.FAILED])
    def test_a_no_before_it_leaves_nothing(self, stage):
        upload = told()
        Upload.objects.update(stage=stage, problem="-")

        assert forget(upload)
        assert not Upload.objects.exists()


class TestWhatIsKept:
    def test_a_persons_latest_files_are_and_what_is_being_imported(self):
        owner, other = make_user(), make_user()
        first, theirs = confirmed(owner=owner), sent(owner=other)
        files = [sent(owner=owner) for _each in range(KEPT + 2)]

        Upload.objects.forget_all_but_the_latest(owner)

        left = set(Upload.objects.values_list("pk", flat=True))
        assert left == {first.pk, theirs.pk, *(each.pk for each in files[2:])}

    def test_for_a_day(self):
        old, new = sent(), sent()
        Upload.objects.filter(pk=old.pk).update(since=timezone.now() - timedelta(days=1, minutes=1))

        assert [each.pk for each in Upload.objects.old()] == [old.pk]
        assert now(old).is_old
        assert not now(new).is_old

    def test_as_long_as_there_is_an_account(self):
        upload = sent()

        User.objects.filter(pk=upload.owner_id).delete()

        assert not Upload.objects.exists()
