"""What people have written, in XML."""

from __future__ import annotations

import re

_CANNOT_BE_WRITTEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_xml(text: str) -> str:
    """The text without signs that no XML 1.0 can hold, not even escaped: nobody sees them anyway."""
    return _CANNOT_BE_WRITTEN.sub("", text)
