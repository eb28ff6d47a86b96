"""Answering with a document."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from publishing.pdf import PdfError


def pdf_response(request: HttpRequest, make: Callable[[], bytes], file_name: str) -> HttpResponse:
    """The PDF that `make` gives, under a readable name; a page with the reason when it can't be made."""
    try:
        content = make()
    except PdfError as error:
        return render(request, "publishing/no_pdf.html", {"reason": str(error)}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response
