"""The page that lays two versions of a plan side by side: only what the reader may read can be chosen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplan.drafting import start_correction, start_next
from actionplan.editions import content_of
from actionplan.models import Activity, Ending, How, Part, Responsibility, Revision
from municipalities.models import Organisation, Role, User
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_challenge,
    make_draft,
    make_ending,
    make_goal,
    make_indicator,
    make_municipality,
    make_plan,
    make_publication,
    make_responsibility,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db

ADDRESS = "/planer/4m/jamfor/"
NOT_IN_THE_LIST = "Välj en av dem som står i listan."


def publish(revision: Revision, **fields: Any) -> Publication:
    """The revision's next edition, with a PDF that is nobody's."""
    return make_publication(revision.document, content=content_of(revision), **fields)


@pytest.fixture
def revision() -> Revision:
    """4M's plan for 2016, with one challenge and two activities; nothing of it has been published."""
    revision = make_revision(make_plan(slug="4m", partners=[make_municipality("Enköping")]), year=2016)
    challenge = make_challenge(revision, key="service", title="Kommunal service")
    make_activity(challenge, key="moten", title="Möten")
    make_activity(challenge, key="dusys", title="Vidga DUsys", description="Till hela 4M.")
    return revision


def revise(revision: Revision, year: int = 2017) -> Revision:
    """The plan for a later year: one activity has ended, one is reworded and one is new."""
    after = make_revision(revision.plan, year=year, based_on=revision)
    challenge = make_challenge(after, key="service", title="Kommunal service")
    make_activity(challenge, key="dusys", title="Vidga DUsys", description="Till hela Mälardalen och 4M.")
    make_activity(challenge, key="snabbspar", title="Snabbspår")
    make_ending(after, key="moten", title="Möten", reason="Ingen kom.")
    return after


def ask(asked: str = "", user: User | None = None) -> Element:
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get(ADDRESS + asked)
    assert answer.status_code == 200
    return main_of(answer)


def choices(page: Element) -> list[str]:
    """What can be chosen, the same in both lists."""
    lists = [[each.text for each in one.all("option")] for one in page.all("select")]
    assert all(each == lists[0] for each in lists)
    return lists[0] if lists else []


def compared(page: Element) -> list[str]:
    """What has been chosen."""
    return [each["value"] for each in page.all("option") if "selected" in each.attributes]


def reader_of(revision: Revision) -> User:
    return make_user(Role.READER, revision.plan.owner)


