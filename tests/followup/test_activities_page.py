"""The list of activities, and finding among them."""

from urllib.parse import urlencode

import pytest

from tests.builders import make_activity, make_challenge, make_revision
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
    assert main.one("a", class_="btn-quiet")["href"] == ADDRESS


def test_what_was_asked_for_stays_in_the_form(client):
    main = ask(client, q="möte", utmaning="kommunal-service", ansvarig="enkoping", ar="2016")

    assert main.one("input", name="q")["value"] == "möte"
    chosen = [option["value"] for option in main.all("option") if "selected" in option.attributes]
    assert chosen == ["kommunal-service", "enkoping", "2016"]


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
