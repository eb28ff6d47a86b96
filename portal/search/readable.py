"""What of the plans a reader may search: as each plan's pages show it to them, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from followup.queries import Standpoint, standpoint
from portal.overview import plans_to_read

if TYPE_CHECKING:
    from followup.queries import Reader


@dataclass(frozen=True)
class Readable:
    """Where each plan stands to the reader, by the plan's id: the revision its pages show, and its years.

    An activity stands in every revision of its plan; here it is searched as it stands in that one alone.
    """

    standings: Mapping[int, Standpoint]

    def only(self, plan: str) -> Readable:
        """One plan by its slug; all of them when none is asked for."""
        return readable_in(each for each in self.standings.values() if plan in ("", each.plan.slug))

    @property
    def revisions(self) -> list[int]:
        return [each.revision.pk for each in self.standings.values()]


def readable_by(reader: Reader) -> Readable:
    return readable_in(standpoint(plan, reader) for plan in plans_to_read(reader))


def readable_in(standings: Iterable[Standpoint]) -> Readable:
    return Readable({each.plan.pk: each for each in standings})
