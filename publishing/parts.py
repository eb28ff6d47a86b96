"""What a page shows at once of something long, and what stands on pages of its own.

No page is to be heavier than a reader on a train can bear (docs/decisions/0028). What is as long as most
things are is shown whole, and these change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

Row = TypeVar("Row")

MOST_ROWS = 100
"""Activities, and rows like them, on a page."""


@dataclass(frozen=True)
class Parts:
    """A document's parts on its page, such as challenges with their activities.

    `folds`: there are so many activities that a part's are left out; its name as `del` in the address shows
    the part alone with them. `alone`: that part, with a page of its activities.
    """

    folds: bool
    alone: Any = None
    page: Page[Any] | None = None

    @property
    def pages(self) -> list[tuple[int, str]]:
        """As templates/components/pages.html takes them."""
        numbers = self.page.paginator.page_range if self.page else ()
        return [(number, f"del={self.alone.key}&sida={number}") for number in numbers]


def parts_on_page(request: HttpRequest, parts: Sequence[Any]) -> Parts:
    """Which of the parts are shown, each with a `key` and `activities`."""
    if sum(len(each.activities) for each in parts) <= MOST_ROWS:
        return Parts(folds=False)
    asked = request.GET.get("del")
    part = next((each for each in parts if each.key == asked), None)
    if part is None:
        return Parts(folds=True)
    page = Paginator(part.activities, MOST_ROWS).get_page(request.GET.get("sida"))
    return Parts(True, replace(part, activities=tuple(page)), page)


@dataclass
class Window:
    """A page of a list whose rows stand in groups: takes its own of each group in turn."""

    request: HttpRequest
    passed: int = field(default=0, init=False)

    @property
    def number(self) -> int:
        """Which page it is: the first when what is asked for is no number."""
        asked = self.request.GET.get("sida", "")
        return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1

    def of(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        begins = (self.number - 1) * MOST_ROWS - self.passed
        self.passed += len(rows)
        return tuple(rows[max(0, begins) : max(0, begins + MOST_ROWS)])

    @property
    def page(self) -> Page[Any]:
        """What has been passed, for templates/components/pages.html; once all groups have been."""
        return Paginator(range(self.passed), MOST_ROWS).get_page(self.number)

    def pages(self, query: str = "") -> list[tuple[int, str]]:
        """Its pages with their addresses, in which `query` stands first."""
        return [(each, f"{query}sida={each}") for each in self.page.paginator.page_range]


def page_of(place: int) -> int:
    """The page of a list on which its row at `place` stands."""
    return place // MOST_ROWS + 1
