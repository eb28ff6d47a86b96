"""The round: from what Kolada answers, through a goal that is judged, to a year that is published."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from followup.editions import publish_year
from followup.models import FollowUp, Outcome
from publishing.models import Publication
from tests.documents import pages_of
from tests.kolada.server import KoladaServer
from tests.pages import main_of

pytestmark = pytest.mark.django_db

YEAR = "/planer/4m/uppfoljning/2016/"
INDICATOR = "/planer/4m/indikatorer/nki/"
CODES = ("0381", "0484", "0486", "1980")
CREDIT = "Källa: Kolada. Medeltal för kommunerna: egen beräkning."
CALCULATION = "(57,895 + 74,547 + 78,279 + 70,657) / 4 = 70,34"


@pytest.fixture
def fetched(kolada: KoladaServer) -> KoladaServer:
    """The real plan of 4M with its example year, and what Kolada has of its index."""
    call_command("loaddata", "organisations", "4m", "demo", verbosity=0)
    call_command("fetch_kolada", "--plan", "4m", stdout=StringIO())
    return kolada


@pytest.fixture
def published(fetched) -> Publication:
    return publish_year(FollowUp.objects.select_related("plan", "revision").get(year=2016), by=None)


def test_what_is_fetched_is_judged_and_published_with_its_source_and_its_addresses(
    client, fetched, published
):
    assert {each.municipality.municipal_code: each.value for each in Outcome.objects.filter(year=2016)} == {
        "0381": Decimal("57.89505229"),
        "0484": Decimal("74.54740790"),
        "0486": Decimal("78.27909013"),
        "1980": Decimal("70.65725663"),
    }

    page = main_of(client.get(YEAR))
    assert "Delvis uppnått" in page.text
    assert CALCULATION in page.text
    assert CREDIT in page.text
    addresses = {code: f"{fetched.url}data/kpi/U07451/municipality/{code}/year/2016" for code in CODES}
    assert {each["href"] for each in page.all("a") if "/data/kpi/" in each["href"]} == {*addresses.values()}

    pdf = " ".join(" ".join(pages_of(bytes(published.pdf))).split())
    assert CREDIT in pdf
    assert CALCULATION in pdf

    figures = client.get(f"{YEAR}utgava/1.csv").content.decode()
    told = {line for line in figures.splitlines() if "/year/2016" in line}
    assert len(told) == len(CODES)
    assert all("Kolada" in line for line in told)

    answer = client.get("/oppna-data/planer/4m/utfall-kolada.json")
    values = {
        each["source_url"]: Decimal(str(each["value"]))
        for each in json.loads(answer.getvalue())["rows"]
        if each["year"] == 2016
    }
    assert values == {
        address: Outcome.objects.get(source_url=address).value for address in addresses.values()
    }


def test_the_indicators_page_tells_the_kpi_its_title_and_when_it_was_fetched(client, fetched):
    text = main_of(client.get(INDICATOR)).text

    assert "Källa: Kolada, U07451 Företagsklimat Insikt - Totalt, Index, gammal definition (-2024)." in text
    assert "Hämtat " in text
    assert "Medeltal för kommunerna: egen beräkning." in text


def test_a_published_page_says_when_a_newer_value_has_been_fetched_and_stays_as_it_was(
    client, fetched, published
):
    before = json.loads(published.content)
    fetched.change("U07451", "0381", 2016, "61.5")
    call_command("fetch_kolada", stdout=StringIO())

    page = main_of(client.get(YEAR)).text

    assert "Ett nyare värde finns" in page
    assert "61,5" not in page
    assert json.loads(Publication.objects.get().content) == before
    assert "61,5" in main_of(client.get(INDICATOR)).text
