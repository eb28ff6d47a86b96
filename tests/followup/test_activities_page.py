"""The list of activities, finding among them, and taking them away."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_followup,
    make_organisation,
    make_report,
    make_revision,
)
from tests.pages import Element, main_of
from tests.plans import person

ADDRESS = "/planer/4m/aktiviteter/"
pytestmark = pytest.mark.usefixtures("plans")


def listed(main: Element) -> list[str]:
    """The activities' titles, in order."""
    return [
        head.text for table in main.all("table", class_="activities") for head in table.all("th", scope="row")
    ]


def ask(client, **filters) -> Element:
    return main_of(client.get(f"{ADDRESS}?{urlencode(filters)}"))


@pytest.fixture
def coordinator(client):
    client.force_login(person("samordnare@enkoping"))
    return client


def test_without_a_filter_all_40_stand_in_the_documents_order_under_their_challenges(client):
    main = main_of(client.get(ADDRESS))

    assert len(listed(main)) == 40
    assert listed(main)[0].startswith("Uppstartsmöte med nyckelpersoner")
    assert listed(main)[-1] == "Identifiera projekt som går att samla till en gemensam ansökan"
    groups = [row.text for row in main.one("table").all("tr", class_="group")]
    assert groups == [
        "Kommunal service, bemötande, handläggningstider",
        "Yrkesutbildningar och yrkeshögskoleutbildningar",
        "Affärsutveckling i SME-företag",
        "Finansiering",
    ]
    assert main.one("h2", id="shown").text == "Visar 40 av 40 aktiviteter"


def test_the_18_of_the_year_are_in_bold(client):
    rows = main_of(client.get(ADDRESS)).one("table").one("tbody").all("tr")

    assert sum(row["class"] == "this-year" for row in rows) == 18


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"utmaning": "affarsutveckling"}, 5),
        ({"ansvarig": "enkoping"}, 2),
        ({"ansvarig": "vasteras"}, 4),
        ({"ansvarig": "saknas"}, 16),
        ({"ar": "2015"}, 0),
        ({"ar": "2016"}, 18),
        ({"ar": "2017"}, 23),
        ({"ar": "2018"}, 22),
        ({"q": "nki"}, 2),
        ({"q": "FINANSIERING utreda"}, 2),
        ({"q": "  mälardalskartan "}, 1),
        ({"q": "dusys"}, 4),
        ({"ansvarig": "saknas", "ar": "2016"}, 3),
        ({"utmaning": "finansiering", "ansvarig": "saknas", "ar": "2018"}, 4),
        ({"utmaning": "finansiering", "q": "kartläggning", "ansvarig": "create"}, 1),
        ({"utmaning": "", "ansvarig": "", "ar": "", "q": "", "lage": ""}, 40),
    ],
)
def test_filters_find_what_matches_all_of_them(client, filters, count):
    main = ask(client, **filters)

    assert len(listed(main)) == count
    assert main.one("h2", id="shown").text == f"Visar {count} av 40 aktiviteter"


@pytest.mark.parametrize(
    ("status", "count"),
    [("completed", 2), ("ongoing", 3), ("delayed", 2), ("not_started", 1), ("cancelled", 1), ("none", 9)],
)
def test_one_who_takes_part_filters_by_status_among_those_that_the_year_follows_up(
    coordinator, status, count
):
    assert len(listed(ask(coordinator, lage=status))) == count


def test_status_is_combined_with_the_other_filters(coordinator):
    assert listed(ask(coordinator, lage="none", ansvarig="enkoping")) == [
        "Uppstartsmöte med nyckelpersoner, med syfte att hitta samarbetsformer för att kunna genomföra "
        "handlingsplanen"
    ]
    assert listed(ask(coordinator, lage="none", ar="2018")) == []


def test_a_visitor_has_no_status_to_filter_by_and_cannot_ask_for_one(client):
    main = ask(client, lage="delayed")

    assert not main.all("select", name="lage")
    assert len(listed(main)) == 40


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"utmaning": "finns-inte"}, "utmaning"),
        ({"ansvarig": "finns-inte"}, "ansvarig"),
        ({"ar": "1066"}, "ar"),
        ({"ar": "tjugohundrasexton"}, "ar"),
        ({"ar": "9" * 400}, "ar"),
        ({"q": "x" * 101}, "q"),
        ({"q": "a\0b"}, "q"),
        ({"ordning": "--nar"}, "ordning"),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_in_swedish_at_its_field_and_everything_is_shown(
    client, filters, field
):
    main = ask(client, **filters)

    [error] = main.all("div", class_="error")
    assert error["id"] == f"filter_{field}_error"
    assert main.one("form", class_="filters").all("div", class_="wrong")
    assert not any(word in error.text.lower() for word in ("select", "ensure", "valid", "null characters"))
    assert len(listed(main)) == 40


def test_a_filter_that_makes_no_sense_leaves_the_others_to_work(client):
    assert len(listed(ask(client, ar="1066", utmaning="affarsutveckling"))) == 5


