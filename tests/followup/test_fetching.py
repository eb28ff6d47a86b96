"""Outcomes fetched from Kolada: told before they are kept, a person's word left alone, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actionplan.models import Indicator, Plan, SeriesBreak
from exchange.models import Upload
from exchange.telling import Deed, RowTold, Told
from followup.fetching import Answer, ask, deed, is_same, take, wanted
from followup.models import MissingReason, Outcome
from municipalities.models import Role
from tests.builders import (
    make_challenge,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_revision,
    make_series_break,
    make_target,
    make_user,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db

ADDRESS = "/planer/gemensam/kolada/"
BREAK = "/planer/gemensam/indikatorer/nki/tidsseriebrott/"
OLD, NEW = "U07451", "U07453"
TITLE = "Företagsklimat Insikt - Totalt, Index, gammal definition (-2024)"
ENKOPING_2016, VASTERAS_2016 = Decimal("57.89505229"), Decimal("70.65725663")
CHANGED_DEFINITION = "Nyckeltalet har bytt definition?"


@pytest.fixture
def enkoping(db):
    return make_municipality("Enköpings kommun", key="enkoping", short_name="Enköping", municipal_code="0381")


@pytest.fixture
def vasteras(db):
    return make_municipality("Västerås stad", key="vasteras", short_name="Västerås", municipal_code="1980")


@pytest.fixture
def plan(enkoping, vasteras) -> Plan:
    """A plan for 2015 to 2018 that measures NKI in both; it follows up 2016."""
    plan = make_plan(slug="gemensam", partners=[enkoping, vasteras])
    revision = make_revision(plan, year=2016)
    nki = make_indicator(slug="nki", name="Nöjd kund-index", short_name="NKI", kolada_id=OLD)
    make_target(make_goal(make_challenge(revision)), indicator=nki, year=2016)
    make_followup(revision, year=2016)
    return plan


@pytest.fixture
def nki(plan) -> Indicator:
    return Indicator.objects.get()


@pytest.fixture
def eva(plan):
    return make_user(Role.EDITOR, plan.owner, name="Eva Ek")


@pytest.fixture
def client(eva) -> Client:
    client = Client()
    client.force_login(eva)
    return client


def fetch(client: Client, *slugs: str) -> Upload:
    """Has the outcomes fetched, and gives what is told of them."""
    answer = client.post(ADDRESS, {"indicators": list(slugs or ["nki"])})
    assert answer.status_code == 302, main_of(answer).text
    return Upload.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def told_of(upload: Upload) -> Told:
    now = Upload.objects.get(pk=upload.pk)
    assert now.would, now.problem
    return now.would


def say(client: Client, upload: Upload, answer: str = "yes", **choices: str) -> Any:
    said = {"answer": answer, "mark": told_of(upload).mark, **choices}
    return client.post(f"{ADDRESS}{upload.pk}/", said)


def fetch_and_keep(client: Client) -> Told:
    upload = fetch(client)
    say(client, upload)
    assert Upload.objects.get(pk=upload.pk).is_done
    return told_of(upload)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("fetch_kolada", *arguments, stdout=out)
    return out.getvalue()


def counts(told: Told) -> dict[str, int]:
    return {what: number for what, number in told.counts.items() if number}


def row(told: Told, title: str) -> RowTold:
    [found] = [each for sheet in told.sheets for each in sheet.rows if each.title.endswith(title)]
    return found


def said_of(municipality: Any, year: int) -> list[tuple[Any, ...]]:
    rows = Outcome.objects.filter(municipality=municipality, year=year).order_by("number")
    return [(each.number, each.value, each.missing_reason, each.author) for each in rows]


class TestWhatBecomesOfAValue:
    TYPED = {"author": object()}

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("71.57073308", "71.57073308", True),
            ("71.57073308", "71.57073", True),
            ("71.57073", "71.57073308", True),
            ("71.57073308", "71.57074", False),
            ("70.5000", "70.50000000", True),
            ("74.60537946", "74.6", False),
            ("74.6", "74.60000000", True),
            ("12", "12.0", True),
            ("100", "100.00000000", True),
            ("-1.23456789", "-1.23457", True),
        ],
    )
    def test_a_figure_is_the_same_value_rounded_where_enough_of_it_is_left(self, one, other, same):
        assert is_same(Decimal(one), Decimal(other)) is same

    def test_what_is_new_changed_gone_and_said_otherwise(self):
        value = Decimal("57.9")
        typed = make_outcome(value=value, author=make_user())
        fetched = make_outcome(value=value, kolada_id=OLD, kolada_title="NKI")
        gone = make_outcome(missing_reason="withdrawn", kolada_id=OLD, kolada_title="NKI")
        not_measured = make_outcome(missing_reason="not_measured", author=make_user())
        loaded = make_outcome(value=value, source="Kolada")
        somebody_elses = make_outcome(value=value, source="SCB")

        other = Decimal("58.1")
        found = [
            [deed(now, kolada, OLD) for kolada in (value, other, None)]
            for now in (None, fetched, loaded, gone, typed, not_measured, somebody_elses)
        ]

        assert found == [
            [Deed.NEW, Deed.NEW, None],
            [Deed.UNCHANGED, Deed.CHANGED, Deed.VANISHED],
            [Deed.UNCHANGED, Deed.CHANGED, Deed.VANISHED],
            [Deed.CHANGED, Deed.CHANGED, Deed.UNCHANGED],
            [Deed.UNCHANGED, Deed.CHOICE, None],
            [Deed.CHOICE, Deed.CHOICE, None],
            [Deed.UNCHANGED, Deed.CHOICE, None],
        ]

    def test_the_same_value_of_another_kpi_is_another_word(self):
        fetched = make_outcome(value=70, kolada_id=OLD, kolada_title="NKI")

        assert deed(fetched, Decimal(70), NEW) == Deed.CHANGED


class TestTheTwoSteps:
    def test_nothing_is_saved_before_the_answer(self, client, kolada):
        told = told_of(fetch(client))

        assert counts(told) == {"new": 18}  # two municipalities in the nine years from 2013 that have values
        assert row(told, "Enköping 2016").cells[0].after == "57,89505229"
        assert not Outcome.objects.exists()

    def test_what_is_saved_is_public_with_its_source_time_and_the_kpis_title(
        self, client, kolada, enkoping, nki
    ):
        before = datetime.now(UTC)
        fetch_and_keep(client)

        outcome = Outcome.objects.get(municipality=enkoping, year=2016)
        assert (outcome.value, outcome.number, outcome.author) == (ENKOPING_2016, 1, None)
        assert (outcome.source, outcome.kolada_id, outcome.kolada_title) == ("Kolada", OLD, TITLE)
        assert outcome.source_url == f"{kolada.url}data/kpi/U07451/municipality/0381/year/2016"
        assert before < outcome.written_at < datetime.now(UTC)
        assert Outcome.objects.public().count() == 18

    def test_a_no_leaves_everything_as_it_was(self, client, kolada):
        upload = fetch(client)

        answer = client.post(f"{ADDRESS}{upload.pk}/", {"answer": "no"})

        assert answer["Location"] == ADDRESS
        assert not Outcome.objects.exists()
        assert not Upload.objects.exists()

    def test_the_same_once_more_changes_nothing(self, client, kolada):
        fetch_and_keep(client)

        told = told_of(fetch(client))

        assert counts(told) == {"unchanged": 18}
        assert told.changes_nothing
        assert (
            "Inget nytt i Kolada"
            in main_of(client.get(f"{ADDRESS}{Upload.objects.latest('since').pk}/")).text
        )

    def test_a_revised_value_is_told_from_what_to_what_and_becomes_the_next_row(
        self, client, kolada, enkoping
    ):
        fetch_and_keep(client)
        kolada.change(OLD, "0381", 2016, "58.12345")

        told = fetch_and_keep(client)

        assert counts(told) == {"changed": 1, "unchanged": 17}
        [cell] = row(told, "Enköping 2016").cells
        assert (cell.before, cell.after) == ("57,89505229", "58,12345")
        assert said_of(enkoping, 2016) == [
            (1, ENKOPING_2016, "", None),
            (2, Decimal("58.12345"), "", None),
        ]

    @pytest.mark.parametrize("how", ["change", "take_away", "delete"])
    def test_a_value_that_is_gone_becomes_missing_with_a_reason(self, client, kolada, enkoping, how):
        fetch_and_keep(client)
        getattr(kolada, how)(OLD, "0381", 2016, *([None] if how == "change" else []))

        told = fetch_and_keep(client)

        assert counts(told) == {"vanished": 1, "unchanged": 17}
        assert said_of(enkoping, 2016)[-1] == (2, None, MissingReason.WITHDRAWN, None)
        assert counts(told_of(fetch(client))) == {"unchanged": 18}

    def test_one_that_comes_back_has_changed(self, client, kolada, enkoping):
        fetch_and_keep(client)
        kolada.change(OLD, "0381", 2016, None)
        fetch_and_keep(client)
        kolada.change(OLD, "0381", 2016, "57.89505229")

        told = fetch_and_keep(client)

        assert row(told, "Enköping 2016").cells[0].before == "saknas (borttaget ur källan)"
        assert said_of(enkoping, 2016)[-1] == (3, ENKOPING_2016, "", None)

    def test_nothing_is_made_up_where_there_never_was_a_value(self, client, kolada, enkoping):
        fetch_and_keep(client)

        assert not Outcome.objects.filter(year=2013).exists()
        assert not Outcome.objects.filter(value=None).exists()

    def test_values_of_a_fixture_stay_when_kolada_says_the_same_with_fewer_decimals(
        self, client, kolada, nki, enkoping
    ):
        make_outcome(nki, enkoping, year=2016, value=ENKOPING_2016, source="Kolada")
        kolada.change(OLD, "0381", 2016, "57.89505")

        fetch_and_keep(client)

        assert said_of(enkoping, 2016) == [(1, ENKOPING_2016, "", None)]

    def test_only_the_plans_own_municipalities_are_asked_about(self, client, kolada, plan):
        fetch(client)

        [values] = [path for path in kolada.asked if "/data/" in path]
        assert "/municipality/0381,1980/year/2013,2014,2015," in values

    def test_a_municipality_that_kolada_has_nothing_of_is_told_of(self, client, kolada, plan):
        ankeborg = make_municipality("Ankeborgs kommun", short_name="Ankeborg", municipal_code="9999")
        plan.partners.add(ankeborg)

        assert told_of(fetch(client)).remarks == ("Kolada har inga värden för Ankeborg.",)

    def test_an_indicator_without_a_kpi_is_not_offered(self, client, plan, kolada):
        other = make_indicator(slug="egen")
        make_target(make_goal(make_challenge(plan.revisions.get())), indicator=other, year=2016)

        answer = client.post(ADDRESS, {"indicators": ["egen"]})

        assert answer.status_code == 422
        assert "En av dem finns inte längre i Kolada" in main_of(answer).text
        assert kolada.asked == []

    def test_a_plan_without_any_says_so(self, client, nki):
        Indicator.objects.update(kolada_id="")

        assert "Ingen av planens indikatorer har ett nyckeltal i Kolada." in main_of(client.get(ADDRESS)).text

    def test_what_is_saved_meanwhile_is_told_anew(self, client, kolada, nki, enkoping):
        upload = fetch(client)
        mark = told_of(upload).mark
        make_outcome(nki, enkoping, year=2016, value=60, author=make_user(name="Per Pihl"))

        client.post(f"{ADDRESS}{upload.pk}/", {"answer": "yes", "mark": mark})

        now = Upload.objects.get(pk=upload.pk)
        assert now.is_told
        assert "Något har ändrats sedan du såg vad som skulle hända" in now.problem
        assert Outcome.objects.count() == 1
        assert row(told_of(upload), "Enköping 2016").what == Deed.CHOICE

    def test_what_is_kept_is_what_was_fetched_then(self, client, kolada, enkoping):
        upload = fetch(client)
        kolada.change(OLD, "0381", 2016, "1")

        say(client, upload)

        assert said_of(enkoping, 2016) == [(1, ENKOPING_2016, "", None)]

    def test_another_question_by_then_has_to_be_asked_anew(self, client, kolada, plan):
        upload = fetch(client)
        plan.partners.add(make_municipality(municipal_code="0484"))

        say(client, upload)

        assert "Hämta dem igen." in Upload.objects.get(pk=upload.pk).problem
        assert not Outcome.objects.exists()

    def test_whoever_is_no_longer_editor_saves_nothing(self, client, kolada, eva):
        upload = fetch(client)
        mark = told_of(upload).mark
        eva.memberships.all().delete()

        answer = client.post(f"{ADDRESS}{upload.pk}/", {"answer": "yes", "mark": mark})

        assert answer.status_code == 403
        assert not Outcome.objects.exists()

    def test_it_is_written_in_the_journal(self, client, kolada, caplog):
        caplog.set_level("INFO", logger="journal")

        fetch_and_keep(client)
        run()

        lines = [each.message for each in caplog.records if each.name == "journal"]
        assert lines == ["outcomes.fetched", "outcomes.fetched"]


class TestATypedValue:
    @pytest.fixture
    def per(self):
        return make_user(name="Per Pihl")

    @pytest.fixture(autouse=True)
    def typed(self, nki, enkoping, per):
        written = datetime(2016, 5, 12, 12, 0, tzinfo=UTC)
        return make_outcome(nki, enkoping, year=2016, value=60, author=per, written_at=written)

    def test_both_are_shown_side_by_side(self, client, kolada):
        upload = fetch(client)

        text = main_of(client.get(f"{ADDRESS}{upload.pk}/")).one("fieldset").text
        assert "NKI, Enköping 2016" in text
        assert "60" in text
        assert "Per Pihl sparade sitt den 12 maj 2016." in text
        assert "57,89505229 Källa: Kolada" in text

    def test_it_is_kept_where_nothing_else_is_chosen(self, client, kolada, enkoping, vasteras, per):
        upload = fetch(client)

        say(client, upload)

        assert said_of(enkoping, 2016) == [(1, 60, "", per)]
        assert said_of(vasteras, 2016) == [(1, VASTERAS_2016, "", None)]

    def test_koladas_is_the_next_row_where_it_is_chosen(self, client, kolada, enkoping, per):
        upload = fetch(client)
        number = row(told_of(upload), "Enköping 2016").number

        say(client, upload, **{f"row-{number}": "coming"})

        assert said_of(enkoping, 2016) == [(1, 60, "", per), (2, ENKOPING_2016, "", None)]
        text = main_of(client.get(f"{ADDRESS}{upload.pk}/")).text
        assert "NKI, Enköping 2016: Koladas värde gäller." in text

    def test_what_no_button_sends_is_refused(self, client, kolada, enkoping):
        upload = fetch(client)
        number = row(told_of(upload), "Enköping 2016").number

        answer = say(client, upload, **{f"row-{number}": "båda"})

        assert answer.status_code == 422
        assert Outcome.objects.count() == 1

    def test_a_choice_does_not_hold_for_what_is_told_anew(self, client, kolada, enkoping, vasteras, nki, per):
        upload = fetch(client)
        number = row(told_of(upload), "Enköping 2016").number
        mark = told_of(upload).mark
        make_outcome(nki, vasteras, year=2014, value=50, author=per)
        client.post(f"{ADDRESS}{upload.pk}/", {"answer": "yes", "mark": mark, f"row-{number}": "coming"})

        say(client, upload)

        assert said_of(enkoping, 2016) == [(1, 60, "", per)]

    def test_the_same_value_is_left_as_theirs_and_told_so(self, client, kolada, enkoping, per):
        kolada.change(OLD, "0381", 2016, "60.0")

        told = fetch_and_keep(client)

        assert row(told, "Enköping 2016").what == Deed.UNCHANGED
        assert "Samma värde som Per Pihl sparade den 12 maj 2016" in row(told, "Enköping 2016").remark
        assert said_of(enkoping, 2016) == [(1, 60, "", per)]

    def test_it_stands_where_kolada_has_none(self, client, kolada, enkoping, per):
        kolada.take_away(OLD, "0381", 2016)

        fetch_and_keep(client)

        assert said_of(enkoping, 2016) == [(1, 60, "", per)]

    def test_the_command_leaves_it_and_says_so(self, kolada, enkoping, per):
        out = run()

        assert said_of(enkoping, 2016) == [(1, 60, "", per)]
        assert "1 lämnade av någon med ett annat värde" in out
        assert "Lämnas: NKI, Enköping 2016, 60 står kvar; Kolada säger 57,89505229" in out


class TestAnotherDefinition:
    def test_a_changed_title_is_warned_of_and_a_break_offered(self, client, kolada, nki):
        fetch_and_keep(client)
        kolada.rename(OLD, "Insikt, ny metod")

        upload = fetch(client)

        [warning, _no_longer] = told_of(upload).sheets[0].remarks
        assert f"hette ”{TITLE}” och heter nu ”Insikt, ny metod”" in warning
        assert CHANGED_DEFINITION in warning
        main = main_of(client.get(f"{ADDRESS}{upload.pk}/"))
        assert main.one("a", href=BREAK).text == "Ange ett nytt nyckeltal för NKI"

    def test_one_that_is_no_longer_updated_is_warned_of(self, client, kolada):
        [warning] = told_of(fetch(client)).sheets[0].remarks

        assert warning == (f"Nyckeltalet U07451 uppdateras inte längre i Kolada. {CHANGED_DEFINITION}")

    def test_but_not_once_another_has_taken_over(self, client, kolada, nki):
        make_series_break(nki, year=2024, kolada_id=NEW)

        told = told_of(fetch(client))

        assert told.sheets[0].remarks == ()
        assert any(f"{OLD},{NEW}" in path for path in kolada.asked)

    def test_an_unknown_one_is_warned_of_and_its_values_stay(self, client, kolada, enkoping):
        fetch_and_keep(client)
        kolada.forget(OLD)

        told = told_of(fetch(client))

        assert told.changes_nothing
        assert counts(told) == {}
        assert "Kolada känner inte till nyckeltalet U07451." in told.sheets[0].remarks[0]

    def test_one_that_has_lost_all_its_values_is_not_believed(self, client, kolada):
        fetch_and_keep(client)
        kolada.values.clear()

        told = told_of(fetch(client))

        assert told.changes_nothing
        assert "Kolada har inte längre något värde alls" in told.sheets[0].remarks[0]

    def test_the_command_leaves_the_values_of_a_renamed_one_for_an_editor(self, kolada, plan, enkoping):
        run()
        kolada.rename(OLD, "Insikt, ny metod")
        kolada.change(OLD, "0381", 2016, "12.3")

        out = run()

        assert said_of(enkoping, 2016) == [(1, ENKOPING_2016, "", None)]
        assert "1 som väntar på en redaktör" in out
        assert "Varning: Nyckeltalet U07451 hette" in out

    def test_values_from_the_breaks_year_on_are_the_new_ones(self, client, kolada, nki, enkoping):
        fetch_and_keep(client)
        kolada.change(NEW, "0381", 2022, "55.5")
        make_series_break(nki, year=2022, kolada_id=NEW)

        told = fetch_and_keep(client)

        changed = row(told, "Enköping 2022")
        assert [(each.before, each.after) for each in changed.cells][1] == (OLD, NEW)
        assert row(told, "Västerås 2022").what == Deed.VANISHED
        assert Outcome.objects.current().get(municipality=enkoping, year=2022).kolada_id == NEW


class TestTheBreak:
    SAID = {"year": "2024", "kolada_id": NEW, "note": "Fyra områden i stället för sex."}

    def test_it_is_written_with_who_did_it(self, client, nki, eva):
        answer = client.post(BREAK, self.SAID)

        assert answer["Location"] == ADDRESS
        made = SeriesBreak.objects.get()
        assert (made.year, made.kolada_id, made.note) == (2024, NEW, self.SAID["note"])
        assert made.history.get().history_user == eva

    def test_one_that_names_no_kpi_gets_it_and_keeps_its_note(self, client, nki):
        make_series_break(nki, year=2024, note="Ny definition.")

        client.post(BREAK, self.SAID)

        assert [(each.kolada_id, each.note) for each in nki.series_breaks.all()] == [(NEW, "Ny definition.")]

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"year": "24"}, "Skriv ett år"),
            ({"kolada_id": "NKI"}, "Skriv nyckeltalets id, till exempel U07453."),
            ({"kolada_id": ""}, "Skriv nyckeltalets id, till exempel U07453."),
            ({"kolada_id": "U07459"}, "Indikatorn är redan det nyckeltalet."),
            ({"note": ""}, "Skriv vad som ändrades."),
            ({"year": "2020"}, "Från 2020 är indikatorn redan U07459."),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_typed_is_lost(self, client, nki, said, sentence):
        make_series_break(nki, year=2020, kolada_id="U07459")

        answer = client.post(BREAK, self.SAID | said)

        assert answer.status_code == 422
        main = main_of(answer)
        assert sentence in main.text
        assert main.one("input", name="note")["value"] == (self.SAID | said)["note"]
        assert SeriesBreak.objects.count() == 1

    def test_an_indicator_decided_on_in_somebody_elses_plan_is_an_administrators(self, client, nki):
        theirs = make_revision(make_plan(), year=2016)
        make_target(make_goal(make_challenge(theirs)), indicator=nki, year=2016)

        answer = client.post(BREAK, self.SAID)

        assert answer.status_code == 403
        assert "Be en administratör." in answer.content.decode()
        assert not SeriesBreak.objects.exists()


class TestFaults:
    @pytest.mark.parametrize(
        "how",
        ["cut", "cut json", "incomplete", "circle", "endless pages", "redirect", "500", "403", "hang up"],
    )
    def test_whatever_goes_wrong_nothing_is_changed_and_it_is_told(
        self, client, kolada, enkoping, settings, how
    ):
        fetch_and_keep(client)
        before = list(Outcome.objects.values_list("pk", flat=True))
        kolada.fail(how, after=1)

        upload = fetch(client)

        page = main_of(client.get(f"{ADDRESS}{upload.pk}/")).text
        assert "Inget hämtades" in page
        assert "Inget har ändrats." in page
        with pytest.raises(CommandError, match="Inget har ändrats"):
            run()
        assert list(Outcome.objects.values_list("pk", flat=True)) == before

    def test_an_empty_answer_is_no_reason_to_forget(self, kolada, plan):
        run()
        kolada.fail("empty")

        out = run()

        assert "Kolada känner inte till nyckeltalet U07451." in out
        assert not Outcome.objects.filter(value=None).exists()

    def test_a_plan_that_fails_keeps_the_others_out_as_well(self, kolada, plan, enkoping):
        other = make_revision(make_plan(title="Ö", partners=[enkoping]), year=2016)
        make_target(make_goal(make_challenge(other)), indicator=make_indicator(kolada_id="U07510"), year=2016)
        kolada.fail("500", after=2)

        with pytest.raises(CommandError, match="Inget har ändrats"):
            run()

        assert not Outcome.objects.exists()


class TestTheCommand:
    def test_it_tells_and_saves(self, kolada, plan, enkoping):
        out = run()

        assert "NKI: 18 nya, 0 ändrade, 0 borta, 0 som förut" in out
        assert "Ny: Enköping 2016, 57,89505229" in out
        assert said_of(enkoping, 2016) == [(1, ENKOPING_2016, "", None)]

    def test_a_dry_run_tells_the_same_and_saves_nothing(self, kolada, plan):
        out = run("--dry-run")

        assert "18 nya" in out
        assert "Inget är sparat: det här var ett prov." in out
        assert not Outcome.objects.exists()

    def test_one_plan_may_be_chosen(self, kolada, plan, enkoping):
        other = make_revision(make_plan(slug="annan", partners=[enkoping]), year=2016)
        indicator = make_indicator(kolada_id="U07510", short_name="Bemötande")
        make_target(make_goal(make_challenge(other)), indicator=indicator, year=2016)

        out = run("--plan", "annan")

        assert "Bemötande: 9 nya" in out
        assert "NKI" not in out

    def test_an_indicator_of_two_plans_is_saved_once(self, kolada, nki, enkoping):
        other = make_revision(make_plan(partners=[enkoping]), year=2016)
        make_target(make_goal(make_challenge(other)), indicator=nki, year=2016)

        run()

        assert Outcome.objects.filter(municipality=enkoping, year=2016).count() == 1

    def test_a_plan_that_there_is_not_is_refused(self):
        with pytest.raises(CommandError, match=r"Det finns ingen plan med adressen saknas\."):
            run("--plan", "saknas")

    def test_without_any_kpi_it_says_so_and_asks_nobody(self, kolada, nki):
        Indicator.objects.update(kolada_id="")

        assert "Ingen indikator har ett nyckeltal i Kolada." in run()
        assert kolada.asked == []


def test_the_statements_do_not_grow_with_the_values(kolada, plan):
    def statements(answer: Answer) -> int:
        with CaptureQueriesContext(connection) as captured:
            take(wanted(plan), answer)
        return len(captured)

    whole = ask(wanted(plan).question)
    few = Answer(whole.question, whole.measures, whole.values[:2])

    assert statements(few) == statements(whole) <= 7