class TestWhatItTells:
    def test_the_latest_two_are_compared_until_others_are_chosen(self, revision):
        revise(revision)
        revise(revision, 2018)

        assert compared(ask()) == ["2017", "2018"]
        assert compared(ask("?till=2017")) == ["2016", "2017"]
        assert compared(ask("?fran=2016")) == ["2016", "2018"]
        assert compared(ask("?fran=2018")) == ["2017", "2018"]
        assert compared(ask("?till=2016")) == ["2016", "2017"]
        assert compared(ask("?fran=2016&till=2018")) == ["2016", "2018"]

    def test_they_are_told_in_the_order_of_time_however_they_are_asked_for(self, revision):
        revise(revision)

        page = ask("?fran=2017&till=2016")

        assert compared(page) == ["2016", "2017"]
        assert "Från planen för 2016 till planen för 2017" in page.text

    def test_it_opens_with_a_sentence_and_goes_on_by_challenge(self, revision):
        revise(revision)

        page = ask()

        assert page.one("p", class_="says").text == (
            "1 aktivitet har kommit till, 1 har ändrats och 1 har avslutats."
        )
        assert [each.text for each in page.all("h2")] == ["Kommunal service"]
        assert [each.text for each in page.all("h3")] == ["Möten", "Vidga DUsys", "Snabbspår"]
        assert "Avslutad · aktivitet Möten Skäl: Ingen kom." in page.text

    def test_words_that_have_come_and_gone_are_told_to_the_ear_too(self, revision):
        revise(revision)
        Activity.objects.filter(revision__year=2017, key="dusys").update(description="Till halva 4M.")

        changes = ask().one("ul", class_="changes")

        assert [each.text for each in changes.all("ins")] == ["Tillagt: halva"]
        assert [each.text for each in changes.all("del")] == ["Borttaget: hela"]

    def test_how_an_activity_ended_in_a_year_between_is_told(self, revision):
        revise(revision)
        make_challenge(make_revision(revision.plan, year=2018), key="service", title="Kommunal service")

        assert "Avslutad · aktivitet Möten Skäl: Ingen kom." in ask("?fran=2016&till=2018").text

    def test_what_took_its_place_in_a_year_between_is_named(self, revision):
        after = revise(revision)
        Ending.objects.update(how=How.REPLACED)
        Activity.objects.filter(revision=after, key="snabbspar").update(predecessor="moten")
        later = make_challenge(make_revision(revision.plan, year=2018), key="service")
        make_activity(later, key="snabbspar", title="Snabbspåret")

        page = ask("?fran=2016&till=2018")

        assert "Ersatt av ”Snabbspåret”." in page.text
        assert "Ersätter ”Möten”." in page.text

    def test_why_a_target_was_changed_in_a_year_between_is_told(self, revision):
        indicator = make_indicator(name="NKI")
        for each, value in ((revision, 75), (revise(revision), 77), (revise(revision, 2018), 77)):
            goal = make_goal(each.challenge_rows.get(), key="nojda")
            reason = "Utfallet var högre." if each.year == 2017 else ""
            make_target(goal, key="nki", indicator=indicator, year=2018, value=value, reason=reason)

        assert "NKI 2018 Skäl: Utfallet var högre. Värde att nå" in ask("?fran=2016&till=2018").text
        assert "Utfallet var högre." not in ask("?fran=2017&till=2018").text

    def test_who_leads_and_who_takes_part_is_told(self, revision):
        enkoping, vasteras = make_municipality("Enköping"), make_municipality("Västerås")
        for each in (revision, revise(revision)):
            make_responsibility(each.activity_rows.get(key="dusys"), enkoping)
        publish(revision)
        after = Activity.objects.get(revision__year=2017, key="dusys")
        make_responsibility(after, vasteras, part=Part.TAKING_PART)

        assert "Ansvarig Enköping, Tillagt: Västerås (medverkar)" in ask().text
        page = main_of(Client().get("/planer/4m/revideringar/2017/"))
        assert "Enköping och Västerås (medverkar)" in page.one("table", class_="decided").text

    def test_what_was_published_is_compared_and_not_what_has_become_of_it(self, revision):
        publish(revision)
        publish(revise(revision))
        Activity.objects.update(title="Omdöpt sedan dess")

        page = ask()

        assert "Omdöpt sedan dess" not in page.text
        assert "Vidga DUsys" in page.text

    def test_what_an_editor_wrote_is_shown_and_never_run(self, revision):
        trap = '<script>alert("x")</script>'
        after = revise(revision)
        after.note = trap
        Revision.objects.filter(pk=after.pk).update(note=trap)
        Activity.objects.filter(revision=after).update(title=trap, description=trap, responsible_text=trap)

        page = ask()

        assert not page.all("script")
        assert page.text.count('alert("x")') >= 5

    @pytest.mark.parametrize("asked", ["", "?fran=2016&till=1066", "?fran=2016&till=2016"])
    def test_it_can_be_read_by_ear_and_used_from_a_keyboard(self, client, revision, asked):
        revise(revision)

        assert faults(read(client.get(ADDRESS + asked))) == []


class TestNothingToCompare:
    def test_there_is_only_one(self, client, revision):
        page = ask()

        assert not page.all("form")
        assert "Det finns inget att jämföra med än" in page.text
        assert faults(read(client.get(ADDRESS))) == []

    def test_nothing_differs(self, client, revision):
        start_next_and_adopt_as_it_is(revision)

        page = ask()

        assert page.one("p", class_="says").text == "Inget skiljer sig."
        assert "Varje rad står i båda" in page.text
        assert compared(page) == ["2016", "2017"]
        assert faults(read(client.get(ADDRESS))) == []


def start_next_and_adopt_as_it_is(revision: Revision) -> None:
    after = make_revision(revision.plan, year=2017)
    challenge = make_challenge(after, key="service", title="Kommunal service")
    make_activity(challenge, key="moten", title="Möten")
    make_activity(challenge, key="dusys", title="Vidga DUsys", description="Till hela 4M.")


