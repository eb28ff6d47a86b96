"""An indicator's outcome in a municipality and a year, with all that has been said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from actionplan.models import Indicator
from actionplan.reports import goal_rows
from followup.judging import is_far_outside
from followup.models import FollowUp, Outcome
from followup.queries import Standpoint, outcome_rows
from followup.reports.goals import GoalStanding, Outcomes, evidence_for, goal_standing
from municipalities.models import Municipality
from publishing.formats import EN_DASH, number, written_whole


@dataclass(frozen=True)
class OutcomeRow:
    """What was said of an outcome, by whom and when; no author where it is public statistics."""

    number: int
    value: Decimal | None
    written: str
    missing_words: str
    preliminary: bool
    source: str
    source_url: str
    kolada_id: str
    kolada_title: str
    author: str
    written_at: datetime

    @property
    def is_statistics(self) -> bool:
        return not self.author


@dataclass(frozen=True)
class OutcomePage:
    """What somebody who enters an outcome sees beside the form. `rows`: the latest first.

    `far_outside` is a sentence when the value is so unlike the others that it may be mistyped.
    """

    rows: tuple[OutcomeRow, ...]
    before_year: int
    before: OutcomeRow | None
    asks: tuple[str, ...]
    goals: tuple[GoalStanding, ...]
    far_outside: str

    @property
    def latest(self) -> OutcomeRow | None:
        return self.rows[0] if self.rows else None

    @property
    def earlier(self) -> tuple[OutcomeRow, ...]:
        return self.rows[1:]


def outcome_page(
    standing: Standpoint, followup: FollowUp, indicator: Indicator, municipality: Municipality
) -> OutcomePage:
    """The outcome, last year's, and the goals of the year that are judged on it; in four statements."""
    goals = [
        goal
        for rows in goal_rows(followup.revision).values()
        for goal in rows
        if any(target.indicator == indicator.slug and target.year == followup.year for target in goal.targets)
    ]
    evidence = evidence_for(standing, goals, followup)
    judged = tuple(goal_standing(goal, followup.year, evidence) for goal in goals)
    targets = (each for goal in judged for each in goal.targets if each.indicator == indicator.slug)
    rows = tuple(outcome_row(row) for row in outcome_rows(indicator, municipality, followup.year))
    before = evidence.outcomes.get((indicator.slug, municipality.pk, followup.year - 1))
    return OutcomePage(
        rows=rows,
        before_year=followup.year - 1,
        before=outcome_row(before) if before else None,
        asks=tuple(dict.fromkeys(each.asks for each in targets)),
        goals=judged,
        far_outside=far_outside(
            rows[0].value if rows else None,
            evidence.outcomes,
            municipality,
            followup.year,
            indicator.decimals,
        ),
    )


def outcome_row(outcome: Outcome) -> OutcomeRow:
    return OutcomeRow(
        number=outcome.number,
        value=outcome.value,
        written="" if outcome.value is None else written_whole(outcome.value),
        missing_words=outcome.get_missing_reason_display(),
        preliminary=outcome.preliminary,
        source=outcome.source,
        source_url=outcome.source_url,
        kolada_id=outcome.kolada_id,
        kolada_title=outcome.kolada_title,
        author=str(outcome.author) if outcome.author_id else "",
        written_at=outcome.written_at,
    )


def far_outside(
    value: Decimal | None, outcomes: Outcomes, municipality: Municipality, year: int, decimals: int
) -> str:
    """A sentence when the value is far from the municipality's in other years, or else from the others'."""
    if value is None:
        return ""
    others = {
        (place, when): outcome.value
        for (_slug, place, when), outcome in outcomes.items()
        if outcome.value is not None and (place, when) != (municipality.pk, year)
    }
    own = [known for (place, _when), known in others.items() if place == municipality.pk]
    known = own or list(others.values())
    if not is_far_outside(value, known):
        return ""
    lowest, highest = number(min(known), decimals), number(max(known), decimals)
    return _(
        "Värdet %(value)s ligger långt från de tidigare (%(known)s). Stämmer det behöver du inte göra något."
    ) % {
        "value": written_whole(value),
        "known": lowest if lowest == highest else f"{lowest}{EN_DASH}{highest}",
    }
