"""Writing a file on the machine's own disk."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _


class NotWritten(Exception):
    """What was there is there still; the message is a sentence for the one who asked for the file."""


def write_whole(file: Path, content: bytes) -> None:
    """Writes the file whole, or leaves what was there. Raises NotWritten."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        sentence = _("%(file)s kunde inte skrivas: %(reason)s")
        raise NotWritten(sentence % {"file": file, "reason": error.strerror}) from error
