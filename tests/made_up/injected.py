"""A portal in which every text that can be written holds an injection: a plan for each, and one with all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils.timezone import localdate

from actionplan.importing import INTO_DRAFT
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    Indicator,
    Plan,
    Revision,
    SeriesBreak,
    Term,
    YearlyTarget,
)
from exchange.models import Upload
from exchange.telling import CellTold, Deed, RowTold, SheetTold, Told
from followup.models import (
    ChallengeReview,
    ComparedArea,
    ComparedValue,
    FollowUp,
    GoalAssessment,
    Outcome,
    ReviewState,
    Status,
    StatusReport,
)
from municipalities.models import Invitation, Organisation, Role, User
from portal.models import AccessibilityReport, AccessibilityStatement
from tests.builders import (
    make_accessibility_report,
    make_activity,
    make_area,
    make_assessment,
    make_challenge,
    make_chapter,
    make_compared_area,
    make_compared_value,
    make_decision,
    make_draft,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_responsibility,
    make_review,
    make_revision,
    make_series_break,
    make_statement,
    make_target,
    make_term,
    make_user,
)
from tests.made_up.injections import INJECTIONS, WRITTEN, texts_of

YEAR = 2016
LINK = "https://www.example.se/"


DECIDED = {"correction": ""}
"""Only a draft that corrects says what it corrects."""


@dataclass(frozen=True)
class Injected:
    """The things that hold one injection, by what addresses call them."""

    text: str
    person: User
    plan: Plan
    parameters: dict[str, str]


def make_injected_world() -> list[Injected]:
    everything = make_plan(slug="alla", partners=[make_municipality()], **texts_of(Plan, INJECTIONS[58]))
    whole = make_revision(everything, year=YEAR, **texts_of(Revision, INJECTIONS[58]) | DECIDED)
    words = texts_of(Revision, INJECTIONS[58]) | DECIDED
    draft = make_draft(everything, year=YEAR + 1, based_on=whole, **words)
    followup = make_followup(whole)
    make_statement(**texts_of(AccessibilityStatement, "\n\n".join(INJECTIONS)))
    return [make_injected(number, text, followup, draft) for number, text in enumerate(WRITTEN, 1)]


def make_injected(number: int, text: str, everything: FollowUp, its_draft: Revision) -> Injected:
    owner = make_organisation(key=f"org-{number}", **texts_of(Organisation, text))
    partner = make_municipality(key=f"kommun-x{number}", **texts_of(Organisation, text))
    person = make_user(Role.EDITOR, owner, **texts_of(User, text) | {"password": "x"})
    plan = make_plan(slug=f"plan-{number}", owner=owner, partners=[partner], **texts_of(Plan, text))
    revision = make_revision(plan, year=YEAR, **texts_of(Revision, text) | DECIDED)
    draft = make_draft(plan, year=YEAR, corrects=revision, **texts_of(Revision, text))
    indicator = make_indicator(slug=f"matt-{number}", **texts_of(Indicator, text))
    make_rows_of(draft, "en", text, indicator=indicator, owner=owner)
    make_rows_of(its_draft, f"rad-{number}", text, indicator=indicator, owner=owner)
    make_series_break(indicator, **texts_of(SeriesBreak, text))
    fetched = texts_of(Outcome, text)
    make_outcome(indicator, partner, year=YEAR, **fetched)
    typed = {name: text for name, text in fetched.items() if not name.startswith("kolada_")}
    make_outcome(indicator, partner, year=YEAR, author=person, **typed)
    make_compared_area(plan, **texts_of(ComparedArea, text))
    make_compared_value(indicator, year=YEAR, **texts_of(ComparedValue, text))
    for each, key in ((make_followup(revision), "en"), (everything, f"rad-{number}")):
        make_rows(each, key, text, indicator=indicator, owner=owner, person=person)
    invitation = Invitation.objects.create(
        email=f"ny-{number}@example.se", organisation=owner, role=Role.READER, invited_by=person
    )
    make_publication(f"utgava-{number}", published_by=text[:200])
    make_publication(f"utgava-{number}", corrects=text)
    make_accessibility_report(**texts_of(AccessibilityReport, text))
    LogEntry.objects.create(
        user=person, object_repr=text, action_flag=CHANGE, change_message=text, object_id=str(plan.pk)
    )
    upload = make_upload(person, plan, text)
    parameters = {
        "plan": plan.slug,
        "key": "en",
        "kind": "aktiviteter",
        "year": str(YEAR),
        "day": localdate().isoformat(),
        "indicator": indicator.slug,
        "organisation": owner.key,
        "person": str(person.pk),
        "membership": str(person.memberships.get().pk),
        "invitation": str(invitation.pk),
        "token": invitation.token,
        "upload": str(upload.pk),
    }
    return Injected(text, person, plan, parameters)


def make_upload(person: User, plan: Plan, text: str) -> Upload:
    """A file of that name in which all that is told, and all that is wrong, is that text."""
    cells = (CellTold(text, text, text),)
    rows = tuple(RowTold(2, what, text, cells, text) for what in (Deed.NEW, Deed.CHANGED, Deed.REMOVED))
    told = Told((SheetTold(text, rows, remarks=(text,)),), (text,))
    return Upload.objects.create(
        owner=person, purpose=INTO_DRAFT, about=plan.slug, name=text[:200], content=b"PK", stage="told",
        told=told.as_json(),
    )  # fmt: skip


def make_rows(
    followup: FollowUp, key: str, text: str, *, indicator: Indicator, owner: Organisation, person: User
) -> None:
    """A row of every kind in the revision, and what is said of its activity."""
    revision: Any = followup.revision
    challenge, goal, activity = make_rows_of(revision, key, text, indicator=indicator, owner=owner)
    returned = {"state": ReviewState.RETURNED, "author": person}
    make_review(followup, challenge, **returned | texts_of(ChallengeReview, text))
    make_assessment(followup, goal, **{"author": person} | texts_of(GoalAssessment, text))
    said = {"status": Status.COMPLETED, "link": LINK, "author": person}
    for _each in range(2):
        make_report(followup, activity, organisation=owner, **said | texts_of(StatusReport, text))


def make_rows_of(
    revision: Revision, key: str, text: str, *, indicator: Indicator, owner: Organisation
) -> tuple[Challenge, Goal, Activity]:
    """A row of every kind in the revision."""
    area = make_area(revision, key=key, **texts_of(Area, text))
    make_chapter(revision, area=area, key=key, **texts_of(Chapter, text))
    challenge = make_challenge(revision, area=area, key=key, **texts_of(Challenge, text))
    goal = make_goal(challenge, key=key, **texts_of(Goal, text))
    make_target(goal, indicator=indicator, key=key, **texts_of(YearlyTarget, text))
    activity = make_activity(challenge, key=key, first_year=YEAR, last_year=YEAR, **texts_of(Activity, text))
    make_responsibility(activity, owner)
    make_term(revision, key=key, **texts_of(Term, text))
    make_decision(revision, make_municipality(), key=key, **texts_of(Decision, text))
    make_ending(revision, key=key, **texts_of(Ending, text))
    return challenge, goal, activity
