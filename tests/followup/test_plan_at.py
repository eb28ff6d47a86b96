"""The plan as it stood on a day that has been: the edition then in force, with what was known then."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from actionplan.editions import content_of
from actionplan.models import Activity, Challenge, Plan, Revision, YearlyTarget
from followup.models import FollowUp, Outcome, Stage, StatusReport
from municipalities.models import Role
from publishing.models import Publication
from tests.big_plan import make_big_plan
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db


TODAY = localdate().isoformat()


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def published(revision: Revision, day: str, **fields: Any) -> Publication:
    """Publishes the revision as it is now, as if it had been that day."""
    return make_publication(revision.document, content=content_of(revision), published_at=noon(day), **fields)


def year_published(followup: FollowUp, day: str) -> Publication:
    edition = make_publication(followup.document, published_at=noon(day))
    followup.published_at = edition.published_at
    followup.stage = Stage.PUBLISHED
    followup.save()
    return edition


def page_of(client: Client, day: str) -> Element:
    answer = client.get(f"/planer/var/vid/{day}/")
    assert answer.status_code == 200
    assert not faults(read(answer))
    return main_of(answer)


def challenge_on(client: Client, day: str) -> str:
    """What the plan's only challenge was called."""
    return page_of(client, day).one("table", class_="overview").one("h3").text


@pytest.fixture
def plan() -> Plan:
    partners = [make_municipality(name) for name in ("Enköping", "Västerås")]
    return make_plan(slug="var", title="Vår plan", first_year=2015, last_year=2018, partners=partners)


@pytest.fixture
def first(plan) -> Revision:
    """The plan for 2016, published in May 2016: a goal with a target, and an activity."""
    revision = make_revision(plan, year=2016)
    challenge = make_challenge(revision, key="service", title="Service till företag")
    goal = make_goal(challenge, key="nojda", text="Nöjda företag")
    make_target(goal, key="nki", indicator=make_indicator(slug="nki", name="NKI", decimals=0), value=75)
    make_activity(challenge, key="mote", title="Mötet", first_year=2016, last_year=2017)
    published(revision, "2016-05-30")
    return revision


@pytest.fixture
def second(first) -> Revision:
    """The plan for 2017, published in December 2016, in which the challenge is called otherwise."""
    revision = make_revision(first.plan, year=2017)
    challenge = make_challenge(revision, key="service", title="Service och bemötande")
    goal = make_goal(challenge, key="nojda", text="Nöjda företag")
    make_target(goal, key="nki", indicator=YearlyTarget.objects.get().indicator, value=75, year=2016)
    make_activity(challenge, key="mote", title="Mötet", first_year=2016, last_year=2017)
    make_activity(challenge, key="massan", title="Mässan")
    published(revision, "2016-12-15")
    return revision


class TestWhichRevisionWasInForce:
    @pytest.mark.parametrize(
        ("day", "title"),
        [
            ("2016-05-30", "Service till företag"),
            ("2016-12-31", "Service till företag"),
            ("2017-01-01", "Service och bemötande"),
            ("2018-06-01", "Service och bemötande"),
        ],
    )
    def test_the_latest_published_of_a_year_that_has_begun(self, client, second, day, title):
        assert challenge_on(client, day) == title

    def test_a_year_that_is_published_late_is_in_force_from_then(self, client, first):
        late = make_revision(first.plan, year=2017)
        make_challenge(late, title="Sent beslutad")
        published(late, "2017-03-01")

        assert challenge_on(client, "2017-02-28") == "Service till företag"
        assert challenge_on(client, "2017-03-01") == "Sent beslutad"

    def test_in_its_latest_edition_of_that_day(self, client, first):
        Challenge.objects.update(title="Service, rättad")
        published(first, "2016-08-01")

        assert challenge_on(client, "2016-07-31") == "Service till företag"
        assert challenge_on(client, "2016-08-01") == "Service, rättad"
        assert page_of(client, "2016-08-01").all("a", href="/planer/var/revideringar/2016/utgava/2/")

    def test_what_was_renamed_later_is_called_as_it_was(self, client, first):
        Plan.objects.update(title="Ett nytt namn")
        Activity.objects.update(title="Ett annat möte")
        make_report(make_followup(first, stage=Stage.PUBLISHED), Activity.objects.get())

        main = page_of(client, "2016-06-01")

        assert main.one("h1").text == "Vår plan"
        assert "Ett annat möte" not in main.text

    def test_the_day_ends_when_it_does_in_stockholm(self, client, first):
        make_publication(
            first.document, content=content_of(first), published_at=datetime(2016, 8, 1, 22, 30, tzinfo=UTC)
        )

        assert "utgåva 1" in page_of(client, "2016-08-01").text
        assert "utgåva 2" in page_of(client, "2016-08-02").text

    def test_the_page_says_which_day_and_edition_and_leads_to_today(self, client, first):
        notice = page_of(client, "2016-06-01").one("div", class_="notice")

        assert "Så stod planen den 1 juni 2016." in notice.text
        assert "Då gällde planen för 2016, utgåva 1 , publicerad 30 maj 2016." in notice.text
        assert [link["href"] for link in notice.all("a")] == [
            "/planer/var/revideringar/2016/utgava/1/",
            "/planer/var/",
        ]


