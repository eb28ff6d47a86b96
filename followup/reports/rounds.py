"""Where in the year a plan stands: what a reader may know of its rounds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.models import FollowUp, Stage
from followup.queries import Standpoint
from publishing.formats import long_date


@dataclass(frozen=True)
class YearLine:
    """A year's follow-up, and where it stands."""

    year: int
    sentence: str
    is_published: bool


def year_lines(standing: Standpoint) -> tuple[YearLine, ...]:
    """The years under way that the reader may know of, the first of them first, and the latest published one.

    To the public a year is published also while it is being corrected.
    """
    under_way = [
        each
        for each in standing.followups
        if each.stage != Stage.PUBLISHED and each not in standing.being_corrected
    ]
    published = [each for each in standing.followups if each not in under_way]
    return (
        *(YearLine(each.year, in_a_sentence(each), False) for each in sorted(under_way, key=year_of)),
        *(YearLine(each.year, _("är publicerad."), True) for each in sorted(published, key=year_of)[-1:]),
    )


@dataclass(frozen=True)
class Step:
    """A part of the year; `place` is "past", "now" or nothing for what is ahead."""

    title: str
    text: str
    place: str = ""


THE_YEAR = (
    (gettext_lazy("Planen fastställs"), gettext_lazy("Utmaningar, mål och årets aktiviteter")),
    (gettext_lazy("Aktiviteterna görs"), gettext_lazy("Varje aktivitet har någon som ansvarar")),
    (gettext_lazy("Läget rapporteras"), gettext_lazy("Samordnarna i varje kommun")),
    (gettext_lazy("Året publiceras"), gettext_lazy("Målen först, sedan aktiviteterna")),
    (gettext_lazy("Planen revideras"), gettext_lazy("Med det vi lärde oss")),
)
"""Of every plan."""

REACHED = {Stage.PLANNED: 1, Stage.OPEN: 2, Stage.CLOSED: 3, Stage.PUBLISHED: 4}
"""Which of its parts a follow-up in a stage has come to."""


def the_year() -> tuple[Step, ...]:
    """The parts of any year."""
    return tuple(Step(str(title), str(text)) for title, text in THE_YEAR)


def cycle_of(standing: Standpoint) -> tuple[Step, ...]:
    """The parts of the year that the page speaks of, with their days; none of a plan that isn't adopted."""
    revision, followup = standing.revision, standing.followup
    if not revision.is_adopted:
        return ()
    planned = next((each for each in standing.followups if each.stage == Stage.PLANNED), None)
    now = 1
    if followup:
        now = REACHED[Stage.PUBLISHED if followup.is_published else Stage(followup.stage)]
    texts = (
        long_date(revision.decided_on)
        if revision.decided_on
        else _("För %(year)d") % {"year": revision.year},
        _("Under %(year)d") % {"year": standing.year},
        when_reported(followup or planned),
        long_date(localdate(followup.published_at)) if followup and followup.published_at else "",
        _("Planen för %(year)d är fastställd") % {"year": standing.newer.year} if standing.newer else "",
    )
    return tuple(
        Step(str(title), text, "past" if place < now else "now" if place == now else "")
        for place, ((title, _any), text) in enumerate(zip(THE_YEAR, texts, strict=True))
    )


def when_reported(followup: FollowUp | None) -> str:
    opens, due = (followup.opens, followup.due) if followup else (None, None)
    if opens and due:
        return f"{long_date(opens)} – {long_date(due)}"
    if due:
        return _("Lämnas senast %(day)s") % {"day": long_date(due)}
    return _("Öppnar %(day)s") % {"day": long_date(opens)} if opens else ""


def in_a_sentence(followup: FollowUp) -> str:
    """What holds of a year that isn't published, after its name: "är planerad."."""
    if followup.is_reopened:
        return _("är öppnad för rättelse.")
    if followup.stage == Stage.PLANNED:
        return (
            _("är planerad och öppnar %(day)s.") % {"day": long_date(followup.opens)}
            if followup.opens
            else _("är planerad.")
        )
    if followup.stage == Stage.OPEN:
        return (
            _("är öppen för rapportering och lämnas senast %(day)s.") % {"day": long_date(followup.due)}
            if followup.due
            else _("är öppen för rapportering.")
        )
    return _("är stängd för rapportering och ska publiceras.")


def year_of(followup: FollowUp) -> int:
    return followup.year
