"""Where in the year a plan stands, in a line: what a reader may know of its rounds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from followup.models import FollowUp, Stage
from followup.queries import Standpoint
from publishing.formats import long_date


@dataclass(frozen=True)
class YearLine:
    """A year's follow-up, and where it stands."""

    year: int
    sentence: str
    is_published: bool


def year_lines(standing: Standpoint) -> tuple[YearLine, ...]:
    """The years under way that the reader may know of, the first of them first, and the latest published one.

    To the public a year is published also while it is being corrected.
    """
    under_way = [
        each
        for each in standing.followups
        if each.stage != Stage.PUBLISHED and each not in standing.being_corrected
    ]
    published = [each for each in standing.followups if each not in under_way]
    return (
        *(YearLine(each.year, in_a_sentence(each), False) for each in sorted(under_way, key=year_of)),
        *(YearLine(each.year, _("är publicerad."), True) for each in sorted(published, key=year_of)[-1:]),
    )


def in_a_sentence(followup: FollowUp) -> str:
    """What holds of a year that isn't published, after its name: "är planerad."."""
    if followup.is_reopened:
        return _("är öppnad för rättelse.")
    if followup.stage == Stage.PLANNED:
        return (
            _("är planerad och öppnar %(day)s.") % {"day": long_date(followup.opens)}
            if followup.opens
            else _("är planerad.")
        )
    if followup.stage == Stage.OPEN:
        return (
            _("är öppen för rapportering och lämnas senast %(day)s.") % {"day": long_date(followup.due)}
            if followup.due
            else _("är öppen för rapportering.")
        )
    return _("är stängd för rapportering och ska publiceras.")


def year_of(followup: FollowUp) -> int:
    return followup.year
