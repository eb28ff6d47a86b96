"""Outcomes from a file: what a row may say, what is told before it is saved, and what is saved."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from actionplan.models import Indicator, Plan
from exchange.models import Upload
from exchange.telling import RowTold, Told
from exchange.writing import ColumnLook, Table, csv_file, xlsx
from followup.importing import OutcomeSheet, look_through_outcomes, measuring
from followup.measuring import enter_outcome
from followup.models import Outcome
from municipalities.models import Membership, Role
from tests.builders import (
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import faults as faults_of_page
from tests.pages import main_of, read
from tests.plans import person

ADDRESS = "/planer/gemensam/indikatorer/nki/las-in/"
HEADERS = "Kommun;År;Värde;Varför värdet saknas;Preliminärt;Källa;Källans adress"
KOLADA = {"source": "Kolada", "source_url": "https://www.kolada.se"}


@pytest.fixture
def partners(db):
    return [
        make_municipality("Enköpings kommun", key="enkoping", short_name="Enköping", municipal_code="0381"),
        make_municipality("Västerås stad", key="vasteras", short_name="Västerås", municipal_code="1980"),
    ]


@pytest.fixture
def plan(partners) -> Plan:
    """A plan that measures NKI in both; it follows up 2016, in which Enköping has a value from statistics."""
    plan = make_plan(slug="gemensam", partners=partners)
    revision = make_revision(plan, year=2016)
    nki = make_indicator(slug="nki", name="Nöjd kund-index", short_name="NKI", **KOLADA)
    make_target(make_goal(make_challenge(revision)), indicator=nki, year=2016)
    make_followup(revision, year=2016)
    written = datetime(2016, 5, 12, 12, 0, tzinfo=UTC)
    make_outcome(nki, partners[0], year=2016, value="57.89505229", written_at=written, **KOLADA)
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


def rows_of(*lines: str, headers: str = HEADERS) -> bytes:
    """A file as Excel saves CSV in Sweden."""
    return "\r\n".join([headers, *lines, ""]).encode("cp1252")


def send(client: Client, content: bytes, name: str = "nki.csv", address: str = ADDRESS) -> Upload:
    """Sends the file, and gives it with what is told of it."""
    answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, main_of(answer).text
    return Upload.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def told_of(upload: Upload) -> Told:
    """What is told of it by now."""
    upload.refresh_from_db()
    now = Upload.objects.get(pk=upload.pk).would
    assert now, upload.problem
    return now


def tell(client: Client, *lines: str, headers: str = HEADERS) -> Told:
    """What is told of a file with these rows."""
    upload = send(client, rows_of(*lines, headers=headers))
    assert upload.would, upload.problem
    return upload.would


def faults(told: Told) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.says) for each in told.faults]


def only_row(told: Told) -> RowTold:
    [row] = told.sheets[0].rows
    return row


def cells(row: RowTold) -> dict[str, tuple[str, str]]:
    return {each.column: (each.before, each.after) for each in row.cells}


def say_yes(client: Client, upload: Upload, address: str = ADDRESS) -> Any:
    return client.post(f"{address}{upload.pk}/", {"answer": "yes", "mark": told_of(upload).mark})


def said(**subject: Any) -> list[tuple[Any, ...]]:
    rows = Outcome.objects.filter(**subject).order_by("year", "municipality__key", "number")
    return [
        (each.municipality.key, each.year, each.number, each.value, each.missing_reason, each.source)
        for each in rows
    ]


class TestTheTwoSteps:
    def test_nothing_is_saved_before_the_answer_and_the_row_is_told_cell_by_cell(self, client):
        told = tell(client, "Enköping;2016;60,5;;ja;Kolada;https://www.kolada.se")

        row = only_row(told)
        assert (row.number, row.what, row.title) == (2, "changed", "Enköping 2016")
        assert cells(row) == {"Värde": ("57,89505229", "60,5"), "Preliminärt": ("nej", "ja")}
        assert row.remark == "Rättar uppgift 1, hämtad ur offentlig statistik den 12 maj 2016."
        assert Outcome.objects.count() == 1

    def test_a_yes_saves_each_as_the_next_numbered_row_by_whoever_sent_the_file(self, client, eva):
        upload = send(client, rows_of("Enköping;2016;60,5;;;Egen mätning;", "Västerås;2016;70;;;;"))

        say_yes(client, upload)

        upload.refresh_from_db()
        assert upload.is_done
        assert said() == [
            ("enkoping", 2016, 1, Decimal("57.89505229"), "", "Kolada"),
            ("enkoping", 2016, 2, Decimal("60.5"), "", "Egen mätning"),
            ("vasteras", 2016, 1, Decimal(70), "", ""),
        ]
        assert {each.author for each in Outcome.objects.filter(number=2)} == {eva}
        assert told_of(upload).leads_to == "/planer/gemensam/indikatorer/nki/"

    def test_the_page_tells_how_it_went_and_that_nothing_is_overwritten(self, client):
        upload = send(client, rows_of("Västerås;2016;70;;;;"))

        say_yes(client, upload)
        main = main_of(client.get(f"{ADDRESS}{upload.pk}/"))

        assert main.one("p", class_="says").text == "1 rad är ny."
        assert "Rättelser är sparade som nya uppgifter; inget är överskrivet." in main.text

    def test_a_no_saves_nothing(self, client):
        upload = send(client, rows_of("Västerås;2016;70;;;;"))

        client.post(f"{ADDRESS}{upload.pk}/", {"answer": "no"})

        assert not Upload.objects.exists()
        assert Outcome.objects.count() == 1

    def test_with_one_row_wrong_none_is_saved_even_for_a_yes(self, client):
        upload = send(client, rows_of("Västerås;2016;70;;;;", "Enköping;2016;sextio;;;;"))

        say_yes(client, upload)

        assert told_of(upload).is_refused
        assert Outcome.objects.count() == 1

    def test_what_somebody_typed_meanwhile_is_told_anew_and_not_overwritten(self, client, nki, partners):
        upload = send(client, rows_of("Västerås;2016;70;;;;"))
        per = make_coordinator(partners[1], name="Per Berg")
        typed = {"value": Decimal(71), "missing_reason": "", "preliminary": False}
        enter_outcome(nki, partners[1], 2016, {**typed, "source": "", "source_url": ""}, seen=0, by=per)

        say_yes(client, upload)

        told = told_of(upload)
        assert [(each[2], each[3]) for each in said(municipality=partners[1])] == [(1, Decimal(71))]
        assert upload.problem.startswith("Något har ändrats sedan du såg")
        assert cells(only_row(told)) == {"Värde": ("71", "70")}
        assert only_row(told).remark.startswith("Rättar uppgift 1, som Per Berg sparade den ")

        say_yes(client, upload)

        assert [(each[2], each[3]) for each in said(municipality=partners[1])] == [
            (1, Decimal(71)),
            (2, Decimal(70)),
        ]

    def test_also_when_what_they_typed_is_taken_back_again(self, client, nki, partners, eva):
        upload = send(client, rows_of("Enköping;2016;60;;;Kolada;https://www.kolada.se"))
        for number, value in ((1, "61"), (2, "57.89505229")):
            typed = {"value": Decimal(value), "missing_reason": "", "preliminary": False, **KOLADA}
            enter_outcome(nki, partners[0], 2016, typed, seen=number, by=eva)

        say_yes(client, upload)

        assert not upload.is_done
        assert Outcome.objects.count() == 3
        assert only_row(told_of(upload)).remark.startswith("Rättar uppgift 3, som Eva Ek sparade den ")

    def test_an_editor_who_is_none_any_more_imports_nothing(self, client, eva):
        upload = send(client, rows_of("Västerås;2016;70;;;;"))
        Membership.objects.filter(user=eva).delete()

        assert say_yes(client, upload).status_code == 403
        assert Outcome.objects.count() == 1

    def test_nor_where_the_work_waited_while_they_ceased_to_be(self, client, eva, queue):
        upload = send(client, rows_of("Västerås;2016;70;;;;"))
        Membership.objects.filter(user=eva).delete()
        look_through_outcomes.func(str(upload.pk))

        upload.refresh_from_db()
        assert (upload.stage, upload.problem) == (
            "failed",
            "Du kan inte längre läsa in utfall här, så inget lästes in.",
        )


class TestRows:
    def test_every_row_of_the_file_is_counted_once(self, client):
        told = tell(
            client,
            "Enköping;2016;57,89505229;;;Kolada;https://www.kolada.se",
            "Västerås;2016;70;;;;",
            "Botkyrka;2016;70;;;;",
        )

        assert {deed: count for deed, count in told.counts.items() if count} == {
            "new": 1,
            "unchanged": 1,
            "refused": 1,
        }
        assert told.in_the_file == 3

    @pytest.mark.parametrize("name", ["Västerås", "västerås STAD", "vasteras", "1980", " Västerås  "])
    def test_a_municipality_is_known_by_its_names_its_key_and_its_code(self, client, name):
        assert only_row(tell(client, f"{name};2016;70;;;;")).title == "Västerås 2016"

    @pytest.mark.parametrize("code", ["0381", "381"])
    def test_a_code_may_have_lost_its_zero(self, client, code):
        assert only_row(tell(client, f"{code};2016;70;;;;")).title == "Enköping 2016"

    @pytest.mark.parametrize(
        ("row", "column", "sentence"),
        [
            (
                "Botkyrka;2016;70;;;;",
                "Kommun",
                "Ingen av planens kommuner heter ”Botkyrka”. De är Enköping och Västerås.",
            ),
            (";2016;70;;;;", "Kommun", "Skriv vilken kommun det gäller."),
            ("Västerås;;70;;;;", "År", "Skriv året med fyra siffror, till exempel 2016."),
            ("Västerås;i fjol;70;;;;", "År", "Skriv året med fyra siffror, till exempel 2016."),
            (
                "Västerås;2015;70;;;;",
                "År",
                "Planen följer inte upp indikatorn 2015. Utfall går att lämna för 2016.",
            ),
            ("Västerås;2016;sjuttio;;;;", "Värde", "Skriv bara ett tal, till exempel 74,5."),
            (
                "Västerås;2016;1.763,5;;;;",
                "Värde",
                "Skriv talet med ett enda decimaltecken, till exempel 1 763,5.",
            ),
            ("Västerås;2016;;;;Kommunen;", "Värde", "Ange ett värde, eller varför det saknas."),
            (
                "Västerås;2016;70;Inte mätt;;;",
                "Varför värdet saknas",
                "Du har skrivit ett värde. Ta bort det, eller skälet till att det saknas.",
            ),
            (
                "Västerås;2016;;Vet inte;;;",
                "Varför värdet saknas",
                "Skriv något av: Inte mätt, För få svar, Inte lämnat, Inte tillämpligt, Inte publicerat än, "
                "Borttaget ur källan.",
            ),
            ("Västerås;2016;70;;kanske;;", "Preliminärt", "Skriv ja eller nej."),
            (
                f"Västerås;2016;70;;;{'x' * 201};",
                "Källa",
                "Skriv kortare: högst 200 tecken får plats.",
            ),
            (
                "Västerås;2016;70;;;;kolada",
                "Källans adress",
                "Skriv hela adressen, till exempel https://www.kolada.se",
            ),
        ],
    )
    def test_what_is_wrong_is_told_where_it_stands(self, client, row, column, sentence):
        assert faults(tell(client, row)) == [(2, column, sentence)]

    def test_all_that_is_wrong_with_a_row_is_told_at_once(self, client):
        told = tell(client, "Botkyrka;2014;sjuttio;;kanske;;kolada")

        assert [column for _row, column, _says in faults(told)] == [
            "Kommun",
            "Värde",
            "Preliminärt",
            "Källans adress",
            "År",
        ]

    @pytest.mark.parametrize(
        "line", ["Västerås;2016;;;;;", "Västerås;2016;;;nej;Kolada;https://www.kolada.se"]
    )
    def test_a_row_as_the_template_has_it_says_nothing(self, client, line):
        assert only_row(tell(client, line)).what == "unchanged"

    def test_nothing_in_the_place_of_a_value_is_refused_and_no_way_of_removing_it(self, client):
        told = tell(client, "Enköping;2016;;;nej;Kolada;https://www.kolada.se")

        assert faults(told) == [(2, "Värde", "Ange ett värde, eller varför det saknas.")]

    def test_a_reason_is_kept_by_its_words_and_nothing_that_is_missing_is_preliminary(self, client):
        upload = send(client, rows_of("Västerås;2016;;för få svar;ja;;"))

        say_yes(client, upload)

        outcome = Outcome.objects.get(municipality__key="vasteras")
        assert (outcome.value, outcome.missing_reason, outcome.preliminary) == (
            None,
            "too_few_answers",
            False,
        )

    def test_the_second_row_of_the_same_municipality_and_year_is_refused(self, client):
        told = tell(
            client, "Västerås;2016;70;;;;", "1980;2016;71;;;;", "Enköping;2016;60;;;;", "Vasteras;2016;70;;;;"
        )

        sentence = "Kommunen och året står redan på rad 2. Ta bort en av raderna."
        assert faults(told) == [(3, "Kommun", sentence), (5, "Kommun", sentence)]
        assert [row.what for row in told.sheets[0].rows] == ["new", "refused", "changed", "refused"]

    def test_what_isnt_in_the_file_is_left_as_it_is(self, client):
        upload = send(client, rows_of("Enköping;2016;60,5", headers="Kommun;År;Värde"))

        say_yes(client, upload)

        assert said()[-1] == ("enkoping", 2016, 2, Decimal("60.5"), "", "Kolada")
        assert told_of(upload).sheets[0].remarks == (
            "Kolumner som inte finns i filen lämnas som de är: Varför värdet saknas, Preliminärt, Källa, "
            "Källans adress.",
        )

    def test_a_value_puts_an_end_to_a_reason_that_the_file_has_no_column_for(self, client, nki, partners):
        make_outcome(nki, partners[1], year=2016, value=None, missing_reason="not_yet_published")

        row = only_row(tell(client, "Västerås;2016;70", headers="Kommun;År;Värde"))

        assert cells(row) == {"Värde": ("", "70"), "Varför värdet saknas": ("Inte publicerat än", "")}

    def test_and_a_reason_to_a_value(self, client):
        row = only_row(tell(client, "Enköping;2016;Inte mätt", headers="Kommun;År;Varför värdet saknas"))

        assert cells(row) == {"Värde": ("57,89505229", ""), "Varför värdet saknas": ("", "Inte mätt")}

    def test_a_year_that_isnt_followed_up_may_stand_there_with_what_is_said_already(
        self, client, nki, partners
    ):
        make_outcome(nki, partners[0], year=2012, value="54")

        assert only_row(tell(client, "Enköping;2012;54;;;;")).what == "unchanged"
        assert tell(client, "Enköping;2012;55;;;;").is_refused

    def test_a_published_year_takes_corrections_as_its_page_does(self, client, plan):
        plan.followups.update(stage="published")

        assert only_row(tell(client, "Enköping;2016;60;;;;")).what == "changed"

    def test_a_value_far_from_the_others_is_told_of(self, client, nki, partners):
        for year, value in ((2013, 55), (2014, 56), (2015, 57)):
            make_outcome(nki, partners[0], year=year, value=value)

        row = only_row(tell(client, "Enköping;2016;578,9;;;;"))

        assert "ligger långt från de tidigare" in row.remark

    def test_headers_that_arent_known_and_those_that_are_needed_are_told(self, client):
        told = tell(client, "Västerås;70;hej", headers="Kommun;Värde;Anteckning")

        assert [(row, column) for row, column, _says in faults(told)] == [(0, "Anteckning"), (0, "År")]


class TestFiles:
    def test_the_template_has_a_row_for_each_municipality_and_year_with_what_is_said(self, client):
        answer = client.get(f"{ADDRESS}utfall.xlsx")

        [sheet] = load_workbook(BytesIO(answer.content)).worksheets[:1]
        assert answer["Content-Disposition"] == 'attachment; filename="gemensam-nki-utfall.xlsx"'
        assert sheet.title == "Utfall"
        assert list(sheet.values) == [
            tuple(HEADERS.split(";")),
            ("Enköping", 2016, 57.89505229, None, "nej", "Kolada", "https://www.kolada.se"),
            ("Västerås", 2016, None, None, "nej", "Kolada", "https://www.kolada.se"),
        ]

    def test_the_template_sent_back_as_it_came_changes_nothing(self, client, nki, partners):
        make_outcome(nki, partners[1], year=2016, value=None, missing_reason="not_measured", source="=1+1")
        content = client.get(f"{ADDRESS}utfall.xlsx").content

        upload = send(client, content, "utfall.xlsx")

        assert {row.what for row in told_of(upload).sheets[0].rows} == {"unchanged"}

    def test_nor_does_it_when_excel_has_saved_it_as_csv(self, client, plan, nki, partners, eva):
        said = {"value": None, "missing_reason": "too_few_answers", "source": "Mätning i våras; egen"}
        make_outcome(nki, partners[1], year=2016, author=eva, **said)
        table = OutcomeSheet(measuring(plan, nki), eva).table()
        content = csv_file(table).decode("utf-8-sig").encode("cp1252")

        told = told_of(send(client, content))

        assert [(row.title, row.what) for row in told.sheets[0].rows] == [
            ("Enköping 2016", "unchanged"),
            ("Västerås 2016", "unchanged"),
        ]

    def test_filled_in_it_is_saved(self, client):
        book = load_workbook(BytesIO(client.get(f"{ADDRESS}utfall.xlsx").content))
        book.worksheets[0]["C3"] = 71.25
        changed = BytesIO()
        book.save(changed)

        say_yes(client, send(client, changed.getvalue(), "utfall.xlsx"))

        assert said(municipality__key="vasteras") == [("vasteras", 2016, 1, Decimal("71.25"), "", "Kolada")]

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
    def test_csv_from_excel_is_read_in_its_encodings(self, client, encoding):
        content = f"{HEADERS}\r\nVästerås;2016;70,5;;nej;Källan;\r\n".encode(encoding)

        say_yes(client, send(client, content))

        assert said(municipality__key="vasteras") == [("vasteras", 2016, 1, Decimal("70.5"), "", "Källan")]

    @pytest.mark.parametrize("source", ["=HYPERLINK(1)", "+46 21", "-", "@Kolada", "'=1"])
    @pytest.mark.parametrize("write", [csv_file, lambda table: xlsx([table])])
    def test_a_source_that_looks_like_a_formula_is_kept_as_text(self, client, source, write):
        columns = tuple(ColumnLook(header) for header in ("Kommun", "År", "Värde", "Källa"))
        content = write(Table("Utfall", columns, [["Västerås", 2016, 70, source]]))

        say_yes(client, send(client, content, "utfall.xlsx" if content.startswith(b"PK") else "utfall.csv"))
        again = client.get(f"{ADDRESS}utfall.xlsx").content

        assert said(municipality__key="vasteras")[0][-1] == source
        cell = load_workbook(BytesIO(again)).worksheets[0]["F3"]
        assert (cell.value, cell.data_type) == (source, "s")

    def test_a_formula_is_no_value(self, client):
        book = load_workbook(BytesIO(client.get(f"{ADDRESS}utfall.xlsx").content))
        book.worksheets[0]["C3"] = "=70+1"
        changed = BytesIO()
        book.save(changed)

        told = told_of(send(client, changed.getvalue(), "utfall.xlsx"))

        assert faults(told) == [(3, "Värde", "Cellen innehåller en formel. Klistra in värdet i stället.")]

    def test_a_sheet_that_doesnt_belong_is_refused_and_not_passed_over(self, client):
        columns = tuple(ColumnLook(header) for header in ("Kommun", "År", "Värde"))
        tables = [
            Table(name, columns, [["Västerås", "2016", value]])
            for name, value in (("Blad1", "1"), ("Utfall", "2"))
        ]

        told = told_of(send(client, xlsx(tables), "utfall.xlsx"))

        assert [(each.sheet, each.says) for each in told.faults] == [
            ("Blad1", "Utfall läses från ett enda blad. Ta bort det här bladet ur filen.")
        ]

    def test_what_is_no_table_is_refused_with_what_to_do(self, client):
        told = told_of(send(client, b"%PDF-1.7 hej", "rapport.pdf"))

        assert told.faults[0].says.startswith("Filen är en PDF.")

    def test_no_file_at_all_is_asked_for(self, client):
        answer = client.post(ADDRESS)

        assert answer.status_code == 422
        assert "Välj en fil." in main_of(answer).text


class TestPages:
    def test_the_indicator_leads_an_editor_here_and_nobody_else(self, client, partners):
        indicator = "/planer/gemensam/indikatorer/nki/"
        coordinator = Client()
        coordinator.force_login(make_coordinator(partners[0]))

        assert main_of(client.get(indicator)).all("a", href=ADDRESS)
        assert not main_of(coordinator.get(indicator)).all("a", href=ADDRESS)
        assert not main_of(Client().get(indicator)).all("a", href=ADDRESS)

    def test_so_does_the_desk_while_an_outcome_is_missing(self, client, nki, partners):
        desk = "/planer/gemensam/uppfoljning/2016/arbetsyta/"
        assert main_of(client.get(desk)).one("a", href=ADDRESS).text == "NKI"

        make_outcome(nki, partners[1], year=2016, value=70)

        assert not main_of(client.get(desk)).all("a", href=ADDRESS)

    def test_each_page_on_the_way_can_be_used(self, client):
        good = send(client, rows_of("Enköping;2016;60;;;;", "Västerås;2016;;Inte mätt;;;"))
        wrong = send(client, rows_of("Enköping;2016;sextio;;;;"))
        done = send(client, rows_of("Enköping;2016;61;;;;"))
        say_yes(client, done)

        pages = [client.get(f"{ADDRESS}{each.pk}/") for each in (good, wrong, done)]
        assert [
            faults_of_page(read(each)) for each in (client.get(ADDRESS), client.post(ADDRESS), *pages)
        ] == [[] for _page in range(5)]

    def test_a_plan_that_follows_up_no_year_says_when_there_is_something_to_import(self, client, plan):
        plan.followups.all().delete()

        main = main_of(client.get(ADDRESS))

        assert main.one("h2").text == "Inget år att läsa in utfall för"
        assert not main.all("form")
        assert faults(tell(client, "Västerås;2016;70;;;;")) == [
            (2, "År", "Planen har ingen uppföljning där indikatorn mäts.")
        ]

    def test_a_file_is_its_senders_alone_and_of_this_indicator_alone(self, client, plan, nki):
        upload = send(client, rows_of("Västerås;2016;70;;;;"))
        other = make_indicator(slug="annat")
        make_target(make_goal(make_challenge(plan.revisions.get())), indicator=other, year=2016)
        another_editor = Client()
        another_editor.force_login(make_user(Role.EDITOR, plan.owner))

        assert client.get(f"{ADDRESS}{upload.pk}/").status_code == 200
        assert another_editor.get(f"{ADDRESS}{upload.pk}/").status_code == 404
        assert client.get(f"/planer/gemensam/indikatorer/annat/las-in/{upload.pk}/").status_code == 404


REAL = Path(__file__).parents[1] / "data" / "nki_4m.csv"


def real_rows(*years: int) -> bytes:
    """The values of NKI as Kolada has them, in another file's columns; of all years where none is given."""
    with REAL.open(encoding="utf-8") as file:
        rows = [
            [row["kommunkod"], row["year"], Decimal(row["nki_kolada_U07451"]), "Kolada"]
            for row in csv.DictReader(file)
            if row["nki_kolada_U07451"] and (not years or int(row["year"]) in years)
        ]
    columns = tuple(ColumnLook(header) for header in ("Kommun", "År", "Värde", "Källa"))
    return csv_file(Table("nki", columns, rows))


