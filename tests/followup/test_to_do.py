"""Att göra: what each coordinator has to report, and what is done."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followup.left import people_with_something_left
from followup.models import FollowUp, ReviewState, Stage
from followup.reports.to_do import to_do
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_area,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_report,
    make_review,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import Element, main_of
from tests.plans import person

ADDRESS = "/att-gora/"


def tasks(main: Element) -> tuple[list[str], list[str]]:
    """The keys of the activities that are left and that are done, in order, by the buttons' addresses."""
    found: dict[str, list[str]] = {"Rapportera": [], "Ändra": []}
    for item in main.all("li"):
        button = item.all("a", class_="btn")[-1]
        if "/rapportera/" in button["href"]:
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

    assert "Två aktiviteter och en text om en utmaning kvar." in main.text
    assert "Det skulle ha lämnats den 31 januari 2017." in main.text
    assert (main.one("progress")["value"], main.one("progress")["max"]) == ("4", "7")
    assert "4 av 7 klara" in main.text
    assert "Exempelinnehåll" in main.text


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("name", ["lasare@4m", "admin@4m"])
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

    def test_what_was_not_reported_in_time_is_told_and_what_was_can_be_read(self, client, enkoping):
        followup = self.a_round(enkoping)
        make_report(followup, followup.activities().get())
        make_activity(followup.activities().get().challenge, responsible=[enkoping])
        FollowUp.objects.filter(pk=followup.pk).update(stage=Stage.CLOSED)

        main = main_of(client.get(ADDRESS))

        assert "En aktivitet blev inte rapporterad innan rapporteringen stängdes." in main.text
        assert "Allt som är ditt är klart" not in main.text
        assert "1 av 1 klara" in main.text
        assert len(main.one("details").all("li")) == 1
        assert main.all("a", class_="btn") == []

    @pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.PUBLISHED])
    def test_only_an_open_round_asks_for_anything(self, client, enkoping, stage):
        self.a_round(enkoping, stage=stage)

        assert "Du har inget att göra just nu." in main_of(client.get(ADDRESS)).text

    def test_when_everything_is_reported_it_says_thanks(self, client, enkoping):
        followup = self.a_round(enkoping)
        make_report(followup, followup.activities().get())

        main = main_of(client.get(ADDRESS))

        assert "Allt som är ditt är klart. Tack!" in main.text
        assert "Redaktören ser att du är klar." in main.text
        assert [h3.text for h3 in main.all("h3")] == ["Klart"]
        assert "open" in main.one("details").attributes

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
        assert "Enköping och Västerås" in main.text

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


@pytest.fixture
def enkoping(db):
    return make_municipality("Enköping")


@pytest.fixture
def eva(enkoping):
    return make_coordinator(enkoping, name="Eva Ek")


@pytest.fixture
def followup(enkoping):
    return make_followup(make_revision(make_plan(partners=[enkoping, make_municipality("Västerås")])))


@pytest.fixture
def challenge(followup, enkoping):
    return make_challenge(followup.revision, title="Service", followup_owner=enkoping)


def the_round(person):
    [found] = to_do(person).rounds
    return found


class TestOutcomes:
    @pytest.fixture
    def nki(self, followup, challenge):
        indicator = make_indicator(slug="nojda", name="Nöjd kund-index", short_name="NKI", decimals=1)
        make_target(make_goal(challenge), indicator=indicator, year=followup.year)
        return indicator

    def test_the_own_municipalitys_is_to_be_entered_and_nobody_elses(self, eva, followup, challenge, nki):
        [group] = the_round(eva).left

        [task] = group.outcomes
        assert (task.indicator, task.indicator_name) == ("nojda", "NKI")
        assert (task.municipality_name, task.said) == ("Enköping", "")

    @pytest.mark.parametrize(
        ("said", "words"), [({"value": "57.94"}, "57,9"), ({"missing_reason": "not_measured"}, "Inte mätt")]
    )
    def test_a_value_and_a_reason_for_none_are_both_done(self, eva, enkoping, followup, nki, said, words):
        make_outcome(nki, enkoping, year=followup.year, source="Kolada", **said)

        [group] = the_round(eva).done

        assert [(each.said, each.source) for each in group.outcomes] == [(words, "Kolada")]

    def test_it_is_the_years_own_that_is_asked_for(self, eva, enkoping, followup, challenge, nki):
        make_outcome(nki, enkoping, year=followup.year - 1)
        make_target(make_goal(challenge), indicator=make_indicator(), year=followup.year + 1)

        assert [each.indicator for each in the_round(eva).left[0].outcomes] == ["nojda"]

    def test_an_indicator_of_two_goals_stands_once(self, eva, followup, nki):
        other = make_challenge(followup.revision)
        make_target(make_goal(other), indicator=nki, year=followup.year)

        assert sum(len(each.outcomes) for each in the_round(eva).left) == 1

    def test_one_who_is_no_partner_enters_none(self, followup, nki):
        stranger = make_organisation()
        make_activity(nki.targets.get().goal.challenge, responsible=[stranger])

        assert not any(each.outcomes for each in the_round(make_coordinator(stranger)).left)

    def test_they_are_asked_for_while_the_year_is_closed_for_reports(self, eva, followup, nki):
        followup.stage = Stage.CLOSED
        followup.save()

        assert the_round(eva).left[0].outcomes


