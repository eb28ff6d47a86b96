"""The rows of each dataset, as the database has them now: only what is public, whoever asks.

A row has a value for each of its dataset's columns: text, whole number, Decimal, truth, moment, a list of
texts, or None where nothing is known. Rows come a thousand at a time, so that memory doesn't grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from actionplan.models import Activity, Challenge, Indicator, Plan, Revision, YearlyTarget
from actionplan.models.rows import series_began
from followup.models import FollowUp, Outcome, StatusReport
from portal.open_data.datasets import (
    ACTIVITIES,
    OUTCOMES,
    OUTCOMES_FROM_KOLADA,
    STATUSES,
    TARGETS,
    Dataset,
    Licence,
)

Row = dict[str, Any]
Plans = QuerySet[Plan, Plan]

AT_A_TIME = 1_000


def rows_of(dataset: Dataset, plans: Plans) -> Iterator[Row]:
    """The dataset's rows of the plans, all of which have something adopted, in their order."""
    return ROWS[dataset.key](plans.order_by("slug"), dataset)


def activities(plans: Plans, dataset: Dataset) -> Iterator[Row]:
    for revision in Revision.objects.latest_adopted().filter(plan__in=plans).order_by("plan__slug"):
        found = Activity.objects.filter(revision=revision).in_reading_order().with_responsible()
        known = {**of_plan(revision.plan), "revision_year": revision.year}
        for activity in found.iterator(AT_A_TIME):
            responsible = [each.organisation for each in activity.responsibilities.all()]
            yield {
                **known,
                **of_activity(activity),
                "heading": activity.heading or None,
                "description": activity.description or None,
                "expected_result": activity.expected_result or None,
                "first_year": activity.first_year,
                "last_year": activity.last_year,
                "responsible": [each.key for each in responsible],
                "responsible_names": [each.short_name for each in responsible],
                "responsible_text": activity.responsible_text or None,
                "replaces": activity.predecessor or None,
                **on_terms(dataset.licence),
            }


def statuses(plans: Plans, dataset: Dataset) -> Iterator[Row]:
    published = FollowUp.objects.published().filter(plan__in=plans).select_related("plan", "revision")
    for followup in published.order_by("plan__slug", "year"):
        reports = StatusReport.objects.filter(followup=followup).public().order_by("number")
        said = Prefetch("reports", reports.select_related("organisation"), to_attr="said")
        known = {
            **of_plan(followup.plan),
            "year": followup.year,
            "revision_year": followup.revision.year,
            "published": followup.published_at,
            "is_example": followup.is_example,
            **on_terms(dataset.licence),
        }
        for activity in followup.activities().in_reading_order().prefetch_related(said).iterator(AT_A_TIME):
            yield {**known, **of_activity(activity), **of_report(*activity.said[-1:])}


def of_report(report: StatusReport | None = None) -> Row:
    """What was said; nothing of an activity that nobody has reported."""
    columns = ("status", "comment", "result", "reason", "action", "link")
    return {
        **{name: getattr(report, name, None) or None for name in columns},
        "reported_for": report.organisation.key if report else None,
        "reported_for_name": report.organisation.short_name if report else None,
    }


def outcomes(plans: Plans, dataset: Dataset) -> Iterator[Row]:
    for plan in plans:
        found = Outcome.objects.of_plan(plan).public().last_of_these()
        theirs = found.from_kolada() if dataset == OUTCOMES_FROM_KOLADA else found.from_elsewhere()
        ordered = theirs.order_by("indicator__slug", "municipality__key", "year")
        known = {**of_plan(plan), **on_terms(dataset.licence)}
        complete = ordered.select_related("indicator", "municipality").annotate(series_from=series_began())
        for outcome in complete.iterator(AT_A_TIME):
            source = outcome if outcome.source or outcome.source_url else outcome.indicator
            yield {
                **known,
                **of_indicator(outcome.indicator),
                "municipality": outcome.municipality.key,
                "municipality_name": outcome.municipality.short_name,
                "municipality_code": outcome.municipality.municipal_code,
                "year": outcome.year,
                "value": outcome.value,
                "missing_reason": outcome.missing_reason or None,
                "preliminary": outcome.preliminary,
                "series_from": outcome.series_from,
                "source": source.source or None,
                "source_url": source.source_url or None,
                "kolada_id": outcome.kolada_id or None,
                "kolada_title": outcome.kolada_title or None,
            }


def targets(plans: Plans, dataset: Dataset) -> Iterator[Row]:
    for revision in Revision.objects.latest_adopted().filter(plan__in=plans).order_by("plan__slug"):
        found = YearlyTarget.objects.filter(revision=revision).annotate(series_from=series_began())
        ordered = found.order_by("goal__challenge__order", "goal__order", "goal", "year", "order", "pk")
        known = {
            **of_plan(revision.plan),
            "revision_year": revision.year,
            **on_terms(dataset.licence),
        }
        for target in ordered.select_related("goal__challenge", "indicator").iterator(AT_A_TIME):
            yield {
                **known,
                **of_challenge(target.goal.challenge),
                "goal": target.goal.key,
                "goal_text": target.goal.text,
                "target": target.key,
                **of_indicator(target.indicator),
                "year": target.year,
                "over": target.over,
                "operator": target.operator,
                "value": target.value,
                "nearly": target.nearly,
                "series_from": target.series_from,
            }


def of_plan(plan: Plan) -> Row:
    return {"plan": plan.slug, "plan_title": plan.title}


def of_challenge(challenge: Challenge) -> Row:
    return {"challenge": challenge.key, "challenge_title": challenge.title}


def of_activity(activity: Activity) -> Row:
    return {
        **of_challenge(activity.challenge),
        "activity": activity.key,
        "activity_title": activity.title,
    }


def of_indicator(indicator: Indicator) -> Row:
    return {
        "indicator": indicator.slug,
        "indicator_name": indicator.name,
        "unit": indicator.unit or None,
        "direction": indicator.direction,
    }


def on_terms(licence: Licence) -> Row:
    return {"licence": licence.address, "credit": licence.credit or None}


ROWS: dict[str, Callable[[Plans, Dataset], Iterator[Row]]] = {
    ACTIVITIES.key: activities,
    STATUSES.key: statuses,
    OUTCOMES.key: outcomes,
    OUTCOMES_FROM_KOLADA.key: outcomes,
    TARGETS.key: targets,
}
