"""Answering with tables to take away."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from django.http import HttpRequest, HttpResponse

from exchange.writing import Table, TooLong, xlsx, zip_of_csv
from publishing.responses import file_response, if_changed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(request: HttpRequest, tables: Sequence[Table], name: str) -> HttpResponse:
    """The tables as a workbook, called `name` without its ending; as CSV where a text is too long for one."""
    try:
        return taken_away(request, xlsx(tables), XLSX, f"{name}.xlsx")
    except TooLong:
        return tables_response(request, tables, name)


def tables_response(request: HttpRequest, tables: Sequence[Table], name: str) -> HttpResponse:
    """The tables as CSV files in a ZIP."""
    return taken_away(request, zip_of_csv(tables), "application/zip", f"{name}.zip")


def taken_away(request: HttpRequest, content: bytes, content_type: str, file_name: str) -> HttpResponse:
    response = file_response(content, content_type, file_name)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return if_changed(request, response, sha256(content).hexdigest())