class TestReviews:
    @pytest.mark.parametrize(
        ("state", "is_left"),
        [(None, True), ("draft", True), ("returned", True), ("submitted", False), ("approved", False)],
    )
    def test_the_one_who_follows_a_challenge_up_writes_until_it_is_sent_in(
        self, eva, followup, challenge, state, is_left
    ):
        if state:
            make_review(followup, challenge, state=state, note="Mer." if state == "returned" else "")

        found = the_round(eva)

        assert len(found.left) == int(is_left)
        assert len(found.done) == int(not is_left)

    def test_what_the_editor_wants_changed_stands_beside(self, eva, client, followup, challenge):
        make_review(followup, challenge, state=ReviewState.SUBMITTED)
        make_review(followup, challenge, state=ReviewState.RETURNED, note="Skriv om avvikelserna.")
        client.force_login(eva)

        row = main_of(client.get(ADDRESS)).one("li")

        assert "Skriv om avvikelserna." in row.text
        assert "Returnerad" in row.text
        assert "Rätta" in row.text

    def test_a_representative_writes_for_the_one_it_represents(self, eva, enkoping, followup):
        dusys = make_organisation("DUsys", represented_by=[enkoping])
        make_challenge(followup.revision, followup_owner=dusys)
        make_challenge(followup.revision, followup_owner=make_organisation())

        assert the_round(eva).left_count == 1

    def test_what_is_sent_in_waits_for_the_editors_who_have_not_written_in_it(self, eva, followup, challenge):
        owner = followup.plan.owner
        rut, both = make_user(Role.EDITOR, owner), make_user(Role.EDITOR, owner)
        make_review(followup, challenge, state=ReviewState.DRAFT, author=both)
        make_review(followup, challenge, state=ReviewState.SUBMITTED, author=eva)

        assert the_round(rut).left[0].reviews[0].is_to_answer
        assert the_round(both).left == ()
        assert (the_round(rut).left_words, the_round(rut).answers_words) == ("", "En inskickad text")
        assert not the_round(rut).is_overdue

    @pytest.mark.parametrize("state", ["draft", "returned", "approved"])
    def test_nothing_else_waits_for_the_editor(self, followup, challenge, state):
        make_review(followup, challenge, state=state, note="Mer." if state == "returned" else "")

        found = the_round(make_user(Role.EDITOR, followup.plan.owner))

        assert (found.left, found.leads) == ((), True)

    def test_another_plans_editor_has_nothing_to_do_with_it(self, followup, challenge):
        make_review(followup, challenge, state=ReviewState.SUBMITTED)

        assert to_do(make_user(Role.EDITOR, make_organisation())).rounds == ()


def test_the_editor_is_led_to_the_desk(client, followup):
    client.force_login(make_user(Role.EDITOR, followup.plan.owner))

    main = main_of(client.get(ADDRESS))

    assert "Inget väntar på dig här." in main.text
    assert "Till arbetsytan" in main.text


@pytest.mark.django_db
def test_the_editor_without_a_round_is_told_where_one_is_opened(client):
    client.force_login(make_user(Role.EDITOR, make_organisation()))

    assert "En ny öppnar du från planens sida." in main_of(client.get(ADDRESS)).text


def test_everything_is_told_by_challenge_and_counted_in_words(eva, enkoping, followup, challenge):
    make_target(make_goal(challenge), indicator=make_indicator(), year=followup.year)
    for number in range(3):
        make_activity(challenge, order=number, responsible=[enkoping])
    other = make_challenge(followup.revision, order=1, title="Mat")
    make_activity(other, responsible=[enkoping])

    found = the_round(eva)

    assert [(each.title, each.total) for each in found.left] == [("Service", 5), ("Mat", 1)]
    assert found.left_words == "Fyra aktiviteter, ett utfall och en text om en utmaning"
    assert (found.left_count, found.done_count, found.total) == (6, 0, 6)


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "Det skulle ha lämnats"), (0, "Lämna senast i dag ."), (1, "i morgon"), (12, "om 12 dagar")],
)
def test_it_is_told_how_long_there_is_left(client, eva, followup, challenge, days, words):
    followup.due = timezone.localdate() + timedelta(days=days)
    followup.save()
    client.force_login(eva)

    assert words in main_of(client.get(ADDRESS)).text


