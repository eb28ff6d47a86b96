"""What the portal asks of Kolada, and what it makes of whatever is answered, by a real server."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from kolada.answers import (
    Area,
    NotAsAgreed,
    Value,
    read_area,
    read_measure,
    read_number,
    read_page,
    read_value,
)
from kolada.client import MOST_PAGES, Kolada, NotFetched
from tests.kolada.server import KoladaServer

VASTERAS, ESKILSTUNA, STRANGNAS, ENKOPING, BOTKYRKA = "1980", "0484", "0486", "0381", "0127"
FOUR = [VASTERAS, ESKILSTUNA, STRANGNAS, ENKOPING]
MEAN_OF_THE_FOUR = "G114798"
OLD, NEW = "U07451", "U07453"
A_VALUE = ([OLD], [ENKOPING], [2007])


@pytest.fixture
def hasty(settings) -> None:
    """Waits as short as a test can, and no longer."""
    settings.KOLADA_SILENCE, settings.KOLADA_LONGEST = 0.3, 0.8


def value_sent(number: str, **fields: str) -> bytes:
    """A page with one value, as Kolada writes it."""
    texts = {"kpi": f'"{OLD}"', "municipality": f'"{ENKOPING}"', "period": "2007", "gender": '"T"'} | fields
    return (
        f'{{"values": [{{"kpi": {texts["kpi"]}, "municipality": {texts["municipality"]}, '
        f'"period": {texts["period"]}, "values": [{{"gender": {texts["gender"]}, "count": 1, "status": "", '
        f'"value": {number}, "isdeleted": false}}]}}], "count": 1, "next_url": null}}'
    ).encode()


def refusal(question: Any, *arguments: Any) -> NotFetched:
    with pytest.raises(NotFetched) as caught:
        question(*arguments)
    assert "Inget har ändrats." in caught.value.sentence
    assert str(caught.value) == caught.value.sentence
    return caught.value


# What it is asked


def test_a_value_keeps_the_digits_that_kolada_tells_it_with(kolada):
    assert Kolada().values(*A_VALUE) == [Value(OLD, ENKOPING, 2007, Decimal("74.60049"), "")]
    assert str(Kolada().values(*A_VALUE)[0].value) == "74.60049"


def test_values_are_of_women_and_men_together(kolada):
    [value] = Kolada().values(["N17457"], [BOTKYRKA], [2015])

    assert value.value == Decimal("70.733864")


def test_a_measure_area_and_year_that_kolada_says_nothing_of_has_no_value(kolada):
    assert Kolada().values([OLD], [ENKOPING], [1999]) == []


def test_a_value_may_be_missing_or_deleted(kolada):
    kolada.change(OLD, ENKOPING, 2007, None)
    kolada.delete(OLD, ENKOPING, 2009)

    missing, deleted = Kolada().values([OLD], [ENKOPING], [2007, 2009])

    assert (missing.value, missing.status) == (None, "Missing")
    assert (deleted.value, deleted.status) == (None, "Deleted")


def test_a_groups_value_is_koladas_own_mean(kolada):
    [value] = Kolada().values([OLD], [MEAN_OF_THE_FOUR], [2007])

    assert value.area == MEAN_OF_THE_FOUR
    assert value.value == Decimal("67.721695")  # of 74.60049, 65.7828, 66.25394 and 64.24955


def test_a_measure_tells_what_it_is_and_whether_it_is_still_updated(kolada):
    found = Kolada().measures([OLD, NEW])

    assert found[OLD].title == "Företagsklimat Insikt - Totalt, Index, gammal definition (-2024)"
    assert not found[OLD].is_published
    assert found[NEW].is_published
    assert (found[NEW].publication_date, found[NEW].period) == ("2026-04-24", "2025")
    assert found[NEW].description.startswith("Nöjd Kund Index, Företagsklimat - Totalt: Kommunrankning")


def test_the_areas_are_the_country_regions_municipalities_and_groups(kolada):
    areas = Kolada().areas()

    assert Area("0000", "Riket", "L") in areas
    assert Area(VASTERAS, "Västerås", "K") in areas
    assert Area(MEAN_OF_THE_FOUR, "4M - Fyra Mälarstäder (ovägt medel)", "G") in areas
    assert len([each for each in areas if each.kind == "K"]) == 290


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("insikt totalt", {OLD, NEW}),
        ("TOTALT ny definition Index", {NEW}),
        ("u07451", {OLD}),
        ("  N00999 ", {"N00999"}),
        ("U99999", set()),
        ("finns inte alls", set()),
        ("   ", set()),
        ("åk 9", {"N15428"}),
        ("50 % & mer?per_page=1#", set()),
    ],
)
def test_measures_are_found_by_words_of_their_titles(kolada, words, ids):
    assert {each.id for each in Kolada().search(words)} == ids


def test_no_list_has_more_than_25_ids_and_every_page_is_as_long_as_it_may_be(kolada):
    measures = list(kolada.measures)
    years = list(range(1990, 2026))

    values = Kolada().values(measures, [*FOUR, BOTKYRKA], years)

    told = sum(area in [*FOUR, BOTKYRKA] for _measure, area, _year in kolada.values)
    assert len(values) == told
    assert len(kolada.asked) == -(-len(measures) // 25) * 2
    assert all("per_page=5000" in each for each in kolada.asked)
    assert max(part.count(",") for each in kolada.asked for part in each.split("/")) == 24


def test_all_pages_are_read(kolada):
    kolada.per_page = 3

    assert len(Kolada().values([OLD], FOUR, range(2007, 2015))) == 4 * 4  # of four years that were measured
    assert len(kolada.asked) == 6


@pytest.mark.parametrize("is_404", [True, False], ids=["404", "left out"])
def test_of_what_kolada_doesnt_know_nothing_is_told_and_all_of_the_rest(kolada, is_404):
    kolada.unknown_is_404 = is_404
    many = [*list(kolada.measures)[:24], "U99999"]

    assert set(Kolada().measures(many)) == set(many) - {"U99999"}
    assert {each.measure for each in Kolada().values([OLD, "U99999"], [ENKOPING, "9999"], [2007])} == {OLD}
    assert Kolada().measures(["U99999"]) == {}


@pytest.mark.parametrize("odd", ["", "u07451", "../kpi", "U07451,U07453", "1" * 4000, "Å00001", "U07451\n"])
def test_what_cant_be_an_id_is_never_asked_about(kolada, odd):
    assert Kolada().measures([odd]) == {}
    assert Kolada().values([odd], [VASTERAS], [2007]) == []
    assert Kolada().values([OLD], [odd], [2007]) == []
    assert kolada.asked == []


def test_a_values_address_gives_that_very_value(kolada):
    address = Kolada().address(OLD, ENKOPING, 2007)

    status, answer = kolada.answer(address)

    assert (status, answer["count"]) == (200, 1)
    assert address.startswith(kolada.url)


# When it answers wrongly


@pytest.mark.parametrize("how", ["slow", "slow headers", "silent"])
def test_kolada_may_take_its_time_but_not_for_ever(kolada, hasty, how):
    kolada.fail(how)
    began = time.monotonic()

    assert "för långsamt" in refusal(Kolada().values, *A_VALUE).sentence
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("how", ["cut", "hang up"])
def test_an_answer_that_is_cut_is_asked_for_again_and_then_refused(kolada, how):
    kolada.fail(how, times=2)
    assert len(Kolada().values(*A_VALUE)) == 1

    kolada.fail(how)
    assert "går inte att nå" in refusal(Kolada().values, *A_VALUE).sentence


def test_kolada_may_be_nowhere(settings):
    settings.KOLADA_URL, settings.KOLADA_PAUSE = "http://127.0.0.1:9/v3/", 0

    assert "går inte att nå" in refusal(Kolada().areas).sentence


NOT_AS_AGREED = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html>Underh\xc3\xa5ll</html>",
    b'{"values": {}, "count": 0}',
    b'{"values": null, "count": 0}',
    b'{"values": [], "count": "0"}',
    b'{"values": [], "count": 1}',
    b'{"values": [], "count": 0, "next_url": 7}',
    b'{"values": [7], "count": 1}',
    b'{"values": [' + b"[" * 100_000,
    b'{"values": [{"kpi": "U07451"}], "count": 1}',
    b'{"values": [], "count": 0}'.decode().encode("utf-16"),
    value_sent("74.6", period='"2007"'),
    value_sent("74.6", period="2007.5"),
    value_sent("74.6", period="20070"),
    value_sent("74.6", period="1e3"),
    value_sent("74.6", kpi="7451"),
    value_sent("74.6", kpi='"<b>"'),
    value_sent("74.6", kpi=f'"{NEW}"'),
    value_sent("74.6", municipality="381"),
    value_sent("74.6", municipality='"0484"'),
    value_sent("74.6", gender="null"),
    *(
        value_sent(number)
        for number in (
            '"74.6"',
            '"NaN"',
            "NaN",
            "Infinity",
            "-Infinity",
            "true",
            "[74.6]",
            "{}",
            "1e400",
            "1e-400",
            "1e13",
            "1234567890123",
            "9" * 5000,
            "0." + "3" * 5000,
            "074.6",
            "74,6",
            "+1",
            "0x10",
        )
    ),
]


@pytest.mark.parametrize("body", NOT_AS_AGREED, ids=lambda body: body[:200].decode(errors="replace")[-110:])
def test_an_answer_of_another_form_is_refused_whole(kolada, body):
    kolada.fail("bytes", body=body)

    assert "inte går att läsa" in refusal(Kolada().values, *A_VALUE).sentence


@pytest.mark.parametrize("how", ["cut json", "incomplete"])
def test_an_answer_that_lacks_something_is_refused_whole(kolada, how):
    kolada.fail(how)

    assert "inte går att läsa" in refusal(Kolada().values, [OLD], FOUR, [2007, 2009]).sentence


def test_two_different_values_of_the_same_are_refused(kolada):
    kolada.fail("replaced", old='"0484"', new='"0486"')

    assert "inte går att läsa" in refusal(Kolada().values, [OLD], FOUR, [2007]).sentence


def test_a_page_that_fails_takes_the_pages_before_it_with_it(kolada):
    kolada.per_page = 2
    kolada.fail("cut json", after=1)

    refusal(Kolada().values, [OLD], FOUR, [2007, 2009])

    assert len(kolada.asked) == 2


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("74.60049", "74.60049"),
        ("0", "0"),
        ("-0.0", "0.0"),
        ("-4.7", "-4.7"),
        ("999999999999.99999999", "999999999999.99999999"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("33.333333333333336", "33.33333333"),
        ("66.666666666666671", "66.66666667"),
    ],
)
def test_numbers_are_kept_to_the_eighth_decimal(number, kept):
    assert str(read_number(number)) == kept


def test_a_number_that_rounding_would_make_too_large_is_refused():
    with pytest.raises(NotAsAgreed):
        read_number("999999999999.999999999")


@pytest.mark.parametrize(
    "title",
    ["<script>alert(1)</script>", "Två\u0000rader\nblir\u2028en", "x" * 5000, "   mellan   rum   "],
)
def test_titles_are_one_bounded_line_that_can_be_kept(kolada, title):
    kolada.rename(OLD, title)

    found = Kolada().measures([OLD])[OLD].title

    assert len(found) <= 300
    assert found.isprintable()
    assert "  " not in found


def test_a_next_page_is_nowhere_else(kolada):
    for address in (
        "http://127.0.0.1:9/v3/kpi",
        "https://example.org/v3/kpi",
        "//example.org/v3/kpi",
        "/v2/kpi",
        "../../halsa/",
        kolada.url.replace("127.0.0.1", "127.0.0.1:1@127.0.0.1"),
        f"{kolada.url}../halsa",
        "file:///etc/passwd",
        "http://[",
    ):
        kolada.fail("next url", address=address)

        assert "inte kan stämma" in refusal(Kolada().areas).sentence
    assert len(kolada.asked) == 9


@pytest.mark.parametrize("how", ["circle", "endless pages"])
def test_pages_that_dont_end_are_refused(kolada, how):
    kolada.fail(how)

    assert "inte kan stämma" in refusal(Kolada().areas).sentence
    assert len(kolada.asked) <= MOST_PAGES


@pytest.mark.parametrize("how", ["endless", "bomb"])
def test_an_answer_that_is_too_large_is_refused(kolada, how):
    kolada.fail(how)

    assert "mer än portalen tar emot" in refusal(Kolada().areas).sentence
    assert len(kolada.asked) == 1


def test_a_redirect_is_not_followed(kolada, visits):
    address, seen = visits
    kolada.fail("redirect", address=address)

    assert "(svar 302)" in refusal(Kolada().areas).sentence
    assert seen == []


@pytest.mark.parametrize("status", ["400", "401", "403", "410"])
def test_a_refusal_isnt_asked_for_again(kolada, status):
    kolada.fail(status)

    assert f"(svar {status})" in refusal(Kolada().areas).sentence
    assert len(kolada.asked) == 1


def test_an_error_of_koladas_own_is_asked_about_again(kolada):
    kolada.fail("500", times=1)
    assert len(Kolada().values(*A_VALUE)) == 1
    assert len(kolada.asked) == 2

    kolada.fail("503")
    assert "fel hos Kolada (svar 503)" in refusal(Kolada().values, *A_VALUE).sentence
    assert len(kolada.asked) == 5


@pytest.mark.parametrize("date", [False, True], ids=["seconds", "date"])
def test_kolada_says_when_to_come_back(kolada, date):
    kolada.fail("many questions", times=1, seconds=1.2, date=date)
    began = time.monotonic()

    assert len(Kolada().values(*A_VALUE)) == 1
    assert kolada.times[1] - began > (0.1 if date else 0.9)  # a date has no parts of a second


@pytest.mark.parametrize("date", [False, True], ids=["seconds", "date"])
def test_who_would_have_to_wait_for_long_is_told_how_long(kolada, date):
    kolada.fail("many questions", seconds=3600, date=date)
    began = time.monotonic()

    refused = refusal(Kolada().values, *A_VALUE)

    assert re.search(r"om 60 minuter\.$", refused.sentence)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("told", ["", "soon", "-5", "1e9", "9" * 50, "Mon, 99 Nov 2026 99:99:99 GMT"])
def test_a_moment_that_is_none_means_a_few_seconds(kolada, hasty, told):
    kolada.fail("429", Retry_After=told)

    assert "om 1 minut." in refusal(Kolada().values, *A_VALUE).sentence


# Whatever comes


@pytest.fixture(scope="module")
def any_kolada():
    with KoladaServer() as server:
        yield server


def ask(question: Any, *arguments: Any) -> None:
    """It has an answer, or is refused."""
    with suppress(NotFetched):
        question(*arguments)


FIELDS = [
    *("values", "count", "next_url", "id", "title", "type", "description", "publication_date", "publ_period"),
    *("kpi", "municipality", "period", "gender", "value", "status", "isdeleted"),
]

SOMEWHAT_LIKE_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([OLD, ENKOPING, "T", "K", 2007, 74.6]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
        )
    ),
    max_leaves=20,
)


def tried_often(examples: int) -> Any:
    return tried(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )


@given(body=st.binary(max_size=300) | SOMEWHAT_LIKE_JSON.map(lambda it: json.dumps(it).encode()))
def test_any_body_is_of_the_agreed_form_or_not(body):
    with suppress(NotAsAgreed):
        for each in read_page(body).values:
            for reader in (read_measure, read_area, read_value):
                with suppress(NotAsAgreed):
                    reader(each)


@tried_often(15)
@given(body=st.binary(max_size=300))
def test_any_body_is_an_answer_or_a_refusal(any_kolada, settings, body):
    settings.KOLADA_URL, settings.KOLADA_PAUSE = any_kolada.url, 0
    any_kolada.fail("bytes", body=body)

    ask(Kolada().values, *A_VALUE)
    ask(Kolada().search, "index")


@tried_often(15)
@given(
    start=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]),
    rest=st.binary(max_size=200),
)
def test_any_bytes_on_the_wire_are_an_answer_or_a_refusal(any_kolada, settings, start, rest):
    settings.KOLADA_URL, settings.KOLADA_PAUSE = any_kolada.url, 0
    settings.KOLADA_SILENCE, settings.KOLADA_LONGEST = 1, 2
    any_kolada.fail("raw", answer=start + rest)

    ask(Kolada().values, *A_VALUE)


# How often it asks


@pytest.mark.django_db
def test_two_requests_are_a_second_apart(kolada, settings):
    settings.KOLADA_PAUSE = 1

    Kolada().areas()

    first, second = kolada.times
    assert 0.5 < second - first < 2.5


@pytest.mark.django_db(transaction=True)
def test_threads_and_processes_take_turns(kolada, settings, shared_database):
    settings.KOLADA_PAUSE = 1

    with ThreadPoolExecutor(3) as pool:
        for one in [pool.submit(in_a_thread, Kolada().values, *A_VALUE) for _each in range(3)]:
            one.result()

    assert min(later - earlier for earlier, later in pairwise(sorted(kolada.times))) > 0.5


def in_a_thread(question: Any, *arguments: Any) -> None:
    question(*arguments)
    connections.close_all()


@pytest.mark.django_db
def test_who_has_waited_too_long_for_their_turn_is_told(kolada, settings, hasty):
    settings.KOLADA_PAUSE = 86_400  # so that the next turn is tomorrow's

    assert "frågar redan Kolada om mycket" in refusal(Kolada().areas).sentence
