"""A PDF of what isn't published: made once for the same content, whoever dies or asks meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from municipalities import mails
from publishing import pdf, renderings
from publishing.editions import publish
from publishing.models import KEPT, KEPT_FOR, PAUSE, WAITED_FOR, Rendering
from publishing.pdf import Attached, Manuscript, PdfError
from publishing.renderings import make, rendering_of
from tests.letters import work
from tests.servers import ROOT
from tests.servers import shared_database as database_url

pytestmark = pytest.mark.django_db

PLAN = "4m/revidering/2017"
DATA = Attached("plan.csv", "nyckel;år\n", "Planens aktiviteter", date(2017, 1, 1))
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def made(monkeypatch) -> list[Manuscript]:
    """The manuscripts that have been made into PDFs, of which each is its own HTML."""
    found: list[Manuscript] = []

    def note_and_make(manuscript: Manuscript) -> bytes:
        found.append(manuscript)
        return b"%PDF-" + manuscript.html.encode()

    monkeypatch.setattr(renderings, "document_pdf", note_and_make)
    return found


@pytest.fixture
def fails(monkeypatch) -> Callable[[Exception], None]:
    """Lets every PDF from now on end with an error."""

    def fail(error: Exception) -> None:
        def make(manuscript: Manuscript) -> bytes:
            raise error

        monkeypatch.setattr(renderings, "document_pdf", make)

    return fail


def ask(html: str = "<p>Ett utkast</p>", document: str = PLAN) -> Rendering:
    return rendering_of(Manuscript(html, (DATA,)), document)


def content(rendering: Rendering) -> bytes:
    assert rendering.pdf is not None
    return bytes(rendering.pdf)


def let_time_pass(how_long: timedelta) -> None:
    Rendering.objects.update(since=timezone.now() - how_long)


def test_a_mail_never_waits_for_the_documents_that_were_asked_for_before_it(queue, made):
    for number in range(3):
        ask(f"<p>{number}</p>")
    mails.send("account/email/address_taken", "eva@example.se", {})

    paths = [each.task_path.rpartition(".")[2] for each in DBTaskResult.objects.ready()]

    assert paths == ["deliver", "make", "make", "make"]


# Where work is done at once


def test_it_is_there_at_once_and_only_the_pdf_is_kept(made):
    rendering = ask("<p>Å</p>")

    assert made == [Manuscript("<p>Å</p>", (DATA,))]
    assert content(rendering) == "%PDF-<p>Å</p>".encode()
    assert (rendering.manuscript, rendering.problem, rendering.document) == ("", "", PLAN)


def test_the_same_content_is_made_once_and_other_content_again(made):
    first, again, changed = ask("a"), ask("a"), ask("b")
    other_data = rendering_of(Manuscript("a"), PLAN)

    assert [each.html for each in made] == ["a", "b", "a"]
    assert first == again
    assert len({first.digest, changed.digest, other_data.digest}) == 3


def test_another_stylesheet_makes_it_again(made, monkeypatch, tmp_path):
    ask()
    other = tmp_path / "pdf.css"
    other.write_text("h1 { color: red }")
    monkeypatch.setattr(pdf, "_STYLES", other)

    ask()

    assert len(made) == 2


def test_a_real_one():
    html = '<!doctype html><html lang="sv"><title>Utkast</title><body><h1>Utkast</h1></body></html>'

    assert content(ask(html)).startswith(b"%PDF-")


def test_one_that_cannot_be_made_says_why_and_is_tried_again_after_a_pause(made, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(renderings, "document_pdf", lambda manuscript: refuse())
        failed = ask()
        let_time_pass(PAUSE - A_MOMENT)
        still = ask()
    let_time_pass(PAUSE + A_MOMENT)
    made_at_last = ask()

    assert (failed.problem, failed.pdf, failed.manuscript) == ("Dokumentet är för stort.", None, "")
    assert still.problem == failed.problem
    assert (made_at_last.problem, len(made)) == ("", 1)


def refuse() -> bytes:
    raise PdfError("Dokumentet är för stort.")


def test_an_unforeseen_error_is_a_sentence_too_and_nobody_waits_for_ever(fails):
    fails(ZeroDivisionError("planterat ord"))

    rendering = ask()

    assert rendering.problem.startswith("Dokumentet kunde inte göras.")
    assert "planterat" not in rendering.problem


# In the worker


def test_it_waits_for_the_worker_and_is_left_to_it_once(queue, made):
    waiting, again = ask(), ask()

    assert (waiting.is_waiting, again.is_waiting, made) == (True, True, [])
    [task] = DBTaskResult.objects.all()
    assert task.args_kwargs == {"args": [waiting.digest], "kwargs": {}}  # nothing of the draft
    work()
    assert content(ask()) == b"%PDF-<p>Ett utkast</p>"
    assert DBTaskResult.objects.count() == 1


def test_a_task_that_comes_twice_makes_it_once(queue, made):
    waiting = ask()
    make.enqueue(waiting.digest)

    work()

    assert len(made) == 1
    assert {each.status for each in DBTaskResult.objects.all()} == {"SUCCESSFUL"}


def test_one_that_nobody_makes_any_longer_is_asked_for_once_more(queue, made):
    waiting = ask()
    DBTaskResult.objects.all().delete()
    let_time_pass(WAITED_FOR - A_MOMENT)
    ask()
    assert not DBTaskResult.objects.exists()
    let_time_pass(WAITED_FOR + A_MOMENT)

    for _each in range(2):
        ask()

    assert [each.args_kwargs["args"] for each in DBTaskResult.objects.all()] == [[waiting.digest]]


def test_an_unforeseen_error_is_listed_with_the_background_work(queue, fails):
    ask()
    fails(ZeroDivisionError())

    work()

    assert Rendering.objects.get().problem.startswith("Dokumentet kunde inte göras.")
    assert [each.status for each in DBTaskResult.objects.all()] == ["FAILED"]


def test_one_that_is_forgotten_while_it_is_made_stays_forgotten(queue, monkeypatch):
    def make_of_a_draft_that_is_thrown_away(manuscript: Manuscript) -> bytes:
        Rendering.objects.of(PLAN).delete()
        return b"%PDF-"

    ask()
    monkeypatch.setattr(renderings, "document_pdf", make_of_a_draft_that_is_thrown_away)

    work()

    assert not Rendering.objects.exists()


KILLED = """
import os, signal
import django
from django.conf import settings
django.setup()
settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
from publishing import renderings
renderings.document_pdf = lambda manuscript: os.kill(os.getpid(), signal.SIGKILL)
from tests.letters import work
work()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_it_to_whoever_asks_next(shared_database, queue, made, tmp_path):
    ask()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment(tmp_path), check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert DBTaskResult.objects.get().status == "RUNNING"
    work()
    assert ask().is_waiting

    let_time_pass(WAITED_FOR + A_MOMENT)
    ask()
    work()

    assert content(ask()) == b"%PDF-<p>Ett utkast</p>"
    assert len(made) == 1


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url(folder),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("nobody_makes_it", [False, True])
@pytest.mark.usefixtures("shared_database")
def test_of_many_who_ask_at_once_one_leaves_it_to_the_worker(queue, made, nobody_makes_it):
    if nobody_makes_it:
        ask()
        DBTaskResult.objects.all().delete()
        let_time_pass(WAITED_FOR + A_MOMENT)
    together = threading.Barrier(4, timeout=20)

    def in_a_thread() -> None:
        with closing(connection):
            together.wait()
            ask()

    threads = [threading.Thread(target=in_a_thread) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (Rendering.objects.count(), DBTaskResult.objects.count()) == (1, 1)
    work()
    assert len(made) == 1


# How long they are kept


def test_the_oldest_are_forgotten_when_there_are_many(made):
    for number in range(KEPT + 2):
        ask(str(number))

    assert Rendering.objects.count() == KEPT
    ask(str(KEPT + 1))
    assert len(made) == KEPT + 2
    ask("0")
    assert len(made) == KEPT + 3


def test_the_night_forgets_those_of_days_ago(made):
    old = ask("old")
    let_time_pass(KEPT_FOR + A_MOMENT)
    new = ask("new")

    call_command("nightly")

    assert list(Rendering.objects.all()) == [new]
    assert old != new


def test_when_the_document_is_published_its_drafts_are_forgotten(made):
    ask()
    other = ask("another", "4m/uppfoljning/2017")

    publish(PLAN, "{}", after=0, schema=1, pdf=b"%PDF-1.7", by="Eva Ek")

    assert list(Rendering.objects.all()) == [other]