class TestWhenThereWasNothing:
    def test_the_first_day_is_told(self, client, second):
        main = page_of(client, "2016-05-29")

        assert "Den 29 maj 2016 gällde ingen publicerad plan än." in main.text
        assert main.one("a", href="/planer/var/vid/2016-05-30/").text == "Den första dagen är 30 maj 2016"

    def test_a_plan_that_was_published_before_its_year_is_in_force_when_that_begins(self, client, plan):
        published(make_revision(plan, year=2017), "2016-12-15")

        assert page_of(client, "2016-12-20").all("a", href="/planer/var/vid/2017-01-01/")

    def test_a_draft_alone_is_nothing(self, client, plan):
        make_draft(plan)
        client.force_login(make_user(Role.EDITOR, plan.owner))

        assert (
            "gällde ingen publicerad plan än. Det gör ingen i dag heller."
            in page_of(client, "2020-01-01").text
        )


class TestChoosingADay:
    def test_the_form_leads_to_the_day(self, client, first):
        assert client.get("/planer/var/vid/?dag=2016-06-01")["Location"] == "/planer/var/vid/2016-06-01/"

    def test_without_a_day_it_is_asked_for(self, client, first):
        main = main_of(client.get("/planer/var/vid/"))

        assert main.one("label").text == "Dag"
        assert "Välj en dag." not in main.text

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            ("", "Välj en dag."),
            ("2017-02-30", "Skriv datumet så här: 2017-01-31."),
            ("i går", "Skriv datumet så här: 2017-01-31."),
            ("2999-01-01", "Dagen har inte varit än."),
        ],
    )
    def test_a_day_that_cant_be_is_told_at_the_field(self, client, first, day, sentence):
        answer = client.get("/planer/var/vid/", {"dag": day})

        assert answer.status_code == 200
        assert not faults(read(answer))
        assert sentence in main_of(answer).one("div", class_="error").text

    @pytest.mark.parametrize("day", ["2017-02-30", "2999-01-01", "0000-00-00", "9999-99-99"])
    def test_so_it_is_where_its_page_would_be(self, client, first, day):
        assert page_of(client, day).one("div", class_="error")

    def test_any_day_that_has_been_has_a_page(self, client, first):
        for day in ("0001-01-01", "1899-12-31", TODAY):
            assert client.get(f"/planer/var/vid/{day}/").status_code == 200

    def test_who_may_not_know_of_the_plan_gets_nothing(self, client, plan):
        make_draft(plan)

        for address in ("/planer/var/vid/", "/planer/var/vid/2016-06-01/", "/planer/var/vid/2999-01-01/"):
            assert client.get(address).status_code == 404


