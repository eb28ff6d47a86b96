"""The plans on the start page, each with a sentence on where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rules
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from actionplan.facts import plan_facts
from actionplan.models import Plan
from followup.counts import StatusCounts
from followup.judging import Verdict
from followup.queries import Standpoint, standpoint
from followup.reports.glance import plan_glance
from followup.reports.goals import GoalStanding
from followup.reports.sentences import plan_sentence
from followup.reports.to_do import ToDo, to_do
from municipalities.models import User
from publishing.formats import swedish_key

if TYPE_CHECKING:
    from followup.queries import Reader


@dataclass(frozen=True)
class PlanCard:
    """A plan as the start page shows it; no verdicts and counts where its statuses may not be read."""

    plan: Plan
    period: str
    state: str
    state_text: str
    partners: str
    says: SafeString
    is_example: bool
    goals: int
    verdicts: tuple[tuple[str, str], ...]
    """Codes, each with how many goals have it in words: "1 uppnått"."""
    counts: StatusCounts | None


def own_to_do(reader: Reader) -> ToDo | None:
    """What is the reader's to do; None for visitors and for those who only read."""
    if not isinstance(reader, User):
        return None
    found = to_do(reader)
    return found if found.rounds or found.organisations or found.leads else None


def plans_to_read(reader: Reader) -> list[Plan]:
    """The plans that `reader` may read and something is written of, in Swedish order."""
    plans = Plan.objects.with_parties().prefetch_related("followups")
    found = [
        plan
        for plan in plans
        if rules.has_perm("actionplan.read_plan", reader, plan) and plan.revisions.all()
    ]
    return sorted(found, key=lambda plan: swedish_key(plan.title))


def plan_cards(reader: Reader) -> list[PlanCard]:
    """The plans that `reader` may read, each with where it stands."""
    return [plan_card(standpoint(plan, reader)) for plan in plans_to_read(reader)]


def plan_card(standing: Standpoint) -> PlanCard:
    plan, revision = standing.plan, standing.revision
    facts = plan_facts(plan)
    glance = plan_glance(standing)
    return PlanCard(
        plan=plan,
        period=facts.period,
        state=revision.state,
        state_text=_("%(state)s, revidering %(year)d")
        % {"state": revision.get_state_display(), "year": revision.year},
        partners=facts.partner_names,
        says=plan_sentence(plan, glance),
        is_example=standing.is_example,
        goals=len(glance.goals),
        verdicts=verdicts(glance.goals) if glance.counts else (),
        counts=glance.counts,
    )


def verdicts(goals: Iterable[GoalStanding]) -> tuple[tuple[str, str], ...]:
    counter = Counter(goal.verdict for goal in goals)
    return tuple(
        (code, f"{counter[code]} {str(label).lower()}") for code, label in Verdict.choices if counter[code]
    )
