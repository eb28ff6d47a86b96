"""What went wrong, told to programs as RFC 9457 says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse

PROBLEM = "application/problem+json"


def problem(status: int, sentence: str = "", headers: Mapping[str, str] | None = None) -> HttpResponse:
    said = {"title": HTTPStatus(status).phrase, "status": status, "detail": sentence or SENTENCES.get(status)}
    content = json.dumps({name: each for name, each in said.items() if each}, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=PROBLEM, headers=dict(headers or {}))


SENTENCES = {
    404: "Det finns inget här. Vad som finns står på /oppna-data/.",
    405: "Öppna data går bara att läsa: GET och HEAD.",
    500: "Något gick fel i portalen. Försök igen senare.",
    503: "Portalen kan inte svara just nu. Försök igen om en stund.",
}