def test_nothing_found_is_said_with_a_way_on(client):
    main = ask(client, q="det som inte finns")

    assert "Ingen aktivitet stämmer med det du söker" in main.text
    assert main.one("div", id="with-hits").one("a")["href"] == ADDRESS


def test_what_was_asked_for_stays_in_the_form(client):
    main = ask(client, q="möte", utmaning="kommunal-service", ansvarig="enkoping", ar="2016", ordning="nar")

    assert main.one("input", name="q")["value"] == "möte"
    chosen = [option["value"] for option in main.all("option") if "selected" in option.attributes]
    assert chosen == ["kommunal-service", "enkoping", "2016", "nar"]


def test_the_choices_are_what_the_plan_has_with_organisations_in_swedish_order(client):
    main = main_of(client.get(ADDRESS))
    choices = [option.text for option in main.one("select", name="ansvarig").all("option")]

    assert choices[0] == "Alla"
    assert choices[-1] == "Ansvarig saknas"
    assert choices.index("Västerås") > choices.index("Strängnäs") > choices.index("Enköping")
    assert [option["value"] for option in main.one("select", name="ar").all("option")] == [
        "",
        "2015",
        "2016",
        "2017",
        "2018",
    ]


def test_the_words_are_looked_for_as_they_are_and_not_as_a_pattern(client):
    assert listed(ask(client, q=".*")) == []
    assert listed(ask(client, q="%")) == []


def test_an_activity_of_unknown_years_is_found_in_every_year(client):
    challenge = make_challenge(make_revision(), key="utmaning")
    make_activity(challenge, title="Utan år")
    make_activity(challenge, title="Bara 2017", first_year=2017, last_year=2017)
    address = f"/planer/{challenge.revision.plan.slug}/aktiviteter/"

    assert listed(main_of(client.get(f"{address}?ar=2016"))) == ["Utan år"]
    assert listed(main_of(client.get(f"{address}?ar=2017"))) == ["Utan år", "Bara 2017"]


class TestSorting:
    @pytest.fixture
    def address(self) -> str:
        """A plan whose activities aren't in any order but its own."""
        revision = make_revision()
        challenge = make_challenge(revision, key="utmaning", title="Zink")
        activities: dict[str, dict[str, Any]] = {
            "Öppna": {"first_year": 2017, "last_year": 2018, "responsible": [make_organisation("Ängelholm")]},
            "äta": {"first_year": 2016, "last_year": 2018},
            "Zooma": {"first_year": 2016, "last_year": 2016, "responsible": [make_organisation("Åmål")]},
            "åka": {"responsible": [make_organisation("Zinkgruvan")]},
        }
        made = {title: make_activity(challenge, title=title, **said) for title, said in activities.items()}
        make_activity(
            make_challenge(revision, title="Aluminium"), title="Arbeta", first_year=2015, last_year=2015
        )
        followup = make_followup(revision, year=2016)
        for title, status in {"Zooma": "ongoing", "äta": "not_started"}.items():
            make_report(followup, made[title], status=status)
        return f"/planer/{revision.plan.slug}/aktiviteter/"

    @pytest.mark.parametrize(
        ("order", "titles"),
        [
            ("", ["Öppna", "äta", "Zooma", "åka", "Arbeta"]),
            ("aktivitet", ["Arbeta", "Zooma", "åka", "äta", "Öppna"]),
            ("-aktivitet", ["Öppna", "äta", "åka", "Zooma", "Arbeta"]),
            ("utmaning", ["Arbeta", "Öppna", "äta", "Zooma", "åka"]),
            ("nar", ["Arbeta", "Zooma", "äta", "Öppna", "åka"]),
            ("-nar", ["Öppna", "äta", "Zooma", "Arbeta", "åka"]),
            ("ansvarig", ["åka", "Zooma", "Öppna", "äta", "Arbeta"]),
            ("-ansvarig", ["Öppna", "Zooma", "åka", "äta", "Arbeta"]),
            ("lage", ["Zooma", "äta", "åka", "Öppna", "Arbeta"]),
            ("-lage", ["äta", "Zooma", "åka", "Öppna", "Arbeta"]),
        ],
    )
    def test_a_column_sorts_both_ways_in_swedish_with_what_is_unknown_last(
        self, client, address, order, titles
    ):
        client.force_login(make_administrator())

        main = main_of(client.get(f"{address}?ordning={order}"))

        assert listed(main) == titles

    def test_a_heading_tells_which_way_the_list_is_sorted_and_leads_the_other_way(self, client, address):
        def heading(query: str) -> Element:
            [found] = [
                head
                for head in main_of(client.get(address + query)).all("th", scope="col")
                if head.one("a").text == "När"
            ]
            return found

        for query, direction, way_on in (
            ("?q=a&sida=7", None, "?q=a&ordning=nar"),
            ("?q=a&ordning=nar", "ascending", "?q=a&ordning=-nar"),
            ("?q=a&ordning=-nar", "descending", "?q=a&ordning=nar"),
        ):
            assert heading(query).attributes.get("aria-sort") == direction
            assert heading(query).one("a")["href"] == way_on

    def test_each_row_tells_its_challenge_where_they_dont_stand_under_it(self, client, address):
        table = main_of(client.get(f"{address}?ordning=aktivitet")).one("table", class_="activities")

        assert [head.one("a").text for head in table.all("th", scope="col")] == [
            "Aktivitet",
            "Utmaning",
            "När",
            "Ansvarig",
        ]
        assert not table.all("tr", class_="group")
        assert [cell.text for cell in table.one("tbody").all("td", class_="full")][:2] == [
            "Aluminium",
            "Zink",
        ]


