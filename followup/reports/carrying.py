"""What is gone through for the next year: each activity with how it goes, and what has been decided of it.

Whoever edits the draft takes part in the plan, and may read all that has been reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplan.carrying import Course, Courses, courses, revision_before
from actionplan.models import Activity, Challenge, How, Revision, Words
from actionplan.reports import ActivityRow, activity_row
from followup.counts import WithStatus
from followup.models import FollowUp, Stage, Status, StatusReport
from followup.reports.reviews import ReviewStanding, told_in
from followup.reports.said import Said, said
from publishing.formats import in_words
from publishing.parts import Window, page_of


@dataclass(frozen=True)
class Reported:
    """What was last said of an activity, and in which year's follow-up.

    `is_since`: of a year that the revision before holds for, and not of one before that.
    """

    year: int
    is_example: bool
    is_since: bool
    said: Said


@dataclass(frozen=True)
class ActivityBefore(WithStatus):
    """An activity of the revision before, its latest status, and what has been decided of it.

    `challenge` is the key of where it stands. `is_over`: its years end before the draft's. `has_place`: the
    draft still has that challenge.
    """

    activity: ActivityRow
    challenge: str
    course: Course
    reported: Reported | None
    is_over: bool
    has_place: bool

    @property
    def key(self) -> str:
        return self.activity.key

    @property
    def status(self) -> str | None:  # type: ignore[override]
        return self.reported.said.status if self.reported else None

    @property
    def is_left(self) -> bool:
        return self.course.is_left

    @property
    def is_done(self) -> bool:
        """Whether it was reported as done."""
        return self.status == Status.COMPLETED

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def leaves(self) -> bool:
        """Whether it is left out unless somebody decides otherwise: not if it was carried on once before."""
        return bool(self.reported and self.reported.is_since and (self.is_done or self.is_cancelled))

    @property
    def ending(self) -> tuple[How, str]:
        """How and why it is left out by default; one that was cancelled has the reason that was reported."""
        if self.reported and self.is_cancelled:
            return How.ENDED, self.reported.said.reason
        return How.DONE, ""


@dataclass(frozen=True)
class ChallengeBefore:
    """A challenge of the revision before with its activities, in the document's order."""

    key: str
    title: str
    rows: tuple[ActivityBefore, ...]

    @property
    def left(self) -> int:
        return sum(row.is_left for row in self.rows)


@dataclass(frozen=True)
class GoingThrough:
    """How far the plan has been gone through for the next year, in the draft with the id `revision`."""

    revision: int
    slug: str
    title: str
    words: Words
    year: int
    before: int
    challenges: tuple[ChallengeBefore, ...]

    @property
    def rows(self) -> tuple[ActivityBefore, ...]:
        return tuple(row for each in self.challenges for row in each.rows)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def left(self) -> int:
        return sum(row.is_left for row in self.rows)

    @property
    def gone_through(self) -> int:
        return self.total - self.left

    @property
    def to_leave_out(self) -> tuple[ActivityBefore, ...]:
        """Those that are left, and were reported as done or cancelled."""
        return tuple(row for row in self.rows if row.is_left and row.leaves)

    @property
    def to_carry_on(self) -> tuple[ActivityBefore, ...]:
        """Those that are left, weren't, and have a challenge to stand in."""
        return tuple(row for row in self.rows if row.is_left and not row.leaves and row.has_place)

    @property
    def over(self) -> int:
        """How many of those have years that end before the draft's."""
        return sum(row.is_over for row in self.to_carry_on)

    def challenges_in(self, window: Window) -> tuple[ChallengeBefore, ...]:
        """The challenges with those of their activities that are on the page."""
        challenges = [replace(each, rows=window.of(each.rows)) for each in self.challenges]
        return tuple(each for each in challenges if each.rows)

    def place_of(self, key: str) -> str:
        """Where the activity stands in the list, as the end of its address."""
        page = page_of(next((place for place, row in enumerate(self.rows) if row.key == key), 0))
        return f"?sida={page}#aktivitet-{key}" if page > 1 else f"#aktivitet-{key}"

    def row(self, key: str) -> ActivityBefore | None:
        return next((row for row in self.rows if row.key == key), None)

    @property
    def says(self) -> SafeString:
        """ "12 av 28 aktiviteter är genomgångna. Sexton är kvar." """
        progress = format_html(
            _("<b>{done} av {total} {activities}</b> är genomgångna."),
            done=self.gone_through,
            total=self.total,
            activities=self.words.activities,
        )
        if not self.left:
            return format_html("{} {}", progress, _("Inget är kvar."))
        rest = ngettext("{count} är kvar.", "{count} är kvar.", self.left)
        return format_html("{} {}", progress, rest.format(count=in_words(self.left).capitalize()))


def going_through(draft: Revision) -> GoingThrough:
    """All that is gone through for the draft, in five statements whatever its size."""
    base = revision_before(draft)
    decided = courses(draft)
    reports = latest_reports(base)
    challenges = Challenge.objects.filter(revision__in=[base, draft]).in_reading_order()
    places = {each.key for each in challenges if each.revision_id == draft.pk}
    activities: dict[int, list[ActivityBefore]] = {}
    for each in Activity.objects.filter(revision=base).select_related("challenge").with_responsible():
        row = activity_before(each, draft, decided, reports.get(each.key), each.challenge.key in places)
        activities.setdefault(each.challenge_id, []).append(row)
    return GoingThrough(
        revision=draft.pk,
        slug=draft.plan.slug,
        title=draft.plan.title,
        words=draft.plan.words,
        year=draft.year,
        before=base.year,
        challenges=tuple(
            ChallengeBefore(each.key, each.title, tuple(activities[each.pk]))
            for each in challenges
            if each.pk in activities
        ),
    )


def activity_before(
    activity: Activity, draft: Revision, decided: Courses, reported: Reported | None, has_place: bool
) -> ActivityBefore:
    return ActivityBefore(
        activity=activity_row(activity, draft.year),
        challenge=activity.challenge.key,
        course=decided.of(activity),
        reported=reported,
        is_over=activity.last_year is not None and activity.last_year < draft.year,
        has_place=has_place,
    )


def latest_reports(base: Revision) -> dict[str, Reported]:
    """What was last said of each activity, in this revision or an earlier one, by its key. One statement."""
    rows = StatusReport.objects.filter(followup__in=followups_until(base)).current()
    latest = rows.select_related("followup", "activity", "organisation", "author").order_by("followup__year")
    return {row.activity.key: reported(row, base) for row in latest}


def followups_until(base: Revision) -> Any:
    """The plan's years that follow up the revision or an earlier one: one under way stays with its own."""
    return FollowUp.objects.filter(plan=base.plan_id, revision__year__lte=base.year)


def reported(row: StatusReport, base: Revision) -> Reported:
    year = row.followup.year
    return Reported(year, row.followup.is_example, year >= base.year, said(row))


@dataclass(frozen=True)
class Proposal:
    """What the follow-up of a challenge proposes for the revision, or how far it has come."""

    year: int
    review: ReviewStanding


def proposal_for(draft: Revision, challenge: str) -> Proposal | None:
    """What the latest follow-up that has a word of the challenge says; None where none has."""
    begun: Iterable[FollowUp] = (
        followups_until(revision_before(draft))
        .exclude(stage=Stage.PLANNED)
        .select_related("plan__owner")
        .order_by("-year")
    )
    for followup in begun:
        if review := told_in(followup).reviews.get(challenge):
            return Proposal(followup.year, review)
    return None
