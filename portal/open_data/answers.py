"""Answering with a dataset: from one moment of the database, in little memory, whole or not at all.

A file is written before anything is sent. So its length is known, whoever gets less than that sees that it
was cut, and a database that fails in the middle is answered with 503 instead of with half of the rows. A
large file is written to the disk, and sent from there after the database has been let go.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from portal.archive.snapshot import snapshot
from portal.open_data.datasets import CSV, Dataset, Format
from portal.open_data.problems import problem
from portal.open_data.rows import Plans, rows_of
from portal.open_data.stamps import stamp
from portal.open_data.writing import write

IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a file that the web server gets as a whole; a larger one keeps a thread until it is read."""

LARGE_AT_ONCE = 2
"""Large files that a process sends at a time, of its four threads: whoever reads slowly leaves some free."""

LONGEST = 15 * 60
"""Seconds that someone may take to read a large file; then it is cut, which its length tells."""

BLOCK = 64 * 1024

places = BoundedSemaphore(LARGE_AT_ONCE)


def dataset_response(
    request: HttpRequest, dataset: Dataset, form: Format, plans: Plans, *, origin: str, plan: str = ""
) -> HttpResponseBase:
    """The dataset's rows of the plans; nothing but headers for whoever has them already."""
    with snapshot():
        etag = quote_etag(stamp(dataset, plans, form.ending, origin, plan))
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            unchanged["ETag"] = etag
            return unchanged
        file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
        write(file, dataset, rows_of(dataset, plans), form, origin=origin, plan=plan)
    response = sent(file)
    if response.status_code == 200:
        name = "-".join(filter(None, (plan, dataset.key)))
        response["Content-Type"] = content_type(form)
        response["Content-Disposition"] = f'{disposition(form)}; filename="{name}.{form.ending}"'
        response["Link"] = f'<{origin}{dataset.schema}>; rel="describedby"'
        response["ETag"] = etag
    return response


def content_type(form: Format) -> str:
    return f"{form.media_type}; charset=utf-8; header=present" if form == CSV else form.media_type


def disposition(form: Format) -> str:
    """A table is taken away; JSON is read where it is."""
    return "attachment" if form == CSV else "inline"


def sent(file: IO[bytes]) -> HttpResponseBase:
    length = file.tell()
    file.seek(0)
    if length <= IN_MEMORY:
        with file:
            return HttpResponse(file.read())
    if not places.acquire(blocking=False):
        file.close()
        return problem(
            503, "Många hämtar stora filer just nu. Försök igen om en stund.", {"Retry-After": "30"}
        )
    response = StreamingHttpResponse(LargeFile(file))
    response["Content-Length"] = str(length)
    return response


class LargeFile:
    """A file in blocks, which holds one of the places until it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.until = time.monotonic() + LONGEST

    def __iter__(self) -> Iterator[bytes]:
        while block := self.file.read(BLOCK):
            if time.monotonic() > self.until:
                raise TimeoutError("a large file was read too slowly")
            yield block

    def close(self) -> None:
        if not self.file.closed:
            self.file.close()
            places.release()
