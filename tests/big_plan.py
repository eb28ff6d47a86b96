"""A made-up plan of any size, for what must not grow with it: statements, time and bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actionplan.models import (
    Activity,
    Challenge,
    Goal,
    Indicator,
    Plan,
    Responsibility,
    Revision,
    State,
    Term,
    YearlyTarget,
)
from followup.models import FollowUp, Outcome, Stage, Status, StatusReport
from municipalities.models import Kind, Membership, Municipality, Role, User

CHALLENGES = 5
YEAR = 2016


@dataclass(frozen=True)
class BigPlan:
    """A plan with its open follow-up, and a coordinator who answers for every fourth activity."""

    plan: Plan
    followup: FollowUp
    coordinator: User


def make_big_plan(activities: int) -> BigPlan:
    """A plan of four municipalities and `activities` activities: half are reported, a tenth are nobody's."""
    slug = f"stor-{activities}"
    partners = [make_partner(slug, number) for number in range(4)]
    plan = Plan.objects.create(
        slug=slug, title=f"Plan med {activities} aktiviteter", document_type="plan", owner=partners[0],
        first_year=YEAR, last_year=YEAR + 2,
    )  # fmt: skip
    plan.partners.set(partners)
    revision = Revision.objects.create(plan=plan, year=YEAR)
    fill(revision, partners, activities)
    revision.state = State.ADOPTED
    revision.save()
    followup = FollowUp.objects.create(
        plan=plan, year=YEAR, revision=revision, stage=Stage.OPEN, due=date(YEAR + 1, 1, 31)
    )
    report_every_other(followup, partners[0])
    coordinator = User.objects.create_user(f"samordnare@{slug}.example", name="Stina Storm")
    Membership.objects.create(user=coordinator, organisation=partners[0], role=Role.COORDINATOR)
    return BigPlan(plan, followup, coordinator)


def make_partner(slug: str, number: int) -> Municipality:
    return Municipality.objects.create(
        key=f"{slug}-{number}",
        name=f"Kommun {number} i {slug}",
        short_name=f"Kommun {number}",
        kind=Kind.MUNICIPALITY,
        municipal_code=f"{Municipality.objects.count():04d}",
    )


def fill(revision: Revision, partners: list[Municipality], activities: int) -> None:
    """Challenges with a measured goal each, activities spread over them, and terms."""
    for number in range(CHALLENGES):
        challenge = Challenge.objects.create(
            revision=revision, key=f"utmaning-{number}", order=number, title=f"Utmaning {number}",
            purpose="Ett bättre företagsklimat", strategy="Vi gör det tillsammans. " * 10,
            followup_owner=partners[number % len(partners)],
        )  # fmt: skip
        add_goal(revision, challenge, partners, number)
        add_activities(challenge, partners, range(number, activities, CHALLENGES))
        Term.objects.create(revision=revision, term=f"TERM {number}", explanation="Vad ordet betyder.")


def add_goal(revision: Revision, challenge: Challenge, partners: list[Municipality], number: int) -> None:
    goal = Goal.objects.create(
        revision=revision, challenge=challenge, key=f"mal-{number}", text=f"Mål {number}"
    )
    indicator, _made = Indicator.objects.get_or_create(
        slug=f"indikator-{number}", defaults={"name": f"Indikator {number}"}
    )
    YearlyTarget.objects.create(
        revision=revision, goal=goal, key=f"varde-{number}", indicator=indicator, year=YEAR, value=Decimal(75)
    )
    for partner in partners:
        Outcome(indicator=indicator, municipality=partner, year=YEAR, value=Decimal("71.25")).write_after(0)


def add_activities(challenge: Challenge, partners: list[Municipality], numbers: range) -> None:
    made = Activity.objects.bulk_create(
        Activity(
            revision=challenge.revision, challenge=challenge, key=f"aktivitet-{number}", order=number,
            title=f"Aktivitet {number}: gemensam utbildning i service och bemötande",
            expected_result="Förbättrad service", first_year=YEAR, last_year=YEAR + number % 3,
        )
        for number in numbers
    )  # fmt: skip
    Responsibility.objects.bulk_create(
        Responsibility(
            revision=challenge.revision, key=activity.key, activity=activity,
            organisation=partners[activity.order % len(partners)],
        )
        for activity in made
        if activity.order % 10
    )  # fmt: skip


def report_every_other(followup: FollowUp, organisation: Municipality) -> None:
    statuses = (Status.ONGOING, Status.COMPLETED, Status.DELAYED, Status.NOT_STARTED, Status.CANCELLED)
    StatusReport.objects.bulk_create(
        StatusReport(
            followup=followup, activity=activity, organisation=organisation, number=1,
            status=statuses[activity.order % len(statuses)], comment="Arbetet går framåt. " * 4,
            result="En gemensam utbildning.", reason="Det blev valår.",
        )
        for activity in followup.activities()
        if activity.order % 2
    )  # fmt: skip
