"""The portal's words in other languages: `python -m tests.translations` brings locale/ in step with the code.

What is marked in the code and in templates is Swedish, and stands in locale/en with its English. The command
adds what is new there, with no English yet, takes away what is no longer said, and compiles each catalogue.
It writes the same bytes for the same words: sorted, and with neither dates nor where they come from.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
ENGLISH = ROOT / "locale/en/LC_MESSAGES/django.po"
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))

KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": how for name, how in DEFAULT_KEYWORDS.items()}
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def sources() -> list[Path]:
    """Every file that may hold words for readers."""
    files = ["*.py", "templates/*", ":!tests", ":!*/migrations/*"]
    listing = subprocess.run(
        ["git", "ls-files", "-z", *files], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def as_python(path: Path) -> str:
    """The file's words as calls of gettext; a template has them in tags."""
    text = path.read_text()
    if path.suffix == ".py":
        return text
    return re.sub(r"^\s+", "", templatize(text), flags=re.MULTILINE)


def marked() -> Catalog:
    """Every word that the code and the templates mark, none of them translated."""
    found = Catalog(locale="en")
    for path in sources():
        code = BytesIO(as_python(path).encode())
        for _line, words, _comments, context in extract(
            "python", code, KEYWORDS, options={"encoding": "utf-8"}
        ):
            found.add(words, context=context)
    return found


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def messages(found: Catalog) -> Iterator[Message]:
    """All of it but the header."""
    return (message for message in found if message.id)


def key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def said(message: Message) -> list[str]:
    """What the message is in the other language: one text, or one for each form of the plural."""
    forms = (message.string,) if isinstance(message.string, str) else message.string or ()
    return [form or "" for form in forms]


def is_complete(message: Message) -> bool:
    return bool(said(message)) and all(said(message))


def in_step(known: Catalog) -> Catalog:
    """What is marked, with the English that is known."""
    english = {key(message): message.string for message in messages(known)}
    renewed = marked()
    for message in messages(renewed):
        message.string = english.get(key(message), message.string)
    return renewed


def written(found: Catalog) -> bytes:
    """The catalogue as its file has it."""
    header = re.match(r'(?:#.*\n)*msgid ""\nmsgstr ""\n(?:".*\n)*\n', ENGLISH.read_text())
    assert header, "The catalogue has lost its header"
    body = BytesIO()
    write_po(body, found, width=110, no_location=True, omit_header=True, sort_output=True)
    return header[0].encode() + body.getvalue().strip(b"\n") + b"\n"


def compiled(path: Path) -> bytes:
    """The catalogue as programs read it."""
    found = catalogue(path)
    found.creation_date = found.revision_date = NO_DAY
    result = BytesIO()
    write_mo(result, found)
    return result.getvalue()


def main() -> None:
    english = in_step(catalogue(ENGLISH))
    ENGLISH.write_bytes(written(english))
    for path in CATALOGUES:
        path.with_suffix(".mo").write_bytes(compiled(path))
    missing = sum(not is_complete(message) for message in messages(english))
    print(f"{ENGLISH.relative_to(ROOT)}: {len(english)} texts, {missing} without English")


if __name__ == "__main__":
    main()
