"""An import in two steps: first what would happen, which is undone again; then, once confirmed, the same.

What is told and what is done come from one and the same function, an importer, which writes in the
transaction that it is called in. The steps are background work, since a large file takes its time: each app
has a task of its own for either, which calls the function here with the app's importer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

Importer = Callable[[Upload, Book], Told]
"""Writes what the book says in the transaction it is called in, and tells what it did.

It is run to find out what would happen, too, and undone. May raise NotImported.
"""

NAME_LENGTH = 200

SOMEBODY_WAITS = 10
"""Their place among the background work: before mails, which are 0, since somebody looks at the page."""


@transaction.atomic
def keep(
    file: UploadedFile, *, purpose: str, about: str, by: User, asked: Mapping[str, Any] | None = None
) -> Upload:
    """Keeps a file that has been sent, to be read through; the sender's oldest ones are forgotten."""
    upload = Upload.objects.create(
        owner=by,
        confined_to=by.confined_to or "",
        purpose=purpose,
        about=about,
        name=(file.name or "")[-NAME_LENGTH:],
        content=file.read(),
        asked=dict(asked or {}),
        language=translation.get_language(),
    )
    Upload.objects.forget_all_but_the_latest(by)
    return upload


def look_through(number: str, importer: Importer) -> None:
    """Finds out what would happen; does nothing with a file that isn't to be read through any more."""
    upload = Upload.objects.to_work_with(number, Stage.READING)
    if upload is None:
        return
    told, problem = None, ""
    with translation.override(upload.language):
        try:
            told, problem = dry(upload, importer), ""
        except NotImported as refusal:
            problem = str(refusal)
        finally:  # any other error is listed with the background work
            settle(upload, told, problem)


def dry(upload: Upload, importer: Importer) -> Told:
    """What the importer would do with the file; all that it does is undone."""
    try:
        book = read(bytes(upload.content), upload.name)
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


def confirm(upload: Upload) -> bool:
    """Marks the file as one to be imported, unless that is no longer asked or has been answered already."""
    waiting = Upload.objects.filter(pk=upload.pk, stage=Stage.TOLD)
    return bool(waiting.update(stage=Stage.SAVING, problem="", since=timezone.now()))


def forget(upload: Upload) -> bool:
    """Throws the file away, unless it has been answered yes to and so is, or may have been, imported."""
    not_confirmed = Upload.objects.filter(pk=upload.pk).exclude(stage__in=(Stage.SAVING, Stage.DONE))
    deleted, _by_model = not_confirmed.delete()
    return bool(deleted)


def carry_out(number: str, importer: Importer) -> None:
    """Imports what was confirmed, all or nothing; tells anew when it would do something else by now."""
    upload = Upload.objects.to_work_with(number, Stage.SAVING)
    if upload is None or upload.is_lost:  # then its page has said that nothing was imported
        return
    told, problem = None, ""
    with translation.override(upload.language):
        try:
            book = read(bytes(upload.content), upload.name)
            with held_back() as lines, transaction.atomic():
                held = Upload.objects.select_for_update().filter(pk=number, stage=Stage.SAVING)
                if not held.exists():
                    return
                import_as_told(upload, book, importer)
                held.update(stage=Stage.DONE, content=b"", since=timezone.now())
                note("file.imported", purpose=upload.purpose, into=upload.about)
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
