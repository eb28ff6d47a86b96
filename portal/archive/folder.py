"""A folder that is there whole or not at all, and knows the checksum of each of its files."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.files import NotWritten

REASONS = {
    errno.ENOSPC: gettext_lazy("Disken är full."),
    errno.EDQUOT: gettext_lazy("Disken är full."),
    errno.EFBIG: gettext_lazy("En fil får inte vara så stor där."),
    errno.EACCES: gettext_lazy("Du får inte skriva där."),
    errno.EPERM: gettext_lazy("Du får inte skriva där."),
    errno.EROFS: gettext_lazy("Där går bara att läsa."),
    errno.ENOENT: gettext_lazy("Mappen som den ska ligga i finns inte."),
    errno.ENOTDIR: gettext_lazy("Det som den ska ligga i är ingen mapp."),
    errno.ENOTEMPTY: gettext_lazy("Mappen är inte tom. Välj en som inte finns."),
    errno.EBUSY: gettext_lazy("Något är monterat just där. Välj en mapp i den."),
    errno.EWOULDBLOCK: gettext_lazy("Någon annan håller på att skriva den."),
}
"""Why a folder can't be written, in words; anything else in the machine's own."""

PIECE = 1024 * 1024


@dataclass(frozen=True)
class Written:
    """A file that is on the disk. `path` is from the folder, with strokes between."""

    path: str
    size: int
    sha256: str


class Writing:
    """A file on its way to the disk."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.size, self.sum = file, 0, hashlib.sha256()

    def write(self, text: str) -> None:
        self.write_bytes(text.encode())

    def write_bytes(self, content: bytes) -> None:
        self.file.write(content)
        self.sum.update(content)
        self.size += len(content)


class Folder:
    """Takes files, for their owner's eyes only; a path is written once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, Written] = {}

    @contextmanager
    def file(self, path: str) -> Iterator[Writing]:
        """Is on the disk when it has been left."""
        place = self.root / path
        make_folders(place.parent)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", PIECE) as file:
            writing = Writing(file)
            yield writing
            file.flush()
            os.fsync(file.fileno())
        self.files[path] = Written(path, writing.size, writing.sum.hexdigest())

    def write(self, path: str, text: str) -> None:
        with self.file(path) as file:
            file.write(text)

    def settle(self) -> None:
        """Returns when its folders are on the disk, too."""
        for folder, _folders, _files in os.walk(self.root):
            settle(Path(folder))


def make_folders(folder: Path) -> None:
    """The folder, and those that it stands in, which `parents=True` would open to others."""
    if not folder.exists():
        make_folders(folder.parent)
        folder.mkdir(mode=0o700)


@contextmanager
def whole(place: Path) -> Iterator[Folder]:
    """A folder that gets its name when all of it is written; whatever goes wrong, nothing is left of it.

    Only a machine that stops, or a process that is killed, leaves a hidden folder beside, whose name ends
    with ".part": the next one to the same place removes it. Raises NotWritten.
    """
    place = place.resolve()
    part = place.with_name(f".{place.name}.part")
    try:
        refuse_if_taken(place)
        with alone_in(part):
            try:
                folder = Folder(part)
                yield folder
                folder.settle()
                part.rename(place)
                settle(place.parent)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
    except OSError as error:
        sentence = _("%(folder)s är inte skriven: %(reason)s")
        reason = REASONS.get(error.errno or 0) or f"{error.strerror or error}."
        raise NotWritten(sentence % {"folder": place, "reason": reason}) from error


def refuse_if_taken(place: Path) -> None:
    """Raises OSError when there is anything at the place but an empty folder."""
    with suppress(FileNotFoundError):
        if any(place.iterdir()):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))


@contextmanager
def alone_in(part: Path) -> Iterator[None]:
    """An empty folder that nobody else writes to meanwhile. Raises OSError when someone does already."""
    part.mkdir(mode=0o700, exist_ok=True)
    here = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(here, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not is_at(part, here):  # the other has just given it its name
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK))
        if os.fstat(here).st_uid != os.geteuid():  # whoever made it could change what is in it
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        os.fchmod(here, 0o700)
        for left in part.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield
    finally:
        os.close(here)


def is_at(path: Path, descriptor: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False


def settle(folder: Path) -> None:
    """Returns when the names in the folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
