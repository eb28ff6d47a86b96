"""The programs on the page about open data: as they stand there, against a portal that is running."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from rdflib import Graph

from portal.open_data.catalogue import DCAT
from tests.plans import load_plans

PAGE = Path(__file__).parents[3] / "docs" / "open-data.md"
THERE = "https://handlingsplaner.example.se"


def programs() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def run(program: str, origin: str) -> dict[str, Any]:
    """What the program has made, with the portal that runs here instead of the page's."""
    assert THERE in program
    names: dict[str, Any] = {}
    exec(compile(program.replace(THERE, origin), PAGE, "exec"), names)
    return names


@pytest.fixture
def origin(live_server) -> str:
    load_plans()
    return str(live_server.url)


def test_the_programs_read_what_is_there_and_the_first_has_three_lines(origin):
    as_table, as_json, again = programs()
    assert len([each for each in as_table.splitlines() if each]) == 3

    outcomes = run(as_table, origin)["outcomes"]
    rows = run(as_json, origin)["rows"]
    fetched = run(again, origin)["fetched"]

    values = {(each["municipality_name"], each["year"]): each["value"] for each in outcomes}
    assert values["Enköping", "2014"] == "63.37431731"
    assert [each["value"] or "" for each in rows] == [each["value"] for each in outcomes]
    assert fetched().startswith(b"plan,plan_title,")
    assert fetched() is None


def test_the_page_leads_to_what_there_is(client):
    for address in re.findall(r"\]\((decisions/[^)]+)\)", PAGE.read_text()):
        assert (PAGE.parent / address).is_file()


def test_the_catalogue_that_the_page_tells_of_is_harvested(origin):
    """Over the network, where each address is asked for by another connection than the test's."""
    with urlopen(f"{origin}/datasets/dcat") as answer:
        catalogue = Graph().parse(data=answer.read(), format="xml")

    addresses = {str(each) for each in catalogue.objects(None, DCAT.downloadURL)}
    assert len(addresses) >= 6
    for address in addresses:
        with urlopen(address) as answer:
            assert answer.status == 200