def test_what_is_overdue_stands_first_and_what_is_done_last(eva, enkoping):
    today = timezone.localdate()
    rounds = {}
    for name, due in [("snart", 2), ("utan dag", None), ("försenad", -5), ("klar", -9)]:
        plan = make_plan(title=name, partners=[enkoping])
        day = today + timedelta(days=due) if due else None
        rounds[name] = make_followup(make_revision(plan), due=day)
        make_activity(make_challenge(rounds[name].revision), responsible=[enkoping])
    make_report(rounds["klar"], rounds["klar"].activities().get())

    found = to_do(eva).rounds

    assert [each.plan_title for each in found] == ["försenad", "snart", "utan dag", "klar"]
    assert [each.is_overdue for each in found] == [True, False, False, False]


def test_one_revision_followed_up_in_two_years_asks_for_each_by_itself(eva, enkoping, followup, challenge):
    next_year = make_followup(followup.revision, year=followup.year + 1)
    make_activity(challenge, key="ett", responsible=[enkoping], last_year=followup.year)
    both = make_activity(challenge, key="tva", responsible=[enkoping])
    assigned = make_activity(challenge, key="tre")
    make_assignment(next_year, assigned, enkoping)
    make_report(followup, both)

    left = {
        each.year: {task.key for group in each.left for task in group.activities}
        for each in to_do(eva).rounds
    }

    assert left == {followup.year: {"ett"}, followup.year + 1: {"tva", "tre"}}


@pytest.mark.django_db
def test_one_without_roles_asks_the_database_for_nothing(django_assert_num_queries):
    person = make_user()
    assert not person.roles

    with django_assert_num_queries(0):
        assert to_do(person).rounds == ()


class TestLinks:
    def test_each_row_leads_to_where_it_is_done(self, client, eva, enkoping, followup, challenge):
        make_target(make_goal(challenge), indicator=make_indicator(slug="matt-a"), year=followup.year)
        client.force_login(eva)
        year = f"/planer/{followup.plan.slug}/uppfoljning/{followup.year}"

        links = [each["href"] for each in main_of(client.get(ADDRESS)).all("a", class_="btn")]

        assert links == [f"{year}/utmaningar/{challenge.key}/", f"{year}/utfall/matt-a/{enkoping.key}/"]
        assert [client.get(each).status_code for each in links] == [200, 200]

    def test_the_editors_lead_to_the_answer_and_the_desk(self, client, followup, challenge):
        make_review(followup, challenge, state=ReviewState.SUBMITTED)
        client.force_login(make_user(Role.EDITOR, followup.plan.owner))
        year = f"/planer/{followup.plan.slug}/uppfoljning/{followup.year}"

        links = {each["href"] for each in main_of(client.get(ADDRESS)).all("a")}

        assert {f"{year}/utmaningar/{challenge.key}/", f"{year}/arbetsyta/"} <= links


@pytest.mark.parametrize("size", [1, 3])
def test_it_takes_no_more_statements_for_more(client, settings, enkoping, size):
    """For one who coordinates and edits, in a round with everything in it; a second step is asked for."""
    settings.REQUIRE_MFA = True
    eva = make_coordinator(enkoping)
    Authenticator.objects.create(user=eva, type=Authenticator.Type.TOTP, data={})
    for _each in range(size):
        plan = make_plan(partners=[enkoping])
        eva.memberships.create(organisation=plan.owner, role=Role.EDITOR)
        for year in (2016, 2017):
            followup = make_followup(make_revision(plan, year=year))
            fill(followup, enkoping, size)
    client.force_login(eva)

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert len(captured) == 13


def fill(followup, enkoping, size):
    """Activities left and done, outcomes left and done, reviews to write and to answer."""
    for _each in range(size):
        challenge = make_challenge(followup.revision, followup_owner=enkoping)
        make_challenge(followup.revision)
        sent = make_challenge(followup.revision)
        make_review(followup, sent, state=ReviewState.SUBMITTED)
        make_activity(challenge, responsible=[enkoping])
        make_report(followup, make_activity(challenge, responsible=[enkoping]))
        make_assignment(followup, make_activity(challenge), enkoping)
        for indicator in (make_indicator(), make_indicator()):
            make_target(make_goal(challenge), indicator=indicator, year=followup.year)
        make_outcome(indicator, enkoping, year=followup.year)


def test_the_page_says_what_the_mails_say(eva, enkoping, followup):
    fill(followup, enkoping, 2)
    editor = make_user(Role.EDITOR, followup.plan.owner)

    told = {each.person: each.total for each in people_with_something_left(followup)}

    assert told == {person: the_round(person).left_count for person in (eva, editor)}
    assert told == {eva: 8, editor: 2}
