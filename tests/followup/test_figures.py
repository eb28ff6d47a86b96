"""How a figure is worked out, on the pages and as data: the reader gets exactly what they may see."""

import csv
from io import StringIO

import pytest
from django.test import Client

from followup.models import FollowUp
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
)
from tests.fixtures.conftest import load
from tests.pages import Element, main_of

pytestmark = pytest.mark.django_db

COLUMNS = [
    "indicator",
    "municipality",
    "municipal_code",
    "year",
    "value",
    "missing_reason",
    "preliminary",
    "source",
    "source_url",
]


@pytest.fixture
def visitor(client) -> Client:
    return client


@pytest.fixture
def partners():
    return [
        make_municipality("Enköping", municipal_code="0381"),
        make_municipality("Västerås", municipal_code="1980"),
    ]


@pytest.fixture
def followup(partners) -> FollowUp:
    revision = make_revision(make_plan(slug="gemensam", partners=partners), year=2016)
    nki = make_indicator(slug="nki", short_name="NKI")
    make_target(make_goal(make_challenge(revision, key="service")), indicator=nki, year=2016, nearly=70)
    for partner, value in zip(partners, ("57.89505229", "70.65736900"), strict=True):
        make_outcome(nki, partner, year=2015, value=60, source="Kolada")
        make_outcome(
            nki, partner, year=2016, value=value, source="Kolada", source_url="https://www.kolada.se"
        )
    return make_followup(revision)


def rows(answer) -> list[dict[str, str]]:
    text = answer.content.decode()
    return list(csv.DictReader(StringIO(text, newline="")))


def worked_out(main: Element) -> Element:
    return main.all("details", class_="worked-out")[0]


CSV = "/planer/gemensam/indikatorer/nki.csv"


class TestCsv:
    def test_every_value_that_the_page_shows_with_all_its_decimals(self, visitor, followup):
        answer = visitor.get(CSV)

        assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert answer["Content-Disposition"] == 'attachment; filename="gemensam-nki.csv"'
        assert answer.content.decode().splitlines()[0] == ",".join(COLUMNS)
        assert rows(answer)[1] == {
            "indicator": "nki",
            "municipality": "Enköping",
            "municipal_code": "0381",
            "year": "2016",
            "value": "57.89505229",
            "missing_reason": "",
            "preliminary": "false",
            "source": "Kolada",
            "source_url": "https://www.kolada.se",
        }
        assert [(row["municipality"], row["year"]) for row in rows(answer)] == [
            ("Enköping", "2015"),
            ("Enköping", "2016"),
            ("Västerås", "2015"),
            ("Västerås", "2016"),
        ]

    def test_a_missing_value_has_its_reason_and_one_that_nobody_spoke_of_has_none(
        self, visitor, followup, partners
    ):
        nki = partners[0].outcomes.first().indicator
        make_outcome(nki, partners[0], year=2017, missing_reason="too_few_answers")

        of_2017 = [row for row in rows(visitor.get(CSV)) if row["year"] == "2017"]

        assert [(row["value"], row["missing_reason"]) for row in of_2017] == [
            ("", "too_few_answers"),
            ("", ""),
        ]

    def test_zero_is_a_value(self, visitor, followup, partners):
        make_outcome(partners[0].outcomes.first().indicator, partners[0], year=2017, value=0)

        assert [row["value"] for row in rows(visitor.get(CSV)) if row["year"] == "2017"] == ["0", ""]

    def test_what_is_typed_reaches_those_who_take_part_and_the_public_when_it_is_public(
        self, visitor, followup, partners
    ):
        eva = make_coordinator(partners[0])
        make_outcome(partners[0].outcomes.first().indicator, partners[0], year=2016, value=99, author=eva)
        inside = Client()
        inside.force_login(eva)

        def value_of_2016(client: Client) -> str:
            return next(row["value"] for row in rows(client.get(CSV)) if row["year"] == "2016")

        assert [value_of_2016(visitor), value_of_2016(inside)] == ["57.89505229", "99"]

    def test_a_source_that_looks_like_a_formula_is_only_a_text(self, visitor, followup, partners):
        nki = partners[0].outcomes.first().indicator
        make_outcome(nki, partners[0], year=2017, value=-3, source='=HYPERLINK("http://ond.example")')

        row = next(row for row in rows(visitor.get(CSV)) if row["year"] == "2017")

        assert row["source"] == '\'=HYPERLINK("http://ond.example")'
        assert row["value"] == "-3"

    def test_the_real_values_of_4m(self, visitor):
        load("organisations", "4m", "nki")

        found = rows(visitor.get("/planer/4m/indikatorer/nki.csv"))

        assert len(found) == 4 * 5
        assert {row["municipal_code"] for row in found} == {"0381", "0484", "0486", "1980"}


