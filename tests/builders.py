"""What a test needs but does not care about: every builder supplies the rest and saves.

Without a parent a row gets one of its own; names, keys and codes never collide.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, cycle
from typing import Any

from django.utils import timezone

from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    DocumentType,
    Ending,
    Goal,
    How,
    Indicator,
    Plan,
    Responsibility,
    Revision,
    SeriesBreak,
    State,
    Term,
    YearlyTarget,
)
from followup.editions import content_of
from followup.models import (
    Assignment,
    ChallengeReview,
    ComparedArea,
    ComparedValue,
    FollowUp,
    GoalAssessment,
    Notice,
    NoticeKind,
    Outcome,
    ReviewState,
    Stage,
    Status,
    StatusReport,
)
from municipalities.models import Invitation, Kind, Membership, Municipality, Organisation, Role, User
from portal.models import AccessibilityReport, AccessibilityStatement
from publishing.models import Publication

PASSWORD = "en lång mening som ingen annan har"
"""The password of everyone whom `make_user` makes."""

numbers = count(1)
codes = cycle(range(3000, 10_000))
"""Codes that no Swedish municipality has, so that made-up ones can stand beside the real plans'."""


def make_organisation(
    name: str = "", *, represented_by: Iterable[Municipality] = (), **fields: Any
) -> Organisation:
    number = next(numbers)
    name = name or f"Organisation {number}"
    values = {"key": f"organisation-{number}", "short_name": name, "kind": Kind.NETWORK} | fields
    organisation = Organisation.objects.create(name=name, **values)
    organisation.represented_by.set(represented_by)
    return organisation


def make_municipality(name: str = "", **fields: Any) -> Municipality:
    number = next(numbers)
    name = name or f"Kommun {number}"
    values = {
        "key": f"kommun-{number}",
        "short_name": name,
        "kind": Kind.MUNICIPALITY,
        "municipal_code": f"{next(codes):04d}",
    } | fields
    return Municipality.objects.create(name=name, **values)


def make_user(role: Role | None = None, organisation: Organisation | None = None, **fields: Any) -> User:
    """Someone with an account; with `role` in `organisation`, which is made when it isn't given."""
    number = next(numbers)
    values = {
        "email": f"person-{number}@example.se",
        "name": f"Person {number}",
        "password": PASSWORD,
    } | fields
    user = User.objects.create_user(**values)
    if role:
        Membership.objects.create(user=user, organisation=organisation or make_organisation(), role=role)
    return user


def make_coordinator(organisation: Organisation | None = None, **fields: Any) -> User:
    return make_user(Role.COORDINATOR, organisation, **fields)


def make_administrator(**fields: Any) -> User:
    return make_user(is_administrator=True, **fields)


def make_invitation(
    organisation: Organisation | None = None, role: Role = Role.READER, **fields: Any
) -> Invitation:
    """An invitation that is waiting; nothing is sent."""
    values = {"email": f"inbjuden-{next(numbers)}@example.se", **fields}
    if "invited_by" not in values:
        values["invited_by"] = make_administrator()
    return Invitation.objects.create(organisation=organisation or make_organisation(), role=role, **values)


def make_plan(
    *, owner: Organisation | None = None, partners: Iterable[Municipality] = (), **fields: Any
) -> Plan:
    number = next(numbers)
    values = {
        "slug": f"plan-{number}",
        "title": f"Plan {number}",
        "document_type": DocumentType.PLAN,
        "first_year": 2015,
        "last_year": 2018,
    } | fields
    plan = Plan.objects.create(owner=owner or make_organisation(), **values)
    plan.partners.set(partners)
    return plan


def make_revision(
    plan: Plan | None = None, *, year: int = 2016, state: str = State.ADOPTED, **fields: Any
) -> Revision:
    return Revision.objects.create(plan=plan or make_plan(), year=year, state=state, **fields)


def make_draft(plan: Plan | None = None, **fields: Any) -> Revision:
    return make_revision(plan, state=State.DRAFT, **fields)


def make_area(revision: Revision | None = None, **fields: Any) -> Area:
    return Area.objects.create(revision=revision or make_revision(), **{"title": titled("Område")} | fields)


