"""What stands in the way of publishing a year: what must be mended first, and what may be published as a gap.

Pure functions on what the desk knows of the challenges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.models import ReviewState, Stage, Verdict
from followup.reports.desk import ChallengeAtDesk, Desk
from followup.reports.goals import GoalStanding
from followup.reviewing import NEEDS_ACTION
from publishing.formats import NO_BREAK_SPACE, in_words

BEING_ASSESSED = (ReviewState.DRAFT, ReviewState.SUBMITTED, ReviewState.RETURNED)
"""The states of a review in which a goal may have been judged without anybody's approval yet."""

LEARNT_FROM = 60
"""How much of a goal's text it takes to know it, in characters."""


@dataclass(frozen=True)
class Lacking:
    """Something that isn't as it should be, and the page on which it is mended."""

    sentence: str
    page: str
    """The name of the page's address."""
    about: tuple[str | int, ...]
    """What stands in the address, in order."""
    asking: str = ""
    """What comes after it: a question mark, and what the page is asked for."""

    @property
    def address(self) -> str:
        return f"{reverse(self.page, args=self.about)}{self.asking}"


@dataclass(frozen=True)
class Checklist:
    """Everything that is lacking, in the plan's order."""

    must_be_mended: tuple[Lacking, ...]
    gaps: tuple[Lacking, ...]
    in_files: tuple[Lacking, ...] = ()
    """The indicators with gaps that can be filled from a file, all at once."""

    @property
    def is_ready(self) -> bool:
        return not self.must_be_mended

    @property
    def refusal(self) -> str:
        """Why the year can't be published, by the first of what must be mended; empty when it can."""
        if self.is_ready:
            return ""
        return _("Uppföljningen kan inte publiceras än. %(first)s") % {
            "first": self.must_be_mended[0].sentence
        }


def checklist(desk: Desk) -> Checklist:
    """What stands in the way, by what the desk knows."""
    year = (desk.plan.slug, desk.year)
    return Checklist(
        must_be_mended=tuple(each for challenge in desk.challenges for each in to_be_mended(challenge, year)),
        gaps=(
            *outcomes_missing(desk.challenges, year),
            *activities_missing(desk, year),
            *(each for challenge in desk.challenges for each in reviews_missing(challenge, year)),
            *(each for challenge in desk.challenges for each in goals_without_verdict(challenge, year)),
        ),
        in_files=tuple(outcomes_to_import(desk)) if desk.is_spoken_of else (),
    )


Year = tuple[str, int]
"""A plan's slug and a year: what the addresses of its follow-up begin with."""


def to_be_mended(challenge: ChallengeAtDesk, year: Year) -> Iterator[Lacking]:
    """What can't be published as it is: reviews on their way, and goals that aren't met with nothing said."""
    if challenge.review_state == ReviewState.SUBMITTED:
        sentence = _("%(challenge)s: texten är inskickad och väntar på en redaktörs svar.")
        yield Lacking(sentence % {"challenge": challenge.title}, "review", (*year, challenge.key))
    if challenge.review_state == ReviewState.RETURNED:
        sentence = _("%(challenge)s: texten är returnerad och inte inskickad igen.")
        yield Lacking(sentence % {"challenge": challenge.title}, "review", (*year, challenge.key))
    if challenge.owner is None:
        return
    for goal in challenge.goals:
        said = goal.assessment
        if goal.verdict in NEEDS_ACTION and not (said and (said.action or said.no_action)):
            words = {
                "challenge": challenge.title,
                "goal": shortly(goal),
                "verdict": goal.verdict_label.lower(),
            }
            sentence = _("%(challenge)s: målet ”%(goal)s” är %(verdict)s och saknar godkänd åtgärd.") % words
            yield Lacking(sentence, "review", (*year, challenge.key))


def outcomes_missing(challenges: Sequence[ChallengeAtDesk], year: Year) -> Iterator[Lacking]:
    """Outcomes that there are none of, and those that may still change, each once however many goals ask."""
    found: dict[tuple[str, str], Lacking] = {}
    targets = (target for each in challenges for goal in each.goals for target in goal.targets)
    for target in targets:
        for there in target.municipalities:
            words = {"who": there.name, "what": f"{target.indicator_name}{NO_BREAK_SPACE}{target.year}"}
            if there.value is None and there.number:
                sentence = _("%(who)s: %(what)s saknas (%(why)s)") % {
                    **words,
                    "why": there.missing_words.lower(),
                }
            elif there.value is None:
                sentence = _("%(who)s: %(what)s saknas") % words
            elif there.preliminary:
                sentence = _("%(who)s: %(what)s är preliminärt") % words
            else:
                continue
            found[target.indicator, there.key] = Lacking(
                sentence, "enter-outcome", (*year, target.indicator, there.key)
            )
    yield from found.values()