class TestWorkedOut:
    @pytest.mark.parametrize(
        "address",
        ["/planer/gemensam/", "/planer/gemensam/utmaningar/service/", "/planer/gemensam/uppfoljning/2016/"],
    )
    def test_under_every_figure_stand_the_values_the_rule_the_calculation_and_the_source(
        self, followup, partners, address
    ):
        inside = Client()
        inside.force_login(make_coordinator(partners[0]))

        found = worked_out(main_of(inside.get(address)))

        assert "Så räknas det" in found.one("summary").text
        assert [row.text for row in found.one("tbody").all("tr")] == [
            "Enköping 57,89505229",
            "Västerås 70,657369",
        ]
        assert "Kommunernas värden läggs ihop och delas med antalet kommuner." in found.text
        assert "Målet är uppnått när det är minst 75, och delvis uppnått när det är minst 70." in found.text
        assert "(57,90 + 70,66) / 2 = 64,28" in found.text
        assert "2 av 2 kommuner." in found.text
        assert "Källa: Kolada . Medeltal för kommunerna: egen beräkning." in found.text
        assert found.all("a")[-1]["href"] == CSV

    def test_what_is_missing_is_told_with_its_reason(self, visitor, followup, partners):
        nki = partners[0].outcomes.first().indicator
        make_outcome(nki, partners[0], year=2016, missing_reason="too_few_answers")

        text = worked_out(main_of(visitor.get("/planer/gemensam/"))).text

        assert "Enköping För få svar" in text
        assert "1 av 2 kommuner – Enköping saknas." in text
        assert "Saknas ett värde kan målet inte bedömas." in text
        assert "Utveckling: kan ej jämföras. Värden för 2016 saknas." in text

    def test_the_indicators_page_leads_to_the_same_as_data(self, visitor, followup):
        links = [link["href"] for link in main_of(visitor.get("/planer/gemensam/indikatorer/nki/")).all("a")]

        assert CSV in links


class TestCorrections:
    def test_what_was_said_before_a_correction_stays_on_the_indicators_page(
        self, visitor, followup, partners
    ):
        nki = partners[0].outcomes.first().indicator
        make_outcome(nki, partners[0], year=2016, value="58.5", source="Kolada")

        text = main_of(visitor.get("/planer/gemensam/indikatorer/nki/")).text

        assert "Rättade uppgifter" in text
        assert "Enköping 2016 57,89505229 Källa: Kolada" in text

    def test_names_are_for_those_who_are_signed_in_and_what_is_not_public_for_those_who_take_part(
        self, visitor, followup, partners
    ):
        nki, eva = partners[0].outcomes.first().indicator, make_coordinator(partners[0], name="Eva Ek")
        make_outcome(nki, partners[0], year=2016, value="11.1", author=eva)
        make_outcome(nki, partners[0], year=2016, value="22.2", author=eva)
        inside = Client()
        inside.force_login(eva)
        page = "/planer/gemensam/indikatorer/nki/"

        assert "Rättade uppgifter" not in main_of(visitor.get(page)).text
        assert "11,1 Eva Ek sparade uppgift 2" in main_of(inside.get(page)).text

        followup.stage, followup.published_at = "published", followup.opens
        FollowUp.objects.filter(pk=followup.pk).update(stage="published", published_at="2017-03-30T10:00Z")

        text = main_of(visitor.get(page)).text
        assert "11,1 Uppgift 2, lämnad den" in text
        assert "Eva" not in text


def test_one_who_may_enter_outcomes_is_led_there_for_their_own_municipality(visitor, followup, partners):
    inside = Client()
    inside.force_login(make_coordinator(partners[0]))
    page = "/planer/gemensam/indikatorer/nki/"

    links = [link["href"] for link in main_of(inside.get(page)).all("a")]

    own = f"/planer/gemensam/uppfoljning/2016/utfall/nki/{partners[0].key}/"
    assert [link for link in links if "utfall" in link] == [own]
    assert "utfall/" not in visitor.get(page).content.decode()