@pytest.mark.django_db
class TestTheRealValues:
    """Of twelve years, two of which nobody has a value of."""

    def test_all_40_come_in_whole_and_go_out_as_they_came(self):
        names = {"0381": "Enköping", "0484": "Eskilstuna", "0486": "Strängnäs", "1980": "Västerås"}
        plan = make_plan(
            slug="gemensam",
            partners=[make_municipality(name, municipal_code=code) for code, name in names.items()],
        )
        revision = make_revision(plan, year=2012)
        nki = make_indicator(slug="nki")
        make_target(make_goal(make_challenge(revision)), indicator=nki, year=2012)
        for year in range(2012, 2024):
            make_followup(revision, year=year)
        client = Client()
        client.force_login(make_user(Role.EDITOR, plan.owner))

        upload = send(client, real_rows())
        say_yes(client, upload)
        again = send(client, client.get(f"{ADDRESS}utfall.xlsx").content, "utfall.xlsx")

        with REAL.open(encoding="utf-8") as file:
            source = {
                (row["kommunkod"], int(row["year"])): Decimal(row["nki_kolada_U07451"])
                for row in csv.DictReader(file)
                if row["nki_kolada_U07451"]
            }
        outcomes = Outcome.objects.select_related("municipality")
        assert {(o.municipality.municipal_code, o.year): o.value for o in outcomes} == source
        assert told_of(upload).counts["new"] == 40
        assert (told_of(again).counts["unchanged"], told_of(again).in_the_file) == (48, 48)

    @pytest.mark.usefixtures("plans")
    def test_those_that_4m_has_already_are_unchanged_and_of_no_year_can_be_added_to_silently(self):
        client = Client()
        client.force_login(person("redaktor@4m"))
        address = "/planer/4m/indikatorer/nki/las-in/"

        known = told_of(send(client, real_rows(2014, 2015, 2016, 2017, 2018), address=address))
        unknown = told_of(send(client, real_rows(2012), address=address))

        assert (known.counts["unchanged"], known.in_the_file) == (20, 20)
        assert faults(unknown) == [
            (row, "År", "Planen följer inte upp indikatorn 2012. Utfall går att lämna för 2016.")
            for row in (2, 3, 4, 5)
        ]
