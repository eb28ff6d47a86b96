"""An import in two steps: first what would happen, which is undone again; then, once confirmed, the same.

What is told and what is done come from one and the same function, an importer, which writes in the
transaction that it is called in. The steps are background work, since a large file takes its time: each app
has a task of its own for either, which calls the function here with the app's importer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from exchange.books import Book
from exchange.models import Stage, Upload
from exchange.reading import Unreadable, read
from exchange.telling import NotImported, Told, faults_alone
from municipalities.journal import held_back, note, pass_on
from municipalities.models import User

Importer = Callable[[Upload, Any], Told]
"""Writes what the book says in the transaction it is called in, and tells what it did.

It is run to find out what would happen, too, and undone. May raise NotImported.
"""

Reader = Callable[[Upload], Any]
"""Gives what the importer is to write, outside any transaction; may raise Unreadable and NotImported."""

NAME_LENGTH = 200
TAKEN = "taken"

SOMEBODY_WAITS = 10
"""Their place among the background work: before mails, which are 0, since somebody looks at the page."""


def keep(
    file: UploadedFile, *, purpose: str, about: str, by: User, asked: Mapping[str, Any] | None = None
) -> Upload:
    """Keeps a file that has been sent, to be read through; the sender's oldest ones are forgotten."""
    name = (file.name or "")[-NAME_LENGTH:]
    return begin(name, file.read(), purpose=purpose, about=about, by=by, asked=asked)


@transaction.atomic
def begin(
    name: str,
    content: bytes = b"",
    *,
    purpose: str,
    about: str,
    by: User,
    asked: Mapping[str, Any] | None = None,
) -> Upload:
    """An import with that content, or with one that its reader is to get; the oldest ones are forgotten."""
    upload = Upload.objects.create(
        owner=by,
        confined_to=by.confined_to or "",
        purpose=purpose,
        about=about,
        name=name,
        content=content,
        asked=dict(asked or {}),
        language=translation.get_language(),
    )
    Upload.objects.forget_all_but_the_latest(by)
    return upload


def book_of(upload: Upload) -> Book:
    """What stands in the file. Raises Unreadable."""
    return read(bytes(upload.content), upload.name)


def look_through(number: str, importer: Importer, reader: Reader = book_of) -> None:
    """Finds out what would happen; does nothing with a file that isn't to be read through any more."""
    upload = Upload.objects.to_work_with(number, Stage.READING)
    if upload is None:
        return
    told, problem = None, ""
    with translation.override(upload.language):
        try:
            told, problem = dry(upload, importer, reader), ""
        except NotImported as refusal:
            problem = str(refusal)
        finally:  # any other error is listed with the background work
            settle(upload, told, problem)


def dry(upload: Upload, importer: Importer, reader: Reader) -> Told:
    """What the importer would do with the file; all that it does is undone."""
    try:
        book = reader(upload)
    except Unreadable as fault:
        return faults_alone(fault.faults)
    with held_back(), transaction.atomic():
        told = importer(upload, book)
        transaction.set_rollback(True)
    return told


class Otherwise(Exception):
    """The import would no longer do what was confirmed."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.told = told


def confirm(upload: Upload, taken: Sequence[int] = ()) -> bool:
    """Marks the file as one to be imported, unless that is no longer asked or has been answered already.

    `taken`: the numbers of the rows that, where there is a choice, are to be as they come in.
    """
    waiting = Upload.objects.filter(pk=upload.pk, stage=Stage.TOLD)
    asked = {name: choice for name, choice in upload.asked.items() if name != TAKEN}
    if taken:
        asked[TAKEN] = list(taken)
    return bool(waiting.update(stage=Stage.SAVING, asked=asked, problem="", since=timezone.now()))


def taken_of(upload: Upload) -> frozenset[int]:
    """The numbers of the rows that were chosen as they come in."""
    return frozenset(upload.asked.get(TAKEN, ()))


def forget(upload: Upload) -> bool:
    """Throws the file away, unless it has been answered yes to and so is, or may have been, imported."""
    not_confirmed = Upload.objects.filter(pk=upload.pk).exclude(stage__in=(Stage.SAVING, Stage.DONE))
    deleted, _by_model = not_confirmed.delete()
    return bool(deleted)


def carry_out(
    number: str, importer: Importer, reader: Reader = book_of, *, event: str = "file.imported"
) -> None:
    """Imports what was confirmed, all or nothing; tells anew when it would do something else by now.

    `event`: what the journal calls it.
    """
    upload = Upload.objects.to_work_with(number, Stage.SAVING)
    if upload is None or upload.is_lost:  # then its page has said that nothing was imported
        return
    told, problem = None, ""
    with translation.override(upload.language):
        try:
            book = reader(upload)
            with held_back() as lines, transaction.atomic():
                held = Upload.objects.select_for_update().filter(pk=number, stage=Stage.SAVING)
                if not held.exists():
                    return
                import_as_told(upload, book, importer)
                held.update(stage=Stage.DONE, content=b"", since=timezone.now())
                note(event, purpose=upload.purpose, into=upload.about)
            for line in lines:
                pass_on({"by": upload.owner_id, **line})
        except Otherwise as other:
            told, problem = other.told, since_then()
        except (NotImported, Unreadable) as refusal:
            problem = str(refusal)
        finally:
            settle(upload, told, problem)


def import_as_told(upload: Upload, book: Book, importer: Importer) -> None:
    """Raises Otherwise when that isn't what was told."""
    told = importer(upload, book)
    if told.is_refused or upload.would is None or told.mark != upload.would.mark:
        raise Otherwise(told)


def settle(upload: Upload, told: Told | None, problem: str) -> None:
    """Says how it went, of a file that somebody is still waiting for; what is done is left as it is."""
    waiting = Upload.objects.under_way().filter(pk=upload.pk)
    if told is not None:
        waiting.update(stage=Stage.TOLD, told=told.as_json(), problem=problem, since=timezone.now())
    else:
        waiting.update(stage=Stage.FAILED, problem=problem or went_wrong(), since=timezone.now())


def went_wrong() -> str:
    return _("Något gick fel, och inget lästes in. Felet är antecknat; säg till administratören.")


def since_then() -> str:
    return _("Något har ändrats sedan du såg vad som skulle hända, så inget lästes in. Se efter igen.")
