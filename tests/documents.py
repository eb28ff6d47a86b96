"""Reading the documents that the portal makes, as a search engine or a program for the blind does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable

from publishing.markdown import to_text


def pages_of(document: bytes) -> list[str]:
    """The PDF's text page by page, a cell or paragraph at a time, with words divided by lines joined."""
    raw = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True)
    pages = raw.stdout.decode().split("\f")[:-1]
    return [re.sub("[\N{HYPHEN}\N{SOFT HYPHEN}]\n", "", page).replace("\n•", "").strip() for page in pages]


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
