"""What is in the archive, for programs: a Data Package (https://datapackage.org) with checksums."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portal.archive.columns import Column, plain
from portal.archive.contents import TABLES
from portal.archive.folder import Folder, Written
from portal.archive.tables import TableWritten

PACKAGE = "datapackage.json"
FORM = 1
"""Of the archive itself: a higher one when something in it is to be read in another way."""

MEDIA = {
    ".csv": "text/csv",
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".pdf": "application/pdf",
}


def package(folder: Folder, tables: list[TableWritten], plans: dict[str, int], at: datetime) -> str:
    """Tells of all that has been written. `plans`: how many rows each of the plans' files has."""
    told = {path: told_of(table, kind) for table in tables for kind, path in table.paths.items()}
    told |= {path: {"rows": rows} for path, rows in plans.items()}
    content = {
        "profile": "data-package",
        "name": "handlingsplaner",
        "title": "Allt ur portalen Handlingsplaner",
        "created": plain(at),
        "form": FORM,
        "portal": {"version": version(), "migrations": migrations()},
        "resources": [resource(file) | told.get(file.path, {}) for file in in_order(folder)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def in_order(folder: Folder) -> list[Written]:
    return sorted(folder.files.values(), key=lambda file: file.path)


def version() -> str:
    """The portal's own."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def migrations() -> dict[str, str]:
    """The latest change of each app's tables."""
    applied = MigrationRecorder(connection).applied_migrations()
    return dict(sorted(applied))


def resource(file: Written) -> dict[str, Any]:
    path = PurePosixPath(file.path)
    return {
        "name": file.path.replace("/", ".").lower(),
        "path": file.path,
        "mediatype": MEDIA[path.suffix],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }


def named(table: str) -> str:
    """The resource in which the table's columns are."""
    return f"{TABLES}.{table}.csv"


def told_of(table: TableWritten, kind: str) -> dict[str, Any]:
    """What is said of one of a table's two files; the columns once, since they are the same."""
    told = {"title": table.kept.title, "rows": table.rows}
    if kind != "csv":
        return told | {"description": f"Samma rader som i {table.paths['csv']}."}
    return told | {"description": table.kept.says, "schema": schema(table)}


def schema(table: TableWritten) -> dict[str, Any]:
    """The columns, as Table Schema has it. What a log refers to may be gone, and so isn't promised."""
    return {
        "fields": [field(column) for column in table.columns],
        "foreignKeys": [
            {"fields": column.name, "reference": {"resource": named(column.refers_to), "fields": "id"}}
            for column in table.columns
            if column.refers_to and not table.kept.is_log
        ],
    }


def field(column: Column) -> dict[str, Any]:
    told = {"name": column.name, "type": column.kind, "title": column.title, "description": column.says}
    if column.kind == "datetime":
        told["format"] = "any"
    always = column.kind != "string" and column.is_needed  # of texts, an empty one is a value
    return told | ({"constraints": {"required": True}} if always else {})
