"""What a page costs: few SQL statements, as many however much the plan holds, and few bytes however much."""

import os
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actionplan.editions import content_of
from actionplan.models import Activity, Challenge, Indicator, Responsibility, Revision
from followup.models import FollowUp, StatusReport
from municipalities.models import Membership, Organisation, Role, User
from portal import sessions
from tests.builders import (
    make_activity,
    make_administrator,
    make_area,
    make_challenge,
    make_chapter,
    make_coordinator,
    make_draft,
    make_edition,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_publication,
    make_revision,
    make_target,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

PUBLIC = {
    "/planer/stor/": 12,
    "/planer/stor/aktiviteter/": 12,
    "/planer/stor/aktiviteter.csv": 12,
    "/planer/stor/aktiviteter.xlsx": 12,
    "/planer/stor/aktiviteter/?q=aktivitet&ansvarig=dusys&ar=2016": 12,
    "/planer/stor/utmaningar/utmaning-0/": 15,
    "/planer/stor/aktiviteter/aktivitet-0/": 15,
    "/planer/stor/indikatorer/matt/": 15,
    "/planer/stor/indikatorer/matt.csv": 15,
    "/planer/stor/data.json": 15,
    "/planer/stor/revideringar/2016/": 15,
    "/sok/?q=aktivitet&slag=aktiviteter": 15,
    "/planer/stor/revideringar/2016/?del=utmaning-0": 15,
    # What there is to do takes ten: activities, outcomes, reviews, whose they are and what has been said.
    # Each plan takes five: its goals and what was judged, its values, its challenges and activities.
    "/": 25,
}
SIGNED_IN = {
    **PUBLIC,
    "/planer/stor/uppfoljning/2016/": 15,
    "/planer/stor/uppfoljning/2016/?del=utmaning-0": 15,
    "/planer/stor/uppfoljning/2016/rapportera/aktivitet-0/": 15,
    "/att-gora/": 15,
    "/planer/stor/andringar/": 10,
    "/planer/stor/andringar/?rader=on": 10,
}
"""Pages, and the most statements that each may take; those for the session and the user are among them."""

LEADING = {
    **SIGNED_IN,
    "/planer/stor/uppfoljning/ny/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/rapporterar/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/oppna/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/publicera/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/paminn/": 20,
    "/planer/stor/indikatorer/matt/las-in/": 15,
    "/planer/stor/indikatorer/matt/las-in/utfall.xlsx": 15,
    "/planer/stor/kolada/": 15,
    "/planer/stor/indikatorer/matt/tidsseriebrott/": 15,
    "/planer/stor/utkast/": 15,
    "/planer/stor/utkast/utmaningar/utmaning-0/": 15,
    "/planer/stor/revideringar/2017/": 30,
    "/planer/stor/revideringar/2017/?del=andringar": 30,
    "/planer/stor/jamfor/?till=utkast": 30,
    "/planer/stor/utkast/genomgang/": 15,
    "/planer/stor/utkast/genomgang/aktiviteter/aktivitet-0/": 15,
    "/planer/stor/utkast/genomgang/malvarden/": 15,
    "/planer/stor/utkast/kontroll/": 15,
}
"""Those of the plan's editor too."""


WITHOUT_ACCOUNTS = {
    "/planer/stor/uppfoljning/2016/arbetsyta/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/rapporterar/": 15,
    "/planer/stor/uppfoljning/2016/arbetsyta/oppna/": 15,
    "/planer/stor/aktiviteter/?lage=none": 12,
}
"""Where it matters that nobody responsible can report."""

PUBLISHED = {
    "/planer/stor/": 12,
    "/planer/stor/uppfoljning/2016/": 15,
    "/planer/stor/uppfoljning/2016/?del=utmaning-0": 15,
    "/planer/stor/uppfoljning/2016/utgava/1/": 15,
    "/planer/stor/revideringar/2016/": 15,
    "/planer/stor/revideringar/2016/utgava/1/?del=utmaning-0": 15,
    "/planer/stor/revideringar/2016/utgava/1/": 15,
    "/planer/stor/handelser.atom": 5,
    "/handelser.atom": 5,
    "/": 25,
}
"""Those that are made of editions."""


@pytest.fixture(autouse=True)
def as_in_production(settings, monkeypatch):
    """Those who write need a second step, and whether they have one is asked on every page.

    A session is moved on once a minute, and that minute isn't to end on one of the pages.
    """
    settings.REQUIRE_MFA = True
    monkeypatch.setattr(sessions, "A_MINUTE", timedelta(hours=1))


@pytest.fixture
def enkoping() -> Organisation:
    return make_municipality("Enköping")


@pytest.fixture
def dusys() -> Organisation:
    """Answers for activities without being a partner, so that its right takes the most asking."""
    return make_organisation("DUsys", key="dusys")


@pytest.fixture
def revision(enkoping) -> Revision:
    """A plan with everything in it, but no activities yet."""
    plan = make_plan(slug="stor", partners=[enkoping, *(make_municipality() for _each in range(3))])
    revision = make_revision(plan, year=2016)
    make_draft(plan, year=2017, based_on=revision)
    make_followup(revision)
    make_followup(revision, year=2017, stage="planned")
    make_indicator(slug="matt")
    return revision


def grow(revision: Revision, responsible: list[Organisation], *, to: int) -> None:
    """Adds challenges with ten activities each, until there are so many, and outcomes for ever more years."""
    followup = FollowUp.objects.get(revision=revision, year=2016)
    indicator = Indicator.objects.get()
    for number in range(revision.activity_rows.count() // 10, to // 10):
        area = make_area(revision)
        challenge = make_challenge(
            revision, key=f"utmaning-{number * 10}", area=area, followup_owner=revision.plan.partners.first()
        )
        make_target(make_goal(challenge), indicator=indicator)
        make_chapter(revision, area=area)
        make_term(revision)
        make_outcome(indicator, revision.plan.partners.first(), year=1950 + number)
        add_activities(followup, challenge, responsible, range(number * 10, number * 10 + 10))
        go_through(challenge, Revision.objects.get(plan=revision.plan, year=2017), responsible)


def go_through(challenge: Challenge, draft: Revision, responsible: list[Organisation]) -> None:
    """The challenge in the draft, with a target and some of its activities; others are left out, or left."""
    copy = make_challenge(draft, key=challenge.key)
    make_target(make_goal(copy), indicator=Indicator.objects.get(), year=2016)
    if challenge.key.endswith("00"):
        make_chapter(draft, text="NKI")
        make_term(draft)
    for number, activity in enumerate(challenge.activities.all()):
        if number % 3 == 0:
            make_activity(copy, key=activity.key, responsible=responsible)
        elif number % 3 == 1:
            make_ending(draft, key=activity.key)


LONG = "uppstartsmöte med nyckelpersoner, för att hitta former för att genomföra planen tillsammans"
"""As long as activities' titles are."""


def add_activities(followup: FollowUp, challenge, responsible: list[Organisation], numbers: range) -> None:
    """Activities that all of `responsible` answer for, each with none to two reports."""
    within = {"revision": challenge.revision}
    activities = Activity.objects.bulk_create(
        Activity(
            **within, challenge=challenge, key=f"aktivitet-{number}", title=f"Aktivitet {number}: {LONG}"
        )
        for number in numbers
    )
    Responsibility.objects.bulk_create(
        Responsibility(**within, activity=activity, organisation=each, key=f"{activity.key}-{each.key}")
        for activity in activities
        for each in responsible
    )
    StatusReport.objects.bulk_create(
        StatusReport(
            followup=followup, activity=activity, number=number, organisation=responsible[0], status="ongoing"
        )
        for place, activity in enumerate(activities)
        for number in range(1, 1 + place % 3)
    )


FEW, MANY = (50, 500) if "FULL_SIZE" in os.environ else (10, 60)
"""Activities of a small plan and of a large one, as large as any in `./run faults`."""

HEAVIEST = 150_000
"""Bytes of a page, before it is packed for the way: as much as a reader on a train can bear."""


def statements(client: Client, pages: dict[str, int]) -> dict[str, int]:
    """How many statements each page takes; none of them may be heavy."""
    counts = {}
    for address in pages:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, address
        is_page = answer.headers["Content-Type"].startswith("text/html")
        assert not is_page or len(answer.content) <= HEAVIEST, (address, len(answer.content))
        counts[address] = len(captured)
    return counts


Counts = dict[str, dict[str, int]]
"""Of whom and which page."""


def signed_in(user: User) -> Client:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


def differing(small: Counts, large: Counts) -> list[tuple[str, str, int, int]]:
    """Who is shown which page with how many statements, where the plan's size makes a difference."""
    return [
        (who, address, count, large[who][address])
        for who, counts in small.items()
        for address, count in counts.items()
        if count != large[who][address]
    ]


def too_many(counts: Counts, readers: dict[str, tuple[Client, dict[str, int]]]) -> list[tuple[str, str, int]]:
    """Who is shown which page with more statements than it may take."""
    return [
        (who, address, count)
        for who, (_client, pages) in readers.items()
        for address, count in counts[who].items()
        if count > pages[address]
    ]


def test_pages_are_light_and_take_few_statements_however_many_activities_there_are(revision, enkoping, dusys):
    responsible = [enkoping, dusys]
    outcome = {f"/planer/stor/uppfoljning/2016/utfall/matt/{enkoping.key}/": 15}
    with_one_to_ask_for_the_right = {address: most + 1 for address, most in SIGNED_IN.items()}
    readers = {
        "a visitor": (Client(), PUBLIC),
        "a partner's coordinator": (signed_in(make_coordinator(enkoping)), SIGNED_IN | outcome),
        "one of someone responsible who is no partner": (
            signed_in(make_coordinator(dusys)),
            with_one_to_ask_for_the_right,
        ),
        "the plan's editor": (signed_in(make_user(Role.EDITOR, revision.plan.owner)), LEADING),
        "the administrator": (signed_in(make_administrator()), LEADING),
    }

    grow(revision, responsible, to=FEW)
    small = {who: statements(client, pages) for who, (client, pages) in readers.items()}
    grow(revision, responsible, to=MANY)
    large = {who: statements(client, pages) for who, (client, pages) in readers.items()}

    assert differing(small, large) == []
    assert too_many(small, readers) == []

    editor, _pages = readers["the plan's editor"]
    Membership.objects.filter(role=Role.COORDINATOR).delete()
    large = {"an editor whose coordinators have no accounts": statements(editor, WITHOUT_ACCOUNTS)}
    make_publication(revision.document, content=content_of(revision))
    make_edition(FollowUp.objects.get(revision=revision, year=2016))
    large["a reader of editions"] = statements(Client(), PUBLISHED)

    limits = {"an editor whose coordinators have no accounts": (editor, WITHOUT_ACCOUNTS)}
    assert too_many(large, limits | {"a reader of editions": (Client(), PUBLISHED)}) == []
