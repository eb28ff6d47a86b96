"""How open data is answered: the same to all, from anywhere, whole or not at all, and not twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from portal.open_data import answers, rows
from portal.open_data.datasets import ACTIVITIES, CSV, DATASETS, JSON
from portal.open_data.problems import PROBLEM
from tests.builders import (
    make_administrator,
    make_coordinator,
    make_draft,
    make_plan,
)
from tests.portal.open_data.conftest import Published

ADDRESSES = [
    "/oppna-data/aktiviteter.csv",
    "/oppna-data/planer/gemensam/lagen.json",
    "/oppna-data/scheman/1/utfall.json",
    "/oppna-data/openapi.json",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_whoever_has_it_already_gets_nothing_but_that_it_holds(client, published, address):
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    another = client.get(address, headers={"If-None-Match": '"annan"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    assert another.status_code == 200


def test_an_answer_that_holds_is_not_made_anew(client, published, monkeypatch):
    etag = client.get("/oppna-data/aktiviteter.json")["ETag"]
    monkeypatch.setattr(answers, "rows_of", None)

    assert client.get("/oppna-data/aktiviteter.json", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", [*ADDRESSES, "/oppna-data/finns-inte.json"])
def test_everyone_gets_the_same_whoever_they_are_and_no_cookie(published, address):
    visitor, inside, english = Client(), Client(), Client()
    inside.force_login(make_administrator())
    english.cookies["language"] = "en"
    strange = Client()
    strange.cookies["sessionid"] = "inte-en-session"

    got = [each.get(address) for each in (visitor, inside, english, strange)]

    assert len({each.content for each in got}) == 1
    assert len({each.get("ETag") for each in got}) == 1
    for each in got:
        assert not each.cookies
        assert "Vary" not in each.headers
        assert each["Access-Control-Allow-Origin"] == "*"
        assert each["Cache-Control"] == ("public, no-cache" if each.status_code == 200 else "no-store")


def test_asking_moves_no_session_on(published, django_assert_num_queries):
    inside = Client()
    inside.force_login(make_coordinator(published.enkoping))

    with django_assert_num_queries(0):
        inside.get("/oppna-data/openapi.json")


def test_the_page_is_a_page_like_others(client, published):
    answer = client.get("/oppna-data/")

    assert "Cookie" in answer["Vary"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_script_of_another_site_may_state_what_it_has(client, published):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"}

    answer = client.options("/oppna-data/utfall.json", headers=asked)

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Headers"] == "If-None-Match"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_sent(client, published, method):
    answer = getattr(client, method)("/oppna-data/utfall.json")

    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["/oppna-data/planer/gemensam/lagen.csv", *ADDRESSES])
def test_the_head_alone_says_what_the_answer_would(client, published, address):
    whole, head = client.get(address), client.head(address)

    assert head.content == b""
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize(
    "address",
    [
        "/oppna-data/finns-inte.json",
        "/oppna-data/utfall.xml",
        "/oppna-data/planer/finns-inte/utfall.json",
        "/oppna-data/planer/utkast/utfall.json",
        "/oppna-data/planer/%00/utfall.json",
        "/oppna-data/planer/gemensam/utfall",
        "/oppna-data/scheman/2/utfall.json",
        "/oppna-data/scheman/99999999999999999999/utfall.json",
        "/oppna-data/någonting",
    ],
)
def test_what_is_not_there_is_told_to_programs(client, published, address):
    make_draft(make_plan(slug="utkast"))

    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert answer.json()["status"] == 404
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_files_have_names_of_their_own_and_name_their_schema(client, published):
    of_all = client.get("/oppna-data/utfall-kolada.csv")
    of_plan = client.get("/oppna-data/planer/gemensam/utfall.json")

    assert of_all["Content-Disposition"] == 'attachment; filename="utfall-kolada.csv"'
    assert of_plan["Content-Disposition"] == 'inline; filename="gemensam-utfall.json"'
    assert of_plan["Link"] == '<http://testserver/oppna-data/scheman/1/utfall.json>; rel="describedby"'


def test_schemas_are_named_by_the_portals_own_name(client, published, settings):
    settings.PORTAL_ORIGIN = "https://handlingsplaner.example.se"

    content = client.get("/oppna-data/utfall.json").json()

    assert content["$schema"] == "https://handlingsplaner.example.se/oppna-data/scheman/1/utfall.json"


@pytest.mark.parametrize("form", [CSV, JSON])
def test_a_database_that_fails_half_way_gives_no_half_answer(client, published, monkeypatch, form):
    def fail(*asked: Any):
        yield next(rows.activities(*asked))
        raise OperationalError("gone")

    monkeypatch.setitem(rows.ROWS, ACTIVITIES.key, fail)
    client.raise_request_exception = False

    answer = client.get(ACTIVITIES.address(form))

    assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM)
    assert answer["Retry-After"] == "60"
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.fixture
def all_are_large(monkeypatch) -> None:
    monkeypatch.setattr(answers, "IN_MEMORY", 10)


@pytest.mark.usefixtures("all_are_large")
def test_a_large_file_is_sent_from_the_disk_and_says_how_long_it_is(client, published):
    answer = client.get("/oppna-data/aktiviteter.csv")

    assert answer.streaming
    content = answer.getvalue()
    assert int(answer["Content-Length"]) == len(content)
    assert content.count(b"\r\n") == 4


@pytest.mark.usefixtures("all_are_large")
def test_no_more_large_files_are_sent_at_once_than_leave_threads_free(client, published):
    reading = [client.get("/oppna-data/aktiviteter.csv") for _each in range(answers.LARGE_AT_ONCE)]

    refused = client.get("/oppna-data/aktiviteter.csv")
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert "ETag" not in refused.headers

    for each in reading:
        each.getvalue()
    assert client.get("/oppna-data/aktiviteter.csv").getvalue()


@pytest.mark.usefixtures("all_are_large")
def test_a_large_file_that_is_read_too_slowly_is_cut(client, published, monkeypatch):
    monkeypatch.setattr(answers, "LONGEST", -1)

    answer = client.get("/oppna-data/aktiviteter.csv")

    with pytest.raises(TimeoutError):
        answer.getvalue()


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_statements_do_not_grow_with_rows(
    client, published: Published, django_assert_max_num_queries, dataset
):
    with django_assert_max_num_queries(25):
        assert client.get(dataset.address(JSON)).status_code == 200