class TestWhatWasKnown:
    @pytest.fixture
    def outcomes(self, first) -> list[Outcome]:
        """Values of public statistics from February 2017, and Västerås' own from April."""
        nki = YearlyTarget.objects.get().indicator
        enkoping, vasteras = sorted(first.plan.partners.all(), key=lambda each: each.short_name)
        return [
            make_outcome(nki, enkoping, value=70, written_at=noon("2017-02-01")),
            make_outcome(nki, vasteras, value=80, written_at=noon("2017-02-01")),
            make_outcome(nki, vasteras, value=60, written_at=noon("2017-04-01")),
        ]

    def goal(self, client: Client, day: str) -> str:
        return page_of(client, day).one("div", class_="goal").text

    def test_outcomes_are_those_of_the_day(self, client, outcomes):
        assert self.goal(client, "2017-01-31").startswith("Kan ej bedömas")
        assert "75 år 2016" in self.goal(client, "2017-02-01")
        assert self.goal(client, "2017-02-01").startswith("Uppnått")
        assert "65 år 2016" in self.goal(client, "2017-04-01")
        assert self.goal(client, "2017-04-01").startswith("Ej uppnått")

    def test_typed_ones_are_the_publics_from_the_day_their_year_was_published(self, client, first, outcomes):
        typed = make_outcome(
            outcomes[0].indicator,
            outcomes[0].municipality,
            value=90,
            author=make_coordinator(outcomes[0].municipality),
            written_at=noon("2017-02-10"),
        )
        year_published(make_followup(first), "2017-03-15")

        assert "75 år 2016" in self.goal(client, "2017-03-14")
        assert "85 år 2016" in self.goal(client, "2017-03-15")
        client.force_login(typed.author)
        assert "85 år 2016" in self.goal(client, "2017-03-14")
        assert "75 år 2016" in self.goal(client, "2017-02-09")

    def test_who_took_part_then_is_held_against_the_goal(self, client, first, outcomes):
        first.plan.partners.add(make_municipality("Eskilstuna"))

        assert self.goal(client, "2017-02-01").startswith("Uppnått")

    def test_reports_are_the_publics_from_the_edition_they_are_in(self, client, first):
        followup = make_followup(first, opens=date(2016, 12, 1))
        activity = Activity.objects.get()
        for day, words in (
            ("2016-12-05", "Vi har börjat."),
            ("2017-03-20", "Rättat."),
            ("2017-05-01", "Efteråt."),
        ):
            make_report_on(followup, activity, day, words)
        year_published(followup, "2017-03-01")
        year_published(followup, "2017-04-01")

        assert "Hur det gick med dem var inte publicerat än." in page_of(client, "2017-02-28").text
        assert "Vi har börjat." in page_of(client, "2017-03-01").text
        assert "Vi har börjat." in page_of(client, "2017-03-31").text
        assert "Rättat." in page_of(client, "2017-04-01").text
        assert "Efteråt." not in page_of(client, "2018-01-01").text
        client.force_login(make_user(Role.READER, first.plan.owner))
        assert "Rättat." in page_of(client, "2017-03-20").text
        assert "Efteråt." in page_of(client, "2017-05-01").text

    def test_what_was_under_way_is_for_those_who_take_part(self, client, first):
        followup = make_followup(first, opens=date(2016, 12, 1), due=date(2017, 1, 31))
        make_report_on(followup, Activity.objects.get(), "2016-12-10", "Hemligt än.")

        assert "Hemligt" not in page_of(client, "2016-12-31").text
        client.force_login(make_user(Role.READER, first.plan.owner))
        assert "gällde 2016. Hur det gick" in page_of(client, "2016-11-30").text
        assert "1 ej rapporterad" in page_of(client, "2016-12-09").text
        assert "Hemligt än." in page_of(client, "2016-12-10").text

    def test_an_activity_that_came_with_a_later_revision_is_not_called_unreported(
        self, client, first, second
    ):
        followup = make_followup(first)
        make_report_on(followup, Activity.objects.get(revision=first), "2016-12-10", "På gång.")
        year_published(followup, "2017-03-01")

        main = page_of(client, "2017-04-01")

        assert "Av planens aktiviteter följdes 1 upp 2016." in main.text
        assert "Mässan" not in main.text

    def test_nothing_of_a_draft_is_told(self, client, first):
        draft = make_draft(first.plan, year=2017, note="Hemligt")
        challenge = make_challenge(draft, key="service", title="Hemligt")
        make_activity(challenge, key="mote", title="Hemligt")

        for person in (None, make_user(Role.EDITOR, first.plan.owner)):
            if person:
                client.force_login(person)
            assert "Hemligt" not in page_of(client, TODAY).text

    def test_the_documents_are_those_of_the_day(self, client, first, second):
        year_published(make_followup(first), "2017-03-01")

        def documents(day: str) -> list[str]:
            return [h3.text for h3 in page_of(client, day).one("ul", class_="docs").all("h3")]

        assert documents("2016-06-01") == ["Planen för 2016"]
        assert documents("2016-12-31") == ["Planen för 2017", "Planen för 2016"]
        assert documents("2017-03-01") == ["Uppföljning 2016", "Planen för 2017", "Planen för 2016"]

    def test_today_it_stands_as_on_the_plans_own_page(self, client, first, outcomes):
        followup = make_followup(first, opens=date(2016, 12, 1))
        make_report_on(followup, Activity.objects.get(), "2016-12-10", "På gång.")
        for person in (None, make_administrator()):
            if person:
                client.force_login(person)
            today = main_of(client.get("/planer/var/"))
            then = page_of(client, TODAY)

            assert then.one("p", class_="says").text == today.one("p", class_="says").text
            assert goal_in(then) == goal_in(today)


def goal_in(main: Element) -> list[str]:
    """The goal's verdict, and what is said of its value, but for the links."""
    goal = main.one("div", class_="goal")
    return [goal.one("span", class_="verdict").text, goal.one("p", class_="quiet").one("b").text]


def make_report_on(followup: FollowUp, activity: Activity, day: str, words: str) -> StatusReport:
    return make_report(followup, activity, comment=words, written_at=noon(day))


def test_as_many_statements_however_large_the_plan_is():
    counts = {}
    for size in (50, 500):
        big = make_big_plan(size)
        published(big.followup.revision, "2026-01-01")
        year_published(big.followup, TODAY)
        make_followup(big.followup.revision, year=2017, opens=date(2017, 12, 1))
        visitor, coordinator = Client(), Client()
        coordinator.force_login(big.coordinator)
        for who, client in (("visitor", visitor), ("coordinator", coordinator)):
            with CaptureQueriesContext(connection) as statements:
                assert client.get(f"/planer/{big.plan.slug}/vid/{TODAY}/").status_code == 200
            counts[who, size] = len(statements)

    assert counts["visitor", 50] == counts["visitor", 500] <= 15
    assert counts["coordinator", 50] == counts["coordinator", 500] <= 15