def make_chapter(revision: Revision | None = None, **fields: Any) -> Chapter:
    return Chapter.objects.create(
        revision=revision or make_revision(), **{"title": titled("Avsnitt")} | fields
    )


def make_challenge(revision: Revision | None = None, **fields: Any) -> Challenge:
    values = {"title": titled("Utmaning")} | fields
    return Challenge.objects.create(revision=revision or make_revision(), **values)


def make_goal(challenge: Challenge | None = None, **fields: Any) -> Goal:
    challenge = challenge or make_challenge()
    values = {"revision": challenge.revision, "text": titled("Mål")} | fields
    return Goal.objects.create(challenge=challenge, **values)


def make_indicator(**fields: Any) -> Indicator:
    number = next(numbers)
    return Indicator.objects.create(**{"slug": f"matt-{number}", "name": f"Mått {number}"} | fields)


def make_series_break(indicator: Indicator | None = None, **fields: Any) -> SeriesBreak:
    values = {"year": 2024, "note": "Ny definition."} | fields
    return SeriesBreak.objects.create(indicator=indicator or make_indicator(), **values)


def make_target(
    goal: Goal | None = None, *, indicator: Indicator | None = None, **fields: Any
) -> YearlyTarget:
    goal = goal or make_goal()
    values = {"revision": goal.revision, "year": goal.revision.year, "value": 75} | fields
    return YearlyTarget.objects.create(goal=goal, indicator=indicator or make_indicator(), **values)


def make_activity(
    challenge: Challenge | None = None, *, responsible: Iterable[Organisation] = (), **fields: Any
) -> Activity:
    challenge = challenge or make_challenge()
    values = {"revision": challenge.revision, "title": titled("Aktivitet")} | fields
    activity = Activity.objects.create(challenge=challenge, **values)
    for organisation in responsible:
        make_responsibility(activity, organisation)
    return activity


def make_responsibility(
    activity: Activity | None = None, organisation: Organisation | None = None, **fields: Any
) -> Responsibility:
    activity = activity or make_activity()
    values = {"revision": activity.revision} | fields
    return Responsibility.objects.create(
        activity=activity, organisation=organisation or make_organisation(), **values
    )


def make_term(revision: Revision | None = None, **fields: Any) -> Term:
    values = {"term": titled("Ord"), "explanation": "Vad det betyder."} | fields
    return Term.objects.create(revision=revision or make_revision(), **values)


def make_decision(
    revision: Revision | None = None, municipality: Municipality | None = None, **fields: Any
) -> Decision:
    values = {"decided_by": "Kommunfullmäktige"} | fields
    return Decision.objects.create(
        revision=revision or make_revision(), municipality=municipality or make_municipality(), **values
    )


def make_ending(revision: Revision | None = None, **fields: Any) -> Ending:
    values = {"title": titled("Aktivitet"), "how": How.ENDED, "reason": "Behövs inte längre."} | fields
    return Ending.objects.create(revision=revision or make_revision(), **values)


def make_followup(revision: Revision | None = None, *, stage: str = Stage.OPEN, **fields: Any) -> FollowUp:
    """A year's follow-up; a published one has the moment of its edition, but no edition to be read."""
    revision = revision or make_revision()
    published_at = timezone.now() if stage == Stage.PUBLISHED else None
    values = {"plan": revision.plan, "year": revision.year, "published_at": published_at} | fields
    return FollowUp.objects.create(revision=revision, stage=stage, **values)


def make_assignment(
    followup: FollowUp, activity: Activity, organisation: Organisation | None = None
) -> Assignment:
    return Assignment.objects.create(
        followup=followup, activity=activity, organisation=organisation or make_organisation()
    )


def make_report(
    followup: FollowUp | None = None, activity: Activity | None = None, **fields: Any
) -> StatusReport:
    """The activity's next report in the follow-up."""
    followup = followup or make_followup()
    activity = activity or make_activity(make_challenge(followup.revision))
    values = {"organisation": followup.plan.owner, "status": Status.ONGOING, "comment": "På gång."} | fields
    report = StatusReport(followup=followup, activity=activity, **values)
    report.write_after(StatusReport.objects.filter(followup=followup, activity=activity).count())
    return report


