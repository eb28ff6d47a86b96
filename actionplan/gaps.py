"""What a draft lacks, as a checklist: warnings with the page on which each is mended. None stands in the way.

Functions on the report of the draft; what lies outside of it is given by whoever knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.carrying import activities_left
from actionplan.models import Revision
from actionplan.reports import ActivityRow, RevisionReport
from publishing.formats import counted

LEARNT_FROM = 80
"""How much of a text it takes to know it, in characters."""

ABBREVIATION = re.compile(r"(?<!\w)([A-ZÅÄÖ][A-ZÅÄÖ0-9]+)(?=s?\b)")
ROMAN = re.compile(r"X{0,3}(IX|IV|V?I{0,3})")
LINK = re.compile(r"\S+://\S+|\bwww\.\S+|\S+@\S+")
KNOWN_TO_ALL = {"AB", "EU", "IT", "TV"}
"""Abbreviations that are words by now, and that no plan explains."""

LONGEST = 6
"""With more letters than this a word alone on its line is a heading in capitals."""


@dataclass(frozen=True)
class Gap:
    """Something that is lacking, and the address where it is mended."""

    sentence: str
    address: str


@dataclass(frozen=True)
class GapGroup:
    """What is lacking of one sort, in the plan's order; never empty."""

    code: str
    title: str
    why: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Gaps:
    """All that is lacking, what matters most first."""

    groups: tuple[GapGroup, ...]

    @property
    def total(self) -> int:
        return sum(len(group.gaps) for group in self.groups)

    def __bool__(self) -> bool:
        return bool(self.groups)


def gaps(report: RevisionReport, *, remaining: Iterable[Gap] = (), baseline: Iterable[Gap] = ()) -> Gaps:
    """What the report lacks; and what somebody else has found, of activities and of indicators."""
    words = report.plan.words
    found = (
        GapGroup(
            "empty",
            _("%(challenges)s saknas") % {"challenges": words.challenges.capitalize()},
            _("Utan dem finns inget att följa upp."),
            () if report.challenges else (first_challenge(report),),
        ),
        GapGroup(
            "remaining",
            _("Inte genomgångna"),
            _("De finns i planen som arbetsmaterialet bygger på, och följer inte med av sig själva."),
            tuple(remaining),
        ),
        GapGroup(
            "responsible",
            _("Ansvarig saknas"),
            _("Den som ansvarar är den som rapporterar."),
            tuple(gap_of_activity(report, each) for each in report.activities if not each.responsible),
        ),
        GapGroup(
            "targets",
            _("Mål utan målvärde"),
            _("De kan bara bedömas av en person, inte räknas ut."),
            tuple(goals_without_target(report)),
        ),
        GapGroup(
            "years",
            _("År utan målvärden"),
            _("Planen har målvärden för andra år."),
            tuple(years_without_target(report)),
        ),
        GapGroup(
            "baseline",
            _("Indikatorer utan utgångsläge"),
            _("Utan ett tidigare utfall syns det inte hur långt man har kommit."),
            tuple(baseline),
        ),
        GapGroup(
            "owner",
            _("Uppföljningsansvarig saknas"),
            _("Ingen skriver om hur det går."),
            tuple(
                Gap(shortly(each.title), where(report, "utmaningar", each.key))
                for each in report.challenges
                if not each.followup_owner
            ),
        ),
        GapGroup(
            "over",
            _("Åren är slut"),
            _("De följs inte upp %(year)d eller senare.") % {"year": report.year},
            tuple(
                gap_of_activity(report, each, each.period)
                for each in report.activities
                if each.last_year is not None and each.last_year < report.year
            ),
        ),
        GapGroup(
            "abbreviations",
            _("Förkortningar som inte förklaras"),
            _("Ingen av planens ordförklaringar har dem."),
            tuple(abbreviations(report)),
        ),
    )
    shown = tuple(group for group in found if group.gaps)
    return Gaps(tuple(in_words_of(group, words.activities) for group in shown))


def in_words_of(group: GapGroup, activities: str) -> GapGroup:
    """The group, with what the plan calls its activities in its title where that is what it has."""
    if group.code not in ("remaining", "over"):
        return group
    title = _("%(activities)s: %(what)s") % {
        "activities": activities.capitalize(),
        "what": group.title.lower(),
    }
    return GapGroup(group.code, title, group.why, group.gaps)


