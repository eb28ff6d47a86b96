"""A table in two files with the same rows: JSON Lines for programs, CSV for people."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from portal.archive.columns import Column, as_cell, as_json, columns_of, plain
from portal.archive.contents import Kept
from portal.archive.folder import Folder
from publishing.files import NotWritten
from publishing.tables import Cell, write_csv

AT_ONCE = 1000
"""So many rows are in memory; of editions, each of which may take megabytes, one."""
EDITIONS = "publiceringar"

Progress = Callable[[int], object]


@dataclass(frozen=True)
class TableWritten:
    """A table that is in the archive, in `path` with `.jsonl` and `.csv`."""

    kept: Kept
    columns: list[Column]
    path: str
    rows: int

    @property
    def paths(self) -> dict[str, str]:
        """Its files, by what they are written in."""
        return {"jsonl": f"{self.path}.jsonl", "csv": f"{self.path}.csv"}


def write_table(folder: Folder, kept: Kept, progress: Progress) -> TableWritten:
    columns, path = columns_of(kept), f"{kept.folder}/{kept.name}"
    names = [column.name for column in columns]
    with folder.file(f"{path}.jsonl") as lines:

        def both() -> Iterator[list[Cell]]:
            for row in rows_of(folder, kept, columns):
                lines.write(f"{as_json(dict(zip(names, map(plain, row), strict=True)))}\n")
                progress(1)
                yield [as_cell(value) for value in row]

        rows = write_csv_file(folder, f"{path}.csv", names, both())
    return TableWritten(kept, columns, path, rows)


def write_csv_file(folder: Folder, path: str, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """How many rows came."""
    number = count()
    with folder.file(path) as file:
        write_csv(file, names, (row for row, _number in zip(rows, number, strict=False)))
    return next(number)


def rows_of(folder: Folder, kept: Kept, columns: list[Column]) -> Iterable[tuple[Any, ...]]:
    """The table's rows by their numbers, without ever having many of them."""
    if kept.is_editions:
        return editions(folder, kept, columns)
    names = [column.name for column in columns]
    rows = kept.model._base_manager.order_by("pk").values_list(*names)
    return rows.iterator(chunk_size=AT_ONCE)


def editions(folder: Folder, kept: Kept, columns: list[Column]) -> Iterator[tuple[Any, ...]]:
    """What has been published, its files written on the way. Raises NotWritten for a damaged one."""
    for edition in kept.model._base_manager.order_by("pk").iterator(chunk_size=1):
        yield tuple(
            write_file(folder, edition, column) if column.suffix else getattr(edition, column.name)
            for column in columns
        )


def write_file(folder: Folder, edition: Any, column: Column) -> str:
    """Writes what the column holds to a file of its own, and returns the file's path."""
    field = column.name.removesuffix("_file")
    content = bytes_of(getattr(edition, field))
    if hashlib.sha256(content).hexdigest() != getattr(edition, f"{field}_sha256"):
        sentence = _("%(edition)s stämmer inte med sin kontrollsumma (%(field)s). Inget är skrivet.")
        raise NotWritten(sentence % {"edition": edition, "field": column.title})
    path = f"{EDITIONS}/{safe(edition.document)}/utgava-{edition.edition}{column.suffix}"
    with folder.file(path) as file:
        file.write_bytes(content)
    return path


def bytes_of(content: Any) -> bytes:
    return content.encode() if isinstance(content, str) else bytes(content)


def safe(path: str) -> str:
    """The path in letters, digits, hyphens and low lines; whatever else it has is written by number."""
    return "/".join(re.sub(r"[^\w-]", by_number, part, flags=re.ASCII) or "%" for part in path.split("/"))


def by_number(sign: re.Match[str]) -> str:
    return quote(sign[0], safe="").replace(".", "%2E")
