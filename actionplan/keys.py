"""Keys: what a row is called for ever, whatever becomes of its wording."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from django.utils.text import slugify

LENGTH = 60


def free_key(text: str, taken: Container[str]) -> str:
    """A key made of `text` (å and ä become a, ö becomes o) that is not among `taken`."""
    stem = slugify(text)[:LENGTH].strip("-_") or "rad"
    if stem not in taken:
        return stem
    return next(key for number in count(2) if (key := f"{stem}-{number}") not in taken)
