"""The page of a plan's log of changes: who changed what and when, and how it was before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionplan.drafting import discard, start_correction, start_next
from actionplan.models import (
    Activity,
    Challenge,
    Goal,
    Indicator,
    Plan,
    Revision,
    SeriesBreak,
    State,
    YearlyTarget,
)
from followup.log import KINDS
from followup.models import Assignment
from followup.reports import log as reports
from municipalities.history import remember
from municipalities.models import Role, User
from tests.big_log import make_big_log
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_responsibility,
    make_revision,
    make_target,
    make_term,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db

NOON = datetime(2017, 5, 2, 10, 0, tzinfo=UTC)
"""Noon in Stockholm, on the second of May."""

ADDRESS = "/planer/var/andringar/"


@pytest.fixture
def plan() -> Plan:
    return make_plan(slug="var", title="Vår plan", partners=[make_municipality("Enköping")])


@pytest.fixture
def draft(plan) -> Revision:
    return make_draft(plan, year=2017)


@pytest.fixture
def editor(plan) -> User:
    return make_user(Role.EDITOR, plan.owner, name="Rut Redaktör")


@pytest.fixture
def reader(plan, client) -> Client:
    client.force_login(make_user(Role.READER, plan.owner))
    return client


def begin_here() -> None:
    """Lets the log begin now, as if all that is there had been loaded."""
    for kind in KINDS.values():
        kind.versions.all().delete()


def change(
    thing: Model, by: User | None = None, *, at: datetime = NOON, reason: str = "", **values: Any
) -> Any:
    """Changes something at that moment, as the pages do."""
    for name, value in values.items():
        setattr(thing, name, value)
    thing._history_date = at  # type: ignore[attr-defined]
    remember(thing, by, reason).save()
    return thing


def change_each_minute(thing: Model, by: User, times: int) -> None:
    for minute in range(times):
        change(thing, by, at=NOON + timedelta(minutes=minute), order=minute + 1)


def log_of(client: Client, asked: str = "") -> Element:
    answer = client.get(ADDRESS + asked)
    assert not faults(read(answer))
    return main_of(answer)


def moments(main: Element) -> list[Element]:
    """What was done at each moment, the latest first."""
    return [each for log in main.all("ol", class_="log") for each in log.content if isinstance(each, Element)]


class TestWhoReadsIt:
    def test_those_who_take_part_and_administrators(self, plan, client):
        takes_part = make_user(Role.READER, plan.owner), make_coordinator(plan.partners.get())

        for person in (*takes_part, make_administrator()):
            client.force_login(person)
            assert client.get(ADDRESS).status_code == 200

    def test_a_visitor_is_sent_to_log_in_whether_or_not_there_is_such_a_plan(self, plan, client):
        for address in (ADDRESS, "/planer/finns-inte/andringar/"):
            assert client.get(address)["Location"].startswith("/konto/logga-in/")

    def test_to_someone_of_another_plan_it_isnt_there(self, plan, client):
        client.force_login(make_coordinator())

        assert client.get(ADDRESS).status_code == 404


class TestWhatItTells:
    def test_who_changed_what_when_and_why_with_the_words_before_and_after(self, reader, draft, editor):
        activity = make_activity(make_challenge(draft), title="Starta mentorer i Enköping")
        change(activity, editor, reason="Efter mötet", title="Starta mentorer i hela regionen")

        main = log_of(reader, "?vad=activity&till=2017-12-31")

        [moment] = moments(main)
        assert main.one("h2").text == "2 maj 2017"
        assert moment.one("time").text == "12.00"
        assert moment.one("h3").text == "Rut Redaktör: Efter mötet"
        assert "Aktivitet Starta mentorer i hela regionen ändrades i revidering 2017" in moment.text
        assert moment.one("dt").text == "Aktivitet"
        assert moment.one("del").text.endswith("Enköping")
        assert moment.one("ins").text.endswith("hela regionen")
        assert moment.one("dd").text.startswith("Starta mentorer i")

    def test_values_as_people_write_them(self, reader, draft, editor):
        goal, other = (make_goal(make_challenge(draft), text=text) for text in ("Nöjda företag", "Fler jobb"))
        target = make_target(goal, indicator=make_indicator(name="NKI"), value=Decimal("75"))
        change(target, editor, value=Decimal("77.50"), over="lowest", goal=other, nearly=Decimal(1400) / 20)
        followup = make_followup(make_revision(draft.plan, year=2016), stage="open")
        change(followup, editor, stage="closed", due=date(2017, 1, 31))

        told = moments(log_of(reader, "?till=2017-12-31"))[0]

        values = {dt.text: dd.text for dt, dd in zip(told.all("dt"), told.all("dd"), strict=True)}
        assert values["Målvärde"] == "Borttaget: 75 → Tillagt: 77,5"
        assert values["Över vem"] == "Borttaget: Medeltal för kommunerna → Tillagt: Lägsta kommunens värde"
        assert values["Mål"] == "Borttaget: Nöjda företag → Tillagt: Fler jobb"
        assert values["Gräns för delvis"] == "Tillagt: 70"
        assert values["Skede"] == "Borttaget: Öppen för rapportering → Tillagt: Stängd för rapportering"
        assert values["Lämnas senast"] == "Tillagt: 31 januari 2017"
        assert "Målvärde NKI 2017" in told.text
        assert "Uppföljning 2016" in told.text

    def test_of_what_is_new_or_gone_all_that_it_says(self, reader, draft, editor):
        term = make_term(draft, term="SME", explanation="Små och medelstora företag")
        begin_here()
        term._history_date = NOON  # type: ignore[attr-defined]
        remember(term, editor).delete()
        activity = Activity(
            revision=draft, challenge=make_challenge(draft, title="Kompetens"), title="Mentorer"
        )
        change(activity, editor, at=NOON + timedelta(hours=1), first_year=2017)

        added, gone = moments(log_of(reader, "?till=2017-12-31"))

        assert "Aktivitet Mentorer lades till i revidering 2017" in added.text
        assert "Utmaning Kompetens Från år 2017" in added.text
        assert (
            "Ordförklaring SME togs bort i revidering 2017 Förklaring Små och medelstora företag" in gone.text
        )
        assert not gone.one("li").all("ins")

    def test_a_long_text_is_shortened_to_what_changed_in_it(self, reader, draft, editor):
        before = " ".join(f"ord{number}" for number in range(300))
        challenge = make_challenge(draft, strategy=before)
        change(challenge, editor, strategy=before.replace("ord150 ", "nytt "))

        [told] = moments(log_of(reader, "?till=2017-12-31"))

        assert "ord149 Borttaget: ord150 Tillagt: nytt ord151" in told.text
        assert "ord100" not in told.text
        assert "ord299" not in told.text

    def test_of_a_long_text_that_is_new_its_beginning(self, reader, draft, editor):
        challenge = make_challenge(draft)
        change(challenge, editor, text=" ".join(f"ord{number}" for number in range(300)))

        [told] = moments(log_of(reader, "?till=2017-12-31"))

        assert "ord39 … (och 260 ord till)" in told.text
        assert "ord40" not in told.text

    def test_who_takes_part_in_the_plan_by_name(self, reader, plan, editor):
        plan._history_user, plan._history_date = editor, NOON
        plan.partners.add(make_municipality("Västerås"))

        [told] = moments(log_of(reader, "?till=2017-12-31"))

        assert "Deltagande kommuner Enköping, Tillagt: Västerås" in told.text

    def test_who_is_let_report_an_activity(self, reader, plan, editor):
        followup = make_followup(make_revision(plan, year=2016))
        activity = make_activity(make_challenge(followup.revision), title="Mötet")
        for assigned in (
            make_assignment(followup, activity, make_organisation("Länsstyrelsen")),
            make_assignment(make_followup(), make_activity(), make_organisation("Andras myndighet")),
        ):
            change(assigned, editor)
        region = make_organisation("Regionen")
        change(Assignment.objects.get(followup=followup), editor, organisation=region)

        [told] = moments(log_of(reader, "?vad=assignment&till=2017-12-31"))

        assert "Rapporterar för Regionen: Mötet ändrades i uppföljning 2016" in told.text
        assert "Borttaget: Länsstyrelsen → Tillagt: Regionen" in told.text
        assert told.all("a", href="/planer/var/uppfoljning/2016/")

    def test_what_becomes_of_indicators_that_the_plan_has_targets_for(self, reader, draft, editor):
        nki, jobs, other = (make_indicator(name=name) for name in ("NKI", "Jobb", "Andras mått"))
        goal = make_goal(make_challenge(draft))
        make_target(goal, indicator=nki)
        make_target(goal, indicator=jobs)
        make_target(indicator=other)
        for each in (nki, jobs, other):
            change(each, editor, unit="procent")
        change(SeriesBreak(indicator=nki, year=2017, note="Nya frågor"), editor)

        [told] = moments(log_of(reader, "?till=2017-12-31"))

        assert "Tidsseriebrott NKI 2017 lades till Vad som ändrades Nya frågor" in told.text
        assert "Indikator NKI ändrades Enhet" in told.text
        assert "Indikator Jobb ändrades" in told.text
        assert "Andras mått" not in told.text

    def test_an_indicator_is_in_the_log_of_the_plan_that_had_it_first(self, reader, draft, editor):
        theirs, ours = make_indicator(name="Deras"), make_indicator(name="Vårt")
        goal = make_goal(make_challenge(draft))
        make_target(indicator=theirs)
        for each in (theirs, ours):
            make_target(goal, indicator=each)
        make_target(indicator=ours)
        for each in (theirs, ours):
            change(each, editor, unit="procent")

        [told] = moments(log_of(reader, "?vad=indicator&till=2017-12-31"))

        assert "Indikator Vårt ändrades" in told.text
        assert "Deras" not in told.text

    def test_which_revision_a_year_follows_up(self, reader, plan, editor):
        followup = make_followup(make_revision(plan, year=2016))
        change(followup, editor, revision=make_revision(plan, year=2015))

        [told] = moments(log_of(reader, "?till=2017-12-31"))

        assert "Borttaget: revidering 2016 → Tillagt: revidering 2015" in told.text

    def test_what_is_gone_keeps_its_name(self, reader, draft, editor):
        challenge = make_challenge(draft, title="Finansiering")
        activity = make_activity(challenge)
        other = make_challenge(draft, title="Kompetens")
        change(activity, editor, challenge=other)
        activity.delete()
        challenge.delete()

        [told] = moments(log_of(reader, "?till=2017-12-31"))

        assert "Utmaning Borttaget: Finansiering → Tillagt: Kompetens" in told.text
        assert not told.all("a", href="/planer/var/revideringar/2017/")

    def test_of_what_was_loaded_the_log_knows_nothing_before(self, reader, draft, editor):
        term = make_term(draft, term="SME", explanation="Företag")
        begin_here()
        change(term, editor, explanation="Små företag")

        main = log_of(reader)

        assert (
            "Hur det stod förut vet inte loggen. Så här stod det sedan: Förklaring Små företag" in main.text
        )
        assert "Loggen börjar 2 maj 2017. Det som lästes in färdigt" in main.text

    def test_a_row_that_was_saved_unchanged_says_so(self, reader, draft, editor):
        change(make_challenge(draft), editor)

        assert "Sparades utan att något ändrades." in log_of(reader, "?till=2017-12-31").text

    def test_nobody_signed_in_is_the_portal(self, reader, draft):
        change(make_challenge(draft), purpose="Nytt")

        assert moments(log_of(reader, "?till=2017-12-31"))[0].one("h3").text == "Portalen"

    def test_a_log_in_which_nothing_is_tells_what_will_be(self, reader, draft):
        begin_here()

        assert "Ingenting har ändrats än" in log_of(reader).text

    def test_what_was_written_is_shown_and_never_run(self, reader, draft, editor):
        trap = "<script>alert(1)</script>"
        activity = make_activity(make_challenge(draft))
        change(activity, editor, reason=trap, title=trap, description=trap)

        main = log_of(reader, "?till=2017-12-31")

        assert not main.all("script")
        assert main.text.count(trap) == 4


class TestLinks:
    def test_to_the_things_page_where_it_has_one(self, reader, plan, editor):
        revision = make_revision(plan, year=2016)
        challenge = make_challenge(revision, key="service")
        activity = make_activity(challenge, key="mote")
        for thing in (plan, revision, challenge, activity, make_followup(revision)):
            change(thing, editor)

        links = {link["href"] for link in log_of(reader, "?till=2017-12-31").one("ol", class_="log").all("a")}

        assert {
            "/planer/var/",
            "/planer/var/revideringar/2016/",
            "/planer/var/revideringar/2016/#service",
            "/planer/var/aktiviteter/mote/",
            "/planer/var/uppfoljning/2016/",
        } <= links

    def test_to_the_draft_for_what_isnt_decided(self, reader, draft, editor):
        change(make_activity(make_challenge(draft)), editor)

        [told] = moments(log_of(reader, "?vad=activity&till=2017-12-31"))

        assert told.all("a", href="/planer/var/revideringar/2017/")

    def test_each_change_has_an_address_that_stays_when_more_has_come(self, reader, draft, editor):
        challenge = make_challenge(draft)
        change_each_minute(challenge, editor, 3)
        code = moments(log_of(reader, "?till=2017-12-31"))[1]["id"]

        change_each_minute(make_challenge(draft), editor, 40)
        main = log_of(reader, f"?andring={code}")

        assert moments(main)[0]["id"] == code
        assert "Ordning Borttaget: 1 → Tillagt: 2" in moments(main)[0].text
        assert "Till de senaste ändringarna" in main.text


class TestMoments:
    def test_a_copy_of_a_revision_is_one_thing(self, reader, plan, editor):
        base = make_revision(plan, year=2016)
        for _each in range(12):
            make_goal(make_challenge(base))
        begin_here()

        start_next(base, 2017, by=editor)

        [told] = moments(log_of(reader))
        assert told.one("h3").text == "Rut Redaktör: Arbetsmaterial för 2017, från planen för 2016"
        assert "25 rader lades till: 1 revidering, 12 utmaningar och 12 mål." in told.text
        assert len(told.all("li")) == 0

    def test_it_can_be_read_row_by_row(self, reader, plan, editor):
        base = make_revision(plan, year=2016)
        for number in range(12):
            make_challenge(base, title=f"Utmaning nummer {number}")
        begin_here()
        start_next(base, 2017, by=editor)

        address = moments(log_of(reader))[0].all("a")[-1]["href"]
        main = log_of(reader, address)

        assert len(moments(main)[0].all("li")) == 13
        assert all(f"Utmaning nummer {number}" in main.text for number in range(12))

    def test_what_is_changed_among_much_that_is_gone_is_told(self, reader, plan, editor):
        original = make_revision(plan, year=2016, state=State.DRAFT)
        for _each in range(15):
            make_challenge(original)
        change(original, state=State.ADOPTED)
        correction = start_correction(original, "Ett stavfel", by=editor)
        begin_here()
        for challenge in [*Challenge.objects.filter(revision=correction)]:
            remember(challenge, editor, "Rättelse: Ett stavfel").delete()
        change(
            Challenge.objects.first(),
            editor,
            at=datetime.now(UTC),
            reason="Rättelse: Ett stavfel",
            purpose="Rätt",
        )

        [told] = moments(log_of(reader))

        assert "1 rad ändrades: 1 utmaning." in told.text
        assert "15 rader togs bort: 15 utmaningar." in told.text
        assert "Syfte" in told.text
        assert len(told.all("li")) == 1

    def test_a_draft_that_was_thrown_away_is_in_the_log_still(self, reader, plan, editor):
        base = make_revision(plan, year=2016)
        for _each in range(12):
            make_challenge(base)
        draft = start_next(base, 2017, by=editor)

        discard(draft, by=editor)

        assert "13 rader togs bort: 1 revidering och 12 utmaningar." in moments(log_of(reader))[0].text

    def test_other_peoples_changes_in_between_are_told_apart(self, reader, draft, editor):
        one, other = make_challenge(draft), make_challenge(draft)
        change(one, editor, at=NOON, purpose="Ett")
        change(other, make_administrator(name="Asta"), at=NOON + timedelta(milliseconds=200), purpose="Två")
        change(one, editor, at=NOON + timedelta(milliseconds=400), purpose="Tre")

        told = [each.one("h3").text for each in moments(log_of(reader, "?till=2017-12-31"))]

        assert told == ["Rut Redaktör", "Asta", "Rut Redaktör"]

    def test_one_that_is_larger_than_a_page_looks_at_goes_on(self, reader, draft, editor, monkeypatch):
        monkeypatch.setattr(reports, "LOOKED_AT", 20)
        begin_here()
        for number in range(50):
            change(Challenge(revision=draft, title=f"Nummer {number}"), editor, at=NOON)

        first = log_of(reader)
        second = log_of(reader, first.all("a")[-1]["href"])
        third = log_of(reader, second.all("a")[-1]["href"])

        assert "20 rader lades till" in first.text
        assert "Det var fler än så" in first.text
        assert "20 rader lades till" in second.text
        assert len(moments(third)[0].all("li")) == 10
        assert "Det var fler än så" not in third.text


class TestFilters:
    @pytest.fixture
    def changed(self, draft, editor) -> User:
        """A change by the editor on the second of May and one by an administrator on the third."""
        administrator = make_administrator(name="Asta Administratör")
        begin_here()
        change(make_activity(make_challenge(draft), title="Mötet"), editor, title="Det stora mötet")
        change(draft.plan, administrator, at=NOON + timedelta(days=1), title="Vår nya plan")
        return administrator

    def titles(self, reader: Client, asked: str) -> list[str]:
        return [each.one("h3").text for each in moments(log_of(reader, f"?till=2017-12-31&{asked}"))]

    def test_by_person(self, reader, changed, editor):
        assert self.titles(reader, f"vem={editor.pk}") == ["Rut Redaktör"]
        assert self.titles(reader, f"vem={changed.pk}") == ["Asta Administratör"]
        assert self.titles(reader, "vem=0") == []

    def test_by_kind(self, reader, changed):
        assert self.titles(reader, "vad=plan") == ["Asta Administratör"]
        assert self.titles(reader, "vad=activity") == ["Rut Redaktör"]
        assert self.titles(reader, "vad=term") == []

    def test_by_period_with_both_its_days(self, reader, changed):
        assert self.titles(reader, "fran=2017-05-03") == ["Asta Administratör"]
        main = log_of(reader, "?fran=2017-05-02&till=2017-05-02")
        assert [each.one("h3").text for each in moments(main)] == ["Rut Redaktör"]

    def test_a_day_ends_when_it_does_in_stockholm(self, reader, changed, editor, draft):
        change(draft, editor, at=datetime(2017, 5, 4, 22, 30, tzinfo=UTC), note="Strax efter midnatt")

        assert self.titles(reader, "fran=2017-05-05") == ["Rut Redaktör"]

    def test_those_who_have_changed_something_can_be_chosen_and_nobody_else(self, reader, changed, plan):
        for name in ("Förra redaktören", "Nya redaktören"):
            make_user(Role.EDITOR, plan.owner, name=name)
        former = User.objects.get(name="Förra redaktören")
        change(plan, former, title="Planen")
        former.memberships.get().delete()
        make_administrator(name="Administratör utan ärende")
        change(make_challenge(make_draft()), former, purpose="I en annan plan")

        names = [each.text for each in log_of(reader).one("select", name="vem").all("option")]

        assert names == ["Alla", "Asta Administratör", "Förra redaktören", "Portalen", "Rut Redaktör"]
        begin_here()
        assert [each.text for each in log_of(reader).one("select", name="vem").all("option")] == ["Alla"]

    def test_what_cant_be_asked_is_told_at_its_field_and_asks_for_nothing(self, reader, changed):
        main = log_of(reader, "?fran=2017-06-01&till=2017-05-01")
        assert "Perioden kan inte sluta innan den börjar." in main.text

        main = log_of(reader, "?fran=i-maj&vem=999999&vad=allt&andring=x")
        assert "Skriv datumet så här: 2017-01-31." in main.text
        assert len(moments(main)) > 1

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_a_day_beyond_all_reason_is_refused_at_its_field(self, reader, changed, day):
        assert "Skriv datumet så här: 2017-01-31." in log_of(reader, f"?fran={day}&till={day}").text

    def test_when_nothing_is_found_that_is_said(self, reader, changed):
        assert "Ingen ändring stämmer med det du söker" in log_of(reader, "?vad=term&till=2017-12-31").text

    def test_older_changes_are_asked_for_alike(self, reader, changed, draft, editor):
        change_each_minute(make_challenge(draft), editor, reports.MOMENTS + 3)

        older = log_of(reader, f"?vem={editor.pk}&vad=challenge&till=2017-12-31").all("a")[-1]["href"]
        main = log_of(reader, older)

        assert f"vem={editor.pk}&vad=challenge&till=2017-12-31" in older
        assert len(moments(main)) == 3


class TestPaging:
    def walk(self, reader: Client, asked: str) -> list[str]:
        """The codes of all changes, page by page."""
        codes = []
        while asked:
            main = log_of(reader, asked)
            codes += [each["id"] for each in moments(main)]
            links = [link for link in main.all("a") if link.text == "Äldre ändringar"]
            asked = links[0]["href"] if links else ""
        return codes

    def test_page_by_page_comes_every_change_once(self, reader, draft, editor):
        begin_here()
        challenges = [make_challenge(draft) for _each in range(3)]
        begin_here()
        for number in range(70):
            moment = NOON + timedelta(seconds=3 * (number // 2))
            by = editor if number % 2 else None
            change(challenges[number % 3], by, at=moment, order=number + 1)

        codes = self.walk(reader, "?vad=challenge")

        assert len(codes) == 70
        assert len(set(codes)) == 70

    def test_changes_of_the_same_moment_have_an_order_that_stays(self, reader, draft, editor, monkeypatch):
        monkeypatch.setattr(reports, "MOMENTS", 2)
        begin_here()
        others = [None, editor, make_administrator()]
        things = [make_challenge(draft), make_goal(make_challenge(draft)), make_term(draft)]
        begin_here()
        for number in range(12):
            change(things[number % 3], others[number % 3], at=NOON, order=number + 1)

        assert sorted(self.walk(reader, "?")) == sorted(set(self.walk(reader, "?")))

    def test_row_by_row_too(self, reader, draft, editor, monkeypatch):
        monkeypatch.setattr(reports, "ONE_BY_ONE", 7)
        begin_here()
        for number in range(30):
            change(Challenge(revision=draft, title=f"Nummer {number:02}"), editor, at=NOON)

        told: list[str] = []
        asked = "?rader=on"
        while asked:
            main = log_of(reader, asked)
            told += [each.text for moment in moments(main) for each in moment.all("li")]
            links = [link for link in main.all("a") if link.text == "Äldre ändringar"]
            asked = links[0]["href"] if links else ""

        assert len(told) == 30
        assert all(any(f"Nummer {number:02}" in each for each in told) for number in range(30))


class TestOtherPlans:
    SECRET = "Andras hemlighet"

    @pytest.fixture
    def other(self) -> Revision:
        other = make_draft(make_plan(title=self.SECRET), year=2017, note=self.SECRET)
        challenge = make_challenge(other, title=self.SECRET)
        make_target(make_goal(challenge, text=self.SECRET))
        make_responsibility(make_activity(challenge, title=self.SECRET))
        make_term(other, term=self.SECRET)
        challenge.delete()
        return other

    @pytest.mark.parametrize("asked", ["", "?rader=on", "?vad=challenge", "?vad=plan", "?vem=0"])
    def test_nothing_of_them_is_told(self, reader, draft, other, asked):
        change(make_challenge(draft), purpose="Vårt")

        assert self.SECRET not in log_of(reader, asked).text

    def test_the_address_of_a_change_in_another_plan_leads_to_nothing(self, reader, draft, other):
        number = other.plan.history.first().history_id

        assert not moments(log_of(reader, f"?andring=plan-{number}"))

    @pytest.mark.parametrize(
        "code", ["plan-0", "plan-999999999", "plan-9999999999", "other-1", "plan--1", "%00"]
    )
    def test_nor_does_one_that_cant_be(self, reader, draft, code):
        assert reader.get(f"{ADDRESS}?andring={code}").status_code == 200


class TestStatements:
    def count(self, client: Client, asked: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(ADDRESS + asked)
        assert answer.status_code == 200
        return len(statements)

    @pytest.mark.parametrize(
        "asked", ["", "?rader=on", "?vad=activity&fran=2010-01-01", "?andring=activity-50"]
    )
    def test_few_and_the_same_however_much_there_is(self, plan, draft, editor, asked):
        answering = make_coordinator(make_organisation())
        activity = make_activity(
            make_challenge(draft), responsible=[answering.memberships.get().organisation]
        )
        make_term(draft)
        make_target(make_goal(activity.challenge))
        readers = {"who takes part": make_user(Role.READER, plan.owner), "who answers": answering}

        counts: dict[str, list[int]] = {who: [] for who in readers}
        for versions in (500, 5000):
            make_big_log(plan, versions, by=editor)
            for who, person in readers.items():
                client = Client()
                client.force_login(person)
                counts[who].append(self.count(client, asked))

        assert all(small == large <= 10 for small, large in counts.values()), counts

    @pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite knows nothing of how much there is"
    )
    def test_quick_too_where_the_database_thinks_that_there_is_nothing(self, plan, reader, draft):
        """As after a plan has been read in, before the tables have been looked through again."""
        goal, undone = make_goal(make_challenge(draft)), transaction.savepoint()
        self.measure_by_six_hundred(goal)
        transaction.savepoint_rollback(undone)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL statement_timeout = '2s'")
        self.measure_by_six_hundred(goal)

        assert reader.get(ADDRESS).status_code == 200

    def measure_by_six_hundred(self, goal: Goal) -> None:
        measures = Indicator.objects.bulk_create(
            Indicator(slug=f"matt-{number}", name=f"Mått {number}") for number in range(600)
        )
        YearlyTarget.objects.bulk_create(
            YearlyTarget(
                revision=goal.revision, goal=goal, indicator=each, year=2017, value=75, key=each.slug
            )
            for each in measures
        )
        Indicator.history.bulk_history_create(measures, default_date=timezone.now())