class TestWhatCanBeChosen:
    def test_each_year_and_each_earlier_edition(self, revision):
        publish(revision)
        publish(revision)
        revise(revision)

        assert choices(ask()) == ["2016, utgåva 1", "2016", "2017"]
        assert compared(ask()) == ["2016", "2017"]
        assert compared(ask("?till=2016")) == ["2016-1", "2016"]

    def test_an_earlier_edition_is_compared_as_it_was(self, revision):
        publish(revision)
        Activity.objects.filter(key="moten").update(title="Fler möten")
        Revision.objects.update(note="Vad som är nytt för året.")
        publish(revision, corrects="Mötena var fler.")

        page = ask()

        assert compared(page) == ["2016-1", "2016"]
        assert page.one("p", class_="says").text == "1 aktivitet har ändrats."
        assert "Från planen för 2016, utgåva 1 till planen för 2016" in page.text
        assert "Mötena var fler." in page.text
        assert "Vad som är nytt för året." not in page.text
        assert {link["href"] for link in page.all("a")} >= {
            "/planer/4m/revideringar/2016/utgava/1/",
            "/planer/4m/revideringar/2016/",
        }

    def test_the_draft_for_those_who_take_part(self, revision):
        draft = make_draft(revision.plan, year=2017)
        make_challenge(draft, key="hemlig", title="Hemlig utmaning")

        page = ask(user=reader_of(revision))

        assert choices(page) == ["2016", "2017, arbetsmaterial"]
        assert compared(page) == ["2016", "utkast"]
        assert "Hemlig utmaning" in page.text
        assert "Från planen för 2016 till arbetsmaterialet till planen för 2017" in page.text

    def test_a_correction_is_compared_with_what_it_corrects(self, revision):
        revise(revision)
        correction = start_correction(revision, "Ett namn.", by=make_user(Role.EDITOR, revision.plan.owner))
        Activity.objects.filter(revision=correction, key="moten").update(title="Rättade möten")

        page = ask("?till=utkast", reader_of(revision))

        assert choices(page) == ["2016", "2017", "2016, rättelse under arbete"]
        assert compared(page) == ["2016", "utkast"]
        assert page.one("p", class_="says").text == "1 aktivitet har ändrats."
        assert "Ett namn." in page.text

    def test_years_are_compared_in_order_though_the_earlier_is_being_corrected(self, revision):
        revise(revision)
        start_correction(revision, "Ett namn.", by=make_user(Role.EDITOR, revision.plan.owner))

        page = ask("?fran=2017&till=utkast", reader_of(revision))

        assert "Från rättelsen av planen för 2016 till planen för 2017" in page.text
        assert "Arbetsmaterial" in page.one("p", class_="kind").text

    def test_a_draft_tells_what_it_has_nothing_of_yet(self, revision):
        start_next(revision, 2017, by=make_user(Role.EDITOR, revision.plan.owner))

        page = ask(user=reader_of(revision))

        assert page.one("p", class_="says").text == "2 aktiviteter är inte med."

    @pytest.mark.parametrize(
        "asked",
        [
            "?till=utkast",
            "?fran=utkast",
            "?till=1066",
            "?till=2016-7",
            "?fran=2018&till=2016",
            "?fran=1%00&till=x",
        ],
    )
    def test_what_one_may_not_read_is_answered_as_what_is_not_there(self, revision, asked):
        revise(revision)
        make_challenge(make_draft(revision.plan, year=2018), title="Hemlig utmaning")

        page = ask(asked)

        errors = [each.text for each in page.all("div", class_="error")]
        assert set(errors) == {NOT_IN_THE_LIST}
        assert choices(page) == ["2016", "2017"]
        assert not page.all("ul", class_="changes")
        assert "Hemlig" not in page.text

    def test_the_answer_is_the_same_whether_there_is_a_draft_or_not(self, client, revision):
        revise(revision)
        without = client.get(f"{ADDRESS}?till=utkast").content

        make_draft(revision.plan, year=2018)

        assert client.get(f"{ADDRESS}?till=utkast").content == without

    def test_two_of_the_same_are_not_compared(self, revision):
        revise(revision)

        assert [each.text for each in ask("?fran=2016&till=2016").all("div", class_="error")] == [
            "Välj två olika att jämföra."
        ]

    def test_those_of_another_plan_choose_no_draft(self, revision):
        revise(revision)
        make_draft(revision.plan, year=2018)

        assert choices(ask(user=make_user(Role.EDITOR, make_municipality()))) == ["2016", "2017"]


