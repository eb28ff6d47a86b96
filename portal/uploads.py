"""How much a visitor may send: refused by its length before it is read, and counted while it is.

A form is up to DATA_UPLOAD_MAX_MEMORY_SIZE. Files are taken only by views marked `takes_files`, up to
FILES_MAX_SIZE together. The body is read before the request's transaction begins, so that a slow one holds no
lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import UnsupportedOperation
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., HttpResponse])


def takes_files(view: View) -> View:
    """Marks a view whose form has files: `@takes_files`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class LimitedBodies:
    """Answers 413 for a body that is too large, 411 for one that doesn't say how large it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            raise BadRequest("the length of the body is no number")
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return render(request, "400.html", status=411)
        if int(length) > limit_of(request, int(length)):
            return too_large(request)
        try:
            request.POST  # noqa: B018 - here it is read
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            forget_files(request)
            return too_large(request)
        except UnreadablePostError:
            forget_files(request)
            return render(request, "400.html", status=400)
        return self.get_response(request)


def limit_of(request: HttpRequest, length: int) -> int:
    """How many bytes the request's address takes; looked up only for a body larger than a form."""
    form = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if length <= form or request.content_type != "multipart/form-data":
        return form
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return form
    return form + settings.FILES_MAX_SIZE if getattr(view, "takes_files", False) else form


def forget_files(request: HttpRequest) -> None:
    """Removes what was being put aside when the body was refused; Django waits until the request is gone."""
    for handler in request.upload_handlers:
        if file := getattr(handler, "file", None):
            file.close()


def too_large(request: HttpRequest) -> HttpResponse:
    limits = {"form": settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "files": settings.FILES_MAX_SIZE}
    return render(request, "413.html", limits, status=413)


class LimitedFiles(FileUploadHandler):
    """Counts the bytes of a request's files as they come, and stops at the one too many."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.left = settings.FILES_MAX_SIZE

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            raise RequestDataTooBig("the files are too large")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""


class Readable(Protocol):
    """What a web server gives to read a body from."""

    def read(self, size: int, /) -> bytes: ...


class WholeBody:
    """A body that ends before it has come to its length raises an error.

    The server tells a broken connection from the end of a body by nothing but the bytes that are missing, and
    half a form is a form as well: it would be saved.
    """

    def __init__(self, body: Readable, length: int) -> None:
        self.body = body
        self.left = length

    def read(self, size: int = -1) -> bytes:
        """`size` bytes, or what is left when that is less. ConnectionError when they don't come."""
        wanted = self.left if size < 0 else min(size, self.left)
        parts = []
        while wanted:
            if not (part := self.body.read(wanted)):
                raise ConnectionError(f"{self.left} bytes of the body are missing")
            parts.append(part)
            wanted -= len(part)
            self.left -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        raise UnsupportedOperation("bodies are read in blocks, never in lines")


def whole_bodies(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The WSGI application with `WholeBody` around what it reads."""

    def with_whole_bodies(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit():  # else LimitedBodies refuses it unread
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return with_whole_bodies
