"""Making something public: its content is frozen by value, and it and its PDF become one row, for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.models import Publication, Rendering
from publishing.values import read_json

Content = TypeVar("Content")


class NotPublished(Exception):
    """Nothing was published; the message is a sentence for the one who tried."""


@dataclass(frozen=True)
class Imprint:
    """What an edition's PDF says of itself: which it is, the day it was published, and what it corrects."""

    edition: int
    published_on: date
    corrects: str = ""

    @property
    def is_of_today(self) -> bool:
        """Whether what the PDF says is still so when it has taken its time to make."""
        return self.published_on == timezone.localdate()


def next_imprint(document: str, corrects: str) -> Imprint:
    """What the document's next edition says of itself, if it is published today.

    Raises NotPublished when a correction doesn't say what it corrects, or there is nothing to correct yet.
    """
    after, corrects = Publication.objects.of(document).count(), corrects.strip()
    if after and not corrects:
        raise NotPublished(_("Skriv vad som rättats."))
    if corrects and not after:
        raise NotPublished(_("Det finns ingen utgåva att rätta än."))
    return Imprint(after + 1, timezone.localdate(), corrects)


def frozen(content: Any) -> str:
    """A dataclass of plain values as JSON: decimals as text, dates as ISO 8601, keys in the fields' order."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode()


def digest(content: str) -> str:
    """By which it is told whether what is published is what was read: SHA-256, in hexadecimal."""
    return sha256(content.encode()).hexdigest()


def thawed(kind: type[Content], content: str) -> Content:
    """What was frozen, as it was; a field that has come since has its default.

    Raises msgspec.ValidationError when the content isn't of that kind.
    """
    return read_json(content, kind)


def publish(
    document: str,
    content: str,
    *,
    after: int,
    schema: int,
    pdf: bytes,
    by: str,
    corrects: str = "",
    still_so: Callable[[], bool] = lambda: True,
) -> Publication:
    """Adds the edition that follows number `after`, in a short transaction, if `still_so` holds in it.

    Raises NotPublished, and leaves nothing, when it doesn't, or when somebody has published that one already.
    """
    if after and not corrects:
        raise NotPublished(_("Skriv vad som rättats."))
    try:
        with transaction.atomic():
            if not still_so():
                raise NotPublished(
                    _("Något ändrades medan dokumentet gjordes. Läs igenom det och publicera igen.")
                )
            Rendering.objects.of(document).delete()  # of drafts of it
            return Publication.objects.create(
                document=document,
                edition=after + 1,
                schema=schema,
                content=content,
                pdf=pdf,
                published_by=by,
                corrects=corrects,
            )
    except IntegrityError as error:
        raise NotPublished(
            _("Någon har redan publicerat den utgåvan. Läs igenom det som gäller nu.")
        ) from error
