"""Answering with a document."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from publishing.models import Publication
from publishing.pdf import PdfError
from publishing.reading import edition_file_name


def csv_response(text: str, file_name: str) -> HttpResponse:
    """A table to take away, under a readable name."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def pdf_response(request: HttpRequest, make: Callable[[], bytes], file_name: str) -> HttpResponse:
    """The PDF that `make` gives, under a readable name; a page with the reason when it can't be made."""
    try:
        content = make()
    except PdfError as error:
        return render(request, "publishing/no_pdf.html", {"reason": str(error)}, status=503)
    return file_response(content, "application/pdf", file_name)


def stored_pdf(request: HttpRequest, publication: Publication, file_name: str) -> HttpResponse:
    """The edition's PDF, byte for byte as it was published. `file_name`: the document's, without ending."""
    name = edition_file_name(file_name, publication.edition)
    response = file_response(bytes(publication.pdf), "application/pdf", f"{name}.pdf")
    return if_changed(request, response, publication.pdf_sha256)


def stored_content(request: HttpRequest, publication: Publication, file_name: str) -> HttpResponse:
    """The edition's content, character for character as it was published. `file_name`: as for its PDF."""
    name = edition_file_name(file_name, publication.edition)
    response = file_response(publication.content.encode(), "application/json", f"{name}.json")
    return if_changed(request, response, publication.content_sha256)


def file_response(content: bytes, content_type: str, file_name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def if_changed(request: HttpRequest, response: HttpResponse, checksum: str) -> HttpResponse:
    """The response; without its content for whoever has that already, as its checksum tells."""
    etag = quote_etag(checksum)
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return response if answer is None else answer
