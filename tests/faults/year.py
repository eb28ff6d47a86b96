"""A year that is open for reports: its activities, and twenty coordinators who report them all."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from actionplan.models import Activity, Responsibility
from followup.models import FollowUp, StatusReport
from followup.reporting import SAID
from municipalities.models import Municipality, Organisation, User
from tests.builders import make_challenge, make_coordinator, make_followup, make_municipality, make_revision
from tests.faults.attempts import Record, Row
from tests.faults.servers import HEADERS, SESSION
from tests.faults.writers import Coordinator

COORDINATORS = 20
HOT, OTHERS = 5, 200


@dataclass(frozen=True)
class Signed:
    """A coordinator who has logged in: who they are, and the key of their session."""

    by: str
    session: str


@dataclass(frozen=True)
class Year:
    """`hot` and `others` are the addresses of the activities' reports."""

    followup: FollowUp
    hot: list[str]
    others: list[str]
    coordinators: list[Signed]


def make_year() -> Year:
    followup = make_followup(make_revision())
    municipalities = [make_municipality() for _each in range(4)]
    activities = add_activities(followup, municipalities)
    addresses = [address_of(followup, each.key) for each in activities]
    coordinators = [sign_in(municipalities[number % 4]) for number in range(COORDINATORS)]
    return Year(followup, addresses[:HOT], addresses[HOT:], coordinators)


def add_activities(followup: FollowUp, municipalities: list[Municipality]) -> list[Activity]:
    """Each is everyone's."""
    challenge = make_challenge(followup.revision)
    of_it = {"challenge": challenge, "revision": challenge.revision}
    activities = Activity.objects.bulk_create(
        Activity(key=f"aktivitet-{number}", title=f"Aktivitet {number}", order=number, **of_it)
        for number in range(HOT + OTHERS)
    )
    Responsibility.objects.bulk_create(
        Responsibility(key=f"{each.key}-{one.key}", activity=each, organisation=one, revision=each.revision)
        for each in activities
        for one in municipalities
    )
    return activities


def sign_in(municipality: Municipality) -> Signed:
    """With a session of the kind that logging in makes."""
    person: User = make_coordinator(municipality)
    client = Client()
    client.force_login(person)
    return Signed(called(person, municipality), client.session.session_key or "")


def coordinators_of(year: Year, ports: list[int], record: Record) -> list[Coordinator]:
    """All of them, each with a browser in which they are logged in at the servers on these ports."""
    return [
        Coordinator(number, each.by, {SESSION: each.session}, ports, record, HEADERS)
        for number, each in enumerate(year.coordinators)
    ]


def called(person: User | None, organisation: Organisation) -> str:
    return f"{person} for {organisation}"


def address_of(followup: FollowUp, key: str) -> str:
    return reverse("report-activity", args=[followup.plan.slug, followup.year, key])


def rows_of(followup: FollowUp) -> list[Row]:
    """Every report of the year that is in the database."""
    reports = StatusReport.objects.filter(followup=followup).select_related(
        "activity", "author", "organisation"
    )
    return [
        Row(
            address_of(followup, each.activity.key),
            each.number,
            called(each.author, each.organisation),
            {name: getattr(each, name) for name in SAID},
        )
        for each in reports.iterator()
    ]
