"""What stands in the files: every dataset of a plan and of all, as CSV and as JSON."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from followup.models import Stage, Status
from portal.open_data.datasets import CC0, CSV, DATASETS, FORMATS, JSON, KOLADA
from publishing.tables import unprotected
from tests.builders import (
    make_activity,
    make_challenge,
    make_draft,
    make_edition,
    make_followup,
    make_goal,
    make_outcome,
    make_plan,
    make_report,
    make_revision,
    make_target,
)


def rows(key: str, plan: str = "") -> list[dict[str, Any]]:
    return Client().get(DATASETS[key].address(JSON, plan)).json()["rows"]


def lines(key: str, plan: str = "") -> list[dict[str, str]]:
    text = Client().get(DATASETS[key].address(CSV, plan)).content.decode()
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("plan", ["", "gemensam"])
@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_every_answer_is_valid_by_the_schema_that_it_names(client, published, dataset, plan):
    answer = client.get(dataset.address(JSON, plan))
    content = answer.json()
    schema = client.get(content["$schema"].removeprefix("http://testserver")).json()

    assert answer["Content-Type"] == "application/json"
    assert content["rows"]
    assert schema["$id"] == content["$schema"]
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(content)


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_both_formats_say_the_same(published, dataset):
    def as_csv(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    texts = {column.name for column in dataset.columns if column.kind == "texts"}
    between = {"responsible": " ", "responsible_names": "; "}
    as_json = [
        {name: between[name].join(value) if name in texts else as_csv(value) for name, value in row.items()}
        for row in rows(dataset.key)
    ]
    as_lines = [{name: unprotected(text) for name, text in line.items()} for line in lines(dataset.key)]

    assert as_lines == as_json


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_csv_keeps_to_rfc_4180(client, published, dataset):
    answer = client.get(dataset.address(CSV))
    content = answer.content

    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert content.startswith(",".join(column.name for column in dataset.columns).encode() + b"\r\n")
    assert content.endswith(b"\r\n")
    assert all(None not in line for line in lines(dataset.key))


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("key", ["aktiviteter", "lagen", "malvarden"])
def test_a_plans_file_has_its_own_rows_and_the_file_of_all_has_everyones(published, key, form):
    read = rows if form == JSON else lines

    own, others = read(key, "gemensam"), read(key, "annan")

    assert {row["plan"] for row in own} == {"gemensam"}
    assert {row["plan"] for row in others} == {"annan"}
    assert read(key) == others + own


def test_an_activity_is_told_with_its_keys_years_and_who_is_responsible(published):
    [row] = [each for each in rows("aktiviteter") if each["activity"] == "mote"]

    assert row == {
        "plan": "gemensam",
        "plan_title": "Gemensam plan",
        "revision_year": 2016,
        "challenge": "service",
        "challenge_title": "Service",
        "activity": "mote",
        "activity_title": "Möte, med ”fika”\noch mer",
        "heading": None,
        "description": None,
        "expected_result": None,
        "first_year": 2016,
        "last_year": 2017,
        "responsible": ["enkoping", "vasteras"],
        "responsible_names": ["Enköping", "Västerås"],
        "responsible_text": None,
        "replaces": None,
        "licence": CC0.address,
        "credit": None,
    }


def test_activities_and_targets_are_those_that_were_decided_last(published):
    later = make_revision(published.plan, year=2018)
    challenge = make_challenge(later)
    make_activity(challenge, key="ny")
    make_target(make_goal(challenge), key="nytt", indicator=published.indicator)
    make_activity(make_challenge(make_draft(published.plan, year=2019)), key="utkast")

    assert [row["activity"] for row in rows("aktiviteter", "gemensam")] == ["ny"]
    assert [(row["target"], row["revision_year"]) for row in rows("malvarden", "gemensam")] == [
        ("nytt", 2018)
    ]


def test_what_was_measured_for_an_earlier_revision_is_still_told(published):
    make_revision(published.plan, year=2018)

    assert len(rows("utfall", "gemensam")) == 2


def test_an_activity_that_nobody_has_reported_has_a_row_without_a_status(published):
    told = {row["activity"]: row["status"] for row in rows("lagen", "gemensam")}

    assert told == {"mote": "delayed", "tyst": None}


def test_a_status_is_told_with_its_reason_and_for_whom_and_not_by_whom(client, published):
    [row] = [each for each in rows("lagen", "gemensam") if each["status"]]

    assert (row["year"], row["reason"], row["reported_for"]) == (2016, "Det blev valår.", "vasteras")
    assert row["published"].endswith("Z")
    assert row["is_example"] is False
    assert "Rut" not in client.get("/oppna-data/lagen.csv").content.decode()


def test_only_what_was_said_last_is_told(published):
    make_report(published.followup, published.activity, status=Status.COMPLETED, result="Klart.")
    make_outcome(published.indicator, published.enkoping, value=58, source="Egen mätning")

    assert [row["status"] for row in rows("lagen", "gemensam")] == ["completed", None]
    assert [row["value"] for row in rows("utfall")] == ["58", None]


def test_a_year_that_is_made_up_says_so(published):
    assert {row["is_example"] for row in rows("lagen", "annan")} == {True}


def test_an_outcome_is_a_value_with_all_its_decimals_or_a_reason_for_none(published):
    value, missing = rows("utfall")

    assert (value["municipality_code"], value["value"], value["missing_reason"]) == (
        "0381",
        "57.89505229",
        None,
    )
    assert (missing["municipality_name"], missing["value"], missing["missing_reason"]) == (
        "Västerås",
        None,
        "not_measured",
    )
    assert value["series_from"] == 2016


def test_values_from_kolada_are_told_apart_with_their_credit(published):
    [fetched] = rows("utfall-kolada")
    own = rows("utfall")

    assert (fetched["kolada_id"], fetched["year"], fetched["credit"]) == ("U07451", 2015, "Källa: Kolada")
    assert fetched["licence"] == KOLADA.address
    assert {(row["licence"], row["credit"]) for row in own} == {(CC0.address, None)}


@pytest.mark.parametrize(
    "said",
    [
        {"source": "Kolada"},
        {"source": "Hämtat ur kolada"},
        {"source_url": "https://www.kolada.se/verktyg/"},
        {"kolada_id": "U07451", "kolada_title": "NKI"},
    ],
)
def test_whatever_says_that_it_comes_from_kolada_has_its_credit(published, said):
    make_outcome(published.indicator, published.enkoping, year=2014, **said)

    assert 2014 in {row["year"] for row in rows("utfall-kolada")}
    assert 2014 not in {row["year"] for row in rows("utfall")}


def test_an_outcome_that_states_no_source_has_its_indicators(published):
    published.indicator.source = "Kolada"
    published.indicator.save()
    make_outcome(published.indicator, published.enkoping, year=2014)

    [row] = [each for each in rows("utfall-kolada") if each["year"] == 2014]

    assert row["source"] == "Kolada"


def test_an_outcome_of_two_plans_is_told_of_each(published):
    shared = make_revision(make_plan(slug="tredje", partners=[published.enkoping]))
    make_target(make_goal(make_challenge(shared)), indicator=published.indicator)

    assert [row["plan"] for row in rows("utfall-kolada")] == ["gemensam", "tredje"]


def test_a_text_that_a_spreadsheet_would_run_is_harmless_in_csv(published):
    assert [line["comment"] for line in lines("lagen", "gemensam")] == ["'=SUMMA(A1)", ""]


def test_nothing_is_told_of_a_year_that_is_not_published(published):
    year = make_followup(published.revision, year=2017, stage=Stage.OPEN)
    make_report(year, published.activity)

    assert {row["year"] for row in rows("lagen", "gemensam")} == {2016}

    make_edition(year)
    assert {row["year"] for row in rows("lagen", "gemensam")} == {2016, 2017}
