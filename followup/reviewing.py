"""Writing, sending in and answering what is said of a challenge: each deed is all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from actionplan.models import Challenge, Goal
from followup.models import ChallengeReview, Conflict, FollowUp, GoalAssessment, ReviewState, Verdict
from followup.models.reviews import ANSWERS, may_follow
from followup.models.stages import Deed
from followup.notices import tell_returned
from followup.permissions import has_not_written_it
from municipalities import journal
from municipalities.models import User

SAID = ("purpose", "deviations", "proposals")
"""What is said of a challenge, by field."""

SAID_OF_GOAL = ("verdict", "reason", "action", "no_action")
"""What is said of a goal, by field."""

NEEDS_ACTION = (Verdict.NOT_MET, Verdict.PARTLY_MET)
"""The verdicts that ask what is done, or why nothing needs to be."""

EVENTS = {
    ReviewState.SUBMITTED: "sent_in",
    ReviewState.RETURNED: "returned",
    ReviewState.APPROVED: "approved",
}
"""What the journal calls it."""


@dataclass(frozen=True)
class Words:
    """What somebody says of a challenge or a goal, by field, and the number of the row that they saw."""

    said: Mapping[str, str]
    seen: int


@dataclass(frozen=True)
class Now:
    """The rows that hold of a challenge and its goals; None where nobody has written."""

    review: ChallengeReview | None
    goals: Mapping[str, GoalAssessment | None] = field(default_factory=dict)

    @property
    def state(self) -> str | None:
        return self.review.state if self.review else None

    @property
    def number(self) -> int:
        return number_of(self.review)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each goal's row, by the goal's key."""
        return {key: number_of(row) for key, row in self.goals.items()}


@dataclass(frozen=True)
class Lack:
    """What a review needs before it can be sent in: in which field, of which goal (its key, if any)."""

    goal: str
    field: str
    sentence: str


