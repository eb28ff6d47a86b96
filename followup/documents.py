"""A year's follow-up as a document on paper."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from followup.reports.figures import figures_csv
from followup.reports.goals import TargetStanding
from followup.reports.year import ChallengeStanding, FollowUpReport, ReportedActivity
from publishing.editions import Imprint, frozen
from publishing.formats import long_date
from publishing.languages import in_the_portals_language
from publishing.pdf import Attached, Manuscript, document_pdf, manuscript
from publishing.tables import records_csv


def followup_pdf(report: FollowUpReport, imprint: Imprint | None = None) -> bytes:
    """The follow-up as PDF; with `imprint` as the edition that it tells of.

    Raises publishing.pdf.PdfError with a sentence when it can't be made.
    """
    return document_pdf(followup_manuscript(report, imprint))


@in_the_portals_language
def followup_manuscript(report: FollowUpReport, imprint: Imprint | None = None) -> Manuscript:
    """What that PDF is made of."""
    context = followup_context(report, imprint)
    return manuscript("followup/followup_pdf.html", context, attached(report, imprint))


def attached(report: FollowUpReport, imprint: Imprint | None) -> tuple[Attached, ...]:
    """The year as data: all of it as JSON, as its editions have it, and what are tables as CSV."""
    name = followup_file_name(report.plan.slug, report.year)
    day = imprint.published_on if imprint else date(report.year, 1, 1)
    words = report.plan.words.activities
    return (
        Attached(f"{name}.json", frozen(report), _("Hela uppföljningen som data"), day),
        Attached(f"{name}-aktiviteter.csv", activities_csv(report), _("Årets %s") % words, day),
        Attached(f"{name}-utfall.csv", figures_csv(report), _("Utfallen bakom bedömningarna"), day),
    )


class YearsActivity(NamedTuple):
    """An activity of the year with what was said of it; no status where nothing was."""

    challenge: str
    challenge_title: str
    key: str
    title: str
    responsible: str
    status: str
    comment: str
    result: str
    reason: str
    action: str
    link: str


def activities_csv(report: FollowUpReport) -> str:
    return records_csv(
        YearsActivity,
        (
            YearsActivity(
                challenge.key,
                challenge.title,
                each.activity.key,
                each.activity.title,
                each.activity.responsible_words,
                each.status or "",
                *told(each),
            )
            for challenge in report.challenges
            for each in challenge.activities
        ),
    )


def told(reported: ReportedActivity) -> tuple[str, str, str, str, str]:
    """Comment, result, reason, action and link; all of them empty when nobody has reported."""
    said = reported.said
    return (said.comment, said.result, said.reason, said.action, said.link) if said else ("",) * 5


def followup_context(report: FollowUpReport, imprint: Imprint | None = None) -> dict[str, Any]:
    """The follow-up, and what the frame of documents asks of it."""
    plan = report.plan
    title = _("Uppföljning %(year)d") % {"year": report.year}
    foot = [title, plan.title]
    if report.is_published:
        foot.append(report.stage_label)
    if imprint:
        foot.append(_("Utgåva %(number)d") % {"number": imprint.edition})
    if report.is_example:
        foot.append(_("Exempelinnehåll"))
    return {
        "report": report,
        "imprint": imprint,
        "title": title,
        "plan_name": plan.title,
        "kind": f"{plan.kind} {plan.period}",
        "partners": plan.partner_names if len(plan.partners) > 1 else plan.owner,
        "facts": facts(report, imprint),
        "on_cover": on_cover(report, imprint),
        "compared": compared(report),
        "contents": contents(report),
        "foot": " · ".join(foot),
        "is_draft": not report.is_published,
        "created": imprint.published_on if imprint else None,
    }


MOST_COMPARED = 5
"""How many municipalities can be drawn side by side."""
ROOM = 26
"""How many lines the table above them may have for such drawings to have room on the page."""


def first_drawn(report: FollowUpReport) -> TargetStanding | None:
    """The first target that has a chart."""
    targets = (target for _challenge, goal in report.goals for target in goal.targets)
    return next((each for each in targets if each.development and each.development.is_worth_drawing), None)


def on_cover(report: FollowUpReport, imprint: Imprint | None) -> TargetStanding | None:
    """What the cover draws on its way towards its target, when nothing else needs the room."""
    has_room = len(contents(report)) <= 8 and len(report.plan.title) <= 40
    corrects = imprint is not None and imprint.corrects
    return first_drawn(report) if has_room and not corrects else None


def compared(report: FollowUpReport) -> TargetStanding | None:
    """What the page that sums up the year draws for each municipality; None when there is no room for it."""
    found = first_drawn(report)
    if found is None or len(found.municipalities) > MOST_COMPARED:
        return None
    return found if sum(map(about_lines, report.challenges)) <= ROOM else None


def about_lines(challenge: ChallengeStanding) -> int:
    """How many lines its row has in that page's table, as near as can be told before it is laid out."""
    goals = [
        1 + lines(goal.text, 30) + len(goal.targets) + goal.is_judged_by_a_person for goal in challenge.goals
    ]
    deviations = [
        lines(f"{each.status_label} {each.activity.title} {each.said.action if each.said else ''}", 36)
        for each in challenge.deviations[:3]
    ]
    beside = sum(deviations) + (len(challenge.deviations) > 3) + (challenge.without_responsible > 0)
    return max(lines(challenge.title, 20), sum(goals), 1 + len(set(challenge.counts.marks)), beside)


def lines(text: str, letters: int) -> int:
    """How many lines of so many letters it takes."""
    return -(-len(text) // letters)


def contents(report: FollowUpReport) -> list[tuple[str, str, bool]]:
    """Every part of the document: the name of its place, its title, and that none stands below another."""
    return [
        ("aret-pa-en-sida", _("Året på en sida"), False),
        *((challenge.key, challenge.title, False) for challenge in report.challenges),
        ("sa-raknas-det", _("Så räknas det"), False),
        *([("ordforklaringar", _("Ordförklaringar"), False)] if report.terms else []),
    ]


def facts(report: FollowUpReport, imprint: Imprint | None) -> list[tuple[str, str]]:
    """What the cover says at its foot; what is empty is left out."""
    plan = report.plan
    return [
        (_("Läge"), report.stage_label),
        (_("Utgåva"), str(imprint.edition) if imprint else ""),
        (_("Publicerad"), long_date(imprint.published_on) if imprint else ""),
        (_("Diarienummer"), report.registry_number),
        (_("Följer upp"), f"{plan.kind} {report.revision_year}"),
        (_("Rapporteras senast"), long_date(report.due) if report.due and not report.is_published else ""),
        (_("Ägare"), plan.owner),
    ]


def followup_file_name(slug: str, year: int) -> str:
    """Readable and lasting, and without its ending: "uppfoljning-4m-2016"."""
    return f"uppfoljning-{slug}-{year}"
