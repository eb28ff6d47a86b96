"""What an address may hold."""

from __future__ import annotations

from django.urls import register_converter


class YearConverter:
    """A year of four digits: nothing else is an address, and no number is too large for the database."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class EditionConverter:
    """The number of an edition, written in one way: 1, 2, 3 …"""

    regex = "[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(YearConverter, "year")
register_converter(EditionConverter, "edition")
