"""A plan as it stood at the end of a day: the edition then in force, and what was known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from actionplan.editions import report_of
from actionplan.models import Activity, Plan
from actionplan.reports import ChallengeSection, RevisionReport
from followup.days import Day, standpoint_at
from followup.queries import Standpoint
from followup.reports.glance import ChallengeGlance, PlanGlance
from followup.reports.goals import evidence_for
from followup.reports.said import Said, said
from followup.reports.sentences import plan_sentence
from followup.reports.year import ChallengeStanding, challenge_standing
from municipalities.models import Municipality
from publishing.formats import long_date
from publishing.languages import in_the_portals_language
from publishing.models import Publication

if TYPE_CHECKING:
    from followup.queries import Reader


@dataclass(frozen=True)
class Document:
    """An edition that had been published then."""

    title: str
    text: str
    page: str
    pdf: str


@dataclass(frozen=True)
class PlanThen:
    """The plan as it stood. `challenges` tells what had been reported, if the reader knew of a follow-up."""

    day: date
    revision: int
    edition: int
    published_on: date
    standing: Standpoint
    report: RevisionReport
    glance: PlanGlance
    says: SafeString
    challenges: tuple[ChallengeStanding, ...]
    documents: tuple[Document, ...]

    @property
    def page(self) -> str:
        """The edition that was in force."""
        return reverse("revision-edition", args=[self.report.plan.slug, self.revision, self.edition])


@in_the_portals_language
def plan_then(day: Day, reader: Reader) -> PlanThen | None:
    """The plan at the end of the day, as far as the reader could know it; None where none was in force.

    Takes six statements at most, whatever its size.
    """
    if day.revision is None:
        return None
    edition = day.editions[day.revision.document]
    report = report_of(edition)
    partners = partners_in(report, day.plan)
    standing = standpoint_at(day, day.revision, reader, partners=partners)
    challenges = challenges_then(report, standing)
    glance = glance_then(report, standing, challenges)
    return PlanThen(
        day=day.day,
        revision=report.year,
        edition=edition.edition,
        published_on=localdate(edition.published_at),
        standing=standing,
        report=report,
        glance=glance,
        says=plan_sentence(report.plan, glance),
        challenges=challenges if standing.followup else (),
        documents=tuple(documents_then(day)),
    )


def partners_in(report: RevisionReport, plan: Plan) -> tuple[Municipality, ...]:
    """Those who took part by the edition, which names them; those of today if one is called otherwise."""
    names = report.plan.partners
    today = {each.short_name: each for each in plan.partners.all()}
    if set(names) == set(today):
        return tuple(today.values())
    named = tuple(Municipality.objects.filter(short_name__in=names))
    return named if len(named) == len(names) else tuple(today.values())


def challenges_then(report: RevisionReport, standing: Standpoint) -> tuple[ChallengeStanding, ...]:
    """The edition's challenges with their goals held against what was known, and what had been reported."""
    goals = [goal for section in report.challenges for goal in section.goals]
    evidence = evidence_for(standing, goals, standing.followup)
    reports, followed_up = reported(standing), keys_followed_up(standing)
    return tuple(
        challenge_standing(only(section, followed_up), standing.year, evidence, reports, None)
        for section in report.challenges
    )


def reported(standing: Standpoint) -> dict[str, Said]:
    """What was said last of each activity in the year that was spoken of, by key; in one statement."""
    rows = standing.reports().filter(followup=standing.followup)
    ordered = rows.select_related("activity", "organisation").order_by("number")
    return {row.activity.key: said(row, by_name=False) for row in ordered}


def keys_followed_up(standing: Standpoint) -> frozenset[str] | None:
    """Keys of the activities that the year could follow up, where that was by another revision; else None."""
    followup = standing.followup
    if followup is None or followup.revision_id == standing.revision.pk:
        return None
    return frozenset(Activity.objects.filter(revision=followup.revision_id).values_list("key", flat=True))


def only(section: ChallengeSection, keys: frozenset[str] | None) -> ChallengeSection:
    """The section with those of its activities that are asked for; with all where None is."""
    if keys is None:
        return section
    return replace(section, activities=tuple(each for each in section.activities if each.key in keys))


def glance_then(
    report: RevisionReport, standing: Standpoint, challenges: Iterable[ChallengeStanding]
) -> PlanGlance:
    areas = {area.key: area.title for area in report.area_rows}
    return PlanGlance(
        year=standing.year,
        challenges=tuple(
            ChallengeGlance(
                key=section.key,
                title=section.title,
                area=areas[section.area] if section.area else None,
                followup_owner=section.followup_owner,
                goals=stood.goals,
                activities=len(section.activities),
                without_responsible=section.without_responsible,
                counts=stood.counts if standing.followup else None,
            )
            for section, stood in zip(report.challenges, challenges, strict=True)
        ),
        areas=tuple(dict.fromkeys(areas[each.area] for each in report.challenges if each.area)),
        this_year=sum(each.runs_in(standing.year) for each in report.activities),
    )


def documents_then(day: Day) -> Iterator[Document]:
    """The latest editions that there were: of each year's follow-up, and of each revision."""
    plan = day.plan
    for followup in plan.followups.all():
        title = _("Uppföljning %(year)d") % {"year": followup.year}
        yield from document_then(title, "followup", plan, followup.year, day.editions.get(followup.document))
    for revision in plan.revisions.all():
        if not revision.is_correction:
            title = _("Planen för %(year)d") % {"year": revision.year}
            edition = day.editions.get(revision.document)
            yield from document_then(title, "revision", plan, revision.year, edition)


def document_then(
    title: str, name: str, plan: Plan, year: int, edition: Publication | None
) -> Iterator[Document]:
    if edition is None:
        return
    published_on = long_date(localdate(edition.published_at))
    words = {"number": edition.edition, "day": published_on}
    yield Document(
        title=title,
        text=_("Utgåva %(number)d, publicerad %(day)s") % words,
        page=reverse(f"{name}-edition", args=[plan.slug, year, edition.edition]),
        pdf=reverse(f"{name}-edition-pdf", args=[plan.slug, year, edition.edition]),
    )
