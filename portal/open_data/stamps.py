"""What tells that a dataset has changed, without making it: how many rows it rests on, and their changes.

Only what is public counts, so that nobody sees by it when a draft is written or a report comes in. What is
few is compared by value. What is many is compared by how many rows there are, the last one, and the last
line of their history, which every change has (docs/decisions/0034).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db.models import Count, Max, QuerySet

from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Goal,
    Indicator,
    Plan,
    Responsibility,
    Revision,
    SeriesBreak,
    YearlyTarget,
)
from followup.models import FollowUp, Outcome, StatusReport
from municipalities.models import Organisation
from portal.open_data.datasets import ACTIVITIES, STATUSES, TARGETS, Dataset
from portal.open_data.rows import Plans


def stamp(dataset: Dataset, plans: Plans, *besides: str) -> str:
    """The same as long as the dataset's rows of the plans are; `besides`: what else the answer depends on."""
    parts = [how_it_is_made(), *besides, dataset.key, *map(repr, rests_on(dataset, plans))]
    return sha256("\n".join(parts).encode()).hexdigest()


@cache
def how_it_is_made() -> str:
    """A checksum of the code that makes it: a new version of the portal may say the same otherwise."""
    own = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(each.read_bytes() for each in own)).hexdigest()


def rests_on(dataset: Dataset, plans: Plans) -> Iterator[Any]:
    """All that the rows are made of."""
    yield by_value(plans, "slug", "title")
    if dataset == STATUSES:
        yield from what_statuses_rest_on(plans)
    elif dataset in (ACTIVITIES, TARGETS):
        latest = Revision.objects.latest_adopted().filter(plan__in=plans)
        yield by_value(latest, "plan_id", "year")
        yield from (
            what_activities_rest_on(latest) if dataset == ACTIVITIES else what_targets_rest_on(latest)
        )
    else:
        yield from what_outcomes_rest_on(plans)


def what_activities_rest_on(revisions: QuerySet[Revision, Revision]) -> Iterator[Any]:
    responsibilities = Responsibility.objects.filter(revision__in=revisions)
    yield by_latest(Activity.objects.filter(revision__in=revisions))
    yield by_latest(Challenge.objects.filter(revision__in=revisions))
    yield by_value(Area.objects.filter(revision__in=revisions), "pk", "order")  # by which they are sorted
    yield by_latest(responsibilities)
    yield by_latest(Organisation.objects.filter(pk__in=responsibilities.values("organisation")))


def what_statuses_rest_on(plans: Plans) -> Iterator[Any]:
    years = FollowUp.objects.published().filter(plan__in=plans)
    reports = StatusReport.objects.filter(followup__in=years).public()
    revisions = Revision.objects.filter(pk__in=years.values("revision"))
    yield by_value(years, "plan_id", "year", "revision_id", "revision__year", "published_at", "is_example")
    yield by_latest(reports)
    yield by_latest(Organisation.objects.filter(pk__in=reports.values("organisation")))
    yield by_latest(Activity.objects.filter(revision__in=revisions))
    yield by_latest(Challenge.objects.filter(revision__in=revisions))
    yield by_value(Area.objects.filter(revision__in=revisions), "pk", "order")  # by which they are sorted


def what_outcomes_rest_on(plans: Plans) -> Iterator[Any]:
    partners = Plan.partners.through.objects.filter(plan__in=plans)
    decided = YearlyTarget.objects.filter(revision__in=Revision.objects.adopted().filter(plan__in=plans))
    indicators = Indicator.objects.filter(pk__in=decided.values("indicator"))
    municipalities = Organisation.objects.filter(pk__in=partners.values("municipality"))
    public = Outcome.objects.filter(indicator__in=indicators, municipality__in=municipalities).public()
    yield by_value(partners, "plan_id", "municipality_id")
    yield by_value(decided.distinct(), "revision__plan_id", "indicator_id")
    yield by_latest(public)
    yield by_latest(municipalities)
    yield from what_indicators_rest_on(indicators)


def what_targets_rest_on(revisions: QuerySet[Revision, Revision]) -> Iterator[Any]:
    targets = YearlyTarget.objects.filter(revision__in=revisions)
    yield by_latest(targets)
    yield by_latest(Goal.objects.filter(revision__in=revisions))
    yield by_latest(Challenge.objects.filter(revision__in=revisions))
    yield from what_indicators_rest_on(Indicator.objects.filter(pk__in=targets.values("indicator")))


def what_indicators_rest_on(indicators: QuerySet[Indicator, Indicator]) -> Iterator[Any]:
    yield by_value(indicators, "slug", "name", "unit", "direction", "source", "source_url")
    yield by_value(SeriesBreak.objects.filter(indicator__in=indicators), "indicator_id", "year")


def by_value(rows: Any, *names: str) -> list[Any]:
    return list(rows.order_by(*names).values_list(*names))


def by_latest(rows: Any) -> tuple[Any, ...]:
    """How many there are, the last one, and the last change of any of them."""
    many = rows.order_by().aggregate(Count("pk"), Max("pk"))
    history = getattr(rows.model, "history", None)
    if history is None:  # rows that are added, never changed
        return tuple(many.values())
    changes = history.filter(id__in=rows.order_by().values("pk")).aggregate(Max("history_id"))
    return (*many.values(), *changes.values())
