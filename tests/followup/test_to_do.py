"""Att göra: what each coordinator has to report, and what is done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from followup.models import Stage
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_area,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_municipality,
    make_organisation,
    make_plan,
    make_report,
    make_revision,
    make_user,
)
from tests.pages import Element, main_of
from tests.plans import person

ADDRESS = "/att-gora/"


def tasks(main: Element) -> tuple[list[str], list[str]]:
    """The keys of what is left and of what is done, in order, as the buttons' addresses tell them."""
    found: dict[str, list[str]] = {"Rapportera": [], "Ändra": []}
    for item in main.all("li"):
        button = item.one("a", class_="btn")
        found[button.text.split()[0]].append(button["href"].split("/")[-2])
    return found["Rapportera"], found["Ändra"]


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(
    ("name", "left", "done"),
    [
        ("enkoping", ["uppstartsmote"], ["yrkesvuxenutbildningen"]),
        (
            "eskilstuna",
            ["rekryteringsmassan", "pilotprojekt"],
            ["vidga-dusys", "ansvariga-for-yrkesutbildningar"],
        ),
        ("strangnas", ["folkhogskolan"], ["matmetod-upphandling"]),
        (
            "vasteras",
            ["gemensam-utbildning", "rekryteringsmassan"],
            ["basta-exempel", "vidga-dusys", "erfarenhetsutbyte-dua"],
        ),
    ],
)
def test_each_coordinator_sees_what_they_answer_for_represent_or_are_assigned(client, name, left, done):
    client.force_login(person(f"samordnare@{name}"))

    assert tasks(main_of(client.get(ADDRESS))) == (left, done)


@pytest.mark.usefixtures("plans")
def test_it_says_how_much_is_left_and_when_it_is_due(client):
    client.force_login(person("samordnare@vasteras"))

    main = main_of(client.get(ADDRESS))

    assert "Två aktiviteter kvar att rapportera." in main.text
    assert "Det skulle ha lämnats den 31 januari 2017." in main.text
    assert (main.one("progress")["value"], main.one("progress")["max"]) == ("3", "5")
    assert "3 av 5 klara" in main.text
    assert "Exempelinnehåll" in main.text


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("name", ["redaktor@4m", "lasare@4m", "admin@4m"])
def test_one_who_coordinates_nothing_is_told_so(client, name):
    client.force_login(person(name))

    main = main_of(client.get(ADDRESS))

    assert "Ditt konto rapporterar inte för någon organisation." in main.text
    assert not main.all("progress")


@pytest.mark.django_db
class TestRounds:
    @pytest.fixture
    def enkoping(self, client):
        municipality = make_municipality("Enköping")
        client.force_login(make_coordinator(municipality))
        return municipality

    def a_round(self, municipality, **fields):
        """An open follow-up in which the municipality has one activity to report."""
        followup = make_followup(make_revision(make_plan(partners=[municipality])), **fields)
        make_activity(make_challenge(followup.revision), responsible=[municipality])
        return followup

    def test_a_deadline_that_is_today_has_not_passed(self, client, enkoping):
        self.a_round(enkoping, due=timezone.localdate())

        assert "Lämna senast" in main_of(client.get(ADDRESS)).text

    def test_a_deadline_that_was_yesterday_has(self, client, enkoping):
        self.a_round(enkoping, due=timezone.localdate() - timedelta(days=1))

        assert "Det skulle ha lämnats" in main_of(client.get(ADDRESS)).text

    def test_the_round_that_is_due_first_stands_first(self, client, enkoping):
        today = timezone.localdate()
        later = self.a_round(enkoping, due=today + timedelta(days=9))
        sooner = self.a_round(enkoping, due=today + timedelta(days=2))

        heads = [h2.text for h2 in main_of(client.get(ADDRESS)).all("h2")]

        assert heads == [f"{each.plan.title} {each.year}" for each in (sooner, later)]

    @pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.CLOSED, Stage.PUBLISHED])
    def test_only_an_open_round_asks_for_anything(self, client, enkoping, stage):
        self.a_round(enkoping, stage=stage)

        assert "Du har inget att rapportera just nu." in main_of(client.get(ADDRESS)).text

    def test_when_everything_is_reported_it_says_thanks(self, client, enkoping):
        followup = self.a_round(enkoping)
        make_report(followup, followup.activities().get())

        main = main_of(client.get(ADDRESS))

        assert "Allt är rapporterat. Tack!" in main.text
        assert [h3.text for h3 in main.all("h3")] == ["Klart"]

    def test_an_activity_held_assigned_and_represented_at_once_stands_there_once(self, client, enkoping):
        dusys = make_organisation("DUsys", represented_by=[enkoping])
        followup = make_followup(make_revision(make_plan(partners=[enkoping])))
        activity = make_activity(make_challenge(followup.revision), responsible=[enkoping, dusys])
        make_assignment(followup, activity, enkoping)

        left, done = tasks(main_of(client.get(ADDRESS)))

        assert (left, done) == ([activity.key], [])

    def test_what_does_not_run_in_the_year_is_not_asked_for(self, client, enkoping):
        followup = self.a_round(enkoping)
        make_activity(make_challenge(followup.revision), responsible=[enkoping], first_year=2017)

        assert len(tasks(main_of(client.get(ADDRESS)))[0]) == 1

    def test_a_coordinator_of_two_organisations_sees_both(self, client, enkoping):
        other = make_municipality("Västerås")
        user = make_coordinator(enkoping)
        user.memberships.create(organisation=other, role="coordinator")
        self.a_round(enkoping)
        self.a_round(other)
        client.force_login(user)

        main = main_of(client.get(ADDRESS))

        assert len(tasks(main)[0]) == 2
        assert "Enköping, Västerås" in main.text

    def test_a_reader_of_a_responsible_organisation_has_nothing_to_do(self, client, enkoping):
        self.a_round(enkoping)
        client.force_login(make_user(Role.READER, enkoping))

        assert not main_of(client.get(ADDRESS)).all("li")

    def test_activities_stand_in_the_plans_order(self, client, enkoping):
        followup = make_followup(make_revision(make_plan(partners=[enkoping])))
        revision = followup.revision
        first_area, second_area = make_area(revision, order=1), make_area(revision, order=2)
        last = make_challenge(revision, area=second_area, order=1)
        first = make_challenge(revision, area=first_area, order=9)
        loose = make_challenge(revision, order=5)
        for key, challenge in [("sist", last), ("andra", first), ("forst", loose)]:
            make_activity(challenge, key=key, responsible=[enkoping])

        assert tasks(main_of(client.get(ADDRESS)))[0] == ["forst", "andra", "sist"]
