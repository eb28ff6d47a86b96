"""The plan in force as data: a schema that only grows, so that a reader of version 1 goes on working."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actionplan.models import Indicator
from actionplan.reports import ActivityRow, ChallengeSection, RevisionReport, TargetRow, revision_report
from followup.models import Outcome
from followup.queries import Standpoint, outcomes_of
from municipalities.models import Municipality
from publishing.tables import decimal_text

SCHEMA = 1


def plan_data(standing: Standpoint) -> dict[str, Any]:
    """The revision whole, and its indicators' outcomes as far as the reader may see them.

    Years are integers, values decimal strings, dates ISO 8601, and what isn't known is null.
    """
    report = revision_report(standing.revision)
    return {
        "schema": SCHEMA,
        "plan": {
            "slug": report.plan.slug,
            "title": report.plan.title,
            "document_type": report.plan.document_type,
            "first_year": report.plan.first_year,
            "last_year": report.plan.last_year,
            "owner": report.plan.owner,
            "partners": list(report.plan.partners),
        },
        "revision": revision_data(report),
        "chapters": [
            {"key": each.key, "area": each.area, "title": each.title, "text": each.text}
            for each in report.chapters
        ],
        "areas": [{"key": each.key, "title": each.title} for each in report.areas],
        "challenges": [challenge_data(each) for each in report.challenges],
        "terms": [{"term": each.term, "explanation": each.explanation} for each in report.terms],
        "indicators": indicators_data(standing, report),
    }


def revision_data(report: RevisionReport) -> dict[str, Any]:
    return {
        "year": report.year,
        "state": report.state,
        "decided_by": report.decided_by or None,
        "decided_on": report.decided_on.isoformat() if report.decided_on else None,
        "registry_number": report.registry_number or None,
    }


def challenge_data(section: ChallengeSection) -> dict[str, Any]:
    return {
        "key": section.key,
        "area": section.area,
        "title": section.title,
        "purpose": section.purpose or None,
        "strategy": section.strategy or None,
        "text": section.text or None,
        "followup_owner": section.followup_owner,
        "goals": [
            {"key": goal.key, "text": goal.text, "targets": [target_data(each) for each in goal.targets]}
            for goal in section.goals
        ],
        "activities": [activity_data(each) for each in section.activities],
    }


def target_data(target: TargetRow) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "year": target.year,
        "over": target.over,
        "operator": target.operator,
        "value": decimal_string(target.value),
    }


def activity_data(activity: ActivityRow) -> dict[str, Any]:
    return {
        "key": activity.key,
        "title": activity.title,
        "heading": activity.heading or None,
        "description": activity.description or None,
        "expected_result": activity.expected_result or None,
        "first_year": activity.first_year,
        "last_year": activity.last_year,
        "responsible": list(activity.responsible),
        "responsible_text": activity.responsible_text or None,
    }


def indicators_data(standing: Standpoint, report: RevisionReport) -> list[dict[str, Any]]:
    """The indicators that the revision's targets use, each with the partners' outcomes."""
    used = {target.indicator for each in report.challenges for goal in each.goals for target in goal.targets}
    partners = {each.pk: each for each in standing.plan.partners.all()}
    outcomes = outcomes_of(standing, used)
    return [
        {
            "slug": indicator.slug,
            "name": indicator.name,
            "unit": indicator.unit or None,
            "outcomes": [
                outcome_data(outcomes[slug, municipality, year], partners[municipality])
                for slug, municipality, year in sorted(outcomes, key=lambda each: (each[2], each[1]))
                if slug == indicator.slug
            ],
        }
        for indicator in Indicator.objects.filter(slug__in=used).order_by("slug")
    ]


def outcome_data(outcome: Outcome, municipality: Municipality) -> dict[str, Any]:
    return {
        "municipality": municipality.short_name,
        "year": outcome.year,
        "value": decimal_string(outcome.value),
        "missing_reason": outcome.missing_reason or None,
        "preliminary": outcome.preliminary,
        "source": outcome.source or None,
    }


def decimal_string(value: Decimal | None) -> str | None:
    """The value whole, without the zeros that only its storage adds: "75", "57.89505229"."""
    return None if value is None else decimal_text(value)
