"""What charts have found, in the sentences that are their headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from followup.judging import Trend, Verdict
from followup.models import Status
from publishing.formats import in_words, joined

if TYPE_CHECKING:
    from followup.reports.goals import TargetStanding
    from followup.reports.years import YearCounts


def target_finding(target: TargetStanding) -> str:
    """Such as "NKI har stigit sedan 2015, men når inte målet 75."."""
    words = {"name": target.indicator_name, "year": target.year, "aim": target.aim}
    if target.value is None or target.verdict == Verdict.CANNOT_BE_JUDGED:
        return _("%(name)s %(year)d går inte att hålla mot målet %(aim)s.") % words
    is_met = target.verdict == Verdict.MET
    reached = (_("når målet %(aim)s") if is_met else _("når inte målet %(aim)s")) % words
    since, change = target.since_last_year, target.change
    if change is None:
        return f"{target.indicator_name} {reached}."
    if since.trend == Trend.UNCHANGED:
        moved = _("ligger kvar sedan %(year)d")
    else:
        moved = _("har stigit sedan %(year)d") if change > 0 else _("har sjunkit sedan %(year)d")
    agrees = since.trend == Trend.UNCHANGED or is_met == (since.trend == Trend.BETTER)
    both = _("%(moved)s och %(reached)s") if agrees else _("%(moved)s, men %(reached)s")
    told = both % {"moved": moved % {"year": since.year}, "reached": reached}
    return f"{target.indicator_name} {told}."


def years_finding(years: Sequence[YearCounts]) -> str:
    """Such as "Genomförda: 2016 sju av 18 och 2017 nio av 22."."""
    parts = [
        _("%(year)d %(done)s av %(total)d")
        % {
            "done": in_words(each.counts.number_of(Status.COMPLETED)),
            "total": each.counts.total,
            "year": each.year,
        }
        for each in years
    ]
    return _("Genomförda: %(years)s.") % {"years": joined(parts)}
