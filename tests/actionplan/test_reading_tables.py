"""What is made of a table that nobody has explained: its columns, and the years and names in its cells."""

from __future__ import annotations

import pytest

from actionplan.elsewhere.guessing import guess, tells_status
from actionplan.elsewhere.names import Register, names_in_all
from actionplan.elsewhere.years import NotYears, years_in
from exchange.books import Line, Sheet
from municipalities.models import Organisation
from tests.builders import make_municipality, make_organisation

# Which column is what


HEADERS_BY_LANGUAGE = {
    "Swedish": ("Område", "Utmaning", "Åtgärd", "Ansvarig nämnd", "Startår", "Slutår"),
    "English": ("Pillar", "Objective", "Measure", "Responsible", "Start date", "End date"),
    "Norwegian": ("Innsatsområde", "Mål", "Tiltak", "Ansvarlig", "Start", "Frist"),
    "Danish": ("Tema", "Udfordring", "Indsats", "Ansvarlig", "Start", "Slut"),
    "Finnish": ("Teema", "Tavoite", "Toimenpide", "Vastuutaho", "Alku", "Loppu"),
    "German": ("Handlungsfeld", "Ziel", "Maßnahme", "Verantwortlich", "Beginn", "Ende"),
}


@pytest.mark.parametrize("language", HEADERS_BY_LANGUAGE)
def test_headers_are_understood_in_several_languages(language):
    rows = [("A", "B", f"Gör {each}", "Vi", "2025", "2026-12-31") for each in range(5)]

    guessed = guess(table(HEADERS_BY_LANGUAGE[language], *rows), nobody)

    assert [*guessed.values()] == ["area", "challenge", "title", "lead", "first_year", "last_year"]


def test_columns_whose_headers_say_nothing_are_known_by_what_stands_in_them():
    rows = [("Miljö", f"Gör något {each}", "2025–2026", "Bergsund", "!") for each in range(5)]

    guessed = guess(table(("A", "B", "C", "D", "E"), *rows), lambda cell: cell == "Bergsund")

    assert [*guessed.values()] == ["challenge", "title", "years", "lead", "skip"]


def test_a_goal_of_each_activity_is_a_result_and_not_a_level():
    rows = [(f"Gör {each}", f"Minst {each} deltar") for each in range(5)]

    assert [*guess(table(("Aktivitet", "Mål"), *rows), nobody).values()] == ["title", "expected_result"]


def test_a_status_is_never_guessed_to_be_anything():
    assert guess(table(("Aktivitet", "Status 2025"), ("Gör", "I gang")), nobody)["Status 2025"] == "skip"
    assert tells_status("Framdrift")
    assert tells_status("Tilanne")
    assert not tells_status("Statistik")


def nobody(cell: str) -> bool:
    return False


def table(headers: tuple[str, ...], *rows: tuple[str, ...]) -> Sheet:
    return Sheet("Blad", headers, tuple(Line(number, row) for number, row in enumerate(rows, 2)))


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("2025–2027", (2025, 2027)),
        ("2026", (2026, 2026)),
        ("Q1 2026 - Q4 2027", (2026, 2027)),
        ("2026-05-01 – 2027-12-31", (2026, 2027)),
        ("2025-27", (2025, 2027)),
        ("2025/26", (2025, 2026)),
        ("2025-06", (2025, 2025)),
        ("våren 2026", (2026, 2026)),
        ("fr.o.m. 2026", (2026, None)),
        ("2026–", (2026, None)),
        ("2026 och framåt", (2026, None)),
        ("senast 2027", (None, 2027)),
        ("–2027", (None, 2027)),
        ("2025, 2026, 2027", (2025, 2027)),
        ("Löpande", (None, None)),
        ("-", (None, None)),
        ("", (None, None)),
    ],
)
def test_years_are_read_as_people_write_them(said, years):
    assert years_in(said)[:2] == years


@pytest.mark.parametrize("said", ["snart", "2027–2025", "2025, 2027", "20256", "12", "Q1", "1/2"])
def test_what_cannot_be_understood_as_years_is_refused(said):
    with pytest.raises(NotYears):
        years_in(said)


def test_words_instead_of_years_are_kept_to_be_told():
    assert years_in("Tills vidare").words == "Tills vidare"


# Who the names are


@pytest.fixture
def register(db) -> Register:
    make_municipality("Bergsunds kommun", key="bergsund", short_name="Bergsund")
    make_municipality("Vikdals kommun", key="vikdal", short_name="Vikdal")
    make_organisation("Barn- och utbildningsnämnden", key="bun", short_name="BUN")
    make_organisation("Almi Mälardalen", key="almi", short_name="Almi")
    return Register(Organisation.objects.all())


@pytest.mark.parametrize(
    "name", ["Bergsunds kommun", "BERGSUND", "bergsunds  kommuns", "Bergsund kommune", "bergsund"]
)
def test_a_name_is_known_whatever_the_case_and_with_or_without_the_word_for_municipality(register, name):
    assert register.exactly(name).key == "bergsund"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Bergssund", "bergsund"),
        ("Näringslivsenheten Vikdal", "vikdal"),
        ("Barn och utbildningsnämnden", "bun"),
    ],
)
def test_a_name_that_is_clearly_like_one_is_suggested_and_not_taken(register, name, key):
    assert register.exactly(name) is None
    assert register.nearly(name).key == key


@pytest.mark.parametrize("name", ["Region Nord", "Bergsund och Vikdal", "", "Kommunen"])
def test_a_name_that_is_like_none_or_several_suggests_nothing(register, name):
    assert register.exactly(name) is None
    assert register.nearly(name) is None


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Bergsund; Vikdal", ["Bergsund", "Vikdal"]),
        ("Bergsund,\nVikdal/Almi", ["Bergsund", "Vikdal", "Almi"]),
        ("Bergsund, Vikdal och Almi", ["Bergsund", "Vikdal", "Almi"]),
        ("Bergsund & Region Nord", ["Bergsund", "Region Nord"]),
        ("Barn- och utbildningsnämnden", ["Barn- och utbildningsnämnden"]),
        ("Kultur- och fritidsnämnden", ["Kultur- och fritidsnämnden"]),
        ("Kultur och fritid", ["Kultur och fritid"]),
        ("Park og Vei", ["Park", "Vei"]),
        ("–", []),
    ],
)
def test_a_cell_is_taken_apart_but_not_within_a_name(register, cell, names):
    def is_known(name: str) -> bool:
        return register.exactly(name) is not None

    taken_apart = names_in_all([cell, "Vei"], is_known)

    assert taken_apart(cell) == names