class TestPages:
    @pytest.fixture
    def address(self, monkeypatch) -> str:
        monkeypatch.setattr("followup.views.plans.ROWS_A_PAGE", 3)
        challenge = make_challenge(make_revision(), key="utmaning")
        for number in range(7):
            make_activity(challenge, title=f"Aktivitet {number}")
        return f"/planer/{challenge.revision.plan.slug}/aktiviteter/"

    def test_a_long_list_comes_on_pages_that_lead_to_each_other(self, client, address):
        main = main_of(client.get(f"{address}?q=akt&ordning=-aktivitet"))
        ways = main.one("nav", class_="years").all("a")

        assert main.one("h2", id="shown").text == "Visar 7 av 7 aktiviteter"
        assert listed(main) == ["Aktivitet 6", "Aktivitet 5", "Aktivitet 4"]
        assert [way.text for way in ways] == ["Sida 1", "Sida 2", "Sida 3"]
        assert listed(main_of(client.get(address + ways[2]["href"]))) == ["Aktivitet 0"]

    @pytest.mark.parametrize("page", ["0", "4", "-1", "x", "9" * 5000])
    def test_a_page_that_isnt_there_is_one_that_is(self, client, address, page):
        assert listed(main_of(client.get(address, {"sida": page})))

    def test_all_of_the_pages_are_taken_away_at_once(self, client, address):
        main = main_of(client.get(f"{address}?q=akt&sida=2"))

        ways = main.one("div", id="with-hits").all("a", class_="btn-quiet")

        assert [way.text for way in ways] == ["Hämta alla 7 som CSV", "Hämta alla 7 som Excel"]
        assert [len(taken_away(client, way["href"])) for way in ways] == [1 + 7, 1 + 7]


def taken_away(client, address: str) -> list[list[str]]:
    """The table's rows, whichever kind of file it is."""
    answer = client.get(address)
    if ".xlsx" in address:
        [sheet] = load_workbook(io.BytesIO(answer.content)).worksheets
        assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}, "a formula"
        return [[cell or "" for cell in row] for row in sheet.values]
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    return list(csv.reader(answer.content.decode().splitlines()))


@pytest.mark.parametrize(
    "asked",
    [{"q": "ut", "ordning": "-ansvarig"}, {"ansvarig": "saknas", "lage": "none", "ordning": "aktivitet"}],
    ids=str,
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_shown_is_what_is_taken_away_row_by_row_and_column_by_column(coordinator, kind, asked):
    main = ask(coordinator, **asked)
    [way] = [each for each in main.all("a", class_="btn-quiet") if f".{kind}" in each["href"]]
    table = main.one("table", class_="activities")

    heads, *rows = taken_away(coordinator, way["href"])

    assert way["href"] == f"/planer/4m/aktiviteter.{kind}?{urlencode(asked)}"
    assert heads == [each.one("a").text for each in table.all("th", scope="col")]
    assert rows == [
        [row.one("th").text, *(cell.text for cell in row.all("td"))] for row in table.one("tbody").all("tr")
    ]
    assert len(rows) > 2


def test_a_workbook_has_the_same_as_the_csv_in_the_plans_own_order_with_all_40(client):
    as_csv, as_xlsx = (taken_away(client, f"/planer/4m/aktiviteter.{kind}") for kind in ("csv", "xlsx"))

    assert as_xlsx == as_csv
    assert len(as_csv) == 41
    assert as_csv[0][1] == "Utmaning"


def test_the_same_workbook_isnt_sent_twice_to_whoever_has_it(client):
    first = client.get("/planer/4m/aktiviteter.xlsx")

    again = client.get("/planer/4m/aktiviteter.xlsx", headers={"if-none-match": first["ETag"]})

    assert (first["Content-Disposition"], again.status_code) == (
        'attachment; filename="4m-aktiviteter.xlsx"',
        304,
    )


def test_a_title_that_a_spreadsheet_would_run_is_taken_away_as_text(client):
    challenge = make_challenge(make_revision())
    make_activity(challenge, title='=HYPERLINK("https://ond.example")')

    [_heads, row] = taken_away(client, f"/planer/{challenge.revision.plan.slug}/aktiviteter.csv")
    [_same, kept] = taken_away(client, f"/planer/{challenge.revision.plan.slug}/aktiviteter.xlsx")

    assert row[0] == """'=HYPERLINK("https://ond.example")"""
    assert kept[0] == '=HYPERLINK("https://ond.example")'
