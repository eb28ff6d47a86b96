"""A revision as a document on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from actionplan.reports import RevisionReport
from publishing.editions import Imprint, frozen
from publishing.languages import in_the_portals_language
from publishing.pdf import Attached, Manuscript, document_pdf, manuscript
from publishing.tables import records_csv


def revision_pdf(report: RevisionReport, imprint: Imprint | None = None) -> bytes:
    """The revision as PDF; with `imprint` as the edition that it tells of.

    Raises publishing.pdf.PdfError with a sentence when it can't be made.
    """
    return document_pdf(revision_manuscript(report, imprint))


@in_the_portals_language
def revision_manuscript(report: RevisionReport, imprint: Imprint | None = None) -> Manuscript:
    """What that PDF is made of."""
    context = revision_context(report, imprint)
    return manuscript("actionplan/revision_pdf.html", context, attached(report, imprint))


def attached(report: RevisionReport, imprint: Imprint | None) -> tuple[Attached, ...]:
    """The revision as data: all of it as JSON, as its editions have it, and what are tables as CSV."""
    name = revision_file_name(report.plan.slug, report.year)
    day = imprint.published_on if imprint else report.decided_on or date(report.year, 1, 1)
    words = report.plan.words.activities
    return (
        Attached(f"{name}.json", frozen(report), _("Hela planen som data"), day),
        Attached(f"{name}-aktiviteter.csv", activities_csv(report), _("Planens %s") % words, day),
        Attached(f"{name}-malvarden.csv", targets_csv(report), _("Planens målvärden"), day),
    )


class PlannedActivity(NamedTuple):
    """An activity as the plan has it."""

    challenge: str
    challenge_title: str
    key: str
    title: str
    expected_result: str
    first_year: int | None
    last_year: int | None
    responsible: str


class PlannedTarget(NamedTuple):
    """A target as the plan has it."""

    challenge: str
    goal: str
    goal_text: str
    key: str
    indicator: str
    year: int
    over: str
    operator: str
    value: Decimal
    unit: str


def activities_csv(report: RevisionReport) -> str:
    return records_csv(
        PlannedActivity,
        (
            PlannedActivity(
                challenge=challenge.key,
                challenge_title=challenge.title,
                key=each.key,
                title=each.title,
                expected_result=each.expected_result,
                first_year=each.first_year,
                last_year=each.last_year,
                responsible=each.responsible_words,
            )
            for challenge in report.challenges
            for each in challenge.activities
        ),
    )


def targets_csv(report: RevisionReport) -> str:
    return records_csv(
        PlannedTarget,
        (
            PlannedTarget(
                challenge=challenge.key,
                goal=goal.key,
                goal_text=goal.text,
                key=each.key,
                indicator=each.indicator,
                year=each.year,
                over=each.over,
                operator=each.operator,
                value=each.value,
                unit=each.unit,
            )
            for challenge in report.challenges
            for goal in challenge.goals
            for each in goal.targets
        ),
    )


def revision_context(report: RevisionReport, imprint: Imprint | None = None) -> dict[str, Any]:
    """The revision, and what the frame of documents asks of it."""
    plan = report.plan
    title = f"{plan.kind} {report.year}"
    foot = [title, plan.title]
    if not report.is_draft:
        foot.append(report.state_label)
    if imprint:
        foot.append(_("Utgåva %(number)d") % {"number": imprint.edition})
    return {
        "report": report,
        "imprint": imprint,
        "title": title,
        "plan_name": plan.title,
        "kind": _("Styrdokument %(period)s") % {"period": plan.period},
        "partners": plan.partner_names if len(plan.partners) > 1 else plan.owner,
        "contents": contents(report),
        "foot": " · ".join(foot),
        "is_draft": report.is_draft,
        "created": report.decided_on,
        "changed": imprint.published_on if imprint else None,
    }


def contents(report: RevisionReport) -> list[tuple[str, str, bool]]:
    """Every part of the document: the name of its place, its title, and whether it stands in an area."""
    found = [(f"avsnitt-{each.key}", each.title, False) for each in report.before]
    for area in report.areas:
        found.append((f"omrade-{area.key}", area.title, False))
        found += [(each.key, each.title, True) for each in area.challenges]
    found += [(each.key, each.title, False) for each in report.challenges_outside_areas]
    found += [(f"avsnitt-{each.key}", each.title, False) for each in report.after]
    if report.terms:
        found.append(("ordforklaringar", _("Ordförklaringar"), False))
    if report.changes:
        title = _("Vad som ändrats sedan %(before)s") % {"before": report.changes.before_label}
        found.append(("andringar", title, False))
    return found


def revision_file_name(slug: str, year: int) -> str:
    """Readable and lasting, without å, ä, ö or spaces, and without its ending: "plan-4m-2016"."""
    return f"plan-{slug}-{year}"