class Incomplete(Exception):
    """What was to be sent in or approved lacks something; nothing was saved."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__("; ".join(each.sentence for each in lacks))
        self.lacks = lacks


def now(followup: FollowUp, challenge: Challenge) -> Now:
    """What holds of the challenge, in three statements."""
    reviews = ChallengeReview.objects.filter(followup=followup, challenge=challenge)
    rows = GoalAssessment.objects.filter(followup=followup, goal__challenge=challenge)
    found = {row.goal_id: row for row in rows.select_related("author").order_by("number")}
    goals = Goal.objects.filter(challenge=challenge)
    return Now(
        review=reviews.select_related("author").order_by("-number").first(),
        goals={goal.key: found.get(goal.pk) for goal in goals},
    )


def save_draft(
    followup: FollowUp, challenge: Challenge, words: Words, goals: Mapping[str, Words], *, by: User
) -> ChallengeReview:
    """Saves what `by` has written so far; what was sent in or approved is thereby taken back.

    Saving the same twice writes it once. Raises Conflict, and writes nothing, when someone else wrote since
    `by` looked; PermissionDenied when the follow-up's stage doesn't allow it.
    """
    return _write(followup, challenge, ReviewState.DRAFT, words, goals, by=by)


def send_in(
    followup: FollowUp,
    challenge: Challenge,
    words: Words,
    goals: Mapping[str, Words],
    *,
    computed: Mapping[str, str],
    by: User,
) -> ChallengeReview:
    """Sends in what `by` has written; `computed`: the goals' computed verdicts, by key.

    Raises as `save_draft` does, and Incomplete when something is lacking.
    """
    check_complete(words, goals, computed)
    return _write(followup, challenge, ReviewState.SUBMITTED, words, goals, by=by)


def take_back(followup: FollowUp, challenge: Challenge, *, seen: int, by: User) -> ChallengeReview:
    """Makes a draft again of what was sent in or approved, word for word. Raises as `save_draft` does."""
    return _write_again(followup, challenge, ReviewState.DRAFT, seen=seen, by=by)


def give_back(followup: FollowUp, challenge: Challenge, *, note: str, seen: int, by: User) -> ChallengeReview:
    """Returns what was sent in or approved, with a note of what to change.

    Whoever sent it in is told by mail. Raises as `save_draft` does; PermissionDenied also when `by` has
    written any of it.
    """
    return _write_again(followup, challenge, ReviewState.RETURNED, seen=seen, by=by, note=note)


def approve(
    followup: FollowUp, challenge: Challenge, *, computed: Mapping[str, str], seen: int, by: User
) -> ChallengeReview:
    """Approves what was sent in. Raises as `give_back` does, and Incomplete when the goals' figures
    (`computed`, by key) have changed since so that something is lacking."""
    return _write_again(followup, challenge, ReviewState.APPROVED, seen=seen, by=by, computed=computed)


def check_complete(words: Words, goals: Mapping[str, Words], computed: Mapping[str, str]) -> None:
    """Raises Incomplete when something is lacking."""
    said_of_goals = {key: each.said for key, each in goals.items()}
    if lacking := list(lacks(words.said, said_of_goals, computed)):
        raise Incomplete(lacking)


def lacks(
    said: Mapping[str, str], goals: Mapping[str, Mapping[str, str]], computed: Mapping[str, str]
) -> Iterator[Lack]:
    """What has to be told before a review can be sent in; `goals` and their `computed` verdicts by key."""
    if not said["purpose"]:
        yield Lack("", "purpose", _("Skriv hur det går med syftet innan du skickar in."))
    for key, verdict in computed.items():
        said_of_goal = goals.get(key) or dict.fromkeys(SAID_OF_GOAL, "")
        if said_of_goal["verdict"] and not said_of_goal["reason"]:
            yield Lack(key, "reason", _("Skriv varför du bedömer målet så."))
        holds = said_of_goal["verdict"] or verdict
        if holds in NEEDS_ACTION and not (said_of_goal["action"] or said_of_goal["no_action"]):
            yield Lack(
                key, "action", _("Skriv vad ni gör för att nå målet, eller varför inget behöver göras.")
            )


def says(row: Any, fields: tuple[str, ...]) -> dict[str, str]:
    """What a row says, by field; nothing in any of them when there is no row."""
    return {name: getattr(row, name) if row else "" for name in fields}


def number_of(row: Any) -> int:
    return row.number if row else 0


def _write_again(
    followup: FollowUp,
    challenge: Challenge,
    state: ReviewState,
    *,
    seen: int,
    by: User,
    note: str = "",
    computed: Mapping[str, str] | None = None,
) -> ChallengeReview:
    """Writes the same words once more, in another state."""
    with transaction.atomic():
        _hold(followup, challenge, state, by)
        current = now(followup, challenge)
        goals = {key: Words(says(row, SAID_OF_GOAL), number_of(row)) for key, row in current.goals.items()}
        words = Words(says(current.review, SAID), seen)
        if computed is not None and current.number == seen:
            check_complete(words, goals, computed)
        return _write(followup, challenge, state, words, goals, by=by, note=note)


def _write(
    followup: FollowUp,
    challenge: Challenge,
    state: ReviewState,
    words: Words,
    goals: Mapping[str, Words],
    *,
    by: User,
    note: str = "",
) -> ChallengeReview:
    """Writes the next row of the challenge, and of each goal of which something else is said than before."""
    with transaction.atomic():
        _hold(followup, challenge, state, by)
        current = now(followup, challenge)
        if current.number != words.seen or current.numbers != {key: each.seen for key, each in goals.items()}:
            if current.review and is_what_stands(current, state, words, goals, note, by):
                return current.review
            raise Conflict
        if not may_follow(current.state, state):
            raise PermissionDenied(_("Det går inte att göra så med texten som den står nu."))
        about = {"followup": followup, "author": by}
        row = ChallengeReview(**about, challenge=challenge, state=state, note=note, **words.said)
        row.write_after(words.seen)
        for goal in Goal.objects.filter(challenge=challenge):
            of_goal = goals[goal.key]
            if of_goal.said != says(current.goals[goal.key], SAID_OF_GOAL):
                GoalAssessment(**about, goal=goal, **of_goal.said).write_after(of_goal.seen)
        if state == ReviewState.RETURNED:
            tell_returned(row)
    if event := EVENTS.get(state):
        journal.note(f"review.{event}", plan=followup.plan.slug, year=followup.year, challenge=challenge.key)
    return row


def _hold(followup: FollowUp, challenge: Challenge, state: ReviewState, by: User) -> None:
    """Lets nobody else write in the follow-up until the transaction ends, if `by` may write now."""
    if state not in ANSWERS:
        followup.hold(Deed.REVIEW)
        return
    followup.hold(Deed.ANSWER)
    if not has_not_written_it(by, (followup, challenge)):
        raise PermissionDenied(_("Du har själv skrivit i texten. Någon annan redaktör får godkänna den."))


def is_what_stands(
    current: Now, state: str, words: Words, goals: Mapping[str, Words], note: str, by: User
) -> bool:
    """Whether `by` has just written the very same."""
    row = current.review
    return (
        row is not None
        and (row.author_id, row.state, row.note) == (by.pk, state, note)
        and says(row, SAID) == dict(words.said)
        and {key: dict(each.said) for key, each in goals.items()}
        == {key: says(each, SAID_OF_GOAL) for key, each in current.goals.items()}
    )


def as_seen(followup: FollowUp, challenge: Challenge, seen: int, seen_of_goals: Mapping[str, int]) -> Now:
    """The rows with the numbers that somebody saw; None for a number that no row has."""
    reviews = ChallengeReview.objects.filter(followup=followup, challenge=challenge, number=seen)
    rows = GoalAssessment.objects.filter(followup=followup, goal__challenge=challenge).select_related("goal")
    found = {row.goal.key: row for row in rows if row.number == seen_of_goals.get(row.goal.key)}
    return Now(reviews.first(), dict(found))
