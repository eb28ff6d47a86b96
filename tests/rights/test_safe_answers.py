"""Every answer keeps its reader safe, and what is for visitors may be kept; the rest is kept by no cache.

What someone signed in is answered is tried with each answer of test_matrix.py and test_administration.py.
"""

from __future__ import annotations

import pytest

from portal.rights import RIGHTS
from tests.rights.addresses import addresses, name_of
from tests.rights.tables import read_table
from tests.rights.test_administration import TABLE, pages_of, site_addresses
from tests.rights.world import World
from tests.safe import is_kept_nowhere, is_of_open_data, lacks, unsafe

pytestmark = pytest.mark.django_db

NOWHERE = "/finns-inte/"


def places(world: World, who: str) -> list[str]:
    """Addresses for every name that there is, with what is there and what isn't."""
    stated = {line.address for name in ("reading.txt", "writing.txt") for line in read_table(name)}
    of_models = {address for what in TABLE for _method, address in pages_of(what) if address}
    found = {world.address(each, who) for each in stated} | of_models | {*site_addresses(world).values()}
    return [*sorted(found), NOWHERE]


def is_for_one_alone(place: str) -> bool:
    """What is behind the log-in, and the form that visitors have, which holds a token of their own."""
    return place.startswith(("/konto/", "/admin/")) or place == "/tillganglighet/rapportera/"


def test_every_address_is_among_the_places(world):
    named = {name_of(place) for place in places(world, "coordinator") if place != NOWHERE}

    assert {each.full_name for each in addresses() if each.name} <= named


@pytest.mark.parametrize("who", ["coordinator", "stepless", "editor", "administrator"])
def test_what_is_not_there_is_answered_as_safely(world, who):
    assert unsafe(who, "GET", world.ask(who, "GET", NOWHERE)) == []


def test_what_a_visitor_is_answered_is_safe_and_kept_apart_from_what_others_are(world):
    """What is for everyone may be kept on the way; being sent to log in shows nothing of what is behind.

    Open data is the same to all, and isn't kept apart.
    """
    wrong = {}
    for place in places(world, "visitor"):
        answer = world.ask("visitor", "GET", place)
        if is_of_open_data(answer):
            if lacks(answer) or answer.cookies or "Vary" in answer.headers:
                wrong[place] = [*lacks(answer), str(answer.headers)]
            continue
        may_be_kept = not answer.cookies and "Cache-Control" not in answer.headers
        if lacks(answer) or "Cookie" not in answer.headers["Vary"]:
            wrong[place] = [*lacks(answer), answer.headers["Vary"]]
        if is_for_one_alone(place) != is_kept_nowhere(answer):
            wrong[place] = [answer.headers.get("Cache-Control")]
        if not (may_be_kept or is_for_one_alone(place) or place == "/halsa/"):
            wrong[place] = [answer.headers.get("Cache-Control")]
        if place != NOWHERE and RIGHTS[name_of(place).partition(":")[0]].visitors_log_in:
            assert answer.status_code == 302

    assert wrong == {}
