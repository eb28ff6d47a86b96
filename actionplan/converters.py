"""What an address may hold."""

from __future__ import annotations

from django.urls import register_converter

from actionplan.kinds import KINDS


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


class KindConverter:
    """The word for a kind of row that is written in drafts, such as "avsnitt"."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class DayConverter:
    """What looks like a day, such as 2017-05-31; whether there is such a day is for a form to say."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DayConverter, "day")
register_converter(YearConverter, "year")
register_converter(EditionConverter, "edition")
register_converter(KindConverter, "kind")