class TestTheWayThere:
    def links(self, address: str, user: User | None = None) -> list[str]:
        client = Client()
        if user:
            client.force_login(user)
        page = main_of(client.get(address))
        return [each["href"] for each in page.all("a") if "/jamfor/" in each["href"]]

    def test_there_is_none_while_there_is_nothing_else(self, revision):
        assert self.links("/planer/4m/revideringar/2016/") == []

    def test_each_version_is_led_to_what_came_before_it(self, revision):
        publish(revision)
        publish(revision)
        revise(revision)
        make_draft(revision.plan, year=2018)
        reader = reader_of(revision)

        assert self.links("/planer/4m/revideringar/2016/") == [f"{ADDRESS}?till=2016"]
        assert self.links("/planer/4m/revideringar/2016/utgava/1/") == [f"{ADDRESS}?till=2016-1"]
        assert self.links("/planer/4m/revideringar/2017/") == [f"{ADDRESS}?till=2017"]
        assert self.links("/planer/4m/revideringar/2018/", reader) == [f"{ADDRESS}?till=utkast"]
        for link in ("2016", "2016-1", "2017", "utkast"):
            assert len(compared(ask(f"?till={link}", reader))) == 2


class TestStatements:
    """As many however much the plan holds, and however it is compared."""

    @staticmethod
    def grow(revision: Revision, responsible: Organisation, to: int) -> None:
        """Ten activities and a target in each challenge; every other activity differs from year to year."""
        for number in range(revision.activity_rows.count() // 10, to // 10):
            challenge = make_challenge(revision, key=f"utmaning-{number}")
            make_target(make_goal(challenge, key=f"mal-{number}"), key=f"malvarde-{number}")
            activities = Activity.objects.bulk_create(
                Activity(
                    revision=revision,
                    challenge=challenge,
                    key=f"aktivitet-{number}-{each}",
                    title=f"Aktivitet {number}, {each if each % 2 else revision.year}",
                )
                for each in range(10)
            )
            Responsibility.objects.bulk_create(
                Responsibility(
                    revision=revision, activity=each, organisation=responsible, key=f"{each.key}-a"
                )
                for each in activities
            )

    def statements(self, client: Client, asked: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            answer = client.get(ADDRESS + asked)
        assert 'class="changes"' in answer.content.decode()
        return len(taken)

    @pytest.mark.parametrize(
        ("asked", "most"), [("?fran=2015&till=2016", 12), ("?fran=2016&till=2017", 20), ("?till=utkast", 30)]
    )
    def test_it_takes_the_same_at_50_activities_and_at_500(self, asked, most):
        plan = make_plan(slug="4m", first_year=2010)
        responsible = make_municipality()
        revisions = [make_revision(plan, year=year) for year in (2015, 2016, 2017)]
        draft = make_draft(plan, year=2018)
        client = Client()
        client.force_login(make_user(Role.READER, plan.owner))
        taken = []
        for size in (50, 500):
            for each in (*revisions, draft):
                self.grow(each, responsible, size)
            for each in revisions[:2]:  # of the years, the first two have been published
                publish(each)
            taken.append(self.statements(client, asked))

        assert taken[0] == taken[1] <= most


class TestTheWayHere:
    """Whoever writes the draft comes from its page; others from the plan's."""

    @pytest.mark.parametrize(
        ("role", "year", "way"),
        [
            (Role.EDITOR, 2017, ["Planer", "Planen", "Arbetsmaterial 2017"]),
            (Role.READER, 2017, ["Planer", "Planen"]),
            (Role.EDITOR, 2016, ["Planer", "Planen"]),
        ],
    )
    def test_it_leads_where_the_reader_may_go(self, client, role, year, way):
        plan = make_plan(title="Planen")
        make_draft(plan, year=2017, based_on=make_revision(plan, year=2016))
        client.force_login(make_user(role, plan.owner))

        page = read(client.get(f"/planer/{plan.slug}/revideringar/{year}/"))

        assert [link.text for link in page.one("nav", class_="crumbs").all("a")] == way

    def test_what_compares_adopted_ones_is_below_the_plan_for_those_who_write_too(self, client):
        plan = make_plan(title="Planen")
        adopted = make_revision(plan, year=2016, based_on=make_revision(plan, year=2015))
        make_draft(plan, year=2017, based_on=adopted)
        client.force_login(make_user(Role.EDITOR, plan.owner))

        page = read(client.get(reverse("compare-revisions", args=[plan.slug]), {"fran": 2015, "till": 2016}))

        assert "Arbetsmaterial" not in page.one("nav", class_="crumbs").text
