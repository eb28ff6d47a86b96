"""Nobody is shown a way to where they would be refused: no link, and no form."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import transaction

from tests.rights.answers import word_for
from tests.rights.tables import Line, is_page, read_table
from tests.rights.world import World

pytestmark = pytest.mark.django_db

READING, WRITING = read_table("reading.txt"), read_table("writing.txt")
REFUSED = {"403", "404", "405", "log-in", "typed"}
ASKING = ["visitor", "outsider", "coordinator", "follower", "editor"]
ASKING += ["reader"] if "EVERYONE_ASKS" in os.environ else []
"""Those who are refused somewhere, each for a reason of their own; others are shown what one of them is."""

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
FORM = re.compile(r'<form\b[^>]*?\smethod="post".*?</form>', re.DOTALL)
ACTION = re.compile(r'\s(?:form)?action="(/[^"#]*)')


def stated(world: World, table: list[Line], who: str) -> dict[str, str]:
    """What the table says that they are answered, by address."""
    return {world.address(line.address, who): line.answers[who] for line in table}


def ways_of(page: str, address: str) -> Iterator[tuple[str, str]]:
    """Where the page's links lead (GET) and its forms are sent (POST)."""
    for path in LINK.findall(page):
        yield "GET", unescape(path)
    for form in FORM.findall(page):
        for action in ACTION.findall(form) or [address]:
            yield "POST", unescape(action)


@pytest.mark.parametrize("who", ASKING)
def test_no_page_shows_a_way_to_where_its_reader_would_be_refused(world, who):
    answers = {"GET": stated(world, READING, who), "POST": stated(world, WRITING, who)}
    dead = {
        (address, method, way)
        for address, expected in answers["GET"].items()
        if expected == "200" and is_page(address)
        for method, way in ways_of(shown(world, who, address), address)
        if answers[method].get(way) in REFUSED
    }

    assert dead == set()


def shown(world: World, who: str, address: str) -> str:
    """The page; nothing where what comes is no page."""
    with transaction.atomic():
        answer = world.ask(who, "GET", address, {})
        transaction.set_rollback(True)
    assert word_for(answer, address) == "200", address
    return answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
