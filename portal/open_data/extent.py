"""What each plan's datasets hold: whether anything at all, of which years, and since when.

All plans are asked of at once, so the statements don't grow with them. Tests hold it to the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef

from actionplan.models import Activity, Plan, Revision, YearlyTarget
from followup.models import FollowUp, Outcome
from followup.reports.documents import parts_of_name
from portal.open_data.datasets import ACTIVITIES, OUTCOMES, OUTCOMES_FROM_KOLADA, STATUSES, TARGETS
from portal.open_data.rows import Plans
from publishing.models import Publication


@dataclass(frozen=True)
class Extent:
    """What a dataset holds, each None where it isn't known.

    `issued`: when the first of it became public; `modified`: when it was changed last.
    """

    first_year: int | None = None
    last_year: int | None = None
    issued: datetime | None = None
    modified: datetime | None = None


Extents = dict[tuple[str, str], Extent]
"""By the plan's slug and the dataset's key. What holds nothing isn't there."""

Moments = tuple[datetime | None, datetime | None]
"""The first and the last."""


def together(extents: Iterable[Extent]) -> Extent:
    """The extent of what several datasets hold."""
    every = list(extents)
    return Extent(
        earliest(each.first_year for each in every),
        latest(each.last_year for each in every),
        earliest(each.issued for each in every),
        latest(each.modified for each in every),
    )


def earliest(values: Iterable[Any]) -> Any:
    return min((each for each in values if each is not None), default=None)


def latest(values: Iterable[Any]) -> Any:
    return max((each for each in values if each is not None), default=None)


def extents(plans: Plans) -> Extents:
    """What the plans' datasets hold, of plans of which something is adopted. Takes ten statements."""
    editions = editions_by_plan()
    return {
        **decided(plans, editions),
        **followed_up(plans, editions),
        **measured(plans, editions),
    }


Editions = dict[tuple[str, str], dict[int, Moments]]
"""When a plan's revisions, or its years, were published: by slug and kind, and then by year."""


def editions_by_plan() -> Editions:
    published = Publication.objects.order_by().values_list("document")
    found: Editions = defaultdict(dict)
    for document, first, last in published.annotate(Min("published_at"), Max("published_at")):
        if parts := parts_of_name(document):
            found[parts.slug, parts.kind][parts.year] = first, last
    return found


def first_edition(editions: Editions, slug: str, kind: str) -> datetime | None:
    return earliest(first for first, _last in editions.get((slug, kind), {}).values())


def last_edition(editions: Editions, slug: str, kind: str) -> datetime | None:
    return latest(last for _first, last in editions.get((slug, kind), {}).values())


def decided(plans: Plans, editions: Editions) -> Extents:
    """What stands in each plan's latest adopted revision: it is as that was published last."""
    revisions = Revision.objects.latest_adopted().filter(plan__in=plans)
    years = {
        ACTIVITIES.key: Activity.objects.order_by()
        .values_list("revision__plan__slug", "revision__year")
        .annotate(Min("first_year"), Max("last_year")),
        TARGETS.key: YearlyTarget.objects.order_by()
        .values_list("revision__plan__slug", "revision__year")
        .annotate(Min("year"), Max("year")),
    }
    return {
        (slug, key): Extent(
            first,
            last,
            first_edition(editions, slug, "revision"),
            editions.get((slug, "revision"), {}).get(year, (None, None))[1],
        )
        for key, rows in years.items()
        for slug, year, first, last in rows.filter(revision__in=revisions)
    }


def followed_up(plans: Plans, editions: Editions) -> Extents:
    """The published years that had something to report."""
    running = Activity.objects.filter(revision=OuterRef("revision")).running_in(OuterRef("year"))
    years = FollowUp.objects.published().filter(Exists(running), plan__in=plans).order_by()
    return {
        (slug, STATUSES.key): Extent(
            first,
            last,
            first_edition(editions, slug, "followup"),
            last_edition(editions, slug, "followup"),
        )
        for slug, first, last in years.values_list("plan__slug").annotate(Min("year"), Max("year"))
    }


def measured(plans: Plans, editions: Editions) -> Extents:
    """Outcomes are public with the plan; those that somebody has typed, when their year is published."""
    revisions = Revision.objects.adopted().filter(plan__in=plans)
    targets = YearlyTarget.objects.filter(revision__in=revisions).order_by()
    indicators = in_groups(targets.values_list("revision__plan__slug", "indicator").distinct())
    partners = Plan.partners.through.objects.filter(plan__in=plans)
    municipalities = in_groups(partners.values_list("plan__slug", "municipality"))
    public = Outcome.objects.public()
    rows = {
        OUTCOMES.key: (public.last_of_these().from_elsewhere(), public.from_elsewhere()),
        OUTCOMES_FROM_KOLADA.key: (public.last_of_these().from_kolada(), public.from_kolada()),
    }
    found: Extents = {}
    for key, (now, ever) in rows.items():
        of_now = dict(by_subject(now, Min("year"), Max("year"), Max("written_at"), Count("author")))
        of_ever = dict(by_subject(ever, Min("written_at")))
        for slug, theirs in indicators.items():
            subjects = [(each, place) for each in theirs for place in municipalities[slug]]
            if known := [of_now[each] for each in subjects if each in of_now]:
                written = earliest(of_ever[each][0] for each in subjects if each in of_ever)
                began = first_edition(editions, slug, "revision")
                typed = any(count for *_rest, count in known)
                found[slug, key] = Extent(
                    earliest(first for first, *_rest in known),
                    latest(last for _first, last, *_rest in known),
                    latest([written, began]),
                    latest(
                        [
                            *(at for _first, _last, at, _count in known),
                            began,
                            last_edition(editions, slug, "followup") if typed else None,
                        ]
                    ),
                )
    return found


def by_subject(outcomes: Any, *asked: Any) -> Iterator[tuple[tuple[int, int], tuple[Any, ...]]]:
    """What is asked of each indicator's outcomes in each municipality."""
    for indicator, municipality, *told in (
        outcomes.order_by().values_list("indicator", "municipality").annotate(*asked)
    ):
        yield (indicator, municipality), tuple(told)


def in_groups(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    grouped: dict[str, set[int]] = defaultdict(set)
    for name, number in pairs:
        grouped[name].add(number)
    return grouped
