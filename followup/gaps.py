"""What a draft lacks, with what hasn't been measured."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min

from actionplan.gaps import Gap, Gaps, gaps, not_gone_through, where
from actionplan.models import Revision
from actionplan.reports import RevisionReport, text_report
from followup.models import Outcome


def gaps_of(draft: Revision) -> Gaps:
    """The draft's checklist, in eight statements whatever its size."""
    report = text_report(draft)
    return gaps(report, remaining=not_gone_through(draft), baseline=without_baseline(draft, report))


def without_baseline(draft: Revision, report: RevisionReport) -> Iterator[Gap]:
    """Indicators of which none of the partners has a value from before the first year that has a target."""
    targets = [each for one in report.challenges for goal in one.goals for each in goal.targets]
    first: dict[str, int] = {}
    for each in targets:
        first[each.indicator] = min(each.year, first.get(each.indicator, each.year))
    if not first:
        return
    measured = Outcome.objects.filter(
        indicator__slug__in=first, municipality__in=draft.plan.partners.all(), value__isnull=False
    ).current()
    earliest = dict(measured.order_by().values_list("indicator__slug").annotate(Min("year")))
    named = {each.indicator: each for each in reversed(targets)}
    for slug, year in first.items():
        if earliest.get(slug, year) >= year:
            yield Gap(named[slug].indicator_name, where(report, "malvarden", named[slug].key))