def make_review(
    followup: FollowUp | None = None, challenge: Challenge | None = None, **fields: Any
) -> ChallengeReview:
    """The challenge's next review in the follow-up."""
    followup = followup or make_followup()
    challenge = challenge or make_challenge(followup.revision)
    values = {"state": ReviewState.DRAFT, "purpose": "Det går framåt."} | fields
    review = ChallengeReview(followup=followup, challenge=challenge, **values)
    review.write_after(ChallengeReview.objects.filter(followup=followup, challenge=challenge).count())
    return review


def make_assessment(
    followup: FollowUp | None = None, goal: Goal | None = None, **fields: Any
) -> GoalAssessment:
    """The goal's next assessment in the follow-up."""
    followup = followup or make_followup()
    goal = goal or make_goal(make_challenge(followup.revision))
    assessment = GoalAssessment(followup=followup, goal=goal, **fields)
    assessment.write_after(GoalAssessment.objects.filter(followup=followup, goal=goal).count())
    return assessment


def make_notice(followup: FollowUp | None = None, person: User | None = None, **fields: Any) -> Notice:
    values = {"kind": NoticeKind.OPENED} | fields
    return Notice.objects.create(followup=followup or make_followup(), person=person or make_user(), **values)


def make_publication(document: str = "4m/uppfoljning/2016", **fields: Any) -> Publication:
    """The document's next edition, with content and PDF that are nobody's."""
    edition = Publication.objects.of(document).count() + 1
    values = {
        "edition": edition,
        "schema": 1,
        "content": "{}",
        "pdf": b"%PDF-1.7",
        "published_by": "Eva Ek",
        "corrects": "" if edition == 1 else "Ett namn är rättat.",
    } | fields
    return Publication.objects.create(document=document, **values)


def make_edition(followup: FollowUp, **fields: Any) -> Publication:
    """Publishes the year as it is, in its next edition, with a PDF that is nobody's."""
    followups = FollowUp.objects.filter(pk=followup.pk)
    followups.update(stage=Stage.CLOSED)
    publication = make_publication(followup.document, content=content_of(followup), **fields)
    followups.update(stage=Stage.PUBLISHED, published_at=publication.published_at)
    followup.refresh_from_db()
    return publication


def make_outcome(
    indicator: Indicator | None = None, municipality: Municipality | None = None, **fields: Any
) -> Outcome:
    """The indicator's next outcome in the municipality and year; a value unless it has a reason for none."""
    indicator, municipality = indicator or make_indicator(), municipality or make_municipality()
    values = {"year": 2016, "value": None if "missing_reason" in fields else 70} | fields
    outcome = Outcome(indicator=indicator, municipality=municipality, **values)
    same = Outcome.objects.filter(indicator=indicator, municipality=municipality, year=outcome.year)
    outcome.write_after(same.count())
    return outcome


def make_compared_area(
    plan: Plan | None = None, code: str = "0000", title: str = "Riket", kind: str = "L"
) -> ComparedArea:
    return ComparedArea.objects.create(plan=plan or make_plan(), code=code, title=title, kind=kind)


def make_compared_value(
    indicator: Indicator | None = None, area: str = "0000", year: int = 2016, value: Any = 70, **fields: Any
) -> ComparedValue:
    """The indicator's next value in the area and year."""
    indicator = indicator or make_indicator()
    values = {
        "source_url": f"https://api.kolada.se/v3/data/kpi/U07451/municipality/{area}/year/{year}",
        "kolada_id": "U07451",
        "kolada_title": titled("Nyckeltal"),
        **fields,
    }
    row = ComparedValue(indicator=indicator, area=area, year=year, value=value, **values)
    row.write_after(ComparedValue.objects.filter(indicator=indicator, area=area, year=year).count())
    return row


def titled(word: str) -> str:
    return f"{word} {next(numbers)}"


def make_statement(**fields: Any) -> AccessibilityStatement:
    """What an administrator has said of the portal's accessibility."""
    return AccessibilityStatement.objects.create(**fields)


def make_accessibility_report(**fields: Any) -> AccessibilityReport:
    return AccessibilityReport.objects.create(**{"problem": "Något går inte att läsa.", **fields})