def not_gone_through(draft: Revision) -> Iterator[Gap]:
    """The activities of what the draft is based on that nobody has decided of, in one statement."""
    if not draft.is_next_year:
        return
    for each in activities_left(draft):
        yield Gap(shortly(each.title), reverse("carry-on-activity", args=[draft.plan.slug, each.key]))


def first_challenge(report: RevisionReport) -> Gap:
    """Where a plan that has no challenge gets its first."""
    sentence = _("Lägg till %(challenge)s") % {"challenge": report.plan.words.challenge}
    return Gap(sentence, reverse("add-draft-row", args=[report.plan.slug, "utmaningar"]))


def where(report: RevisionReport, kind: str, key: str) -> str:
    """The page on which a row of the draft is edited."""
    return reverse("draft-row", args=[report.plan.slug, kind, key])


def gap_of_activity(report: RevisionReport, activity: ActivityRow, more: str = "") -> Gap:
    title = shortly(activity.title)
    return Gap(f"{title} ({more})" if more else title, where(report, "aktiviteter", activity.key))


def goals_without_target(report: RevisionReport) -> Iterator[Gap]:
    for challenge in report.challenges:
        for goal in challenge.goals:
            if not goal.targets:
                yield Gap(shortly(goal.text), where(report, "mal", goal.key))


def years_without_target(report: RevisionReport) -> Iterator[Gap]:
    """The plan's years, from the draft's on, in which nothing is to be reached though it is in others."""
    targets = [each for one in report.challenges for goal in one.goals for each in goal.targets]
    if not targets:
        return
    last = report.plan.last_year or max(report.year, *(each.year for each in targets))
    years = {each.year for each in targets}
    for year in range(report.year, last + 1):
        if year not in years:
            yield Gap(str(year), reverse("draft", args=[report.plan.slug]))


Place = tuple[str, str]
"""Where a text stands: the kind of row in the address, and its key."""


def abbreviations(report: RevisionReport) -> Iterator[Gap]:
    """Each that no term explains, with how often it is used; it leads to where it is used first."""
    explained = {word for row in report.terms for word in re.findall(r"\w+", row.term.casefold())}
    used: dict[str, list[Place]] = {}
    for text, place in texts_of(report):
        for word in abbreviations_in(text):
            if word.casefold() not in explained:
                used.setdefault(word, []).append(place)
    for word, places in sorted(used.items()):
        times = counted(len(places), _("gång"), _("gånger"))
        yield Gap(f"{word} ({times})", where(report, *places[0]))


def abbreviations_in(text: str) -> Iterator[str]:
    """The words of capitals in a text, but for Roman numerals, and what stands in addresses and headings."""
    for line in LINK.sub(" ", text).splitlines():
        letters = [each for each in line if each.isalpha()]
        if not any(each.islower() for each in letters) and (len(line.split()) > 1 or len(letters) > LONGEST):
            continue
        for found in ABBREVIATION.finditer(line):
            word = found[1]
            is_word = sum(each.isalpha() for each in word) > 1
            if is_word and word not in KNOWN_TO_ALL and not ROMAN.fullmatch(word):
                yield word


def texts_of(report: RevisionReport) -> Iterator[tuple[str, Place]]:
    """All that the plan says in its own words, in the document's order, with the rows that say it."""
    for chapter in report.chapters:
        for text in (chapter.title, chapter.text):
            yield text, ("avsnitt", chapter.key)
    for challenge in report.challenges:
        for text in (challenge.title, challenge.purpose, challenge.strategy, challenge.text):
            yield text, ("utmaningar", challenge.key)
        for goal in challenge.goals:
            yield goal.text, ("mal", goal.key)
            for target in goal.targets:
                yield target.indicator_name, ("malvarden", target.key)
        for each in challenge.activities:
            for text in (each.title, each.heading, each.description, each.expected_result):
                yield text, ("aktiviteter", each.key)


def shortly(text: str) -> str:
    """Enough of a text to know it by."""
    whole = " ".join(text.split())
    return whole if len(whole) <= LEARNT_FROM else f"{whole[:LEARNT_FROM].rsplit(' ', 1)[0]} …"