def outcomes_to_import(desk: Desk) -> Iterator[Lacking]:
    """The indicators of which outcomes are missing or may still change, each once."""
    targets = (target for each in desk.challenges for goal in each.goals for target in goal.targets)
    names = {
        target.indicator: target.indicator_name
        for target in targets
        if any(there.value is None or there.preliminary for there in target.municipalities)
    }
    for slug, name in names.items():
        yield Lacking(name, "import-outcomes", (desk.plan.slug, slug))


def activities_missing(desk: Desk, year: Year) -> Iterator[Lacking]:
    silent = sum(each.status is None for each in desk.activities)
    unowned = sum(not each.responsible for each in desk.activities)
    if silent:
        words = {"count": silent, "one": desk.plan.words.activity, "several": desk.plan.words.activities}
        sentence = ngettext(
            "%(count)d %(one)s ej rapporterad", "%(count)d %(several)s ej rapporterade", silent
        )
        page, asking = ("activities", "?lage=none") if desk.is_spoken_of else ("followup", "")
        yield Lacking(sentence % words, page, year[:1] if desk.is_spoken_of else year, asking)
    if unowned:
        yield Lacking(_("Ansvarig saknas: %(count)d") % {"count": unowned}, "assign", year)


def reviews_missing(challenge: ChallengeAtDesk, year: Year) -> Iterator[Lacking]:
    if challenge.owner is None:
        sentence = _("%(challenge)s: ingen kommun är uppföljningsansvarig") % {"challenge": challenge.title}
        yield Lacking(sentence, "challenge", (year[0], challenge.key))
    elif challenge.review_state is None:
        words = {"challenge": challenge.title, "who": challenge.owner}
        yield Lacking(
            _("%(challenge)s: %(who)s har inte skrivit sin text") % words, "review", (*year, challenge.key)
        )
    elif challenge.review_state == ReviewState.DRAFT:
        words = {"challenge": challenge.title, "who": challenge.owner}
        yield Lacking(
            _("%(challenge)s: %(who)s har inte skickat in sin text") % words, "review", (*year, challenge.key)
        )


def goals_without_verdict(challenge: ChallengeAtDesk, year: Year) -> Iterator[Lacking]:
    for goal in challenge.goals:
        if goal.verdict == Verdict.CANNOT_BE_JUDGED:
            words = {"challenge": challenge.title, "goal": shortly(goal)}
            sentence = (
                _("%(challenge)s: målet ”%(goal)s” har ingen godkänd bedömning")
                if challenge.review_state in BEING_ASSESSED
                else _("%(challenge)s: målet ”%(goal)s” är inte bedömt")
            )
            yield Lacking(sentence % words, "review", (*year, challenge.key))


def shortly(goal: GoalStanding) -> str:
    """Enough of the goal's text to know it by."""
    text = " ".join(goal.text.split())
    return text if len(text) <= LEARNT_FROM else f"{text[:LEARNT_FROM].rsplit(' ', 1)[0]} …"


def desk_sentence(desk: Desk, found: Checklist) -> SafeString:
    """ "14 av 18 aktiviteter är rapporterade. Två saker måste åtgärdas innan året kan publiceras." """
    words = {
        "reported": desk.reported,
        "total": len(desk.activities),
        "activities": desk.plan.words.activities,
    }
    progress = _("<b>{reported} av {total} {activities}</b> är rapporterade.")
    if desk.stage == Stage.PUBLISHED:
        rest = _("Året är publicerat och stängt.")
    elif found.must_be_mended:
        count = len(found.must_be_mended)
        rest = ngettext(
            "{count} sak måste åtgärdas innan året kan publiceras.",
            "{count} saker måste åtgärdas innan året kan publiceras.",
            count,
        ).format(count=in_words(count).capitalize())
    elif found.gaps:
        rest = _("Inget hindrar att året publiceras, men det har luckor.")
    else:
        rest = _("Inget saknas.")
    return format_html("{} {}", format_html(progress, **words), rest)
