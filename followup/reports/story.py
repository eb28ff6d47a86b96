"""An activity and its story, year by year: what was decided of it, and what has been said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.changes import FieldChange, Span, tidied
from actionplan.facts import plan_facts
from actionplan.models import Activity, Ending, How, Revision
from actionplan.models.rows import runs_in
from actionplan.reports import activity_row
from actionplan.telling import Kind, kinds_of
from actionplan.wording import by_word, whole
from followup.models import FollowUp
from followup.queries import Standpoint, Thread
from followup.reports.said import Said, said


@dataclass(frozen=True)
class YearOfStory:
    """What has been said of the activity in a year: the current report first, then those before it."""

    year: int
    is_example: bool
    reports: tuple[Said, ...]

    @property
    def current(self) -> Said | None:
        return self.reports[0] if self.reports else None

    @property
    def earlier(self) -> tuple[Said, ...]:
        return self.reports[1:]


@dataclass(frozen=True)
class Relative:
    """An activity that this one has replaced, or been replaced by; without `url` it has no page yet."""

    title: str
    url: str


@dataclass(frozen=True)
class RevisionOfStory:
    """What a revision said of the activity: how it stood there, or that it wasn't carried on.

    `renamed` and `fields` tell what reads otherwise than when it stood last; of the first, how it read.
    """

    year: int
    state: str
    state_label: str
    url: str
    says: str
    is_first: bool
    is_gone: bool
    title: str
    renamed: tuple[Span, ...]
    fields: tuple[FieldChange, ...]
    reason: str


@dataclass(frozen=True)
class Story:
    """The activity through the years, the latest first: in each what was said of it, above what was decided.

    `gone`: what the latest revision says of it that doesn't have it any more. `revisions` tells nothing where
    one revision alone knows of the activity.
    """

    years: tuple[YearOfStory, ...]
    revisions: tuple[RevisionOfStory, ...]
    gone: RevisionOfStory | None
    replaced: tuple[Relative, ...]
    replacing: tuple[Relative, ...]

    @property
    def parts(self) -> list[tuple[int, YearOfStory | None, RevisionOfStory | None]]:
        """Year by year: the reports of it, the revision for it, or both."""
        said_in = {each.year: each for each in self.years}
        decided_in = {each.year: each for each in self.revisions}
        years = sorted({*said_in, *decided_in}, reverse=True)
        return [(year, said_in.get(year), decided_in.get(year)) for year in years]


def activity_story(standing: Standpoint, thread: Thread) -> Story:
    """The activity's story as far as the reader may see it, in one statement."""
    revisions = tuple(reversed(list(revisions_of_story(standing, thread))))
    return Story(
        years=years_of_story(standing, thread),
        revisions=revisions if len(revisions) > 1 or thread.replaced else (),
        gone=revisions[0] if revisions and revisions[0].is_gone else None,
        replaced=tuple(relative(each, standing) for each in thread.replaced),
        replacing=tuple(relative(each, standing) for each in thread.replacing),
    )


def years_of_story(standing: Standpoint, thread: Thread) -> tuple[YearOfStory, ...]:
    """The years that the reader may see and the activity was in, the latest first.

    It was in a year that followed up a revision by which it ran then, and in one that has a report on it; the
    key tells that it is the same.
    """
    rows = standing.reports().filter(activity__key=thread.key)
    reports = list(rows.select_related("organisation", "author").order_by("-number"))
    reported = {row.followup_id for row in reports}
    return tuple(
        YearOfStory(
            year=followup.year,
            is_example=followup.is_example,
            reports=tuple(said(row) for row in reports if row.followup_id == followup.pk),
        )
        for followup in sorted(standing.followups, key=lambda each: -each.year)
        if followup.pk in reported or was_followed_up(thread, followup)
    )


def was_followed_up(thread: Thread, followup: FollowUp) -> bool:
    activity = thread.activities.get(followup.revision_id)
    return activity is not None and runs_in(activity.first_year, activity.last_year, followup.year)


def relative(activity: Activity, standing: Standpoint) -> Relative:
    has_page = activity.revision.is_adopted or activity.revision_id == standing.revision.pk
    address = [standing.plan.slug, activity.key]
    return Relative(activity.title, reverse("activity", args=address) if has_page else "")


# What was decided


GONE = {
    How.DONE.value: gettext_lazy("Genomförd, och förs inte vidare."),
    How.ENDED.value: gettext_lazy("Avslutad, och förs inte vidare."),
    How.REPLACED.value: gettext_lazy("Ersatt, och förs inte vidare."),
}


def revisions_of_story(standing: Standpoint, thread: Thread) -> Iterator[RevisionOfStory]:
    """What each revision that knows of the activity said of it, the first first.

    One that doesn't have it is told of when it follows on one that does; a draft, when it says why.
    """
    kind = kinds_of(plan_facts(standing.plan))["activity"]
    before: Activity | None = None
    is_gone = False
    for revision in thread.revisions:
        activity, ending = thread.activities.get(revision.pk), thread.endings.get(revision.pk)
        if activity is not None:
            yield standing_in(activity, before, kind, standing, came_back=is_gone)
            before, is_gone = activity, False
        elif before is not None and not is_gone and (ending is not None or revision.is_adopted):
            yield not_carried_on(revision, ending, standing)
            is_gone = True


def standing_in(
    activity: Activity, before: Activity | None, kind: Kind, standing: Standpoint, *, came_back: bool
) -> RevisionOfStory:
    """How the activity stands in its revision, and what reads otherwise than it did when it stood last."""
    revision, row = activity.revision, activity_row(activity, activity.revision.year)
    was = activity_row(before, before.revision.year) if before else None
    told = (each.change(was, row) for each in (kind.fields if was else kind.facts))
    fields = tuple(each for each in (moved(activity, before, standing), *told) if each.spans)
    renamed = tidied(by_word(was.title, row.title)) if was else ()
    if was is None:
        says = _("Kom med i planen.")
    elif came_back:
        says = _("Kom tillbaka i planen.")
    elif fields or renamed:
        says = _("Fördes vidare, med ändringar.")
    else:
        says = _("Fördes vidare som den stod.")
    return RevisionOfStory(
        year=revision.year,
        state=revision.state,
        state_label=revision.get_state_display(),
        url=f"{reverse('revision', args=[standing.plan.slug, revision.year])}#{activity.challenge.key}",
        says=says,
        is_first=was is None,
        is_gone=False,
        title=row.title,
        renamed=renamed,
        fields=fields,
        reason="",
    )


def moved(activity: Activity, before: Activity | None, standing: Standpoint) -> FieldChange:
    """Under which challenge it stands, if that is another than before, and not the same by another name."""
    label = standing.plan.words.challenge.capitalize()
    if before is not None and before.challenge.key == activity.challenge.key:
        return FieldChange(label, ())
    return FieldChange(label, whole(before.challenge.title if before else "", activity.challenge.title))


def not_carried_on(revision: Revision, ending: Ending | None, standing: Standpoint) -> RevisionOfStory:
    """That the revision doesn't have it, how it ended and why, where that is said."""
    return RevisionOfStory(
        year=revision.year,
        state=revision.state,
        state_label=revision.get_state_display(),
        url=reverse("revision", args=[standing.plan.slug, revision.year]),
        says=str(GONE[ending.how]) if ending else _("Finns inte med i planen."),
        is_first=False,
        is_gone=True,
        title=ending.title if ending else "",
        renamed=(),
        fields=(),
        reason=ending.reason if ending else "",
    )
