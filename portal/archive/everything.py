"""Writes the archive: tables, logs, plans, what has been published, and what explains and vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from portal.archive.contents import kept_tables
from portal.archive.folder import Folder, whole
from portal.archive.package import PACKAGE, in_order, package
from portal.archive.plans import write_plans
from portal.archive.read_me import read_me
from portal.archive.snapshot import snapshot
from portal.archive.tables import Progress, write_table
from publishing.languages import in_the_portals_language

READ_ME = "README.txt"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Told:
    """What was written."""

    files: int
    size: int
    rows: int


def rows_in_all() -> int:
    return sum(kept.model._base_manager.count() for kept in kept_tables())


@in_the_portals_language
def export_all(place: Path, progress: Progress) -> Told:
    """Writes all of it to a folder that isn't there yet, or nothing. Raises NotWritten.

    The same database gives the same bytes, but for the time in README.txt and datapackage.json.
    """
    with whole(place) as folder:
        with snapshot():
            at = timezone.now()
            written = [write_table(folder, kept, progress) for kept in kept_tables()]
            plans = write_plans(folder)
            explained = package(folder, written, plans, at)
        folder.write(PACKAGE, explained)
        folder.write(READ_ME, read_me(written, at))
        folder.write(SUMS, sums(folder))
    return Told(
        files=len(folder.files),
        size=sum(file.size for file in folder.files.values()),
        rows=sum(each.rows for each in written),
    )


def sums(folder: Folder) -> str:
    """What `sha256sum -c` reads: every file but this one."""
    return "".join(f"{file.sha256}  {file.path}\n" for file in in_order(folder))
