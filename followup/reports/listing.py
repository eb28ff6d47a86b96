"""The activities of a revision as a list, and the ones that match what the reader asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from actionplan.models import Activity, Challenge
from actionplan.reports import ActivityRow, activity_row
from followup.counts import WithStatus
from followup.queries import Standpoint, with_status
from publishing.formats import swedish_key

NOBODY = "saknas"
"""What the filter on responsible says for those that nobody is responsible for."""


@dataclass(frozen=True)
class ListedActivity(WithStatus):
    """An activity with its challenge and its status in the year; None where nobody has reported."""

    activity: ActivityRow
    challenge: str
    challenge_key: str
    responsible_keys: tuple[str, ...]
    status: str | None
    is_followed_up: bool

    def matches(
        self, *, words: str = "", challenge: str = "", responsible: str = "", year: int | None = None,
        status: str = "",
    ) -> bool:  # fmt: skip
        """Whether the activity is among those asked for; what isn't asked for holds of all."""
        return (
            (not challenge or self.challenge_key == challenge)
            and (not responsible or responsible in (self.responsible_keys or (NOBODY,)))
            and (year is None or self.activity.runs_in(year))
            and (not status or (self.is_followed_up and self.status_code == status))
            and all(word in self.haystack for word in words.casefold().split())
        )

    @property
    def haystack(self) -> str:
        row = self.activity
        texts = (row.title, row.heading, row.description, row.expected_result, row.responsible_text)
        return " ".join((*texts, *row.responsible)).casefold()


@dataclass(frozen=True)
class ActivityList:
    """Every activity of the revision, in the document's order."""

    rows: tuple[ListedActivity, ...]
    challenges: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]

    def matching(self, **asked: object) -> tuple[ListedActivity, ...]:
        return tuple(row for row in self.rows if row.matches(**asked))  # type: ignore[arg-type]


def grouped(rows: Iterable[ListedActivity]) -> Iterator[tuple[str, list[ListedActivity]]]:
    """Rows under the title of their challenge."""
    for title, group in groupby(rows, key=lambda row: row.challenge):
        yield title, list(group)


def activity_list(standing: Standpoint, *, only: Challenge | None = None) -> ActivityList:
    """The list, of one challenge when `only` is given, in three statements whatever its size."""
    all_of_them = Challenge.objects.filter(revision=standing.revision).in_reading_order()
    challenges = [only] if only else list(all_of_them)
    titles = {row.pk: row for row in challenges}
    places = {row.pk: place for place, row in enumerate(challenges)}
    activities = Activity.objects.filter(challenge__in=challenges).with_responsible()
    with_statuses = with_status(activities, standing.followup, standing.reports())
    found = sorted(with_statuses, key=lambda each: places[each.challenge_id])
    organisations = {
        each.organisation.key: each.organisation.short_name
        for activity in found
        for each in activity.responsibilities.all()
    }
    return ActivityList(
        rows=tuple(listed_activity(each, titles[each.challenge_id], standing) for each in found),
        challenges=tuple((row.key, row.title) for row in challenges),
        organisations=tuple(sorted(organisations.items(), key=lambda pair: swedish_key(pair[1]))),
    )


def listed_activity(activity: Activity, challenge: Challenge, standing: Standpoint) -> ListedActivity:
    row = activity_row(activity, standing.year)
    return ListedActivity(
        activity=row,
        challenge=challenge.title,
        challenge_key=challenge.key,
        responsible_keys=tuple(each.organisation.key for each in activity.responsibilities.all()),
        status=activity.status,  # type: ignore[attr-defined]
        is_followed_up=standing.followup is not None and row.runs_in(standing.year),
    )
