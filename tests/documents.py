"""Reading the documents that the portal makes, as a search engine or a program for the blind does."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterable
from typing import Any

from pypdf import PdfReader

from publishing.markdown import to_text


def pages_of(document: bytes) -> list[str]:
    """The PDF's text page by page, a cell or paragraph at a time, with words divided by lines joined."""
    raw = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True)
    pages = raw.stdout.decode().split("\f")[:-1]
    return [re.sub("[\N{HYPHEN}\N{SOFT HYPHEN}]\n", "", page).replace("\n•", "").strip() for page in pages]


def everything_in(document: bytes) -> bytes:
    """All bytes, text, streams and attachments of the PDF."""
    reader: Any = PdfReader(io.BytesIO(document))
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    streams = [each.get_data() for each in objects if hasattr(each, "get_data")]
    return b"".join([document, *streams, *(page.encode() for page in pages_of(document))])


def body_of(pages: Iterable[str]) -> str:
    """The words of the pages in one line, without the running head and foot that each page ends with."""
    cover, *others = pages
    return in_a_line(cover, *(page.rsplit("\n", 2)[0] for page in others))


def in_a_line(*texts: str) -> str:
    """The words of the texts with single spaces between them."""
    return " ".join(" ".join(texts).split())


def words_of(*texts: str) -> str:
    """The words of Markdown texts in a line."""
    return in_a_line(*map(to_text, texts))
