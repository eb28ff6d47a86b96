"""The sentence that each page opens with, worked out from its figures."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from actionplan.facts import PlanFacts
from actionplan.models import Plan
from followup.counts import StatusCounts
from followup.judging import Verdict
from followup.models import NO_REPORT, Status
from followup.reports.glance import PlanGlance
from followup.reports.goals import GoalStanding
from publishing.formats import counted, in_words


@dataclass(frozen=True)
class Run:
    """A part of a sentence that is written alike."""

    text: str
    is_strong: bool


def plan_sentence(plan: Plan | PlanFacts, glance: PlanGlance) -> SafeString:
    """How the plan stands; where no follow-up may be read, what it holds."""
    if glance.counts is None:
        return contents(plan, glance)
    return together(
        goals_met(glance.goals),
        activities_done(plan, glance.year, glance.counts),
        gaps_in_the_plan(plan, glance),
    )


def year_sentence(
    plan: PlanFacts,
    year: int,
    goals: Sequence[GoalStanding],
    counts: StatusCounts,
    *,
    without_responsible: int,
) -> SafeString:
    """How the year went."""
    return together(goals_met(goals), activities_done(plan, year, counts), unowned(without_responsible))


def runs(sentence: SafeString) -> tuple[Run, ...]:
    """The sentence by value: `sentence` may hold <b> and </b>, not nested, and no other tags."""
    parts = re.split(r"</?b>", sentence)
    return tuple(
        Run(html.unescape(part), is_strong=place % 2 == 1) for place, part in enumerate(parts) if part
    )


def contents(plan: Plan | PlanFacts, glance: PlanGlance) -> SafeString:
    challenges = words_for(len(glance.challenges), plan.words.challenge, plan.words.challenges)
    if glance.areas:
        areas = words_for(len(glance.areas), _("område"), _("områden"), neuter=True)
        opening = format_html("<b>{}</b> {} {}.", areas, _("med"), challenges.lower())
    else:
        opening = format_html("<b>{}</b>.", challenges)
    goals = (
        words_for(len(glance.goals), _("mål"), pgettext("several", "mål"), neuter=True)
        if glance.goals
        else _("Inga mål med tal")
    )
    if not glance.activities:
        return together(opening, format_html("{} {}.", goals, _("och inga daterade aktiviteter")))
    activities = counted(glance.activities, plan.words.activity, plan.words.activities)
    return together(
        opening,
        format_html("{} {} <b>{}</b>.", goals, _("och"), activities),
        gaps_in_the_plan(plan, glance),
    )


THE_GOAL = {
    Verdict.MET: gettext_lazy("Målet är uppnått"),
    Verdict.PARTLY_MET: gettext_lazy("Målet är delvis uppnått"),
    Verdict.NOT_MET: gettext_lazy("Målet är inte uppnått"),
    Verdict.CANNOT_BE_JUDGED: gettext_lazy("Målet kan inte bedömas"),
}
"""How a plan's only goal came out."""


def goals_met(goals: Sequence[GoalStanding]) -> SafeString:
    """ "Ett av fem mål är uppnått. Två kan inte bedömas."; nothing where the plan has no goals."""
    if not goals:
        return SafeString("")
    if len(goals) == 1:
        return format_html("<b>{}</b>.", THE_GOAL[Verdict(goals[0].verdict)])
    met = sum(goal.verdict == Verdict.MET for goal in goals)
    total = in_words(len(goals), neuter=True)
    sentence = (
        ngettext("<b>{met} av {total} mål</b> är uppnått.", "<b>{met} av {total} mål</b> är uppnådda.", met)
        if met
        else _("<b>Inget av {total} mål</b> är uppnått.")
    )
    return together(
        format_html(sentence, met=in_words(met, neuter=True).capitalize(), total=total),
        goals_not_judged(sum(goal.verdict == Verdict.CANNOT_BE_JUDGED for goal in goals)),
    )


def goals_not_judged(count: int) -> SafeString:
    """ "Två kan inte bedömas."; nothing where all have been judged."""
    if not count:
        return SafeString("")
    return format_html(_("{} kan inte bedömas."), in_words(count, neuter=True).capitalize())


def activities_done(plan: Plan | PlanFacts, year: int, counts: StatusCounts) -> SafeString:
    """ "Sex av 18 aktiviteter 2016 är genomförda och två är försenade. Tre har ingen rapporterat." """
    if not counts.total:
        return format_html(_("Inga {} följs upp {}."), plan.words.activities, year)
    done, delayed, silent = map(counts.number_of, (Status.COMPLETED, Status.DELAYED, NO_REPORT))
    completed = format_html(
        ngettext("<b>{} av {} {}</b> är genomförd", "<b>{} av {} {}</b> är genomförda", done or 1),
        in_words(done).capitalize() if done else _("Ingen"),
        counted(counts.total, plan.words.activity, plan.words.activities),
        year,
    )
    late = format_html(ngettext(" och {} är försenad", " och {} är försenade", delayed), in_words(delayed))
    unreported = format_html(
        ngettext("{} har ingen rapporterat.", "{} har ingen rapporterat.", silent),
        in_words(silent).capitalize(),
    )
    return together(
        format_html("{}{}.", completed, late if delayed else ""), unreported if silent else SafeString("")
    )


def gaps_in_the_plan(plan: Plan | PlanFacts, glance: PlanGlance) -> SafeString:
    """ "16 av planens 40 aktiviteter saknar ansvarig." """
    if not glance.without_responsible:
        return SafeString("")
    return format_html(
        ngettext(
            "{} av planens {} saknar ansvarig.",
            "{} av planens {} saknar ansvarig.",
            glance.without_responsible,
        ),
        in_words(glance.without_responsible).capitalize(),
        counted(glance.activities, plan.words.activity, plan.words.activities),
    )


def unowned(count: int) -> SafeString:
    if not count:
        return SafeString("")
    sentence = ngettext("{} saknar ansvarig.", "{} saknar ansvarig.", count)
    return format_html(sentence, in_words(count).capitalize())


def words_for(count: int, one: str, several: str, *, neuter: bool = False) -> str:
    return f"{in_words(count, neuter=neuter)} {one if count == 1 else several}".capitalize()


def together(*sentences: SafeString) -> SafeString:
    return format_html_join(" ", "{}", ((sentence,) for sentence in sentences if sentence))
