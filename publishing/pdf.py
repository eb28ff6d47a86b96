"""How a document becomes PDF: HTML is handed to a child process that may do little else.

Why it is so is told in docs/decisions/0004-pdf-in-a-child-process.md.
"""

import json
import logging
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from publishing.apart import run_apart
from publishing.languages import in_the_portals_language
from publishing.typesetting import tied

SECONDS = 60
MEMORY = 1024**3
LARGEST_HTML = 20_000_000
LARGEST_PDF = 50_000_000

PATIENCE = 5
"""Seconds to wait while another document is made."""
KEPT = 16
"""How many of the latest documents a process keeps, about 0.5 MB each with their HTML."""

_TURN = threading.BoundedSemaphore()
_RENDERER = Path(__file__).with_name("renderer.py")
_STYLES = Path(__file__).with_name("static") / "publishing" / "pdf.css"
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)

logger = logging.getLogger(__name__)


class PdfError(Exception):
    """The document could not be made; the message is a sentence for the one who asked for it."""


@dataclass(frozen=True)
class Attached:
    """A file of data that a document carries, for those who want to work with its figures."""

    name: str
    content: str
    says: str
    """What it is, in a few words."""
    day: date
    """Of when the data are."""


@dataclass(frozen=True)
class Manuscript:
    """All that a PDF is made of but the project's own files; the same manuscript gives the same bytes."""

    html: str
    data: tuple[Attached, ...] = ()


@in_the_portals_language
def manuscript(template: str, context: Mapping[str, Any], data: tuple[Attached, ...] = ()) -> Manuscript:
    """Of a template that extends publishing/document.html, in the portal's language whoever asks."""
    return Manuscript(tied(render_to_string(template, dict(context))), data)


def document_pdf(written: Manuscript) -> bytes:
    """The manuscript as PDF/A-3a and PDF/UA-1, with its data. Raises PdfError when it can't be made."""
    with one_at_a_time():
        return kept(written.html, written.data)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Lets one document be made at a time in a process, so that the other threads can show pages.

    Raises PdfError when it takes too long for the turn to come.
    """
    if not _TURN.acquire(timeout=PATIENCE):
        raise PdfError(_("Många hämtar dokument just nu. Försök igen om en stund."))
    try:
        yield
    finally:
        _TURN.release()


@lru_cache(maxsize=KEPT)
def kept(html: str, data: tuple[Attached, ...] = ()) -> bytes:
    """The document, made once for the same content: the same HTML and data give the same bytes."""
    return render_pdf(html, data)


def render_pdf(
    html: str,
    data: tuple[Attached, ...] = (),
    *,
    files: Mapping[str, Path] | None = None,
    seconds: int = SECONDS,
) -> bytes:
    """The PDF of the HTML, which may name only `files` ("project:pdf.css" → path) and pictures as data:.

    Takes 0.1–0.2 s a page and a second to start. Raises PdfError when it fails or takes too long or too much.
    """
    if len(html) + sum(len(each.content) for each in data) > LARGEST_HTML:
        raise PdfError(_("Dokumentet är för stort för att bli en PDF."))
    started = time.monotonic()
    named = own_files() if files is None else files
    request = {
        "html": html,
        "files": {name: str(path) for name, path in named.items()},
        "data": [asdict(each) | {"day": each.day.isoformat()} for each in data],
    }
    pdf = _run(json.dumps(request).encode(), seconds)
    logger.info("Made a PDF of %d bytes in %.1f s.", len(pdf), time.monotonic() - started)
    if len(pdf) > LARGEST_PDF:
        raise PdfError(_("Dokumentet är för stort för att bli en PDF."))
    return pdf


def means() -> str:
    """What makes a manuscript into a PDF, as a checksum: another version of it may give other bytes."""
    found = sha256(version("weasyprint").encode())
    for path in (_RENDERER, *own_files().values()):
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()


def own_files() -> dict[str, Path]:
    """The files that every document may use, by the names it uses."""
    return {
        "project:pdf.css": _STYLES,
        "project:source-sans-3.woff2": settings.FONTS / "source-sans-3.woff2",
    }


def _run(request: bytes, seconds: int) -> bytes:
    try:
        child = run_apart(_RENDERER, request, seconds=seconds, memory=MEMORY)
    except TimeoutExpired as error:
        logger.exception("A PDF was not ready after %d s.", seconds)
        raise PdfError(_("Det tog för lång tid att göra dokumentet. Försök igen om en stund.")) from error
    return _outcome(child)


def _outcome(child: CompletedProcess[bytes]) -> bytes:
    """The child's PDF. What it complains about is for the log, not for the one who asked."""
    complaints = child.stderr.decode(errors="replace")[-4000:]
    if child.returncode in _OUT_OF_TIME:
        logger.error("The PDF renderer was stopped by signal %d. %s", -child.returncode, complaints)
        raise PdfError(_("Det tog för lång tid att göra dokumentet. Försök igen om en stund."))
    if child.returncode or not child.stdout.startswith(b"%PDF-"):
        logger.error("The PDF renderer gave up (%d). %s", child.returncode, complaints)
        raise PdfError(_("Dokumentet kunde inte göras. Felet är antecknat; säg till administratören."))
    if complaints:
        logger.warning("The PDF renderer complained: %s", complaints)
    return child.stdout
