"""A plan's outcomes beside the country's and others', apart from what goals are judged by."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionplan.models import Indicator, Plan
from followup.compared import MOST, keep_compared
from followup.models import ComparedArea, ComparedValue
from kolada.client import Kolada
from municipalities.models import Role
from tests.builders import (
    make_challenge,
    make_compared_area,
    make_compared_value,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_revision,
    make_target,
    make_user,
)
from tests.followup.test_fetching import fetch, say, told_of
from tests.pages import main_of, read

pytestmark = pytest.mark.django_db

CHOOSE = "/planer/gemensam/jamforelse/"
INDICATOR = "/planer/gemensam/indikatorer/nki/"


@pytest.fixture
def plan() -> Plan:
    """Enköping and Västerås, whose companies are to be satisfied: 74 and 70 in 2016."""
    places = [
        make_municipality("Enköping", key="enkoping", municipal_code="0381"),
        make_municipality("Västerås", key="vasteras", municipal_code="1980"),
    ]
    plan = make_plan(slug="gemensam", owner=make_organisation(key="natverket"), partners=places)
    indicator = make_indicator(slug="nki", name="Nöjda företag", kolada_id="U07451")
    make_target(
        make_goal(make_challenge(make_revision(plan, year=2016))), indicator=indicator, year=2016, value=75
    )
    make_outcome(indicator, places[0], year=2016, value="74", source="Kolada")
    make_outcome(indicator, places[1], year=2016, value="70", source="Kolada")
    return plan


@pytest.fixture
def nki(plan) -> Indicator:
    return Indicator.objects.get()


@pytest.fixture
def rut(plan) -> Client:
    client = Client()
    client.force_login(make_user(Role.EDITOR, plan.owner, name="Rut Hägg"))
    return client


def text_of(answer: Any) -> str:
    return read(answer).one("body").text


def areas_of(plan: Plan) -> Any:
    return ComparedArea.objects.filter(plan=plan)


def rows_of(answer: Any) -> list[list[str]]:
    """The table of the comparison, cell by cell, without its header."""
    [section] = [each for each in main_of(answer).all("section") if each["id"] == "jamforelse"]
    rows = [[cell.text for cell in row if cell.tag in ("th", "td")] for row in section.all("tr")]
    return rows[1:]


# On the indicator's page


def test_everyone_sees_the_plan_beside_the_others_in_one_order_with_where_each_comes_from(plan, nki, client):
    make_compared_area(plan)
    make_compared_area(plan, "0127", "Botkyrka", "K")
    make_compared_value(nki, "0000", 2016, Decimal("69.87654321"))
    make_compared_value(nki, "0127", 2016, Decimal("61.5"))

    assert rows_of(client.get(INDICATOR)) == [
        ["Botkyrka", "61,5", "Kolada"],
        ["Enköping i planen", "74,0", "Kolada"],
        ["Riket", "69,9", "Kolada"],
        ["Västerås i planen", "70,0", "Kolada"],
        ["Planens kommuner, medeltal för kommunerna", "72,0", "Egen beräkning"],
    ]


def test_it_says_that_it_has_no_part_in_the_verdict_and_hasnt(plan, nki, client):
    before = client.get(INDICATOR).context["report"]
    make_compared_area(plan)
    make_compared_value(nki, "0000", 2016, 99)

    answer = client.get(INDICATOR)

    assert "Har ingen del i bedömningen av målet" in text_of(answer)
    assert answer.context["report"] == before


def test_a_groups_value_is_koladas_own_mean(plan, nki, client):
    make_compared_area(plan, "G33612", "Stockholms läns kommuner (ovägt medel)", "G")
    make_compared_value(nki, "G33612", 2016, 68)

    assert "En grupps värde är Koladas eget medelvärde" in text_of(client.get(INDICATOR))


def test_the_latest_years_and_the_latest_rows_are_shown(plan, nki, client):
    make_compared_area(plan)
    for year in range(2008, 2017):
        make_compared_value(nki, "0000", year, 60)
    make_compared_value(nki, "0000", 2016, 61)
    make_compared_value(nki, "0000", 2015, None)

    [own, riket, *_rest] = rows_of(client.get(INDICATOR))

    assert client.get(INDICATOR).context["comparison"].years == (2010, 2011, 2012, 2013, 2014, 2016)
    assert riket[-3:] == ["60,0", "61,0", "Kolada"]
    assert own[1] == "saknas"


def test_without_areas_there_is_no_comparison_and_without_values_it_says_so(plan, nki, client):
    assert "Jämförelse" not in text_of(client.get(INDICATOR))

    make_compared_area(plan)

    assert "Inga värden att jämföra med är hämtade än." in text_of(client.get(INDICATOR))


def test_another_plans_choice_isnt_this_ones(plan, nki, client):
    make_compared_area(make_plan())
    make_compared_value(nki)

    assert "Jämförelse" not in text_of(client.get(INDICATOR))


def test_more_areas_take_no_more_statements(plan, nki, client):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(INDICATOR)
        return len(asked)

    make_compared_area(plan)
    make_compared_value(nki)
    client.get(INDICATOR)
    with_one = statements()
    for code in ("0114", "0115", "0117"):
        make_compared_area(plan, code, f"Kommun {code}", "K")
        make_compared_value(nki, code)

    assert statements() == with_one


# What is chosen


def test_an_editor_chooses_the_country_with_one_press(rut, plan, kolada):
    page = rut.get(CHOOSE)
    assert "Jämför med Riket" in text_of(page)

    answer = rut.post(CHOOSE, {"choice": "add", "code": "0000"}, follow=True)

    assert "Riket är med i jämförelsen." in text_of(answer)
    assert "Jämför med Riket" not in text_of(answer)
    [area] = areas_of(plan)
    assert (area.code, area.title, area.kind) == ("0000", "Riket", "L")
    assert area.history.get().history_user.name == "Rut Hägg"
    assert kolada.asked == []


def test_areas_are_found_by_words_of_their_names(rut, plan, kolada):
    answer = rut.get(CHOOSE, {"words": "kommuner stockholms län"})
    [button] = [each for each in main_of(answer).all("button") if each["value"] == "G33612"]

    rut.post(CHOOSE, {"choice": "add", "code": button["value"], "words": "län"})

    assert areas_of(plan).get().title == "Stockholms läns kommuner (ovägt medel)"


def test_the_plans_own_municipalities_are_never_beside_themselves(rut, plan, kolada):
    offered = [each["value"] for each in main_of(rut.get(CHOOSE, {"words": "enköping"})).all("button")]
    assert "G37359" in offered  # municipalities that are like it
    assert "0381" not in offered

    answer = rut.post(CHOOSE, {"choice": "add", "code": "0381"})

    assert answer.status_code == 422
    assert "Enköping deltar redan i planen." in text_of(answer)
    assert not ComparedArea.objects.exists()


def test_the_list_of_areas_is_asked_for_once_a_day(rut, kolada):
    rut.get(CHOOSE, {"words": "uppsala"})
    rut.get(CHOOSE, {"words": "botkyrka"})

    assert len(kolada.asked) == 2  # municipalities, and groups


def test_an_area_is_chosen_once_and_taken_away_while_its_values_stay(rut, plan, nki, kolada):
    for _each in range(2):
        rut.post(CHOOSE, {"choice": "add", "code": "0000"})
    assert areas_of(plan).count() == 1
    make_compared_value(nki)

    for _each in range(2):
        answer = rut.post(CHOOSE, {"choice": "remove", "code": "0000"}, follow=True)

    assert "Borttaget ur jämförelsen." in text_of(answer)
    assert areas_of(plan).count() == 0
    assert ComparedValue.objects.count() == 1


def test_there_is_room_for_so_many(rut, plan, kolada):
    for number in range(MOST):
        make_compared_area(plan, f"G{number}", f"Grupp {number}", "G")

    answer = rut.post(CHOOSE, {"choice": "add", "code": "0000"})

    assert answer.status_code == 422
    assert f"högst {MOST} områden" in text_of(answer)


@pytest.mark.parametrize("sent", [{}, {"choice": "add", "code": "9999"}, {"choice": "x", "code": "0000"}])
def test_what_isnt_in_the_list_isnt_chosen(rut, plan, kolada, sent):
    answer = rut.post(CHOOSE, sent)

    assert answer.status_code == 422
    assert not areas_of(plan).exists()


def test_kolada_may_be_down(rut, plan, kolada):
    kolada.fail("503")

    assert "fel hos Kolada" in text_of(rut.get(CHOOSE, {"words": "uppsala"}))
    assert "fel hos Kolada" in text_of(rut.post(CHOOSE, {"choice": "add", "code": "0114"}))
    assert rut.post(CHOOSE, {"choice": "add", "code": "0000"}).status_code == 302


# What is fetched


def fetched(nki: Indicator, codes: list[str], years: list[int]) -> list[ComparedValue]:
    measures = Kolada().measures(["U07451"])
    values = Kolada().values(["U07451"], codes, years)
    return [row for row, _was in keep_compared([nki], codes, years, measures, values, at=timezone.now())]


def test_what_is_new_changed_and_gone_becomes_rows_and_the_rest_stays(nki, kolada):
    kolada.change("U07451", "0000", 2015, "68.9")
    assert len(fetched(nki, ["0000", "0127"], [2015, 2016])) == 3
    assert fetched(nki, ["0000", "0127"], [2015, 2016]) == []

    kolada.change("U07451", "0000", 2015, "68.95")
    kolada.take_away("U07451", "0127", 2016)
    changed, gone = sorted(fetched(nki, ["0000", "0127"], [2015, 2016]), key=lambda each: each.area)

    assert (changed.number, changed.value) == (2, Decimal("68.95"))
    assert (gone.number, gone.value, gone.area) == (2, None, "0127")
    assert changed.kolada_title == "Företagsklimat Insikt - Totalt, Index, gammal definition (-2024)"
    assert changed.source_url.endswith("/data/kpi/U07451/municipality/0000/year/2015")
    assert ComparedValue.objects.current().count() == 3


def test_a_kpi_that_falls_silent_takes_nothing_away(nki, kolada):
    fetched(nki, ["0127"], [2015, 2016])
    kolada.fail("empty", after=1)

    assert fetched(nki, ["0127"], [2015, 2016]) == []
    assert ComparedValue.objects.current().exclude(value=None).count() == 2


def test_it_is_fetched_with_the_outcomes_and_told_before_it_is_kept(rut, plan, nki, kolada, client):
    make_compared_area(plan)
    make_compared_area(plan, "0127", "Botkyrka", "K")
    kolada.change("U07451", "0000", 2016, "69.87654321")

    upload = fetch(rut)
    [sheet] = [each for each in told_of(upload).sheets if each.name == "Jämförelse"]
    assert f"{nki.short_name or nki.name}, Riket 2016" in [row.title for row in sheet.changes]
    assert not ComparedValue.objects.exists()

    say(rut, upload)

    assert ComparedValue.objects.get(area="0000").value == Decimal("69.87654321")
    assert ComparedValue.objects.filter(area="0127").count() > 1
    assert {"Botkyrka", "Riket"} <= {row[0] for row in rows_of(client.get(INDICATOR))}


def test_a_kpi_that_may_be_another_one_isnt_compared_with_while_nobody_looks(rut, plan, nki, kolada):
    make_compared_area(plan)
    kolada.change("U07451", "0000", 2016, "69.9")
    say(rut, fetch(rut))
    kolada.rename("U07451", "Något annat")
    kolada.change("U07451", "0000", 2016, "50")

    call_command("fetch_kolada", verbosity=0)

    assert ComparedValue.objects.get().value == Decimal("69.9")
