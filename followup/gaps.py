"""What a draft lacks, with what it doesn't tell itself: what was measured, and what isn't gone through."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min
from django.urls import reverse

from actionplan.carrying import activities_left
from actionplan.gaps import Gap, Gaps, gaps, shortly, where
from actionplan.models import Chapter, Revision
from actionplan.reports import (
    ChapterSection,
    RevisionReport,
    challenge_sections,
    plan_facts,
    term_rows,
)
from followup.models import Outcome


def gaps_of(draft: Revision) -> Gaps:
    """The draft's checklist, in eight statements whatever its size."""
    report = what_is_asked_of(draft)
    return gaps(report, remaining=not_gone_through(draft), baseline=without_baseline(draft, report))


def what_is_asked_of(draft: Revision) -> RevisionReport:
    """The draft by value, without what the checklist doesn't look at."""
    return RevisionReport(
        plan=plan_facts(draft.plan),
        year=draft.year,
        state=draft.state,
        state_label=draft.get_state_display(),
        decided_by=draft.decided_by,
        decided_on=draft.decided_on,
        registry_number=draft.registry_number,
        note=draft.note,
        chapters=tuple(
            ChapterSection(row.key, None, row.title, row.text, row.placement)
            for row in Chapter.objects.filter(revision=draft)
        ),
        area_rows=(),
        challenges=challenge_sections(draft),
        terms=term_rows(draft),
    )


def not_gone_through(draft: Revision) -> Iterator[Gap]:
    """The activities of what the draft is based on that nobody has decided of."""
    if draft.based_on_id is None or draft.is_correction:
        return
    for each in activities_left(draft):
        yield Gap(shortly(each.title), reverse("carry-on-activity", args=[draft.plan.slug, each.key]))


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
