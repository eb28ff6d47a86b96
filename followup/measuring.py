"""Saying what an indicator shows in a municipality and a year: one deed, all or nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from actionplan.models import Indicator
from followup.models import Conflict, Outcome
from followup.queries import outcome_rows
from municipalities.models import Municipality, User
from publishing.formats import written_whole

SAID = ("value", "missing_reason", "preliminary", "source", "source_url")


def enter_outcome(
    indicator: Indicator,
    municipality: Municipality,
    year: int,
    said: dict[str, Any],
    *,
    seen: int,
    by: User,
) -> Outcome:
    """Writes what `by` says as the row after number `seen`, which they saw; a correction is a row of its own.

    Saying what is said already writes nothing and gives the row that says it: a double click, or a form that
    was sent unchanged, leaves no row. Raises Conflict, and writes nothing, when someone else's row came
    between.
    """
    latest = outcome_rows(indicator, municipality, year).first()
    if latest is not None and says(latest) == said:
        return latest
    outcome = Outcome(indicator=indicator, municipality=municipality, year=year, author=by, **said)
    try:
        outcome.write_after(seen)
    except Conflict:  # perhaps with the same, that was sent twice in the same moment
        latest = outcome_rows(indicator, municipality, year).first()
        if latest is not None and latest.author == by and says(latest) == said:
            return latest
        raise
    return outcome


def says(outcome: Outcome) -> dict[str, Any]:
    """What an outcome says, by field, as a form has it."""
    return {name: getattr(outcome, name) for name in SAID}


def saved_sentence(outcome: Outcome) -> str:
    return _("Utfallet är sparat: %(indicator)s i %(municipality)s %(year)d %(said)s.") % {
        "indicator": outcome.indicator.short_name or outcome.indicator.name,
        "municipality": outcome.municipality.short_name,
        "year": outcome.year,
        "said": _("är %(value)s") % {"value": written_whole(outcome.value)}
        if outcome.value is not None
        else _("saknas (%(why)s)") % {"why": outcome.get_missing_reason_display().lower()},
    }
