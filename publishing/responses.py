"""Answering with a document."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from publishing.models import Publication
from publishing.pdf import Manuscript
from publishing.reading import edition_file_name
from publishing.renderings import rendering_of


def csv_response(text: str, file_name: str) -> HttpResponse:
    """A table to take away, under a readable name."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def rendered_pdf(request: HttpRequest, manuscript: Manuscript, document: str, file_name: str) -> HttpResponse:
    """The PDF of what isn't published, under a readable name; until it is made a page that waits for it.

    When it can't be made, a page with the reason. Only a PDF has an ETag.
    """
    rendering = rendering_of(manuscript, document)
    if rendering.is_waiting:
        return kept_nowhere(render(request, "publishing/pdf_under_way.html", status=202))
    if HtmxDetails(request):  # the page that waits: the browser is to show what came
        return kept_nowhere(HttpResponseClientRedirect(request.path))
    if rendering.pdf is None:
        return render(request, "publishing/no_pdf.html", {"reason": rendering.problem}, status=503)
    response = file_response(bytes(rendering.pdf), "application/pdf", file_name)
    return if_changed(request, response, rendering.digest)


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    """The response, which will soon be another one."""
    response["Cache-Control"] = "no-store"
    return response


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


def if_changed(
    request: HttpRequest, response: HttpResponse, checksum: str, modified: datetime | None = None
) -> HttpResponse:
    """The response; without its content for whoever has that already, as its checksum tells.

    `modified`: when the content became what it is, for those who ask by that.
    """
    etag = quote_etag(checksum)
    response["ETag"] = etag
    seconds = int(modified.timestamp()) if modified else None
    if seconds is not None:
        response["Last-Modified"] = http_date(seconds)
    answer = get_conditional_response(request, etag=etag, last_modified=seconds, response=response)
    return response if answer is None else answer
